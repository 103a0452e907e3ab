//! Reports, told in requests and answers, with neighbours that answer as theirs do.

mod api;
mod pages;
mod tick;

use ports::{Answer, Env, Outgoing, Unanswered};
use serde_json::{Value, json};
use testkit::World;

/// What a hostile person writes wherever they can.
const HOSTILE: &str = "<script>x</script>|`rm`[y](http://evil.example)";

/// A world with figures to ask for, and what each was asked for.
fn world() -> World {
    let world = World::with_site();
    world.receive(|_, call| Ok(answer(call)));
    world
}

/// A world whose neighbours do not answer.
fn deaf(world: &World) {
    world.receive(|_, _| Err(Unanswered::Unreachable));
}

fn department(world: &World, id: &str, name: &str) {
    world.run(store::departments::insert(&store::departments::Department {
        id: id.into(),
        site_id: "sit_shop".into(),
        version: 1,
        name: name.into(),
        created_at: world.now(),
        updated_at: world.now(),
    }));
}

/// The answer of a neighbour; one that the test does not know is one that is not there.
fn answer(call: &Outgoing) -> Answer {
    let pass = call.headers.iter().find(|it| it.0 == "authorization");
    let is_pass = pass.is_some_and(|it| it.1.starts_with("Bearer vw_"));
    let told = if is_pass { told(&call.url) } else { None };
    let status = match (&told, is_pass) {
        (_, false) => 401,
        (None, true) => 404,
        (Some(_), true) => 200,
    };
    let body = told.unwrap_or_else(|| json!({ "title": "no" })).to_string().into_bytes();
    Answer { status, headers: Vec::new(), body }
}

fn told(url: &str) -> Option<Value> {
    let (_, path) = url.split_once(".spin.internal")?;
    let is_year = path.contains("compare=year") || path.contains("compare_from=2025");
    Some(match path.split('?').next()? {
        "/v1/dashboard" => dashboard(is_year),
        "/v1/index" if path.contains("by=") => return None,
        "/v1/index" => json!({ "value": 71.0, "n": 40, "parts": [
            { "key": "speed", "weight": 1, "value": 40.0, "index": score(55.0, 40) },
            { "key": "quality", "weight": 1, "value": 80.0, "index": score(87.0, 40) } ] }),
        "/v1/nps" | "/v1/csat" | "/v1/ces" => json!({ "value": 50.0, "parts": [
            { "key": "2026-11-09", "value": 40.0, "n": 12, "interval": [20.0, 60.0],
              "suppressed": false, "moving": score(41.0, 80) },
            { "key": "2026-11-10", "value": null, "n": 2, "interval": null, "suppressed": true },
            { "key": "2026-11-11", "value": 62.5, "n": 30, "interval": [44.0, 77.0],
              "suppressed": false } ] }),
        "/v1/complaint-figures" if path.contains("by=type") => json!({ "parts": [
            { "key": "delivery", "name": null, "received": 3, "late": 1, "csat": {} },
            { "key": HOSTILE, "name": null, "received": 9, "late": 0 },
            { "key": "taste", "name": null, "received": 0, "late": 0 } ] }),
        "/v1/complaint-figures" if path.contains("by=department") => json!({ "parts": [
            { "key": "dep_a", "name": HOSTILE, "received": 7, "late": 1, "overdue": 0,
              "rates": rates(90.0), "values": [1, 2, 3] } ] }),
        "/v1/complaint-figures" if path.contains("by=") => json!({ "parts": [
            { "key": "2026-11-09", "received": 4 }, { "key": "2026-11-10", "received": 8 } ] }),
        "/v1/complaint-figures" => {
            let mut own = complaints(4, is_year);
            own["backlog"] = json!({ "open": 3, "overdue": 2, "ages": [] });
            own
        }
        "/v1/causes/ranking" => json!({ "received": 12, "known": 9, "unknown": 3, "items": [
            { "id": "cau_1", "kind": "process_gap", "name": HOSTILE, "n": 6, "n_before": 2,
              "department": { "id": "dep_a", "name": "物流" }, "measure": null,
              "measure_since": null, "effect": null, "grades": {} },
            { "id": "cau_2", "kind": "service_error", "name": "不会用", "n": 3, "n_before": 5,
              "department": { "id": "dep_b", "name": "客服" }, "measure": "培训",
              "measure_since": "2026-10-01", "effect": { "verdict": "fewer" } } ] }),
        "/v1/keywords" => json!({ "from": "2026-10-24", "to": "2026-11-22", "comments": 80,
            "items": [ { "term": "配送超时", "here": 12, "rest": 1, "z": 4.2 } ] }),
        _ => return None,
    })
}

