//! Links to one view of the figures: made, listed and closed by managers, and what whoever holds
//! one is shown.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/shares`, `/v1/shares/{id}` | GET, POST · GET, DELETE |
//! | `/v1/shares/{id}/audit`, `/audit/verify` | GET |
//! | `/dashboard/shares` | GET, POST: the page of them |
//! | `/share/{token}`, `/embed/{token}` | GET, without a key |
//!
//! The token is the id sealed with `secret_key` and kept nowhere.

mod page;
mod share;
mod show;
mod words;

use app::audit;
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    match request.path().as_slice() {
        ["v1", "shares"] => match *request.method() {
            Method::GET => share::list(env, request).await,
            Method::POST => share::create(env, request).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        },
        ["v1", "shares", id] => match *request.method() {
            Method::GET => share::show(env, request, id).await,
            Method::DELETE => share::revoke(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, DELETE")),
        },
        ["v1", "shares", id, "audit", what @ ..] => audit::trail(env, request, id, what).await,
        ["dashboard", "shares"] => match *request.method() {
            Method::GET => page::show(env, request).await,
            Method::POST => page::take(env, request).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        },
        [place @ ("share" | "embed"), token] => match *request.method() {
            Method::GET => show::show(env, request, token, *place == "embed").await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
