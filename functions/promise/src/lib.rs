//! What time causes to cases.
//!
//! | path | method |
//! |---|---|
//! | `/internal/tick/promise` | POST, with the tick key |
//!
//! The ladder is climbed while clocks run out, and what is nobody's is given to somebody who came
//! to work. The versions of cases decide between two ticks at once, so nothing happens twice.

mod climb;
mod queue;

use app::tick::check_key;
use ports::{Env, Sql};
use serde_json::{Value, json};
use store::case_steps;
use web::{Problem, Request, Response, view};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Who does it, for events.
const ACTOR: &str = "tick";

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match request.path().as_slice() {
        ["internal", "tick", "promise"] => check_key(env, &request).await?,
        _ => return Err(Problem::not_found()),
    }
    request.no_query()?;
    let assigned = queue::take_up(env).await?;
    let climbed = climb::climb(env).await?;
    let mut done: Vec<Value> = Vec::new();
    for (name, number) in [("assign", assigned), ("ladder", climbed)] {
        if 0 < number {
            done.push(name.into());
        }
    }
    let next = env.sql().fetch(case_steps::next_due()).await?.map(|at| at.max(env.now()));
    web::ok(&json!({
        "done": done,
        "assigned": assigned,
        "escalated": climbed,
        "next_due_at": view::time_or_null(next),
    }))
}

#[cfg(test)]
mod tests;
