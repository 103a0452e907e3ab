//! Scores as JSON: a value never stands without how sure it is.

use domain::score::{Confidence, Histogram, Metric, Terms, score};
use serde_json::{Map, Value, json};
use web::field::Query;
use web::lang::said;

/// A score of a histogram, with its target if there is one.
pub fn show(metric: Metric, counts: [u64; 11], terms: Terms, target: Option<i64>) -> Value {
    let histogram = Histogram { counts };
    let score = score(metric, &histogram, terms);
    let mut distribution = Map::new();
    if !score.suppressed {
        for value in metric.scale() {
            distribution.insert(value.to_string(), Value::from(histogram.count(value..=value)));
        }
    }
    let mut shown = json!({
        "value": score.value,
        "n": score.n,
        "interval": score.interval.map(|(low, high)| [low, high]),
        "confidence": terms.confidence.percent(),
        "method": score.method,
        "is_suppressed": score.suppressed,
        "is_small": score.small,
        "distribution": distribution,
    });
    if let Some(shown) = shown.as_object_mut() {
        for (name, value) in score.extras {
            shown.insert(name.to_owned(), Value::from(value));
        }
        if let Some(target) = target {
            #[expect(clippy::cast_precision_loss, reason = "a target is 0 to 100")]
            let met = score.value.map(|value| target as f64 <= value);
            shown.insert("target".to_owned(), Value::from(target));
            shown.insert("is_met".to_owned(), Value::from(met));
        }
    }
    shown
}

/// How sure to be, `?confidence=90|95|99`.
pub fn terms(query: &mut Query) -> Terms {
    let read = |text: &str| text.parse().ok().and_then(Confidence::from_percent);
    let confidence =
        query.parse("confidence", read, || said("must be 90, 95 or 99", "须为 90、95 或 99"));
    Terms { confidence: confidence.unwrap_or_default(), ..Terms::default() }
}
