//! `/v1/complaints`: what staff and programs take down, and the queues of those who work.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/complaints` | GET, POST |
//! | `/case` | POST, by other components through service chaining alone; see `app::case::enter` |
//!
//! It carries how cases are opened for all of them: `report`, by which customers come in, hands
//! over what it checked. What is done with a case is `casework`.

mod intake;
mod list;
mod search;

use app::case::enter::serve;
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

/// A text of the longest, escaped, and what goes with it: bodies from outside are smaller.
#[cfg(target_family = "wasm")]
const BODY_BYTES_MAX: usize = 256 * 1024;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    match (request.path().as_slice(), request.method()) {
        (["v1", "complaints"], &Method::GET) => list::list(env, request).await,
        (["v1", "complaints"], &Method::POST) => intake::create(env, request).await,
        (["v1", "complaints"], _) => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        (["case"], &Method::POST) => serve(env, request).await,
        (["case"], _) => Err(Problem::method_not_allowed("POST")),
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
