//! Files of holidays.

use serde_json::{Value, json};
use testkit::World;

use super::{case, get, send, woken};
use crate::handle;

fn made(world: &World, zone: &str) -> String {
    let body = format!(
        r#"{{ "name": "x", "zone": "{zone}", "week": {{ "monday": [["09:00", "18:00"]] }} }}"#
    );
    let (_, shown) = send(world, "manager", "POST /v1/calendars", &body);
    shown["id"].as_str().unwrap().to_owned()
}

fn load(world: &World, id: &str, query: &str, kind: &str, body: &str) -> (u16, Value) {
    let answer = world.send(
        handle,
        &format!(
            "POST /v1/calendars/{id}/days{query}\nauthorization: Bearer {{manager}}\n\
             content-type: {kind}\n\n{body}"
        ),
    );
    let shown = serde_json::from_slice(answer.body()).unwrap_or(Value::Null);
    (answer.status().as_u16(), shown)
}

fn places(shown: &Value) -> Vec<&str> {
    shown["errors"].as_array().unwrap().iter().map(|it| it["pointer"].as_str().unwrap()).collect()
}

#[test]
fn the_file_of_a_year_makes_it_known() {
    let world = World::with_site();
    let id = made(&world, "Asia/Shanghai");
    case(&world, "cmp_a", "sit_shop", "open");
    let file = r#"{ "$schema": "https://…", "$id": "https://…", "year": 2027,
      "papers": ["https://www.gov.cn/"], "days": [
      { "name": "元旦", "date": "2027-01-01", "isOffDay": true },
      { "name": "春节", "date": "2027-02-07", "isOffDay": false },
      { "name": "半天", "date": "2027-02-05", "hours": [["09:00", "12:00"]] } ] }"#;
    let (status, shown) = load(&world, &id, "", "application/json", file);
    assert_eq!(status, 200, "{shown}");
    assert_eq!(shown["known_until"], "2027-12-31");
    assert_eq!(
        shown["exceptions"],
        json!([
            { "date": "2027-01-01", "hours": [], "name": "元旦" },
            { "date": "2027-02-05", "hours": [["09:00", "12:00"]], "name": "半天" },
            { "date": "2027-02-07", "hours": [["09:00", "18:00"]], "name": "春节" },
        ])
    );
    assert_eq!(woken(&world), (1, 0));
    // Once more changes nothing but the version.
    let (_, again) = load(&world, &id, "", "application/json", file);
    assert_eq!((&again["exceptions"], &again["version"]), (&shown["exceptions"], &json!(3)));
    let reading = format!("GET /v1/calendars/{id}/reading?from=2026-12-28T09:00:00Z&hours=18");
    assert_eq!(get(&world, &reading)["is_known"], true);
}

#[test]
fn a_year_without_days_or_after_a_gap_is_not_known() {
    let world = World::with_site();
    let id = made(&world, "Asia/Shanghai");
    let empty = r#"{ "year": 2027, "papers": [], "days": [] }"#;
    let (status, shown) = load(&world, &id, "", "application/json", empty);
    assert_eq!((status, places(&shown)), (422, vec!["/days"]));
    let later = r#"{ "year": 2028, "days": [{ "date": "2028-01-01", "isOffDay": true }] }"#;
    let (status, shown) = load(&world, &id, "", "application/json", later);
    assert_eq!((status, &shown["known_until"]), (200, &json!("2026-12-31")));
    let (status, shown) = load(&world, &id, "?known_until=2028-12-31", "application/json", later);
    assert_eq!((status, places(&shown)), (422, vec!["/known_until"]));
}

#[test]
fn a_csv_says_what_is_off_and_what_is_worked() {
    let world = World::with_site();
    let id = made(&world, "Europe/Berlin");
    let file = "\u{feff}Date,name,hours,is_off\r\n2026-12-25,\"Weihnachten, erster\",,true\r\n\
                2026-12-24,Heiligabend,09:00-12:00 13:00-14:00,\r\n2026-12-31,,,no\r\n";
    let (status, shown) = load(&world, &id, "?known_until=2026-12-31", "text/csv", file);
    assert_eq!(status, 200, "{shown}");
    assert_eq!(
        shown["exceptions"],
        json!([
            { "date": "2026-12-24", "hours": [["09:00", "12:00"], ["13:00", "14:00"]],
              "name": "Heiligabend" },
            { "date": "2026-12-25", "hours": [], "name": "Weihnachten, erster" },
            { "date": "2026-12-31", "hours": [["09:00", "18:00"]], "name": null },
        ])
    );
    assert_eq!(shown["known_until"], "2026-12-31");
}

#[test]
fn a_file_is_taken_whole_or_not_at_all() {
    let world = World::with_site();
    let id = made(&world, "UTC");
    let file = "date,name,hours,is_off\n2026-02-30,a,,true\n2026-03-01,b,9-12,\n\
                2026-03-02,c,,perhaps\n2026-03-03,d,12:00-09:00,\n2026-03-04,e,,true\n\
                2026-03-04,f,,true\n";
    let (status, shown) = load(&world, &id, "", "text/csv", file);
    assert_eq!(status, 422);
    assert_eq!(places(&shown), ["/2/date", "/3/hours", "/4/is_off", "/7/date", "/5/hours"]);
    let json = r#"{ "days": [{ "date": "x", "isOffDay": "no", "off": 1 }, { "date": "2026-01-01" },
      7], "year": 1 }"#;
    let (status, shown) = load(&world, &id, "", "application/json", json);
    assert_eq!(status, 422);
    assert_eq!(
        places(&shown),
        ["/year", "/days/2", "/days/0/date", "/days/0/isOffDay", "/days/0/off", "/days/1/isOffDay"]
    );
    for (kind, body, status) in [
        ("text/csv", "when,what\n1,2\n", 422),
        ("text/csv", "date,is_off\n", 422),
        ("text/plain", "date,is_off\n", 415),
        ("application/json", "[]", 400),
        ("application/json", "{}", 422),
    ] {
        assert_eq!(load(&world, &id, "", kind, body).0, status, "{kind} {body}");
    }
    let long: String =
        (0..501).map(|it| format!("{},,true\n", domain::civil::date(20_000 + it))).collect();
    let (status, _) = load(&world, &id, "", "text/csv", &format!("date,name,is_off\n{long}"));
    assert_eq!(status, 422);
    let shown = get(&world, &format!("GET /v1/calendars/{id}"));
    assert_eq!((&shown["exceptions"], &shown["version"]), (&json!([]), &json!(1)));
}

#[test]
fn a_make_up_day_needs_hours_to_be_worked() {
    let world = World::with_site();
    let body = r#"{ "name": "x", "zone": "UTC", "week": { "sunday": [["09:00", "18:00"]] } }"#;
    let (_, shown) = send(&world, "manager", "POST /v1/calendars", body);
    let id = shown["id"].as_str().unwrap();
    let day = r#"{ "days": [{ "date": "2026-01-01", "isOffDay": false }] }"#;
    let (status, shown) = load(&world, id, "", "application/json", day);
    assert_eq!((status, places(&shown)), (422, vec!["/days/0/isOffDay"]));
}
