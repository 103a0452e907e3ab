//! The catalogue of events: an OpenAPI document whose `webhooks` are their types.

use web::{Problem, Request, Response};

use crate::packed::unpack;

/// `catalogue/*.json` put together and packed by `build.rs`.
const CATALOGUE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/catalogue.packed"));
/// The names of all types, each in a line of its own.
const TYPES: &str = include_str!(concat!(env!("OUT_DIR"), "/types.txt"));

/// The whole catalogue.
pub(crate) fn show(request: &Request) -> Result<Response, Problem> {
    request.no_query()?;
    Ok(web::response::bytes("application/json", unpack(CATALOGUE)))
}

/// Whether there is such a type.
pub(crate) fn has(kind: &str) -> bool {
    TYPES.lines().any(|it| it == kind)
}
