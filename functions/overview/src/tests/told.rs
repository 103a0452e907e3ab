//! What the neighbours tell, in the shape of docs/dashboard.md.

use ports::{Answer, Outgoing, Unanswered};
use serde_json::{Value, json};
use testkit::World;

/// A name that would be markup, were it not escaped.
pub(super) const HOSTILE: &str = "<script>alert(1)</script>\"'&";

/// Lets every neighbour answer; those whose address begins with `down` do not.
pub(super) fn neighbours(world: &World, down: &'static str) {
    world.receive(move |_, call: &Outgoing| {
        let (_, path) = call.url.split_once("http://").expect("an address");
        if !down.is_empty() && path.starts_with(down) {
            return Err(Unanswered::Unreachable);
        }
        Ok(answer(path))
    });
}

fn answer(path: &str) -> Answer {
    let told = match path.split(['?', '.']).next().unwrap() {
        "dashboard" if path.contains("/v1/heatmap") => heatmap(),
        "dashboard" if path.contains("/v1/complaint-figures") => complaints(path),
        "dashboard" => dashboard(path),
        "nps" if path.contains("/v1/drivers") => drivers(),
        "nps" if path.contains("by=week") => weeks(),
        "nps" => parts(path),
        "ledger" => causes(),
        "measure" => standards(),
        "voice" => keywords(),
        _ => panic!("nobody is there: {path}"),
    };
    Answer { status: 200, headers: Vec::new(), body: told.to_string().into_bytes() }
}

/// A score with everything that is told of one.
fn score(value: f64, n: u64) -> Value {
    json!({ "value": value, "n": n, "interval": [value - 2.0, value + 3.0],
        "suppressed": false, "small": n < 30,
        "compared": { "value": value - 1.5, "n": n, "interval": [0.0, 1.0],
            "difference": { "value": 1.5, "interval": [0.2, 2.8], "p": 0.01,
                "p_corrected": 0.02, "significant": true } },
        "trend": [
            { "day": "2026-11-20", "value": value + 0.7, "n": 12, "interval": [1.0, 2.0] },
            { "day": "2026-11-22", "value": value - 0.6, "n": 14, "interval": [1.0, 2.0] }] })
}

fn rate(value: f64, n: u64) -> Value {
    json!({ "value": value, "interval": [value - 5.0, value + 4.0], "hits": 1, "n": n,
        "small": n < 30 })
}

pub(super) fn dashboard(path: &str) -> Value {
    let is_filtered = path.contains("touchpoint=");
    let mut nps = score(41.7, 1204);
    nps["distribution"] = json!({ "0": 17, "5": 31, "8": 211, "9": 403, "10": 542 });
    for (name, value) in [("promoters", 78.5), ("passives", 17.5), ("detractors", 4.0)] {
        nps[name] = json!({ "value": value, "interval": [value - 1.0, value + 1.0] });
    }
    let mut csat = score(83.3, 987);
    csat["distribution"] = json!({ "1": 7, "2": 8, "3": 91, "4": 401, "5": 480 });
    if is_filtered {
        (csat["target"], csat["met"]) = (json!(85), json!(false));
    }
    let told = json!({
        "site": { "id": "sit_shop", "name": "鹿鸣" },
        "from": "2026-10-24", "to": "2026-11-22", "zone": "Asia/Shanghai", "confidence": 95,
        "as_of": "2026-11-22T01:30:00Z", "filter": null,
        "compared": { "from": "2026-09-19", "to": "2026-10-18" },
        "scores": {
            "nps": nps, "csat": csat, "ces": score(5.4, 333),
            "index": if is_filtered { Value::Null } else { score(71.9, 888) } },
        "touchpoints": [
            { "id": "tch_shop", "name": HOSTILE, "stage": "purchase", "is_key": true,
                "nps": { "value": 12.3, "n": 55, "interval": [1.0, 20.0] }, "ces": { "n": 0 },
                "csat": { "value": 61.2, "n": 212, "interval": [55.0, 67.0], "target": 85,
                    "met": false } },
            { "id": "tch_care", "name": "售后", "stage": "after_sale", "is_key": false,
                "nps": { "n": 0 }, "ces": { "n": 0 },
                "csat": { "value": 91.4, "n": 99, "interval": [85.0, 95.0], "target": 85,
                    "met": true } }],
        "channels": [{ "channel": "web", "nps": { "value": 40.1, "n": 500 },
            "csat": { "value": 82.6, "n": 400, "interval": [79.0, 86.0] }, "ces": { "n": 0 } }],
        "complaints": { "received": 44, "late": 3, "open": 6, "overdue": 2,
            "rates": { "answered_on_time": rate(75.2, 40), "closed_on_time": rate(88.8, 18) },
            "compared": { "received": 39, "differences": { "answered_on_time":
                { "value": -4.5, "significant": false } } },
            "trend": [{ "day": "2026-11-22", "received": 44 }] },
        "callbacks": if is_filtered { Value::Null } else {
            json!({ "requested": 50, "rates": { "kept": rate(93.1, 48), "reached": rate(81.4, 48) },
                "compared": null, "trend": [] }) },
        "alarms": [{ "id": "alm_1", "kind": "under_target", "metric": "csat",
            "touchpoint_id": "tch_shop", "name": HOSTILE, "raised_at": "2026-11-21T02:00:00Z" },
            { "id": "alm_2", "kind": "rise", "metric": "csat", "touchpoint_id": "tch_care",
            "name": "售后", "raised_at": "2026-11-20T02:00:00Z" }],
    });
    told
}

