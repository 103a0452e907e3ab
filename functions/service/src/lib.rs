//! What call-backs go by: services, rules, and numbers that are never called.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/services`, `/v1/services/{id}` | GET, POST · GET, PATCH |
//! | `/v1/call-rules`, `/v1/call-rules/{id}` | GET, POST · GET, PATCH |
//! | `/v1/do-not-call`, `/v1/do-not-call/{id}` | GET, POST · DELETE |
//! | `…/{id}/audit`, `…/{id}/audit/verify` | GET |
//!
//! Reading services and rules is a viewer's, changing them a manager's. Agents read and add numbers
//! that are never called; a manager removes them.

mod number;
mod rule;
mod service;

use app::audit;
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    match request.path().as_slice() {
        ["v1", "services"] => match *request.method() {
            Method::GET => service::list(env, request).await,
            Method::POST => service::create(env, request).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        },
        ["v1", "services", id] => match *request.method() {
            Method::GET => service::show(env, request, id).await,
            Method::PATCH => service::change(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, PATCH")),
        },
        ["v1", "call-rules"] => match *request.method() {
            Method::GET => rule::list(env, request).await,
            Method::POST => rule::create(env, request).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        },
        ["v1", "call-rules", id] => match *request.method() {
            Method::GET => rule::show(env, request, id).await,
            Method::PATCH => rule::change(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, PATCH")),
        },
        ["v1", "do-not-call"] => match *request.method() {
            Method::GET => number::list(env, request).await,
            Method::POST => number::add(env, request).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        },
        ["v1", "do-not-call", id] => match *request.method() {
            Method::DELETE => number::remove(env, request, id).await,
            _ => Err(Problem::method_not_allowed("DELETE")),
        },
        ["v1", "services" | "call-rules" | "do-not-call", id, "audit", what @ ..] => {
            audit::trail(env, request, id, what).await
        }
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
