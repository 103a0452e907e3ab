//! What other systems learn: webhooks, what became of their deliveries, and the feed of events.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/webhooks`, `/v1/webhooks/{id}` | GET, POST · GET, PATCH, DELETE |
//! | `/v1/webhooks/{id}/rotate`, `/test`, `/replay` | POST |
//! | `/v1/webhooks/{id}/deliveries`, `/deliveries/{sequence}` | GET |
//! | `/v1/webhooks/{id}/deliveries/{sequence}/retry` | POST |
//! | `/v1/webhooks/{id}/audit`, `/audit/verify` | GET |
//! | `/v1/events`, `/v1/events/types`, `/v1/events/{id or sequence}` | GET |
//! | `/v1/notices`, `/v1/notices/{id}/seen` | GET · POST |
//!
//! Here webhooks are set up and looked at; `functions/deliver` sends.

mod act;
mod catalogue;
mod event;
mod headers;
mod log;
mod notice;
mod packed;
mod replay;
mod types;
mod webhook;

use app::audit;
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

use crate::act::{Act, act};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    match request.path().as_slice() {
        ["v1", "webhooks", rest @ ..] => webhooks(env, request, rest).await,
        ["v1", "events", rest @ ..] => {
            if *request.method() != Method::GET {
                return Err(Problem::method_not_allowed("GET, HEAD"));
            }
            match rest {
                [] => event::list(env, request).await,
                ["types"] => catalogue::show(env, request).await,
                [name] => event::show(env, request, name).await,
                _ => Err(Problem::not_found()),
            }
        }
        ["v1", "notices"] => match *request.method() {
            Method::GET => notice::list(env, request).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
        ["v1", "notices", id, "seen"] => match *request.method() {
            Method::POST => notice::ask(env, request, id).await,
            _ => Err(Problem::method_not_allowed("POST")),
        },
        _ => Err(Problem::not_found()),
    }
}

async fn webhooks(env: &impl Env, request: &Request, rest: &[&str]) -> Result<Response, Problem> {
    match rest {
        [] => match *request.method() {
            Method::GET => webhook::list(env, request).await,
            Method::POST => act(env, request, "", Act::Create).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        },
        [id] => match *request.method() {
            Method::GET => webhook::show(env, request, id).await,
            Method::PATCH => act(env, request, id, Act::Change).await,
            Method::DELETE => act(env, request, id, Act::Delete).await,
            _ => Err(Problem::method_not_allowed("DELETE, GET, HEAD, PATCH")),
        },
        [id, "audit", what @ ..] => audit::trail(env, request, id, what).await,
        [_, "deliveries"] | [_, "deliveries", _] => {
            if *request.method() != Method::GET {
                return Err(Problem::method_not_allowed("GET, HEAD"));
            }
            match rest {
                [id, _, sequence] => log::show(env, request, id, sequence).await,
                [id, ..] => log::list(env, request, id).await,
                [] => Err(Problem::not_found()),
            }
        }
        [_, "rotate" | "test" | "replay"] | [_, "deliveries", _, "retry"] => {
            if *request.method() != Method::POST {
                return Err(Problem::method_not_allowed("POST"));
            }
            match rest {
                [id, "replay"] => replay::ask(env, request, id).await,
                [id, "rotate"] => act(env, request, id, Act::Rotate).await,
                [id, "test"] => act(env, request, id, Act::Test).await,
                [id, .., sequence, _] => act(env, request, id, Act::Retry(sequence)).await,
                _ => Err(Problem::not_found()),
            }
        }
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
