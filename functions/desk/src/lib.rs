//! `/desk`: signing in, sessions, and the complaints that staff work on.
//!
//! | path | methods |
//! |---|---|
//! | `/desk` | GET |
//! | `/desk/session`, `/desk/session/end` | POST |
//! | `/desk/sessions` · `/desk/sessions/end`, `/desk/sessions/{id}/end` | GET · POST |
//! | `/desk/complaints`, `/desk/complaints/new` | GET · POST |
//! | `/desk/complaints/bulk` | POST |
//! | `/desk/complaints/{id or number}` | GET |
//! | `/desk/complaints/{id}/{act}`, `…/links`, `…/links/{number}/revoke` | POST |
//!
//! It has no database: all that it shows and does is the API's. What was posted is drawn again at
//! the address of the post, so whoever asks for that gets the page itself.

mod bulk;
mod case;
mod intake;
mod queue;
mod session;
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
    let is_post = *request.method() == Method::POST;
    if !is_post && *request.method() != Method::GET {
        return Err(Problem::method_not_allowed("GET, HEAD, POST"));
    }
    match (path.as_slice(), is_post) {
        (["desk"] | ["desk", "session", ..], false) => session::home(env, request).await,
        (["desk", "session"], true) => session::begin(env, request).await,
        (["desk", "session", "end"], true) => session::end(env, request).await,
        (["desk", "sessions", ..], false) => session::list(env, request).await,
        (["desk", "sessions", "end"], true) => session::close(env, request, "").await,
        (["desk", "sessions", id, "end"], true) => session::close(env, request, id).await,
        (["desk", "complaints", rest @ ..], _) => complaints(env, request, rest, is_post).await,
        _ => Err(Problem::not_found()),
    }
}

async fn complaints(
    env: &impl Env,
    request: &Request,
    rest: &[&str],
    is_post: bool,
) -> Result<Response, Problem> {
    match (rest, is_post) {
        ([] | ["bulk"], false) => queue::show(env, request).await,
        (["bulk"], true) => bulk::take(env, request).await,
        (["new"], false) => intake::show(env, request).await,
        (["new"], true) => intake::take(env, request).await,
        ([id], false) => case::show(env, request, id, "").await,
        ([id, act, ..], false) => case::show(env, request, id, act).await,
        ([id, "links"], true) => case::make_link(env, request, id).await,
        ([id, "links", number, "revoke"], true) => {
            case::revoke_link(env, request, id, number).await
        }
        ([id, act], true) => case::take(env, request, id, act).await,
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