fn score(value: f64, n: u64) -> Value {
    json!({ "value": value, "n": n, "interval": [value - 5.0, value + 5.0], "suppressed": false,
        "small": n < 30 })
}

fn rates(value: f64) -> Value {
    let rate = |value: f64| {
        json!({ "value": value, "interval": [value - 5.0, value], "n": 50,
        "hits": 40, "small": false })
    };
    let mut resolution = rate(value);
    resolution["at_least"] = json!(98);
    resolution["met"] = json!(98.0 <= value);
    json!({ "answered_on_time": rate(value), "resolution": resolution, "repeated": rate(4.0) })
}

fn difference(value: f64, is_sure: bool) -> Value {
    json!({ "value": value, "significant": is_sure, "interval": [value - 1.0, value + 1.0],
        "p": 0.01 })
}

fn complaints(received: i64, is_year: bool) -> Value {
    json!({ "received": received, "late": 2, "open": 3, "overdue": 2, "rates": rates(90.0),
        "compared": { "received": if is_year { 30 } else { 20 }, "rates": rates(80.0),
            "differences": { "answered_on_time": difference(10.0, !is_year),
                "repeated": difference(1.0, false) } },
        "trend": [{ "day": "2026-11-09", "received": received }] })
}

fn dashboard(is_year: bool) -> Value {
    let of = |now: f64, then: f64, is_sure: bool| {
        let mut score = score(now, 210);
        let mut compared = self::score(then, 180);
        compared["difference"] = difference(now - then, is_sure);
        score["compared"] = compared;
        score["trend"] = json!([{ "day": "2026-11-09", "value": now, "n": 30 }]);
        score
    };
    let touchpoint = |id: &str, name: &str, value: f64| {
        let mut csat = score(value, 34);
        csat["target"] = json!(85);
        csat["met"] = json!(85.0 <= value);
        csat["compared"] = score(80.0, 30);
        json!({ "id": id, "name": name, "stage": "purchase", "is_key": false, "csat": csat,
            "nps": score(10.0, 34), "ces": score(5.5, 34) })
    };
    json!({
        "site": { "id": "sit_shop", "name": "鹿鸣" }, "zone": "Asia/Shanghai",
        "compared": { "from": "2026-11-02", "to": "2026-11-08" },
        "scores": { "index": of(71.0, 70.0, false), "nps": of(42.5, 31.0, true),
            "csat": of(80.0, 88.0, !is_year), "ces": of(5.5, 5.4, false) },
        "touchpoints": [ touchpoint("tch_shop", HOSTILE, 72.0), touchpoint("tch_b", "B", 91.0) ],
        "channels": [], "complaints": complaints(12, is_year),
        "callbacks": { "requested": 5, "rates": { "kept": { "value": 95.0, "n": 20 } },
            "compared": { "rates": { "kept": { "value": 90.0, "n": 20 } },
                "differences": { "kept": difference(5.0, false) } } },
        "alarms": [{ "kind": "drop" }],
    })
}

fn count(world: &World, sql: &str) -> i64 {
    world.number(&format!("select count(*) from {sql}"))
}

/// The id of one report.
fn one(world: &World, fits: &str) -> String {
    let sql = format!("select id from report where {fits}");
    world.database().query_row(&sql, [], |row| row.get(0)).unwrap()
}
