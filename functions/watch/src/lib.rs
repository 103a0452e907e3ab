//! What becomes a complaint although nobody brought it, and many that are one.
//!
//! | path | method |
//! |---|---|
//! | `/internal/tick/watch` | POST, with the tick key |
//!
//! Low scores and tickets of other systems open cases, or customers are offered to complain, as
//! policy `intake` says; many cases alike raise one alarm and open one parent. A cursor that moves
//! in the same commit keeps two ticks from taking the same event.

mod scan;
mod surge;

use app::tick::check_key;
use ports::Env;
use serde_json::{Value, json};
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Who does it, for events.
const ACTOR: &str = "tick";

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match request.path().as_slice() {
        ["internal", "tick", "watch"] => check_key(env, &request).await?,
        _ => return Err(Problem::not_found()),
    }
    request.no_query()?;
    let found = scan::look(env).await?;
    let surged = surge::watch(env).await?;
    let mut done: Vec<Value> = Vec::new();
    for (name, number) in [("intake", found.opened + found.offered), ("surge", surged)] {
        if 0 < number {
            done.push(name.into());
        }
    }
    web::ok(&json!({
        "done": done,
        "opened": found.opened,
        "offered": found.offered,
        "surges": surged,
        "next_due_at": null,
    }))
}

#[cfg(test)]
mod tests;
