//! Gates and clocks.

use domain::civil::DAY_MS;
use testkit::World;

const SAMPLING: &str =
    r#""sampling": { "percent": 100, "rest_days": { "survey": 90, "metric": 30, "any": 7 } }"#;

fn eligibility(query: &str) -> String {
    format!("GET /v1/surveys/srv_shop/eligibility?{query}\nauthorization: Bearer {{pk}}")
}

/// The gates that keep somebody out, each with when it will not any more.
fn shut(world: &World, query: &str) -> Vec<(String, Option<String>)> {
    let told = world.json(crate::handle, &eligibility(&format!("{query}&explain=1")));
    let gates = told["gates"].as_array().unwrap();
    let text = |it: &serde_json::Value| it.as_str().map(str::to_owned);
    let shut: Vec<_> = gates
        .iter()
        .filter(|it| it["passes"] == false)
        .map(|it| (text(&it["gate"]).unwrap(), text(&it["passes_at"])))
        .collect();
    assert_eq!(told["eligible"], shut.is_empty());
    let short = world.json(crate::handle, &eligibility(query));
    assert_eq!(short, serde_json::json!({ "eligible": shut.is_empty() }));
    shut
}

fn display(world: &World, body: &str) -> u16 {
    let head = "POST /v1/surveys/srv_shop/displays\nauthorization: Bearer {pk}";
    let answer = world.send(crate::handle, &format!("{head}\n\n{body}"));
    answer.status().as_u16()
}

#[test]
fn a_page_learns_why_somebody_is_asked() {
    let world = World::with_site();
    world.publish_with(SAMPLING);
    let request = eligibility("visitor=v1&explain=1");
    world.check(
        crate::handle,
        &format!("{request}\norigin: https://shop.example"),
        r#"
200
access-control-allow-origin: https://shop.example

{ "eligible": true, "gates": [
  { "gate": "open", "passes": true, "detail": "the survey is open", "passes_at": null },
  { "gate": "dates", "passes": true, "detail": "now lies within the survey's dates",
    "passes_at": null },
  { "gate": "limit", "passes": true, "detail": "there is room for a response",
    "passes_at": null },
  { "gate": "sampling", "passes": true,
    "detail": "they are among the 100 % who are asked", "passes_at": null },
  { "gate": "rest_survey", "passes": true,
    "detail": "this survey was not shown to them in the last 90 days", "passes_at": null },
  { "gate": "rest_metric", "passes": true,
    "detail": "a survey with nps, csat, ces was not shown to them in the last 30 days",
    "passes_at": null },
  { "gate": "rest_any", "passes": true,
    "detail": "a survey was not shown to them in the last 7 days", "passes_at": null }
] }"#,
    );
    let chinese = world.json(crate::handle, &format!("{request}\naccept-language: zh"));
    assert_eq!(chinese["gates"][6]["detail"], "最近 7 天内未向其展示任何问卷");
    assert_eq!(world.number("select count(*) from rest"), 0, "looking changes nothing");
}

