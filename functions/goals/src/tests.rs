//! Goals over what the neighbours tell, in requests and answers.

use std::cell::RefCell;
use std::rc::Rc;

use http::Response;
use ports::{Answer, Env, Outgoing, Unanswered};
use serde_json::{Value, json};
use testkit::{SECRET_KEY, World};

use super::handle;

/// What was asked of the neighbours.
type Asked = Rc<RefCell<Vec<Outgoing>>>;

fn score(value: f64, n: u64) -> Value {
    json!({ "value": value, "n": n, "interval": [value - 2.0, value + 2.0], "suppressed": false,
        "small": n < 30 })
}

fn with(mut score: Value, more: Value) -> Value {
    let more = more.as_object().unwrap().clone();
    score.as_object_mut().unwrap().extend(more);
    score
}

fn share(value: f64, n: u64) -> Value {
    json!({ "value": value, "interval": [value - 1.0, value + 1.0], "hits": 1, "n": n,
        "small": n < 30 })
}

fn difference(value: f64) -> Value {
    json!({ "value": value, "interval": [value, value], "p": 0.01, "p_corrected": 0.01,
        "significant": true })
}

/// What a neighbour tells where there is plenty of everything.
fn plenty(path: &str) -> Value {
    let csat = with(
        score(91.0, 400),
        json!({ "mean": { "value": 4.4, "interval": [4.3, 4.5] },
            "very_satisfied": { "value": 64.0, "interval": [60.0, 68.0] },
            "compared": with(score(88.0, 380), json!({ "difference": difference(3.0) })) }),
    );
    match path {
        "/v1/csat?by=month" | "/v1/ces?by=month" | "/v1/nps?by=month" | "/v1/index?by=month" => {
            json!({ "parts": [score(80.0, 9), score(81.0, 9), score(82.0, 9), null,
                score(84.0, 9), score(85.0, 9)] })
        }
        "/v1/complaint-figures?by=month" => {
            let part = json!({ "rates": { "resolution": share(97.0, 40) },
                "solution": { "median": 7200, "n": 40 } });
            json!({ "parts": [part, part, part, part, part, part] })
        }
        "/v1/callback-figures?by=month" => json!({ "parts": [] }),
        "/v1/csat?by=stage" => {
            json!({ "parts": [with(score(83.0, 50), json!({ "key": "purchase" }))] })
        }
        "/v1/csat" | "/v1/csat?stage=after_sale" => csat,
        "/v1/ces" => score(5.9, 200),
        "/v1/nps" => with(
            score(46.0, 300),
            json!({ "compared": with(score(40.0, 300), json!({ "difference": difference(6.0) })) }),
        ),
        "/v1/index" => json!({ "value": null, "n": 3, "interval": null, "suppressed": true,
            "small": true }),
        "/v1/dashboard" => json!({ "touchpoints": [
            { "id": "tch_1", "name": "<b>支付</b>", "is_key": true,
              "csat": with(score(96.0, 90), json!({ "target": 97, "met": false })) },
            { "id": "tch_2", "name": "门店", "is_key": false, "csat": score(50.0, 90) }] }),
        "/v1/complaint-figures" => json!({
            "rates": { "answered_on_time": share(99.0, 80), "solved_on_time": share(95.0, 80),
                "resolution": share(97.0, 80), "repeated": share(5.0, 90),
                "first_contact": share(85.0, 20) },
            "solution": { "n": 70, "small": false, "median": 180_000,
                "median_interval": [172_800, 259_200] },
            "compared": { "rates": { "resolution": share(96.0, 70) },
                "differences": { "resolution": difference(1.0) } } }),
        "/v1/complaint-figures?by=grade" => json!({ "parts": [
            { "key": "general", "rates": { "closed_on_time": share(92.0, 50) } }] }),
        "/v1/callback-figures" => {
            json!({ "rates": { "kept": share(90.0, 60), "reached": share(70.0, 60) } })
        }
        "/v1/figures" => figures(),
        other => panic!("{other}"),
    }
}

