//! Whom tools ask: the sources of the components themselves, where they stand alone; the others
//! answer as their own transcripts have it.

use http::Method;
use ports::{Answer, Env, Outgoing, Unanswered};
use serde_json::Value;
use testkit::World;
use web::{Problem, Request, Response};

#[path = "../../../dashboard/src/callbacks.rs"]
mod callbacks;
#[path = "../../../casework/src/case.rs"]
#[expect(dead_code, reason = "a part of a component: no case is changed here")]
mod case;
#[path = "../../../voice/src/comments.rs"]
#[expect(dead_code, reason = "a part of a component, without its other lists")]
mod comments;
#[path = "../../../dashboard/src/complaints.rs"]
mod complaints;
#[path = "../../../dashboard/src/cut.rs"]
mod cut;
#[path = "../../../casework/src/deed.rs"]
#[expect(dead_code, reason = "a part of a component: nothing is done to many here")]
mod deed;
#[path = "../../../complaint/src/intake.rs"]
mod intake;
#[path = "../../../dashboard/src/overview.rs"]
mod overview;
#[path = "../../../complaint/src/list.rs"]
mod queue;
#[path = "../../../dashboard/src/scope.rs"]
mod scope;
#[path = "../../../complaint/src/search.rs"]
mod search;
#[path = "../../../admin/src/session.rs"]
mod session;
#[path = "../../../admin/src/site.rs"]
#[expect(dead_code, reason = "a part of a component: sites are listed here alone")]
mod site;
#[path = "../../../admin/src/touchpoint.rs"]
#[expect(dead_code, reason = "a part of a component: touchpoints are listed here alone")]
mod touchpoint;

fn put(into: &mut Value, name: &str, value: Value) {
    if let Some(into) = into.as_object_mut() {
        into.insert(name.to_owned(), value);
    }
}

async fn admin(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match request.path().as_slice() {
        ["v1", "session"] => session::route(env, &request).await,
        ["v1", "sites"] => site::list(env, &request).await,
        ["v1", "touchpoints"] => touchpoint::list(env, &request).await,
        _ => Err(Problem::not_found()),
    }
}

async fn dashboard(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match request.path().as_slice() {
        ["v1", "dashboard"] => overview::show(env, &request).await,
        ["v1", "complaint-figures"] => cut::show::<complaints::Complaints>(env, &request).await,
        ["v1", "callback-figures"] => cut::show::<callbacks::Calls>(env, &request).await,
        _ => Err(Problem::not_found()),
    }
}

async fn complaint(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match *request.method() {
        Method::GET => queue::list(env, &request).await,
        _ => intake::create(env, &request).await,
    }
}

async fn casework(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match request.path().as_slice() {
        ["v1", "complaints", id] => case::show(env, &request, id).await,
        ["v1", "complaints", id, act] => case::act(env, &request, id, act).await,
        _ => Err(Problem::not_found()),
    }
}

async fn voice(env: &impl Env, request: Request) -> Result<Response, Problem> {
    comments::list(env, &request).await
}

/// What the real ones answer; nothing of those that are not here.
pub(crate) fn answer(world: &World, call: &Outgoing) -> Result<Answer, Unanswered> {
    let host = call.url.trim_start_matches("http://").split('.').next().unwrap_or("");
    match host {
        "admin" => Ok(world.asked(admin, call)),
        "dashboard" => Ok(world.asked(dashboard, call)),
        "complaint" => Ok(world.asked(complaint, call)),
        "casework" => Ok(world.asked(casework, call)),
        "voice" => Ok(world.asked(voice, call)),
        _ => Err(Unanswered::Unreachable),
    }
}
