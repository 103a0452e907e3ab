//! The catalogue of events: an OpenAPI document whose `webhooks` are their types.

use app::auth;
use ports::Env;
use web::{Problem, Request, Response};

/// `catalogue/*.json` put together by `build.rs`, without blanks.
const CATALOGUE: &str = include_str!(concat!(env!("OUT_DIR"), "/catalogue.json"));
/// The names of all types, each in a line of its own.
const TYPES: &str = include_str!(concat!(env!("OUT_DIR"), "/types.txt"));

/// The whole catalogue.
pub(crate) async fn show(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    auth::viewer(env, request).await?;
    request.no_query()?;
    Ok(web::response::bytes("application/json", CATALOGUE.as_bytes().to_vec()))
}

/// Whether there is such a type.
pub(crate) fn has(kind: &str) -> bool {
    TYPES.lines().any(|it| it == kind)
}
