//! `/v1/calendars` and `/v1/policies`: working hours, and what a site's complaints go by.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/calendars`, `/v1/calendars/{id}` | GET, POST · GET, PATCH |
//! | `/v1/calendars/{id}/days` | POST: a file of holidays |
//! | `/v1/calendars/{id}/reading` | GET: when something would be due |
//! | `/v1/policies/{kind}` | GET: what is in force |
//! | `/v1/policies/{kind}/draft`, `…/publish` | GET, PUT · POST |
//! | `/v1/policies/{kind}/versions`, `…/versions/{number}` | GET |
//! | `/v1/calendars/{id}/audit`, `/v1/policies/{kind}/audit`, `…/audit/verify` | GET |
//!
//! Reading is a viewer's, changing a manager's. Cases keep the version that they were graded by,
//! and their clocks follow what is published: the tick looks at each open one again.

mod calendar;
mod days;
mod kinds;
mod policy;
mod reading;

use app::{audit, auth};
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

/// The longest body: some hundred exceptions, or a grading policy with its words.
pub(crate) const BYTES_MAX: usize = 256 * 1024;

#[cfg(target_family = "wasm")]
edge::service!(BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    match request.path().as_slice() {
        ["v1", "calendars"] => match *request.method() {
            Method::GET => calendar::list(env, request).await,
            Method::POST => calendar::create(env, request).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        },
        ["v1", "calendars", id] => match *request.method() {
            Method::GET => calendar::show(env, request, id).await,
            Method::PATCH if !calendar::is_built_in(id) => calendar::change(env, request, id).await,
            _ if calendar::is_built_in(id) => Err(Problem::method_not_allowed("GET, HEAD")),
            _ => Err(Problem::method_not_allowed("GET, HEAD, PATCH")),
        },
        ["v1", "calendars", id, "days"] if !calendar::is_built_in(id) => match *request.method() {
            Method::POST => days::load(env, request, id).await,
            _ => Err(Problem::method_not_allowed("POST")),
        },
        ["v1", "calendars", id, "reading"] => match *request.method() {
            Method::GET => reading::show(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
        ["v1", "calendars", id, "audit", what @ ..] => audit::trail(env, request, id, what).await,
        ["v1", "policies", kind, rest @ ..] if kinds::KINDS.contains(kind) => {
            of_kind(env, request, kind, rest).await
        }
        _ => Err(Problem::not_found()),
    }
}

async fn of_kind(
    env: &impl Env,
    request: &Request,
    kind: &str,
    rest: &[&str],
) -> Result<Response, Problem> {
    match rest {
        [] => match *request.method() {
            Method::GET => policy::show(env, request, kind).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
        ["draft"] => match *request.method() {
            Method::GET => policy::draft(env, request, kind).await,
            Method::PUT => policy::write_draft(env, request, kind).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, PUT")),
        },
        ["publish"] => match *request.method() {
            Method::POST => policy::publish(env, request, kind).await,
            _ => Err(Problem::method_not_allowed("POST")),
        },
        ["versions"] => match *request.method() {
            Method::GET => policy::versions(env, request, kind).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
        ["versions", number] => match *request.method() {
            Method::GET => policy::version(env, request, kind, number).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
        ["audit", what @ ..] => {
            let viewer = auth::viewer(env, request).await?;
            let found = policy::find(env, &viewer.site_id, kind).await?;
            let it = found.ok_or_else(Problem::not_found)?;
            audit::trail(env, request, &it.id, what).await
        }
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
