//! Mappings and imports, told in requests and answers.

use testkit::World;

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

fn map_as(world: &World, mapping: &str) {
    world.database().execute("update study set mapping = ?1", [mapping]).unwrap();
}

fn map(world: &World) {
    map_as(world, MAPPING);
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
fn a_mark_before_a_formula_is_taken_away_and_no_other() {
    let world = World::with_site();
    map(&world);
    let cells = ["'=1+1", "''tis", "'tis", "\"'-a, \"\"b\"\"\"", "'", " '@x "];
    let mut csv = "No,When,Via,NPS,Q,Many,Why\n".to_owned();
    for (at, cell) in cells.iter().enumerate() {
        csv.push_str(&format!("{at},2026-11-01,App,9,5,,{cell}\n"));
    }
    world.json(super::handle, &import(&csv));
    let read = "select group_concat(answers ->> 'why', '|' order by idempotency_key) from response";
    let found: String = world.database().query_row(read, [], |row| row.get(0)).unwrap();
    assert_eq!(found, "=1+1|'tis|'tis|-a, \"b\"|'|@x");
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
fn customers_and_agents_of_an_import_must_exist() {
    let world = World::with_site();
    let mapping = r#"{ "customer": "Who", "agent": "By", "answers": { "recommend": "NPS" } }"#;
    map_as(&world, mapping);
    let csv = "Who,By,NPS\n,agt_lan,9\nnobody,,9\n,agt_gone,9\n";
    let report = world.json(super::handle, &import(csv));
    assert_eq!((&report["taken"], &report["refused"]), (&1.into(), &2.into()), "{report}");
    assert_eq!(world.number("select count(*) from rollup where grain = 'agent'"), 1);
}

#[test]
fn wrong_methods_and_a_broken_database_say_so() {
    let world = World::with_site();
    let answer = world.send(super::handle, "DELETE /v1/studies/x/import");
    assert_eq!(answer.status(), 405);
    assert_eq!(answer.headers()["allow"], "POST");
    assert_eq!(world.send(super::handle, "GET /v1/studies/x").status(), 404);
    world.break_database();
    assert_eq!(world.send(super::handle, &import("No\n1\n")).status(), 503);
}

mod foreign_id;