fn figures() -> Value {
    let rate = |name: &str, value: Option<f64>, n: Option<u64>| {
        let mut rate = json!({ "name": name, "value": value, "interval": null, "small": false,
            "denominator": { "name": "x", "sum": n } });
        if value.is_none() {
            rate["connect"] = json!(["bring a", "bring b"]);
        }
        rate
    };
    json!({
        "rates": [rate("repurchase_rate", Some(24.0), Some(1_000)),
            rate("churn", Some(4.1), Some(900)), rate("complaint_rate", Some(1.2), Some(9_000)),
            rate("first_contact_resolution", None, None), rate("knowledge_coverage", None, None)],
        "durations": [
            { "name": "human_pick_up", "label": "Human pick-up", "n": 500, "small": false,
              "standard_seconds": 300, "within": { "value": 93.0, "interval": [91.0, 95.0] },
              "target": 90, "met": true },
            { "name": "customer_told", "label": "Customer told", "n": 0, "small": true,
              "standard_seconds": 86_400, "within": null, "target": 90, "met": null,
              "connect": "bring customer_told" },
            { "name": "waiting", "label": "Waiting", "n": 9, "small": true },
            { "name": "handling", "label": "Handling", "n": 700, "small": false, "mean": 1_470.0,
              "standard_seconds": 1_800, "within": null, "target": 90, "met": null }]
    })
}

/// What of an address says which answer is wanted.
fn wanted(url: &str) -> String {
    let (_, target) = url.split_once(".spin.internal").unwrap();
    let (path, query) = target.split_once('?').unwrap();
    let cut = query.split('&').find(|it| it.starts_with("by=") || it.starts_with("stage="));
    cut.map_or(path.to_owned(), |it| format!("{path}?{it}"))
}

/// A world whose neighbours answer what `told` says; a null is a 503.
fn world(told: fn(&str) -> Value) -> (World, Asked) {
    let world = World::with_site();
    let asked: Asked = Rc::default();
    let kept = Rc::clone(&asked);
    world.receive(move |_, call| {
        kept.borrow_mut().push(call.clone());
        match told(&wanted(&call.url)) {
            Value::Null => Err(Unanswered::Unreachable),
            told => Ok(Answer { status: 200, headers: vec![], body: told.to_string().into() }),
        }
    });
    (world, asked)
}

fn get(world: &World, target: &str, lang: &str) -> Response<Vec<u8>> {
    let head = format!("accept-language: {lang}\nauthorization: Bearer {{viewer}}");
    world.send(handle, &format!("GET {target}\n{head}"))
}

fn text(answer: &Response<Vec<u8>>) -> String {
    String::from_utf8(answer.body().clone()).unwrap()
}

fn goals(world: &World, query: &str) -> Value {
    let answer = get(world, &format!("/v1/goals{query}"), "en");
    assert_eq!(answer.status(), 200, "{}", text(&answer));
    serde_json::from_slice(answer.body()).unwrap()
}

fn item<'a>(goals: &'a Value, name: &str, key: &str) -> &'a Value {
    let key = if key.is_empty() { Value::Null } else { key.into() };
    let all = goals["items"].as_array().unwrap();
    all.iter().find(|it| it["name"] == name && it["key"] == key).unwrap()
}

const DAYS: &str = "?from=2026-10-01&to=2026-10-30";

