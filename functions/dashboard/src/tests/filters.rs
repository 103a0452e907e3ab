//! The overview of one thing, and what it is compared with.

use serde_json::{Value, json};
use testkit::{Given, World};

const DAYS: &str = "from=2026-11-15&to=2026-11-21";

fn read(world: &World, target: &str) -> Value {
    world.json(crate::handle, &format!("GET {target}\nauthorization: Bearer {{viewer}}"))
}

fn refused(world: &World, target: &str) -> (u16, Value) {
    let request = format!("GET {target}\nauthorization: Bearer {{viewer}}");
    let answer = world.send(crate::handle, &request);
    let body = serde_json::from_slice(answer.body()).unwrap_or_default();
    (answer.status().as_u16(), body)
}

fn rated(world: &World, given: &Given<'_>, value: u8, times: usize) {
    for _ in 0..times {
        world.answered(given, value);
    }
}

/// Members that hold something and those that are null.
fn kept(shown: &Value) -> Vec<bool> {
    let names = ["touchpoints", "channels", "complaints", "callbacks"];
    let mut kept = vec![!shown["scores"]["index"].is_null()];
    kept.extend(names.map(|it| !shown[it].is_null()));
    kept
}

#[test]
fn what_is_not_kept_for_a_filter_is_null_and_the_rest_is_of_it_alone() {
    let world = World::with_site();
    let day = 20_778;
    let web = Given { day, channel: "web", group: "core", agent: "agt_lan", ..Given::default() };
    let app = Given { channel: "app", group: "new", agent: "", ..web };
    rated(&world, &web, 5, 12);
    rated(&world, &app, 1, 8);
    let (yes, no) = (true, false);
    for (filter, n, expected) in [
        ("", 20, [yes, yes, yes, yes, yes]),
        ("touchpoint=tch_shop", 20, [no, yes, yes, yes, no]),
        ("channel=web", 12, [no, yes, yes, yes, no]),
        ("group=new", 8, [no, yes, no, yes, no]),
        ("agent=agt_lan", 12, [no, no, yes, yes, yes]),
        ("survey=srv_shop", 20, [yes, no, no, no, no]),
        ("touchpoint=tch_shop&channel=app", 8, [no, yes, yes, no, no]),
        ("touchpoint=tch_shop&group=core", 12, [no, yes, no, no, no]),
        ("survey=srv_shop&group=core", 12, [no, no, no, no, no]),
        ("agent=agt_lan&channel=web", 12, [no, no, yes, no, no]),
        ("agent=agt_lan&channel=app", 0, [no, no, yes, no, no]),
    ] {
        let shown = read(&world, &format!("/v1/dashboard?{DAYS}&{filter}"));
        assert_eq!((&shown["scores"]["csat"]["n"], kept(&shown)), (&n.into(), expected.to_vec()));
        let trend = shown["scores"]["csat"]["trend"].as_array().unwrap();
        assert_eq!(trend.iter().map(|it| it["n"].as_u64().unwrap()).sum::<u64>(), n, "{filter}");
        for list in ["touchpoints", "channels"] {
            let Some(list) = shown[list].as_array() else { continue };
            let sum: u64 = list.iter().map(|it| it["csat"]["n"].as_u64().unwrap()).sum();
            assert_eq!(sum, n, "{filter}");
        }
    }
    let shown = read(&world, &format!("/v1/dashboard?{DAYS}&channel=web&touchpoint=tch_shop"));
    assert_eq!(shown["filter"], json!({ "touchpoint": "tch_shop", "channel": "web" }));
    assert!(read(&world, "/v1/dashboard")["filter"].is_null());
    let one = read(&world, &format!("/v1/dashboard?{DAYS}&touchpoint=tch_shop"));
    assert_eq!(
        (&one["scores"]["csat"]["target"], &one["scores"]["csat"]["met"]),
        (&85.into(), &false.into())
    );
    assert!(
        one["complaints"]["by_grade"].is_null() && one["scores"]["nps"].get("target").is_none()
    );
}

