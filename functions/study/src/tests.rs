//! Studies, told in requests and answers.

use testkit::{DEFINITION, World};

const MAPPING: &str = r#"{
  "id": "No", "answered_at": "When",
  "channel": { "column": "Via", "map": { "App": "app" } },
  "group": { "value": "core" },
  "answers": {
    "recommend": { "column": "NPS", "not_applicable": ["-"] },
    "quality": { "column": "Q", "not_applicable": ["0"] },
    "many": "Many", "why": "Why"
  }
}"#;

fn import(csv: &str) -> String {
    format!(
        "POST /v1/studies/srv_shop/import\nauthorization: Bearer {{manager}}\n\
         content-type: text/csv\n\n{csv}"
    )
}

fn map(world: &World) {
    let request =
        format!("PUT /v1/studies/srv_shop/mapping\nauthorization: Bearer {{manager}}\n\n{MAPPING}");
    world.json(super::handle, &request);
}

#[test]
fn a_study_is_made_published_changed_and_closed() {
    let world = World::with_site();
    let auth = "authorization: Bearer {manager}";
    let body = format!(r#"{{ "name": "季度", "definition": {DEFINITION} }}"#);
    let made = world.json(super::handle, &format!("POST /v1/studies\n{auth}\n\n{body}"));
    assert_eq!(made["state"], "draft");
    assert!(made["published_version"].is_null());
    let id = made["id"].as_str().unwrap();
    let path = format!("/v1/studies/{id}");
    let closed = world.send(super::handle, &format!("POST {path}/close\n{auth}"));
    assert_eq!(closed.status(), 409, "what was never published cannot be closed");
    assert!(String::from_utf8_lossy(closed.body()).contains("/problems/not-published"));
    let published = world.json(super::handle, &format!("POST {path}/publish\n{auth}"));
    assert_eq!(published["published_version"], 1);
    assert_eq!(published["state"], "open");
    let renamed =
        world.json(super::handle, &format!("PATCH {path}\n{auth}\n\n{{\"name\": \"月度\"}}"));
    assert_eq!(renamed["definition"], published["definition"]);
    world.json(super::handle, &format!("POST {path}/publish\n{auth}"));
    let versions = world.json(super::handle, &format!("GET {path}/versions\n{auth}"));
    assert_eq!(versions["items"].as_array().unwrap().len(), 2);
    let closed = world.json(super::handle, &format!("POST {path}/close\n{auth}"));
    assert_eq!(closed["state"], "closed");
    let verdict = world.json(super::handle, &format!("GET {path}/audit/verify\n{auth}"));
    assert_eq!((&verdict["events"], &verdict["is_intact"]), (&5.into(), &true.into()));
    let stays = "update study_version set definition = '{}'";
    assert!(world.database().execute(stays, []).is_err(), "a published version never changes");
}

#[test]
fn a_definition_names_touchpoints_that_exist_here() {
    let world = World::with_site();
    let definition = DEFINITION.replace("tch_shop", "tch_gone");
    let body = format!(r#"{{ "name": "x", "definition": {definition} }}"#);
    world.check(
        super::handle,
        &format!("POST /v1/studies\nauthorization: Bearer {{manager}}\n\n{body}"),
        r#"
422

{ "type": "/problems/invalid-fields", "title": "Some fields are not valid", "status": 422,
  "instance": "req_test", "errors": [
    { "pointer": "/definition/touchpoint_id", "detail": "must be a touchpoint of this site" } ] }"#,
    );
}

#[test]
fn an_import_reports_every_row_and_can_be_repeated() {
    let world = World::with_site();
    map(&world);
    let csv = "\u{feff}No,When,Via,NPS,Q,Many,Why\n\
               1,2026-11-01 09:30,App,9,5,a;b,好\n\
               2,2026-11-02,App,11,0,,\n\
               3,2026-11-03,pigeon,7,4,,\"two\nlines\"\n\
               4,2026-11-04,App,0,0,,\n\
               5,2027-01-01,App,3,1,,\n\
               1,2026-11-01 09:30,App,9,5,a;b,好\n";
    let expected = |taken: usize, repeated: usize| {
        format!(
            r#"
200

{{ "rows": 6, "taken": {taken}, "repeated": {repeated}, "refused": 3, "refusals": [
    {{ "line": 3, "errors": [
      {{ "field": "recommend", "detail": "must be a whole number from 0 to 10" }} ] }},
    {{ "line": 4, "errors": [ {{ "field": "channel", "detail": "*" }} ] }},
    {{ "line": 7, "errors": [
      {{ "field": "answered_at", "detail": "must not lie in the future" }} ] }}
] }}"#
        )
    };
    world.check(super::handle, &import(csv), &expected(2, 1));
    let rollups = "select sum(n * day + c0 + 7 * c5 + 31 * c9) from rollup";
    let before = world.number(rollups);
    world.check(super::handle, &import(csv), &expected(0, 3));
    assert_eq!(world.number(rollups), before, "a repeated import changes nothing");
    assert_eq!(world.number("select count(*) from response"), 2);
    // 0 is "not applicable" in column Q and a score in column NPS.
    assert_eq!(world.number("select count(*) from score where metric = 'csat'"), 1);
    assert_eq!(world.number("select count(*) from score where value = 0"), 1);
    let at = world.number("select answered_at_ms from response order by answered_at_ms limit 1");
    assert_eq!(domain_time(at), "2026-11-01T01:30:00Z", "09:30 by the clock of the site");
}

fn domain_time(at: i64) -> String {
    web::view::time(at)
}

#[test]
fn an_import_with_a_key_answers_a_repetition_as_it_answered_first() {
    let world = World::with_site();
    map(&world);
    let csv = "No,When,Via,NPS,Q,Many,Why\n1,2026-11-01,App,9,5,,\n";
    let request = import(csv).replace("content-type", "idempotency-key: i1\ncontent-type");
    let first = world.send(super::handle, &request);
    let second = world.send(super::handle, &request);
    assert_eq!(first.body(), second.body());
    assert_eq!(second.headers()["idempotent-replayed"], "true");
    assert_eq!(world.number("select count(*) from event where kind = 'study.imported'"), 1);
    assert_eq!(world.send(super::handle, &request.replace(",9,5", ",8,5")).status(), 422);
}

#[test]
fn a_row_that_changed_since_is_refused() {
    let world = World::with_site();
    map(&world);
    let heading = "No,When,Via,NPS,Q,Many,Why\n";
    world.json(super::handle, &import(&format!("{heading}1,2026-11-01,App,9,5,,\n")));
    let report = world.json(super::handle, &import(&format!("{heading}1,2026-11-01,App,2,5,,\n")));
    assert_eq!(report["refused"], 1);
    assert_eq!(report["refusals"][0]["line"], 2);
    assert_eq!(world.number("select sum(c9) from rollup where grain = 'site'"), 1);
}

#[test]
fn an_import_needs_a_mapping_a_csv_and_its_columns() {
    let world = World::with_site();
    let csv = "No,When\n1,2026-11-01\n";
    assert_eq!(world.send(super::handle, &import(csv)).status(), 409);
    map(&world);
    world.check(
        super::handle,
        &import(csv),
        r#"
422

{ "type": "/problems/invalid-fields", "title": "Some fields are not valid", "status": 422,
  "instance": "req_test", "detail": "the first line lacks the columns Via, NPS, Q, Many, Why" }"#,
    );
    let json = import("{}").replace("text/csv", "application/json");
    let answer = world.send(super::handle, &json);
    assert_eq!(answer.status(), 415);
    assert!(String::from_utf8_lossy(answer.body()).contains("/problems/unsupported-media-type"));
    let viewer = import(csv).replace("{manager}", "{agent}");
    assert_eq!(world.send(super::handle, &viewer).status(), 403);
}

#[test]
fn a_mapping_names_questions_that_exist() {
    let world = World::with_site();
    let body = r#"{ "answers": { "recommend": {}, "colour": "C" }, "when": "W" }"#;
    let answer = world.send(
        super::handle,
        &format!("PUT /v1/studies/srv_shop/mapping\nauthorization: Bearer {{manager}}\n\n{body}"),
    );
    assert_eq!(answer.status(), 422);
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    for pointer in ["/answers/recommend/column", "/answers/colour", "/when"] {
        assert!(text.contains(&format!("\"{pointer}\"")), "{pointer} in {text}");
    }
}

#[test]
fn comments_are_for_agents_and_newest_come_first() {
    let world = World::with_site();
    map(&world);
    let csv = "No,When,Via,NPS,Q,Many,Why\n1,2026-11-01,App,9,5,,\"好, \"\"真\"\"的\"\n\
               2,2026-11-02,App,3,1,b,慢\n";
    world.json(super::handle, &import(csv));
    let list = "GET /v1/studies/srv_shop/responses?limit=1\nauthorization: Bearer {agent}";
    let page = world.json(super::handle, list);
    let first = &page["items"][0];
    assert_eq!(first["channel"], "app");
    assert_eq!(first["group"], "core");
    assert_eq!(first["source"], "import");
    let after = page["next"].as_str().unwrap();
    let rest = format!(
        "GET /v1/studies/srv_shop/responses?after={after}\nauthorization: Bearer {{agent}}"
    );
    let rest = world.json(super::handle, &rest);
    let comments = [&first["answers"]["why"], &rest["items"][0]["answers"]["why"]];
    assert!(comments.contains(&&"好, \"真\"的".into()), "{comments:?}");
    let path = format!("/v1/studies/srv_shop/responses/{}", first["id"].as_str().unwrap());
    let show = format!("GET {path}\nauthorization: Bearer {{agent}}");
    assert_eq!(world.json(super::handle, &show)["id"], first["id"]);
    let verify = format!("GET {path}/audit/verify\nauthorization: Bearer {{viewer}}");
    assert_eq!(world.json(super::handle, &verify)["is_intact"], true);
    for key in ["viewer", "other"] {
        let request =
            format!("GET /v1/studies/srv_shop/responses\nauthorization: Bearer {{{key}}}");
        assert!([403, 404].contains(&world.send(super::handle, &request).status().as_u16()));
    }
}

#[test]
fn customers_and_agents_of_an_import_must_exist() {
    let world = World::with_site();
    let mapping = r#"{ "customer": "Who", "agent": "By", "answers": { "recommend": "NPS" } }"#;
    world.json(
        super::handle,
        &format!(
            "PUT /v1/studies/srv_shop/mapping\nauthorization: Bearer {{manager}}\n\n{mapping}"
        ),
    );
    let csv = "Who,By,NPS\n,agt_lan,9\nnobody,,9\n,agt_gone,9\n";
    let report = world.json(super::handle, &import(csv));
    assert_eq!((&report["taken"], &report["refused"]), (&1.into(), &2.into()), "{report}");
    assert_eq!(world.number("select count(*) from rollup where grain = 'agent'"), 1);
}

#[test]
fn wrong_methods_and_a_broken_database_say_so() {
    let world = World::with_site();
    for (path, allow) in [
        ("/v1/studies", "GET, HEAD, POST"),
        ("/v1/studies/x/import", "POST"),
        ("/v1/studies/x/responses", "GET, HEAD"),
    ] {
        let answer = world.send(super::handle, &format!("DELETE {path}"));
        assert_eq!(answer.status(), 405, "{path}");
        assert_eq!(answer.headers()["allow"], allow);
    }
    world.break_database();
    let read = "GET /v1/studies\nauthorization: Bearer {viewer}";
    assert_eq!(world.send(super::handle, read).status(), 503);
}
