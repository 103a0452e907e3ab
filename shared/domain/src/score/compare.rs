//! Comparisons: by how much two scores differ, and whether that is more than chance.

use super::interval::{Balance, Mean, satterthwaite, wilson};
use super::rounding::quotient;
use super::tail::{normal_above, student_above};
use super::{CES_SCALE, Confidence, Histogram, Metric, Terms, about, round};

/// A score minus another of the same metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Percentage points to one decimal, or points of CES to two.
    ///
    /// Rounded once from the exact difference: it may differ by one in the last place from the
    /// difference of the two published scores.
    pub value: f64,
    /// Low and high end, rounded like the value, which lies between them.
    pub interval: (f64, f64),
    /// How often chance alone would make a difference as large in either direction, 0 to 1.
    ///
    /// Not rounded.
    pub p: f64,
    /// Name of the calculation.
    pub method: &'static str,
}

/// By how much the score is now above what it was before.
///
/// `None` when either side has no answers or too few to publish. The two sides are taken for
/// samples of different answers.
pub fn difference(
    metric: Metric,
    now: &Histogram,
    before: &Histogram,
    terms: Terms,
) -> Option<Difference> {
    let enough = |side: &Histogram| terms.minimum_n.max(1) <= side.count(metric.scale());
    if !enough(now) || !enough(before) {
        return None;
    }
    let pair = Pair { now, before, confidence: terms.confidence };
    Some(match metric {
        Metric::Nps => pair.nps(),
        Metric::Csat(_) => pair.csat(metric),
        Metric::Ces => pair.ces(),
    })
}

/// Adjusts `p` values of tests made together, by the method of Holm, and keeps their order.
///
/// The smallest of `m` is multiplied by `m`, the next by `m − 1` and so on; none ends below a
/// smaller one's, none above 1. Comparing the results with 0.05 keeps the chance of even one
/// false alarm among all tests at 5 %: Holm (1979), "A simple sequentially rejective multiple
/// test procedure", *Scandinavian Journal of Statistics* 6(2). What is no number counts as 1.
pub fn holm(p: &[f64]) -> Vec<f64> {
    // `max` passes over what is no number, so 1 stands in for it first.
    let p = p.iter().map(|p| if p.is_nan() { 1.0 } else { p.clamp(0.0, 1.0) });
    let p = p.collect::<Vec<_>>();
    // By counting, not sorting: tests made together are few, and a sort is much code.
    let scaled = p.iter().enumerate().map(|(at, own)| {
        let before = |(other, p): &(usize, &f64)| *p < own || (*p == own && *other < at);
        let smaller = p.iter().enumerate().filter(before).count();
        (*own, own * (p.len() - smaller) as f64)
    });
    let scaled = scaled.collect::<Vec<_>>();
    let adjusted = p.iter().map(|own| {
        let up_to = scaled.iter().filter(|(p, _)| p <= own);
        up_to.fold(0.0, |most: f64, (_, scaled)| most.max(*scaled)).min(1.0)
    });
    adjusted.collect()
}

/// Whether an adjusted `p` is rarer than the confidence leaves to chance.
pub fn significant(adjusted: f64, confidence: Confidence) -> bool {
    adjusted < confidence.error_rate()
}

/// Two sides with an answer each at least.
#[derive(Clone, Copy)]
struct Pair<'a> {
    now: &'a Histogram,
    before: &'a Histogram,
    confidence: Confidence,
}

