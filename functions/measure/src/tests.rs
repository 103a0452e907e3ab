//! Measurements and figures, told in requests and answers.

mod random;
mod rival;
mod taken;

use serde_json::{Value, json};
use testkit::World;

/// Brings measurements as an agent and returns the answer.
fn bring(world: &World, measurements: &Value) -> Value {
    let body = json!({ "measurements": measurements });
    world.json(
        super::handle,
        &format!("POST /v1/measurements\nauthorization: Bearer {{agent}}\n\n{body}"),
    )
}

/// Brings durations of one name, an hour ago, with the members of `rest`.
fn lasted(world: &World, name: &str, seconds: &[f64], rest: &Value) {
    let all: Vec<Value> = seconds
        .iter()
        .map(|seconds| {
            let key = domain::id::hex(&ports::Env::random(world));
            let mut it = json!({ "name": name, "seconds": seconds, "key": key });
            it.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
            it
        })
        .collect();
    bring(world, &Value::Array(all));
}

/// Brings a count of today.
fn counted(world: &World, name: &str, count: i64) {
    let key = domain::id::hex(&ports::Env::random(world));
    bring(world, &json!([{ "name": name, "count": count, "key": key }]));
}

fn get(world: &World, target: &str) -> Value {
    world.json(super::handle, &format!("GET {target}\nauthorization: Bearer {{viewer}}"))
}

/// The rule at each parameter or pointer of a refused request.
fn refused(world: &World, request: &str) -> Vec<(String, String)> {
    let answer = world.send(super::handle, request);
    assert_eq!(answer.status(), 422, "{request}");
    let body: Value = serde_json::from_slice(answer.body()).unwrap();
    let text = |it: &Value| it.as_str().unwrap_or("").to_owned();
    let place = |it: &Value| text(it.get("pointer").unwrap_or(&it["parameter"]));
    body["errors"].as_array().unwrap().iter().map(|it| (place(it), text(&it["detail"]))).collect()
}

const HEAD: &str = "authorization: Bearer {viewer}";

#[test]
fn durations_have_their_quantiles_and_what_keeps_the_standard() {
    let world = World::with_site();
    // Nine of ten within five minutes.
    let shop = json!({ "touchpoint_id": "tch_shop", "channel": "phone", "agent_id": "agt_lan" });
    let seconds = [20.0, 41.5, 60.0, 60.1, 90.0, 100.0, 200.0, 299.0, 300.0, 301.0];
    lasted(&world, "human_pick_up", &seconds, &shop);
    world.check(
        super::handle,
        &format!("GET /v1/measurements?name=human_pick_up&by=touchpoint\n{HEAD}"),
        r#"
200
cache-control: private, no-cache
etag: *

{
  "name": "human_pick_up", "label": "Human pick-up", "unit": "seconds", "confidence": 95,
  "from": "2026-10-24", "to": "2026-11-22", "zone": "Asia/Shanghai", "as_of": "*",
  "n": 10, "small": true, "mean": 147.2, "median": 90, "p90": 300,
  "standard_seconds": 300, "within": { "value": 90.0, "interval": [59.6, 98.2] },
  "is_lower_bound": false, "target": 90, "met": true,
  "parts": [
    { "key": "tch_shop", "name": "门店", "n": 10, "small": true, "mean": 147.2, "median": 90,
      "p90": 300, "standard_seconds": 300, "within": { "value": 90.0, "interval": [59.6, 98.2] },
      "is_lower_bound": false, "target": 90, "met": true } ], "not_stated": 0
}"#,
    );
    for (filter, n) in [
        ("&touchpoint=tch_shop", 10),
        ("&channel=phone", 10),
        ("&channel=web", 0),
        ("&agent=agt_lan", 10),
        ("&to=2026-11-21", 0),
    ] {
        let shown = get(&world, &format!("/v1/measurements?name=human_pick_up{filter}"));
        assert_eq!(shown["n"], n, "{filter}");
        assert_eq!(shown["median"].is_null() && shown["within"].is_null(), n == 0);
        assert_eq!(shown.get("connect").is_some(), n == 0, "{filter}");
    }
    // Of nobody and nowhere.
    lasted(&world, "human_pick_up", &[30.0, 31.0], &json!({}));
    for (by, key) in [("channel", "phone"), ("agent", "agt_lan")] {
        let shown = get(&world, &format!("/v1/measurements?name=human_pick_up&by={by}"));
        assert_eq!((&shown["parts"][0]["key"], &shown["parts"][0]["n"]), (&key.into(), &10.into()));
        assert_eq!((&shown["n"], &shown["not_stated"]), (&12.into(), &2.into()));
    }
}

