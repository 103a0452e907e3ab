//! The satisfaction index: several rated dimensions, weighted into one number.

use super::compare::{Difference, tail_of};
use super::interval::{Mean, satterthwaite};
use super::{Histogram, Points, SMALL_N, Score, Terms, about, round};

/// One dimension of an index, such as the product or the service after the sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// How much it counts beside the others; zero leaves it out.
    pub weight: u32,
    /// The scale that it is rated on.
    pub points: Points,
    /// How it was rated.
    pub answers: Histogram,
}

/// An index, and what it was made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// From 0 to 100, to one decimal; its extras are empty.
    ///
    /// Its `n` are the answers of the parts that counted; if none did, of all with a weight.
    pub score: Score,
    /// For each part, in order, the percentage with which it counted, to one decimal.
    ///
    /// `None` was left out: it has no weight, no answers or too few to publish.
    pub weights: Vec<Option<f64>>,
}

/// Yields the index of rated dimensions: 0 is all worst answers, 100 all best.
///
/// Each dimension's mean is rescaled to `x = 100 (mean − 1) / (points − 1)`; the index is
/// `Σ w x / Σ w` over the dimensions with enough answers, so that one without them neither
/// raises nor lowers it. This is the weighted mean that the American Customer Satisfaction
/// Index takes of its rescaled ratings (Fornell et al. 1996, *Journal of Marketing* 60(4)), with
/// weights given and not estimated.
///
/// The variance is `Σ w² s²/n` with weights that add up to one, and the interval `± t` standard
/// errors with Student's `t` of the degrees of freedom of Satterthwaite. Answers on different
/// dimensions are treated as independent. Where the same customers rate several they are not:
/// who is pleased with one is rather pleased with all, and the interval is then too narrow.
pub fn index(parts: &[Part], terms: Terms) -> Index {
    let mut counted = Sums::default();
    let mut answered = 0_u64;
    for part in parts.iter().filter(|part| 0 < part.weight) {
        answered = answered.saturating_add(part.n());
        if part.counts(terms) {
            counted.n = counted.n.saturating_add(part.n());
            counted.weight += f64::from(part.weight);
            let mean = Mean::new(&part.answers, 1..=part.points.get());
            counted.value += f64::from(part.weight) * mean.share();
            let scale = f64::from(part.weight) / f64::from(part.points.get() - 1);
            let error = scale * scale * mean.error(terms.confidence);
            counted.errors.push((error, mean.degrees()));
        }
    }
    let nothing = counted.errors.is_empty();
    let n = if nothing { answered } else { counted.n };
    let weighted = parts.iter().any(|part| 0 < part.weight);
    let weights = parts.iter().map(|part| {
        let share = || round(100.0 * f64::from(part.weight) / counted.weight, 1);
        part.counts(terms).then(share)
    });
    let mut index = Index {
        weights: weights.collect(),
        score: Score {
            value: None,
            interval: None,
            n,
            method: "index-weighted-mean",
            suppressed: nothing && weighted && 0 < terms.minimum_n,
            small: n < SMALL_N,
            extras: Vec::new(),
        },
    };
    if !nothing {
        let exact = 100.0 * counted.value / counted.weight;
        let value = round(exact, 1);
        let (error, degrees) = satterthwaite(&counted.errors);
        let margin = terms.confidence.t(degrees) * error.sqrt() * 100.0 / counted.weight;
        let interval = about(value, (exact - margin, exact + margin), 0.0..=100.0, 1);
        index.score.value = Some(value);
        index.score.interval = Some(interval);
    }
    index
}

/// By how much an index is above what it was before, over the dimensions that count on both
/// sides: one that was not asked about before would change the index and say nothing.
///
/// The parts of both sides stand in the same order. Welch's test over the indexes' errors, as
/// for a mean; see [`super::compare::difference`].
pub fn difference(now: &[Part], before: &[Part], terms: Terms) -> Option<Difference> {
    let (mut weight, mut gap, mut errors) = (0.0, 0.0, Vec::new());
    for (now, before) in now.iter().zip(before) {
        if !now.counts(terms) || !before.counts(terms) {
            continue;
        }
        weight += f64::from(now.weight);
        for (part, sign) in [(now, 1.0), (before, -1.0)] {
            let mean = Mean::new(&part.answers, 1..=part.points.get());
            gap += sign * f64::from(now.weight) * mean.share();
            let scale = f64::from(now.weight) / f64::from(part.points.get() - 1);
            errors.push((scale * scale * mean.error(terms.confidence), mean.degrees()));
        }
    }
    if errors.is_empty() {
        return None;
    }
    let (error, degrees) = satterthwaite(&errors);
    let (gap, error) = (100.0 * gap / weight, error * (100.0 / weight).powi(2));
    let margin = terms.confidence.t(degrees) * error.sqrt();
    let value = round(gap, 1);
    Some(Difference {
        value,
        interval: about(value, (gap - margin, gap + margin), -100.0..=100.0, 1),
        p: tail_of(gap.abs(), error, degrees),
        method: "index-welch",
    })
}

/// Of the parts that count.
#[derive(Default)]
struct Sums {
    n: u64,
    weight: f64,
    /// Of weight times mean, as a share of the scale.
    value: f64,
    /// Squared standard errors, as shares of the scale times the weight, and their degrees.
    errors: Vec<(f64, f64)>,
}

impl Part {
    fn n(&self) -> u64 {
        self.answers.count(1..=self.points.get())
    }

