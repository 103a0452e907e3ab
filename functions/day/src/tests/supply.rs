//! Who is there in a week.

use super::*;
use serde_json::json;

#[test]
fn a_week_has_hours_without_absences_and_the_calls_that_are_booked() {
    let world = world();
    booked(&world, 24 * 60, "明天");
    world.database().execute("insert into call_day values ('agt_lan', 20780, 3)", []).unwrap();
    // From ten to two on Monday.
    let away = format!("[[{},{}]]", at(24 * 60 + 30), at(24 * 60 + 270));
    world.database().execute("update agent set absences = ?1", [away]).unwrap();
    let ask = "GET /v1/supply?from=2026-11-22\nauthorization: Bearer {manager}";
    let told = world.json(handle, ask);
    let own = &told["items"][0];
    assert_eq!(own["agent"], json!({ "id": "agt_lan", "name": "周岚" }));
    assert_eq!((&own["calls_per_day"], &own["is_active"]), (&json!(9), &json!(true)));
    assert_eq!(own["days"].as_array().unwrap().len(), 7);
    assert_eq!(own["days"][0], json!({ "date": "2026-11-22", "open": [], "calls": 1 }));
    let open = json!([
        { "from": "2026-11-23T09:00:00+08:00", "until": "2026-11-23T10:00:00+08:00" },
        { "from": "2026-11-23T14:00:00+08:00", "until": "2026-11-23T18:00:00+08:00" },
    ]);
    assert_eq!(own["days"][1], json!({ "date": "2026-11-23", "open": open, "calls": 3 }));
    assert_eq!(told["next"], json!(null));
}

#[test]
fn agents_see_themselves_alone() {
    let world = world();
    let sql = "insert into agent (id, site_id, version, name, department_id, skills, is_active,
       created_at_ms, updated_at_ms, capacity, is_specialist, calendar_id, absences, languages,
       calls_per_day)
     select 'agt_bo', site_id, 1, '博', '', '[]', 1, 0, 0, 20, 0, '', '[]', '[]', 0
     from agent where id = 'agt_lan'";
    world.database().execute(sql, []).unwrap();
    let names = |key: &str| {
        let ask = format!("GET /v1/supply\nauthorization: Bearer {{{key}}}");
        let told = world.json(handle, &ask);
        let items = told["items"].as_array().unwrap().clone();
        items.iter().map(|it| it["agent"]["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("agent"), ["agt_lan"]);
    assert_eq!(names("manager"), ["agt_bo", "agt_lan"]);
    let status = |ask: &str| world.send(handle, ask).status().as_u16();
    assert_eq!(status("GET /v1/supply"), 401);
    assert_eq!(status("GET /v1/supply\nauthorization: Bearer {viewer}"), 403);
    assert_eq!(status("GET /v1/supply?from=soon\nauthorization: Bearer {agent}"), 422);
    assert_eq!(status("POST /v1/supply\nauthorization: Bearer {agent}"), 405);
}
