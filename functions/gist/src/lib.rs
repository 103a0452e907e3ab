//! `POST /internal/tick/gist`: what the comments of a site say together. Words that stand out,
//! comments that say the same, and models that learn from what staff said.
//!
//! All of it is made here and only read elsewhere, so that a page costs the same whatever there
//! is to read.

mod digest;
mod train;

use app::tick::tick;
use ports::Env;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// What this component does.
const KINDS: &str = r#"["digest","train"]"#;

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match request.path().as_slice() {
        ["internal", "tick", "gist"] => {}
        _ => return Err(Problem::not_found()),
    }
    tick(env, &request, KINDS, async |job, lease| match job.kind.as_str() {
        "train" => train::train(env, job, lease).await,
        _ => digest::all(env, job, lease).await,
    })
    .await
}

#[cfg(test)]
mod tests;
