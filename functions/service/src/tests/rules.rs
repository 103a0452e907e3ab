//! Which events lead to which calls.

use serde_json::{Value, json};
use testkit::World;

use super::{events, refused, send, service};
use crate::handle;

#[test]
fn a_rule_is_made_read_and_changed() {
    let world = World::with_site();
    let id = service(&world);
    world.name("service", &id);
    world.check(
        handle,
        r#"
POST /v1/call-rules
authorization: Bearer {manager}

{ "event": "complaint.solved", "service_id": "{service}", "delay_min": 1440 }"#,
        r#"
201
location: *

{ "id": "*", "event": "complaint.solved", "purpose": "solved_case", "service_id": "*",
  "is_active": true, "delay_min": 1440, "within_min": 4320, "every_days": 90, "groups": [],
  "nps_max": 6, "csat_max": 2, "version": 1, "created_at": "2026-11-22T01:30:00Z",
  "updated_at": "2026-11-22T01:30:00Z" }"#,
    );
    let (_, list) = send(&world, "viewer", "GET /v1/call-rules", "");
    let rule = list["items"][0]["id"].as_str().unwrap().to_owned();
    let line = format!("PATCH /v1/call-rules/{rule}");
    let body = r#"{ "event": "customer", "groups": ["core"], "is_active": false }"#;
    let (status, shown) = send(&world, "manager", &line, body);
    assert_eq!((status, &shown["version"]), (200, &json!(2)), "{shown}");
    // What the call is for follows.
    assert_eq!((&shown["purpose"], &shown["groups"]), (&json!("core_visit"), &json!(["core"])));
    let (_, found) = send(&world, "viewer", &format!("GET /v1/call-rules/{rule}"), "");
    assert_eq!(found, shown);
    assert_eq!((events(&world, "call_rule.created"), events(&world, "call_rule.updated")), (1, 1));
    let (_, trail) = send(&world, "viewer", &format!("GET /v1/call-rules/{rule}/audit"), "");
    assert_eq!(trail["items"].as_array().map(Vec::len), Some(2));
}

#[test]
fn every_event_has_the_calls_that_make_sense_after_it() {
    let world = World::with_site();
    let id = service(&world);
    for (event, purpose) in [
        ("complaint.solved", "solved_case"),
        ("order.completed", "purchase_visit"),
        ("response.created", "recovery"),
        ("customer", "core_visit"),
    ] {
        for wanted in ["solved_case", "purchase_visit", "recovery", "core_visit"] {
            let body = json!({ "event": event, "purpose": wanted, "service_id": id });
            let (status, shown) = send(&world, "manager", "POST /v1/call-rules", &body.to_string());
            let expected = if wanted == purpose { 201 } else { 422 };
            assert_eq!(status, expected, "{event} {wanted} {shown}");
            if status == 422 {
                assert_eq!(shown["errors"][0]["pointer"], "/purpose");
            }
        }
    }
    assert_eq!(world.number("select count(*) from call_rule"), 4);
}

#[test]
fn every_mistake_of_a_rule_is_told() {
    let world = World::with_site();
    let line = "POST /v1/call-rules";
    assert_eq!(refused(&world, line, "{}"), ["/event", "/purpose", "/service_id"]);
    let wrong = r#"{ "event": "order.completed", "purpose": "request", "service_id": "svc_none",
      "delay_min": 60, "within_min": 60, "groups": ["x"], "nps_max": 11, "colour": 1 }"#;
    assert_eq!(
        refused(&world, line, wrong),
        ["/purpose", "/within_min", "/groups/0", "/nps_max", "/service_id", "/colour"]
    );
    // That of another site is none.
    let (_, other) = send(&world, "other", "POST /v1/services", r#"{ "name": "x" }"#);
    let body = json!({ "event": "customer", "service_id": other["id"] });
    assert_eq!(refused(&world, line, &body.to_string()), ["/service_id"]);
}

#[test]
fn who_may_change_rules() {
    let world = World::with_site();
    let id = service(&world);
    let body = json!({ "event": "customer", "service_id": id }).to_string();
    let (_, rule) = send(&world, "manager", "POST /v1/call-rules", &body);
    let item = format!("/v1/call-rules/{}", rule["id"].as_str().unwrap());
    assert_eq!(send(&world, "agent", "POST /v1/call-rules", &body).0, 403);
    assert_eq!(send(&world, "agent", &format!("PATCH {item}"), "{}").0, 403);
    assert_eq!(send(&world, "other", &format!("GET {item}"), "").0, 404);
    let (status, shown) = send(&world, "manager", &format!("PATCH {item}\nif-match: \"v7\""), "{}");
    assert_eq!((status, shown["type"].as_str().is_some()), (412, true));
    assert_ne!(rule["service_id"], Value::Null);
}
