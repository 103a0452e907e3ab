//! Configuration: sites and their keys, touchpoints, and the people who work here.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/sites`, `/v1/sites/{id}` | GET, POST · GET, PATCH |
//! | `/v1/keys`, `/v1/keys/{id}` | GET, POST · GET, DELETE |
//! | `/v1/session` | GET, POST, DELETE |
//! | `/v1/sessions`, `/v1/sessions/{id}` | GET, DELETE · DELETE |
//! | `/v1/touchpoints`, `/v1/touchpoints/{id}` | GET, POST · GET, PATCH |
//! | `/v1/departments`, `/v1/departments/{id}` | GET, POST · GET, PATCH |
//! | `/v1/agents`, `/v1/agents/{id}` | GET, POST · GET, PATCH |
//! | `/v1/templates`, `/v1/templates/{id}` | GET, POST · GET, PATCH |
//! | `/v1/agents/{id}/feed` | POST, DELETE: the secret address of their calendar |
//! | `/v1/rebuild`, `/v1/rebuild/{id}` | POST · GET |
//! | `…/{id}/audit`, `…/{id}/audit/verify` | GET |

mod agent;
mod department;
mod key;
mod rebuild;
mod session;
mod sessions;
mod site;
mod template;
mod touchpoint;

use app::audit;
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    let path = request.path();
    let ["v1", family, rest @ ..] = path.as_slice() else { return Err(Problem::not_found()) };
    match (*family, rest) {
        ("session", []) => session::route(env, request).await,
        ("sessions", []) => match *request.method() {
            Method::GET => sessions::list(env, request).await,
            Method::DELETE => sessions::close_all(env, request).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, DELETE")),
        },
        ("sessions", [id]) => match *request.method() {
            Method::DELETE => sessions::close(env, request, id).await,
            _ => Err(Problem::method_not_allowed("DELETE")),
        },
        ("rebuild", []) => rebuild::start(env, request).await,
        ("rebuild", [id]) => rebuild::show(env, request, id).await,
        ("sites", []) => match *request.method() {
            Method::GET => site::list(env, request).await,
            Method::POST => site::create(env, request).await,
            _ => Err(Problem::method_not_allowed(COLLECTION)),
        },
        ("sites", [id]) => match *request.method() {
            Method::GET => site::show(env, request, id).await,
            Method::PATCH => site::change(env, request, id).await,
            _ => Err(Problem::method_not_allowed(ITEM)),
        },
        ("keys", []) => match *request.method() {
            Method::GET => key::list(env, request).await,
            Method::POST => key::create(env, request).await,
            _ => Err(Problem::method_not_allowed(COLLECTION)),
        },
        ("keys", [id]) => match *request.method() {
            Method::GET => key::show(env, request, id).await,
            Method::DELETE => key::revoke(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, DELETE")),
        },
        ("touchpoints", []) => match *request.method() {
            Method::GET => touchpoint::list(env, request).await,
            Method::POST => touchpoint::create(env, request).await,
            _ => Err(Problem::method_not_allowed(COLLECTION)),
        },
        ("touchpoints", [id]) => match *request.method() {
            Method::GET => touchpoint::show(env, request, id).await,
            Method::PATCH => touchpoint::change(env, request, id).await,
            _ => Err(Problem::method_not_allowed(ITEM)),
        },
        _ => people(env, request, family, rest).await,
    }
}

const COLLECTION: &str = "GET, HEAD, POST";
const ITEM: &str = "GET, HEAD, PATCH";

async fn people(
    env: &impl Env,
    request: &Request,
    family: &str,
    rest: &[&str],
) -> Result<Response, Problem> {
    match (family, rest) {
        ("departments", []) => match *request.method() {
            Method::GET => department::list(env, request).await,
            Method::POST => department::create(env, request).await,
            _ => Err(Problem::method_not_allowed(COLLECTION)),
        },
        ("departments", [id]) => match *request.method() {
            Method::GET => department::show(env, request, id).await,
            Method::PATCH => department::change(env, request, id).await,
            _ => Err(Problem::method_not_allowed(ITEM)),
        },
        ("templates", []) => match *request.method() {
            Method::GET => template::list(env, request).await,
            Method::POST => template::create(env, request).await,
            _ => Err(Problem::method_not_allowed(COLLECTION)),
        },
        ("templates", [id]) => match *request.method() {
            Method::GET => template::show(env, request, id).await,
            Method::PATCH => template::change(env, request, id).await,
            _ => Err(Problem::method_not_allowed(ITEM)),
        },
        ("agents", []) => match *request.method() {
            Method::GET => agent::list(env, request).await,
            Method::POST => agent::create(env, request).await,
            _ => Err(Problem::method_not_allowed(COLLECTION)),
        },
        ("agents", [id]) => match *request.method() {
            Method::GET => agent::show(env, request, id).await,
            Method::PATCH => agent::change(env, request, id).await,
            _ => Err(Problem::method_not_allowed(ITEM)),
        },
        ("agents", [id, "feed"]) => match *request.method() {
            Method::POST => agent::make_feed(env, request, id).await,
            Method::DELETE => agent::drop_feed(env, request, id).await,
            _ => Err(Problem::method_not_allowed("POST, DELETE")),
        },
        (
            "sites" | "keys" | "touchpoints" | "departments" | "agents" | "templates",
            [subject, "audit", what @ ..],
        ) => audit::trail(env, request, subject, what).await,
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
