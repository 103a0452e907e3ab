//! The ledger, told in requests and answers.

mod ranking;

use serde_json::Value;
use store::cases::Case;
use testkit::World;

/// 2026-11-22, the day of [`testkit::START`] at the site.
pub(crate) const TODAY: i64 = 20_779;
const HOUR: i64 = 3_600_000;

/// A case that was received on a day, and is closed in time.
fn case(day: i64, grade: &str) -> Case {
    let received_at = day * 24 * HOUR;
    Case {
        site_id: "sit_shop".to_owned(),
        state: "closed".to_owned(),
        grade: grade.to_owned(),
        grading: "{}".to_owned(),
        channel: "phone".to_owned(),
        cause_kind: "service_error".to_owned(),
        is_first_contact: Some(true),
        received_at,
        received_day: day,
        answered_at: Some(received_at + HOUR),
        solved_at: Some(received_at + 20 * HOUR),
        closed_at: Some(received_at + 21 * HOUR),
        ..Case::default()
    }
}

/// One that nobody has answered yet.
fn open(day: i64, grade: &str) -> Case {
    Case {
        state: "open".to_owned(),
        cause_kind: String::new(),
        is_first_contact: None,
        answered_at: None,
        solved_at: None,
        closed_at: None,
        ..case(day, grade)
    }
}

/// Counts cases, so many times each, as their changes would.
fn count(world: &World, cases: &[(Case, i64)]) {
    let mut sums = app::case::Sums::default();
    for (case, times) in cases {
        sums.add(case, *times);
    }
    for write in sums.writes("sit_shop") {
        world.run(write.statement);
    }
}

fn read(world: &World, path: &str) -> Value {
    world.json(super::handle, &format!("GET {path}\nauthorization: Bearer {{viewer}}"))
}

