//! Drivers: which rated items go with overall satisfaction, and which to improve first.

use super::{Terms, round};

/// Fewest answers that a correlation is published for: below, its interval spans nearly all.
const MINIMUM_PAIRS: u64 = 10;

/// How many customers gave each pair of answers, 0 to 10 both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Joint {
    /// Indexed by the answer about the item, then by the answer about the whole.
    pub counts: [[u64; 11]; 11],
}

/// How far two answers go together, rounded to two decimals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Correlation {
    /// Spearman's rank correlation, −1 to 1.
    pub rho: f64,
    /// Low and high end; `rho` lies between them.
    pub interval: (f64, f64),
    /// Customers who gave both answers.
    pub n: u64,
}

/// Where an item lies in the priority matrix of importance and performance.
///
/// After Martilla & James (1977), "Importance-performance analysis", *Journal of Marketing*
/// 41(1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quadrant {
    /// It matters and does badly: improve it first.
    Improve,
    /// It matters and does well: keep it up.
    Keep,
    /// It does badly but matters little: watch it.
    Watch,
    /// It does well and matters little: maintain it, with perhaps less effort.
    Ease,
}

impl Joint {
    /// Counts one customer's answers. Yields false, and counts nothing, if either is above 10.
    pub fn add(&mut self, item: u8, overall: u8) -> bool {
        let row = self.counts.get_mut(usize::from(item));
        match row.and_then(|row| row.get_mut(usize::from(overall))) {
            Some(count) => {
                *count = count.saturating_add(1);
                true
            }
            None => false,
        }
    }
}

/// How much an item matters for the whole, derived from how their answers go together.
///
/// Spearman's rank correlation: Pearson's over ranks, where equal answers share the mean of
/// their ranks (Kendall & Gibbons, *Rank Correlation Methods*, chapter 3). Its interval is
/// Fisher's, `tanh(atanh ρ ± z √((1 + ρ²/2)/(n − 3)))`, with the standard error of Bonett &
/// Wright (2000), "Sample size requirements for estimating Pearson, Kendall and Spearman
/// correlations", *Psychometrika* 65(1). That one would have no width at ±1; there the interval
/// is taken at ±(1 − 1/n), since perfect order among some does not prove it among all.
///
/// `None` under ten customers or the minimum of the terms, and when all gave the same answer
/// about either: what does not vary goes with nothing.
pub fn importance(joint: &Joint, terms: Terms) -> Option<Correlation> {
    let n = joint.counts.iter().flatten().fold(0_u64, |n, count| n.saturating_add(*count));
    if n < terms.minimum_n.max(MINIMUM_PAIRS) {
        return None;
    }
    let mut items = [0.0; 11];
    let mut overall = [0.0; 11];
    for (item, row) in items.iter_mut().zip(joint.counts) {
        for (sum, count) in overall.iter_mut().zip(row) {
            *item += count as f64;
            *sum += count as f64;
        }
    }
    let (item_ranks, item_spread) = ranks(items)?;
    let (overall_ranks, overall_spread) = ranks(overall)?;
    let mut together = 0.0;
    for (item, row) in item_ranks.iter().zip(joint.counts) {
        for (rank, count) in overall_ranks.iter().zip(row) {
            together += count as f64 * item * rank;
        }
    }
    let exact = (together / (item_spread * overall_spread).sqrt()).clamp(-1.0, 1.0);
    let within = 1.0 - 1.0 / n as f64;
    let inner = exact.clamp(-within, within);
    // Half the logarithm, without a detour over the hyperbolic functions. Of a count so large
    // that `within` is 1, the logarithm has no end; there is no width left to tell either.
    let middle = 0.5 * ((1.0 + inner) / (1.0 - inner)).ln();
    let margin = terms.confidence.z() * ((1.0 + inner * inner / 2.0) / (n as f64 - 3.0)).sqrt();
    let back = |fisher: f64| round(1.0 - 2.0 / ((2.0 * fisher).exp() + 1.0), 2);
    let rho = round(exact, 2);
    let interval = (back(middle - margin).min(rho), back(middle + margin).max(rho));
    Some(Correlation { rho, interval, n })
}

/// Each answer's rank about the mean rank, and the sum of their squares.
///
/// `None` if all gave the same answer.
fn ranks(counts: [f64; 11]) -> Option<([f64; 11], f64)> {
    let n = counts.iter().sum::<f64>();
    let mut before = 0.0;
    let mut spread = 0.0;
    // The mean of ranks before + 1 … before + count, minus the mean of 1 … n.
    let ranks = counts.map(|count| {
        let rank = before + (count - n) / 2.0;
        before += count;
        spread += count * rank * rank;
        rank
    });
    (1 < counts.iter().filter(|count| 0.0 < **count).count()).then_some((ranks, spread))
}

/// The quadrant of an item, given how important it is and how it performs.
///
/// What reaches the middle is on the upper side. The middle of importance is usually the
/// `median` over all items; that of performance a target, or the mean.
pub fn place(
    importance: f64,
    importance_middle: f64,
    performance: f64,
    performance_middle: f64,
) -> Quadrant {
    match (importance_middle <= importance, performance_middle <= performance) {
        (true, false) => Quadrant::Improve,
        (true, true) => Quadrant::Keep,
        (false, false) => Quadrant::Watch,
        (false, true) => Quadrant::Ease,
    }
}

/// The middle value, or the mean of the middle two; `None` of nothing.
///
/// By counting, not sorting: there are as many values as a survey has questions.
pub fn median(values: &[f64]) -> Option<f64> {
    let at = |rank: usize| {
        values.iter().copied().find(|value| {
            let below = values.iter().filter(|other| *other < value).count();
            let up_to = values.iter().filter(|other| *other <= value).count();
            (below..up_to).contains(&rank)
        })
    };
    let low = at(values.len().checked_sub(1)? / 2)?;
    let high = at(values.len() / 2)?;
    Some(low + (high - low) / 2.0)
}

