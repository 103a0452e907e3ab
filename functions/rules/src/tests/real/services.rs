//! `service`, without the numbers that are never called.

#[path = "../../../../service/src/rule.rs"]
mod rule;
#[path = "../../../../service/src/service.rs"]
mod service;

use app::audit;
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

pub(crate) async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    let is_get = *request.method() == Method::GET;
    match request.path().as_slice() {
        ["v1", "services"] if is_get => service::list(env, request).await,
        ["v1", "services"] => service::create(env, request).await,
        ["v1", "services", id] if is_get => service::show(env, request, id).await,
        ["v1", "services", id] => service::change(env, request, id).await,
        ["v1", "call-rules"] if is_get => rule::list(env, request).await,
        ["v1", "call-rules"] => rule::create(env, request).await,
        ["v1", "call-rules", id] if is_get => rule::show(env, request, id).await,
        ["v1", "call-rules", id] => rule::change(env, request, id).await,
        ["v1", _, id, "audit", what @ ..] => audit::trail(env, request, id, what).await,
        _ => Err(Problem::not_found()),
    }
}
