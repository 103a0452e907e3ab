//! Call-backs of the public: booked by a page of the site's or on a page of ours, and the
//! customer's own page of each.
//!
//! | path | methods | does |
//! |---|---|---|
//! | `/v1/sites/{site}/callbacks` | GET, POST | what a form needs · books |
//! | `/v1/sites/{site}/callbacks/challenge` | GET | a challenge, to prove some work |
//! | `/book/{site}` | GET, POST | the same as a page, which works without JavaScript |
//! | `/b/{token}` | GET | what was agreed, for whoever holds the private link |
//! | `/b/{token}/confirm`, `/move`, `/cancel` | POST | what they do about it |
//! | `/b/{token}/call.ics` | GET | the same for their calendar |
//!
//! It computes no slot and books nothing itself: `callback` does, and is asked by service chaining.

mod chain;
mod draw;
mod form;
mod manage;
mod own;
mod pick;
mod public;
mod sheet;
mod standing;
mod trail;

use app::cors;
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

/// Every field at its longest, nine bytes a character, and the tokens.
const BODY_BYTES_MAX: usize = 32 * 1024;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match (request.path().as_slice(), request.method()) {
        (["v1", "sites", id, "callbacks", rest @ ..], _) => {
            let result = public::route(env, &request, id, rest).await;
            cors::allow(&request, result)
        }
        (["book", id], &Method::GET) => form::show(env, &request, id).await,
        (["book", id], &Method::POST) => form::take(env, &request, id).await,
        (["book", _], _) => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        (["b", token], &Method::GET) => manage::show(env, &request, token).await,
        (["b", _], _) => Err(Problem::method_not_allowed("GET, HEAD")),
        (["b", token, "call.ics"], &Method::GET) => manage::calendar(env, &request, token).await,
        (["b", _, "call.ics"], _) => Err(Problem::method_not_allowed("GET, HEAD")),
        (["b", _, act], _) if manage::ACTS.iter().all(|it| it.0 != *act) => {
            Err(Problem::not_found())
        }
        (["b", token, act], &Method::POST) => manage::take(env, &request, token, act).await,
        (["b", _, _], _) => Err(Problem::method_not_allowed("POST")),
        _ => Err(Problem::not_found()),
    }
}

/// Of which kind of form our forms and proofs are, for the guard.
pub(crate) fn guarded(site_id: &str) -> String {
    format!("{site_id}/callbacks")
}

#[cfg(test)]
mod tests;
// The handlers of `callback`, which are tested along, look for it at the root.
#[cfg(test)]
use tests::slots;
