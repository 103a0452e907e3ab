//! Scores under their target by more than chance, and back.

use crate::score::interval::{Balance, Mean};
use crate::score::tail::{normal_above, student_above};
use crate::score::{Histogram, Metric, SMALL_N, Terms, score};

/// Answers above which a tail of the binomial distribution is no longer summed.
const MANY: i128 = 4096;

/// A score that lies under its target with its whole interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnderTarget {
    /// The score as it is published.
    pub value: f64,
    /// Its interval as it is published.
    pub interval: (f64, f64),
    /// What it should be.
    pub target: f64,
    /// Answers counted.
    pub n: u64,
    /// How often chance alone would bring a score that is on target this low, 0 to 1.
    ///
    /// One-sided, not rounded.
    pub p: f64,
}

/// Tells of a score that is surely under its target.
///
/// It is when the upper end of its interval lies below the target, and chance would bring a
/// score on target this low in fewer than half of the cases that the confidence leaves to it. Of
/// 95 % that is one case in forty: the one-sided equivalent of the interval. Under 30 answers,
/// or the minimum of the terms, there is no alarm; `None` then means "not known to be".
pub fn under_target(
    metric: Metric,
    answers: &Histogram,
    target: f64,
    terms: Terms,
) -> Option<UnderTarget> {
    let score = score(metric, answers, terms);
    let (value, interval) = (score.value?, score.interval?);
    let p = chance(metric, answers, target, terms);
    let sure = interval.1 < target && p < terms.confidence.error_rate() / 2.0;
    (sure && SMALL_N <= score.n).then_some(UnderTarget { value, interval, target, n: score.n, p })
}

/// Whether an alarm that was raised is over.
///
/// It is when the score reaches its target, or when chance would bring a score on target this
/// low more often than the confidence allows: 5 % of 95 %, twice what raises an alarm. Between
/// the two an alarm stays as it is, so that a score on the edge does not raise and clear it
/// with every answer. Without answers there is nothing left to be alarmed about.
pub fn cleared(metric: Metric, answers: &Histogram, target: f64, terms: Terms) -> bool {
    let all = Terms { minimum_n: 1, ..terms };
    let value = score(metric, answers, all).value;
    value.is_none_or(|value| {
        target <= value || terms.confidence.error_rate() <= chance(metric, answers, target, terms)
    })
}

/// How often a score on target would be this low by chance; 1 without answers.
///
/// Satisfaction: the binomial distribution itself, since a high target is missed by few answers
/// and those scatter lopsidedly; Wilson's interval alone would alarm in 6 % of the cases at a
/// target of 95 % and 30 answers. NPS: `z` from the middle of the adjusted Wald interval in its
/// standard errors. Effort: Student's `t` of the mean; of answers that all agree, the score test
/// of the mean as a share of the scale, which is the test behind Wilson's interval.
fn chance(metric: Metric, answers: &Histogram, target: f64, terms: Terms) -> f64 {
    let n = answers.exact(metric.scale());
    if n == 0 {
        return 1.0;
    }
    match metric {
        Metric::Nps => {
            let (promoters, detractors) = metric.sides(answers);
            let balance = Balance::new(promoters, detractors, n, 0.75);
            normal_above((target / 100.0 - balance.middle) / balance.variance.sqrt())
        }
        Metric::Csat(_) => {
            let (satisfied, _) = metric.sides(answers);
            at_most(satisfied, n, target / 100.0)
        }
        Metric::Ces => {
            let mean = Mean::new(answers, metric.scale());
            if mean.agrees() {
                return score_test(mean.share(), mean.share_of(target), mean.n);
            }
            let error = mean.error(terms.confidence).sqrt();
            student_above((target - mean.mean) / error, mean.degrees())
        }
    }
}

/// How often no more than `hits` of `n` would be hits if the share of them is `target`.
///
/// `Σ C(n, k) t^k (1 − t)^(n − k)` over `k` from `hits` down to 0. Of very many answers the sum is
/// long and its lopsidedness gone; there it is the score test.
fn at_most(hits: i128, n: i128, target: f64) -> f64 {
    let share = hits as f64 / n as f64;
    if MANY < n || target <= share || 1.0 <= target {
        return score_test(share, target, n as f64);
    }
    let misses = (n - hits) as f64;
    let hits = hits as f64;
    let mut logarithm = hits * target.ln() + misses * (-target).ln_1p();
    let mut k = 0.0;
    while k < hits {
        k += 1.0;
        logarithm += ((misses + k) / k).ln();
    }
    let (mut sum, mut term) = (0.0, logarithm.exp());
    // Below the target every term is a part of the one before it, and a smaller one each time.
    while 0.0 < k && sum * 1e-17 < term {
        sum += term;
        term *= k * (1.0 - target) / ((misses + hits - k + 1.0) * target);
        k -= 1.0;
    }
    (sum + term).min(1.0)
}

