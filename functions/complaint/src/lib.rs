//! `/v1/complaints`: what staff and programs take down, and the queues of those who work.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/complaints` | GET, POST |
//!
//! What is done with one of them is `casework`; customers come in by `report`.

mod intake;
mod list;

use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    let ["v1", "complaints"] = request.path().as_slice() else {
        return Err(Problem::not_found());
    };
    match *request.method() {
        Method::GET => list::list(env, request).await,
        Method::POST => intake::create(env, request).await,
        _ => Err(Problem::method_not_allowed("GET, HEAD, POST")),
    }
}

#[cfg(test)]
mod tests;
