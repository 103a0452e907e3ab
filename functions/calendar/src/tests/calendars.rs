//! Calendars, and when something would be due by them.

use serde_json::json;
use testkit::World;

use super::{case, get, refused, send, woken};
use crate::handle;

const OFFICE: &str = r#"{ "name": "客服中心", "zone": "Asia/Shanghai",
  "week": { "monday": [["09:00", "18:00"]], "tuesday": [["09:00", "18:00"]],
    "wednesday": [["09:00", "18:00"]], "thursday": [["09:00", "18:00"]],
    "friday": [["09:00", "18:00"]] },
  "exceptions": [{ "date": "2026-12-24", "hours": [], "name": "年会" }] }"#;

fn made(world: &World) -> String {
    let (status, shown) = send(world, "manager", "POST /v1/calendars", OFFICE);
    assert_eq!(status, 201, "{shown}");
    shown["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_calendar_is_made_read_and_changed() {
    let world = World::with_site();
    world.check(
        handle,
        &format!("POST /v1/calendars\nauthorization: Bearer {{manager}}\n\n{OFFICE}"),
        r#"
201
location: *

{ "id": "*", "name": "客服中心", "is_built_in": false, "zone": "Asia/Shanghai",
  "country": "china", "known_until": "2026-12-31", "make_up": [],
  "week": { "monday": [["09:00", "18:00"]], "tuesday": [["09:00", "18:00"]],
    "wednesday": [["09:00", "18:00"]], "thursday": [["09:00", "18:00"]],
    "friday": [["09:00", "18:00"]], "saturday": [], "sunday": [] },
  "exceptions": [{ "date": "2026-12-24", "hours": [], "name": "年会" }],
  "version": 1, "created_at": "2026-11-22T01:30:00Z", "updated_at": "2026-11-22T01:30:00Z" }"#,
    );
    let list = get(&world, "GET /v1/calendars");
    let id = list["items"][0]["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("cal_"));
    let (status, shown) = send(
        &world,
        "manager",
        &format!("PATCH /v1/calendars/{id}"),
        r#"{ "week": { "saturday": [["10:00", "24:00"]] }, "make_up": [["10:00", "12:00"]] }"#,
    );
    assert_eq!((status, &shown["version"]), (200, &json!(2)));
    assert_eq!(shown["week"]["saturday"], json!([["10:00", "24:00"]]));
    assert_eq!(shown["week"]["monday"], json!([["09:00", "18:00"]]));
    assert_eq!(get(&world, &format!("GET /v1/calendars/{id}")), shown);
    let trail = get(&world, &format!("GET /v1/calendars/{id}/audit"));
    assert_eq!(trail["items"][1]["type"], "calendar.updated");
    assert_eq!(trail["items"][1]["data"]["exceptions"], 1);
    let verdict = get(&world, &format!("GET /v1/calendars/{id}/audit/verify"));
    assert_eq!(verdict["is_intact"], true);
}

#[test]
fn every_mistake_is_told_at_its_place_in_both_languages() {
    let world = World::with_site();
    let line = "POST /v1/calendars";
    assert_eq!(refused(&world, line, "{}"), ["/name", "/zone", "/week"]);
    let wrong = r#"{ "name": "x", "zone": "Mars/Olympus", "week": { "monday": [["9", "25:00"]] },
      "known_until": "2027-12-31", "holidays": [] }"#;
    assert_eq!(
        refused(&world, line, wrong),
        ["/zone", "/week/monday/0/0", "/week/monday/0/1", "/holidays"]
    );
    let overlapping = r#"{ "name": "x", "zone": "Asia/Shanghai", "known_until": "2027-12-31",
      "week": { "monday": [["09:00", "12:00"], ["11:00", "13:00"], ["15:00", "14:00"]] } }"#;
    assert_eq!(
        refused(&world, line, overlapping),
        ["/known_until", "/week/monday/1", "/week/monday/2"]
    );
    let idle = r#"{ "name": "x", "zone": "UTC", "week": {} }"#;
    for (language, expected) in [
        ("en", "must have a shift on some day: nothing would ever be due"),
        ("zh-CN", "至少有一天须有班次，否则永远不会到期"),
    ] {
        let request = format!(
            "{line}\nauthorization: Bearer {{manager}}\naccept-language: {language}\n\n{idle}"
        );
        let answer = world.send(handle, &request);
        let shown: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!(shown["errors"], json!([{ "pointer": "/week", "detail": expected }]));
    }
    assert_eq!(world.number("select count(*) from calendar"), 0);
}

