//! The day as JSON.

use super::*;

const LAN: &str = "\nauthorization: Bearer {agent}";

#[test]
fn a_day_has_what_is_to_be_done_and_what_was_done() {
    let world = world();
    let early = booked(&world, 60, "林");
    booked(&world, 24 * 60, "明天");
    let gone = booked(&world, 120, "取消");
    cancel(&world, &gone);
    let waiting = given(&world, "陈");
    world.wait_ms(61 * MINUTE_MS);
    reached(&world, &early, "很满意");
    let day = world.json(handle, &format!("GET /v1/day{LAN}"));
    assert_eq!(day["agent"], serde_json::json!({ "id": "agt_lan", "name": "周岚" }));
    assert_eq!((&day["date"], &day["tz"]), (&"2026-11-22".into(), &"Asia/Shanghai".into()));
    assert_eq!(day["open"], serde_json::json!([]), "a Sunday");
    let names = |list: &str| -> Vec<String> {
        let list = day[list].as_array().unwrap();
        list.iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("appointments"), ["林"]);
    assert_eq!(names("waiting"), ["陈"]);
    assert_eq!(names("done"), ["林"]);
    let own = &day["appointments"][0];
    assert_eq!(own["start"], "2026-11-22T10:30:00+08:00", "on her own clocks");
    assert_eq!((&own["state"], &own["service"]), (&"reached".into(), &"售后; 退货".into()));
    assert_eq!(own["tried"][0]["note"], "很满意");
    assert_eq!(own["script"], "您好，<这里>是鹿鸣");
    assert_eq!(day["waiting"][0]["id"], waiting.as_str());
    assert_eq!(day["done"][0]["callback_id"], early.as_str());
    assert_eq!(day["done"][0]["outcome"], "reached");
    let next = world.json(handle, &format!("GET /v1/day?date=2026-11-23{LAN}"));
    assert_eq!(next["appointments"][0]["name"], "明天");
    assert_eq!((&next["waiting"], &next["done"]), (&day["open"], &day["open"]));
    let open = serde_json::json!([
        { "from": "2026-11-23T09:00:00+08:00", "until": "2026-11-23T12:00:00+08:00" },
        { "from": "2026-11-23T13:00:00+08:00", "until": "2026-11-23T18:00:00+08:00" },
    ]);
    assert_eq!(next["open"], open);
}

#[test]
fn nobody_works_while_they_are_away() {
    let world = world();
    // From ten to two, and once more on another day.
    let (from, until) = (at(24 * 60 + 30), at(24 * 60 + 270));
    let away = format!("[[{from},{until}],[0,1]]");
    world.database().execute("update agent set absences = ?1", [away]).unwrap();
    let day = world.json(handle, &format!("GET /v1/day?agent=me&date=2026-11-23{LAN}"));
    let open = serde_json::json!([
        { "from": "2026-11-23T09:00:00+08:00", "until": "2026-11-23T10:00:00+08:00" },
        { "from": "2026-11-23T14:00:00+08:00", "until": "2026-11-23T18:00:00+08:00" },
    ]);
    assert_eq!(day["open"], open);
}

#[test]
fn other_peoples_days_are_for_managers() {
    let world = world();
    let get = |what: &str, who: &str| {
        let request = format!("GET /v1/day{what}\nauthorization: Bearer {{{who}}}");
        world.send(handle, &request).status().as_u16()
    };
    assert_eq!(get("?agent=agt_lan", "agent"), 200);
    assert_eq!(get("?agent=agt_x", "agent"), 403);
    assert_eq!(get("?agent=agt_lan", "manager"), 200);
    assert_eq!(get("?agent=agt_x", "manager"), 422);
    assert_eq!(get("", "manager"), 422, "a manager says whose");
    assert_eq!(get("", "viewer"), 403);
    assert_eq!(get("?agent=agt_lan", "other"), 422, "another site has no such agent");
    assert_eq!(get("?date=x", "agent"), 422);
    assert_eq!(get("?x=1", "agent"), 422);
    assert_eq!(world.send(handle, "GET /v1/day").status(), 401);
    assert_eq!(world.send(handle, &format!("POST /v1/day{LAN}")).status(), 405);
    assert_eq!(world.send(handle, "GET /v1/days").status(), 404);
    world.break_database();
    assert_eq!(get("", "agent"), 503);
}
