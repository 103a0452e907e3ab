//! The heat map, told in requests and answers.

use serde_json::{Value, json};
use testkit::{Given, World};

fn read(world: &World, query: &str) -> Value {
    let request = format!("GET /v1/heatmap?{query}\nauthorization: Bearer {{viewer}}");
    world.json(crate::handle, &request)
}

fn rated(world: &World, given: &Given<'_>, value: u8, times: usize) {
    for _ in 0..times {
        world.answered(given, value);
    }
}

/// Each row's key with the `n` of its cells, none where nobody answered.
fn told(shown: &Value) -> Value {
    let cells = |row: &Value| -> Value {
        row["cells"].as_array().unwrap().iter().map(|it| it["n"].clone()).collect()
    };
    let rows = shown["rows"].as_array().unwrap().iter();
    rows.map(|row| json!([row["key"], cells(row)])).collect()
}

const DAYS: &str = "from=2026-11-01&to=2026-11-15";

#[test]
fn touchpoints_are_told_week_by_week() {
    let world = World::with_site();
    let text =
        "insert into touchpoint select 'tch_early', site_id, 1, '咨询', 'pre_sale', lifecycle,
                  channels, is_key, 90, standards, 0, 0 from touchpoint where id = 'tch_shop'";
    world.database().execute(text, []).unwrap();
    // 2026-11-01 is day 20758, a Sunday.
    for (day, value, times) in [(20_757, 1, 9), (20_758, 5, 3), (20_759, 5, 30), (20_765, 1, 10)] {
        rated(&world, &Given { day, ..Given::default() }, value, times);
    }
    let shown = read(&world, DAYS);
    let columns = json!([
        { "key": "2026-W44", "from": "2026-11-01", "to": "2026-11-01" },
        { "key": "2026-W45", "from": "2026-11-02", "to": "2026-11-08" },
        { "key": "2026-W46", "from": "2026-11-09", "to": "2026-11-15" },
    ]);
    assert_eq!(shown["columns"], columns);
    // In the order of the journey, those that nobody rated as well.
    let expected = json!([["tch_early", [null, null, null]], ["tch_shop", [3, 40, null]]]);
    assert_eq!(told(&shown), expected);
    assert_eq!(
        (&shown["rows"][0]["name"], &shown["rows"][0]["target"]),
        (&"咨询".into(), &90.into())
    );
    let cells = &shown["rows"][1]["cells"];
    assert_eq!((&cells[0]["suppressed"], &cells[0]["value"]), (&true.into(), &Value::Null));
    // 30 of 40: Wilson.
    assert_eq!(
        cells[1],
        json!({
            "value": 75.0, "n": 40, "interval": [59.8, 85.8], "suppressed": false, "small": false
        })
    );
    let names = ["metric", "by", "step", "zone"].map(|it| shown[it].clone());
    assert_eq!(json!(names), json!(["csat", "touchpoint", "week", "Asia/Shanghai"]));
    let months = read(&world, &format!("{DAYS}&step=month&metric=nps"));
    assert_eq!(months["columns"][0]["key"], "2026-11");
    assert_eq!(told(&months)[1], json!(["tch_shop", [null]]));
    assert!(months["rows"][1]["target"].is_null(), "satisfaction alone has targets");
    assert_eq!(read(&world, &format!("{DAYS}&step=day"))["columns"].as_array().unwrap().len(), 15);
}

#[test]
fn rows_are_what_is_asked_for_and_may_be_filtered() {
    let world = World::with_site();
    let web =
        Given { day: 20_759, channel: "web", group: "core", agent: "agt_lan", ..Given::default() };
    rated(&world, &web, 5, 7);
    rated(&world, &Given { channel: "app", group: "new", agent: "", ..web }, 1, 6);
    rated(&world, &Given { day: 20_700, channel: "sms", ..web }, 1, 6);
    let by = |query: &str| told(&read(&world, &format!("from=2026-11-02&to=2026-11-08&{query}")));
    assert_eq!(by("by=channel"), json!([["app", [6]], ["web", [7]]]));
    assert_eq!(by("by=group"), json!([["core", [7]], ["new", [6]]]));
    assert_eq!(by("by=agent"), json!([["agt_lan", [7]]]));
    assert_eq!(by("by=agent&channel=web"), json!([["agt_lan", [7]]]));
    assert_eq!(by("by=agent&channel=app"), json!([]));
    assert_eq!(by("by=channel&agent=agt_lan"), json!([["web", [7]]]));
    assert_eq!(by("by=channel&touchpoint=tch_shop"), json!([["app", [6]], ["web", [7]]]));
    assert_eq!(by("by=group&survey=srv_shop"), json!([["core", [7]], ["new", [6]]]));
    assert_eq!(by("by=touchpoint&group=core"), json!([["tch_shop", [7]]]));
    assert_eq!(by("channel=app"), json!([["tch_shop", [6]]]));
    let named = read(&world, "from=2026-11-02&to=2026-11-08&by=agent");
    assert_eq!(named["rows"][0]["name"], "周岚");
    assert!(read(&world, "by=channel")["rows"][0]["name"].is_null());
}

#[test]
fn what_is_too_large_or_not_kept_is_refused() {
    let world = World::with_site();
    let refused = |query: &str, parameter: &str| {
        let request = format!("GET /v1/heatmap?{query}\nauthorization: Bearer {{viewer}}");
        let answer = world.send(crate::handle, &request);
        let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        assert_eq!(answer.status(), 422, "{query}");
        assert_eq!(body["errors"][0]["parameter"], parameter, "{query}");
    };
    refused("step=day&from=2026-09-01&to=2026-10-31", "step");
    refused("step=quarter", "step");
    refused("by=survey", "by");
    refused("metric=index", "metric");
    refused("by=agent&group=core", "agent");
    refused("by=channel&channel=web", "channel");
    refused("from=x", "from");
    refused("compare=year", "compare");
    let sixty = read(&world, "step=day&from=2026-09-01&to=2026-10-30");
    assert_eq!(sixty["columns"].as_array().unwrap().len(), 60);
    let text = "with recursive n (n) as (select 1 union all select n + 1 from n where n < ?1)
                insert into touchpoint select 'tch_' || n, site_id, 1, name, stage, lifecycle,
                  channels, is_key, target, standards, 0, 0
                from touchpoint, n where id = 'tch_shop'";
    world.database().execute(text, [399]).unwrap();
    assert_eq!(read(&world, "")["rows"].as_array().unwrap().len(), 400);
    let one = text.replace("'tch_' || n", "'tch_one_more'");
    world.database().execute(&one, [1]).unwrap();
    refused("", "by");
    assert_eq!(world.send(crate::handle, "GET /v1/heatmap").status(), 401);
    assert_eq!(world.send(crate::handle, "POST /v1/heatmap").status(), 405);
    assert_eq!(world.send(crate::handle, "GET /v1/heatmap/x").status(), 404);
}
