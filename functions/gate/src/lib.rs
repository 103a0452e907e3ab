//! Whether a page should ask somebody of its own accord, and that it did.
//!
//! | path | method | does |
//! |---|---|---|
//! | `/v1/surveys/{id}/eligibility` | GET | says whether to ask, and why not |
//! | `/v1/surveys/{id}/displays` | POST | notes that somebody was shown the survey |
//!
//! Callers are visitors' browsers, as those of `survey` are: they hold a publishable key, and the
//! site lists the origins whose pages may embed its surveys.

mod asking;

use app::cors;
use ports::Env;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let result = match request.path().as_slice() {
        ["v1", "surveys", id, what @ ("eligibility" | "displays")] => {
            asking::route(env, &request, id, what).await
        }
        _ => Err(Problem::not_found()),
    };
    cors::allow(&request, result)
}

#[cfg(test)]
mod tests;