    fn counts(&self, terms: Terms) -> bool {
        0 < self.weight && terms.minimum_n.max(1) <= self.n()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Confidence, ratio};
    use super::*;

    fn part(weight: u32, points: u8, answers: &[(u8, u64)]) -> Part {
        let points = Points::new(points).unwrap();
        Part { weight, points, answers: Histogram::of(answers) }
    }

    fn of(parts: &[Part]) -> Index {
        index(parts, Terms::default())
    }

    #[test]
    fn dimensions_are_rescaled_and_weighted() {
        // Means 4.2 of 5 and 5.5 of 10: 80 and 50, weighted 3 to 1.
        let parts = [part(3, 5, &[(3, 20), (4, 40), (5, 40)]), part(1, 10, &[(1, 25), (10, 25)])];
        let index = of(&parts);
        assert_eq!(index.score.value, Some(72.5));
        assert_eq!(index.weights, [Some(75.0), Some(25.0)]);
        assert_eq!((index.score.n, index.score.method), (150, "index-weighted-mean"));
        // s² is 0.565657 and 20.663265, so errors are (3/4)² 0.00565657 = 0.0031818 and
        // (1/9)² 0.4132653 = 0.0051020: ± t(108.3) = 1.98214 times √0.0082838 / 4 = 2.27539 %.
        assert_eq!(index.score.interval, Some((68.0, 77.0)));
    }

    #[test]
    fn a_dimension_without_enough_answers_neither_raises_nor_lowers() {
        let good = part(1, 5, &[(5, 30), (4, 30)]);
        let few = part(9, 5, &[(1, 4)]);
        let none = part(9, 5, &[]);
        let unweighted = part(0, 5, &[(1, 100)]);
        let index = of(&[few, good, none, unweighted]);
        assert_eq!(index.weights, [None, Some(100.0), None, None]);
        assert_eq!(index.score, of(&[good]).score);
        assert_eq!((index.score.value, index.score.n), (Some(87.5), 60));
    }

    #[test]
    fn without_weights_or_answers_there_is_no_value() {
        let rated = part(0, 5, &[(5, 30)]);
        for (parts, suppressed, n) in [
            (vec![], false, 0),
            (vec![rated, rated], false, 0),
            (vec![part(2, 5, &[])], true, 0),
            (vec![part(2, 5, &[(5, 4)]), part(1, 5, &[(1, 3)])], true, 7),
        ] {
            let index = of(&parts);
            assert_eq!((index.score.value, index.score.interval), (None, None));
            assert_eq!((index.score.suppressed, index.score.n), (suppressed, n));
            assert_eq!(index.weights, vec![None; parts.len()]);
        }
    }

    #[test]
    fn two_indexes_differ_over_what_both_were_asked() {
        let now = [part(1, 5, &[(5, 60), (3, 40)]), part(1, 5, &[(1, 50)])];
        let before = [part(1, 5, &[(5, 20), (3, 80)]), part(1, 5, &[])];
        // Means 4.2 and 3.4: 80 and 60 of 100. The errors are 25² (0.96/99 + 0.64/99).
        let found = difference(&now, &before, Terms::default()).unwrap();
        assert_eq!((found.value, found.interval), (20.0, (13.7, 26.3)));
        assert!(found.p < 1e-7);
        assert_eq!(difference(&now[1..], &before[1..], Terms::default()), None);
        let same = difference(&now, &now, Terms::default()).unwrap();
        assert_eq!((same.value, same.p), (0.0, 1.0));
    }

    #[test]
    fn agreement_is_not_certainty() {
        let index = of(&[part(1, 5, &[(5, 40)]), part(1, 5, &[(5, 40)])]);
        assert_eq!(index.score.value, Some(100.0));
        let (low, high) = index.score.interval.unwrap();
        assert!((90.0..99.0).contains(&low) && high == 100.0, "{low}, {high}");
    }

    #[test]
    fn the_index_is_the_exact_fraction_rounded_once() {
        for (a, b, c) in (0..12 * 12 * 12).map(|i| (i / 144 + 1, i / 12 % 12 + 1, i % 12)) {
            let parts = [part(7, 5, &[(2, a), (5, b)]), part(3, 4, &[(1, c), (3, b), (4, a)])];
            let terms = Terms { minimum_n: 1, ..Terms::default() };
            let score = index(&parts, terms).score;
            // Over the common denominator 10 × 4 (a + b) × 3 (a + b + c).
            let (first, second) = (a + b, a + b + c);
            let sum = 7 * (a + 4 * b) * 3 * second + 3 * (2 * b + 3 * a) * 4 * first;
            let exact = ratio(i128::from(100 * sum), 120 * first * second, 1);
            assert_eq!(score.value, exact, "{a} {b} {c}");
        }
    }

    #[test]
    fn no_count_is_so_large_that_the_index_is_not_a_number() {
        for count in [0, 1, 1 << 53, u64::MAX] {
            for other in [1, u64::MAX] {
                let all = Histogram { counts: [count; 11] };
                let mut parts = [part(u32::MAX, 10, &[(1, other)]); 3];
                parts[1].answers = all;
                for confidence in [Confidence::P90, Confidence::P99] {
                    let score = index(&parts, Terms { confidence, minimum_n: 1 }).score;
                    let (low, high) = score.interval.unwrap();
                    let value = score.value.unwrap();
                    assert!(0.0 <= low && low <= value && value <= high && high <= 100.0);
                }
            }
        }
    }
}
