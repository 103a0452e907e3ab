//! `/v1/policies`: what a site's complaints go by.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/policies/{kind}` | GET: what is in force |
//! | `/v1/policies/{kind}/draft`, `…/publish` | GET, PUT · POST |
//! | `/v1/policies/{kind}/versions`, `…/versions/{number}` | GET |
//! | `/v1/policies/{kind}/audit`, `…/audit/verify` | GET |
//!
//! Reading is a viewer's, changing a manager's. Cases keep the version that they were graded by,
//! and their clocks follow what is published: the tick looks at each open one again.

mod kinds;
mod policy;

use app::{audit, auth};
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

/// The longest body: a grading policy with its words.
pub(crate) const BYTES_MAX: usize = 256 * 1024;

#[cfg(target_family = "wasm")]
edge::service!(BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    match request.path().as_slice() {
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
        ["audit", ..] if *request.method() != Method::GET => {
            Err(Problem::method_not_allowed("GET, HEAD"))
        }
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