#[test]
fn a_touchpoint_is_held_to_its_own_standard_and_one_between_bounds_says_so() {
    let world = World::with_site();
    let update = r#"update touchpoint set standards = '{"human_pick_up": 50}'"#;
    world.database().execute(update, []).unwrap();
    let shop = json!({ "touchpoint_id": "tch_shop" });
    lasted(&world, "human_pick_up", &[10.0, 44.0, 48.0, 52.0], &shop);
    let shown = get(&world, "/v1/measurements?name=human_pick_up&touchpoint=tch_shop");
    assert_eq!((&shown["standard_seconds"], &shown["within"]["value"]), (&50.into(), &50.0.into()));
    assert_eq!((&shown["is_lower_bound"], &shown["met"]), (&true.into(), &Value::Null));
    let shown = get(&world, "/v1/measurements?name=human_pick_up&standard=45");
    assert_eq!((&shown["is_lower_bound"], &shown["met"]), (&false.into(), &false.into()));
    // Nobody promised anything of it, so there is nothing to hold it against but what is asked.
    lasted(&world, "fault_repair", &[3600.0], &json!({}));
    let shown = get(&world, "/v1/measurements?name=fault_repair");
    assert!(shown.get("within").is_none() && shown.get("target").is_none());
    let shown = get(&world, "/v1/measurements?name=fault_repair&standard=7200");
    assert_eq!(shown["within"]["value"], 100.0);
}

#[test]
fn counts_are_summed_step_by_step_by_the_days_of_the_site() {
    let world = World::with_site();
    bring(
        &world,
        &json!([
            // Still the 20th in Greenwich, and the 21st in Shanghai.
            { "name": "orders", "count": 120, "at": "2026-11-20T16:00:00Z", "key": "a" },
            { "name": "orders", "count": 30, "at": "2026-11-21T15:59:59.999Z", "key": "b" },
            { "name": "orders", "at": "2026-11-22T00:00:00+08:00", "key": "c" }
        ]),
    );
    let days = "from=2026-11-20&to=2026-11-22";
    let shown = get(&world, &format!("/v1/measurements?name=orders&{days}&by=day"));
    assert_eq!(
        (&shown["n"], &shown["sum"], &shown["unit"]),
        (&3.into(), &151.into(), &"count".into())
    );
    let parts = json!([
        { "key": "2026-11-20", "n": 0, "sum": null },
        { "key": "2026-11-21", "n": 2, "sum": 150 },
        { "key": "2026-11-22", "n": 1, "sum": 1 }
    ]);
    assert_eq!(shown["parts"], parts);
    let shown = get(&world, &format!("/v1/measurements?name=orders&{days}&by=month"));
    assert_eq!(shown["parts"], json!([{ "key": "2026-11", "n": 3, "sum": 151 }]));
    let shown = get(&world, "/v1/measurements?name=orders&from=2026-11-21&to=2026-11-21");
    assert_eq!(shown["sum"], 150);
}