#[test]
fn each_figure_is_held_against_its_target() {
    let (world, _) = world(plenty);
    let goals = goals(&world, DAYS);
    for (name, key, value, target, met, gap) in [
        ("csat", "", json!(91.0), json!(90.0), json!(true), json!(1.0)),
        ("very_satisfied", "", json!(64.0), json!(70.0), json!(false), json!(-6.0)),
        // Its own target goes before the usual one.
        ("key_touchpoint", "tch_1", json!(96.0), json!(97.0), json!(false), json!(-1.0)),
        ("stage", "purchase", json!(83.0), json!(85.0), json!(false), json!(-2.0)),
        ("stage", "retention", json!(null), json!(85.0), json!(null), json!(null)),
        ("index", "", json!(null), json!(null), json!(null), json!(null)),
        ("ces", "", json!(5.9), json!(null), json!(null), json!(null)),
        ("nps", "", json!(46.0), json!(46.0), json!(true), json!(0.0)),
        // The same as a year before, and no fifth more.
        ("repurchase_rate", "", json!(24.0), json!(28.8), json!(false), json!(-4.8)),
        ("churn", "", json!(4.1), json!(3.0), json!(false), json!(1.1)),
        ("complaint_rate", "", json!(1.2), json!(null), json!(null), json!(null)),
        ("resolution", "", json!(97.0), json!(98.0), json!(false), json!(-1.0)),
        ("repeated", "", json!(5.0), json!(5.0), json!(true), json!(0.0)),
        ("first_contact", "", json!(85.0), json!(85.0), json!(true), json!(0.0)),
        ("closed_on_time", "general", json!(92.0), json!(90.0), json!(true), json!(2.0)),
        ("closed_on_time", "major", json!(null), json!(90.0), json!(null), json!(null)),
        ("loop_time", "", json!(50.0), json!(72.0), json!(true), json!(-22.0)),
        ("handling", "", json!(24.5), json!(30.0), json!(true), json!(-5.5)),
        ("service_score", "", json!(4.4), json!(4.5), json!(false), json!(-0.1)),
        ("standard", "human_pick_up", json!(93.0), json!(90.0), json!(true), json!(3.0)),
        ("standard", "customer_told", json!(null), json!(90.0), json!(null), json!(null)),
        ("callbacks_kept", "", json!(90.0), json!(90.0), json!(true), json!(0.0)),
        ("callbacks_reached", "", json!(70.0), json!(null), json!(null), json!(null)),
        ("survey_coverage", "", json!(null), json!(100.0), json!(null), json!(null)),
    ] {
        let it = item(&goals, name, key);
        let found = [&it["value"], &it["target"], &it["met"], &it["gap"]];
        assert_eq!(found, [&value, &target, &met, &gap], "{name} {key}");
    }
    let all = goals["items"].as_array().unwrap();
    assert!(all.iter().all(|it| it["key"] != "tch_2" && it["key"] != "waiting"));
    assert_eq!(goals["compared"], json!({ "from": "2026-08-27", "to": "2026-09-25" }));
}

#[test]
fn one_goal_tells_all_of_itself() {
    let (world, _) = world(plenty);
    let goals = goals(&world, DAYS);
    let csat = item(&goals, "csat", "");
    assert_eq!(
        *csat,
        json!({
            "name": "csat", "key": null, "label": "Overall satisfaction", "area": "satisfaction",
            "formula": "answers of 4 and 5 ÷ all answers from 1 to 5", "source": "/v1/csat",
            "value": 91.0, "n": 400, "interval": [89.0, 93.0], "unit": "percent", "target": 90.0,
            "direction": "at_least", "met": true, "gap": 1.0, "change": difference(3.0),
            "against": "previous", "connect": null, "note": null,
            "trend": [
                { "from": "2026-05-01", "to": "2026-05-31", "value": 80.0, "n": 9 },
                { "from": "2026-06-01", "to": "2026-06-30", "value": 81.0, "n": 9 },
                { "from": "2026-07-01", "to": "2026-07-31", "value": 82.0, "n": 9 },
                { "from": "2026-08-01", "to": "2026-08-31", "value": null, "n": 0 },
                { "from": "2026-09-01", "to": "2026-09-30", "value": 84.0, "n": 9 },
                { "from": "2026-10-01", "to": "2026-10-30", "value": 85.0, "n": 9 }]
        })
    );
    assert_eq!(item(&goals, "nps", "")["against"], "year");
    assert_eq!(item(&goals, "loop_time", "")["interval"], json!([48.0, 72.0]));
    assert_eq!(item(&goals, "loop_time", "")["trend"][0]["value"], 2.0);
    assert_eq!(item(&goals, "resolution", "")["change"], difference(1.0));
    assert_eq!(item(&goals, "standard", "human_pick_up")["label"], "Human pick-up ≤ 5 min");
}