impl Pair<'_> {
    /// Two-sample z with answers made up on both sides.
    ///
    /// `z = (b₁ − b₂) / √(v₁ + v₂)` of the adjusted balances and their variances, the test of
    /// R's package NPS (`nps.test`) after the adjustment of Rocks (2016), which is shared
    /// between the sides: 3/8 each of promoters and detractors and 3/4 passives on either, as
    /// Agresti & Caffo (2000), *The American Statistician* 54(4), share theirs for two
    /// proportions. Summed exactly over 64 pairs of populations with 30 answers each, intervals
    /// of 95 % hold 95.1 % on average and 94.6 % at worst; without the adjustment 93.8 % and
    /// 91.9 %, with all of it on both sides 95.4 % and 92.9 %.
    fn nps(self) -> Difference {
        let side = |answers: &Histogram| {
            let (promoters, detractors) = Metric::Nps.sides(answers);
            Balance::new(promoters, detractors, answers.exact(0..=10), 0.375)
        };
        let (now, before) = (side(self.now), side(self.before));
        let all = Balance {
            middle: now.middle - before.middle,
            variance: now.variance + before.variance,
        };
        let (low, high) = all.interval(self.confidence.z());
        let score = |answers: &Histogram| {
            let (promoters, detractors) = Metric::Nps.sides(answers);
            ((promoters - detractors) * 100, answers.exact(0..=10))
        };
        let value = exact(score(self.now), score(self.before), 1);
        Difference {
            value,
            interval: about(value, (100.0 * low, 100.0 * high), -200.0..=200.0, 1),
            p: two_sided(normal_above(all.middle.abs() / all.variance.sqrt())),
            method: "nps-two-sample-z",
        }
    }

    /// Newcombe's interval, and the pooled test of two proportions.
    ///
    /// With Wilson's intervals `l₁…u₁` and `l₂…u₂` the difference `p₁ − p₂` reaches down by
    /// `√((p₁ − l₁)² + (u₂ − p₂)²)` and up by `√((u₁ − p₁)² + (p₂ − l₂)²)`: method 10 of
    /// Newcombe (1998), "Interval estimation for the difference between independent
    /// proportions", *Statistics in Medicine* 17. The test is `z = (p₁ − p₂) / √(p (1 − p)
    /// (1/n₁ + 1/n₂))` with `p` of both sides together (Fleiss, *Statistical Methods for Rates
    /// and Proportions*, chapter 2, without continuity correction).
    fn csat(self, metric: Metric) -> Difference {
        let side = |answers: &Histogram| {
            let (hits, _) = metric.sides(answers);
            (hits, answers.exact(metric.scale()))
        };
        let ((hits_1, n_1), (hits_2, n_2)) = (side(self.now), side(self.before));
        let (low, high) =
            newcombe((hits_1 as f64, n_1 as f64), (hits_2 as f64, n_2 as f64), self.confidence.z());
        let pooled = (hits_1 + hits_2) as f64 / (n_1 + n_2) as f64;
        let variance = pooled * (1.0 - pooled) * (1.0 / n_1 as f64 + 1.0 / n_2 as f64);
        let gap = (hits_1 as f64 / n_1 as f64 - hits_2 as f64 / n_2 as f64).abs();
        let value = exact((hits_1 * 100, n_1), (hits_2 * 100, n_2), 1);
        Difference {
            value,
            interval: about(value, (100.0 * low, 100.0 * high), -100.0..=100.0, 1),
            p: tail_of(gap, variance, f64::INFINITY),
            method: "csat-newcombe",
        }
    }

    /// Welch's test of two means.
    ///
    /// `t = (m₁ − m₂) / √(s₁²/n₁ + s₂²/n₂)` with Satterthwaite's degrees of freedom: Welch
    /// (1947), "The generalization of 'Student's' problem", *Biometrika* 34. A side whose answers
    /// all agree has the error told at `Mean::error`.
    fn ces(self) -> Difference {
        let now = Mean::new(self.now, CES_SCALE);
        let before = Mean::new(self.before, CES_SCALE);
        let errors = [now, before].map(|side| (side.error(self.confidence), side.degrees()));
        let (error, degrees) = satterthwaite(&errors);
        let gap = now.mean - before.mean;
        let margin = self.confidence.t(degrees) * error.sqrt();
        let score = |answers: &Histogram| (answers.sum(CES_SCALE), answers.exact(CES_SCALE));
        let value = exact(score(self.now), score(self.before), 2);
        Difference {
            value,
            interval: about(value, (gap - margin, gap + margin), -6.0..=6.0, 2),
            p: tail_of(gap.abs(), error, degrees),
            method: "ces-welch",
        }
    }
}

