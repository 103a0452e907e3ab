//! `/v1/studies/{id}/responses`: the responses of a study, and those that staff enter.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/studies/{id}/responses` | GET, POST |
//! | `/v1/responses`, `/v1/responses/{id}` | GET |
//! | `/v1/responses/{id}/looked-at` | POST |
//! | `/v1/inbox` | GET |
//!
//! It is a component of its own, beside `study`: who checks answers needs other code than who
//! writes questions, and both together would outgrow their bound. Each single response of a study
//! is `study`'s; here is what somebody should look at, whichever study it answers.

mod look;
mod told;

use app::response::{join_contacts, show};
use app::{auth, desk, entity, rows};
use http::Method;
use ports::{Env, Sql};
use store::responses;
use store::studies::Study;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    let path = request.path();
    let (is_get, is_post) = (*request.method() == Method::GET, *request.method() == Method::POST);
    match path.as_slice() {
        ["v1", "studies", study, "responses"] => match *request.method() {
            Method::GET => list(env, request, study).await,
            Method::POST => desk::create(env, request, study).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        },
        ["v1", "responses", id, "looked-at"] if is_post => look::look(env, request, id).await,
        ["v1", "responses", _, "looked-at"] => Err(Problem::method_not_allowed("POST")),
        ["v1", "responses"] if is_get => look::list(env, request).await,
        ["v1", "responses", id] if is_get => look::show(env, request, id).await,
        ["v1", "inbox"] if is_get => look::waiting(env, request).await,
        ["v1", "responses" | "inbox"] | ["v1", "responses", _] => {
            Err(Problem::method_not_allowed("GET, HEAD"))
        }
        _ => Err(Problem::not_found()),
    }
}

/// Newest first.
async fn list(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    // Comments are the customers' own words: figures alone are for viewers.
    let agent = auth::agent(env, request).await?;
    let page = request.page()?;
    let study = entity::find::<Study>(env, &agent, id).await?;
    let mut found = env.sql().fetch(responses::list(&study.id, &rows(&page))).await?;
    join_contacts(env, &mut found).await?;
    page.show(found, |it| it.id.clone(), show)
}

#[cfg(test)]
mod tests;
