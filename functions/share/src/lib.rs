//! `/v1/shares`, the page of them, and what whoever holds a link is shown.

use ports::Env;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(_env: &impl Env, _request: Request) -> Result<Response, Problem> {
    Err(Problem::not_found())
}

#[cfg(test)]
mod tests;
