//! What is learned of complaints: their rates, the harm of their causes, and whether a measure
//! helped.

use super::count::Tally;
use crate::measure::{FIRST_CONTACT, Target};
use crate::score::interval::wilson;
use crate::score::tail::normal_above;
use crate::score::{Confidence, SMALL_N};

/// The share of complaints, in percent, that are solved at least (R4: 解决率 ≥ 98 %).
pub const RESOLUTION: i64 = 98;
/// The share, in percent, that repeats an earlier one at most (R4: 重复投诉 ≤ 5 %).
pub const REPEATED: i64 = 5;

/// A share of one count in another.
#[derive(Debug)]
pub struct Rate {
    /// Its name in JSON.
    pub name: &'static str,
    /// What is on top.
    pub hits: fn(&Tally) -> i64,
    /// What is underneath.
    pub n: fn(&Tally) -> i64,
    /// What it should be, in percent.
    pub target: Option<Target>,
}

/// The rates of complaints.
///
/// What is still within its time is neither a hit nor a miss: those received yesterday do not
/// spoil what is known of those received before.
pub const RATES: [Rate; 6] = [
    Rate {
        name: "answered_on_time",
        hits: |it| it.answer_on_time,
        n: |it| it.answer_decided,
        target: None,
    },
    Rate {
        name: "solved_on_time",
        hits: |it| it.solution_on_time,
        n: |it| it.solution_decided,
        target: None,
    },
    Rate {
        name: "closed_on_time",
        hits: |it| it.closing_on_time,
        n: |it| it.closing_decided,
        target: None,
    },
    Rate {
        name: "resolution",
        hits: |it| it.solved,
        n: |it| it.solved + it.overdue,
        target: Some(Target::AtLeast(RESOLUTION)),
    },
    Rate {
        name: "repeated",
        hits: |it| it.repeated,
        n: |it| it.received,
        target: Some(Target::AtMost(REPEATED)),
    },
    Rate {
        name: "first_contact",
        hits: |it| it.first_contact,
        n: |it| it.first_contact_known,
        target: Some(Target::AtLeast(FIRST_CONTACT)),
    },
];

/// How old what is open may be, in days since it was received: the first and the last of each age.
pub const AGES: [(i64, i64); 5] = [(0, 1), (2, 3), (4, 7), (8, 30), (31, i64::MAX)];

/// How much harm a complaint of grade general, moderate and major did, unless the reader weighs it.
///
/// About half an order of magnitude from grade to grade, so that one of grade major outweighs a
/// handful of grade general and not a hundred.
pub const HARM: [i64; 3] = [1, 3, 10];

/// The harm that complaints did together.
pub fn harm(tally: &Tally, weights: [i64; 3]) -> i64 {
    let counts = [tally.general, tally.moderate, tally.major];
    counts.iter().zip(weights).fold(0, |sum, (n, weight)| sum + n * weight)
}

/// How many days before a measure are compared with how many since.
pub const EFFECT_DAYS: i64 = 90;
/// Days since a measure below which nothing is said of it: two weeks even out the weekdays.
pub const EFFECT_DAYS_MIN: i64 = 14;
/// The least that chance alone would bring to either side, for the normal approximation to hold
/// (Cochran 1954, "Some methods for strengthening the common χ² tests", *Biometrics* 10).
const EXPECTED_MIN: f64 = 5.0;

/// The complaints of a cause before its measure or since.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// How many days.
    pub days: i64,
    /// Complaints of the cause that were received on them.
    pub n: i64,
    /// The sum of the squares of how many there were on each day.
    pub squares: i64,
    /// Complaints of the whole site that were received.
    pub received: i64,
    /// Those of them whose cause is known.
    pub known: i64,
}

impl Side {
    /// The days, discounted by how many complaints have no cause yet: those of the last days are
    /// still open, and would make any cause seem to vanish.
    fn exposure(&self) -> f64 {
        if self.received <= 0 {
            return self.days as f64;
        }
        self.days as f64 * self.known as f64 / self.received as f64
    }

    /// How many complaints of the cause come in thirty days.
    pub fn per_month(&self) -> Option<f64> {
        let exposure = self.exposure();
        (0.0 < exposure).then(|| crate::score::round(30.0 * self.n as f64 / exposure, 1))
    }

    /// The squared deviations of the days from their mean, over that mean: Pearson's χ².
    fn pearson(&self) -> f64 {
        let mean = self.n as f64 / self.days as f64;
        if 0.0 < mean { self.squares as f64 / mean - self.n as f64 } else { 0.0 }
    }
}

/// How a cause fares since its measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// The rate since over the rate before, to two decimals; none if there was nothing before.
    pub ratio: Option<f64>,
    /// Its interval; the upper end is none where nothing bounds it.
    pub interval: (f64, Option<f64>),
    /// How often chance alone would make a difference as large in either direction; not rounded.
    pub p: f64,
}