/// Makes a cause and gives its id.
fn cause(world: &World, body: &str) -> String {
    let request = format!("POST /v1/causes\nauthorization: Bearer {{manager}}\n\n{body}");
    world.json(super::handle, &request)["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_cause_is_kept_changed_and_found_again() {
    let world = World::with_site();
    world.check(
        super::handle,
        "POST /v1/causes\nauthorization: Bearer {manager}\n\n\
         { \"kind\": \"product_defect\", \"name\": \" 充电器过热 \" }",
        r#"
201
location: *

{ "id": "*", "kind": "product_defect", "name": "充电器过热", "department_id": null,
  "measure": null, "measure_since": null, "is_active": true, "version": 1,
  "created_at": "2026-11-22T01:30:00Z", "updated_at": "2026-11-22T01:30:00Z" }"#,
    );
    let id = read(&world, "/v1/causes")["items"][0]["id"].as_str().unwrap().to_owned();
    let change = |members: &str| {
        format!("PATCH /v1/causes/{id}\nauthorization: Bearer {{manager}}\n\n{members}")
    };
    let said = r#"{ "measure": "batch recalled", "measure_since": "2026-11-01" }"#;
    let changed = world.json(super::handle, &change(said));
    assert_eq!((&changed["version"], &changed["measure_since"]), (&2.into(), &"2026-11-01".into()));
    assert_eq!(read(&world, &format!("/v1/causes/{id}")), changed);
    let cleared = world.json(super::handle, &change(r#"{ "measure_since": null }"#));
    assert!(cleared["measure_since"].is_null() && cleared["measure"] == "batch recalled");
    let stale = change("{ \"is_active\": false }").replace("\n\n", "\nif-match: \"1\"\n\n");
    assert_eq!(world.send(super::handle, &stale).status(), 412);
    let trail = read(&world, &format!("/v1/causes/{id}/audit"));
    assert_eq!(trail["items"].as_array().unwrap().len(), 3);
    assert!(!trail.to_string().contains("recalled"), "{trail}");
    assert_eq!(read(&world, &format!("/v1/causes/{id}/audit/verify"))["is_intact"], true);
}

#[test]
fn a_cause_is_one_of_its_kind_and_name() {
    let world = World::with_site();
    let body = r#"{ "kind": "process_gap", "name": "no handover" }"#;
    cause(&world, body);
    let again = format!("POST /v1/causes\nauthorization: Bearer {{manager}}\n\n{body}");
    world.check(
        super::handle,
        &again,
        r#"
409

{ "type": "/problems/conflict", "title": "*", "status": 409, "instance": "*",
  "detail": "there is a cause of this kind and name already" }"#,
    );
    let other = cause(&world, &body.replace("process_gap", "service_error"));
    let change = format!(
        "PATCH /v1/causes/{other}\nauthorization: Bearer {{manager}}\n\n\
         {{ \"kind\": \"process_gap\" }}"
    );
    assert_eq!(world.send(super::handle, &change).status(), 409);
    let shown = read(&world, &format!("/v1/causes/{other}"));
    assert_eq!((&shown["kind"], &shown["version"]), (&"service_error".into(), &1.into()));
    // The same key twice is the same cause; with another body it is refused.
    let keyed = |name: &str| {
        format!(
            "POST /v1/causes\nauthorization: Bearer {{manager}}\nidempotency-key: k\n\n\
             {{ \"kind\": \"process_gap\", \"name\": \"{name}\" }}"
        )
    };
    let first = world.json(super::handle, &keyed("lost parcels"));
    assert_eq!(world.json(super::handle, &keyed("lost parcels")), first);
    assert_eq!(world.send(super::handle, &keyed("else")).status(), 422);
}

#[test]
fn every_mistake_is_told_at_once() {
    let world = World::with_site();
    let wrong = [
        (
            "causes",
            r#"{ "kind": "weather", "name": "", "department_id": "dep_x", "extra": 1,
                 "measure_since": "soon", "is_active": "yes" }"#,
            "/kind /name /measure_since /is_active /department_id /extra",
        ),
        (
            "causes",
            r#"{ "kind": "process_gap", "name": "x", "measure_since": "2026-11-01" }"#,
            "/measure",
        ),
        (
            "reviews",
            r#"{ "quarter": "2026-Q5", "cause_id": "cau_x", "note": "", "owner_id": "agt_x",
                 "due": "2026-13-01" }"#,
            "/quarter /cause_id /note /due /owner_id",
        ),
        ("reviews", "{}", "/quarter /cause_id /note"),
    ];
    for (path, body, pointers) in wrong {
        let request = format!("POST /v1/{path}\nauthorization: Bearer {{manager}}\n\n{body}");
        let answer = world.send(super::handle, &request);
        assert_eq!(answer.status(), 422, "{body}");
        let told: Value = serde_json::from_slice(answer.body()).unwrap();
        let told = told["errors"].as_array().unwrap().iter();
        let told: Vec<&str> = told.map(|it| it["pointer"].as_str().unwrap()).collect();
        assert_eq!(told.join(" "), pointers, "{body}");
    }
}

#[test]
fn the_cases_of_a_cause_are_its_agents_to_read() {
    let world = World::with_site();
    let id = cause(&world, r#"{ "kind": "process_gap", "name": "no handover" }"#);
    for number in 1..=3 {
        let case = Case {
            id: format!("cmp_{number}"),
            version: 1,
            number: format!("261122-{number}"),
            once: format!("cmp_{number}"),
            urgency: "normal".to_owned(),
            source: "staff".to_owned(),
            cause_kind: "process_gap".to_owned(),
            cause_id: if number == 2 { String::new() } else { id.clone() },
            ..case(TODAY, "general")
        };
        world.run(store::cases::insert(&case));
    }
    let request = format!("GET /v1/causes/{id}/cases?limit=1\nauthorization: Bearer {{agent}}");
    let shown = world.json(super::handle, &request);
    assert_eq!(shown["items"][0]["number"], "261122-1");
    let next = request.replace("limit=1", &format!("after={}", shown["next"].as_str().unwrap()));
    let shown = world.json(super::handle, &next);
    assert_eq!((&shown["items"][0]["id"], &shown["next"]), (&"cmp_3".into(), &Value::Null));
    assert_eq!(shown["items"].as_array().unwrap().len(), 1);
    let viewer = request.replace("{agent}", "{viewer}");
    assert_eq!(world.send(super::handle, &viewer).status(), 403);
}

#[test]
fn a_review_is_one_of_its_quarter_and_cause() {
    let world = World::with_site();
    let id = cause(&world, r#"{ "kind": "process_gap", "name": "no handover" }"#);
    let body = format!(
        r#"{{ "quarter": "2026-Q4", "cause_id": "{id}", "note": "双十一前增加人手",
              "owner_id": "agt_lan", "due": "2026-12-15" }}"#
    );
    let make = format!("POST /v1/reviews\nauthorization: Bearer {{manager}}\n\n{body}");
    let made = world.json(super::handle, &make);
    assert_eq!((&made["owner_id"], &made["due"]), (&"agt_lan".into(), &"2026-12-15".into()));
    assert_eq!(world.send(super::handle, &make).status(), 409);
    assert_eq!(world.send(super::handle, &make.replace("Q4", "Q3")).status(), 201);
    let review = made["id"].as_str().unwrap();
    let change = format!(
        "PATCH /v1/reviews/{review}\nauthorization: Bearer {{manager}}\n\n\
         {{ \"note\": \"done\", \"owner_id\": null, \"due\": null }}"
    );
    let changed = world.json(super::handle, &change);
    assert_eq!(changed["note"], "done");
    assert!(changed["owner_id"].is_null() && changed["due"].is_null(), "{changed}");
    assert_eq!(read(&world, &format!("/v1/reviews/{review}")), changed);
    assert_eq!(read(&world, "/v1/reviews")["items"].as_array().unwrap().len(), 2);
    let moved = change.replace("\"note\": \"done\"", "\"quarter\": \"2026-Q1\"");
    assert_eq!(world.send(super::handle, &moved).status(), 422);
    let trail = read(&world, &format!("/v1/reviews/{review}/audit"));
    assert!(!trail.to_string().contains("双十一"), "{trail}");
}

#[test]
fn keys_roles_methods_and_other_sites() {
    let world = World::with_site();
    let id = cause(&world, r#"{ "kind": "process_gap", "name": "no handover" }"#);
    let one = format!("/v1/causes/{id}");
    let status = |line: &str, key: &str| {
        let request = format!("{line}\nauthorization: Bearer {{{key}}}\n\n{{}}");
        world.send(super::handle, &request).status().as_u16()
    };
    for path in ["/v1/causes", "/v1/reviews", "/v1/causes/ranking", "/v1/reviews/ranking", &one] {
        let bare = world.send(super::handle, &format!("GET {path}"));
        assert_eq!(bare.status(), 401, "{path}");
        assert_eq!(status(&format!("GET {path}"), "viewer"), 200, "{path}");
        assert_eq!(status(&format!("DELETE {path}"), "admin"), 405, "{path}");
    }
    for path in ["/v1/causes", "/v1/reviews"] {
        assert_eq!(status(&format!("POST {path}"), "agent"), 403, "{path}");
        assert_eq!(status(&format!("POST {path}"), "manager"), 422, "{path}");
    }
    assert_eq!(status(&format!("PATCH {one}"), "agent"), 403);
    for path in [&one, &format!("{one}/cases"), &format!("{one}/audit")] {
        assert_eq!(status(&format!("GET {path}"), "other"), 404, "{path}");
    }
    assert_eq!(status("GET /v1/reviews/rvw_x", "viewer"), 404);
    assert_eq!(status("GET /v1/causes/ranking/x", "viewer"), 404);
    world.break_database();
    assert_eq!(status("GET /v1/causes/ranking", "viewer"), 503);
    assert!(world.logged_cause().is_some());
}
