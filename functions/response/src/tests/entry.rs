//! What staff type in, told in requests and answers.

use testkit::World;

fn enter(who: &str, headers: &str, body: &str) -> String {
    format!(
        "POST /v1/studies/srv_shop/responses\nauthorization: Bearer {{{who}}}\n{headers}\n{body}"
    )
}

/// The customer `cus_lin`, whom the company calls `CRM-7`, and one who was erased.
fn customers(world: &World) {
    for (id, external_id, group, erased_at) in
        [("cus_lin", "CRM-7", "core", None), ("cus_gone", "gone", "", Some(1))]
    {
        world.run(store::customers::insert(&store::customers::Customer {
            id: id.into(),
            site_id: "sit_shop".into(),
            version: 1,
            external_id: external_id.into(),
            group: group.into(),
            adviser_id: String::new(),
            zone: String::new(),
            language: String::new(),
            has_consent: true,
            erased_at,
            created_at: 0,
            updated_at: 0,
        }));
    }
}

#[test]
fn every_source_is_kept_and_no_other() {
    let world = World::with_site();
    for (source, status) in [
        ("interview", 201),
        ("mystery_shopper", 201),
        ("paper", 201),
        ("phone", 201),
        ("api", 201),
        ("widget", 422),
        ("import", 422),
    ] {
        let body = format!(r#"{{ "source": "{source}", "answers": {{ "recommend": 9 }} }}"#);
        let head = "POST /v1/studies/srv_shop/responses\nauthorization: Bearer {agent}";
        let answer = world.send(crate::handle, &format!("{head}\n\n{body}"));
        assert_eq!(answer.status(), status, "{source}");
    }
    assert_eq!(world.number("select count(distinct source) from response"), 5);
}

#[test]
fn an_interview_counts_on_its_day_with_all_that_is_known() {
    let world = World::with_site();
    customers(&world);
    let body = r#"{
      "source": "interview", "answers": { "recommend": 9, "quality": 5, "why": "老顾客" },
      "channel": "store", "customer": "CRM-7", "agent_id": "agt_lan", "language": "zh-CN",
      "answered_at": "2026-03-01"
    }"#;
    world.check(
        crate::handle,
        &enter("agent", "idempotency-key: form-12\n", body),
        r#"
201
location: *

{ "id": "*", "survey_version": 1, "source": "interview", "channel": "store", "group": "core",
  "language": "zh-CN", "customer_id": "cus_lin", "agent_id": "agt_lan",
  "answers": { "recommend": 9, "quality": 5, "why": "老顾客" },
  "answered_at": "2026-03-01T04:00:00Z", "received_at": "2026-11-22T01:30:00Z",
  "is_complete": true, "is_counted": true, "screened": [], "looked_at": null,
  "version": 1 }"#,
    );
    let day = domain::civil::parse_date("2026-03-01").unwrap();
    let rollup = format!(
        "select group_concat(grain || ' ' || a || ' ' || b || ' ' || c9, '; ') from (
           select * from rollup where day = {day} and metric = 'nps' and grain in
             ('agent', 'agent_channel', 'group', 'touchpoint_group') order by grain)"
    );
    let told: String = world.database().query_row(&rollup, [], |row| row.get(0)).unwrap();
    let expected = [
        "agent agt_lan  1",
        "agent_channel agt_lan store 1",
        "group core  1",
        "touchpoint_group tch_shop core 1",
    ];
    assert_eq!(told, expected.join("; "));
    let event = "select actor || ' ' || (data ->> 'agent_id') from event
       where kind = 'response.created'";
    let event: String = world.database().query_row(event, [], |row| row.get(0)).unwrap();
    assert_eq!(event, "key:key_agent agt_lan");
}

