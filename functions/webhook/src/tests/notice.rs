//! What people must know.

use serde_json::{Value, json};
use testkit::World;

use super::{body, get, handle, send};

fn notify(world: &World, id: &str, site: &str, reason: &str) {
    let row = "insert into notice (id, site_id, version, kind, subject, data, created_at_ms)
        values (?1, ?2, 0, 'webhook.disabled', 'whk_1', json_object('reason', ?3), ?4)";
    let given = rusqlite::params![id, site, reason, testkit::START];
    world.database().execute(row, given).unwrap();
}

#[test]
fn notices_are_newest_first_and_speak_the_readers_language() {
    let world = World::with_site();
    notify(&world, "ntc_1", "sit_shop", "gone");
    notify(&world, "ntc_2", "sit_shop", "failing");
    notify(&world, "ntc_3", "sit_other", "failing");
    let expected = r#"200

{ "items": [ { "id": "ntc_2", "type": "webhook.disabled",
    "text": "*",
    "subject": "whk_1", "data": { "reason": "failing" }, "created_at": "2026-11-22T01:30:00Z",
    "seen_at": null } ], "next": "ntc_2" }"#;
    world.check(handle, "GET /v1/notices?limit=1\nauthorization: Bearer {viewer}", expected);
    let request =
        "GET /v1/notices?after=ntc_2\nauthorization: Bearer {viewer}\naccept-language: zh";
    let rest = world.json(handle, request);
    assert_eq!(rest["items"][0]["id"], "ntc_1");
    assert!(rest["items"][0]["text"].as_str().unwrap().contains("410"));
    assert!(rest["items"][0]["text"].as_str().unwrap().starts_with("一个 webhook 已停用"));
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));
}

