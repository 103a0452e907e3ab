//! What is learned of complaints: the ledger of root causes, its rankings and its reviews.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/causes`, `/v1/causes/{id}` | GET, POST · GET, PATCH |
//! | `/v1/causes/{id}/cases` · `/v1/causes/ranking` | GET |
//! | `/v1/reviews`, `/v1/reviews/{id}` | GET, POST · GET, PATCH |
//! | `/v1/reviews/ranking` | GET |
//! | `…/{id}/audit`, `/audit/verify` of each | GET |
//!
//! Rankings read counts alone, whatever the number of cases.

mod cause;
mod ranking;
mod review;

use app::audit;
use domain::trend::Step;
use domain::{case::CauseKind, civil};
use http::Method;
use ports::Env;
use web::lang::{Said, said};
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    let path = request.path();
    match path.as_slice() {
        ["v1", "causes"] => match *request.method() {
            Method::GET => cause::list(env, request).await,
            Method::POST => cause::create(env, request).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        },
        ["v1", "reviews"] => match *request.method() {
            Method::GET => review::list(env, request).await,
            Method::POST => review::create(env, request).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        },
        ["v1", "causes" | "reviews", "ranking"]
        | ["v1", "complaint-figures"]
        | ["v1", "causes", _, "cases"]
            if *request.method() != Method::GET =>
        {
            Err(Problem::method_not_allowed("GET, HEAD"))
        }
        ["v1", "causes", "ranking"] => ranking::causes(env, request).await,
        ["v1", "reviews", "ranking"] => ranking::reviews(env, request).await,
        ["v1", "causes", id, "cases"] => cause::cases(env, request, id).await,
        ["v1", "causes", id] => match *request.method() {
            Method::GET => cause::show(env, request, id).await,
            Method::PATCH => cause::change(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, PATCH")),
        },
        ["v1", "reviews", id] => match *request.method() {
            Method::GET => review::show(env, request, id).await,
            Method::PATCH => review::change(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, PATCH")),
        },
        ["v1", "causes" | "reviews", id, "audit", what @ ..] => {
            audit::trail(env, request, id, what).await
        }
        _ => Err(Problem::not_found()),
    }
}

/// The names of the kinds of cause.
const KINDS: [&str; 3] = CauseKind::NAMES;

/// A date in a body, as a day; `absent` when it is absent, none when it is null.
fn day(fields: &mut web::field::Fields, name: &str, absent: Option<i64>) -> Option<i64> {
    if !fields.has(name) {
        return absent;
    }
    let text = fields.text(name, 0, 10, "");
    let day = civil::parse_date(&text);
    if day.is_none() && !text.is_empty() {
        fields.refuse(name, said("must be a date such as 2026-11-22", "须为日期，例如 2026-11-22"));
    }
    day.map(i64::from)
}

/// A day as a date.
fn date(day: Option<i64>) -> Option<String> {
    day.and_then(|it| i32::try_from(it).ok()).map(civil::date)
}

/// The first day and the last of a month such as 2026-11, or of a quarter such as 2026-Q4.
fn span(step: Step, text: &str) -> Option<(i32, i32)> {
    let (year, rest) = text.split_once('-')?;
    let month = match (step, rest.strip_prefix('Q')) {
        (Step::Quarter, Some(quarter)) => {
            quarter.parse::<u8>().ok().filter(|it| (1..=4).contains(it))? * 3 - 2
        }
        (Step::Month, None) if rest.len() == 2 => rest.parse().ok()?,
        _ => return None,
    };
    let first = civil::parse_date(&format!("{year}-{month:02}-01"))?;
    Some((first, step.next(first) - 1))
}

fn quarter_rule() -> Said {
    said("must be a quarter such as 2026-Q4", "须为季度，例如 2026-Q4")
}

#[cfg(test)]
mod tests;
