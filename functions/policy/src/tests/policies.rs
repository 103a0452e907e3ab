//! Policies, from what ships to what is published.

use serde_json::{Value, json};
use store::calendars::{self, Calendar};
use testkit::World;

use super::{case, get, refused, send, woken};
use crate::handle;
use crate::kinds::KINDS;

const FASTER: &str = r#"{ "grades": { "general": { "answer": { "hours": 8 },
    "solution": { "hours": 16, "time": "working" } } }, "pauses": ["solution"] }"#;

#[test]
fn a_policy_is_drafted_published_and_kept() {
    let world = World::with_site();
    for (id, state) in [("cmp_a", "open"), ("cmp_b", "merged")] {
        case(&world, id, "sit_shop", state);
    }
    let shipped = get(&world, "GET /v1/policies/promise");
    assert_eq!((&shipped["version"], &shipped["published_at"]), (&json!(0), &Value::Null));
    assert_eq!(shipped["definition"]["grades"]["major"]["answer"], json!({ "hours": 1 }));
    assert_eq!(send(&world, "viewer", "GET /v1/policies/promise/draft", "").0, 404);

    let (status, draft) = send(&world, "manager", "PUT /v1/policies/promise/draft", FASTER);
    assert_eq!((status, &draft["definition"]["pauses"]), (200, &json!(["solution"])));
    assert_eq!(get(&world, "GET /v1/policies/promise/draft"), draft);
    let shown = get(&world, "GET /v1/policies/promise");
    assert_eq!((&shown["version"], &shown["has_draft"]), (&json!(0), &json!(true)));
    let revisions = [&shipped, &draft, &shown].map(|it| it["revision"].clone());
    assert_eq!(revisions, [json!(0), json!(1), json!(1)]);
    assert_eq!(woken(&world), (0, 2));

    let (status, published) = send(&world, "manager", "POST /v1/policies/promise/publish", "");
    assert_eq!((status, &published["version"]), (200, &json!(1)));
    assert_eq!(published["revision"], 2);
    assert_eq!(woken(&world), (1, 1));
    assert_eq!(get(&world, "GET /v1/policies/promise"), published);
    assert_eq!(send(&world, "viewer", "GET /v1/policies/promise/draft", "").0, 404);
    let (status, _) = send(&world, "manager", "POST /v1/policies/promise/publish", "");
    assert_eq!(status, 409, "there is no draft any more");

    let body = FASTER.replace("16", "8");
    send(&world, "manager", "PUT /v1/policies/promise/draft", &body);
    send(&world, "manager", "POST /v1/policies/promise/publish", "{}");
    let list = get(&world, "GET /v1/policies/promise/versions?limit=1");
    assert_eq!(list["items"][0]["version"], 2);
    let list = get(&world, "GET /v1/policies/promise/versions?after=2");
    assert_eq!(list["items"], json!([{ "version": 1, "published_at": "2026-11-22T01:30:00Z" }]));
    let first = get(&world, "GET /v1/policies/promise/versions/1");
    assert_eq!(first["definition"], published["definition"]);
    assert_eq!(
        get(&world, "GET /v1/policies/promise/versions/0")["definition"],
        shipped["definition"]
    );
    let trail = get(&world, "GET /v1/policies/promise/audit");
    let types: Vec<&Value> =
        trail["items"].as_array().unwrap().iter().map(|it| &it["type"]).collect();
    let once = ["policy.drafted", "policy.published"];
    assert_eq!(types, [once, once].concat());
    assert_eq!(trail["items"][3]["data"]["number"], 2);
    assert_eq!(get(&world, "GET /v1/policies/promise/audit/verify")["is_intact"], true);
}