#[test]
fn the_same_form_twice_is_one_response() {
    let world = World::with_site();
    let body = r#"{ "source": "paper", "answers": { "recommend": 3 } }"#;
    let request = enter("agent", "idempotency-key: form-1\n", body);
    let first = world.send(crate::handle, &request);
    assert_eq!(first.status(), 201);
    let again = world.send(crate::handle, &request);
    assert_eq!(
        (first.body(), first.headers()["location"].clone()),
        (again.body(), again.headers()["location"].clone())
    );
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    let other = world.send(crate::handle, &request.replace("3 }", "4 }"));
    assert_eq!(other.status(), 422);
    assert!(String::from_utf8_lossy(other.body()).contains("/problems/idempotency-key-reused"));
    // Another member of staff may have chosen the same key.
    assert_eq!(world.send(crate::handle, &request.replace("{agent}", "{manager}")).status(), 201);
    for _ in 0..2 {
        assert_eq!(world.send(crate::handle, &enter("agent", "", body)).status(), 201);
    }
    assert_eq!(world.number("select n from rollup where grain = 'site'"), 4);
    assert_eq!(world.number("select count(*) from event where kind = 'response.created'"), 4);
}

#[test]
fn what_two_people_would_not_say_alike_counts_once() {
    let world = World::with_site();
    let body = r#"{ "source": "phone", "answers": { "recommend": 3,
      "why": "电话打了三次都没有人接，最后还是我自己到店里去解决的" } }"#;
    let shown = |it: &str| world.json(crate::handle, &enter("agent", "", it));
    assert_eq!(shown(body)["is_counted"], true);
    let again = shown(body);
    assert_eq!(again["screened"], serde_json::json!(["duplicate"]));
    assert_eq!(world.number("select n from rollup where grain = 'site'"), 1);
}

#[test]
fn every_mistake_is_told_at_once() {
    let world = World::with_site();
    customers(&world);
    let body = r#"{
      "source": "web", "version": 2, "answers": { "quality": 6, "colour": "red" },
      "channel": "pigeon", "group": "old", "language": "中文", "customer": "gone",
      "agent_id": "agt_gone", "answered_at": "2024-11-20", "elapsed_ms": 3
    }"#;
    let answer = world.send(crate::handle, &enter("agent", "", body));
    assert_eq!(answer.status(), 422);
    let body = String::from_utf8_lossy(answer.body()).into_owned();
    for pointer in [
        "/source",
        "/version",
        "/answers/recommend",
        "/answers/quality",
        "/answers/colour",
        "/channel",
        "/group",
        "/language",
        "/customer",
        "/agent_id",
        "/answered_at",
        "/elapsed_ms",
    ] {
        assert!(body.contains(&format!("\"{pointer}\"")), "{pointer} in {body}");
    }
    for body in [
        r#"{ "source": "paper" }"#,
        r#"{ "source": "paper", "answers": {} }"#,
        r#"{ "source": "paper", "answers": { "recommend": 1 }, "answered_at": "2026-11-23" }"#,
    ] {
        assert_eq!(world.send(crate::handle, &enter("agent", "", body)).status(), 422, "{body}");
    }
    assert_eq!(world.number("select count(*) from response"), 0);
}

#[test]
fn only_agents_of_the_site_enter_and_only_into_what_was_published() {
    let world = World::with_site();
    let body = r#"{ "source": "paper", "answers": { "recommend": 3 } }"#;
    for (who, status) in [("viewer", 403), ("other", 404), ("pk", 401), ("agent", 201)] {
        let answer = world.send(crate::handle, &enter(who, "", body));
        assert_eq!(answer.status(), status, "{who}");
    }
    // Forms come in after a survey was closed.
    world.database().execute("update study set state = 'closed'", []).unwrap();
    assert_eq!(world.send(crate::handle, &enter("agent", "", body)).status(), 201);
    world.database().execute("update study set published = 0", []).unwrap();
    let draft = world.send(crate::handle, &enter("agent", "", body));
    assert_eq!(draft.status(), 409);
    assert!(String::from_utf8_lossy(draft.body()).contains("/problems/not-published"));
    world.break_database();
    assert_eq!(world.send(crate::handle, &enter("agent", "", body)).status(), 503);
}
