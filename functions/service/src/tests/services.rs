//! What can be booked.

use serde_json::json;
use testkit::World;

use super::{events, refused, send, service};
use crate::handle;

#[test]
fn a_service_is_made_read_and_changed() {
    let world = World::with_site();
    world.check(
        handle,
        r#"
POST /v1/services
authorization: Bearer {manager}

{ "name": "售后回访", "length_min": 20, "every_min": 10, "calendar_id": "china_office",
  "touchpoint_id": "tch_shop", "script": "您好", "is_public": true, "quiet": null }"#,
        r#"
201
location: *

{ "id": "*", "name": "售后回访", "is_active": true, "length_min": 20, "every_min": 10,
  "before_min": 0, "after_min": 5, "notice_min": 60, "horizon_days": 30, "hold_min": 5,
  "grace_min": 15, "asap_within_min": 60, "expires_days": 7, "skills": [], "quiet": null,
  "reminders_min": [1440, 60],
  "retries_min": { "no_answer": [30, 240, 1440], "busy": [10, 30, 120] },
  "calendar_id": "china_office", "survey_id": null, "touchpoint_id": "tch_shop",
  "script": "您好", "is_public": true, "version": 1, "created_at": "2026-11-22T01:30:00Z",
  "updated_at": "2026-11-22T01:30:00Z" }"#,
    );
    let (_, list) = send(&world, "viewer", "GET /v1/services", "");
    let id = list["items"][0]["id"].as_str().unwrap().to_owned();
    let line = format!("PATCH /v1/services/{id}");
    let (status, shown) =
        send(&world, "manager", &line, r#"{ "is_active": false, "skills": ["退换货"] }"#);
    assert_eq!((status, &shown["version"]), (200, &json!(2)));
    assert_eq!((&shown["length_min"], &shown["skills"]), (&json!(20), &json!(["退换货"])));
    let (_, found) = send(&world, "viewer", &format!("GET /v1/services/{id}"), "");
    assert_eq!(found, shown);
    assert_eq!(events(&world, "service.updated"), 1);
    let (_, verdict) = send(&world, "viewer", &format!("GET /v1/services/{id}/audit/verify"), "");
    assert_eq!(verdict["is_intact"], true);
}

#[test]
fn every_mistake_of_a_service_is_told() {
    let world = World::with_site();
    let line = "POST /v1/services";
    assert_eq!(refused(&world, line, "{}"), ["/name"]);
    let wrong = r#"{ "name": "x", "length_min": 7, "calendar_id": "cal_none", "colour": 1,
      "survey_id": "tch_shop", "touchpoint_id": "tch_none", "quiet": { "from": "9" } }"#;
    assert_eq!(
        refused(&world, line, wrong),
        [
            "/length_min",
            "/quiet/from",
            "/quiet/until",
            "/survey_id",
            "/touchpoint_id",
            "/calendar_id",
            "/colour",
        ]
    );
    assert_eq!(world.number("select count(*) from service"), 0);
}

#[test]
fn who_may_and_only_at_their_own_site() {
    let world = World::with_site();
    let id = service(&world);
    let item = format!("/v1/services/{id}");
    assert_eq!(send(&world, "viewer", "GET /v1/services", "").0, 200);
    assert_eq!(send(&world, "agent", "POST /v1/services", "{}").0, 403);
    assert_eq!(send(&world, "agent", &format!("PATCH {item}"), "{}").0, 403);
    assert_eq!(send(&world, "other", &format!("GET {item}"), "").0, 404);
    assert_eq!(send(&world, "other", &format!("PATCH {item}"), "{}").0, 404);
    let answer = world.send(handle, "GET /v1/services\n\n");
    assert_eq!(answer.status(), 401);
}

#[test]
fn a_service_is_made_once_and_changed_over_the_version_that_was_read() {
    let world = World::with_site();
    let made = "POST /v1/services\nidempotency-key: one";
    let body = r#"{ "name": "a" }"#;
    let (status, first) = send(&world, "manager", made, body);
    let (_, again) = send(&world, "manager", made, body);
    assert_eq!((status, &first), (201, &again));
    assert_eq!(send(&world, "manager", made, r#"{ "name": "b" }"#).0, 422);
    assert_eq!(world.number("select count(*) from service"), 1);
    let id = first["id"].as_str().unwrap();
    let change = |tag: &str| {
        let line = format!("PATCH /v1/services/{id}\nif-match: {tag}");
        send(&world, "manager", &line, r#"{ "name": "c" }"#).0
    };
    assert_eq!((change("\"v1\""), change("\"v1\"")), (200, 412));
}