#[test]
fn what_is_not_kept_is_refused_with_what_is() {
    let world = World::with_site();
    let ask = |query: &str| refused(&world, &format!("GET /v1/measurements?{query}\n{HEAD}"));
    for query in ["touchpoint=tch_shop&by=channel", "channel=web&agent=agt_lan", "agent=a&by=agent"]
    {
        let (place, rule) = ask(&format!("name=orders&{query}")).remove(0);
        assert_eq!(place, "by", "{query}");
        assert!(rule.contains("one of touchpoint, channel, agent"), "{rule}");
    }
    let places: Vec<String> =
        ask("by=quarter&channel=fax&standard=0&from=x&more=1").into_iter().map(|it| it.0).collect();
    assert_eq!(places, ["from", "name", "standard", "channel", "by", "more"]);
    assert!(ask("name=mood")[0].1.contains("human_pick_up, complex_question_answered"));
    assert_eq!(ask("name=orders&standard=3")[0].0, "standard");
    for gone in ["touchpoint=tch_x", "agent=tch_shop", "touchpoint=agt_lan"] {
        let request = format!("GET /v1/measurements?name=orders&{gone}\n{HEAD}");
        assert_eq!(world.send(super::handle, &request).status(), 404, "{gone}");
    }
}

/// The entry of this name in a list of figures.
fn named<'a>(list: &'a Value, name: &str) -> &'a Value {
    list.as_array().unwrap().iter().find(|it| it["name"] == name).unwrap()
}

#[test]
fn a_figure_without_data_says_what_to_connect() {
    let world = World::with_site();
    let shown = get(&world, "/v1/figures");
    assert_eq!(shown["durations"].as_array().unwrap().len(), 12);
    assert_eq!(shown["touchpoints"][0]["standards"].as_array().unwrap().len(), 9);
    let connect = |name: &str| {
        format!(
            "POST /v1/measurements with name \"{name}\", or a source with a rule to \"measurement\""
        )
    };
    for it in shown["durations"].as_array().unwrap() {
        assert_eq!(it["connect"], connect(it["name"].as_str().unwrap()));
        assert!(it["mean"].is_null() && it["n"] == 0);
    }
    let rate = |name: &str| named(&shown["rates"], name).clone();
    assert_eq!(
        rate("first_contact_resolution"),
        json!({ "name": "first_contact_resolution", "label": "First-contact resolution",
            "value": null, "interval": null, "small": true,
            "numerator": { "name": "contacts_solved_first", "sum": null },
            "denominator": { "name": "contacts", "sum": null }, "target": 85, "met": null,
            "connect": [connect("contacts_solved_first"), connect("contacts")] })
    );
    // No complaint is none; of how many contacts is not known.
    let complaints = rate("complaint_rate");
    assert_eq!(complaints["numerator"], json!({ "name": "complaints", "sum": 0 }));
    assert_eq!(complaints["connect"], json!([connect("contacts")]));
    let solved = rate("resolution_rate");
    assert!(solved["value"].is_null() && solved.get("connect").is_none(), "{solved}");
    let zh = world.json(super::handle, &format!("GET /v1/figures\n{HEAD}\naccept-language: zh-CN"));
    let churn = named(&zh["rates"], "churn");
    assert_eq!(churn["label"], "客户流失率");
    assert!(churn["connect"][0].as_str().unwrap().contains("调用 POST /v1/measurements"));
}

#[test]
fn complaints_make_rates_as_they_are_worked_on() {
    let world = World::with_site();
    counted(&world, "contacts", 500);
    let case = |state: &str, late: i64| store::cases::Case {
        state: state.to_owned(),
        grade: "general".to_owned(),
        late,
        is_repeat: state == "open",
        is_first_contact: Some(late == 0),
        solved_at: (state == "closed").then_some(1),
        received_day: 20_779,
        ..store::cases::Case::default()
    };
    let mut sums = app::case::Sums::default();
    for (it, times) in [(case("closed", 0), 16), (case("closed", 4), 2), (case("open", 2), 1)] {
        sums.add(&it, times);
    }
    sums.add(&case("open", 0), 1);
    for write in sums.writes("sit_shop") {
        world.run(write.statement);
    }
    let shown = get(&world, "/v1/figures");
    let told = |name: &str| {
        let it = named(&shown["rates"], name);
        (it["value"].as_f64().unwrap(), it["met"].as_bool(), it["denominator"]["sum"].clone())
    };
    assert_eq!(told("complaint_rate"), (4.0, None, 500.into()));
    assert_eq!(told("resolution_rate"), (94.7, Some(false), 19.into()));
    assert_eq!(told("repeat_complaints"), (10.0, Some(false), 20.into()));
    assert_eq!(told("complaints_first_contact"), (88.9, Some(true), 18.into()));
}

