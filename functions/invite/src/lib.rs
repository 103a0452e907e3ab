//! Who is asked, and when: gates and clocks for pages, and what time does to programmes.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/surveys/{id}/eligibility` | GET, by a publishable key |
//! | `/v1/surveys/{id}/displays` | POST, by a publishable key |
//! | `/internal/tick/invite` | POST, by the tick key |
//!
//! We send no mail: whoever does reads the events `survey.invitation_due` and
//! `survey.reminder_due`, and takes the link from the invitation, which `functions/programme`
//! shows.

mod asking;
mod tick;

use app::cors;
use ports::Env;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    match request.path().as_slice() {
        ["v1", "surveys", id, what @ ("eligibility" | "displays")] => {
            cors::allow(request, asking::route(env, request, id, what).await)
        }
        ["internal", "tick", "invite"] => tick::tick(env, request).await,
        _ => Err(Problem::not_found()),
    }
}
