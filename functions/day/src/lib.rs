//! `/v1/day`, `/day` and `/feed/{token}.ics`: what an agent's days hold.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/day?agent=&date=` | GET: as JSON |
//! | `/v1/supply?from=` | GET: who is there in a week, and how many calls they have |
//! | `/day?agent=&date=` | GET: as a page, for a phone and for paper |
//! | `/day/session` | POST: the sign-in form of that page |
//! | `/feed/{token}.ics` | GET: their calendar, which a calendar program subscribes to |
//! | `/v1/callbacks/{id}/ics`, `/v1/bookings/{token}/ics` | GET: for its customer's calendar |
//!
//! Agents see their own days, managers everybody's. The calendar tells nothing of whom is called.

mod draw;
mod feed;
mod file;
mod load;
mod page;
mod shown;
mod supply;
mod words;

use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

/// A form with a key.
#[cfg(target_family = "wasm")]
const BODY_BYTES_MAX: usize = 16 * 1024;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    match (request.path().as_slice(), request.method()) {
        (["v1", "day"], &Method::GET) => shown::json(env, request).await,
        (["v1", "supply"], &Method::GET) => supply::show(env, request).await,
        (["day"], &Method::GET) => page::show(env, request).await,
        (["day", "session"], &Method::POST) => page::sign_in(env, request).await,
        (["feed", name], &Method::GET) => feed::show(env, request, name).await,
        (["v1", "callbacks", id, "ics"], &Method::GET) => file::of_staff(env, request, id).await,
        (["v1", "bookings", it, "ics"], &Method::GET) => file::of_holder(env, request, it).await,
        (["v1", "callbacks" | "bookings", _, "ics"], _)
        | (["v1", "day" | "supply"] | ["day"] | ["feed", _], _) => {
            Err(Problem::method_not_allowed("GET, HEAD"))
        }
        (["day", "session"], _) => Err(Problem::method_not_allowed("POST")),
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
