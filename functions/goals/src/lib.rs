//! Every target of the company with its formula, its figure, its gap and its course; one without
//! data says what to connect.
//!
//! | path | method | |
//! |---|---|---|
//! | `/v1/goals` | GET | as JSON |
//! | `/dashboard/goals` | GET | as a page |
//!
//! Nothing is counted here: the figures are those of the neighbours that count them, asked all at
//! once in the name of whoever asks.

mod answers;
mod item;
mod page;

use app::auth;
use app::period::Period;
use domain::civil;
use http::Method;
use ports::Env;
use serde_json::{Value, json};
use web::field::one_of_rule;
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::answers::{Answers, Asked};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    let is_page = match request.path().as_slice() {
        ["v1", "goals"] => false,
        ["dashboard", "goals"] => true,
        _ => return Err(Problem::not_found()),
    };
    match (request.method(), is_page) {
        (&Method::GET, true) => page::show(env, request).await,
        (&Method::GET, false) => show(env, request).await,
        _ => Err(Problem::method_not_allowed("GET, HEAD")),
    }
}

async fn show(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    let site = app::site(env, &viewer.site_id).await?;
    let zone = app::zone(&site.zone)?;
    let mut query = request.query();
    let period = Period::read(&mut query, zone.day(env.now()));
    let words = &domain::view::COMPARES;
    let read = |text: &str| words.iter().find(|it| **it == text).copied();
    let compare = query.parse("compare", read, || one_of_rule(words)).unwrap_or("previous");
    query.done()?;
    let named = request.param("site").unwrap_or("").to_owned();
    let asked = Asked { period, compare, site: named };
    let goals = told(env, request, request.lang(), (&asked, &site.zone)).await;
    web::response::ok_as_of(&goals, env.now())
}

/// Every goal, as the API tells it.
async fn told(
    env: &impl Env,
    request: &Request,
    lang: Lang,
    (asked, zone): (&Asked, &str),
) -> Value {
    let answers = Answers::of(env, request, lang, asked).await;
    let compared = asked.compared();
    let compared = compared
        .map(|it| json!({ "from": civil::date(it.from), "to": civil::date(it.to) }))
        .unwrap_or_default();
    json!({
        "from": civil::date(asked.period.from),
        "to": civil::date(asked.period.to),
        "zone": zone,
        "compare": asked.compare,
        "compared": compared,
        "items": item::all(&answers, asked, lang),
    })
}

#[cfg(test)]
mod tests;
