//! Configuration, told in requests and answers.

mod sessions;
mod site;
mod template;

use serde_json::json;
use testkit::{ADMIN_KEY, World};

fn created(world: &World, path: &str, body: &str) -> String {
    let request = format!("POST {path}\nauthorization: Bearer {{admin}}\n\n{body}");
    world.json(super::handle, &request)["id"].as_str().unwrap().to_owned()
}

#[test]
fn the_admin_key_makes_a_site_and_spans_sites() {
    let world = World::with_site();
    world.check(
        super::handle,
        &format!(
            "POST /v1/sites\nauthorization: Bearer {ADMIN_KEY}\n\n{}",
            r#"{ "name": "新店", "origins": ["https://new.example", "https://new.example"],
                 "minimum_n": 8, "weights": { "speed": 3 } }"#
        ),
        r#"
201
location: *

{ "id": "*", "name": "新店", "zone": "Asia/Shanghai", "origins": ["https://new.example"],
  "minimum_n": 8, "weights": { "speed": 3 }, "languages": ["zh-CN", "en"], "retention": {},
  "version": 1, "created_at": "2026-11-22T01:30:00Z", "updated_at": "2026-11-22T01:30:00Z" }"#,
    );
    let list = format!("GET /v1/sites\nauthorization: Bearer {ADMIN_KEY}");
    assert_eq!(world.json(super::handle, &list)["items"].as_array().unwrap().len(), 3);
    let own = "GET /v1/sites\nauthorization: Bearer {viewer}";
    assert_eq!(world.json(super::handle, own)["items"].as_array().unwrap().len(), 1);
    let unnamed = format!("GET /v1/touchpoints\nauthorization: Bearer {ADMIN_KEY}");
    assert_eq!(world.send(super::handle, &unnamed).status(), 422);
    let named = format!("GET /v1/touchpoints?site=sit_shop\nauthorization: Bearer {ADMIN_KEY}");
    assert_eq!(world.send(super::handle, &named).status(), 200);
    let nowhere = format!("GET /v1/touchpoints?site=sit_x\nauthorization: Bearer {ADMIN_KEY}");
    assert_eq!(world.send(super::handle, &nowhere).status(), 404);
}

#[test]
fn roles_open_what_they_should_and_nothing_more() {
    let world = World::with_site();
    let body = r#"{ "name": "配送", "stage": "purchase" }"#;
    for (role, read, make, keys) in [
        ("viewer", 200, 403, 403),
        ("agent", 200, 403, 403),
        ("manager", 200, 201, 403),
        ("admin", 200, 201, 200),
    ] {
        let status = |request: String| world.send(super::handle, &request).status().as_u16();
        let auth = format!("authorization: Bearer {{{role}}}");
        assert_eq!(status(format!("GET /v1/touchpoints\n{auth}")), read, "{role}");
        assert_eq!(status(format!("POST /v1/touchpoints\n{auth}\n\n{body}")), make, "{role}");
        assert_eq!(status(format!("GET /v1/keys\n{auth}")), keys, "{role}");
    }
    assert_eq!(world.send(super::handle, "GET /v1/touchpoints").status(), 401);
    let public = "GET /v1/touchpoints\nauthorization: Bearer {pk}";
    assert_eq!(world.send(super::handle, public).status(), 401);
}

#[test]
fn another_sites_things_do_not_exist() {
    let world = World::with_site();
    for path in ["touchpoints/tch_shop", "agents/agt_lan", "sites/sit_shop", "keys/key_pk"] {
        let request = format!("GET /v1/{path}\nauthorization: Bearer {{other}}");
        assert_eq!(world.send(super::handle, &request).status(), 404, "{path}");
    }
    let named = "GET /v1/touchpoints?site=sit_shop\nauthorization: Bearer {other}";
    assert_eq!(world.send(super::handle, named).status(), 404);
}

#[test]
fn a_touchpoint_has_standards_and_a_target_by_default() {
    let world = World::with_site();
    world.check(
        super::handle,
        "POST /v1/touchpoints\nauthorization: Bearer {manager}\n\n\
         {\"name\": \"售后\", \"stage\": \"after_sale\", \"is_key\": true,
          \"standards\": { \"human_pick_up\": 60 }}",
        r#"
201

{
  "id": "*", "name": "售后", "stage": "after_sale", "lifecycle": null, "is_key": true,
  "channels": ["web", "app", "wechat", "sms", "email", "phone", "store"], "target": 95,
  "standards": {
    "bot_first_response": 3, "human_pick_up": 60, "complex_question_answered": 86400,
    "after_sale_first_response": 7200, "complex_case_escalated": 7200,
    "ordinary_problem_solved": 172800, "complex_problem_planned": 259200,
    "feedback_recorded": 86400, "customer_told": 86400 },
  "version": 1, "created_at": "*", "updated_at": "*"
}"#,
    );
}

