//! `/v1/comments`, `/v1/keywords`, `/v1/models`: what customers wrote, what it says together,
//! and the models that read it.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/comments`, `/v1/comments/{response}.{question}` | GET · GET, PATCH |
//! | `/v1/comments/{id}/audit`, `/audit/verify` | GET |
//! | `/v1/keywords`, `/v1/keywords/topics`, `/v1/keywords/alike` | GET |
//! | `/v1/models`, `/v1/models/{topic or sentiment}` | GET · GET, PUT, DELETE |
//! | `/v1/models/{kind}/train`, `/v1/models/{kind}/labels` | POST · GET |
//!
//! Nothing is read here that was not read before: the tick reads texts, makes digests and fits
//! models. So of `words` only the format of a model and the names of topics come along.

mod comments;
mod keywords;
mod models;

use app::audit;
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(models::MODEL_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    match request.path().as_slice() {
        ["v1", "comments"] => match *request.method() {
            Method::GET => comments::list(env, request).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
        ["v1", "comments", id] => match *request.method() {
            Method::GET => comments::show(env, request, id).await,
            Method::PATCH => comments::change(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, PATCH")),
        },
        ["v1", "comments", id, "audit", what @ ..] => audit::trail(env, request, id, what).await,
        ["v1", "keywords"] => match *request.method() {
            Method::GET => keywords::list(env, request).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
        ["v1", "keywords", "topics"] => match *request.method() {
            Method::GET => keywords::topics(env, request).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
        ["v1", "keywords", "alike"] => match *request.method() {
            Method::GET => keywords::alike(env, request).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
        ["v1", "models"] => match *request.method() {
            Method::GET => models::list(env, request).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
        ["v1", "models", kind @ (models::TOPIC | models::SENTIMENT), rest @ ..] => {
            model(env, request, kind, rest).await
        }
        _ => Err(Problem::not_found()),
    }
}

async fn model(
    env: &impl Env,
    request: &Request,
    kind: &str,
    rest: &[&str],
) -> Result<Response, Problem> {
    match rest {
        [] => match *request.method() {
            Method::GET => models::show(env, request, kind).await,
            Method::PUT => models::replace(env, request, kind).await,
            Method::DELETE => models::remove(env, request, kind).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, PUT, DELETE")),
        },
        ["train"] => match *request.method() {
            Method::POST => models::train(env, request, kind).await,
            _ => Err(Problem::method_not_allowed("POST")),
        },
        ["labels"] => match *request.method() {
            Method::GET => models::labels(env, request, kind).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
