//! What of the answers comes first: the lowest scores, the most frequent complaints.

use domain::report::lowest;
use serde_json::{Map, Value, json};

/// Most touchpoints among the lowest, and most dimensions.
const TOUCHPOINTS_MAX: usize = 5;
const DIMENSIONS_MAX: usize = 3;
/// Most kinds of complaint, and most causes, among the most frequent.
const TYPES_MAX: usize = 5;
const CAUSES_MAX: usize = 5;

/// The items there; none for no array.
pub(crate) fn items(told: &Value) -> &[Value] {
    told.as_array().map_or(&[], Vec::as_slice)
}

/// The number of this name.
pub(crate) fn number(told: &Value, pointer: &str) -> Option<f64> {
    told.pointer(pointer).and_then(Value::as_f64)
}

/// The touchpoints that are furthest below their target, and the dimensions with the lowest score.
pub(crate) fn lows(touchpoints: &Value, dimensions: &Value) -> Vec<Value> {
    let gap = |it: &Value| Some(number(it, "/csat/value")? - number(it, "/csat/target")?);
    let touchpoints = items(touchpoints);
    let gaps: Vec<Option<f64>> = touchpoints.iter().map(gap).collect();
    let mut lows = Vec::with_capacity(TOUCHPOINTS_MAX + DIMENSIONS_MAX);
    for at in lowest(&gaps, TOUCHPOINTS_MAX) {
        let Some(it) = touchpoints.get(at) else { continue };
        lows.push(json!({
            "of": "touchpoint",
            "id": it.get("id"),
            "name": it.get("name"),
            "value": it.pointer("/csat/value"),
            "n": it.pointer("/csat/n"),
            "small": it.pointer("/csat/small"),
            "target": it.pointer("/csat/target"),
            "gap": gap(it).map(|it| domain::score::round(it, 1)),
        }));
    }
    let dimensions = items(dimensions);
    let values: Vec<Option<f64>> = dimensions.iter().map(|it| number(it, "/value")).collect();
    for at in lowest(&values, DIMENSIONS_MAX) {
        let Some(it) = dimensions.get(at) else { continue };
        lows.push(json!({
            "of": "dimension",
            "name": it.get("key"),
            "value": it.get("value"),
            "n": it.get("n"),
            "small": it.get("small"),
        }));
    }
    lows
}

/// The kinds of complaint, and the causes, that came most often.
pub(crate) fn frequent(types: &Value, causes: &Value) -> Vec<Value> {
    let mut most = Vec::with_capacity(TYPES_MAX + CAUSES_MAX);
    for it in by_most(types, "/received", TYPES_MAX) {
        most.push(json!({ "of": "type", "name": it.get("key"), "n": it.get("received") }));
    }
    for it in by_most(causes, "/n", CAUSES_MAX) {
        most.push(json!({
            "of": "cause",
            "id": it.get("id"),
            "kind": it.get("kind"),
            "name": it.get("name"),
            "n": it.get("n"),
            "n_before": it.get("n_before"),
        }));
    }
    most
}

/// The items with the most, the most first; none of those that have none.
pub(crate) fn by_most<'a>(told: &'a Value, pointer: &str, most: usize) -> Vec<&'a Value> {
    let told = items(told);
    let counts: Vec<Option<f64>> =
        told.iter().map(|it| number(it, pointer).filter(|it| 0.0 < *it).map(|it| -it)).collect();
    lowest(&counts, most).into_iter().filter_map(|at| told.get(at)).collect()
}

/// The members of these names alone.
pub(crate) fn pick(told: &Value, names: &[&str]) -> Value {
    let mut kept = Map::new();
    for name in names {
        if let Some(value) = told.get(name) {
            kept.insert((*name).to_owned(), value.clone());
        }
    }
    Value::Object(kept)
}

/// The same of each item, at most so many.
pub(crate) fn pick_all(told: &Value, names: &[&str], most: usize) -> Value {
    items(told).iter().take(most).map(|it| pick(it, names)).collect()
}
