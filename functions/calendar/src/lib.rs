//! `/v1/calendars`: working hours, by which clocks and shifts count.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/calendars`, `/v1/calendars/{id}` | GET, POST · GET, PATCH |
//! | `/v1/calendars/{id}/days` | GET: what is otherwise in a year · POST: a file of holidays |
//! | `/v1/calendars/{id}/reading` | GET: when something would be due |
//! | `/v1/calendars/{id}/audit`, `…/audit/verify` | GET |
//!
//! Reading is a viewer's, changing a manager's. The tick looks at every open case again after a
//! change.

mod calendar;
mod days;
mod reading;

use app::audit;
use app::case::book::is_built_in;
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

/// The longest body: some hundred exceptions.
pub(crate) const BYTES_MAX: usize = 256 * 1024;

#[cfg(target_family = "wasm")]
edge::service!(BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    match request.path().as_slice() {
        ["v1", "calendars"] => match *request.method() {
            Method::GET => calendar::list(env, request).await,
            Method::POST => calendar::create(env, request).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        },
        ["v1", "calendars", id] => match *request.method() {
            Method::GET => calendar::show(env, request, id).await,
            Method::PATCH if !is_built_in(id) => calendar::change(env, request, id).await,
            _ if is_built_in(id) => Err(Problem::method_not_allowed("GET, HEAD")),
            _ => Err(Problem::method_not_allowed("GET, HEAD, PATCH")),
        },
        ["v1", "calendars", id, "days"] => match *request.method() {
            Method::GET => days::show(env, request, id).await,
            Method::POST if !is_built_in(id) => days::load(env, request, id).await,
            _ if is_built_in(id) => Err(Problem::method_not_allowed("GET, HEAD")),
            _ => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        },
        ["v1", "calendars", id, "reading"] => match *request.method() {
            Method::GET => reading::show(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
        ["v1", "calendars", id, "audit", what @ ..] => audit::trail(env, request, id, what).await,
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
