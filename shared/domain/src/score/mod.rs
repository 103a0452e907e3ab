//! Scores: what a histogram of answers says, and how sure that is.
//!
//! Counts stay whole numbers up to one division at the very end, which is rounded once, half away
//! from zero: 2.25 % is 2.3 %. (Rounding each share first would change the score.) No score is
//! ever NaN, and none is told without its interval. The reader of a `Score` prints its numbers
//! and calculates no further.
//!
//! Which answers belong in a histogram is not decided here.

pub mod compare;
pub mod driver;
pub mod index;
pub(crate) mod interval;
mod rounding;
pub(crate) mod tail;
#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

use interval::{Balance, Mean, wilson};
use rounding::quotient;
pub use rounding::{ratio, round};

/// Answers below which a score is called small: its interval is wide and leans on theory.
pub const SMALL_N: u64 = 30;

/// Answers below which a score is withheld unless a site says otherwise.
pub const MINIMUM_N: u64 = 5;

const CES_SCALE: RangeInclusive<u8> = 1..=7;

/// What was asked, and so how answers become a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Net promoter score: 0–10, promoters (9, 10) minus detractors (0–6).
    Nps,
    /// Satisfaction: share of the top two boxes of 1..=points.
    ///
    /// On two or three points the top box counts alone: two of three would call the middle
    /// satisfied, and two of two everybody.
    Csat(Points),
    /// Customer effort score 2.0: 1 "strongly disagree" – 7 "strongly agree" that it was easy.
    ///
    /// CES 1.0 ran the other way and must not share a histogram with it.
    Ces,
}

/// How many points a satisfaction scale has.
///
/// Invariant: 2 to 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Points(u8);

/// How many answers there were of each value, 0 to 10.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    /// Indexed by the value answered.
    pub counts: [u64; 11],
}

/// How sure an interval is to hold the true score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Confidence {
    /// Nine times in ten.
    P90,
    /// Nineteen times in twenty, the custom.
    #[default]
    P95,
    /// Ninety-nine times in a hundred.
    P99,
}

/// On what terms a score is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// How sure the interval is.
    pub confidence: Confidence,
    /// A score out of fewer answers is withheld: it says more about persons than about service.
    pub minimum_n: u64,
}

/// A score as it is published: every number is rounded already.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// One decimal on the percentage scales, two on the scale of CES.
    ///
    /// `None` without answers, or when suppressed.
    pub value: Option<f64>,
    /// Low and high end, rounded like the value, which lies between them; there if that is.
    pub interval: Option<(f64, f64)>,
    /// Answers counted: those on the metric's scale.
    pub n: u64,
    /// Name of the calculation. Several are in use under the same three letters.
    pub method: &'static str,
    /// Too few answers to publish; only `n` is told.
    pub suppressed: bool,
    /// Fewer answers than `SMALL_N`: read with care.
    pub small: bool,
    /// Further numbers; empty without a value.
    ///
    /// NPS: `promoters`, `passives`, `detractors` in percent. CSAT: `mean`, and the percentage
    /// of the best answer, `very_satisfied`. CES: `percent_5_to_7` and `index`, the percentage
    /// of 6 and 7 minus that of 1 to 3.
    pub extras: Vec<Extra>,
}

/// A number told beside a score, rounded already.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extra {
    /// What it is.
    pub name: &'static str,
    /// Percentages have one decimal, means two.
    pub value: f64,
    /// Low and high end, rounded like the value, which lies between them.
    pub interval: Option<(f64, f64)>,
}

/// The score that a histogram gives, and what else is told beside it.
pub fn score(metric: Metric, answers: &Histogram, terms: Terms) -> Score {
    let mut score = brief(metric, answers, terms);
    if score.value.is_some() {
        let n = answers.exact(metric.scale());
        score.extras = Told { answers, n, confidence: terms.confidence }.extras(metric);
    }
    score
}

