//! Measures as JSON: a figure never stands without how many cases it is of.

use domain::measure::{ATTAINMENT, Measured, Share, Target, share};
use domain::score::{Confidence, SMALL_N};
use serde_json::{Map, Value};
use web::lang::{Lang, Said, said_now};

/// The text in a language.
pub(crate) fn label((en, zh): (&'static str, &'static str), lang: Lang) -> Value {
    Value::from(match lang {
        Lang::En => en,
        Lang::Zh => zh,
    })
}

/// What was measured of durations, and how much of it keeps the standard, if there is one.
pub(crate) fn durations(
    measured: &Measured,
    standard: Option<i64>,
    confidence: Confidence,
) -> Map<String, Value> {
    let n = measured.n();
    let mut shown = Map::new();
    shown.insert("n".to_owned(), Value::from(n));
    shown.insert("small".to_owned(), Value::from(n < SMALL_N));
    shown.insert("mean".to_owned(), Value::from(measured.mean()));
    shown.insert("median".to_owned(), Value::from(measured.quantile(50)));
    shown.insert("p90".to_owned(), Value::from(measured.quantile(90)));
    let Some(standard) = standard else { return shown };
    let (kept, is_exact) = measured.within(standard);
    let within = share(kept, n, confidence);
    let target = Target::AtLeast(ATTAINMENT);
    // What is surely kept often enough is so, however many more keep the standard.
    let met = within.map(|it| target.is_met(it.value)).filter(|it| *it || is_exact);
    shown.insert("standard_seconds".to_owned(), Value::from(standard));
    shown.insert("within".to_owned(), within.map_or(Value::Null, show_share));
    shown.insert("is_lower_bound".to_owned(), Value::from(!is_exact));
    shown.insert("target".to_owned(), Value::from(ATTAINMENT));
    shown.insert("met".to_owned(), Value::from(met));
    shown
}

/// What was counted.
pub(crate) fn counts(measured: &Measured) -> Map<String, Value> {
    let mut shown = Map::new();
    let n = measured.n();
    shown.insert("n".to_owned(), Value::from(n));
    shown.insert("sum".to_owned(), Value::from((0 < n).then(|| measured.sum())));
    shown
}

fn show_share(it: Share) -> Value {
    let mut shown = Map::new();
    shown.insert("value".to_owned(), Value::from(it.value));
    shown.insert("interval".to_owned(), interval(it));
    Value::Object(shown)
}

/// The interval of a share.
pub(crate) fn interval(it: Share) -> Value {
    it.interval.map_or(Value::Null, |(low, high)| Value::from(vec![low, high]))
}

/// What to connect, so that there is something to show of a measure.
pub(crate) fn connect(name: &str) -> Said {
    said_now(
        format!(
            "POST /v1/measurements with name \"{name}\", \
             or a source with a rule to \"measurement\""
        ),
        format!(
            "以 name 为 \"{name}\" 调用 POST /v1/measurements，或建立规则指向 \"measurement\" 的来源"
        ),
    )
}