#[test]
fn what_has_no_data_says_what_to_connect_and_what_is_withheld_says_why() {
    let (world, _) = world(plenty);
    let goals = goals(&world, DAYS);
    assert_eq!(item(&goals, "first_contact_resolution", "")["connect"], "bring a; bring b");
    assert_eq!(item(&goals, "standard", "customer_told")["connect"], "bring customer_told");
    assert!(item(&goals, "lifetime_value", "")["connect"].as_str().unwrap().contains("source"));
    let index = item(&goals, "index", "");
    assert!(index["connect"].is_null());
    assert!(index["note"].as_str().unwrap().starts_with("Withheld"));
    for it in goals["items"].as_array().unwrap().iter().filter(|it| it["value"].is_null()) {
        assert!(it["connect"].is_string() != it["note"].is_string(), "{it}");
    }
    // A few are told with care.
    assert!(item(&goals, "first_contact", "")["note"].as_str().unwrap().contains("30"));
}

#[test]
fn a_site_that_has_nothing_yet_is_told_what_to_bring_for_each_goal() {
    let (world, _) = world(|path| match path {
        "/v1/dashboard" => json!({ "touchpoints": [] }),
        "/v1/figures" => json!({ "rates": [], "durations": [] }),
        _ => json!({ "value": null, "n": 0, "interval": null, "suppressed": true }),
    });
    let goals = goals(&world, "");
    let all = goals["items"].as_array().unwrap();
    assert!(all.iter().all(|it| it["value"].is_null() && it["met"].is_null()));
    let silent: Vec<&Value> =
        all.iter().filter(|it| it["connect"].is_null()).map(|it| &it["source"]).collect();
    // These say it themselves, and here they said nothing.
    assert!(silent.iter().all(|it| **it == "/v1/figures"), "{silent:?}");
    assert!(item(&goals, "key_touchpoint", "")["connect"].as_str().unwrap().contains("is_key"));
}

#[test]
fn a_neighbour_that_is_silent_takes_nothing_but_its_own_goals() {
    let (world, _) =
        world(
            |path| {
                if path.starts_with("/v1/complaint-figures") { Value::Null } else { plenty(path) }
            },
        );
    let goals = goals(&world, DAYS);
    let gone = item(&goals, "resolution", "");
    assert!(gone["value"].is_null() && gone["connect"].is_null());
    assert!(gone["note"].as_str().unwrap().contains("in a moment"));
    assert_eq!(item(&goals, "csat", "")["value"], 91.0);
}

#[test]
fn the_neighbours_are_asked_in_the_name_of_whoever_asks() {
    let (world, asked) = world(plenty);
    world.name("owner", testkit::ADMIN_KEY);
    let query = format!("/v1/goals{DAYS}&compare=year&site=sit_shop");
    let answer = world.send(handle, &format!("GET {query}\nauthorization: Bearer {{owner}}"));
    assert_eq!(answer.status(), 200);
    let asked = asked.borrow();
    assert_eq!(asked.len(), 18);
    for call in asked.iter() {
        assert!(call.url.ends_with("&site=sit_shop"), "{}", call.url);
        let authorization = call.headers.iter().find(|it| it.0 == "authorization").unwrap();
        assert_eq!(authorization.1, format!("Bearer {}", testkit::ADMIN_KEY));
    }
    let days = "from=2026-10-01&to=2026-10-30";
    for url in [
        format!("http://nps.spin.internal/v1/csat?{days}&compare=year&site=sit_shop"),
        format!("http://nps.spin.internal/v1/csat?by=stage&{days}&compare=year&site=sit_shop"),
        format!("http://nps.spin.internal/v1/index?{days}&compare=previous&site=sit_shop"),
        format!("http://measure.spin.internal/v1/figures?{days}&site=sit_shop"),
        "http://measure.spin.internal/v1/figures?from=2025-10-02&to=2025-10-31&site=sit_shop"
            .to_owned(),
        "http://nps.spin.internal/v1/nps?from=2026-05-01&to=2026-10-30&by=month&site=sit_shop"
            .to_owned(),
    ] {
        assert!(asked.iter().any(|it| it.url == url), "{url}");
    }
}

