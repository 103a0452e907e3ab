//! What messages of other systems become: orders, tickets, messages, responses, measurements.
//!
//! | path | methods |
//! |---|---|
//! | `/internal/tick/ingest` | POST, with the tick key |
//! | `/hurry` | POST, for neighbours alone: no route leads there |
//!
//! A message becomes all that its rule says, or nothing and a list of mistakes. What it became,
//! its events and its own state are one commit, so it happens once, whenever a process dies.

mod plan;
mod rating;
mod rows;
mod settle;

use app::tick::check_key;
use ports::{Env, Sql};
use serde_json::json;
use store::inbound;
use web::{Problem, Request, Response, view};

#[cfg(target_family = "wasm")]
edge::service!(app::ingest::BODY_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    match request.path().as_slice() {
        ["internal", "tick", "ingest"] => tick(env, request).await,
        ["hurry"] => {
            settle::all(env, settle::HURRY).await?;
            Ok(web::no_content())
        }
        _ => Err(Problem::not_found()),
    }
}

/// Looks at what waits, within bounds, and says when there is more.
async fn tick(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    check_key(env, request).await?;
    let messages = settle::all(env, settle::TICK).await?;
    let next = env.sql().fetch(inbound::next_due()).await?.map(|at| at.max(env.now()));
    let done = if messages == 0 { &[][..] } else { &["ingest"] };
    web::ok(&json!({
        "done": done,
        "messages": messages,
        "next_due_at": view::time_or_null(next),
    }))
}

#[cfg(test)]
mod tests;
