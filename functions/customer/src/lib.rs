//! `/v1/customers`: who they are to the company, and what may be asked of them.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/customers`, `/v1/customers/{id}` | GET, POST · GET, PATCH, DELETE |
//! | `…/{id}/summary`, `/timeline`, `/export` | GET |
//! | `/v1/orders`, `/v1/orders/{id}` · `/v1/messages`, `/v1/messages/{id}` | GET |
//! | `…/{id}/audit`, `/audit/verify` of each | GET |
//!
//! `DELETE` erases: contacts, free text and the link from responses go, scores stay.

mod customer;
mod file;
mod list;
mod profile;
mod told;

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
        ["v1", "customers"] => match *request.method() {
            Method::GET => list::list(env, request).await,
            Method::POST => customer::create(env, request).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        },
        ["v1", "customers", id] => match *request.method() {
            Method::GET => customer::show(env, request, id).await,
            Method::PATCH => customer::change(env, request, id).await,
            Method::DELETE => customer::erase(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, PATCH, DELETE")),
        },
        ["v1", "customers", id, what @ ("summary" | "timeline" | "export")] => {
            if *request.method() != Method::GET {
                return Err(Problem::method_not_allowed("GET, HEAD"));
            }
            match *what {
                "summary" => profile::summary(env, request, id).await,
                "timeline" => profile::timeline(env, request, id).await,
                _ => file::export(env, request, id).await,
            }
        }
        ["v1", "customers", id, "audit", what @ ..] => audit::trail(env, request, id, what).await,
        ["v1", "orders" | "messages", id, "audit", what @ ..] => {
            audit::trail(env, request, id, what).await
        }
        ["v1", what @ ("orders" | "messages"), rest @ ..] if rest.len() < 2 => {
            if *request.method() != Method::GET {
                return Err(Problem::method_not_allowed("GET, HEAD"));
            }
            match (*what, rest.first()) {
                ("orders", None) => told::orders(env, request).await,
                ("orders", Some(id)) => told::order(env, request, id).await,
                (_, None) => told::messages(env, request).await,
                (_, Some(id)) => told::message(env, request, id).await,
            }
        }
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