#[test]
fn a_notice_is_seen_once() {
    let world = World::with_site();
    notify(&world, "ntc_1", "sit_shop", "gone");
    let see = || send(&world, "agent", "POST /v1/notices/ntc_1/seen", "");
    world.wait_ms(1_000);
    let seen = see();
    assert_eq!(seen.status(), 200);
    assert_eq!(body(&seen)["seen_at"], "2026-11-22T01:30:01Z");
    world.wait_ms(1_000);
    assert_eq!(body(&see()), body(&seen));
    assert_eq!(world.number("select count(*) from event where kind = 'notice.seen'"), 1);
    let event = get(&world, "viewer", "/v1/events?type=notice.seen");
    assert_eq!(event["items"][0]["data"], json!({ "type": "webhook.disabled", "about": "whk_1" }));
    assert_eq!(send(&world, "other", "POST /v1/notices/ntc_1/seen", "").status(), 404);
    assert_eq!(send(&world, "agent", "POST /v1/notices/ntc_2/seen", "").status(), 404);
    assert_eq!(send(&world, "agent", "POST /v1/notices/ntc_1/seen", r#"{ "x": 1 }"#).status(), 422);
}

#[test]
fn an_agent_asks_for_what_they_are_told_themselves() {
    let world = World::with_site();
    let row = "insert into notice (id, site_id, version, kind, subject, data, created_at_ms)
        values (?1, 'sit_shop', 1, 'case.late', 'cmp_1', json_object('to', json(?2)), 0)";
    for (id, to) in [
        ("ntc_1", r#"{ "agent_id": "agt_lan" }"#),
        ("ntc_2", r#"{ "role": "manager" }"#),
        ("ntc_3", r#"{ "department_id": "dep_1" }"#),
    ] {
        world.database().execute(row, [id, to]).unwrap();
    }
    notify(&world, "ntc_4", "sit_shop", "gone");
    world
        .database()
        .execute("update api_key set agent_id = 'agt_lan' where id = 'key_agent'", [])
        .unwrap();
    let ids = |query: &str| {
        let list = get(&world, "agent", &format!("/v1/notices{query}"));
        let items = list["items"].as_array().unwrap().clone();
        items.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(""), ["ntc_4", "ntc_3", "ntc_2", "ntc_1"]);
    assert_eq!(ids("?to=me"), ["ntc_1"]);
    assert_eq!(ids("?to=manager"), ["ntc_2"]);
    assert_eq!(ids("?to=dep_1"), ["ntc_3"]);
    let mine = get(&world, "agent", "/v1/notices?to=me");
    assert_eq!(mine["items"][0]["text"], "The time promised to a customer is over.");
}

#[test]
fn what_waits_for_somebody_is_theirs_and_seen_by_nobody() {
    let world = World::with_site();
    let row = "insert into notice (id, site_id, version, kind, subject, data, created_at_ms)
        values (?1, 'sit_shop', 0, 'case.late', 'cmp_1', json_object('to', json(?2)), 0)";
    for (id, to) in [
        ("ntc_1", r#"{ "agent_id": "agt_lan" }"#),
        ("ntc_2", r#"{ "role": "manager" }"#),
        ("ntc_3", r#"{ "department_id": "dep_1" }"#),
        ("ntc_4", r#"{ "role": "agent" }"#),
        ("ntc_5", r#"{ "agent_id": "agt_other" }"#),
    ] {
        world.database().execute(row, [id, to]).unwrap();
    }
    notify(&world, "ntc_6", "sit_shop", "gone");
    notify(&world, "ntc_7", "sit_other", "gone");
    for change in [
        "update api_key set agent_id = 'agt_lan' where id = 'key_agent'",
        "update agent set department_id = 'dep_1' where id = 'agt_lan'",
    ] {
        world.database().execute(change, []).unwrap();
    }
    let ids = |role: &str, query: &str| {
        let list = get(&world, role, &format!("/v1/notices?waiting=true{query}"));
        let items = list["items"].as_array().unwrap().clone();
        items.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids("agent", ""), ["ntc_6", "ntc_4", "ntc_3", "ntc_1"]);
    assert_eq!(ids("manager", ""), ["ntc_6", "ntc_4", "ntc_2"]);
    assert_eq!(ids("viewer", ""), ["ntc_6"]);
    assert_eq!(ids("agent", "&limit=2"), ["ntc_6", "ntc_4"]);
    assert_eq!(ids("agent", "&limit=2&after=ntc_4"), ["ntc_3", "ntc_1"]);
    assert_eq!(send(&world, "agent", "POST /v1/notices/ntc_4/seen", "").status(), 200);
    assert_eq!(ids("agent", ""), ["ntc_6", "ntc_3", "ntc_1"]);
    for wrong in ["?waiting=no", "?waiting=true&to=me"] {
        let request = format!("GET /v1/notices{wrong}\nauthorization: Bearer {{agent}}");
        assert_eq!(world.send(handle, &request).status(), 422, "{wrong}");
    }
}

#[test]
fn several_notices_are_seen_at_once_each_with_its_event() {
    let world = World::with_site();
    for id in ["ntc_1", "ntc_2", "ntc_3"] {
        notify(&world, id, "sit_shop", "gone");
    }
    notify(&world, "ntc_other", "sit_other", "gone");
    let see = |body: &str| send(&world, "agent", "POST /v1/notices/seen\nidempotency-key: k", body);
    let all = r#"{ "ids": ["ntc_1", "ntc_2", "ntc_none", "ntc_other"] }"#;
    let seen = see(all);
    assert_eq!((seen.status().as_u16(), &body(&seen)["seen"]), (200, &json!(2)));
    assert_eq!(body(&see(all)), body(&seen), "once for each key");
    assert_eq!(world.number("select count(*) from event where kind = 'notice.seen'"), 2);
    assert_eq!(world.number("select count(*) from notice where seen_at_ms is not null"), 2);
    let again = send(&world, "agent", "POST /v1/notices/seen", all);
    assert_eq!(body(&again)["seen"], json!(0));
    for wrong in ["{}", r#"{ "ids": ["cmp_1"] }"#, r#"{ "ids": [], "x": 1 }"#] {
        assert_eq!(send(&world, "agent", "POST /v1/notices/seen", wrong).status(), 422, "{wrong}");
    }
    assert_eq!(send(&world, "viewer", "POST /v1/notices/seen", all).status(), 403);
    assert_eq!(send(&world, "agent", "PUT /v1/notices/seen", all).status(), 405);
}
