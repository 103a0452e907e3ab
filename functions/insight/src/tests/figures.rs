//! The real `/v1/complaint-figures` and `/v1/callback-figures`: the sources of `dashboard`.

use http::Method;
use ports::Env;
use serde_json::Value;
use web::{Problem, Request, Response};

#[path = "../../../dashboard/src/callbacks.rs"]
#[expect(dead_code, reason = "a part of a component, without its overview")]
mod callbacks;
#[path = "../../../dashboard/src/complaints.rs"]
#[expect(dead_code, reason = "a part of a component, without its overview")]
mod complaints;
#[path = "../../../dashboard/src/cut.rs"]
mod cut;

/// Answers as `dashboard` does.
pub(crate) async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    assert_eq!(*request.method(), Method::GET);
    match request.path().as_slice() {
        ["v1", "complaint-figures"] => cut::show::<complaints::Complaints>(env, &request).await,
        ["v1", "callback-figures"] => cut::show::<callbacks::Calls>(env, &request).await,
        _ => Err(Problem::not_found()),
    }
}

fn put(into: &mut Value, name: &str, value: Value) {
    if let Some(into) = into.as_object_mut() {
        into.insert(name.to_owned(), value);
    }
}
