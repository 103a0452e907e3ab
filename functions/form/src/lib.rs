//! What a form needs before it is sent: the survey, a challenge, and what was answered so far.
//!
//! | path | method | does |
//! |---|---|---|
//! | `/v1/surveys/{id}` | GET | the published definition, for the widget |
//! | `/v1/surveys/{id}/challenge` | GET | gives out a challenge, to prove some work |
//! | `/v1/surveys/{id}/partials/{key}` | GET, PUT | what was answered so far |
//!
//! Callers are visitors' browsers: they hold a publishable key, and the site lists the origins
//! whose pages may embed its surveys. `survey` takes what they send at the end.

mod partial;
mod sighting;

use app::cors;
use app::intake::{check_origin, guard, published};
use http::Method;
use ports::Env;
use serde_json::json;
use web::lang::said;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let result = route(env, &request).await;
    cors::allow(&request, result)
}

async fn route(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let path = request.path();
    let ["v1", "surveys", id, rest @ ..] = path.as_slice() else {
        return Err(Problem::not_found());
    };
    match (request.method(), rest) {
        (&Method::OPTIONS, []) => {
            let answer = cors::preflight(env, request, id).await;
            sighting::refused(env, request, id, answer).await
        }
        (&Method::OPTIONS, ["challenge"] | ["partials", _]) => {
            cors::preflight(env, request, id).await
        }
        (&Method::GET, []) => {
            app::cache::recent(env, request, async || show(env, request, id).await).await
        }
        (&Method::GET, ["challenge"]) => {
            guard::challenge(env, request, domain::id::Kind::Survey, id).await
        }
        (&Method::GET, ["partials", key]) => partial::show(env, request, id, key).await,
        (&Method::PUT, ["partials", key]) => partial::save(env, request, id, key).await,
        (_, [] | ["challenge"]) => Err(Problem::method_not_allowed("GET, HEAD, OPTIONS")),
        (_, ["partials", _]) => Err(Problem::method_not_allowed("GET, HEAD, PUT, OPTIONS")),
        _ => Err(Problem::not_found()),
    }
}

async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let key = published::caller_key(request)?;
    let mut query = request.query();
    let version = query.parse(
        "version",
        |it| it.parse().ok().filter(|it| 0 < *it),
        || said("must be the number of a version", "须为版本号"),
    );
    query.done()?;
    let origin = request.header("origin").unwrap_or("");
    let published = published::load_to(env, id, version.unwrap_or(0), Some(key), origin).await?;
    sighting::refused(env, request, id, check_origin(request, &published.origins)).await?;
    sighting::listed(env, request, id, &published).await;
    published.check_open(env.now())?;
    let mut shown = web::survey::show_public(id, published.version, &published.definition);
    let Some(needs) = guard::needs(env, id).await? else { return web::ok(&shown) };
    if let Some(members) = shown.as_object_mut() {
        let spam = json!({
            "honeypot": needs.means.honeypot.name(),
            "age": needs.means.age.name(),
            "proof": needs.means.proof.name(),
            "challenge": guard::challenge_path(id),
        });
        members.insert("spam".to_owned(), spam);
    }
    web::response::ok_beside(&shown, "form_token", &needs.form_token)
}

#[cfg(test)]
mod tests;
