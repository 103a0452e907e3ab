//! Scores as JSON: a value never stands without how sure it is.

use domain::score::compare::{Difference, difference, holm, significant};
use domain::score::{Confidence, Histogram, Metric, Score, Terms, score};
use serde_json::{Map, Value, json};
use store::sites::Site;
use web::field::Query;
use web::lang::said;

/// A score of a histogram with everything that is known of it, its target if there is one.
pub fn show(metric: Metric, counts: [u64; 11], terms: Terms, target: Option<i64>) -> Value {
    let histogram = Histogram { counts };
    let score = score(metric, &histogram, terms);
    let mut distribution = Map::new();
    if !score.suppressed {
        for value in metric.scale() {
            distribution.insert(value.to_string(), Value::from(histogram.count(value..=value)));
        }
    }
    let mut shown = brief_of(&score, target);
    shown.insert("confidence".to_owned(), Value::from(terms.confidence.percent()));
    shown.insert("method".to_owned(), Value::from(score.method));
    shown.insert("distribution".to_owned(), Value::Object(distribution));
    for extra in score.extras {
        let told = json!({ "value": extra.value, "interval": interval(extra.interval) });
        shown.insert(extra.name.to_owned(), told);
    }
    Value::Object(shown)
}

/// A score of a histogram without its distribution, for lists and curves.
pub fn brief(metric: Metric, counts: [u64; 11], terms: Terms, target: Option<i64>) -> Value {
    let score = domain::score::brief(metric, &Histogram { counts }, terms);
    Value::Object(brief_of(&score, target))
}

/// The numbers that no score stands without.
pub fn brief_of(score: &Score, target: Option<i64>) -> Map<String, Value> {
    let mut shown = Map::new();
    shown.insert("value".to_owned(), Value::from(score.value));
    shown.insert("n".to_owned(), Value::from(score.n));
    shown.insert("interval".to_owned(), interval(score.interval));
    shown.insert("suppressed".to_owned(), Value::from(score.suppressed));
    shown.insert("small".to_owned(), Value::from(score.small));
    if let Some(target) = target {
        #[expect(clippy::cast_precision_loss, reason = "a target is 0 to 100")]
        let met = score.value.map(|value| target as f64 <= value);
        shown.insert("target".to_owned(), Value::from(target));
        shown.insert("met".to_owned(), Value::from(met));
    }
    shown
}

fn interval(interval: Option<(f64, f64)>) -> Value {
    interval.map_or(Value::Null, |(low, high)| Value::from(vec![low, high]))
}

/// How a score differs from before, and whether that can be chance.
///
/// Many differences looked at together are corrected together: one in twenty of things that did
/// not change would seem to.
#[derive(Debug, Default)]
pub struct Differences {
    found: Vec<Option<Difference>>,
}

impl Differences {
    /// Notes one more comparison, in the order in which they are shown.
    pub fn add(&mut self, metric: Metric, now: [u64; 11], before: [u64; 11], terms: Terms) {
        let (now, before) = (Histogram { counts: now }, Histogram { counts: before });
        self.found.push(difference(metric, &now, &before, terms));
    }

    /// Notes a comparison that was made already.
    pub fn add_made(&mut self, difference: Option<Difference>) {
        self.found.push(difference);
    }

    /// Every comparison as JSON; null where either side has too few answers.
    pub fn show(self, terms: Terms) -> Vec<Value> {
        let p: Vec<f64> = self.found.iter().flatten().map(|it| it.p).collect();
        let mut adjusted = holm(&p).into_iter();
        let show = |it: Option<Difference>| {
            let Some(it) = it else { return Value::Null };
            let corrected = adjusted.next().unwrap_or(1.0);
            json!({
                "value": it.value,
                "interval": [it.interval.0, it.interval.1],
                "method": it.method,
                "p": chance(it.p),
                "p_corrected": chance(corrected),
                "significant": significant(corrected, terms.confidence),
            })
        };
        self.found.into_iter().map(show).collect()
    }
}

/// The smallest chance that is told; what is rarer is as good as this.
const CHANCE_MIN: f64 = 1e-20;

/// A probability to four decimals, or to two digits where those would make it a certain 0.
///
/// By arithmetic: writing a float with an exponent and reading it back is 25 kB of code.
pub fn chance(p: f64) -> f64 {
    let p = p.max(CHANCE_MIN);
    let (mut decimals, mut leading) = (1, p);
    while leading < 1.0 {
        leading *= 10.0;
        decimals += 1;
    }
    domain::score::round(p, decimals.max(4))
}

/// How sure to be, `?confidence=90|95|99`, and out of how many answers at least.
pub fn terms(query: &mut Query, site: &Site) -> Terms {
    let read = |text: &str| text.parse().ok().and_then(Confidence::from_percent);
    let confidence =
        query.parse("confidence", read, || said("must be 90, 95 or 99", "须为 90、95 或 99"));
    Terms {
        confidence: confidence.unwrap_or_default(),
        minimum_n: u64::try_from(site.minimum_n).unwrap_or(u64::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_chance_is_not_told_as_none() {
        for (p, told) in
            [(0.5, 0.5), (0.041_27, 0.0413), (0.000_123_4, 0.000_12), (3.456e-15, 3.5e-15)]
        {
            assert_eq!(chance(p), told);
        }
        assert_eq!((chance(1.0), chance(0.0)), (1.0, CHANCE_MIN));
    }
}
