//! Asking customers on purpose: links to give away, and programmes that ask a sample of customers
//! again and again.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/studies/{id}/links` | POST |
//! | `/v1/studies/{id}/displays` | GET |
//! | `/v1/programmes`, `/v1/programmes/{id}` | GET, POST · GET, PATCH |
//! | `/v1/programmes/{id}/waves` | GET |
//! | `/v1/waves/{id}` | GET |
//! | `/v1/waves/{id}/invitations`, `/invitations/{id}` | GET |
//! | `…/{id}/audit`, `/audit/verify` of a programme, a wave and an invitation | GET |
//!
//! Here waves are planned and looked at; `functions/invite` opens and closes them in time.

mod displays;
mod links;
mod programme;
mod wave;

use app::audit;
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(links::BODY_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    match request.path().as_slice() {
        ["v1", "studies", id, "links"] => match *request.method() {
            Method::POST => links::make(env, request, id).await,
            _ => Err(Problem::method_not_allowed("POST")),
        },
        ["v1", "studies", id, "displays"] => match *request.method() {
            Method::GET => displays::list(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
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