/// What the overview tells of a site to which nothing ever came.
pub(super) fn nothing() -> Value {
    let none = json!({ "value": null, "n": 0, "interval": null, "suppressed": true, "small": true,
        "distribution": {}, "compared": null, "trend": [] });
    let rate = json!({ "value": null, "interval": null, "hits": 0, "n": 0, "small": true });
    json!({
        "scores": { "nps": none, "csat": none, "ces": none, "index": none },
        "touchpoints": [], "channels": [], "alarms": [],
        "complaints": { "received": 0, "open": 0, "overdue": 0, "compared": null, "trend": [],
            "rates": { "answered_on_time": rate, "closed_on_time": rate } },
        "callbacks": { "requested": 0, "rates": { "kept": rate, "reached": rate },
            "compared": null, "trend": [] },
    })
}

fn parts(path: &str) -> Value {
    let part = |key: &str, value: f64, n: u64| {
        json!({ "key": key, "name": key, "value": value, "n": n, "interval": [50.5, 70.5],
            "suppressed": false, "small": false, "target": 85, "met": 85.0 <= value,
            "very_satisfied": { "value": value - 20.0, "interval": [30.0, 50.0] } })
    };
    let parts = if path.contains("by=touchpoint") {
        json!([part("tch_care", 91.4, 99), part("tch_shop", 61.2, 212)])
    } else if path.contains("by=stage") {
        json!([part("purchase", 61.3, 213)])
    } else if path.contains("by=channel") {
        json!([part("web", 66.6, 150), part("store", 55.5, 40)])
    } else {
        json!([part("core", 77.7, 70)])
    };
    json!({ "value": 70.7, "n": 311, "interval": [66.0, 75.0], "parts": parts,
        "very_satisfied": { "value": 51.1, "interval": [46.0, 56.0] },
        "not_stated": { "n": 5 } })
}

fn weeks() -> Value {
    json!({ "parts": [
        { "key": "2026-W46", "from": "2026-11-09", "to": "2026-11-15", "value": 33.4, "n": 90,
            "interval": [30.0, 36.0] },
        { "key": "2026-W47", "from": "2026-11-16", "to": "2026-11-22", "value": 35.6, "n": 80,
            "interval": [31.0, 39.0] }] })
}

fn drivers() -> Value {
    let item = |key: &str, matters: f64, does: f64, what: &str| {
        json!({ "key": key, "name": key, "priority": what,
            "importance": { "value": matters, "interval": [0.1, 0.7], "n": 120 },
            "performance": { "value": does, "n": 120, "interval": [1.0, 2.0] } })
    };
    json!({ "middle": { "importance": 0.35, "performance": 70.0 },
        "items": [item("tch_shop", 0.47, 58.6, "improve"), item("tch_care", 0.21, 88.1, "ease")] })
}

fn heatmap() -> Value {
    let cell = |value: f64| json!({ "value": value, "n": 34, "interval": [50.0, 90.0] });
    json!({ "metric": "csat", "by": "touchpoint", "step": "week",
        "columns": [{ "key": "2026-W46", "from": "2026-11-09", "to": "2026-11-15" },
            { "key": "2026-W47", "from": "2026-11-16", "to": "2026-11-22" }],
        "rows": [{ "key": "tch_shop", "name": HOSTILE, "target": 85,
            "cells": [cell(63.9), null] }] })
}

fn causes() -> Value {
    json!({ "items": [{ "id": "cau_1", "kind": "process_gap", "name": HOSTILE, "n": 9,
        "n_before": 4, "share": rate(36.4, 25), "measure": "第二位客服复核",
        "effect": { "says": "it comes less often since the measure" } }] })
}

fn complaints(path: &str) -> Value {
    let one = |key: &str| {
        json!({ "key": key, "received": 13, "causes": { "process_gap": 5, "service_error": 2,
            "product_defect": 0 }, "rates": { "answered_on_time": rate(72.5, 11) } })
    };
    match path.contains("by=touchpoint") {
        true => json!({ "parts": [one("tch_shop")] }),
        false => one(""),
    }
}

fn standards() -> Value {
    json!({ "touchpoints": [{ "id": "tch_shop", "name": "门店", "standards": [
        { "name": "human_pick_up", "label": "Human pick-up", "n": 64, "small": false,
            "median": 95, "p90": 290, "standard_seconds": 300, "target": 90, "met": true,
            "within": { "value": 92.2, "interval": [83.0, 96.6] } },
        { "name": "bot_first_response", "label": "Bot", "n": 0, "standard_seconds": 3,
            "connect": "POST /v1/measurements" }] }] })
}

fn keywords() -> Value {
    json!({ "side": "low", "from": "2026-10-23", "to": "2026-11-21", "comments": 80,
        "items": [{ "term": "排队", "here": 19, "rest": 3, "z": 4.25 }] })
}
