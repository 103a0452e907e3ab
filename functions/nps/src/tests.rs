//! Scores, told in requests and answers.

use serde_json::Value;
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
  "method": "nps-adjusted-wald", "suppressed": false, "small": false,
  "distribution": { "0": 0, "1": 0, "2": 0, "3": 20, "4": 0, "5": 0, "6": 0, "7": 0, "8": 30,
                    "9": 0, "10": 50 },
  "promoters": { "value": 50.0, "interval": [40.4, 59.6] },
  "passives": { "value": 30.0, "interval": [21.9, 39.6] },
  "detractors": { "value": 20.0, "interval": [13.3, 28.9] }
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
    assert_eq!((&shown["target"], &shown["met"]), (&85.into(), &true.into()));
    assert_eq!(shown["value"], 90.0);
    let gone = format!("GET /v1/csat?{DAY}&touchpoint=tch_x\nauthorization: Bearer {{viewer}}");
    assert_eq!(world.send(super::handle, &gone).status(), 404);
}

#[test]
fn few_answers_are_withheld_and_none_is_an_honest_empty_score() {
    let world = World::with_site();
    let none = get(&world, &format!("/v1/ces?{DAY}"));
    assert_eq!((&none["n"], &none["suppressed"]), (&0.into(), &true.into()));
    assert!(none["value"].is_null() && none["interval"].is_null());
    answers(&world, "ces", 7, 6, 4, "web");
    let few = get(&world, &format!("/v1/ces?{DAY}"));
    assert_eq!(few["suppressed"], true);
    assert_eq!(few["distribution"], serde_json::json!({}), "four answers are people");
    answers(&world, "ces", 7, 2, 1, "web");
    let enough = get(&world, &format!("/v1/ces?{DAY}"));
    assert_eq!((&enough["suppressed"], &enough["small"]), (&false.into(), &true.into()));
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

/// Takes `times` answers to the satisfaction with a touchpoint on a day.
fn rated(world: &World, touchpoint: &str, day: &str, value: u8, times: usize) {
    let day = domain::civil::parse_date(day).unwrap().into();
    for _ in 0..times {
        world.answered(&Given { touchpoint, day, ..Given::default() }, value);
    }
}

#[test]
fn steps_follow_one_another_and_carry_what_moved() {
    let world = World::with_site();
    rated(&world, "tch_shop", "2026-11-01", 5, 6);
    rated(&world, "tch_shop", "2026-11-09", 1, 6);
    rated(&world, "tch_shop", "2026-10-26", 5, 6);
    let shown = get(&world, "/v1/csat?from=2026-11-01&to=2026-11-10&by=week");
    let parts = shown["parts"].as_array().unwrap();
    let told: Vec<_> = parts.iter().map(|it| (&it["key"], &it["from"], &it["n"])).collect();
    let said = |key: &str, from: &str, n: u64| (key.into(), from.into(), n.into());
    let expected: [(Value, Value, Value); 3] = [
        // 2026-11-01 is the Sunday of week 44, of which the period has no other day.
        said("2026-W44", "2026-11-01", 6),
        said("2026-W45", "2026-11-02", 0),
        said("2026-W46", "2026-11-09", 6),
    ];
    assert_eq!(told, expected.each_ref().map(|(key, from, n)| (key, from, n)));
    assert!(parts[1]["value"].is_null(), "nobody answered, and nothing is claimed");
    // Four weeks back, beyond the period.
    assert_eq!((&parts[0]["moving"]["n"], &parts[2]["moving"]["n"]), (&12.into(), &18.into()));
    assert_eq!(parts[2]["moving"]["value"], 66.7);
    assert_eq!(shown["n"], 12);
    for (by, steps) in [("day", 10), ("month", 1), ("quarter", 1)] {
        let shown = get(&world, &format!("/v1/csat?from=2026-11-01&to=2026-11-10&by={by}"));
        let parts = shown["parts"].as_array().unwrap();
        assert_eq!(parts.len(), steps);
        let sum: u64 = parts.iter().map(|it| it["n"].as_u64().unwrap()).sum();
        assert_eq!(shown["n"], sum, "{by}");
    }
}

#[test]
fn a_comparison_keeps_the_weekdays_and_says_what_chance_would_do() {
    let world = World::with_site();
    rated(&world, "tch_shop", "2026-11-10", 5, 40);
    rated(&world, "tch_shop", "2026-11-10", 1, 60);
    rated(&world, "tch_shop", "2026-10-27", 5, 80);
    rated(&world, "tch_shop", "2026-10-27", 1, 20);
    // Nine days: two weeks back is the nearest with the same weekdays.
    let shown = get(&world, "/v1/csat?from=2026-11-05&to=2026-11-13&compare=previous");
    let compared = &shown["compared"];
    assert_eq!((&compared["from"], &compared["to"]), (&"2026-10-22".into(), &"2026-10-30".into()));
    assert_eq!((&compared["value"], &compared["n"]), (&80.0.into(), &100.into()));
    let difference = &compared["difference"];
    assert_eq!(
        (&difference["value"], &difference["method"]),
        (&(-40.0).into(), &"csat-newcombe".into())
    );
    assert_eq!(difference["significant"], true);
    assert!(difference["interval"][1].as_f64().unwrap() < -25.0, "{difference}");
    let own = get(
        &world,
        "/v1/csat?from=2026-11-05&to=2026-11-13&compare_from=2026-10-27&compare_to=2026-10-27",
    );
    assert_eq!(own["compared"]["n"], 100);
    let year = get(&world, "/v1/csat?from=2026-11-05&to=2026-11-13&compare=year");
    assert_eq!(year["compared"]["from"], "2025-11-06");
    assert!(year["compared"]["difference"].is_null(), "nothing to compare with");
}

#[test]
fn differences_of_many_parts_are_corrected_together() {
    let world = World::with_site();
    for (channel, now) in [("web", 60), ("app", 80), ("store", 80), ("phone", 80)] {
        for (day, best) in [(20_764, 80), (20_778, now)] {
            let given = Given { channel, day, ..Given::default() };
            for at in 0..100 {
                world.answered(&given, if at < best { 5 } else { 2 });
            }
        }
    }
    let before = "compare_from=2026-11-06&compare_to=2026-11-08";
    let days = "from=2026-11-20&to=2026-11-21";
    let shown = get(&world, &format!("/v1/csat?{days}&by=channel&{before}"));
    let parts = shown["parts"].as_array().unwrap();
    let web = parts.iter().find(|it| it["key"] == "web").unwrap();
    let difference = &web["compared"]["difference"];
    let (p, corrected) =
        (difference["p"].as_f64().unwrap(), difference["p_corrected"].as_f64().unwrap());
    assert!((corrected - 4.0 * p).abs() < 3e-4, "{p} becomes {corrected} among four");
    assert_eq!(difference["significant"], true);
    let app = parts.iter().find(|it| it["key"] == "app").unwrap();
    assert_eq!(app["compared"]["difference"]["significant"], false);
}

#[test]
fn stages_pairs_and_names() {
    let world = World::with_site();
    rated(&world, "tch_shop", "2026-11-21", 5, 7);
    rated(&world, "tch_gone", "2026-11-21", 1, 5);
    let stages = get(&world, &format!("/v1/csat?{DAY}&by=stage"));
    assert_eq!(stages["parts"][0]["key"], "purchase");
    assert_eq!((&stages["parts"][0]["n"], &stages["not_stated"]["n"]), (&7.into(), &5.into()));
    let stage = get(&world, &format!("/v1/csat?{DAY}&stage=purchase&by=touchpoint"));
    assert_eq!((&stage["n"], &stage["parts"][0]["name"]), (&7.into(), &"门店".into()));
    assert_eq!(
        (&stage["parts"][0]["target"], &stage["parts"][0]["met"]),
        (&85.into(), &true.into())
    );
    assert_eq!(get(&world, &format!("/v1/csat?{DAY}&stage=pre_sale"))["n"], 0);
    let pairs = get(&world, &format!("/v1/csat?{DAY}&by=channel,touchpoint"));
    let pair = &pairs["parts"][1];
    assert_eq!((&pair["key"], &pair["second"]), (&"tch_shop".into(), &"web".into()));
    assert_eq!((&pair["name"], &pair["n"]), (&"门店".into(), &7.into()));
    for wrong in
        ["stage=purchase&by=channel", "stage=x", "channel=pigeon", "group=old", "by=day,week"]
    {
        let request = format!("GET /v1/csat?{DAY}&{wrong}\nauthorization: Bearer {{viewer}}");
        assert_eq!(world.send(super::handle, &request).status(), 422, "{wrong}");
    }
    for gone in ["touchpoint=tch_x", "survey=srv_x", "agent=agt_x"] {
        let request = format!("GET /v1/nps?{DAY}&{gone}\nauthorization: Bearer {{viewer}}");
        assert_eq!(world.send(super::handle, &request).status(), 404, "{gone}");
    }
}

#[test]
fn dimensions_are_weighed_into_an_index() {
    let world = World::with_site();
    for (dimension, value) in [("quality", 5), ("speed", 3), ("overall", 1)] {
        for day in [20_764, 20_778] {
            let given = Given { dimension, day, ..Given::default() };
            for at in 0..20 {
                world.answered(&given, if at < 10 && day == 20_764 { 1 } else { value });
            }
        }
    }
    let request =
        "/v1/index?from=2026-11-20&to=2026-11-21&compare_from=2026-11-06&compare_to=2026-11-08";
    let shown = get(&world, request);
    // Quality is all of it, speed half of it; the verdict on everything is no part of itself.
    assert_eq!((&shown["value"], &shown["n"]), (&75.0.into(), &40.into()));
    assert_eq!(shown["compared"]["value"], 37.5);
    assert_eq!(shown["compared"]["difference"]["value"], 37.5);
    assert_eq!(shown["parts"][0]["index"]["value"], 100.0);
    let weights = r#"update site set weights = '{"speed":3}' where id = 'sit_shop'"#;
    world.database().execute(weights, []).unwrap();
    let shown = get(&world, request);
    assert_eq!((&shown["value"], &shown["parts"][1]["share"]), (&62.5.into(), &75.0.into()));
    let none = get(&world, "/v1/index?from=2020-01-01&to=2020-01-02");
    assert_eq!((&none["value"], &none["n"]), (&Value::Null, &0.into()));
}

#[test]
fn the_index_goes_step_by_step_with_what_moved() {
    let world = World::with_site();
    // 2026-11-01 is day 20758, the Sunday of week 44.
    for (day, quality, speed) in [(20_752, 5, 5), (20_758, 5, 3), (20_766, 1, 3), (20_767, 1, 3)] {
        for (dimension, value) in [("quality", quality), ("speed", speed), ("overall", 1)] {
            for _ in 0..5 {
                world.answered(&Given { dimension, day, ..Given::default() }, value);
            }
        }
    }
    let shown = get(&world, "/v1/index?from=2026-11-01&to=2026-11-10&by=week");
    // Quality is 100, 0 and 0 on the days, speed half each time.
    assert_eq!((&shown["value"], &shown["n"]), (&41.7.into(), &30.into()));
    let parts = shown["parts"].as_array().unwrap();
    let told: Vec<_> = parts
        .iter()
        .map(|it| (it["key"].as_str().unwrap(), it["n"].as_u64().unwrap(), it["value"].clone()))
        .collect();
    let expected = [
        ("2026-W44", 10, Value::from(75.0)),
        ("2026-W45", 0, Value::Null),
        ("2026-W46", 20, Value::from(25.0)),
    ];
    assert_eq!(told, expected);
    assert_eq!((&parts[0]["from"], &parts[0]["to"]), (&"2026-11-01".into(), &"2026-11-01".into()));
    // Four weeks back, beyond the period: of quality 2 of 4 are 100, of speed one.
    let moving = &parts[2]["moving"];
    assert_eq!((&moving["value"], &moving["n"]), (&56.3.into(), &40.into()));
    assert_eq!(parts[0]["moving"]["value"], 87.5);
    for (by, steps) in [("day", 10), ("month", 1), ("quarter", 1)] {
        let target = format!("/v1/index?from=2026-11-01&to=2026-11-10&by={by}&compare=none");
        let shown = get(&world, &target);
        let parts = shown["parts"].as_array().unwrap();
        let sum: u64 = parts.iter().map(|it| it["n"].as_u64().unwrap()).sum();
        assert_eq!((parts.len(), &shown["n"]), (steps, &sum.into()), "{by}");
        assert!(shown.get("compared").is_none());
    }
    let wrong = "GET /v1/index?by=channel\nauthorization: Bearer {viewer}";
    assert_eq!(world.send(super::handle, wrong).status(), 422);
}

/// Publishes another version of `srv_shop` with these members beside its questions.
fn publish(world: &World, questions: &str, rest: &str) {
    let text = "insert into study_version (study_id, number, definition, published_at_ms)
                values ('srv_shop', 2, ?1, 0)";
    let definition = format!(r#"{{ "questions": {questions}, {rest} }}"#);
    world.database().execute(text, [definition]).unwrap();
    world.database().execute("update study set published = 2 where id = 'srv_shop'", []).unwrap();
}

#[test]
fn a_survey_has_an_index_of_its_own_weights() {
    let world = World::with_site();
    let questions = r#"[
        { "id": "recommend", "type": "nps", "dimension": "overall" },
        { "id": "cup", "type": "rating", "points": 5, "dimension": "quality" },
        { "id": "cake", "type": "rating", "dimension": "quality" },
        { "id": "how", "type": "matrix", "points": 5, "dimension": "speed",
          "rows": [{ "id": "wait" }, { "id": "smile", "dimension": "attitude" }] },
        { "id": "all", "type": "rating", "dimension": "overall" },
        { "id": "which", "type": "matrix", "options": [], "rows": [{ "id": "wait" }] } ]"#;
    publish(&world, questions, r#""weights": { "quality": 3, "attitude": 0 }"#);
    let site = r#"update site set weights = '{"quality":9,"speed":2}' where id = 'sit_shop'"#;
    world.database().execute(site, []).unwrap();
    for (question, value) in
        [("cup", 5), ("cake", 3), ("how.wait", 2), ("how.smile", 1), ("all", 1), ("gone", 1)]
    {
        for _ in 0..10 {
            world.answered(&Given { question, ..Given::default() }, value);
        }
    }
    let shown = get(&world, &format!("/v1/index?{DAY}&survey=srv_shop&compare=previous"));
    let parts = shown["parts"].as_array().unwrap();
    let told: Vec<_> =
        parts.iter().map(|it| (it["key"].as_str().unwrap(), &it["n"], &it["weight"])).collect();
    let said = |key, n: u64, weight: u64| (key, Value::from(n), Value::from(weight));
    let expected = [said("attitude", 10, 0), said("quality", 20, 3), said("speed", 10, 2)];
    assert_eq!(told, expected.each_ref().map(|(key, n, weight)| (*key, n, weight)));
    // Quality is 75 of 100 and weighs 3, speed is 25 and weighs 2 as the site says.
    assert_eq!(shown["value"], 55.0);
    assert_eq!(shown["compared"]["n"], 0);
    let site = get(&world, &format!("/v1/index?{DAY}"));
    assert_eq!(site["n"], 0, "no answer of the site has a dimension here");
    for (survey, status) in [("srv_x", 404), ("", 404)] {
        let request =
            format!("GET /v1/index?{DAY}&survey={survey}\nauthorization: Bearer {{viewer}}");
        assert_eq!(world.send(super::handle, &request).status(), status, "{survey}");
    }
    let other = format!("GET /v1/index?{DAY}&survey=srv_shop\nauthorization: Bearer {{other}}");
    assert_eq!(world.send(super::handle, &other).status(), 404);
}

#[test]
fn a_survey_has_targets_for_groups_of_customers() {
    let world = World::with_site();
    publish(&world, "[]", r#""targets": { "core": 95, "new": 80 }"#);
    for (group, hits) in [("core", 9), ("existing", 8), ("new", 8), ("", 1)] {
        let given = Given { group, ..Given::default() };
        for at in 0..10 {
            world.answered(&given, if at < hits { 5 } else { 1 });
        }
    }
    let shown = get(&world, &format!("/v1/csat?{DAY}&survey=srv_shop&by=group"));
    let told: Vec<_> = shown["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["key"].as_str().unwrap(), it.get("target"), it.get("met")))
        .collect();
    let (new, core) = ((Value::from(80), true.into()), (Value::from(95), Value::from(false)));
    let expected = [
        ("core", Some(&core.0), Some(&core.1)),
        ("existing", None, None),
        ("new", Some(&new.0), Some(&new.1)),
    ];
    assert_eq!(told, expected);
    assert_eq!((&shown["n"], &shown["not_stated"]["n"]), (&40.into(), &10.into()));
    assert!(shown.get("target").is_none(), "a target is one group's");
    let core = get(&world, &format!("/v1/csat?{DAY}&survey=srv_shop&group=core"));
    assert_eq!((&core["value"], &core["target"]), (&90.0.into(), &95.into()));
    assert_eq!(core["met"], false);
    // Targets are on the scale from 0 to 100; without the survey they are nobody's.
    for other in ["csat?by=group", "nps?survey=srv_shop&by=group", "csat?by=survey,group"] {
        let shown = get(&world, &format!("/v1/{other}&{DAY}"));
        let parts = shown["parts"].as_array().unwrap();
        assert!(parts.iter().all(|it| it.get("target").is_none()), "{other}");
    }
}

#[test]
fn what_moves_the_verdict_comes_first() {
    let world = World::with_site();
    let nps =
        Given { scale: ("nps", 10), question: "recommend", touchpoint: "", ..Given::default() };
    for at in 0..60_u8 {
        let speed = Given { question: "speed", dimension: "speed", ..Given::default() };
        let price = Given { question: "price", dimension: "price", ..Given::default() };
        let verdict = if at % 3 == 0 { 2 } else { 9 };
        world.answered_all(&[
            (nps, verdict),
            (speed, if at % 3 == 0 { 1 } else { 4 }),
            (price, 1 + at % 5),
        ]);
    }
    let shown = get(&world, &format!("/v1/drivers?{DAY}&by=dimension"));
    let items = shown["items"].as_array().unwrap();
    assert_eq!((&items[0]["key"], &items[1]["key"]), (&"speed".into(), &"price".into()));
    assert_eq!(items[0]["importance"]["value"], 1.0);
    assert!(items[1]["importance"]["value"].as_f64().unwrap().abs() < 0.3);
    assert_eq!(items[0]["importance"]["n"], 60);
    assert_eq!(items[0]["performance"]["value"], 50.0);
    assert_eq!(items[0]["priority"], "keep");
    let touchpoints = get(&world, &format!("/v1/drivers?{DAY}"));
    assert_eq!(touchpoints["items"][0]["name"], "门店");
    let none = get(&world, &format!("/v1/drivers?{DAY}&of=ces"));
    assert_eq!(none["items"], serde_json::json!([]));
}

#[test]
fn a_site_says_from_how_many_answers_on_a_score_is_shown() {
    let world = World::with_site();
    answers(&world, "csat", 5, 5, 7, "web");
    assert_eq!(get(&world, &format!("/v1/csat?{DAY}"))["suppressed"], false);
    world.database().execute("update site set minimum_n = 8", []).unwrap();
    let shown = get(&world, &format!("/v1/csat?{DAY}"));
    assert_eq!((&shown["suppressed"], &shown["value"]), (&true.into(), &Value::Null));
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
         question, agent, dimension, touchpoint × channel, touchpoint × group, \
         survey × question, survey × group, agent × channel, stage, stage × touchpoint"
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
    for range in [
        "from=2026-11-22&to=2026-11-21",
        "from=1975-01-01&to=2026-01-01",
        "compare_from=2026-01-02&compare_to=2026-01-01",
        "compare_from=1975-01-01&compare_to=2025-01-01",
    ] {
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