/// Whether a cause became rarer since its measure; `None` where the numbers are too small to say.
///
/// Two Poisson rates, compared by the conditional test of Przyborowski & Wilenski (1940),
/// "Homogeneity of results in testing samples from Poisson series", *Biometrika* 31: of the
/// `m = x₁ + x₂` complaints of both sides those since the measure are binomial with
/// `π = E₂/(E₁ + E₂)` if nothing changed, with `E` the days of either side. Here by the score
/// statistic `z = (x₂/m − π) / √(φ π (1 − π)/m)`, and the interval of the ratio
/// `p/(1 − p) · E₁/E₂` from Wilson's for `p`. Complaints come in bursts, so the variance is
/// `φ` times that of Poisson, Pearson's χ² of the days over its degrees of freedom and at least 1
/// (`McCullagh` & Nelder 1989, *Generalized Linear Models*, 6.2.3).
pub fn effect(before: &Side, since: &Side, confidence: Confidence) -> Option<Effect> {
    let (before_e, since_e) = (before.exposure(), since.exposure());
    let all = before.n + since.n;
    let share = since_e / (before_e + since_e);
    let m = all as f64;
    let expected = (m * share).min(m * (1.0 - share));
    let is_enough = u64::try_from(all).is_ok_and(|it| SMALL_N <= it)
        && EFFECT_DAYS_MIN <= since.days
        && EFFECT_DAYS_MIN <= before.days
        // Not a number if nothing is known on either side.
        && EXPECTED_MIN <= expected;
    if !is_enough {
        return None;
    }
    let degrees = (before.days + since.days - 2) as f64;
    let spread = ((before.pearson() + since.pearson()) / degrees).max(1.0);
    let found = since.n as f64 / m;
    let z = (found - share) / (spread * share * (1.0 - share) / m).sqrt();
    let (low, high) = wilson(since.n as f64 / spread, m / spread, confidence.z());
    let ratio = |p: f64| {
        let ratio = p / (1.0 - p) * before_e / since_e;
        // Beyond this there is nothing to tell from endless.
        (ratio < 1e6).then(|| crate::score::round(ratio, 2))
    };
    Some(Effect {
        ratio: ratio(found),
        interval: (ratio(low.max(0.0)).unwrap_or(0.0), ratio(high.min(1.0))),
        p: (2.0 * normal_above(z.abs())).min(1.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many on each day, and no more is open.
    fn side(days: i64, n: i64, squares: i64) -> Side {
        Side { days, n, squares, received: 400, known: 400 }
    }

    #[test]
    fn a_cause_that_was_halved_is_told_from_chance() {
        // Two on each of 45 days, one on every other; then one on each of 45 days.
        let before = side(90, 90, 180);
        let since = side(90, 45, 45);
        let found = effect(&before, &since, Confidence::P95).unwrap();
        // z = (1/3 − 1/2) / √(1/4 / 135) = −3.873; the days scatter no more than Poisson.
        assert!((found.p - 1.075e-4).abs() < 1e-6, "{found:?}");
        // Wilson for 45 of 135: 0.2593 to 0.4166.
        assert_eq!((found.ratio, found.interval), (Some(0.5), (0.35, Some(0.71))));
    }

    #[test]
    fn what_comes_in_bursts_is_less_certain() {
        // The same, but all of a week on one day: φ is (7·90 − 90 + 7·45 − 45) / 178.
        let found = effect(&side(90, 90, 7 * 90), &side(90, 45, 7 * 45), Confidence::P95).unwrap();
        assert_eq!(found.ratio, Some(0.5));
        assert!(0.05 < found.p && found.interval.1.unwrap() > 1.0, "{found:?}");
    }

    #[test]
    fn small_numbers_claim_nothing() {
        let day = |days, n| side(days, n, n);
        for (before, since) in [
            (day(90, 20), day(90, 9)),
            (day(90, 60), day(13, 0)),
            (day(13, 60), day(90, 0)),
            // Chance would bring 4.7 of them.
            (day(90, 30), day(14, 5)),
            (day(90, 0), day(90, 0)),
            (Side { known: 0, ..day(90, 60) }, day(90, 60)),
            (Side { known: 0, ..day(90, 60) }, Side { known: 0, ..day(90, 60) }),
        ] {
            assert_eq!(effect(&before, &since, Confidence::P95), None, "{before:?} {since:?}");
        }
        assert!(effect(&day(90, 60), &day(30, 2), Confidence::P95).is_some());
    }

    #[test]
    fn what_has_no_cause_yet_does_not_seem_to_vanish() {
        let before = side(90, 60, 60);
        // Of the last month half is still open: half as many are no fewer.
        let since = Side { days: 30, n: 10, squares: 10, received: 200, known: 100 };
        let found = effect(&before, &since, Confidence::P95).unwrap();
        assert_eq!((found.ratio, found.p), (Some(1.0), 1.0));
        assert_eq!((before.per_month(), since.per_month()), (Some(20.0), Some(20.0)));
        assert_eq!(Side { received: 9, ..Side::default() }.per_month(), None);
    }

    #[test]
    fn a_cause_that_is_gone_or_new_has_a_bound_on_one_side() {
        let gone = effect(&side(90, 60, 60), &side(90, 0, 0), Confidence::P95).unwrap();
        assert_eq!((gone.ratio, gone.interval.0), (Some(0.0), 0.0));
        assert!(gone.p < 1e-12 && gone.interval.1.unwrap() < 0.1, "{gone:?}");
        let new = effect(&side(90, 0, 0), &side(90, 60, 60), Confidence::P95).unwrap();
        assert_eq!((new.ratio, new.interval.1), (None, None));
        assert!(10.0 < new.interval.0, "{new:?}");
    }

    #[test]
    fn rates_leave_out_what_is_still_within_its_time() {
        let tally = Tally {
            received: 10,
            solved: 6,
            overdue: 1,
            answer_decided: 8,
            answer_on_time: 7,
            repeated: 2,
            ..Tally::default()
        };
        let told = RATES.map(|it| ((it.hits)(&tally), (it.n)(&tally)));
        assert_eq!(told, [(7, 8), (0, 0), (0, 0), (6, 7), (2, 10), (0, 0)]);
        assert_eq!(harm(&Tally { general: 4, moderate: 2, major: 1, ..tally }, HARM), 20);
    }

    #[test]
    fn ages_follow_one_another() {
        assert_eq!(AGES[0].0, 0);
        assert!(AGES.windows(2).all(|pair| pair[0].1 + 1 == pair[1].0));
    }
}
