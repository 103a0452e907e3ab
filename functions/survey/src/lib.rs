//! `/v1/surveys/{id}`: the public side of a survey.
//!
//! | path | method | does |
//! |---|---|---|
//! | `/v1/surveys/{id}` | GET | the published definition, for the widget |
//! | `/v1/surveys/{id}/responses` | POST | takes a response, or up to a hundred |
//!
//! Callers are visitors' browsers: they hold a publishable key, and the site lists the origins
//! whose pages may embed its surveys.

mod batch;
mod cors;
mod submit;

use app::intake::{check_origin, published};
use http::Method;
use ports::Env;
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
    match request.path().as_slice() {
        ["v1", "surveys", id] => match *request.method() {
            Method::GET => {
                app::cache::recent(env, request, async || show(env, request, id).await).await
            }
            Method::OPTIONS => cors::preflight(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, OPTIONS")),
        },
        ["v1", "surveys", id, "responses"] => match *request.method() {
            Method::POST => submit::submit(env, request, id).await,
            Method::OPTIONS => cors::preflight(env, request, id).await,
            _ => Err(Problem::method_not_allowed("POST, OPTIONS")),
        },
        _ => Err(Problem::not_found()),
    }
}

async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let key = published::caller_key(request)?;
    let mut query = request.query();
    let version = query.parse(
        "version",
        |it| it.parse().ok(),
        || said("must be the number of a version", "须为版本号"),
    );
    query.done()?;
    let published = published::load(env, id, version.unwrap_or(0), Some(key)).await?;
    check_origin(request, &published.origins)?;
    published.check_open()?;
    web::ok(&web::survey::show_public(id, published.version, &published.definition))
}

#[cfg(test)]
mod tests;