/// The same without extras, for lists and curves: they cost twice the score itself.
pub fn brief(metric: Metric, answers: &Histogram, terms: Terms) -> Score {
    let n = answers.count(metric.scale());
    let mut score = Score {
        value: None,
        interval: None,
        n,
        method: metric.method(),
        suppressed: n < terms.minimum_n,
        small: n < SMALL_N,
        extras: Vec::new(),
    };
    if n == 0 || score.suppressed {
        return score;
    }
    let told = Told { answers, n: answers.exact(metric.scale()), confidence: terms.confidence };
    let main = match metric {
        Metric::Nps => {
            let (promoters, detractors) = metric.sides(answers);
            told.balance("nps", promoters, detractors)
        }
        Metric::Csat(_) => told.share("csat", metric.sides(answers).0),
        Metric::Ces => told.mean("ces", CES_SCALE),
    };
    score.value = Some(main.value);
    score.interval = main.interval;
    score
}

/// Whether an answer is a bad one, a good one, or neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A detractor, or the lower two fifths of a scale.
    Low,
    /// In between.
    Middle,
    /// A promoter, or the upper two fifths.
    High,
}

impl Metric {
    /// What one answer says of the service.
    pub fn verdict(self, value: u8) -> Verdict {
        let (low, high) = match self {
            Metric::Nps => (6, 9),
            Metric::Csat(Points(points)) => (points * 2 / 5, (points * 4).div_ceil(5)),
            Metric::Ces => (2, 6),
        };
        match value {
            value if value <= low.max(1) => Verdict::Low,
            value if high <= value => Verdict::High,
            _ => Verdict::Middle,
        }
    }

    /// Satisfaction on 1..=points; `None` unless there are 2 to 10 points.
    pub fn csat(points: u8) -> Option<Metric> {
        Points::new(points).map(Metric::Csat)
    }

    /// The values that can be answered. Any other leaves the denominator.
    pub fn scale(self) -> RangeInclusive<u8> {
        match self {
            Metric::Nps => 0..=10,
            Metric::Csat(Points(points)) => 1..=points,
            Metric::Ces => CES_SCALE,
        }
    }

    /// Name of the calculation.
    pub fn method(self) -> &'static str {
        match self {
            Metric::Nps => "nps-adjusted-wald",
            Metric::Csat(Points(..=3)) => "csat-top1-wilson",
            Metric::Csat(_) => "csat-top2-wilson",
            Metric::Ces => "ces2-mean",
        }
    }

    /// Answers that count for the score and against it, of those that are shares; CES is not.
    pub(crate) fn sides(self, answers: &Histogram) -> (i128, i128) {
        match self {
            Metric::Nps => (answers.exact(9..=10), answers.exact(0..=6)),
            Metric::Csat(Points(best @ ..=3)) => (answers.exact(best..=best), 0),
            Metric::Csat(Points(best)) => (answers.exact(best - 1..=best), 0),
            Metric::Ces => (0, 0),
        }
    }
}

impl Points {
    /// `None` unless there are 2 to 10 points.
    pub fn new(points: u8) -> Option<Points> {
        (2..=10).contains(&points).then_some(Points(points))
    }

    /// The number of points, which is also the best answer.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl Histogram {
    /// So many answers of each of these values.
    #[cfg(test)]
    pub(crate) fn of(answers: &[(u8, u64)]) -> Histogram {
        let mut histogram = Histogram::default();
        for (value, count) in answers {
            histogram.counts[usize::from(*value)] = *count;
        }
        histogram
    }

    /// Counts one answer. Yields false, and counts nothing, above 10.
    pub fn add(&mut self, value: u8) -> bool {
        match self.counts.get_mut(usize::from(value)) {
            Some(count) => {
                *count = count.saturating_add(1);
                true
            }
            None => false,
        }
    }

    /// Counts all answers of another histogram too.
    pub fn merge(&mut self, other: &Histogram) {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count = count.saturating_add(more);
        }
    }

    /// Answers in all, of whatever value.
    pub fn n(&self) -> u64 {
        self.count(0..=10)
    }

    /// Answers of these values.
    pub fn count(&self, values: RangeInclusive<u8>) -> u64 {
        self.on(values).fold(0, |n, (_, count)| n.saturating_add(count))
    }

    /// Answers of these values, however many.
    pub(crate) fn exact(&self, values: RangeInclusive<u8>) -> i128 {
        self.on(values).map(|(_, count)| i128::from(count)).sum()
    }

    /// All answers of these values added up.
    pub(crate) fn sum(&self, values: RangeInclusive<u8>) -> i128 {
        self.on(values).map(|(value, count)| i128::from(value) * i128::from(count)).sum()
    }

    fn on(&self, values: RangeInclusive<u8>) -> impl Iterator<Item = (u8, u64)> {
        (0..).zip(self.counts).filter(move |(value, _)| values.contains(value))
    }
}

