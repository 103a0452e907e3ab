//! What other systems learn: webhooks, what became of their deliveries, and the feed of events.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/webhooks`, `/v1/webhooks/{id}` | GET, POST · GET, PATCH, DELETE |
//! | `/v1/webhooks/{id}/rotate`, `/test`, `/replay` | POST |
//! | `/v1/webhooks/{id}/deliveries`, `/deliveries/{sequence}` | GET |
//! | `/v1/webhooks/{id}/deliveries/{sequence}/retry` | POST |
//! | `/v1/webhooks/{id}/audit`, `/audit/verify` | GET |
//! | `/v1/events`, `/v1/events/{id or sequence}` | GET; `widget` has `/v1/events/types` |
//! | `/v1/notices` | GET |
//! | `/v1/notices/{id}/seen`, `/v1/notices/seen` | POST |
//!
//! Here webhooks are set up and looked at; `functions/deliver` sends.

mod act;
mod event;
mod headers;
mod log;
mod notice;
mod replay;
mod types;
mod webhook;

use app::{audit, auth, entity};
use http::Method;
use ports::Env;
use store::webhooks::Webhook;
use web::{Problem, Request, Response};

use crate::act::{Act, act};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    match request.path().as_slice() {
        ["v1", "webhooks", rest @ ..] => webhooks(env, request, rest).await,
        ["v1", "notices"] => match *request.method() {
            Method::GET => notice::list(env, request).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
        ["v1", "notices", "seen"] => match *request.method() {
            Method::POST => act(env, request, "", Act::SeeAll).await,
            _ => Err(Problem::method_not_allowed("POST")),
        },
        ["v1", rest @ ..] if rest.first() == Some(&"events") => told(env, request, rest).await,
        ["v1", "notices", id, "seen"] => match *request.method() {
            Method::POST => notice::ask(env, request, id).await,
            _ => Err(Problem::method_not_allowed("POST")),
        },
        _ => Err(Problem::not_found()),
    }
}

/// What every viewer may read.
async fn told(env: &impl Env, request: &Request, rest: &[&str]) -> Result<Response, Problem> {
    if *request.method() != Method::GET {
        return Err(Problem::method_not_allowed("GET, HEAD"));
    }
    let viewer = auth::viewer(env, request).await?;
    match rest {
        [_] => event::list(env, request, &viewer).await,
        [_, name] => event::show(env, request, &viewer, name).await,
        _ => Err(Problem::not_found()),
    }
}

/// What managers may read of webhooks.
async fn look(env: &impl Env, request: &Request, rest: &[&str]) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    let [id, rest @ ..] = rest else { return webhook::list(env, request, &manager).await };
    let mut page = None;
    // What is asked for is read first: a parameter that nobody knows is told of whatever is there.
    if let [_] = rest {
        page = Some(log::read(request)?);
    } else {
        request.no_query()?;
    }
    let it = entity::find::<Webhook>(env, &manager, id).await?;
    match (rest, page) {
        ([_, sequence], _) => log::show(env, &it, sequence).await,
        (_, Some(page)) => log::list(env, &it, &page).await,
        _ => webhook::show(&it, env.now()),
    }
}

async fn webhooks(env: &impl Env, request: &Request, rest: &[&str]) -> Result<Response, Problem> {
    match rest {
        [] => match *request.method() {
            Method::GET => look(env, request, rest).await,
            Method::POST => act(env, request, "", Act::Create).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        },
        [id] => match *request.method() {
            Method::GET => look(env, request, rest).await,
            Method::PATCH => act(env, request, id, Act::Change).await,
            Method::DELETE => act(env, request, id, Act::Delete).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, PATCH, DELETE")),
        },
        [id, "audit", what @ ..] => audit::trail(env, request, id, what).await,
        [_, "deliveries"] | [_, "deliveries", _] => match *request.method() {
            Method::GET => look(env, request, rest).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
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
