//! `/v1/studies/{id}/import`: responses that staff bring from elsewhere.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/studies/{id}/import` | POST, a CSV; `format=formbricks` or `delighted`, `zone` |
//!
//! It is a component of its own, beside `study`, so that reading large files stays away from
//! the rest and neither grows past its bound.

mod foreign;
mod import;

use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(import::CSV_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    let path = request.path();
    match path.as_slice() {
        ["v1", "studies", id, "import"] => match *request.method() {
            Method::POST => import::import(env, request, id).await,
            _ => Err(Problem::method_not_allowed("POST")),
        },
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