impl Confidence {
    /// 90, 95 or 99; anything else is `None`.
    pub fn from_percent(percent: u8) -> Option<Confidence> {
        [Confidence::P90, Confidence::P95, Confidence::P99]
            .into_iter()
            .find(|confidence| confidence.percent() == percent)
    }

    /// The confidence in percent.
    pub fn percent(self) -> u8 {
        match self {
            Confidence::P90 => 90,
            Confidence::P95 => 95,
            Confidence::P99 => 99,
        }
    }
}

impl Default for Terms {
    fn default() -> Terms {
        Terms { confidence: Confidence::default(), minimum_n: MINIMUM_N }
    }
}

/// Answers about to be told: one at least is on the scale.
#[derive(Clone, Copy)]
struct Told<'a> {
    answers: &'a Histogram,
    /// Answers on the scale; `Score` stops counting at 2^64.
    n: i128,
    confidence: Confidence,
}

impl Told<'_> {
    fn extras(self, metric: Metric) -> Vec<Extra> {
        let count = |values| self.answers.exact(values);
        match metric {
            Metric::Nps => {
                let (promoters, detractors) = metric.sides(self.answers);
                vec![
                    self.share("promoters", promoters),
                    self.share("passives", self.n - promoters - detractors),
                    self.share("detractors", detractors),
                ]
            }
            Metric::Csat(Points(best)) => {
                vec![self.mean("mean", 1..=best), self.share("very_satisfied", count(best..=best))]
            }
            Metric::Ces => vec![
                self.share("percent_5_to_7", count(5..=7)),
                self.balance("index", count(6..=7), count(1..=3)),
            ],
        }
    }

    /// A percentage of the answers.
    fn share(self, name: &'static str, hits: i128) -> Extra {
        let value = quotient(hits * 100, self.n, 1);
        let (low, high) = wilson(hits as f64, self.n as f64, self.confidence.z());
        told(name, value, (100.0 * low, 100.0 * high), 0.0..=100.0, 1)
    }

    /// One percentage of the answers minus another.
    fn balance(self, name: &'static str, plus: i128, minus: i128) -> Extra {
        let value = quotient((plus - minus) * 100, self.n, 1);
        let (low, high) = Balance::new(plus, minus, self.n, 0.75).interval(self.confidence.z());
        told(name, value, (100.0 * low, 100.0 * high), -100.0..=100.0, 1)
    }

    /// The mean answer.
    fn mean(self, name: &'static str, scale: RangeInclusive<u8>) -> Extra {
        let value = quotient(self.answers.sum(scale.clone()), self.n, 2);
        let ends = f64::from(*scale.start())..=f64::from(*scale.end());
        let interval = Mean::new(self.answers, scale).interval(self.confidence);
        told(name, value, interval, ends, 2)
    }
}

/// A number with its interval rounded, kept to the scale and about the value.
///
/// Answers that are made up pull so hard on one or two real ones that the value falls outside.
fn told(
    name: &'static str,
    value: f64,
    interval: (f64, f64),
    scale: RangeInclusive<f64>,
    decimals: u8,
) -> Extra {
    Extra { name, value, interval: Some(about(value, interval, scale, decimals)) }
}

/// An interval rounded, kept to the scale and about the value, which is rounded already.
pub(crate) fn about(
    value: f64,
    (low, high): (f64, f64),
    scale: RangeInclusive<f64>,
    decimals: u8,
) -> (f64, f64) {
    let low = round(low.max(*scale.start()), decimals);
    let high = round(high.min(*scale.end()), decimals);
    (low.min(value), high.max(value))
}
