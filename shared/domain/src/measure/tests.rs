//! Bounds, quantiles and shares against what counting by hand gives.

use super::*;

/// Small numbers that look random and are the same in every run (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) % most
    }
}

fn measured(durations_ms: &[i64]) -> Measured {
    let mut measured = Measured::default();
    for ms in durations_ms {
        measured.add(Cell { bound: bound(*ms), n: 1, sum: ms.unsigned_abs() });
    }
    measured
}

#[test]
fn bounds_rise_gently_and_hold_every_usual_standard() {
    for pair in BOUNDS.windows(2) {
        let (low, high) = (pair[0], pair[1]);
        assert!(low < high, "{low} {high}");
        let most = if (3..5 * DAY).contains(&low) { 4.0 / 3.0 } else { 2.04 };
        assert!(high as f64 / low as f64 <= most, "{low} {high}");
    }
    assert_eq!(BOUNDS.last(), Some(&SECONDS_MAX));
    let minutes = [1, 2, 3, 5, 10, 15, 20, 30].map(|it| it * MINUTE);
    let hours = [1, 2, 4, 8, 12, 24, 36, 48, 72].map(|it| it * HOUR);
    let others = [1, 3, 5, 10, 15, 20, 30, 45, 60, 90, 7 * DAY, HANDLING_SECONDS];
    let defaults = STANDARDS.iter().map(|it| it.seconds);
    for standard in minutes.into_iter().chain(hours).chain(others).chain(defaults) {
        assert!(BOUNDS.contains(&standard), "{standard}");
    }
}

#[test]
fn a_duration_falls_in_the_first_bound_that_it_does_not_pass() {
    for (ms, expected) in [
        (0, 1),
        (1, 1),
        (1000, 1),
        (1001, 2),
        (30_000, 30),
        (30_001, 40),
        (300_000, 300),
        (SECONDS_MAX * 1000, SECONDS_MAX),
    ] {
        assert_eq!(bound(ms), expected, "{ms}");
    }
}

#[test]
fn every_name_is_once_there_and_every_standard_is_a_duration() {
    for (at, it) in MEASURES.iter().enumerate() {
        assert_eq!(MEASURES.iter().position(|other| other.name == it.name), Some(at));
        assert!(standard(it.name).is_none() || it.is_duration, "{}", it.name);
    }
    for (standard, measure) in STANDARDS.iter().zip(&MEASURES) {
        assert_eq!(standard.name, measure.name);
    }
    for rate in &RATES {
        let is_counted = |name| of_cases(name, &Tally::default()).is_some();
        let is_known = |name| named(name).is_some_and(|it| !it.is_duration) != is_counted(name);
        assert!(is_known(rate.numerator) && is_known(rate.denominator), "{}", rate.name);
    }
    assert_eq!((standard("handling"), standard("waiting")), (Some(1800), None));
}

#[test]
fn quantiles_are_the_bound_above_and_what_is_within_a_bound_is_exact() {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    for round in 0..300 {
        let n = 1 + chance.below(60);
        let longest = 1000 << chance.below(25);
        let mut all: Vec<i64> =
            (0..n).map(|_| i64::try_from(chance.below(longest)).unwrap()).collect();
        all.sort_unstable();
        let measured = measured(&all);
        assert_eq!(measured.n(), n);
        assert_eq!(measured.sum(), all.iter().sum::<i64>().unsigned_abs());
        for percent in [50, 90] {
            let rank = usize::try_from((n * percent).div_ceil(100)).unwrap();
            let own = all[rank - 1];
            assert_eq!(measured.quantile(percent), Some(bound(own)), "round {round}");
        }
        for seconds in BOUNDS {
            let kept = all.iter().filter(|it| **it <= seconds * 1000).count() as u64;
            assert_eq!(measured.within(seconds), (kept, true), "round {round}, {seconds}");
            let (low, is_exact) = measured.within(seconds + 1);
            let kept = all.iter().filter(|it| **it <= (seconds + 1) * 1000).count() as u64;
            assert!(low <= kept && (!is_exact || low == kept), "round {round}, {seconds}");
        }
    }
}

