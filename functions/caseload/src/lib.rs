//! `/v1/complaints/import`: complaints that staff bring from elsewhere, those of the past as well.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/complaints/import` | POST, a CSV or JSON Lines |
//!
//! It is a component of its own, so that reading large files stays away
//! from those who work on cases.

mod import;
mod row;

use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(import::BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    match request.path().as_slice() {
        ["v1", "complaints", "import"] => match *request.method() {
            Method::POST => import::import(env, request).await,
            _ => Err(Problem::method_not_allowed("POST")),
        },
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
