//! `/desk/callbacks` and `/desk/supply`: the calls of a day, and who can make how many.
//!
//! | path | methods |
//! |---|---|
//! | `/desk/callbacks`, `/desk/callbacks/all` | GET: a day of somebody's, all of them |
//! | `/desk/callbacks/next` | POST: the next call |
//! | `/desk/callbacks/new`, `/desk/callbacks/do-not-call` | GET, POST |
//! | `/desk/callbacks/do-not-call/{id}/remove` | POST |
//! | `/desk/callbacks/{id}`, `…/move` | GET · GET, POST |
//! | `/desk/callbacks/{id}/take`, `/release`, `/confirm`, `/cancel`, `/attempts` | POST |
//! | `/desk/supply`, `/desk/supply/{id}` | GET · GET, POST |
//! | `/desk/supply/{id}/absences`, `/absences/remove`, `/feed`, `/feed/close` | POST |

mod agent;
mod ask;
mod book;
mod call;
mod change;
mod list;
mod numbers;
mod record;
mod sheet;
mod slots;
mod supply;
mod tell;
mod words;

use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

/// The longest form.
#[cfg(target_family = "wasm")]
const BODY_BYTES_MAX: usize = 512 * 1024;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    let path = request.path();
    let is_post = match *request.method() {
        Method::GET => false,
        Method::POST => true,
        _ => return Err(Problem::method_not_allowed("GET, HEAD, POST")),
    };
    match (path.as_slice(), is_post) {
        (["desk", "callbacks", rest @ ..], _) => calls(env, request, rest, is_post).await,
        (["desk", "supply", rest @ ..], _) => supplied(env, request, rest, is_post).await,
        _ => Err(Problem::not_found()),
    }
}

async fn calls(
    env: &impl Env,
    request: &Request,
    rest: &[&str],
    is_post: bool,
) -> Result<Response, Problem> {
    match (rest, is_post) {
        ([], false) => sheet::show(env, request).await,
        (["next"], true) => sheet::next(env, request).await,
        (["all"], false) => list::show(env, request).await,
        (["new"], false) => book::show(env, request).await,
        (["new"], true) => book::take(env, request).await,
        (["do-not-call"], false) => numbers::show(env, request).await,
        (["do-not-call"], true) => numbers::add(env, request).await,
        (["do-not-call", id, "remove"], true) => numbers::remove(env, request, id).await,
        ([id], false) => call::show(env, request, id).await,
        ([id, "attempts"], true) => record::take(env, request, id).await,
        ([id, "move"], false) => change::times(env, request, id).await,
        ([id, "move"], true) => change::shift(env, request, id).await,
        ([id, act @ ("take" | "release" | "confirm" | "cancel")], true) => {
            change::act(env, request, id, act).await
        }
        _ => wrong(rest),
    }
}

async fn supplied(
    env: &impl Env,
    request: &Request,
    rest: &[&str],
    is_post: bool,
) -> Result<Response, Problem> {
    match (rest, is_post) {
        ([], false) => supply::show(env, request).await,
        ([id], false) => agent::show(env, request, id).await,
        ([id], true) => agent::save(env, request, id).await,
        ([id, "absences"], true) => agent::leave(env, request, id).await,
        ([id, "absences", "remove"], true) => agent::stay(env, request, id).await,
        ([id, "feed"], true) => agent::feed(env, request, id).await,
        ([id, "feed", "close"], true) => agent::close(env, request, id).await,
        _ => wrong(rest),
    }
}

/// What is there, but not by this method; or not at all.
fn wrong(rest: &[&str]) -> Result<Response, Problem> {
    Err(match rest {
        [] | ["all"] => Problem::method_not_allowed("GET, HEAD"),
        ["next"]
        | [_, "attempts" | "take" | "release" | "confirm" | "cancel" | "absences" | "feed"]
        | [_, _, "remove" | "close"] => Problem::method_not_allowed("POST"),
        _ => Problem::not_found(),
    })
}

#[cfg(test)]
mod tests;