#[test]
fn filters_that_are_not_kept_name_those_that_are() {
    let world = World::with_site();
    let (status, body) = refused(&world, "/v1/dashboard?channel=web&group=core");
    assert_eq!((status, &body["errors"][0]["parameter"]), (422, &"group".into()));
    assert_eq!(
        body["errors"][0]["detail"],
        "filters and by together must be one of: none, touchpoint, channel, group, survey, agent, \
         touchpoint × channel, touchpoint × group, survey × group, agent × channel"
    );
    for wrong in [
        "channel=pigeon",
        "group=old",
        "touchpoint=",
        "question=q",
        "by=day",
        "compare=never",
        "compare=none&compare_from=2026-11-01",
        "touchpoint=tch_shop&channel=web&group=core",
    ] {
        assert_eq!(refused(&world, &format!("/v1/dashboard?{wrong}")).0, 422, "{wrong}");
    }
    for gone in ["touchpoint=tch_x", "agent=agt_x", "survey=srv_x", "survey=srv_x&group=core"] {
        assert_eq!(refused(&world, &format!("/v1/dashboard?{gone}")).0, 404, "{gone}");
    }
}

#[test]
fn it_is_compared_with_what_is_asked_for() {
    let world = World::with_site();
    let on = |day| Given { day, ..Given::default() };
    rated(&world, &on(20_778), 5, 10);
    rated(&world, &on(20_778 - 7), 1, 20);
    rated(&world, &on(20_778 - 364), 5, 30);
    let before = |compare: &str| {
        let shown = read(&world, &format!("/v1/dashboard?{DAYS}{compare}"));
        let csat = &shown["scores"]["csat"]["compared"];
        let touchpoint = &shown["touchpoints"][0]["csat"];
        assert_eq!(csat["n"], touchpoint["compared"]["n"], "{compare}");
        (shown["compared"]["from"].clone(), csat["n"].clone(), touchpoint.clone())
    };
    let (from, n, touchpoint) = before("");
    assert_eq!((from, n), ("2026-11-08".into(), 20.into()));
    assert_eq!(touchpoint["compared"]["difference"]["value"], 100.0);
    assert_eq!(touchpoint["compared"]["difference"]["significant"], true);
    assert_eq!(before("&compare=previous").1, 20);
    let (from, n, _) = before("&compare=year");
    assert_eq!((from, n), ("2025-11-16".into(), 30.into()));
    let (from, n, _) = before("&compare_from=2025-11-01&compare_to=2026-11-14");
    assert_eq!((from, n), ("2025-11-01".into(), 50.into()));
    let (from, n, touchpoint) = before("&compare=none");
    assert!(from.is_null() && n.is_null() && touchpoint.get("compared").is_none());
    let none = read(&world, &format!("/v1/dashboard?{DAYS}&compare=none"));
    for compared in [&none["scores"]["index"], &none["complaints"], &none["callbacks"]] {
        assert!(compared["compared"].is_null() && compared["trend"].is_array(), "{compared}");
    }
}

#[test]
fn differences_of_touchpoints_are_corrected_together() {
    let world = World::with_site();
    for at in 0..3 {
        let text = "insert into touchpoint select ?1, site_id, 1, name, stage, lifecycle, channels,
                      is_key, target, standards, 0, 0 from touchpoint where id = 'tch_shop'";
        world.database().execute(text, [format!("tch_{at}")]).unwrap();
    }
    for (touchpoint, now) in [("tch_shop", 60), ("tch_0", 80), ("tch_1", 80), ("tch_2", 80)] {
        for (day, best) in [(20_771, 80), (20_778, now)] {
            let given = Given { touchpoint, day, ..Given::default() };
            rated(&world, &given, 5, best);
            rated(&world, &given, 2, 100 - best);
        }
    }
    let shown = read(&world, &format!("/v1/dashboard?{DAYS}"));
    // The one furthest below its target comes first.
    assert_eq!(shown["touchpoints"][0]["id"], "tch_shop");
    let difference = &shown["touchpoints"][0]["csat"]["compared"]["difference"];
    let number = |name: &str| difference[name].as_f64().unwrap();
    assert_eq!(number("value"), -20.0);
    assert!((number("p_corrected") - 4.0 * number("p")).abs() < 3e-4, "{difference}");
    let same = &shown["touchpoints"][1]["csat"]["compared"]["difference"];
    assert_eq!((&same["value"], &same["significant"]), (&0.0.into(), &false.into()));
}

