//! The real configuration: the parts of `admin`.

use app::audit;
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

#[path = "../../../admin/src/agent.rs"]
#[expect(dead_code, reason = "a part of a component")]
mod agent;
#[path = "../../../admin/src/department.rs"]
mod department;
#[path = "../../../admin/src/key.rs"]
mod key;
#[path = "../../../admin/src/session.rs"]
mod session;
#[path = "../../../admin/src/site.rs"]
mod site;
#[path = "../../../admin/src/touchpoint.rs"]
mod touchpoint;

/// Answers as `admin` does.
pub(crate) async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    let path = request.path();
    let ["v1", family, rest @ ..] = path.as_slice() else { return Err(Problem::not_found()) };
    let method = request.method().clone();
    match (*family, rest) {
        ("session", []) => session::route(env, request).await,
        (_, [id, "audit", what @ ..]) => audit::trail(env, request, id, what).await,
        ("sites", []) if method == Method::GET => site::list(env, request).await,
        ("sites", []) => site::create(env, request).await,
        ("sites", [id]) if method == Method::GET => site::show(env, request, id).await,
        ("sites", [id]) => site::change(env, request, id).await,
        ("keys", []) if method == Method::GET => key::list(env, request).await,
        ("keys", []) => key::create(env, request).await,
        ("keys", [id]) if method == Method::GET => key::show(env, request, id).await,
        ("keys", [id]) => key::revoke(env, request, id).await,
        ("touchpoints", []) if method == Method::GET => touchpoint::list(env, request).await,
        ("touchpoints", []) => touchpoint::create(env, request).await,
        ("touchpoints", [id]) if method == Method::GET => touchpoint::show(env, request, id).await,
        ("touchpoints", [id]) => touchpoint::change(env, request, id).await,
        ("departments", []) if method == Method::GET => department::list(env, request).await,
        ("departments", []) => department::create(env, request).await,
        ("departments", [id]) if method == Method::GET => department::show(env, request, id).await,
        ("departments", [id]) => department::change(env, request, id).await,
        ("agents", []) if method == Method::GET => agent::list(env, request).await,
        ("agents", []) => agent::create(env, request).await,
        ("agents", [id]) if method == Method::GET => agent::show(env, request, id).await,
        ("agents", [id, "feed"]) => agent::make_feed(env, request, id).await,
        ("agents", [id]) => agent::change(env, request, id).await,
        _ => Err(Problem::not_found()),
    }
}