#[test]
fn three_clocks_run_from_one_display_and_each_stops_by_itself() {
    let world = World::with_site();
    world.publish_with(SAMPLING);
    assert_eq!(display(&world, r#"{ "visitor": "v1" }"#), 204);
    assert_eq!(world.number("select count(*) from rest"), 5, "any, its own, nps, csat and ces");
    let at = |text: &str| Some(text.to_owned());
    let survey = ("rest_survey".to_owned(), at("2027-02-20T01:30:00Z"));
    let metric = ("rest_metric".to_owned(), at("2026-12-22T01:30:00Z"));
    let any = ("rest_any".to_owned(), at("2026-11-29T01:30:00Z"));
    assert_eq!(shut(&world, "visitor=v1"), [survey.clone(), metric.clone(), any]);
    assert_eq!(shut(&world, "visitor=v2"), [], "somebody else");
    world.wait_ms(7 * DAY_MS);
    assert_eq!(shut(&world, "visitor=v1"), [survey.clone(), metric.clone()]);
    world.wait_ms(23 * DAY_MS - 1);
    assert_eq!(shut(&world, "visitor=v1"), [survey.clone(), metric]);
    world.wait_ms(1);
    assert_eq!(shut(&world, "visitor=v1"), [survey]);
    world.wait_ms(60 * DAY_MS);
    assert_eq!(shut(&world, "visitor=v1"), []);
}

#[test]
fn a_display_that_is_told_twice_counts_once() {
    let world = World::with_site();
    world.publish_with(SAMPLING);
    for (wait_ms, n) in [(0, 1), (59_999, 1), (1, 2)] {
        world.wait_ms(wait_ms);
        assert_eq!(display(&world, r#"{ "visitor": "v1" }"#), 204);
        assert_eq!(world.number("select sum(n) from display"), n);
    }
    let last = testkit::START + 60_000;
    assert_eq!(world.number("select min(at_ms) from rest"), last, "the clocks began anew");
    assert_eq!(display(&world, r#"{ "visitor": "v2" }"#), 204);
    world.wait_ms(DAY_MS);
    assert_eq!(display(&world, r#"{ "visitor": "v2" }"#), 204);
    let days = "select group_concat(day || ':' || n) from display";
    let days: String = world.database().query_row(days, [], |row| row.get(0)).unwrap();
    assert_eq!(days, "20779:3,20780:1");
}

#[test]
fn displays_of_many_pages_in_one_commit_are_each_counted() {
    let world = World::with_site();
    let row =
        |who: &str| serde_json::json!(["sit_shop", "srv_shop", who, 1, 9, ["", "srv_shop"], []]);
    let rows = serde_json::json!([row("a"), row("b"), row("a")]);
    world.run(store::rests::shown(&rows.to_string()));
    assert_eq!(world.number("select n from display"), 2);
    assert_eq!(world.number("select count(*) from rest"), 4);
}

#[test]
fn an_address_may_tell_so_many_displays_in_a_window() {
    let world = World::with_site();
    world.set("rate_limit", "address=2/60,site=3/60");
    let head = "POST /v1/surveys/srv_shop/displays\nauthorization: Bearer {pk}";
    let tell = |address: &str, visitor: &str| {
        let body = format!(r#"{{ "visitor": "{visitor}" }}"#);
        let request = format!("{head}\nspin-client-addr: {address}\n\n{body}");
        world.send(crate::handle, &request)
    };
    for (address, visitor, status) in [
        ("192.0.2.1:1", "a", 204),
        ("192.0.2.1:2", "b", 204),
        ("192.0.2.1:3", "c", 429),
        // The site as a whole has its fill as well, and what was refused counts.
        ("192.0.2.2:1", "d", 429),
    ] {
        assert_eq!(tell(address, visitor).status(), status, "{visitor}");
    }
    assert_eq!(world.number("select sum(n) from display"), 2);
    assert_eq!(world.number("select count(distinct who) from rest"), 2);
    let refused = tell("192.0.2.1:3", "c");
    assert!(String::from_utf8_lossy(refused.body()).contains("/problems/too-many-requests"));
    assert_eq!(refused.headers()["retry-after"], "60");
    world.wait_ms(60_000);
    assert_eq!(tell("192.0.2.1:3", "c").status(), 204);
    // Responses have counters of their own.
    assert_eq!(world.number("select count(*) from visit where who not like 'd:%'"), 0);
}

#[test]
fn somebody_who_is_out_of_the_share_stays_out() {
    let world = World::with_site();
    world.publish_with(r#""sampling": { "percent": 12.5 }"#);
    let is_in = |visitor: usize| shut(&world, &format!("visitor=v{visitor}")).is_empty();
    let first: Vec<bool> = (0..400).map(is_in).collect();
    let sampled = first.iter().filter(|it| **it).count();
    assert!((25..=75).contains(&sampled), "{sampled} of 400 at 12.5 %");
    world.wait_ms(100 * DAY_MS);
    assert!((0..400).map(is_in).eq(first.iter().copied()));
    // The share grows, and nobody is lost.
    world.publish_with(r#""sampling": { "percent": 50 }"#);
    assert!(first.iter().enumerate().all(|(at, was_in)| !was_in || is_in(at)));
}

#[test]
fn dates_and_state_shut_the_door_for_everybody() {
    let world = World::with_site();
    world
        .publish_with(r#""opens_at": "2026-11-23T00:00:00Z", "closes_at": "2026-11-24T00:00:00Z""#);
    let at = Some("2026-11-23T00:00:00Z".to_owned());
    assert_eq!(shut(&world, "visitor=v1"), [("dates".to_owned(), at)]);
    world.wait_ms(DAY_MS);
    assert_eq!(shut(&world, "visitor=v1"), []);
    world.wait_ms(DAY_MS);
    assert_eq!(shut(&world, "visitor=v1"), [("dates".to_owned(), None)]);
    world.database().execute("update study set state = 'closed'", []).unwrap();
    let open = ("open".to_owned(), None);
    assert_eq!(shut(&world, "visitor=v1"), [open, ("dates".to_owned(), None)]);
    assert_eq!(display(&world, r#"{ "visitor": "v1" }"#), 409);
}

#[test]
fn a_survey_that_is_full_asks_nobody_more() {
    let world = World::with_site();
    world.publish_with(r#""response_limit": 2"#);
    let count = "insert into tally values ('srv_shop', 'limit', 1)";
    world.database().execute(count, []).unwrap();
    assert_eq!(shut(&world, "visitor=v1"), []);
    world.database().execute("update tally set n = 2", []).unwrap();
    assert_eq!(shut(&world, "visitor=v1"), [("limit".to_owned(), None)]);
}

#[test]
fn nobody_learns_which_customers_there_are() {
    let world = World::with_site();
    world.publish_with(SAMPLING);
    world.customer("willing", "core", true);
    world.customer("unwilling", "core", false);
    let known = world.json(crate::handle, &eligibility("customer=willing&explain=1"));
    let stranger = world.json(crate::handle, &eligibility("customer=stranger&explain=1"));
    assert_eq!(known, stranger);
    assert_eq!(shut(&world, "customer=unwilling"), [("consent".to_owned(), None)]);
    for name in ["willing", "stranger"] {
        assert_eq!(display(&world, &format!(r#"{{ "customer": "{name}" }}"#)), 204);
    }
    let known = world.json(crate::handle, &eligibility("customer=willing&explain=1"));
    let stranger = world.json(crate::handle, &eligibility("customer=stranger&explain=1"));
    assert_eq!(known, stranger);
    assert_eq!(known["eligible"], false);
    // No clock says in plain text whose it is.
    let sql = "select count(*) from rest where who like '%stranger%' or who like '%willing%'";
    assert_eq!(world.number(sql), 0);
    // A visitor of the same name is somebody else.
    assert_eq!(shut(&world, "visitor=willing"), []);
}

#[test]
fn another_survey_with_the_same_metric_waits_as_well() {
    let world = World::with_site();
    world.publish_with(SAMPLING);
    let other = r#"{ "title": "x", "questions": [ { "id": "q", "type": "effort", "text": "?" },
        { "id": "m", "type": "matrix", "text": "?", "options": [{ "id": "a" }] } ],
        "sampling": { "rest_days": { "metric": 30 } } }"#;
    world
        .database()
        .execute_batch(
            "insert into study select 'srv_other', site_id, 1, name, state, 1, draft, mapping,
               created_at_ms, updated_at_ms from study;",
        )
        .unwrap();
    world
        .database()
        .execute("insert into study_version values ('srv_other', 1, ?1, 0)", [other])
        .unwrap();
    assert_eq!(display(&world, r#"{ "visitor": "v1" }"#), 204);
    let told = world.json(
        crate::handle,
        "GET /v1/surveys/srv_other/eligibility?visitor=v1&explain=1\nauthorization: Bearer {pk}",
    );
    let shut: Vec<_> =
        told["gates"].as_array().unwrap().iter().filter(|it| it["passes"] == false).collect();
    assert_eq!(shut.len(), 1, "{told}");
    assert_eq!(shut[0]["gate"], "rest_metric");
    assert_eq!(shut[0]["detail"], "a survey with ces was shown to them less than 30 days ago");
}

#[test]
fn only_a_listed_page_with_the_sites_own_key_is_told() {
    let world = World::with_site();
    let at = "/v1/surveys/srv_shop/eligibility?visitor=v1";
    for (request, status) in [
        (format!("GET {at}"), 401),
        (format!("GET {at}\nauthorization: Bearer {{viewer}}"), 401),
        (format!("GET {at}\nauthorization: Bearer {{other_pk}}"), 404),
        (format!("GET {at}\nauthorization: Bearer {{pk}}\norigin: https://evil.example"), 403),
        (format!("POST {at}\nauthorization: Bearer {{pk}}"), 405),
        (eligibility("visitor=v1&customer=c1"), 422),
        (eligibility(""), 422),
        (eligibility("visitor=v1&explain=maybe"), 422),
        ("GET /v1/surveys/srv_none/eligibility?visitor=v1\nauthorization: Bearer {pk}".into(), 404),
        ("GET /v1/surveys/srv_shop/displays\nauthorization: Bearer {pk}".into(), 405),
        ("GET /v1/surveys/srv_shop/more\nauthorization: Bearer {pk}".into(), 404),
    ] {
        assert_eq!(world.send(crate::handle, &request).status(), status, "{request}");
    }
    assert_eq!(display(&world, r#"{ "visitor": "v1", "customer": "c1" }"#), 422);
    assert_eq!(display(&world, "{}"), 422);
    let preflight = "OPTIONS /v1/surveys/srv_shop/displays\norigin: https://shop.example";
    world.check(
        crate::handle,
        preflight,
        "204\naccess-control-allow-origin: https://shop.example\naccess-control-max-age: 7200",
    );
}

#[test]
fn a_broken_database_is_a_503() {
    let world = World::with_site();
    world.break_database();
    assert_eq!(world.send(crate::handle, &eligibility("visitor=v1")).status(), 503);
    assert!(world.logged_cause().is_some());
    assert_eq!(display(&world, r#"{ "visitor": "v1" }"#), 503);
}