#[test]
fn without_measurements_there_is_no_figure() {
    let none = Measured::default();
    assert_eq!((none.n(), none.mean(), none.quantile(50)), (0, None, None));
    assert_eq!(share(0, 0, Confidence::P95), None);
}

#[test]
fn a_standard_between_two_bounds_is_answered_from_the_one_below() {
    let it = measured(&[10_000, 50_000, 55_000, 58_000, 400_000]);
    assert_eq!(it.within(60), (4, true));
    assert_eq!(it.within(50), (1, false), "two may have kept it");
    assert_eq!(it.within(45), (1, true));
    assert_eq!(it.within(SECONDS_MAX), (5, true));
    // Whatever is not there cannot be missed.
    assert_eq!(it.within(1_000_000), (5, true));
    assert_eq!((it.mean(), it.quantile(50), it.quantile(90)), (Some(114.6), Some(60), Some(480)));
}

#[test]
fn a_share_has_wilsons_interval_around_it() {
    // Newcombe (1998), table I, method 3, in percent.
    for (hits, n, value, interval) in [
        (81, 263, 30.8, (25.5, 36.6)),
        (15, 148, 10.1, (6.2, 16.0)),
        (0, 20, 0.0, (0.0, 16.1)),
        (29, 29, 100.0, (88.3, 100.0)),
    ] {
        let share = share(hits, n, Confidence::P95).unwrap();
        assert_eq!((share.value, share.interval), (value, Some(interval)), "{hits} of {n}");
    }
    let odd = share(3, 2, Confidence::P95).unwrap();
    assert_eq!((odd.value, odd.interval), (150.0, None));
}

#[test]
fn targets_are_met_from_their_own_side() {
    for (target, value, is_met) in [
        (Target::AtLeast(85), 85.0, true),
        (Target::AtLeast(85), 84.9, false),
        (Target::AtMost(3), 3.0, true),
        (Target::AtMost(3), 3.1, false),
    ] {
        assert_eq!(target.is_met(value), is_met, "{target:?} {value}");
    }
}

#[test]
fn a_measurement_is_neither_to_come_nor_too_old() {
    let now = 1_795_310_000_000;
    for (at, is_timely) in [
        (now, true),
        (now + AHEAD_MS, true),
        (now + AHEAD_MS + 1, false),
        (now - BACK_DAYS * DAY_MS, true),
        (now - BACK_DAYS * DAY_MS - 1, false),
    ] {
        assert_eq!(super::is_timely(at, now), is_timely, "{}", at - now);
    }
}

#[test]
fn the_interval_of_a_quantile_reaches_over_its_neighbours() {
    let mut measured = Measured::default();
    assert_eq!(measured.quantile_interval(50, Confidence::P95), None);
    // One alone says nothing.
    measured.add(Cell { bound: 3600, n: 1, sum: 0 });
    assert_eq!(measured.quantile_interval(50, Confidence::P95), Some((0, None)));
    // A hundred: the 41st to the 61st hold the median.
    let mut measured = Measured::default();
    for (bound, n) in [(60, 40), (300, 10), (600, 11), (3600, 39)] {
        measured.add(Cell { bound, n, sum: 0 });
    }
    assert_eq!(measured.quantile(50), Some(300));
    assert_eq!(measured.quantile_interval(50, Confidence::P95), Some((240, Some(600))));
    // 0.9 · 100 ± 1.96 · 3.
    assert_eq!(measured.quantile_interval(90, Confidence::P95), Some((45 * 60, Some(3600))));
    // 99 %: 2.576 · 5 is 13 to either side.
    assert_eq!(measured.quantile_interval(50, Confidence::P99), Some((45, Some(3600))));
}

#[test]
fn cases_are_counted_by_themselves() {
    let cases = Tally { received: 9, solved: 5, overdue: 2, repeated: 1, ..Tally::default() };
    let told = OF_CASES.map(|name| of_cases(name, &cases).unwrap());
    assert_eq!(told, [9, 7, 5, 1, 0, 0]);
    assert_eq!(of_cases("contacts", &cases), None);
}
