//! Scores, told in requests and answers.

use testkit::{Given, World};

/// Takes `times` answers of one value to a question of a metric.
fn answers(world: &World, metric: &str, points: u8, value: u8, times: usize, channel: &str) {
    let question = format!("q_{metric}");
    let given = Given { scale: (metric, points), question: &question, channel, ..Given::default() };
    for _ in 0..times {
        world.answered(&given, value);
    }
}

fn get(world: &World, target: &str) -> serde_json::Value {
    world.json(super::handle, &format!("GET {target}\nauthorization: Bearer {{viewer}}"))
}

const DAY: &str = "from=2026-11-21&to=2026-11-21";

#[test]
fn nps_has_its_n_its_interval_and_its_method() {
    let world = World::with_site();
    // domain.md §1.1: 20 detractors, 30 passives, 50 promoters.
    answers(&world, "nps", 10, 3, 20, "web");
    answers(&world, "nps", 10, 8, 30, "web");
    answers(&world, "nps", 10, 10, 50, "app");
    world.check(
        super::handle,
        &format!("GET /v1/nps?{DAY}\nauthorization: Bearer {{viewer}}"),
        r#"
200
cache-control: private, no-cache

{
  "metric": "nps", "points": 10, "from": "2026-11-21", "to": "2026-11-21",
  "zone": "Asia/Shanghai", "as_of": "*",
  "value": 30.0, "n": 100, "interval": [14.1, 44.2], "confidence": 95,
  "method": "nps-adjusted-wald", "is_suppressed": false, "is_small": false,
  "distribution": { "0": 0, "1": 0, "2": 0, "3": 20, "4": 0, "5": 0, "6": 0, "7": 0, "8": 30,
                    "9": 0, "10": 50 },
  "promoters": 50.0, "passives": 30.0, "detractors": 20.0
}"#,
    );
    let wider = get(&world, &format!("/v1/nps?{DAY}&confidence=99"));
    assert!(wider["interval"][0].as_f64().unwrap() < 14.1);
}

#[test]
fn parts_and_what_was_not_stated_make_up_the_total() {
    let world = World::with_site();
    answers(&world, "csat", 5, 5, 12, "web");
    answers(&world, "csat", 5, 2, 8, "app");
    answers(&world, "csat", 5, 4, 6, "");
    for (filter, by) in [("", "channel"), ("&touchpoint=tch_shop", "channel")] {
        let shown = get(&world, &format!("/v1/csat?{DAY}{filter}&by={by}"));
        let parts: Vec<(String, u64)> = shown["parts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (it["key"].as_str().unwrap().to_owned(), it["n"].as_u64().unwrap()))
            .collect();
        assert_eq!(parts, [("app".to_owned(), 8), ("web".to_owned(), 12)], "{filter}");
        assert_eq!(shown["not_stated"]["n"], 6);
        assert_eq!(shown["n"], 26);
    }
    // The other way round: the first key varies and the second is fixed.
    let shown = get(&world, &format!("/v1/csat?{DAY}&channel=web&by=touchpoint"));
    assert_eq!(shown["n"], 12);
    assert_eq!(shown["parts"][0]["key"], "tch_shop");
    assert_eq!(shown["parts"][0]["n"], 12);
}

#[test]
fn a_touchpoint_is_measured_against_its_target() {
    let world = World::with_site();
    answers(&world, "csat", 5, 5, 9, "web");
    answers(&world, "csat", 5, 1, 1, "web");
    let shown = get(&world, &format!("/v1/csat?{DAY}&touchpoint=tch_shop"));
    assert_eq!((&shown["target"], &shown["is_met"]), (&85.into(), &true.into()));
    assert_eq!(shown["value"], 90.0);
    let gone = format!("GET /v1/csat?{DAY}&touchpoint=tch_x\nauthorization: Bearer {{viewer}}");
    assert_eq!(world.send(super::handle, &gone).status(), 404);
}

#[test]
fn few_answers_are_withheld_and_none_is_an_honest_empty_score() {
    let world = World::with_site();
    let none = get(&world, &format!("/v1/ces?{DAY}"));
    assert_eq!((&none["n"], &none["is_suppressed"]), (&0.into(), &true.into()));
    assert!(none["value"].is_null() && none["interval"].is_null());
    answers(&world, "ces", 7, 6, 4, "web");
    let few = get(&world, &format!("/v1/ces?{DAY}"));
    assert_eq!(few["is_suppressed"], true);
    assert_eq!(few["distribution"], serde_json::json!({}), "four answers are people");
    answers(&world, "ces", 7, 2, 1, "web");
    let enough = get(&world, &format!("/v1/ces?{DAY}"));
    assert_eq!((&enough["is_suppressed"], &enough["is_small"]), (&false.into(), &true.into()));
    assert_eq!(enough["value"], 5.2);
    assert_eq!(enough["method"], "ces2-mean");
}

#[test]
fn scales_are_never_mixed() {
    let world = World::with_site();
    answers(&world, "csat", 5, 5, 10, "web");
    answers(&world, "csat", 10, 5, 20, "web");
    assert_eq!(get(&world, &format!("/v1/csat?{DAY}"))["n"], 10);
    assert_eq!(get(&world, &format!("/v1/csat?{DAY}&points=10"))["n"], 20);
}

#[test]
fn days_come_one_by_one_and_only_where_somebody_answered() {
    let world = World::with_site();
    answers(&world, "nps", 10, 9, 6, "web");
    let shown = get(&world, "/v1/nps?from=2026-11-01&to=2026-11-22&by=day");
    let parts = shown["parts"].as_array().unwrap();
    assert_eq!(parts.len(), 1);
    assert_eq!(parts[0]["key"], "2026-11-21");
}

#[test]
fn a_cut_that_is_not_kept_names_those_that_are() {
    let world = World::with_site();
    let request = "GET /v1/nps?channel=web&by=group\nauthorization: Bearer {viewer}";
    let answer = world.send(super::handle, request);
    assert_eq!(answer.status(), 422);
    let body: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(body["errors"][0]["parameter"], "by");
    assert_eq!(
        body["errors"][0]["detail"],
        "filters and by together must be one of: none, touchpoint, channel, group, survey, \
         question, agent, touchpoint × channel, touchpoint × group, survey × question, \
         agent × channel"
    );
}

#[test]
fn bad_parameters_are_told_all_at_once() {
    let world = World::with_site();
    let request = "GET /v1/csat?from=2026-02-30&to=x&confidence=80&points=11&by=mood&form=1\n\
                   authorization: Bearer {viewer}";
    let answer = world.send(super::handle, request);
    assert_eq!(answer.status(), 422);
    let body: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
    let mut names: Vec<&str> = body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["parameter"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["by", "confidence", "form", "from", "points", "to"]);
    for range in ["from=2026-11-22&to=2026-11-21", "from=1975-01-01&to=2026-01-01"] {
        let request = format!("GET /v1/nps?{range}\nauthorization: Bearer {{viewer}}");
        assert_eq!(world.send(super::handle, &request).status(), 422, "{range}");
    }
}

#[test]
fn keys_methods_and_a_broken_database() {
    let world = World::with_site();
    assert_eq!(world.send(super::handle, "GET /v1/nps").status(), 401);
    assert_eq!(world.send(super::handle, "POST /v1/nps").status(), 405);
    assert_eq!(world.send(super::handle, "GET /v1/nps/x").status(), 404);
    world.break_database();
    let read = "GET /v1/nps\nauthorization: Bearer {viewer}";
    assert_eq!(world.send(super::handle, read).status(), 503);
}
