//! The feed of events.

use serde_json::{Value, json};
use testkit::World;

use super::{get, handle, happen, send};

fn sequences(feed: &Value) -> Vec<i64> {
    feed["items"].as_array().unwrap().iter().map(|it| it["sequence"].as_i64().unwrap()).collect()
}

#[test]
fn events_come_in_the_order_of_commits_page_by_page() {
    let world = World::with_site();
    let first = happen(&world, "sit_shop", "study.updated", "srv_shop", &json!({}));
    happen(&world, "sit_other", "study.created", "srv_theirs", &json!({}));
    let third =
        happen(&world, "sit_shop", "department.created", "dep_1", &json!({ "name": "客服" }));
    let fourth = happen(&world, "sit_shop", "study.closed", "srv_shop", &json!({}));
    let expected = format!(
        r#"200

{{ "items": [ {{ "id": "*", "sequence": {third}, "type": "department.created",
    "timestamp": "2026-11-22T01:30:00Z", "site_id": "sit_shop", "subject": "dep_1", "version": 1,
    "actor": "admin", "data": {{ "name": "客服" }} }} ], "next": {third}, "until": {third} }}"#
    );
    let request = format!("GET /v1/events?after={first}&limit=1\nauthorization: Bearer {{viewer}}");
    world.check(handle, &request, &expected);
    let rest = get(&world, "viewer", &format!("/v1/events?after={third}"));
    assert_eq!(sequences(&rest), [fourth]);
    assert_eq!((&rest["next"], &rest["until"]), (&Value::Null, &json!(fourth)));
    let none = get(&world, "viewer", &format!("/v1/events?after={fourth}"));
    assert_eq!((sequences(&none), &none["until"]), (vec![], &json!(fourth)));
    let all = get(&world, "viewer", "/v1/events");
    assert_eq!(sequences(&all)[1..], [first, third, fourth]);
    let theirs = get(&world, "other", "/v1/events");
    assert_eq!(sequences(&theirs), [third - 1]);
}

#[test]
fn types_families_and_a_subject_narrow_it() {
    let world = World::with_site();
    let updated = happen(&world, "sit_shop", "study.updated", "srv_shop", &json!({}));
    let made = happen(&world, "sit_shop", "department.created", "dep_1", &json!({ "name": "a" }));
    let closed = happen(&world, "sit_shop", "study.closed", "srv_shop", &json!({}));
    let seed = updated - 1;
    for (query, found) in [
        ("type=study.closed", vec![closed]),
        ("type=study.*", vec![seed, updated, closed]),
        ("type=study.closed,department.*", vec![made, closed]),
        ("type=survey.*", vec![]),
        ("subject=srv_shop", vec![seed, updated, closed]),
        ("subject=srv_shop&type=study.updated", vec![updated]),
        ("subject=srv_none", vec![]),
        ("type=", vec![seed, updated, made, closed]),
    ] {
        let feed = get(&world, "viewer", &format!("/v1/events?{query}"));
        assert_eq!(sequences(&feed), found, "{query}");
        assert_eq!(feed["next"], Value::Null);
    }
    let page = get(&world, "viewer", "/v1/events?subject=srv_shop&limit=2");
    assert_eq!((sequences(&page), &page["next"]), (vec![seed, updated], &json!(updated)));
    // A family is not the beginning of another, and one of no type is a slip.
    for query in [
        "type=study",
        "type=responce.created",
        "type=*",
        "type=Study.*",
        "type=stud.*",
        "type=responce.*",
        "after=x",
        "x=1",
    ] {
        let line = format!("GET /v1/events?{query}");
        assert_eq!(send(&world, "viewer", &line, "").status(), 422, "{query}");
    }
}

#[test]
fn one_event_is_found_by_its_id_and_its_sequence() {
    let world = World::with_site();
    let sequence = happen(&world, "sit_shop", "study.updated", "srv_shop", &json!({}));
    let by_sequence = get(&world, "viewer", &format!("/v1/events/{sequence}"));
    let id = by_sequence["id"].as_str().unwrap().to_owned();
    assert_eq!(get(&world, "viewer", &format!("/v1/events/{id}")), by_sequence);
    for name in [&sequence.to_string(), &id] {
        let line = format!("GET /v1/events/{name}");
        assert_eq!(send(&world, "other", &line, "").status(), 404, "{name}");
    }
    for name in ["evt_none", "0", "-1", "99999999999999999999"] {
        let line = format!("GET /v1/events/{name}");
        assert_eq!(send(&world, "viewer", &line, "").status(), 404, "{name}");
    }
}

#[test]
fn a_rare_type_is_looked_for_in_bounded_steps_and_found() {
    let world = World::with_site();
    let many = "with recursive n (n) as (select 1 union all select n + 1 from n where n < 11998)
        insert into event (id, site_id, subject, version, kind, actor, at_ms, data, hash)
        select 'evt_many' || n, 'sit_shop', 'agt_' || n, 1, 'agent.updated', 'admin', 0, '{}',
          zeroblob(32) from n";
    world.database().execute(many, []).unwrap();
    let rare = happen(&world, "sit_shop", "study.closed", "srv_shop", &json!({}));
    assert_eq!(rare, 12_000);
    let mut after = 0;
    let mut calls = 0;
    let found = loop {
        calls += 1;
        let path = format!("/v1/events?type=study.closed&after={after}");
        let feed = get(&world, "viewer", &path);
        if feed["items"] != json!([]) {
            break feed;
        }
        assert_eq!(feed["next"], feed["until"]);
        after = feed["next"].as_i64().unwrap();
        assert_eq!(after, calls * 5_000);
    };
    assert_eq!((calls, sequences(&found)), (3, vec![rare]));
    assert_eq!((&found["next"], &found["until"]), (&Value::Null, &json!(rare)));
}
