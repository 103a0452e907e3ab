//! Reports: made once, when their days are over or when somebody asks for them, and kept.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/reports?kind=&department_id=` | GET: the newest first · POST: a special one |
//! | `/v1/reports/{id}` | GET: as JSON, or as Markdown |
//! | `/v1/reports/{id}/audit`, `/audit/verify` | GET |
//! | `/dashboard/reports` | GET: as a page · POST: its form |
//! | `/dashboard/reports/{id}` | GET: as a page, which prints well |
//! | `/internal/tick/report` | POST: makes those that are due |
//!
//! What a report says is what the components of figures answered when it was made, so that it says
//! the same for ever. How it is worded is decided when it is read, in the language of its reader.

mod api;
mod body;
mod derive;
mod make;
mod markdown;
mod page;
mod paper;
mod tell;
mod tick;

use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    match (request.path().as_slice(), request.method()) {
        (["v1", "reports"], &Method::GET) => api::list(env, request).await,
        (["v1", "reports"], &Method::POST) => api::create(env, request).await,
        (["v1", "reports", id], &Method::GET) => api::show(env, request, id).await,
        (["v1", "reports", id, "audit", what @ ..], _) => {
            app::audit::trail(env, request, id, what).await
        }
        (["dashboard", "reports"], &Method::GET) => page::show(env, request).await,
        (["dashboard", "reports"], &Method::POST) => page::take(env, request).await,
        (["dashboard", "reports", id], &Method::GET) => paper::show(env, request, id).await,
        (["internal", "tick", "report"], _) => tick::tick(env, request).await,
        (["v1" | "dashboard", "reports"], _) => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        (["v1" | "dashboard", "reports", _], _) => Err(Problem::method_not_allowed("GET, HEAD")),
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
