//! Calendars, told in requests and answers.

mod calendars;
mod files;

use serde_json::Value;
use store::cases::{self, Case};
use testkit::World;

/// Sends a request as a role, and returns status and body.
fn send(world: &World, role: &str, line: &str, body: &str) -> (u16, Value) {
    let request = format!("{line}\nauthorization: Bearer {{{role}}}\n\n{body}");
    let answer = world.send(super::handle, &request);
    let shown = serde_json::from_slice(answer.body()).unwrap_or(Value::Null);
    (answer.status().as_u16(), shown)
}

/// The body of a request that succeeds.
#[track_caller]
fn get(world: &World, line: &str) -> Value {
    let (status, shown) = send(world, "viewer", line, "");
    assert_eq!(status, 200, "{line} {shown}");
    shown
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

/// Adds a case of a site in some state that nothing happens to.
fn case(world: &World, id: &str, site_id: &str, state: &str) {
    world.run(cases::insert(&Case {
        id: id.into(),
        site_id: site_id.into(),
        version: 1,
        number: id.into(),
        once: id.into(),
        state: state.into(),
        grade: "none".into(),
        urgency: "normal".into(),
        source: "staff".into(),
        grading: "{}".into(),
        assigned: "{}".into(),
        ..Case::default()
    }));
}

/// The cases that the tick looks at now, and the others.
fn woken(world: &World) -> (i64, i64) {
    let now = format!("select count(*) from complaint where next_step_ms = {}", testkit::START);
    let others = "select count(*) from complaint where next_step_ms is null";
    (world.number(&now), world.number(others))
}