#[test]
fn what_is_wrong_is_refused() {
    let (world, _) = world(plenty);
    let refused = get(&world, "/v1/goals?from=x&compare=never&by=day", "en");
    assert_eq!(refused.status(), 422);
    let told: Value = serde_json::from_slice(refused.body()).unwrap();
    assert_eq!(told["errors"].as_array().unwrap().len(), 3);
    assert_eq!(world.send(handle, "GET /v1/goals").status(), 401);
    assert_eq!(get(&world, "/v1/goals?site=sit_other", "en").status(), 404);
    assert_eq!(get(&world, "/v1/goals/csat", "en").status(), 404);
    for path in ["/v1/goals", "/dashboard/goals"] {
        let refused = world.send(handle, &format!("POST {path}\nauthorization: Bearer {{viewer}}"));
        assert_eq!(
            (refused.status().as_u16(), &refused.headers()["allow"]),
            (405, &"GET, HEAD".parse().unwrap())
        );
    }
    world.break_database();
    let broken = get(&world, "/v1/goals", "en");
    assert_eq!(broken.status(), 503);
    assert!(world.logged_cause().is_some());
}

#[test]
fn what_did_not_change_is_not_sent_again() {
    let (world, _) = world(plenty);
    for path in ["/v1/goals", "/dashboard/goals"] {
        let first = get(&world, path, "en");
        let tag = first.headers()["etag"].to_str().unwrap().to_owned();
        world.wait_ms(1_000);
        let head =
            format!("authorization: Bearer {{viewer}}\naccept-language: en\nif-none-match: {tag}");
        let again = world.send(handle, &format!("GET {path}\n{head}"));
        assert_eq!(again.status(), 304, "{path}");
    }
}

#[test]
fn the_page_says_the_same_in_words_and_signs() {
    let (world, _) = world(plenty);
    let page = text(&get(&world, "/dashboard/goals", "en"));
    for wanted in [
        "✓ met",
        "✗ not met",
        "· no target",
        "○ no data",
        "91%",
        "Target ≥ 90%",
        "Target ≤ 30 min",
        "Gap \u{2212}6",
        "4.4 / 5",
        "against a year before: +6 · more than chance",
        "surely 89\u{2013}93 · n 400",
        "To connect: bring a; bring b",
        "answers of 5 ÷ all answers from 1 to 5",
        "&lt;b&gt;支付&lt;/b&gt;",
    ] {
        assert!(page.contains(wanted), "{wanted} in {page}");
    }
    for forbidden in ["<b>支付", "href=\"\"", " style=", "<script>"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    let zh = text(&get(&world, "/dashboard/goals", "zh-CN"));
    for wanted in ["✓ 达标", "总体满意度", "较去年同期：+6", "24.5 分钟", "如何接入："]
    {
        assert!(zh.contains(wanted), "{wanted} in {zh}");
    }
    let nobody = world.send(handle, "GET /dashboard/goals");
    assert_eq!(nobody.status(), 401);
    assert!(text(&nobody).contains("type=\"password\""));
}

#[test]
fn every_number_is_had_as_a_file() {
    let (world, _) = world(plenty);
    let csv = text(&get(&world, "/dashboard/goals?card=goals&format=csv", "en"));
    assert!(csv.contains("Overall satisfaction,91,90,1,✓ met,"), "{csv}");
    // A name is a text in a spreadsheet, too.
    assert!(csv.contains("<b>支付</b>,96,97,-1,✗ not met,"), "{csv}");
}

#[test]
fn a_shared_view_is_seen_by_a_pass() {
    let (world, asked) = world(plenty);
    let pass = app::pass::Pass {
        site_id: "sit_shop".into(),
        actor: "share:shr_1".into(),
        base: "/share/x".into(),
        is_embedded: true,
    };
    let header = pass.header(SECRET_KEY, world.now());
    let shown = world.send(handle, &format!("GET /dashboard/goals\nauthorization: {header}"));
    assert_eq!(shown.status(), 200);
    assert!(shown.headers()["content-security-policy"].to_str().unwrap().contains("ancestors *"));
    assert!(!text(&shown).contains("href=\"\"") && !text(&shown).contains("href=\"/dashboard"));
    assert!(
        asked
            .borrow()
            .iter()
            .all(|it| it.headers.contains(&("authorization".into(), header.clone())))
    );
}
