//! `POST /v1/surveys/{id}/responses`: takes a response, or up to a hundred.
//!
//! Callers are visitors' browsers: they hold a publishable key, and the site lists the origins
//! whose pages may embed its surveys. What their forms need before is in `form`.

mod batch;
mod submit;

use app::cors;
use http::Method;
use ports::Env;
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
        ["v1", "surveys", id, "responses"] => match *request.method() {
            Method::POST => submit::submit(env, request, id).await,
            Method::OPTIONS => cors::preflight(env, request, id).await,
            _ => Err(Problem::method_not_allowed("POST, OPTIONS")),
        },
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
