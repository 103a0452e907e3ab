//! Opens cases: the one component that carries how that is done.
//!
//! | path | method | does |
//! |---|---|---|
//! | `/case` | POST | takes a complaint of another component; see `app::case::enter` |
//!
//! It is reached by service chaining alone, so whoever calls has checked what it hands over.

use app::case::enter::serve;
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

/// A text of the longest, escaped, and what goes with it.
#[cfg(target_family = "wasm")]
const BODY_BYTES_MAX: usize = 256 * 1024;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match (request.path().as_slice(), request.method()) {
        (["case"], &Method::POST) => serve(env, &request).await,
        (["case"], _) => Err(Problem::method_not_allowed("POST")),
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
