//! Counts as JSON: no share and no duration stands without how many cases it is of and how sure
//! it is.

use domain::case::count::Tally;
use domain::case::ledger::RATES;
use domain::measure::{Measured, Share, Target, share};
use domain::score::{Confidence, Metric, Points, SMALL_N, Terms};
use serde_json::{Map, Value, json};
use store::case_figures::Valued;

/// Something counted, as a number that is not below zero.
pub fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

/// A share with its interval, and its target if there is one.
pub fn rate(hits: i64, n: i64, target: Option<Target>, confidence: Confidence) -> Value {
    let (hits, n) = (count(hits), count(n));
    let found = share(hits, n, confidence);
    let mut shown = Map::new();
    shown.insert("value".to_owned(), Value::from(found.map(|it| it.value)));
    shown.insert("interval".to_owned(), interval(found));
    shown.insert("hits".to_owned(), Value::from(hits));
    shown.insert("n".to_owned(), Value::from(n));
    shown.insert("small".to_owned(), Value::from(n < SMALL_N));
    if let Some(target) = target {
        let name = match target {
            Target::AtLeast(_) => "at_least",
            Target::AtMost(_) => "at_most",
        };
        shown.insert(name.to_owned(), Value::from(target.number()));
        shown.insert("met".to_owned(), Value::from(found.map(|it| target.is_met(it.value))));
    }
    Value::Object(shown)
}

fn interval(it: Option<Share>) -> Value {
    let found = it.and_then(|it| it.interval);
    found.map_or(Value::Null, |(low, high)| json!([low, high]))
}

/// All that is counted of some cases.
pub fn tally(it: &Tally, confidence: Confidence) -> Map<String, Value> {
    let mut shown = Map::new();
    for (name, n) in [
        ("received", it.received),
        ("not_complaints", it.not_complaints),
        ("merged", it.merged),
        ("open", it.open),
        ("waiting", it.waiting),
        ("answered", it.answered),
        ("solved", it.solved),
        ("closed", it.closed),
        ("overdue", it.overdue),
        ("late", it.late),
        ("reopened", it.reopened),
        ("needs_review", it.needs_review),
    ] {
        shown.insert(name.to_owned(), Value::from(n));
    }
    shown.insert("grades".to_owned(), grades(it));
    shown.insert("causes".to_owned(), causes(it));
    let mut rates = Map::new();
    for of in &RATES {
        let told = rate((of.hits)(it), (of.n)(it), of.target, confidence);
        rates.insert(of.name.to_owned(), told);
    }
    shown.insert("rates".to_owned(), Value::Object(rates));
    shown
}

/// How many there are of each grade.
pub fn grades(it: &Tally) -> Value {
    json!({ "general": it.general, "moderate": it.moderate, "major": it.major })
}

/// How many have each kind of cause.
pub fn causes(it: &Tally) -> Value {
    json!({
        "process_gap": it.process_gap,
        "product_defect": it.product_defect,
        "service_error": it.service_error,
    })
}

/// The durations and ratings among `values`, which are all of the same cases.
pub fn values(shown: &mut Map<String, Value>, values: &[&Valued], terms: Terms) {
    for name in ["first_answer", "solution"] {
        let mut measured = Measured::default();
        for it in values.iter().filter(|it| it.name == name) {
            measured.add(it.cell);
        }
        shown.insert(name.to_owned(), duration(&measured, terms.confidence));
    }
    let csat = Points::new(5).map_or(Metric::Ces, Metric::Csat);
    for (name, metric) in [("csat", csat), ("ces", Metric::Ces)] {
        let mut counts = [0; 11];
        for it in values.iter().filter(|it| it.name == name) {
            let at = usize::try_from(it.cell.bound).unwrap_or(usize::MAX);
            if let Some(count) = counts.get_mut(at) {
                *count += it.cell.n;
            }
        }
        shown.insert(name.to_owned(), crate::score::brief(metric, counts, terms, None));
    }
}

/// Durations in seconds.
pub fn duration(measured: &Measured, confidence: Confidence) -> Value {
    let n = measured.n();
    let interval = |percent| {
        let found = measured.quantile_interval(percent, confidence);
        found.map_or(Value::Null, |(low, high)| json!([low, high]))
    };
    json!({
        "n": n,
        "small": n < SMALL_N,
        "mean": measured.mean(),
        "median": measured.quantile(50),
        "median_interval": interval(50),
        "p90": measured.quantile(90),
        "p90_interval": interval(90),
    })
}