#[test]
fn the_index_stands_among_the_scores() {
    let world = World::with_site();
    for (day, quality, speed) in [(20_771, 3, 3), (20_777, 5, 3), (20_778, 5, 1)] {
        for (dimension, value) in [("quality", quality), ("speed", speed), ("overall", 1)] {
            rated(&world, &Given { dimension, day, ..Given::default() }, value, 10);
        }
    }
    let index = read(&world, &format!("/v1/dashboard?{DAYS}"))["scores"]["index"].clone();
    // Quality is 100, speed half on one day and none on the other.
    assert_eq!((&index["value"], &index["n"]), (&62.5.into(), &40.into()));
    assert_eq!((&index["compared"]["value"], &index["compared"]["n"]), (&50.0.into(), &20.into()));
    assert_eq!(index["compared"]["difference"]["value"], 12.5);
    let trend: Vec<_> = index["trend"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["day"].as_str().unwrap(), it["value"].as_f64().unwrap()))
        .collect();
    assert_eq!(trend, [("2026-11-20", 75.0), ("2026-11-21", 50.0)]);
    let weights = r#"update site set weights = '{"speed":3}' where id = 'sit_shop'"#;
    world.database().execute(weights, []).unwrap();
    world.wait_ms(app::cache::KEPT_MS);
    let weighed = read(&world, &format!("/v1/dashboard?{DAYS}"));
    assert_eq!(weighed["scores"]["index"]["value"], 43.8);
}

#[test]
fn alarms_that_are_open_are_told_newest_first() {
    let world = World::with_site();
    let raise = |kind: &str, touchpoint: &str, at: i64| {
        let alarm = store::alarms::Alarm {
            id: format!("alm_{at}"),
            site_id: "sit_shop".to_owned(),
            version: 1,
            kind: kind.to_owned(),
            metric: if kind == "surge" { "complaints" } else { "csat" }.to_owned(),
            touchpoint_id: touchpoint.to_owned(),
            numbers: "{}".to_owned(),
            cleared_by: "null".to_owned(),
            raised_at: at,
            cleared_at: None,
        };
        world.run(store::alarms::raise(&alarm));
    };
    raise("rise", "", 1000);
    raise("under_target", "tch_shop", 3000);
    raise("surge", "typ_late@tch_shop", 2000);
    raise("rise", "tch_gone", 4000);
    world.run(store::alarms::clear("alm_4000", "{}", 5000));
    let told = |filter: &str| {
        let shown = read(&world, &format!("/v1/dashboard?{filter}"))["alarms"].clone();
        let one =
            |it: &Value| json!([it["kind"], it["touchpoint_id"], it["name"], it["raised_at"]]);
        shown.as_array().unwrap().iter().map(one).collect::<Value>()
    };
    let under = json!(["under_target", "tch_shop", "门店", "1970-01-01T00:00:03Z"]);
    let surge = json!(["surge", "tch_shop", "门店", "1970-01-01T00:00:02Z"]);
    let rise = json!(["rise", null, null, "1970-01-01T00:00:01Z"]);
    assert_eq!(told(""), json!([under, surge, rise]));
    assert_eq!(told("touchpoint=tch_shop"), json!([under, surge]));
    for at in 0..30 {
        raise("rise", &format!("tch_{at}"), 10_000 + at);
    }
    world.wait_ms(app::cache::KEPT_MS);
    let all = told("");
    assert_eq!((all.as_array().unwrap().len(), &all[0][1]), (20, &"tch_29".into()));
}