/// The interval of `Pair::csat`, as shares.
fn newcombe((hits_1, n_1): (f64, f64), (hits_2, n_2): (f64, f64), z: f64) -> (f64, f64) {
    let (p_1, p_2) = (hits_1 / n_1, hits_2 / n_2);
    let (low_1, high_1) = wilson(hits_1, n_1, z);
    let (low_2, high_2) = wilson(hits_2, n_2, z);
    let down = (p_1 - low_1).powi(2) + (high_2 - p_2).powi(2);
    let up = (high_1 - p_1).powi(2) + (p_2 - low_2).powi(2);
    (p_1 - p_2 - down.sqrt(), p_1 - p_2 + up.sqrt())
}

/// Two-sided tail beyond a gap of this variance; of no gap it is everything.
pub(super) fn tail_of(gap: f64, variance: f64, degrees: f64) -> f64 {
    if gap == 0.0 {
        return 1.0;
    }
    // A gap without variance: all of one side against none of the other, in endless numbers.
    let t = if 0.0 < variance { gap / variance.sqrt() } else { f64::INFINITY };
    two_sided(student_above(t, degrees))
}

fn two_sided(tail: f64) -> f64 {
    (2.0 * tail).clamp(0.0, 1.0)
}

/// One fraction minus another, rounded once. Denominators are above zero.
fn exact(now: (i128, i128), before: (i128, i128), decimals: u8) -> f64 {
    let over = || {
        let plus = now.0.checked_mul(before.1)?;
        let minus = before.0.checked_mul(now.1)?;
        Some((plus.checked_sub(minus)?, now.1.checked_mul(before.1)?))
    };
    match over() {
        Some((numerator, denominator)) => quotient(numerator, denominator, decimals),
        // Beyond 2^60 answers on either side.
        None => {
            let share =
                |(numerator, denominator): (i128, i128)| numerator as f64 / denominator as f64;
            round(share(now) - share(before), decimals)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Detractors, passives and promoters.
    fn promoters(detractors: u64, passives: u64, promoters: u64) -> Histogram {
        Histogram::of(&[(0, detractors), (7, passives), (10, promoters)])
    }

    /// So many satisfied of so many.
    fn satisfied(hits: u64, n: u64) -> Histogram {
        Histogram::of(&[(5, hits), (1, n - hits)])
    }

    fn of(metric: Metric, now: &Histogram, before: &Histogram) -> Difference {
        difference(metric, now, before, Terms { minimum_n: 1, ..Terms::default() }).unwrap()
    }

    #[test]
    fn newcombe_gives_the_published_intervals() {
        // Method 10 in table II of Newcombe (1998).
        for (now, before, expected) in [
            ((56.0, 70.0), (48.0, 80.0), (0.0524, 0.3339)),
            ((9.0, 10.0), (3.0, 10.0), (0.1705, 0.8090)),
            ((6.0, 7.0), (2.0, 7.0), (0.0582, 0.8062)),
            ((5.0, 56.0), (0.0, 29.0), (-0.0381, 0.1926)),
            ((0.0, 10.0), (0.0, 20.0), (-0.1611, 0.2775)),
            ((0.0, 10.0), (0.0, 10.0), (-0.2775, 0.2775)),
            ((10.0, 10.0), (0.0, 20.0), (0.6791, 1.0)),
            ((10.0, 10.0), (0.0, 10.0), (0.6075, 1.0)),
        ] {
            let (low, high) = newcombe(now, before, Confidence::P95.z());
            let near = |a: f64, b: f64| (a - b).abs() < 0.5e-4 + 1e-9;
            assert!(near(low, expected.0) && near(high, expected.1), "{low}, {high}");
        }
    }

    #[test]
    fn satisfaction_is_compared_by_newcombe_and_pooled_z() {
        let csat = Metric::csat(5).unwrap();
        let found = of(csat, &satisfied(56, 70), &satisfied(48, 80));
        assert_eq!((found.value, found.interval), (20.0, (5.2, 33.4)));
        assert_eq!(found.method, "csat-newcombe");
        // Pooled 104/150: z = 0.2 / √(0.212622 (1/70 + 1/80)) = 2.650, and z² = 7.0224.
        assert!((found.p - 0.008_05).abs() < 0.000_01, "{}", found.p);
        let none = of(csat, &satisfied(0, 10), &satisfied(0, 20));
        assert_eq!((none.value, none.interval, none.p), (0.0, (-16.1, 27.8), 1.0));
        let all = of(csat, &satisfied(10, 10), &satisfied(0, 10));
        assert!(all.value == 100.0 && all.p < 1e-4);
    }

    #[test]
    fn nps_is_compared_by_two_sample_z() {
        let found = of(Metric::Nps, &promoters(20, 30, 50), &promoters(13, 8, 15));
        // 30 − 5.5556; adjusted 29.5567 and 5.3333 with errors 7.7503 and 14.2719.
        assert_eq!((found.value, found.method), (24.4, "nps-two-sample-z"));
        assert_eq!(found.interval, (-7.6, 56.1));
        // z = 24.2233 / 16.2405 = 1.49154.
        assert!((found.p - 0.135_82).abs() < 0.000_01, "{}", found.p);
    }

    #[test]
    fn sides_without_variance_are_not_certain() {
        let found = of(Metric::Nps, &promoters(0, 0, 6), &promoters(0, 6, 0));
        assert!(found.value == 100.0 && found.interval.0 < 95.0, "{found:?}");
        assert!(0.0 < found.p && found.p < 0.05, "{found:?}");
        let same = of(Metric::Nps, &promoters(0, 0, 6), &promoters(0, 0, 6));
        assert_eq!((same.value, same.p), (0.0, 1.0));
        assert!(same.interval.0 < -10.0 && 10.0 < same.interval.1, "{same:?}");
        let effort = of(Metric::Ces, &Histogram::of(&[(7, 6)]), &Histogram::of(&[(6, 6)]));
        assert!(effort.value == 1.0 && effort.interval.0 < 0.0 && 0.05 < effort.p, "{effort:?}");
        let alone = of(Metric::Ces, &Histogram::of(&[(7, 1)]), &Histogram::of(&[(7, 1)]));
        assert_eq!((alone.value, alone.p, alone.interval), (0.0, 1.0, (-6.0, 6.0)));
    }

    #[test]
    fn effort_is_compared_by_welch() {
        // 5, 6, 7, 7 and 2, 3, 3, 4, 5, 1: means 6.25 and 3, variances 0.9167 and 2.
        let now = Histogram::of(&[(5, 1), (6, 1), (7, 2)]);
        let before = Histogram::of(&[(1, 1), (2, 1), (3, 2), (4, 1), (5, 1)]);
        let found = of(Metric::Ces, &now, &before);
        assert_eq!((found.value, found.method), (3.25, "ces-welch"));
        // t = 3.25 / √(0.2291667 + 0.3333333) = 4.33333 with 7.9643 degrees of freedom, of
        // which the quantile is 2.30780: ± 1.7309.
        assert_eq!(found.interval, (1.52, 4.98));
        assert!((found.p - 0.002_527_19).abs() < 1e-8, "{}", found.p);
    }

    #[test]
    fn the_difference_is_exact_and_rounded_once() {
        let csat = Metric::csat(5).unwrap();
        // 1/3 and 1/6 are published as 33.3 and 16.7, but differ by 16.7 and not 16.6.
        assert_eq!(of(csat, &satisfied(2, 6), &satisfied(1, 6)).value, 16.7);
        // 9/80 − 1/10 is 1.25 %, half a step, and goes away from zero in both directions.
        assert_eq!(of(csat, &satisfied(9, 80), &satisfied(1, 10)).value, 1.3);
        assert_eq!(of(csat, &satisfied(1, 10), &satisfied(9, 80)).value, -1.3);
        assert_eq!(
            of(Metric::Ces, &Histogram::of(&[(4, 7), (5, 1)]), &Histogram::of(&[(4, 8)])).value,
            0.13
        );
    }

    #[test]
    fn too_few_answers_on_either_side_are_not_compared() {
        let terms = Terms::default();
        for metric in [Metric::Nps, Metric::csat(5).unwrap(), Metric::Ces] {
            let (few, enough) = (satisfied(2, 4), satisfied(2, 5));
            assert!(difference(metric, &enough, &enough, terms).is_some());
            assert_eq!(difference(metric, &few, &enough, terms), None);
            assert_eq!(difference(metric, &enough, &few, terms), None);
            let none = Terms { minimum_n: 0, ..terms };
            assert_eq!(difference(metric, &enough, &Histogram::default(), none), None);
        }
    }

    #[test]
    fn turning_the_sides_around_turns_the_difference_around() {
        let sides =
            (0..5 * 5 * 5).map(|i| Histogram::of(&[(1, i / 25), (7, i / 5 % 5), (10, i % 5)]));
        let sides = sides.filter(|side| 0 < side.count(1..=7)).collect::<Vec<_>>();
        for metric in [Metric::Nps, Metric::csat(7).unwrap(), Metric::Ces] {
            for (at, now) in sides.iter().enumerate() {
                let before = &sides[at * 7 % sides.len()];
                let (there, back) = (of(metric, now, before), of(metric, before, now));
                assert_eq!(there.value, -back.value);
                assert_eq!(there.interval, (-back.interval.1, -back.interval.0));
                assert!((there.p - back.p).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn no_count_is_so_large_that_a_difference_is_not_a_number() {
        let extremes = [0, 1, 29, (1 << 53) + 1, u64::MAX];
        for i in 0..5 * 5 * 5 * 5 {
            let pick = |step: usize| extremes[i / step % 5];
            let mut now = Histogram { counts: [pick(1); 11] };
            let mut before = Histogram { counts: [pick(5); 11] };
            (now.counts[7], before.counts[1]) = (pick(25), pick(125));
            for (metric, reach) in
                [(Metric::Nps, 200.0), (Metric::csat(7).unwrap(), 100.0), (Metric::Ces, 6.0)]
            {
                let terms = Terms { confidence: Confidence::P99, minimum_n: 0 };
                let Some(found) = difference(metric, &now, &before, terms) else { continue };
                let (low, high) = found.interval;
                assert!(-reach <= low && low <= found.value, "{found:?}");
                assert!(found.value <= high && high <= reach, "{found:?}");
                assert!((0.0..=1.0).contains(&found.p), "{found:?}");
            }
        }
    }

    #[test]
    fn tests_made_together_are_adjusted_by_holm() {
        let near = |p: &[f64], expected: &[f64]| {
            let adjusted = holm(p);
            assert_eq!(adjusted.len(), expected.len());
            let same = adjusted.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12);
            assert!(same, "{adjusted:?}");
        };
        near(&[0.01, 0.04, 0.03, 0.005], &[0.03, 0.06, 0.06, 0.02]);
        near(&[], &[]);
        near(&[0.3], &[0.3]);
        near(&[0.02, 0.02, 0.02], &[0.06, 0.06, 0.06]);
        near(&[0.9, 0.6, 0.0], &[1.0, 1.0, 0.0]);
        near(&[f64::NAN, 0.01, 7.0, -1.0], &[1.0, 0.03, 1.0, 0.0]);
    }

    #[test]
    fn significance_is_less_chance_than_the_confidence_leaves() {
        assert!(significant(0.0499, Confidence::P95) && !significant(0.05, Confidence::P95));
        assert!(significant(0.0999, Confidence::P90) && !significant(0.1, Confidence::P90));
        assert!(significant(0.0099, Confidence::P99) && !significant(0.01, Confidence::P99));
    }
}