#[test]
fn what_is_published_is_what_cases_go_by() {
    let world = World::with_site();
    let id = "cal_1";
    world.run(calendars::insert(&Calendar {
        id: id.into(),
        site_id: "sit_shop".into(),
        version: 1,
        name: "x".into(),
        definition: r#"{ "zone": "UTC", "week": { "sunday": [["00:00", "24:00"]] } }"#.into(),
        created_at: 0,
        updated_at: 0,
    }));
    let policy = FASTER.replacen('{', &format!(r#"{{ "calendar_id": "{id}", "#), 1);
    let policy = policy.replacen('{', r#"{ "reopen_days": 7, "#, 1);
    send(&world, "manager", "PUT /v1/policies/promise/draft", &policy);
    let book = || pollster::block_on(app::case::Book::load(&world, "sit_shop")).unwrap();
    assert_eq!(book().promise().terms, domain::clock::Terms::shipped());
    send(&world, "manager", "POST /v1/policies/promise/publish", "");
    let promise = book().promise();
    assert_eq!(promise.terms.pauses, [false, true, false]);
    assert_eq!(promise.hours.week[0], []);
    assert_eq!(promise.hours.week[6], [domain::hours::Span::DAY]);
    assert_eq!(book().reopen_ms(), 7 * domain::civil::DAY_MS);
}

#[test]
fn what_is_wrong_is_told_and_nothing_is_kept() {
    let world = World::with_site();
    let put =
        |kind: &str, body: &str| refused(&world, &format!("PUT /v1/policies/{kind}/draft"), body);
    let late = r#"{ "grades": { "general": { "answer": { "hours": 1 } },
      "major": { "answer": { "hours": 2 } } }, "calendar_id": "cal_x", "lunch": true }"#;
    assert_eq!(put("promise", late), ["/grades/major/answer", "/calendar_id", "/lunch"]);
    let ladder = r#"{ "steps": [
      { "clock": "answer", "percent": 50, "do": "notify", "to": { "agent_id": "agt_lan" } },
      { "clock": "answer", "percent": 60, "do": "notify", "to": { "agent_id": "agt_x" } },
      { "clock": "answer", "percent": 70, "do": "notify", "to": { "department_id": "agt_lan" } },
      { "clock": "answer", "percent": 80, "do": "cry" } ] }"#;
    assert_eq!(
        put("ladder", ladder),
        ["/steps/3/do", "/steps/3/to", "/steps/1/to/agent_id", "/steps/2/to/department_id"]
    );
    let routes = r#"{ "routes": [{ "touchpoint_id": "tch_shop", "department_id": "dep_x" }] }"#;
    assert_eq!(put("assignment", routes), ["/routes/0/department_id"]);
    let rules = r#"{ "rules": [{ "metric": "nps", "at_most": 6, "then": "open",
      "survey_id": "srv_shop", "touchpoint_id": "tch_x" }] }"#;
    assert_eq!(put("intake", rules), ["/rules/0/touchpoint_id"]);
    assert_eq!(put("work", r#"{ "compensation": { "agent": -1 } }"#), ["/compensation/agent"]);
    assert_eq!(refused(&world, "PUT /v1/policies/promise/draft?mood=red", "{}"), ["mood"]);
    assert_eq!(world.number("select count(*) from policy"), 0);
}

#[test]
fn what_ships_can_be_drafted_and_published_for_every_kind() {
    let world = World::with_site();
    for kind in KINDS {
        let shipped = get(&world, &format!("GET /v1/policies/{kind}"));
        let body = shipped["definition"].to_string();
        let (status, _) = send(&world, "manager", &format!("PUT /v1/policies/{kind}/draft"), &body);
        assert_eq!(status, 200, "{kind}");
        let (status, shown) =
            send(&world, "manager", &format!("POST /v1/policies/{kind}/publish"), "");
        assert_eq!((status, &shown["definition"]), (200, &shipped["definition"]), "{kind}");
    }
}

#[test]
fn what_a_draft_names_must_be_there_when_it_is_published() {
    let world = World::with_site();
    let ladder = r#"{ "steps": [
      { "clock": "answer", "percent": 50, "do": "notify", "to": { "agent_id": "agt_lan" } } ] }"#;
    send(&world, "manager", "PUT /v1/policies/ladder/draft", ladder);
    world.database().execute("delete from agent", []).unwrap();
    let wrong = refused(&world, "POST /v1/policies/ladder/publish", "");
    assert_eq!(wrong, ["/steps/0/to/agent_id"]);
    assert_eq!(world.number("select published from policy"), 0);
}

