//! `/v1/programmes` and `/v1/waves`: surveys that are asked again and again of a sample of customers.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/programmes`, `/v1/programmes/{id}` | GET, POST · GET, PATCH |
//! | `/v1/programmes/{id}/waves` | GET |
//! | `/v1/waves/{id}` | GET |
//! | `/v1/waves/{id}/invitations`, `/invitations/{id}` | GET |
//! | `…/{id}/audit`, `/audit/verify` of a programme, a wave and an invitation | GET |
//!
//! Here they are planned and looked at; `functions/invite` opens and closes them in time.

mod programme;
mod wave;

use app::audit;
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    match request.path().as_slice() {
        ["v1", "programmes", rest @ ..] => programmes(env, request, rest).await,
        ["v1", "waves", rest @ ..] => waves(env, request, rest).await,
        _ => Err(Problem::not_found()),
    }
}

async fn programmes(env: &impl Env, request: &Request, rest: &[&str]) -> Result<Response, Problem> {
    match rest {
        [] => match *request.method() {
            Method::GET => programme::list(env, request).await,
            Method::POST => programme::create(env, request).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        },
        [id] => match *request.method() {
            Method::GET => programme::show(env, request, id).await,
            Method::PATCH => programme::change(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, PATCH")),
        },
        [id, "waves"] => match *request.method() {
            Method::GET => wave::list(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
        [id, "audit", what @ ..] => audit::trail(env, request, id, what).await,
        _ => Err(Problem::not_found()),
    }
}

async fn waves(env: &impl Env, request: &Request, rest: &[&str]) -> Result<Response, Problem> {
    if let [subject, "audit", what @ ..] | [_, "invitations", subject, "audit", what @ ..] = rest {
        return audit::trail(env, request, subject, what).await;
    }
    if !matches!(rest, [_] | [_, "invitations"] | [_, "invitations", _]) {
        return Err(Problem::not_found());
    }
    if *request.method() != Method::GET {
        return Err(Problem::method_not_allowed("GET, HEAD"));
    }
    match rest {
        [id] => wave::show(env, request, id).await,
        [id, "invitations", one] => wave::invitation(env, request, id, one).await,
        [id, ..] => wave::invitations(env, request, id).await,
        [] => Err(Problem::not_found()),
    }
}
