//! Who is asked, and when: gates and clocks for pages, links to give away, and what time does to
//! programmes.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/surveys/{id}/eligibility` | GET, by a publishable key |
//! | `/v1/surveys/{id}/displays` | POST, by a publishable key |
//! | `/v1/studies/{id}/links` | POST |
//! | `/v1/studies/{id}/displays` | GET |
//! | `/internal/tick/invite` | POST, by the tick key |
//!
//! We send no mail: whoever does reads the events `survey.invitation_due` and
//! `survey.reminder_due`, and takes the link from the invitation, which `functions/programme`
//! shows.

mod asking;
mod displays;
mod links;
mod tick;

use app::cors;
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(links::BODY_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    match request.path().as_slice() {
        ["v1", "surveys", id, what @ ("eligibility" | "displays")] => {
            cors::allow(request, asking::route(env, request, id, what).await)
        }
        ["v1", "studies", id, "links"] => match *request.method() {
            Method::POST => links::make(env, request, id).await,
            _ => Err(Problem::method_not_allowed("POST")),
        },
        ["v1", "studies", id, "displays"] => match *request.method() {
            Method::GET => displays::list(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
        ["internal", "tick", "invite"] => tick::tick(env, request).await,
        _ => Err(Problem::not_found()),
    }
}
