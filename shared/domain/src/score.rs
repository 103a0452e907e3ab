//! Scores: what a histogram of answers says, and how sure that is.
//!
//! Counts stay whole numbers up to one division at the very end, which is rounded once, half away
//! from zero: 2.25 % is 2.3 %. (Rounding each share first would change the score.) No score is
//! ever NaN. The reader of a `Score` prints its numbers and calculates no further.
//!
//! Which answers belong in a histogram is not decided here.

use std::ops::RangeInclusive;

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
    /// Low and high end, rounded like the value, which lies between them.
    pub interval: Option<(f64, f64)>,
    /// Answers counted: those on the metric's scale.
    pub n: u64,
    /// Name of the calculation. Several are in use under the same three letters.
    pub method: &'static str,
    /// Too few answers to publish; only `n` is told.
    pub suppressed: bool,
    /// Fewer answers than `SMALL_N`: read with care.
    pub small: bool,
    /// Further numbers by name; empty without a value.
    ///
    /// NPS: `promoters`, `passives`, `detractors` in percent. CSAT: `mean`. CES:
    /// `percent_5_to_7` and `index`, the percentage of 6 and 7 minus that of 1 to 3.
    pub extras: Vec<(&'static str, f64)>,
}

/// The score that a histogram gives.
pub fn score(metric: Metric, answers: &Histogram, terms: Terms) -> Score {
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
    let z = terms.confidence.z();
    let (value, interval, extras) = match metric {
        Metric::Nps => nps(answers, n, z),
        Metric::Csat(points) => csat(answers, points, n, z),
        Metric::Ces => ces(answers, n, z),
    };
    score.value = Some(value);
    score.interval = interval;
    score.extras = extras;
    score
}

/// A fraction rounded to so many decimals, half away from zero, without a detour over binary.
///
/// `None` when there is nothing to divide by. Exact while `numerator` times ten to the
/// `decimals` stays below 2^125, which no count of answers reaches.
pub fn ratio(numerator: i128, denominator: u64, decimals: u8) -> Option<f64> {
    if denominator == 0 {
        return None;
    }
    let denominator = i128::from(denominator);
    let factor = 10_i128.saturating_pow(u32::from(decimals));
    let doubled = numerator.saturating_mul(factor).saturating_mul(2);
    let half_away = doubled.saturating_add(numerator.signum() * denominator);
    Some((half_away / (2 * denominator)) as f64 / factor as f64)
}

/// A number rounded to so many decimals, half away from zero.
///
/// 2.675 is stored as 2.67499999…; what is within two steps of a tie counts as a tie, so that
/// the answer is the 2.68 that a reader of "2.675" expects. Where the exact fraction is known,
/// `ratio` is better. Zero is never negative; what is not finite comes back unchanged.
pub fn round(value: f64, decimals: u8) -> f64 {
    let factor = 10_f64.powi(i32::from(decimals));
    let scaled = value * factor;
    if !scaled.is_finite() {
        return value;
    }
    // Far above any score two steps are visible; there the nudge stops growing.
    let nudge = (scaled * 2.0 * f64::EPSILON).clamp(-1e-3, 1e-3);
    (scaled + nudge).round() / factor + 0.0
}

impl Metric {
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

    /// How many standard errors that is to either side, by the normal distribution.
    fn z(self) -> f64 {
        match self {
            Confidence::P90 => 1.644_853_626_951_472_2,
            Confidence::P95 => 1.959_963_984_540_054,
            Confidence::P99 => 2.575_829_303_548_900_4,
        }
    }
}

impl Default for Terms {
    fn default() -> Terms {
        Terms { confidence: Confidence::default(), minimum_n: MINIMUM_N }
    }
}

