//! Call-backs: when somebody can be called, and a time that is sold once.
//!
//! | path | methods | does |
//! |---|---|---|
//! | `/v1/slots` | GET | free slots; with a publishable key those of public services |
//! | `/v1/callbacks` | GET, POST | lists them · books, holds or queues one |
//! | `/v1/callbacks/{id}` | GET | one with its attempts and contacts |
//! | `/v1/callbacks/{id}/confirm`, `…/move`, `…/cancel` | POST | what staff do to one |
//! | `/v1/bookings/{token}` | GET | one, for whoever holds its private link |
//! | `/v1/bookings/{token}/confirm`, `…/move`, `…/cancel` | POST | what they do to it |
//! | `/callback/slots`, `…/book`, `…/queue` | POST | for pages of ours, by service chaining alone |
//!
//! What agents do with a call is `call`; its iCalendar is `day`.

mod bookings;
mod chained;
mod list;
mod slots;
mod staff;

use app::callback::change::Deed;
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

/// A call-back is a few short fields.
#[cfg(target_family = "wasm")]
const BODY_BYTES_MAX: usize = 64 * 1024;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    match (request.path().as_slice(), request.method()) {
        (["v1", "slots"], _) => slots::handle(env, request).await,
        (["v1", "callbacks"], &Method::GET) => list::list(env, request).await,
        (["v1", "callbacks"], &Method::POST) => staff::create(env, request).await,
        (["v1", "callbacks"], _) => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        (["v1", "callbacks", id], &Method::GET) => staff::show(env, request, id).await,
        (["v1", "callbacks", _], _) => Err(Problem::method_not_allowed("GET, HEAD")),
        (["v1", "callbacks", id, name], method) => match (Deed::parse(name), method) {
            (Some(deed), &Method::POST) => staff::act(env, request, id, deed).await,
            (Some(_), _) => Err(Problem::method_not_allowed("POST")),
            _ => Err(Problem::not_found()),
        },
        (["v1", "bookings", token, rest @ ..], _) => {
            bookings::handle(env, request, token, rest).await
        }
        (["callback", name @ ("slots" | "book" | "queue")], &Method::POST) => {
            chained::handle(env, request, name).await
        }
        (["callback", "slots" | "book" | "queue"], _) => Err(Problem::method_not_allowed("POST")),
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
