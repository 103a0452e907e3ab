//! Sending once more what happened in some time.

use serde_json::{Value, json};
use testkit::World;

use super::{CRM, body, delivered, get, happen, make, send, text};

const HOUR: i64 = 3_600_000;

/// A webhook for `study.*` and four such events, one each hour from 02:30 on; between them others.
fn desk(world: &World) -> Vec<i64> {
    make(world, CRM);
    let mut all = Vec::new();
    for _ in 0..4 {
        world.wait_ms(HOUR);
        happen(world, "sit_shop", "department.updated", "dep_1", &json!({ "name": "a" }));
        happen(world, "sit_other", "study.updated", "srv_other", &json!({}));
        all.push(happen(world, "sit_shop", "study.updated", "srv_shop", &json!({})));
    }
    all
}

fn replay(world: &World, members: &Value) -> (u16, Value) {
    let line = "POST /v1/webhooks/{id}/replay";
    let answer = send(world, "manager", line, &members.to_string());
    (answer.status().as_u16(), body(&answer))
}

#[test]
fn a_dry_run_counts_what_passes_the_filters_and_changes_nothing() {
    let world = World::with_site();
    let all = desk(&world);
    delivered(&world, all[0], "delivered", &json!([[200, "", ""]]));
    delivered(&world, all[1], "dead", &json!([[500, "", ""]]));
    let dry = |members: &str| {
        let mut asked: Value = serde_json::from_str(members).unwrap();
        asked["dry_run"] = json!(true);
        let (status, shown) = replay(&world, &asked);
        assert_eq!((status, &shown["is_all"]), (200, &json!(true)), "{shown}");
        shown["events"].as_i64().unwrap()
    };
    assert_eq!(dry(r#"{ "since": "2026-11-22T01:00:00Z" }"#), 4);
    assert_eq!(dry(r#"{ "since": "2026-11-22T03:00:00Z" }"#), 3);
    assert_eq!(dry(r#"{ "since": "2026-11-22T03:00:00Z", "until": "2026-11-22T05:00:00Z" }"#), 2);
    assert_eq!(dry(r#"{ "since": "2026-11-22T03:30:00Z", "until": "2026-11-22T03:30:00Z" }"#), 1);
    assert_eq!(dry(r#"{ "since": "2026-11-22T01:00:00Z", "only": "failed" }"#), 3);
    assert_eq!(dry(r#"{ "since": "2026-11-22T01:00:00Z", "types": ["study.closed"] }"#), 0);
    assert_eq!(dry(r#"{ "since": "2026-11-22T01:00:00Z", "types": ["study.*"] }"#), 4);
    assert_eq!(dry(r#"{ "since": "2026-11-22T01:00:00Z", "types": ["department.*"] }"#), 0);
    assert_eq!(dry(r#"{ "since": "2026-11-23T01:00:00Z", "until": "2026-11-24T01:00:00Z" }"#), 0);
    assert_eq!(dry(r#"{ "since": "2026-11-20T01:00:00Z", "until": "2026-11-21T01:00:00Z" }"#), 0);
    assert_eq!(world.number("select replay_after = replay_until from outlet"), 1);
    assert_eq!(get(&world, "manager", "/v1/webhooks/{id}")["version"], 1);
}

#[test]
fn a_replay_is_one_at_a_time() {
    let world = World::with_site();
    let all = desk(&world);
    world.hurried();
    let asked = json!({ "since": "2026-11-22T03:00:00Z", "until": "2026-11-22T05:00:00Z",
        "types": ["study.updated"], "only": "failed" });
    let (status, shown) = replay(&world, &asked);
    assert_eq!(status, 202);
    assert_eq!(
        shown,
        json!({ "since": "2026-11-22T03:00:00Z", "until": "2026-11-22T05:00:00Z", "events": 2,
            "is_all": true, "is_dry_run": false })
    );
    assert_eq!(world.hurried(), ["deliver"]);
    let after = world.number("select replay_after from outlet");
    let until = world.number("select replay_until from outlet");
    assert!(all[0] <= after && after < all[1] && all[2] <= until && until < all[3]);
    let kept: Value = serde_json::from_str(&text(&world, "select replay from outlet")).unwrap();
    assert_eq!(kept, json!({ "types": ["study.updated"], "only": "failed" }));
    assert_eq!(get(&world, "manager", "/v1/webhooks/{id}")["is_replaying"], true);
    let (status, again) = replay(&world, &asked);
    assert_eq!((status, &again["detail"]), (409, &json!("a replay of this webhook is under way")));
    assert_eq!(world.number("select count(*) from event where kind = 'webhook.replayed'"), 1);
    world.database().execute("update outlet set replay_after = replay_until", []).unwrap();
    assert_eq!(replay(&world, &asked).0, 202);
    send(&world, "admin", "PATCH /v1/webhooks/{id}", r#"{ "state": "paused" }"#);
    assert_eq!(replay(&world, &asked).0, 409);
}

#[test]
fn filters_by_touchpoint_and_grade_hold_for_a_replay_too() {
    let world = World::with_site();
    let crm = r#"{ "name": "a", "url": "https://a.example", "touchpoints": ["tch_shop"] }"#;
    make(&world, crm);
    let numbers = json!({ "kind": "rise", "metric": "csat", "touchpoint_id": "tch_shop",
        "numbers": {} });
    happen(&world, "sit_shop", "alarm.raised", "alm_1", &numbers);
    let mut other = numbers.clone();
    other["touchpoint_id"] = json!("");
    happen(&world, "sit_shop", "alarm.raised", "alm_2", &other);
    let score = json!({ "question_id": "q", "metric": "nps", "points": 10, "value": 1,
        "touchpoint_id": "tch_shop", "dimension": "" });
    let response = json!({ "survey_id": "srv_shop", "survey_version": 1, "channel": "",
        "group": "", "language": "en", "agent_id": "", "answered_at": "2026-11-22T01:30:00Z",
        "screened": [], "scores": [score] });
    happen(&world, "sit_shop", "response.created", "rsp_1", &response);
    let asked = json!({ "since": "2026-11-22T01:00:00Z", "until": "2026-11-23T00:00:00Z",
        "dry_run": true });
    assert_eq!(replay(&world, &asked).1["events"], 2);
    // A test is for its own webhook, whatever the filters.
    send(&world, "admin", "POST /v1/webhooks/{id}/test", "");
    assert_eq!(replay(&world, &asked).1["events"], 3);
    send(&world, "admin", "PATCH /v1/webhooks/{id}", r#"{ "grades": ["major"] }"#);
    assert_eq!(replay(&world, &asked).1["events"], 1);
}

#[test]
fn what_is_asked_for_is_read_strictly() {
    let world = World::with_site();
    make(&world, CRM);
    for (members, pointer) in [
        ("{}", "/since"),
        (r#"{ "since": "yesterday" }"#, "/since"),
        (r#"{ "since": "2026-11-22T01:00:00Z", "until": "2026-11-22T00:59:59Z" }"#, "/until"),
        (r#"{ "since": "2026-11-22T01:00:00Z", "only": "new" }"#, "/only"),
        (r#"{ "since": "2026-11-22T01:00:00Z", "types": ["x"] }"#, "/types/0"),
        (r#"{ "since": "2026-11-22T01:00:00Z", "dry_run": 1 }"#, "/dry_run"),
        (r#"{ "since": "2026-11-22T01:00:00Z", "to": 1 }"#, "/to"),
    ] {
        let (status, shown) = replay(&world, &serde_json::from_str(members).unwrap());
        assert_eq!(status, 422, "{members}");
        assert_eq!(shown["errors"][0]["pointer"], pointer, "{members}");
    }
}

#[test]
fn a_count_stops_at_ten_thousand() {
    let world = World::with_site();
    make(&world, CRM);
    let many = "with recursive n (n) as (select 1 union all select n + 1 from n where n < 10001)
        insert into event (id, site_id, subject, version, kind, actor, at_ms, data, hash)
        select 'evt_01m80e' || printf('%020d', n), 'sit_shop', 'srv_' || n, 1, 'study.created',
          'admin', 0, '{}', zeroblob(32) from n";
    world.database().execute(many, []).unwrap();
    let asked = json!({ "since": "2026-11-22T01:00:00Z", "until": "2026-11-23T00:00:00Z",
        "dry_run": true });
    let (_, shown) = replay(&world, &asked);
    assert_eq!((&shown["events"], &shown["is_all"]), (&json!(10_000), &json!(false)));
}
