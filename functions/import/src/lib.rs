//! Coming from elsewhere: responses that staff bring, and ids that go on working.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/studies/{id}/import` | POST, a CSV; `format=formbricks` or `delighted`, `zone` |
//! | `/v1/foreign-ids`, `/v1/foreign-ids/{id}` | GET, POST · GET, DELETE |
//! | `/v1/foreign-ids/{id}/audit`, `…/audit/verify` | GET |
//!
//! It is a component of its own, beside `study`, so that reading large files stays away from
//! the rest and neither grows past its bound.

mod foreign;
mod foreign_id;
mod import;

use app::audit;
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
        ["v1", "foreign-ids"] => match *request.method() {
            Method::GET => foreign_id::list(env, request).await,
            Method::POST => foreign_id::add(env, request).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        },
        ["v1", "foreign-ids", id] => match *request.method() {
            Method::GET => foreign_id::show(env, request, id).await,
            Method::DELETE => foreign_id::remove(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, DELETE")),
        },
        ["v1", "foreign-ids", id, "audit", what @ ..] => audit::trail(env, request, id, what).await,
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
