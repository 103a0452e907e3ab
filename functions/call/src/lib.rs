//! `/v1/callbacks/…`: what an agent does with a call: takes it, makes it, tells what came of it.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/callbacks/next` | POST: the next one for this agent |
//! | `/v1/callbacks/{id}/take`, `…/release` | POST |
//! | `/v1/callbacks/{id}/attempts` | POST: what came of it |
//! | `/v1/callbacks/{id}/audit`, `…/audit/verify` | GET: its events |
//!
//! An agent calls with a key of their own; a manager names the agent, `agent_id`. Two who want
//! the same call at once are told apart by its version: one has it, the other gets the next one.

mod attempt;
mod hand;
mod next;
mod result;
mod take;
mod who;

use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    let path = request.path();
    let ["v1", "callbacks", rest @ ..] = path.as_slice() else {
        return Err(Problem::not_found());
    };
    match rest {
        ["next"] | [_, "take" | "release" | "attempts"] if *request.method() != Method::POST => {
            Err(Problem::method_not_allowed("POST"))
        }
        ["next"] => next::next(env, request).await,
        [id, "take"] => take::take(env, request, id).await,
        [id, "release"] => take::release(env, request, id).await,
        [id, "attempts"] => attempt::record(env, request, id).await,
        // `callback` is near the size that a component may have.
        [id, "audit", what @ ..] => app::audit::trail(env, request, id, what).await,
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
