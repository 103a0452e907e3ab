//! Who stands behind the pages: customers as their component has them, and a canned desk of staff.

use std::cell::RefCell;
use std::rc::Rc;

use http::Method;
use ports::{Answer, Env, Outgoing, Unanswered, Verb};
use serde_json::{Value, json};
use testkit::World;
use web::{Problem, Request, Response};

#[path = "../../../customer/src/customer.rs"]
mod customer;
#[path = "../../../customer/src/list.rs"]
mod list;
#[path = "../../../customer/src/profile.rs"]
mod profile;
#[path = "../../../customer/src/told.rs"]
mod told;

/// What the component `customer` answers.
async fn api(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    match (request.path().as_slice(), request.method()) {
        (["v1", "customers"], &Method::GET) => list::list(env, request).await,
        (["v1", "customers"], _) => customer::create(env, request).await,
        (["v1", "customers", id, "audit", what @ ..], _) => {
            app::audit::trail(env, request, id, what).await
        }
        (["v1", "customers", id, "summary"], _) => profile::summary(env, request, id).await,
        (["v1", "customers", id, "timeline"], _) => profile::timeline(env, request, id).await,
        (["v1", "customers", id], &Method::GET) => customer::show(env, request, id).await,
        (["v1", "customers", id], &Method::PATCH) => customer::change(env, request, id).await,
        (["v1", "customers", id], &Method::DELETE) => customer::erase(env, request, id).await,
        (["v1", "orders"], _) => told::orders(env, request).await,
        (["v1", "orders", id], _) => told::order(env, request, id).await,
        (["v1", "messages"], _) => told::messages(env, request).await,
        (["v1", "messages", id], _) => told::message(env, request, id).await,
        _ => Err(Problem::not_found()),
    }
}

/// The calls that changed something.
pub(crate) type Calls = Rc<RefCell<Vec<Outgoing>>>;

/// A world in which somebody of a role is signed in, and the calls of their pages that change
/// something. Neighbours of the names in `gone` do not answer.
pub(crate) fn world(role: &'static str, gone: &'static str) -> (World, Calls) {
    let world = World::with_site();
    let calls = Calls::default();
    let noted = Rc::clone(&calls);
    world.receive(move |world, call| {
        let target = call.url.strip_prefix("http://").unwrap();
        let (host, path) = target.split_once(".spin.internal").unwrap();
        if !gone.is_empty() && path.contains(gone) {
            return Err(Unanswered::Unreachable);
        }
        let canned = |told: Value| {
            let body = told.to_string().into_bytes();
            Ok(Answer { status: 200, headers: Vec::new(), body })
        };
        match (host, path.split('?').next().unwrap()) {
            ("admin", "/v1/session") => canned(json!({
                "role": role, "site_id": (role != "admin").then_some("sit_shop"),
                "actor": format!("key:key_{role}"), "agent_id": null, "agent": null,
                "site": { "id": "sit_shop", "name": "鹿鸣", "zone": "Asia/Shanghai" }
            })),
            ("admin", "/v1/agents") => canned(json!({
                "items": [{ "id": "agt_lan", "name": "周岚" }], "next": null
            })),
            ("customer", _) => {
                if call.verb != Verb::Get {
                    noted.borrow_mut().push(call.clone());
                }
                Ok(world.asked(api, call))
            }
            other => panic!("nobody asks {other:?}"),
        }
    });
    (world, calls)
}
