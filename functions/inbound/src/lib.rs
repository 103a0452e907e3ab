//! What other systems tell us: who they are, what they sent, and what became of it.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/inbound/{source}` | POST, signed |
//! | `/v1/sources`, `/v1/sources/{id}` | GET, POST · GET, PATCH |
//! | `/v1/sources/{id}/replay`, `/try` | POST |
//! | `/v1/sources/{id}/messages`, `/messages/{id}` | GET |
//! | `/v1/sources/{id}/messages/{id}/replay` | POST |
//! | `…/audit`, `…/audit/verify` of each | GET |
//!
//! Here messages are verified and stored as they came; `functions/ingest` makes something of them.

mod attempt;
mod message;
mod receive;
mod source;

use app::audit;
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(app::ingest::BODY_BYTES_MAX, handle);

/// The component that makes something of messages.
const INGEST: &str = "ingest";

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    match request.path().as_slice() {
        ["v1", "inbound", source] => match *request.method() {
            Method::POST => receive::receive(env, request, source).await,
            _ => Err(Problem::method_not_allowed("POST")),
        },
        ["v1", "sources", rest @ ..] => sources(env, request, rest).await,
        _ => Err(Problem::not_found()),
    }
}

async fn sources(env: &impl Env, request: &Request, rest: &[&str]) -> Result<Response, Problem> {
    match rest {
        [] => match *request.method() {
            Method::GET => source::list(env, request).await,
            Method::POST => source::create(env, request).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        },
        [id] => match *request.method() {
            Method::GET => source::show(env, request, id).await,
            Method::PATCH => source::change(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, PATCH")),
        },
        [id, "try"] => match *request.method() {
            Method::POST => attempt::attempt(env, request, id).await,
            _ => Err(Problem::method_not_allowed("POST")),
        },
        [id, "replay"] => match *request.method() {
            Method::POST => source::replay(env, request, id).await,
            _ => Err(Problem::method_not_allowed("POST")),
        },
        [id, "audit", what @ ..] | [_, "messages", id, "audit", what @ ..] => {
            audit::trail(env, request, id, what).await
        }
        [id, "messages"] => match *request.method() {
            Method::GET => message::list(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
        [id, "messages", one] => match *request.method() {
            Method::GET => message::show(env, request, id, one).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
        [id, "messages", one, "replay"] => match *request.method() {
            Method::POST => message::replay(env, request, id, one).await,
            _ => Err(Problem::method_not_allowed("POST")),
        },
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