/// Value, interval and extras of a score.
type Numbers = (f64, Option<(f64, f64)>, Vec<(&'static str, f64)>);

fn nps(answers: &Histogram, n: u64, z: f64) -> Numbers {
    let promoters = answers.count(9..=10);
    let passives = answers.count(7..=8);
    let detractors = answers.count(0..=6);
    let value = percent(promoters, detractors, n);
    // The answers made up pull so hard on one or two real ones that the value falls outside.
    let (low, high) = adjusted_wald(promoters, detractors, n, z);
    let interval = (low.min(value), high.max(value));
    let extras = vec![
        ("promoters", percent(promoters, 0, n)),
        ("passives", percent(passives, 0, n)),
        ("detractors", percent(detractors, 0, n)),
    ];
    (value, Some(clip(interval, -100.0..=100.0, 1)), extras)
}

fn csat(answers: &Histogram, points: Points, n: u64, z: f64) -> Numbers {
    let Points(best) = points;
    let worst_satisfied = if best <= 3 { best } else { best - 1 };
    let satisfied = answers.count(worst_satisfied..=best);
    let interval = wilson(satisfied, n, z);
    let mean = mean(answers, 1..=best, n);
    (percent(satisfied, 0, n), Some(clip(interval, 0.0..=100.0, 1)), vec![("mean", mean)])
}

fn ces(answers: &Histogram, n: u64, z: f64) -> Numbers {
    let extras = vec![
        ("percent_5_to_7", percent(answers.count(5..=7), 0, n)),
        ("index", percent(answers.count(6..=7), answers.count(1..=3), n)),
    ];
    let interval = mean_interval(answers, n, z);
    (mean(answers, CES_SCALE, n), interval.map(|interval| clip(interval, 1.0..=7.0, 2)), extras)
}

/// `plus` minus `minus` as a percentage of `n`, to one decimal. `n` is not zero here.
fn percent(plus: u64, minus: u64, n: u64) -> f64 {
    ratio((i128::from(plus) - i128::from(minus)) * 100, n, 1).unwrap_or_default()
}

/// The mean answer to two decimals. `n` is not zero here.
fn mean(answers: &Histogram, scale: RangeInclusive<u8>, n: u64) -> f64 {
    let sum = answers.on(scale).map(|(value, count)| i128::from(value) * i128::from(count)).sum();
    ratio(sum, n, 2).unwrap_or_default()
}

/// Interval of an NPS in percent, by the adjusted Wald method.
///
/// Three answers are made up, 3/4 each of promoters and detractors and 3/2 passives:
/// with `n' = n + 3`, `p = (promoters + 3/4) / n'` and `d = (detractors + 3/4) / n'` it is
/// `p − d ± z √((p + d − (p − d)²) / n')`. Without them ten promoters alone would be an NPS
/// of 100 ± 0. The best performer in Rocks (2016), "Interval estimation for the net promoter
/// score", and at <https://measuringu.com/nps-three-confidence-intervals>.
fn adjusted_wald(promoters: u64, detractors: u64, n: u64, z: f64) -> (f64, f64) {
    let n = n as f64 + 3.0;
    let p = (promoters as f64 + 0.75) / n;
    let d = (detractors as f64 + 0.75) / n;
    let margin = z * ((p + d - (p - d).powi(2)) / n).sqrt();
    (100.0 * (p - d - margin), 100.0 * (p - d + margin))
}

/// Interval of a share in percent, by the score method of Wilson (1927).
///
/// `(p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)`: method 3 of Newcombe (1998),
/// "Two-sided confidence intervals for the single proportion", *Statistics in Medicine* 17.
fn wilson(hits: u64, n: u64, z: f64) -> (f64, f64) {
    let n = n as f64;
    let p = hits as f64 / n;
    let middle = p + z * z / (2.0 * n);
    let margin = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let shrink = 1.0 + z * z / n;
    (100.0 * (middle - margin) / shrink, 100.0 * (middle + margin) / shrink)
}

/// Interval of the mean on the scale of CES: `mean ± z s / √n`, with `n − 1` under the variance.
///
/// The normal distribution stands in for Student's, so that under 30 answers the interval is a
/// little narrow. `None` when all answers agree: they say nothing of how others would differ,
/// and an interval without width would claim that they say everything.
fn mean_interval(answers: &Histogram, n: u64, z: f64) -> Option<(f64, f64)> {
    let n = n as f64;
    let answers = || answers.on(CES_SCALE).map(|(value, count)| (f64::from(value), count as f64));
    let mean = answers().map(|(value, count)| value * count).sum::<f64>() / n;
    let squares = answers().map(|(value, count)| count * (value - mean).powi(2)).sum::<f64>();
    let margin = z * (squares / (n - 1.0) / n).sqrt();
    // A single answer agrees with itself: 0/0 is not above zero either.
    (0.0 < margin).then_some((mean - margin, mean + margin))
}

/// An interval within its scale, rounded.
fn clip((low, high): (f64, f64), scale: RangeInclusive<f64>, decimals: u8) -> (f64, f64) {
    (round(low.max(*scale.start()), decimals), round(high.min(*scale.end()), decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(answers: &[(u8, u64)]) -> Histogram {
        let mut histogram = Histogram::default();
        for (value, count) in answers {
            histogram.counts[usize::from(*value)] = *count;
        }
        histogram
    }

    /// Detractors, passives and promoters.
    fn promoters(detractors: u64, passives: u64, promoters: u64) -> Histogram {
        histogram(&[(0, detractors), (7, passives), (10, promoters)])
    }

    fn of(metric: Metric, answers: &Histogram) -> Score {
        score(metric, answers, Terms::default())
    }

    #[track_caller]
    fn check_near((low, high): (f64, f64), expected: (f64, f64)) {
        let near = |a: f64, b: f64| (a - b).abs() < 0.5e-4 + 1e-9;
        assert!(near(low, expected.0) && near(high, expected.1), "{low}, {high}");
    }

    #[test]
    fn nps_is_promoters_minus_detractors() {
        let score = of(Metric::Nps, &promoters(20, 30, 50));
        assert_eq!(score.value, Some(30.0));
        assert_eq!(score.interval, Some((14.1, 44.2)));
        assert_eq!((score.n, score.method), (100, "nps-adjusted-wald"));
        assert!(!score.suppressed && !score.small);
        assert_eq!(score.extras, [("promoters", 50.0), ("passives", 30.0), ("detractors", 20.0)]);
        check_near(adjusted_wald(50, 20, 100, Confidence::P95.z()), (14.0511, 44.2013));
        // 2/36 is 5.5556 %.
        assert_eq!(of(Metric::Nps, &promoters(13, 8, 15)).value, Some(5.6));
        assert_eq!(of(Metric::Nps, &promoters(15, 8, 13)).value, Some(-5.6));
    }

    #[test]
    fn each_answer_from_0_to_10_has_its_side() {
        for value in 0..=10 {
            let expected = match value {
                0..=6 => -100.0,
                7..=8 => 0.0,
                _ => 100.0,
            };
            assert_eq!(of(Metric::Nps, &histogram(&[(value, 5)])).value, Some(expected));
        }
    }

    #[test]
    fn ten_promoters_alone_are_not_certain() {
        let score = of(Metric::Nps, &promoters(0, 0, 10));
        assert_eq!(score.value, Some(100.0));
        assert_eq!(score.interval, Some((47.5, 100.0)));
    }

    #[test]
    fn wilson_gives_the_published_intervals() {
        // From table I of Newcombe (1998).
        for (hits, n, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let (actual_low, actual_high) = wilson(hits, n, Confidence::P95.z());
            check_near((actual_low / 100.0, actual_high / 100.0), (low, high));
        }
    }

    #[test]
    fn csat_counts_the_top_two_boxes_or_one_on_a_short_scale() {
        for (points, method, expected) in [
            (2, "csat-top1-wilson", 50.0),
            (3, "csat-top1-wilson", 33.3),
            (4, "csat-top2-wilson", 50.0),
            (5, "csat-top2-wilson", 40.0),
            (7, "csat-top2-wilson", 28.6),
            (10, "csat-top2-wilson", 20.0),
        ] {
            // Zero answers nothing here, and what is above the scale is not on it.
            let score = of(Metric::csat(points).unwrap(), &Histogram { counts: [10; 11] });
            assert_eq!((score.method, score.value), (method, Some(expected)), "{points} points");
            assert_eq!(score.n, u64::from(points) * 10);
            assert_eq!(score.extras, [("mean", f64::from(points + 1) / 2.0)]);
        }
        for points in [0, 1, 11, 255] {
            assert_eq!(Metric::csat(points), None);
        }
    }

    #[test]
    fn csat_is_a_share_with_a_wilson_interval() {
        // 960 of 1200. The 77.8–82.1 that suptask.com prints for it is not Wilson's.
        let score = of(Metric::csat(5).unwrap(), &histogram(&[(2, 240), (4, 480), (5, 480)]));
        assert_eq!(score.value, Some(80.0));
        assert_eq!(score.interval, Some((77.6, 82.2)));
    }

    #[test]
    fn ces_is_a_mean_and_tells_the_other_two_calculations() {
        let answers =
            histogram(&[(1, 50), (2, 60), (3, 90), (4, 110), (5, 120), (6, 240), (7, 330)]);
        let score = of(Metric::Ces, &answers);
        assert_eq!(score.value, Some(5.23));
        assert_eq!(score.extras, [("percent_5_to_7", 69.0), ("index", 37.0)]);
        // The variance is 3.3204, so this is 5.23 ± 1.96 × 0.0576.
        assert_eq!(score.interval, Some((5.12, 5.34)));
        assert_eq!(score.method, "ces2-mean");
    }

    #[test]
    fn answers_that_all_agree_have_a_mean_without_an_interval() {
        let score = of(Metric::Ces, &histogram(&[(7, 40)]));
        assert_eq!((score.value, score.interval), (Some(7.0), None));
        let terms = Terms { minimum_n: 0, ..Terms::default() };
        let alone = super::score(Metric::Ces, &histogram(&[(3, 1)]), terms);
        assert_eq!((alone.value, alone.interval), (Some(3.0), None));
    }

    #[test]
    fn too_few_answers_are_counted_but_not_scored() {
        for metric in [Metric::Nps, Metric::csat(5).unwrap(), Metric::Ces] {
            for n in [0, 1, 4, 5, 29, 30] {
                let score = of(metric, &histogram(&[(1, n / 2), (5, n - n / 2)]));
                assert_eq!((score.n, score.suppressed, score.small), (n, n < 5, n < 30));
                let told = (score.value.is_some(), score.interval.is_some());
                assert_eq!((told, score.extras.is_empty()), ((5 <= n, 5 <= n), n < 5));
            }
            let terms = Terms { minimum_n: 0, ..Terms::default() };
            let nothing = super::score(metric, &Histogram::default(), terms);
            assert_eq!((nothing.value, nothing.suppressed), (None, false));
        }
    }

    #[test]
    fn a_histogram_adds_up_and_refuses_what_it_cannot_hold() {
        let mut answers = Histogram::default();
        assert!(answers.add(0) && answers.add(10) && answers.add(10));
        assert!(!answers.add(11));
        let mut twice = answers;
        twice.merge(&answers);
        assert_eq!(twice, histogram(&[(0, 2), (10, 4)]));
        assert_eq!((answers.n(), twice.n(), twice.count(1..=10)), (3, 6, 4));
        // No count is so large that it traps.
        let full = Histogram { counts: [u64::MAX; 11] };
        twice.merge(&full);
        for metric in [Metric::Nps, Metric::csat(10).unwrap(), Metric::Ces] {
            assert!(of(metric, &twice).value.unwrap().is_finite());
        }
    }

    #[test]
    fn every_interval_holds_its_value_and_keeps_to_the_scale() {
        let csat = Metric::csat(5).unwrap();
        for (a, b, c) in (0..9 * 9 * 9).map(|i| (i / 81, i / 9 % 9, i % 9)) {
            for (metric, answers, scale) in [
                (Metric::Nps, promoters(a, b, c), -100.0..=100.0),
                (csat, histogram(&[(1, a), (3, b), (5, c)]), 0.0..=100.0),
                (Metric::Ces, histogram(&[(1, a), (4, b), (7, c)]), 1.0..=7.0),
            ] {
                for confidence in [Confidence::P90, Confidence::P95, Confidence::P99] {
                    let score = super::score(metric, &answers, Terms { confidence, minimum_n: 1 });
                    let (low, high) = score.interval.unwrap_or((*scale.start(), *scale.end()));
                    let holds = score.value.is_none_or(|value| (low..=high).contains(&value));
                    assert!(holds && scale.contains(&low) && scale.contains(&high), "{score:?}");
                }
            }
        }
    }

    #[test]
    fn an_interval_of_95_percent_holds_the_truth_about_that_often() {
        for (metric, population, truth) in [
            (Metric::Nps, [3, 8, 8, 8, 10, 10, 10, 10, 10, 10], 50.0),
            (Metric::Nps, [0, 0, 0, 0, 7, 9, 9, 9, 9, 9], 10.0),
            (Metric::csat(5).unwrap(), [1, 4, 4, 4, 5, 5, 5, 5, 5, 5], 90.0),
            (Metric::csat(7).unwrap(), [1, 1, 3, 4, 4, 4, 6, 7, 7, 7], 40.0),
            (Metric::Ces, [1, 1, 2, 2, 4, 4, 5, 5, 7, 7], 3.8),
            (Metric::Ces, [2, 4, 5, 6, 6, 6, 7, 7, 7, 7], 5.7),
        ] {
            for n in [30, 100, 300] {
                let share = coverage(metric, population, truth, n);
                assert!((0.925..0.98).contains(&share), "{metric:?}, {n} answers: {share}");
            }
        }
    }

    /// How often the interval holds the truth, of 2000 surveys with `n` answers each.
    fn coverage(metric: Metric, population: [u8; 10], truth: f64, n: usize) -> f64 {
        let mut seed = 0x2545_f491_4f6c_dd1d_u64;
        let mut hits = 0;
        for _ in 0..2000 {
            let mut answers = Histogram::default();
            for _ in 0..n {
                // Xorshift: the same surveys in every run.
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                answers.add(population[usize::try_from((seed >> 33) % 10).unwrap()]);
            }
            let (low, high) = of(metric, &answers).interval.unwrap();
            hits += u32::from((low..=high).contains(&truth));
        }
        f64::from(hits) / 2000.0
    }

    #[test]
    fn a_fraction_rounds_half_away_from_zero() {
        for (numerator, denominator, decimals, expected) in
            [(5, 2, 0, 3.0), (-5, 2, 0, -3.0), (9, 4, 1, 2.3), (-9, 4, 1, -2.3), (-1, 30, 1, 0.0)]
        {
            let rounded = ratio(numerator, denominator, decimals).unwrap();
            assert_eq!(rounded, expected, "{numerator}/{denominator}");
            assert!(rounded.is_sign_positive() || rounded < 0.0);
        }
        assert_eq!(ratio(1, 0, 1), None);
    }

    #[test]
    fn a_number_rounds_as_it_reads() {
        for thousandths in -20_000_i32..=20_000 {
            let rounded = round(f64::from(thousandths) / 1000.0, 2);
            assert_eq!(Some(rounded), ratio(thousandths.into(), 1000, 2), "{thousandths}");
            assert!(rounded.is_sign_positive() || rounded < 0.0);
        }
        assert_eq!(round(2.675, 2), 2.68);
        assert_eq!(round(1.005, 2), 1.01);
        assert_eq!(round(2.674_999_999, 2), 2.67);
        assert_eq!(round(-0.04, 1).to_bits(), 0.0_f64.to_bits());
        assert_eq!(round(9_007_199_254_740_991.0, 0), 9_007_199_254_740_991.0);
        assert_eq!(round(f64::MAX, 2), f64::MAX);
    }

    #[test]
    fn confidence_is_90_95_or_99_percent() {
        let known = (0..=u8::MAX).filter_map(Confidence::from_percent);
        assert!(known.map(Confidence::percent).eq([90, 95, 99]));
    }
}
