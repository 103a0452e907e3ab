//! What call-backs go by, told in requests and answers.

mod numbers;
mod rules;
mod services;
mod supply;

use serde_json::Value;
use testkit::World;

/// Sends a request as a role, and returns status and body.
fn send(world: &World, role: &str, line: &str, body: &str) -> (u16, Value) {
    let request = format!("{line}\nauthorization: Bearer {{{role}}}\n\n{body}");
    let answer = world.send(super::handle, &request);
    let shown = serde_json::from_slice(answer.body()).unwrap_or(Value::Null);
    (answer.status().as_u16(), shown)
}

/// Where a refused request is wrong.
#[track_caller]
fn refused(world: &World, line: &str, body: &str) -> Vec<String> {
    let (status, shown) = send(world, "manager", line, body);
    assert_eq!(status, 422, "{line} {shown}");
    let text = |it: &Value| it.as_str().unwrap_or("").to_owned();
    let place = |it: &Value| text(it.get("pointer").unwrap_or(&it["parameter"]));
    shown["errors"].as_array().unwrap().iter().map(place).collect()
}

/// A service, and its id.
fn service(world: &World) -> String {
    let (status, shown) =
        send(world, "manager", "POST /v1/services", r#"{ "name": "售后回访", "length_min": 10 }"#);
    assert_eq!(status, 201, "{shown}");
    shown["id"].as_str().unwrap().to_owned()
}

/// Events of a kind, as text.
fn events(world: &World, kind: &str) -> i64 {
    world.number(&format!("select count(*) from event where kind = '{kind}'"))
}

#[test]
fn a_broken_database_is_told_of_without_detail() {
    let world = World::with_site();
    world.break_database();
    let (status, shown) = send(&world, "viewer", "GET /v1/services", "");
    assert_eq!((status, &shown["detail"]), (503, &Value::Null));
    assert!(world.logged_cause().is_some());
}

#[test]
fn only_what_is_there_is_answered() {
    let world = World::with_site();
    for line in ["PUT /v1/services", "DELETE /v1/services/x", "PUT /v1/call-rules/x"] {
        assert_eq!(send(&world, "admin", line, "").0, 405, "{line}");
    }
    for line in ["GET /v1/do-not-call/x", "PATCH /v1/call-rules"] {
        assert_eq!(send(&world, "admin", line, "").0, 405, "{line}");
    }
    assert_eq!(send(&world, "admin", "GET /v1/services/x/y", "").0, 404);
}
