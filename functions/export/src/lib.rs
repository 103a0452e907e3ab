//! `/v1/studies/{id}/export`: everything that was answered, as a file.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/studies/{id}/export` | GET: `format=csv` or `jsonl`, `from`, `to`, `raw=1` |
//!
//! A file may be larger than memory, so it goes out page by page, each when the client has taken
//! the one before. Texts go out with personal data hidden. `raw=1` leaves them as they were
//! written, as JSON Lines for managers. Who took a file stands in the trail of the study.

mod columns;
mod export;

use http::Method;
use ports::Env;
use web::{Problem, Request, Streamed};

use crate::export::Export;

#[cfg(target_family = "wasm")]
edge::stream_service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Streamed<Export>, Problem> {
    let request = &request;
    match request.path().as_slice() {
        ["v1", "studies", id, "export"] => match *request.method() {
            Method::GET => export::export(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