#[test]
fn every_bad_field_is_reported_at_once() {
    World::with_site().check(
        super::handle,
        "POST /v1/touchpoints\nauthorization: Bearer {manager}\n\n\
         {\"name\": \" \", \"stage\": \"later\", \"target\": 101, \"channels\": [\"pigeon\"],
          \"standards\": { \"nap\": 1 }, \"colour\": 1}",
        r#"
422

{
  "type": "/problems/invalid-fields", "title": "Some fields are not valid", "status": 422,
  "instance": "req_test",
  "errors": [
    { "pointer": "/name", "detail": "must have 1 to 80 characters" },
    { "pointer": "/stage", "detail": "must be one of pre_sale, purchase, after_sale, retention" },
    { "pointer": "/channels/0", "detail": "*" },
    { "pointer": "/target", "detail": "must be a whole number from 0 to 100" },
    { "pointer": "/standards/nap", "detail": "is not a field we know" },
    { "pointer": "/colour", "detail": "is not a field we know" }
  ]
}"#,
    );
}

#[test]
fn a_stale_change_is_refused_and_a_fresh_one_is_an_event() {
    let world = World::with_site();
    let id = created(&world, "/v1/touchpoints", r#"{ "name": "配送", "stage": "purchase" }"#);
    let change = |tag: &str, body: &str| {
        format!(
            "PATCH /v1/touchpoints/{id}\nauthorization: Bearer {{manager}}\n\
             if-match: {tag}\n\n{body}"
        )
    };
    world.check(
        super::handle,
        &change("\"v1\"", r#"{ "target": 90 }"#),
        r#"
200
etag: "v2"

{ "id": "*", "name": "配送", "stage": "purchase", "lifecycle": null, "channels": "*",
  "is_key": false, "target": 90, "standards": "*", "version": 2, "created_at": "*",
  "updated_at": "*" }"#,
    );
    world.check(
        super::handle,
        &change("\"v1\"", r#"{ "target": 91 }"#),
        r#"
412

{ "type": "/problems/precondition-failed", "title": "It is not the version you named",
  "status": 412, "instance": "req_test" }"#,
    );
    world.check(
        super::handle,
        &format!("GET /v1/touchpoints/{id}/audit/verify\nauthorization: Bearer {{viewer}}"),
        &format!(
            r#"
200

{{ "subject": "{id}", "events": 2, "is_intact": true, "broken_at": null, "as_of": "*" }}"#
        ),
    );
}

#[test]
fn one_flipped_byte_in_the_log_is_found() {
    let world = World::with_site();
    let id = created(&world, "/v1/touchpoints", r#"{ "name": "配送", "stage": "purchase" }"#);
    let path = format!("/v1/touchpoints/{id}");
    for target in [80, 70] {
        let body = format!(r#"{{ "target": {target} }}"#);
        let request = format!("PATCH {path}\nauthorization: Bearer {{manager}}\n\n{body}");
        world.json(super::handle, &request);
    }
    let verify = format!("GET {path}/audit/verify\nauthorization: Bearer {{viewer}}");
    assert_eq!(world.json(super::handle, &verify)["is_intact"], true);
    let tamper = "update event set data = replace(data, '80', '81') where version = 2";
    assert!(world.database().execute(tamper, []).is_err(), "the database itself refuses");
    world.database().execute_batch("drop trigger event_stays").unwrap();
    world.database().execute(tamper, []).unwrap();
    let verdict = world.json(super::handle, &verify);
    assert_eq!(verdict["is_intact"], false);
    assert_eq!(verdict["broken_at"], 2);
}

#[test]
fn a_repeated_write_gets_the_first_answer() {
    let world = World::with_site();
    let request = "POST /v1/departments\nauthorization: Bearer {manager}\nidempotency-key: d1\n\n\
                   {\"name\": \"客服\"}";
    let first = world.send(super::handle, request);
    world.wait_ms(1000);
    let second = world.send(super::handle, request);
    assert_eq!(first.body(), second.body());
    assert_eq!(first.headers()["location"], second.headers()["location"]);
    assert_eq!(second.headers()["idempotent-replayed"], "true");
    assert_eq!(world.number("select count(*) from department"), 1);
    assert_eq!(world.number("select count(*) from event where kind = 'department.created'"), 1);
    let other = request.replace("客服", "品控");
    assert_eq!(world.send(super::handle, &other).status(), 422);
    // Another caller's key of the same name is another key.
    let theirs = request.replace("{manager}", "{admin}");
    assert_eq!(world.send(super::handle, &theirs).status(), 201);
    // A day later it is a new request.
    world.wait_ms(24 * 60 * 60 * 1000);
    assert_eq!(world.send(super::handle, request).status(), 201);
    assert_eq!(world.number("select count(*) from department"), 3);
}

#[test]
fn a_secret_key_is_shown_once_and_kept_as_a_hash() {
    let world = World::with_site();
    let request = "POST /v1/keys\nauthorization: Bearer {admin}\nidempotency-key: k1\n\n\
                   {\"name\": \"CRM\", \"kind\": \"secret\", \"role\": \"viewer\"}";
    let made = world.json(super::handle, request);
    let secret = made["key"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("sk_"));
    assert!(world.json(super::handle, request)["key"].is_null());
    let read = format!("GET /v1/touchpoints\nauthorization: Bearer {secret}");
    assert_eq!(world.send(super::handle, &read).status(), 200);
    for table in ["api_key", "event", "idempotency"] {
        let mut found = false;
        let connection = world.database();
        let mut rows = connection.prepare(&format!("select * from {table}")).unwrap();
        let columns = rows.column_count();
        let mut rows = rows.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for at in 0..columns {
                let text = format!("{:?}", row.get_ref(at).unwrap());
                found |= text.contains(&secret);
            }
        }
        assert!(!found, "{table} holds the key");
    }
    let id = made["id"].as_str().unwrap();
    let revoke = format!("DELETE /v1/keys/{id}\nauthorization: Bearer {{admin}}");
    assert_eq!(world.send(super::handle, &revoke).status(), 204);
    assert_eq!(world.send(super::handle, &read).status(), 401);
    assert_eq!(world.send(super::handle, &revoke).status(), 404);
}

#[test]
fn a_key_expires() {
    let world = World::with_site();
    let made = world.json(
        super::handle,
        "POST /v1/keys\nauthorization: Bearer {admin}\n\n\
         {\"name\": \"guest\", \"kind\": \"secret\", \"role\": \"viewer\",
          \"expires_at\": \"2026-11-22T02:30:00Z\"}",
    );
    let read =
        format!("GET /v1/touchpoints\nauthorization: Bearer {}", made["key"].as_str().unwrap());
    assert_eq!(world.send(super::handle, &read).status(), 200);
    world.wait_ms(60 * 60 * 1000);
    assert_eq!(world.send(super::handle, &read).status(), 401);
}

#[test]
fn a_session_is_a_cookie_that_only_our_own_pages_may_write_with() {
    let world = World::with_site();
    let opened = world.send(super::handle, "POST /v1/session\n\n{\"key\": \"{manager}\"}");
    assert_eq!(opened.status(), 201);
    let cookie = opened.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    world.check(
        super::handle,
        &format!("GET /v1/session\ncookie: a=b; {cookie}"),
        r#"
200

{ "role": "manager", "site_id": "sit_shop", "actor": "key:key_manager", "agent_id": null,
  "agent": null, "site": { "id": "sit_shop", "name": "鹿鸣", "zone": "Asia/Shanghai" } }"#,
    );
    let write = |headers: &str| {
        let request =
            format!("POST /v1/departments\ncookie: {cookie}\n{headers}\n\n{{\"name\": \"客服\"}}");
        world.send(super::handle, &request).status().as_u16()
    };
    assert_eq!(write("origin: https://evil.example"), 403);
    assert_eq!(write("sec-fetch-site: cross-site"), 403);
    assert_eq!(write("origin: https://huiyin.test"), 201);
    let close = format!("DELETE /v1/session\ncookie: {cookie}\norigin: https://huiyin.test");
    assert_eq!(world.send(super::handle, &close).status(), 204);
    assert_eq!(
        world.send(super::handle, &format!("GET /v1/session\ncookie: {cookie}")).status(),
        401
    );
    let wrong = world.send(super::handle, "POST /v1/session\n\n{\"key\": \"sk_wrong\"}");
    assert_eq!(wrong.status(), 401);
}

#[test]
fn lists_are_walked_page_by_page() {
    let world = World::with_site();
    for number in 0..5 {
        created(&world, "/v1/departments", &format!(r#"{{ "name": "部门 {number}" }}"#));
        world.wait_ms(1);
    }
    let mut after = String::new();
    let mut names = Vec::new();
    for expected in [2, 2, 1] {
        let request =
            format!("GET /v1/departments?limit=2&after={after}\nauthorization: Bearer {{viewer}}");
        let page = world.json(super::handle, &request);
        let items = page["items"].as_array().unwrap();
        assert_eq!(items.len(), expected);
        names.extend(items.iter().map(|it| it["name"].as_str().unwrap().to_owned()));
        after = page["next"].as_str().unwrap_or_default().to_owned();
    }
    assert_eq!(after, "");
    assert_eq!(names, ["部门 0", "部门 1", "部门 2", "部门 3", "部门 4"]);
    let bad = "GET /v1/departments?limit=101&form=x\nauthorization: Bearer {viewer}";
    assert_eq!(world.send(super::handle, bad).status(), 422);
}

#[test]
fn an_agents_department_must_exist_here() {
    let world = World::with_site();
    let make = |department: &str| {
        format!(
            "POST /v1/agents\nauthorization: Bearer {{manager}}\n\n\
             {{\"name\": \"沈一诺\", \"department_id\": \"{department}\", \"skills\": [\"退款\"]}}"
        )
    };
    assert_eq!(world.send(super::handle, &make("dep_x")).status(), 422);
    let department = created(&world, "/v1/departments", r#"{ "name": "客服" }"#);
    let made = world.json(super::handle, &make(&department));
    assert_eq!(made["department_id"], department.as_str());
    let events: String = world
        .database()
        .query_row("select data from event where kind = 'agent.created'", [], |row| row.get(0))
        .unwrap();
    assert!(!events.contains("沈一诺"), "a name in the log: {events}");
}

#[test]
fn what_an_agent_can_take_and_when_they_are_there() {
    let world = World::with_site();
    let path = "/v1/agents";
    let id = created(&world, path, r#"{ "name": "沈一诺" }"#);
    let patch =
        |body: &str| format!("PATCH {path}/{id}\nauthorization: Bearer {{manager}}\n\n{body}");
    let shown = world.json(super::handle, &patch("{}"));
    assert_eq!((&shown["capacity"], &shown["is_specialist"]), (&20.into(), &false.into()));
    assert_eq!((&shown["calendar_id"], &shown["absences"]), (&json!(null), &json!([])));
    let away = json!([{ "from": "2026-12-01T00:00:00+08:00", "until": "2026-12-03T00:00:00Z" }]);
    let body = json!({ "capacity": 0, "is_specialist": true, "absences": away });
    world.json(super::handle, &patch(&body.to_string()));
    // What is not named stays.
    let shown = world.json(super::handle, &patch(r#"{ "name": "沈" }"#));
    assert_eq!((&shown["capacity"], &shown["is_specialist"]), (&0.into(), &true.into()));
    let told = json!([{ "from": "2026-11-30T16:00:00Z", "until": "2026-12-03T00:00:00Z" }]);
    assert_eq!(shown["absences"], told);
    let event = "select count(*) from event where data like '%2026-1%'";
    assert_eq!(world.number(event), 0, "absences are personal");
    let wrong = json!({ "capacity": 501, "is_specialist": 1, "absences": [
        { "from": "soon", "until": "2026-12-03T00:00:00Z" },
        { "from": "2026-12-03T00:00:00Z", "until": "2026-12-03T00:00:00Z", "why": "ill" }] });
    let answer = world.send(super::handle, &patch(&wrong.to_string()));
    let answer: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
    let pointers = answer["errors"].as_array().unwrap().iter().map(|it| it["pointer"].clone());
    assert_eq!(
        pointers.collect::<Vec<_>>(),
        ["/capacity", "/is_specialist", "/absences/0/from", "/absences/1/until", "/absences/1/why"]
    );
    assert_eq!(world.send(super::handle, &patch(r#"{ "calendar_id": "cal_x" }"#)).status(), 422);
    let calendar = "insert into calendar values ('cal_x', 'sit_shop', 1, '早班', '{}', 0, 0)";
    world.database().execute(calendar, []).unwrap();
    let shown = world.json(super::handle, &patch(r#"{ "calendar_id": "cal_x" }"#));
    assert_eq!(shown["calendar_id"], "cal_x");
    let shown = world.json(super::handle, &patch(r#"{ "calendar_id": "office" }"#));
    assert_eq!(shown["calendar_id"], "office");
    let cleared = world.json(super::handle, &patch(r#"{ "absences": [] }"#));
    assert_eq!(cleared["absences"], json!([]));
}

#[test]
fn what_an_agent_speaks_and_how_many_calls_they_make() {
    let world = World::with_site();
    let id = created(&world, "/v1/agents", r#"{ "name": "沈一诺" }"#);
    let patch =
        |body: &str| format!("PATCH /v1/agents/{id}\nauthorization: Bearer {{manager}}\n\n{body}");
    let shown = world.json(super::handle, &patch("{}"));
    assert_eq!((&shown["languages"], &shown["calls_per_day"]), (&json!([]), &json!(0)));
    let body = r#"{ "languages": ["zh", "en"], "calls_per_day": 200 }"#;
    world.json(super::handle, &patch(body));
    let shown = world.json(super::handle, &patch(r#"{ "name": "岚" }"#));
    assert_eq!(shown["languages"], json!(["zh", "en"]));
    assert_eq!((&shown["calls_per_day"], &shown["has_feed"]), (&json!(200), &json!(false)));
    let wrong = r#"{ "languages": ["zh-CN"], "calls_per_day": 201 }"#;
    let answer = world.send(super::handle, &patch(wrong));
    let answer: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
    let pointers = answer["errors"].as_array().unwrap().iter().map(|it| it["pointer"].clone());
    assert_eq!(pointers.collect::<Vec<_>>(), ["/languages/0", "/calls_per_day"]);
}

#[test]
fn the_address_of_an_agents_calendar_is_theirs_and_told_once() {
    let world = World::with_site();
    let id = created(&world, "/v1/agents", r#"{ "name": "沈一诺" }"#);
    let send = |method: &str, role: &str, key: &str| {
        let key = if key.is_empty() { String::new() } else { format!("\nidempotency-key: {key}") };
        let line = format!("{method} /v1/agents/{id}/feed\nauthorization: Bearer {{{role}}}");
        let answer = world.send(super::handle, &format!("{line}{key}\n\n"));
        let shown: serde_json::Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        (answer.status().as_u16(), shown["url"].as_str().unwrap_or_default().to_owned())
    };
    let hash = |url: &str| {
        let token = url.rsplit('/').next().unwrap().strip_suffix(".ics").unwrap();
        domain::id::token_hash(token)
    };
    let opens = |url: &str| {
        let sql = "select count(*) from call_feed where hash = ?1";
        let found = world.database().query_row(sql, [&hash(url)[..]], |row| row.get::<_, i64>(0));
        found == Ok(1)
    };
    assert_eq!(send("POST", "agent", "").0, 403, "somebody else's");
    assert_eq!(send("POST", "other", "").0, 404);
    assert_eq!(send("DELETE", "manager", "").0, 404);
    let (status, first) = send("POST", "manager", "one");
    assert_eq!((status, first.contains("/feed/"), opens(&first)), (200, true, true));
    // A repeated request gets the same, though nothing that opens it was kept.
    assert_eq!(send("POST", "manager", "one"), (200, first.clone()));
    let kept = "select count(*) from idempotency where body like '%ics%'";
    assert_eq!(world.number(kept), 0);

    let (_, second) = send("POST", "manager", "");
    assert_eq!((opens(&first), opens(&second)), (false, true));
    assert_eq!(send("DELETE", "manager", "").0, 204);
    assert_eq!(world.number("select count(*) from call_feed"), 0);
    let (_, third) = send("POST", "manager", "");
    assert_eq!((third == second, third == first, opens(&third)), (false, false, true));

    // Agents make their own.
    world
        .database()
        .execute("update api_key set agent_id = ?1 where id = 'key_agent'", [&id])
        .unwrap();
    let (status, own) = send("POST", "agent", "");
    assert_eq!((status, opens(&own)), (200, true));
    assert_eq!(send("GET", "agent", "").0, 405);
    let events = "select count(*) from event where kind = 'agent.updated'";
    assert_eq!(world.number(events), 5, "made four times and closed once");
}

#[test]
fn a_key_may_be_somebodys() {
    let world = World::with_site();
    let make = |kind: &str, agent: &str| {
        let mut body = json!({ "name": "岚", "kind": kind, "role": "agent", "agent_id": agent });
        if kind == "publishable" {
            body.as_object_mut().unwrap().remove("role");
        }
        format!("POST /v1/keys\nauthorization: Bearer {{admin}}\n\n{body}")
    };
    let made = world.json(super::handle, &make("secret", "agt_lan"));
    assert_eq!(made["agent_id"], "agt_lan");
    let key = made["key"].as_str().unwrap();
    let session = format!("GET /v1/session\nauthorization: Bearer {key}");
    assert_eq!(world.json(super::handle, &session)["agent_id"], "agt_lan");
    let opened = world.send(super::handle, &format!("POST /v1/session\n\n{{\"key\": \"{key}\"}}"));
    let cookie = opened.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap();
    let session = format!("GET /v1/session\ncookie: {cookie}");
    assert_eq!(world.json(super::handle, &session)["agent_id"], "agt_lan");
    for wrong in [make("secret", "agt_gone"), make("publishable", "agt_lan")] {
        let answer = world.send(super::handle, &wrong);
        let answer: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!(answer["errors"][0]["pointer"], "/agent_id");
    }
}

#[test]
fn who_may_not_is_told_why_and_what_to_do() {
    let world = World::with_site();
    let told = |request: &str| {
        let answer = world.send(super::handle, request);
        let body: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
        (body["type"].as_str().unwrap().to_owned(), body["detail"].as_str().map(str::to_owned))
    };
    let (kind, detail) = told("GET /v1/agents");
    assert_eq!(kind, "/problems/unauthorized");
    assert!(detail.unwrap().contains("Authorization: Bearer"));
    let (kind, detail) = told("GET /v1/keys\nauthorization: Bearer {viewer}");
    assert_eq!(kind, "/problems/forbidden");
    assert_eq!(detail.unwrap(), "this needs a key with the role admin");
    let (kind, detail) = told("GET /v1/agents/agt_lan\nauthorization: Bearer {other}");
    assert_eq!((kind.as_str(), detail), ("/problems/not-found", None));
    world.json(super::handle, "POST /v1/rebuild\nauthorization: Bearer {admin}");
    let (kind, detail) = told("POST /v1/rebuild\nauthorization: Bearer {admin}");
    assert_eq!(kind, "/problems/conflict");
    assert_eq!(detail.unwrap(), "a rebuild of this site is under way");
}

#[test]
fn damaged_data_is_a_500_that_says_nothing_of_the_inside() {
    let world = World::with_site();
    world
        .database()
        .execute_batch("drop index agent_site; alter table agent rename to was")
        .unwrap();
    world.check(
        super::handle,
        "GET /v1/agents/agt_lan\nauthorization: Bearer {viewer}",
        r#"
500

{ "type": "/problems/internal", "title": "Something went wrong on our side", "status": 500,
  "instance": "req_test" }"#,
    );
    assert!(world.logged_cause().unwrap().contains("no such table"));
}

#[test]
fn wrong_methods_say_which_are_right() {
    let world = World::with_site();
    for (path, allow) in [
        ("/v1/sites", "GET, HEAD, POST"),
        ("/v1/sites/x", "GET, HEAD, PATCH"),
        ("/v1/keys/x", "GET, HEAD, DELETE"),
        ("/v1/session", "GET, HEAD, POST, DELETE"),
        ("/v1/rebuild", "POST"),
    ] {
        let answer = world.send(super::handle, &format!("PUT {path}"));
        assert_eq!(answer.status(), 405, "{path}");
        assert_eq!(answer.headers()["allow"], allow);
    }
    assert_eq!(world.send(super::handle, "GET /v1/unknown").status(), 404);
}

#[test]
fn one_rebuild_of_a_site_runs_at_a_time() {
    let world = World::with_site();
    let start = "POST /v1/rebuild\nauthorization: Bearer {admin}";
    let started = world.json(super::handle, start);
    assert_eq!(started["state"], "due");
    assert_eq!(world.send(super::handle, start).status(), 409);
    let id = started["id"].as_str().unwrap();
    let show = format!("GET /v1/rebuild/{id}\nauthorization: Bearer {{viewer}}");
    assert_eq!(world.json(super::handle, &show)["differences"], 0);
}

#[test]
fn a_broken_database_is_a_503() {
    let world = World::with_site();
    world.break_database();
    let read = "GET /v1/touchpoints\nauthorization: Bearer {viewer}";
    assert_eq!(world.send(super::handle, read).status(), 503);
    assert!(world.logged_cause().unwrap().contains("disk I/O error"));
}