#[test]
fn who_may_and_who_may_not() {
    let world = World::with_site();
    send(&world, "manager", "PUT /v1/policies/promise/draft", FASTER);
    send(&world, "manager", "POST /v1/policies/promise/publish", "");
    for (role, line, status) in [
        ("agent", "PUT /v1/policies/promise/draft", 403),
        ("agent", "POST /v1/policies/promise/publish", 403),
        ("viewer", "GET /v1/policies/promise", 200),
        ("pk", "GET /v1/policies/promise", 401),
        ("other", "GET /v1/policies/promise/versions/1", 404),
        ("other", "GET /v1/policies/promise/audit", 404),
        ("manager", "GET /v1/policies/promise/versions/2", 404),
        ("manager", "GET /v1/policies/promise/versions/x", 404),
        ("manager", "GET /v1/policies/lunch", 404),
        ("manager", "GET /v1/policies", 404),
        ("manager", "GET /v1/policies/promise/x", 404),
        ("manager", "DELETE /v1/policies/promise", 405),
        ("manager", "POST /v1/policies/promise/draft", 405),
        ("manager", "GET /v1/policies/promise/publish", 405),
        ("manager", "POST /v1/policies/promise/versions", 405),
        ("manager", "PUT /v1/policies/promise/versions/1", 405),
    ] {
        let body = if line.starts_with("GET") { "" } else { FASTER };
        assert_eq!(send(&world, role, line, body).0, status, "{role} {line}");
    }
    // Another site goes by what ships.
    let (_, other) = send(&world, "other", "GET /v1/policies/promise", "");
    assert_eq!(other["version"], 0);
    assert_eq!(world.send(handle, "GET /v1/policies/promise").status(), 401);
}

#[test]
fn a_version_decides_a_race_and_a_key_writes_once() {
    let world = World::with_site();
    let put = |head: &str| {
        let request = format!(
            "PUT /v1/policies/promise/draft\nauthorization: Bearer {{manager}}\n{head}\n\n{FASTER}"
        );
        world.send(handle, &request).status().as_u16()
    };
    assert_eq!(put("if-match: \"v1\""), 412);
    assert_eq!(put("if-match: \"v0\""), 200);
    assert_eq!(put("if-match: \"v0\""), 412);
    assert_eq!(put("idempotency-key: k"), 200);
    assert_eq!(put("idempotency-key: k"), 200);
    assert_eq!(world.number("select version from policy"), 2);
    let publish = "POST /v1/policies/promise/publish\nauthorization: Bearer {manager}\n\
                   idempotency-key: p";
    let first = world.json(handle, publish);
    assert_eq!(world.json(handle, publish), first);
    assert_eq!(world.number("select count(*) from policy_version"), 1);
    world.break_database();
    assert_eq!(put("x-y: z"), 503);
}

#[test]
fn a_grading_policy_is_read_with_its_words() {
    let world = World::with_site();
    let shipped = get(&world, "GET /v1/policies/grading");
    assert_eq!(shipped["definition"]["limits"]["loss"], 5_000);
    let body = shipped["definition"].to_string();
    let (status, draft) = send(&world, "manager", "PUT /v1/policies/grading/draft", &body);
    assert_eq!((status, &draft["definition"]), (200, &shipped["definition"]));
    let wrong = r#"{ "rules": [
        { "id": "a", "grade": "major", "weight": 9, "zh": ["坏"], "all": ["nobody"] }],
        "types": [{ "id": "t", "zh": ["好的"], "colour": 1 }] }"#;
    let mut places = refused(&world, "PUT /v1/policies/grading/draft", wrong);
    places.sort();
    assert_eq!(places, ["/rules/0/all/0", "/rules/0/zh/0", "/types/0/colour"]);
    let (status, published) = send(&world, "manager", "POST /v1/policies/grading/publish", "");
    assert_eq!((status, &published["version"]), (200, &json!(1)));
}