#[test]
fn figures_are_the_rates_with_their_targets_and_every_standard_by_touchpoint() {
    let world = World::with_site();
    for (name, count) in [
        ("orders", 200),
        ("repurchases", 60),
        ("customers", 400),
        ("departures", 20),
        ("contacts", 100),
        ("contacts_solved_first", 90),
        ("questions", 40),
        ("questions_covered", 41),
    ] {
        counted(&world, name, count);
    }
    lasted(&world, "handling", &[600.0, 1200.0, 4200.0], &json!({ "agent_id": "agt_lan" }));
    lasted(
        &world,
        "bot_first_response",
        &[0.4, 2.0, 3.0, 9.0],
        &json!({ "touchpoint_id": "tch_shop" }),
    );
    let shown = get(&world, "/v1/figures");
    for (name, value, interval, target, met) in [
        ("repurchase_rate", 30.0, json!([24.1, 36.7]), Value::Null, Value::Null),
        ("churn", 5.0, json!([3.3, 7.6]), json!(3), json!(false)),
        ("first_contact_resolution", 90.0, json!([82.6, 94.5]), json!(85), json!(true)),
        // More than all cannot be: one of the counts is not whole.
        ("knowledge_coverage", 102.5, Value::Null, json!(80), Value::Null),
    ] {
        let it = named(&shown["rates"], name);
        assert_eq!((&it["value"], &it["interval"]), (&value.into(), &interval), "{name}");
        assert_eq!((&it["target"], &it["met"]), (&target, &met), "{name}");
        assert!(it.get("connect").is_none(), "{name}");
    }
    let complaints = named(&shown["rates"], "complaint_rate");
    assert_eq!((&complaints["value"], &complaints["interval"]), (&0.0.into(), &json!([0.0, 3.7])));
    let handling = named(&shown["durations"], "handling");
    assert_eq!((&handling["mean"], &handling["mean_met"]), (&2000.0.into(), &false.into()));
    assert_eq!(
        (&handling["within"]["value"], &handling["mean_target"]),
        (&66.7.into(), &1800.into())
    );
    let shop = &shown["touchpoints"][0];
    assert_eq!((&shop["id"], &shop["name"]), (&"tch_shop".into(), &"门店".into()));
    let bot = named(&shop["standards"], "bot_first_response");
    assert_eq!(
        (&bot["n"], &bot["within"]["value"], &bot["met"]),
        (&4.into(), &75.0.into(), &false.into())
    );
    let other = world.json(super::handle, "GET /v1/figures\nauthorization: Bearer {other}");
    assert!(named(&other["rates"], "churn")["value"].is_null(), "another site's");
    assert_eq!(other["touchpoints"], json!([]));
}

#[test]
fn figures_without_a_change_keep_their_tag() {
    let world = World::with_site();
    let tag = || {
        let answer = world.send(super::handle, &format!("GET /v1/figures\n{HEAD}"));
        answer.headers()["etag"].to_str().unwrap().to_owned()
    };
    let before = tag();
    world.wait_ms(1000);
    assert_eq!(tag(), before);
    counted(&world, "orders", 1);
    assert_ne!(tag(), before);
}

#[test]
fn reading_needs_a_key_and_get() {
    let world = World::with_site();
    for path in ["/v1/figures", "/v1/measurements?name=orders"] {
        assert_eq!(world.send(super::handle, &format!("GET {path}")).status(), 401);
        let publishable = format!("GET {path}\nauthorization: Bearer {{pk}}");
        assert_eq!(world.send(super::handle, &publishable).status(), 401);
        let wrong = format!("DELETE {path}\nauthorization: Bearer {{admin}}");
        assert_eq!(world.send(super::handle, &wrong).status(), 405);
    }
    assert_eq!(world.send(super::handle, "GET /v1/figures/x").status(), 404);
    world.break_database();
    let request = format!("GET /v1/figures\n{HEAD}");
    assert_eq!(world.send(super::handle, &request).status(), 503);
}