/// How often a share that is truly `target` would be as low as `found` among `n`.
///
/// By the score test, `z = (found − target) / √(target (1 − target)/n)`.
fn score_test(found: f64, target: f64, n: f64) -> f64 {
    let variance = target * (1.0 - target) / n;
    if 0.0 < variance {
        return normal_above((target - found) / variance.sqrt());
    }
    // A target of everything is missed by a single one; below nothing there is no share.
    if found < target { 0.0 } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::Confidence;

    fn satisfied(hits: u64, n: u64) -> Histogram {
        Histogram::of(&[(5, hits), (1, n - hits)])
    }

    fn csat() -> Metric {
        Metric::csat(5).unwrap()
    }

    #[test]
    fn an_alarm_tells_the_score_its_target_and_how_rare_it_is() {
        let found = under_target(csat(), &satisfied(75, 100), 85.0, Terms::default()).unwrap();
        assert_eq!((found.value, found.interval, found.n), (75.0, (65.7, 82.5), 100));
        // Of 100 answers at 85 %, 75 or fewer are satisfied this often.
        assert!((found.p - 0.006_080_408_590).abs() < 1e-11, "{}", found.p);
        assert_eq!(under_target(csat(), &satisfied(79, 100), 85.0, Terms::default()), None);
    }

    #[test]
    fn an_alarm_is_an_interval_wholly_below_the_target() {
        for confidence in [Confidence::P90, Confidence::P95, Confidence::P99] {
            let terms = Terms { confidence, ..Terms::default() };
            for (a, b) in (0..=40 * 41).map(|i| (i / 41, i % 41)).filter(|(a, b)| a + b <= 40) {
                let rest = 40 - a - b;
                for (metric, answers, target) in [
                    (Metric::Nps, Histogram::of(&[(1, a), (8, rest), (10, b)]), 31.17),
                    (csat(), Histogram::of(&[(1, a), (3, rest), (5, b)]), 61.17),
                    (Metric::Ces, Histogram::of(&[(1, a), (4, rest), (7, b)]), 5.173),
                ] {
                    let (_, high) = score(metric, &answers, terms).interval.unwrap();
                    let alarm = under_target(metric, &answers, target, terms).is_some();
                    assert!(!alarm || high < target, "{metric:?}, {answers:?}, {high}");
                    // Also the other way, but for rounding; of shares see below.
                    let sure = high + 0.05 < target && !matches!(metric, Metric::Csat(_));
                    assert!(alarm || !sure, "{metric:?}, {answers:?}, {high}");
                }
            }
        }
    }

    #[test]
    fn an_alarm_on_the_edge_neither_clears_nor_is_raised_again() {
        let state = |hits| {
            let answers = satisfied(hits, 100);
            let alarm = under_target(csat(), &answers, 85.0, Terms::default()).is_some();
            (alarm, cleared(csat(), &answers, 85.0, Terms::default()))
        };
        let states = (60..=100).map(state).collect::<Vec<_>>();
        // At no score both; from low to high raised, then neither, then cleared.
        assert!(!states.contains(&(true, true)));
        assert!(states.is_sorted_by_key(|(alarm, clear)| (!alarm, *clear)));
        // Of 100 at 85 %: 2.2 % of cases are as low as 77, 3.9 % as 78 and 6.6 % as 79.
        assert_eq!((state(77), state(78)), ((true, false), (false, false)));
        assert_eq!(state(79), (false, true));
    }

    #[test]
    fn few_answers_raise_no_alarm_and_none_at_all_clear_it() {
        for metric in [Metric::Nps, csat(), Metric::Ces] {
            let target = if metric == Metric::Ces { 5.0 } else { 50.0 };
            let terms = Terms::default();
            let of = |n| under_target(metric, &Histogram::of(&[(1, n)]), target, terms);
            assert_eq!((of(0), of(29)), (None, None));
            assert!(of(30).is_some());
            let strict = Terms { minimum_n: 31, ..terms };
            assert_eq!(under_target(metric, &Histogram::of(&[(1, 30)]), target, strict), None);
            assert!(cleared(metric, &Histogram::default(), target, terms));
            assert!(!cleared(metric, &Histogram::of(&[(1, 30)]), target, terms));
            assert!(cleared(metric, &Histogram::of(&[(metric_best(metric), 1)]), target, terms));
        }
    }

    fn metric_best(metric: Metric) -> u8 {
        *metric.scale().end()
    }

    #[test]
    fn a_score_on_target_raises_few_alarms() {
        // Exactly, over every number of satisfied answers.
        for n in [30_u32, 50, 100, 200] {
            for percent in (50..=95).step_by(5) {
                let share = f64::from(percent) / 100.0;
                let mut weight = (1.0 - share).powi(i32::try_from(n).unwrap());
                let mut alarms = 0.0;
                for hits in 0..=n {
                    let answers = satisfied(hits.into(), n.into());
                    let target = f64::from(percent);
                    let found = under_target(csat(), &answers, target, Terms::default());
                    alarms += if found.is_some() { weight } else { 0.0 };
                    weight *= f64::from(n - hits) / f64::from(hits + 1) * share / (1.0 - share);
                }
                assert!((0.004..=0.025).contains(&alarms), "{n}, {percent} %: {alarms}");
            }
        }
    }

    #[test]
    fn neither_extreme_counts_nor_extreme_targets_make_it_less_than_a_number() {
        let counts = [0, 1, 30, (1 << 53) + 1, u64::MAX];
        for metric in [Metric::Nps, csat(), Metric::Ces] {
            for (low, high) in (0..25).map(|i| (counts[i / 5], counts[i % 5])) {
                let answers = Histogram::of(&[(1, low), (metric_best(metric), high)]);
                for target in [f64::MIN, -100.0, 0.0, 1.0, 5.0, 7.0, 100.0, 1e9, f64::MAX] {
                    let p = chance(metric, &answers, target, Terms::default());
                    assert!((0.0..=1.0).contains(&p), "{metric:?}, {low}, {high}, {target}");
                    let alarm = under_target(metric, &answers, target, Terms::default());
                    assert!(
                        alarm.is_none() || !cleared(metric, &answers, target, Terms::default())
                    );
                }
            }
        }
    }
}