impl Quadrant {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Quadrant::Improve => "improve",
            Quadrant::Keep => "keep",
            Quadrant::Watch => "watch",
            Quadrant::Ease => "ease",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Confidence;
    use super::*;

    fn joint(pairs: &[(u8, u8)]) -> Joint {
        let mut joint = Joint::default();
        for (item, overall) in pairs {
            assert!(joint.add(*item, *overall));
        }
        joint
    }

    fn of(joint: &Joint) -> Option<Correlation> {
        importance(joint, Terms::default())
    }

    #[test]
    fn ranks_correlate_as_in_the_published_example() {
        // IQ against hours of television, 1 − 6 × 194 / (10 × 99) = −0.1758:
        // <https://en.wikipedia.org/wiki/Spearman%27s_rank_correlation_coefficient>.
        let pairs = (1..).zip([1, 6, 8, 7, 10, 9, 3, 5, 2, 4]).collect::<Vec<_>>();
        let found = of(&joint(&pairs)).unwrap();
        assert_eq!((found.rho, found.n), (-0.18, 10));
        // atanh is −0.17760 and the standard error √(1.015444/7) = 0.38087.
        assert_eq!(found.interval, (-0.73, 0.51));
    }

    #[test]
    fn ties_share_their_ranks_as_if_every_pair_were_ranked_alone() {
        let mut seed = 7_u64;
        for n in [10_usize, 25, 200] {
            let mut pairs = Vec::new();
            for _ in 0..n {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                let item = u8::try_from(seed >> 20 & 3).unwrap() + 1;
                pairs.push((item, item + u8::try_from(seed >> 40 & 3).unwrap()));
            }
            let rank = |value: u8, of: &dyn Fn(&(u8, u8)) -> u8| {
                let below = pairs.iter().filter(|pair| of(pair) < value).count();
                let equal = pairs.iter().filter(|pair| of(pair) == value).count();
                (2 * below + equal + 1) as f64 / 2.0
            };
            let middle = (n + 1) as f64 / 2.0;
            let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
            for (item, overall) in &pairs {
                let x = rank(*item, &|pair| pair.0) - middle;
                let y = rank(*overall, &|pair| pair.1) - middle;
                (xy, xx, yy) = (xy + x * y, xx + x * x, yy + y * y);
            }
            let expected = round(xy / (xx * yy).sqrt(), 2);
            assert_eq!(of(&joint(&pairs)).unwrap().rho, expected);
        }
    }

    #[test]
    fn perfect_order_is_one_but_not_certain() {
        let pairs = (0..=10).map(|value| (value, value)).collect::<Vec<_>>();
        let found = of(&joint(&pairs)).unwrap();
        assert_eq!(found.rho, 1.0);
        assert!((0.6..0.8).contains(&found.interval.0) && found.interval.1 == 1.0, "{found:?}");
        let pairs = (0..=10).map(|value| (value, 10 - value)).collect::<Vec<_>>();
        let mirrored = of(&joint(&pairs)).unwrap();
        assert_eq!(mirrored.interval, (-found.interval.1, -found.interval.0));
    }

    #[test]
    fn few_answers_or_agreement_tell_no_importance() {
        let mut pairs = (1..=9).map(|value| (value, value)).collect::<Vec<_>>();
        assert_eq!(of(&joint(&pairs)), None);
        pairs.push((10, 10));
        assert!(of(&joint(&pairs)).is_some());
        let strict = Terms { minimum_n: 11, ..Terms::default() };
        assert_eq!(importance(&joint(&pairs), strict), None);
        for agreeing in [|value| (5, value), |value| (value, 5)] {
            assert_eq!(of(&joint(&(0..=10).map(agreeing).collect::<Vec<_>>())), None);
        }
        assert!(!Joint::default().add(11, 0) && !Joint::default().add(0, 11));
    }

    #[test]
    fn the_interval_holds_rho_whatever_the_counts() {
        for count in [0, 1, 2, 1 << 40, u64::MAX] {
            for other in [1, 5, 1 << 53, u64::MAX] {
                for place in 0..11 * 11 {
                    let mut joint = Joint { counts: [[count; 11]; 11] };
                    joint.counts[place / 11][place % 11] = other;
                    joint.counts[10][10] = other;
                    for confidence in [Confidence::P90, Confidence::P99] {
                        let terms = Terms { confidence, minimum_n: 0 };
                        let Some(found) = importance(&joint, terms) else { continue };
                        let (low, high) = found.interval;
                        assert!(-1.0 <= low && low <= found.rho, "{found:?}");
                        assert!(found.rho <= high && high <= 1.0, "{found:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn importance_and_performance_make_four_quadrants() {
        for (importance, performance, name) in
            [(0.5, 79.9, "improve"), (0.5, 80.0, "keep"), (0.4, 79.9, "watch"), (0.4, 80.0, "ease")]
        {
            assert_eq!(place(importance, 0.5, performance, 80.0).name(), name);
        }
    }

    #[test]
    fn a_median_is_the_middle() {
        assert_eq!(median(&[]), None);
        for (values, middle) in [
            (&[3.0][..], 3.0),
            (&[4.0, 1.0], 2.5),
            (&[5.0, 1.0, 3.0], 3.0),
            (&[2.0, 2.0, 2.0, 9.0], 2.0),
            (&[-1.0, 4.0, 2.0, 2.0, 0.0], 2.0),
        ] {
            assert_eq!(median(values), Some(middle));
        }
    }
}