#[test]
fn what_ships_is_read_and_never_changed() {
    let world = World::with_site();
    for (id, zone, monday) in [
        ("office", "Asia/Shanghai", json!([["09:00", "12:00"], ["13:00", "18:00"]])),
        ("china_office", "Asia/Shanghai", json!([["09:00", "12:00"], ["13:00", "18:00"]])),
        ("around_the_clock", "Asia/Shanghai", json!([["00:00", "24:00"]])),
    ] {
        let shown = get(&world, &format!("GET /v1/calendars/{id}"));
        assert_eq!((&shown["zone"], &shown["is_built_in"]), (&json!(zone), &json!(true)));
        assert_eq!(shown["week"]["monday"], monday);
        let (status, _) = send(&world, "manager", &format!("PATCH /v1/calendars/{id}"), "{}");
        assert_eq!(status, 405);
    }
}

#[test]
fn a_reading_tells_when_something_is_due_and_why() {
    let world = World::with_site();
    let id = made(&world);
    let at = |from: &str, what: &str| {
        get(&world, &format!("GET /v1/calendars/{id}/reading?from={from}&{what}"))
    };
    let shown = at("2026-02-13T17:30:00%2B08:00", "hours=18");
    assert_eq!(shown["due"], "2026-02-24T17:30:00+08:00");
    assert_eq!((&shown["is_known"], &shown["is_open"]), (&json!(true), &json!(true)));
    assert_eq!(
        shown["timeline"],
        json!([
            { "from": "2026-02-13T17:30:00+08:00", "to": "2026-02-13T18:00:00+08:00",
              "kind": "running" },
            { "from": "2026-02-13T18:00:00+08:00", "to": "2026-02-14T09:00:00+08:00",
              "kind": "outside" },
            { "from": "2026-02-14T09:00:00+08:00", "to": "2026-02-14T18:00:00+08:00",
              "kind": "running" },
            { "from": "2026-02-14T18:00:00+08:00", "to": "2026-02-24T09:00:00+08:00",
              "kind": "outside" },
            { "from": "2026-02-24T09:00:00+08:00", "to": "2026-02-24T17:30:00+08:00",
              "kind": "running" },
        ])
    );
    // A plus as people type it, and the day of the exception.
    let shown = at("2026-12-23T17:00:00+08:00", "working_days=1");
    assert_eq!(shown["due"], "2026-12-25T18:00:00+08:00");
    // Nobody announced 2027.
    assert_eq!(at("2026-12-30T09:00:00Z", "hours=40")["is_known"], false);
    let built_in = get(&world, "GET /v1/calendars/around_the_clock/reading?hours=48");
    assert_eq!(built_in["due"], "2026-11-24T09:30:00+08:00");
    let line = format!("GET /v1/calendars/{id}/reading");
    assert_eq!(refused(&world, &line, ""), ["hours"]);
    let both = format!("{line}?hours=0&working_days=251&from=now&x=1");
    assert_eq!(refused(&world, &both, ""), ["from", "hours", "working_days", "hours", "x"]);
}

