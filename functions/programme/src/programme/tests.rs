//! Programmes as managers plan them.

use testkit::World;

const QUARTERLY: &str = r#"{ "name": "季度全旅程", "study_id": "srv_shop",
    "recurrence": "quarterly", "starts_on": "2026-12-31",
    "sample": { "new": 100, "existing": 100, "core": 50 }, "remind_after_days": [3, 7],
    "open_days": 14 }"#;

fn make(world: &World, body: &str) -> http::Response<Vec<u8>> {
    let head = "POST /v1/programmes\nauthorization: Bearer {manager}";
    world.send(super::super::handle, &format!("{head}\n\n{body}"))
}

fn change(world: &World, id: &str, body: &str) -> http::Response<Vec<u8>> {
    let head = format!("PATCH /v1/programmes/{id}\nauthorization: Bearer {{manager}}");
    world.send(super::super::handle, &format!("{head}\n\n{body}"))
}

fn body(answer: &http::Response<Vec<u8>>) -> serde_json::Value {
    serde_json::from_slice(answer.body()).unwrap()
}

#[test]
fn a_programme_is_planned_changed_and_found_again() {
    let world = World::with_site();
    let made = make(&world, QUARTERLY);
    assert_eq!(made.status(), 201);
    let id = body(&made)["id"].as_str().unwrap().to_owned();
    assert!(domain::id::Kind::Programme.is(&id));
    let shown = format!(
        r#"{{ "id": "{id}", "name": "季度全旅程", "study_id": "srv_shop",
  "recurrence": "quarterly", "starts_on": "2026-12-31",
  "sample": {{ "new": 100, "existing": 100, "core": 50 }}, "remind_after_days": [3, 7],
  "open_days": 14, "is_active": true, "waves": 0, "next_wave_at": "2026-12-30T16:00:00Z",
  "version": 1, "created_at": "*", "updated_at": "*" }}"#
    );
    let read = "GET /v1/programmes\nauthorization: Bearer {viewer}";
    let listed = format!("200\n\n{{ \"items\": [ {shown} ], \"next\": null }}");
    world.check(super::super::handle, read, &listed);
    let read = format!("GET /v1/programmes/{id}\nauthorization: Bearer {{viewer}}");
    world.check(super::super::handle, &read, &format!("200\netag: \"v1\"\n\n{shown}"));
    // What is not named stays, a group of the sample as well.
    let changed = change(&world, &id, r#"{ "sample": { "core": 60 }, "recurrence": "monthly" }"#);
    assert_eq!(changed.status(), 200);
    let changed = body(&changed);
    assert_eq!(changed["sample"], serde_json::json!({ "new": 100, "existing": 100, "core": 60 }));
    assert_eq!(changed["version"], 2);
    let paused = body(&change(&world, &id, r#"{ "is_active": false }"#));
    assert!(paused["next_wave_at"].is_null());
    let verify = format!("GET /v1/programmes/{id}/audit/verify\nauthorization: Bearer {{viewer}}");
    let verified = world.json(super::super::handle, &verify);
    assert_eq!((&verified["events"], &verified["is_intact"]), (&3.into(), &true.into()));
}

#[test]
fn what_was_due_while_a_programme_rested_is_over() {
    let world = World::with_site();
    let monthly = QUARTERLY.replace("quarterly", "monthly").replace("12-31", "11-30");
    let id = body(&make(&world, &monthly))["id"].as_str().unwrap().to_owned();
    change(&world, &id, r#"{ "is_active": false }"#);
    world.wait_ms(100 * domain::civil::DAY_MS);
    let again = body(&change(&world, &id, r#"{ "is_active": true }"#));
    assert_eq!(again["next_wave_at"], "2027-03-29T16:00:00Z", "not that of February");
    assert_eq!(again["starts_on"], "2026-11-30");
}

#[test]
fn a_request_that_is_repeated_makes_one_programme() {
    let world = World::with_site();
    let head = "POST /v1/programmes\nauthorization: Bearer {manager}\nidempotency-key: once";
    let request = format!("{head}\n\n{QUARTERLY}");
    let first = world.send(super::super::handle, &request);
    assert_eq!(first.body(), world.send(super::super::handle, &request).body());
    let other = request.replace("quarterly", "monthly");
    assert_eq!(world.send(super::super::handle, &other).status(), 422);
    assert_eq!(world.number("select count(*) from programme"), 1);
}

#[test]
fn every_mistake_is_told_at_once() {
    let world = World::with_site();
    let wrong = r#"{ "study_id": "srv_none", "recurrence": "weekly", "starts_on": "2026-11-21",
        "sample": { "new": 5001, "vip": 1 }, "remind_after_days": [3, 3], "open_days": 91,
        "is_active": 1, "mail": true }"#;
    let answer = make(&world, wrong);
    assert_eq!(answer.status(), 422);
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    for pointer in [
        "/name",
        "/study_id",
        "/recurrence",
        "/starts_on",
        "/sample/new",
        "/sample/vip",
        "/remind_after_days",
        "/open_days",
        "/is_active",
        "/mail",
    ] {
        assert!(text.contains(&format!("\"{pointer}\"")), "{pointer} in {text}");
    }
    for (was, now) in [
        ("[3, 7]", "[3, 14]"),
        ("[3, 7]", "[1, 2, 3, 4]"),
        ("[3, 7]", "[0]"),
        ("[3, 7]", "\"3\""),
        ("2026-12-31", "2026-11-31"),
        ("100, \"existing\": 100, \"core\": 50", "0"),
    ] {
        let answer = make(&world, &QUARTERLY.replace(was, now));
        assert_eq!(answer.status(), 422, "{now}");
    }
    for absent in ["sample", "study_id", "starts_on", "recurrence"] {
        let mut fields: serde_json::Value = serde_json::from_str(QUARTERLY).unwrap();
        fields.as_object_mut().unwrap().remove(absent);
        assert_eq!(make(&world, &fields.to_string()).status(), 422, "{absent}");
    }
    // Today itself is not past, where the site is.
    assert_eq!(make(&world, &QUARTERLY.replace("12-31", "11-22")).status(), 201);
    let id = world.json(super::super::handle, "GET /v1/programmes\nauthorization: Bearer {viewer}");
    let id = id["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(change(&world, &id, r#"{ "study_id": "srv_other" }"#).status(), 422);
    assert_eq!(change(&world, &id, r#"{ "study_id": "srv_shop" }"#).status(), 200);
    world.wait_ms(2 * domain::civil::DAY_MS);
    let same = r#"{ "starts_on": "2026-11-22", "name": "x" }"#;
    assert_eq!(change(&world, &id, same).status(), 200, "what it was all along");
}

#[test]
fn viewers_look_managers_plan_and_other_sites_see_nothing() {
    let world = World::with_site();
    let id = body(&make(&world, QUARTERLY))["id"].as_str().unwrap().to_owned();
    for (method, path, who, status) in [
        ("POST", "", "{agent}", 403),
        ("PATCH", "/id", "{agent}", 403),
        ("GET", "/id", "{other}", 404),
        ("PATCH", "/id", "{other}", 404),
        ("GET", "/id/waves", "{other}", 404),
        ("GET", "/id", "{pk}", 401),
        ("GET", "", "", 401),
        ("DELETE", "/id", "{manager}", 405),
        ("DELETE", "", "{manager}", 405),
        ("POST", "/id/waves", "{manager}", 405),
        ("GET", "/id/more", "{manager}", 404),
    ] {
        let path = path.replace("id", &id);
        let body = if method == "GET" { "" } else { "\n\n{}" };
        let request = format!("{method} /v1/programmes{path}\nauthorization: Bearer {who}{body}");
        assert_eq!(world.send(super::super::handle, &request).status(), status, "{request}");
    }
    let stale = format!(
        "PATCH /v1/programmes/{id}\nauthorization: Bearer {{manager}}\nif-match: \"v2\"\n\n{{}}"
    );
    assert_eq!(world.send(super::super::handle, &stale).status(), 412);
    world.break_database();
    assert_eq!(make(&world, QUARTERLY).status(), 503);
}