#[test]
fn another_calendar_lets_the_tick_look_at_open_cases_again() {
    let world = World::with_site();
    let id = made(&world);
    for (case_id, site, state) in [
        ("cmp_a", "sit_shop", "open"),
        ("cmp_b", "sit_shop", "waiting"),
        ("cmp_c", "sit_shop", "solved"),
        ("cmp_d", "sit_shop", "merged"),
        ("cmp_e", "sit_other", "open"),
    ] {
        case(&world, case_id, site, state);
    }
    assert_eq!(woken(&world), (0, 5));
    let (status, _) =
        send(&world, "manager", &format!("PATCH /v1/calendars/{id}"), r#"{ "name": "x" }"#);
    assert_eq!((status, woken(&world)), (200, (3, 2)));
}

#[test]
fn who_may_and_who_may_not() {
    let world = World::with_site();
    let id = made(&world);
    let one = format!("/v1/calendars/{id}");
    for (role, line, status) in [
        ("agent", "POST /v1/calendars".to_owned(), 403),
        ("agent", format!("PATCH {one}"), 403),
        ("agent", format!("POST {one}/days"), 403),
        ("other", format!("GET {one}"), 404),
        ("other", format!("GET {one}/reading?hours=1"), 404),
        ("other", format!("PATCH {one}"), 404),
        ("other", format!("POST {one}/days"), 404),
        ("pk", format!("GET {one}"), 401),
        ("manager", format!("DELETE {one}"), 405),
        ("manager", "DELETE /v1/calendars".to_owned(), 405),
        ("other", format!("GET {one}/days"), 404),
        ("manager", format!("PUT {one}/days"), 405),
        ("manager", format!("POST {one}/reading"), 405),
        ("manager", "GET /v1/calendars/cal_x".to_owned(), 404),
        ("manager", format!("GET {one}/x"), 404),
        ("manager", "POST /v1/calendars/office/days".to_owned(), 405),
    ] {
        let body = if line.starts_with("GET") { "" } else { "{}" };
        assert_eq!(send(&world, role, &line, body).0, status, "{role} {line}");
    }
    assert_eq!(world.send(handle, "GET /v1/calendars").status(), 401);
}

#[test]
fn a_write_happens_once_and_of_the_version_that_was_read() {
    let world = World::with_site();
    let make = format!(
        "POST /v1/calendars\nauthorization: Bearer {{manager}}\nidempotency-key: c1\n\n{OFFICE}"
    );
    let first = world.json(handle, &make);
    assert_eq!(world.json(handle, &make), first);
    assert_eq!(world.number("select count(*) from calendar"), 1);
    assert_eq!(world.send(handle, &make.replace("客服", "售后")).status(), 422);
    let id = first["id"].as_str().unwrap();
    let change = format!(
        "PATCH /v1/calendars/{id}\nauthorization: Bearer {{manager}}\nif-match: \"v2\"\n\n{{}}"
    );
    assert_eq!(world.send(handle, &change).status(), 412);
    world.break_database();
    let request = "GET /v1/calendars\nauthorization: Bearer {viewer}";
    assert_eq!(world.send(handle, request).status(), 503);
    assert!(world.logged_cause().is_some());
}

#[test]
fn a_year_has_the_days_that_are_not_as_their_weekday_says() {
    let world = World::with_site();
    let id = made(&world);
    let year = get(&world, &format!("GET /v1/calendars/{id}/days"));
    assert_eq!((&year["year"], &year["is_known"]), (&json!(2026), &json!(true)));
    let day = |date: &str| {
        let days = year["days"].as_array().unwrap();
        days.iter().find(|it| it["date"] == date).cloned().unwrap_or_default()
    };
    let holiday = json!({ "date": "2026-10-01", "why": "holiday", "name": null, "hours": [] });
    assert_eq!(day("2026-10-01"), holiday);
    let make_up = day("2026-10-10");
    assert_eq!((&make_up["why"], &make_up["hours"][0][0]), (&json!("make_up"), &json!("09:00")));
    let party = day("2026-12-24");
    assert_eq!((&party["why"], &party["name"]), (&json!("exception"), &json!("年会")));
    assert_eq!(day("2026-11-23"), json!(null), "a Monday like any other");
    let next = get(&world, "GET /v1/calendars/office/days?year=2027");
    assert_eq!((&next["is_known"], &next["days"]), (&json!(false), &json!([])));
    let always = get(&world, "GET /v1/calendars/around_the_clock/days?year=2027");
    assert_eq!(always["is_known"], true);
    assert_eq!(refused(&world, "GET /v1/calendars/office/days?year=soon", ""), ["year"]);
}
