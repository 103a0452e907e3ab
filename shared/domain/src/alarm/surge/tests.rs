//! The rules for rises by published values, by example and by simulated years.

use super::*;

/// Share of the weekly mean on each weekday; they add up to seven.
const PATTERN: [f64; 7] = [1.3, 1.2, 1.1, 1.1, 1.1, 0.65, 0.55];

/// Xorshift: the same days in every run.
struct Dice(u64);

impl Dice {
    /// Above 0, up to 1.
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) + 1) as f64 / 2_f64.powi(53)
    }

    fn poisson(&mut self, mean: f64) -> u64 {
        let (mut product, mut count) = (self.next(), 0);
        while (-mean).exp() < product {
            product *= self.next();
            count += 1;
        }
        count
    }

    /// Negative binomial of dispersion 1.5: a Poisson number of clusters, logarithmic in size.
    fn count(&mut self, mean: f64) -> u64 {
        let q = 1.0 / 3.0_f64;
        let clusters = self.poisson(mean / 0.5 * -(1.0 - q).ln());
        let mut count = 0;
        for _ in 0..clusters {
            let (mut dice, mut size) = (self.next(), 1_u32);
            let mut weight = -q / (1.0 - q).ln();
            while weight < dice {
                dice -= weight;
                weight *= q * f64::from(size) / f64::from(size + 1);
                size += 1;
            }
            count += u64::from(size);
        }
        count
    }
}

fn day(day: i32, count: u64) -> Day {
    let kind = DayKind(u8::try_from(day.rem_euclid(7)).unwrap());
    Day { day, kind, count, exposure: None, flagged: false }
}

fn mean_of(day: i32, mean: f64) -> f64 {
    mean * PATTERN[usize::try_from(day.rem_euclid(7)).unwrap()]
}

/// Judges the next day and adds it, flagged if it is an alarm.
fn live(history: &mut Vec<Day>, mut today: Day) -> bool {
    let recent = history.len().saturating_sub(84);
    today.flagged = judge(&history[recent..], &today).is_some_and(|verdict| verdict.is_alarm);
    history.push(today);
    today.flagged
}

/// False alarms a year, and the share of rises by this factor that are found in three days.
fn simulate(mean: f64, factor: f64, runs: i32, days: i32) -> (f64, f64) {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let (mut alarms, mut found) = (0, 0);
    for run in 0..runs {
        let mut history = Vec::new();
        for date in 0..84 {
            history.push(day(date, dice.count(mean_of(date, mean))));
        }
        // Runs end on different weekdays.
        let end = 84 + days + run % 7;
        for date in 84..end {
            alarms += i32::from(live(&mut history, day(date, dice.count(mean_of(date, mean)))));
        }
        let risen = (end..end + 3)
            .filter(|date| {
                live(&mut history, day(*date, dice.count(factor * mean_of(*date, mean))))
            })
            .count();
        found += i32::from(0 < risen);
    }
    let years = f64::from(runs * (days + 3)) / 365.0;
    (f64::from(alarms) / years, f64::from(found) / f64::from(runs))
}

#[test]
fn the_simulated_counts_have_their_mean_and_dispersion() {
    let mut dice = Dice(1);
    let counts = (0..20_000).map(|_| dice.count(20.0) as f64).collect::<Vec<_>>();
    let mean = counts.iter().sum::<f64>() / 20_000.0;
    let variance = counts.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / 20_000.0;
    assert!((mean - 20.0).abs() < 0.2 && (variance / mean - 1.5).abs() < 0.05, "{mean}");
}

#[test]
#[expect(clippy::print_stdout, reason = "the figures are what the test is for")]
fn a_year_has_few_false_alarms_and_a_doubling_is_found_in_three_days() {
    for (mean, bar, power) in [(3.0, 4.0, 0.3), (20.0, 4.0, 0.9), (100.0, 4.0, 0.9)] {
        let (alarms, found) = simulate(mean, 2.0, 60, 120);
        println!("{mean} a day: {alarms:.2} false alarms a year, doubling found {found:.2}");
        assert!(alarms <= bar && power <= found, "{mean}: {alarms}, {found}");
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "the figures are what the test is for")]
fn shares_of_a_changing_number_of_answers_rarely_alarm_falsely() {
    // A fifth of 30 to 300 answers is low, for as long as the site grows and shrinks; then two
    // fifths are.
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let (mut alarms, mut found) = (0, 0);
    let share = |date: i32, share: f64, dice: &mut Dice| {
        let answers = 30 + u64::try_from((date * 37).rem_euclid(271)).unwrap();
        let low = (0..answers).filter(|_| dice.next() <= share).count();
        Day { exposure: Some(answers), ..day(date, u64::try_from(low).unwrap()) }
    };
    for _ in 0..20 {
        let mut history = (0..84).map(|date| share(date, 0.2, &mut dice)).collect::<Vec<_>>();
        for date in 84..204 {
            alarms += i32::from(live(&mut history, share(date, 0.2, &mut dice)));
        }
        let risen = |date: &i32| live(&mut history, share(*date, 0.4, &mut dice));
        found += i32::from(0 < (204..207).filter(risen).count());
    }
    let alarms = f64::from(alarms) / (20.0 * 120.0 / 365.0);
    println!("shares: {alarms:.2} false alarms a year, doubling found in {found} of 20");
    assert!(alarms <= 2.0 && 18 <= found, "{alarms}, {found}");
}

#[test]
fn the_moving_average_is_that_of_the_handbook() {
    // NIST/SEMATECH e-Handbook 6.3.2.4.
    let values = [
        52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5, 49.6, 47.6, 49.9, 51.3, 47.8,
        51.2, 52.6, 52.4, 53.6, 52.1,
    ];
    let averages = [
        50.60, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33, 50.11, 49.36, 49.52,
        50.05, 49.38, 49.92, 50.73, 51.23, 51.94, 51.99,
    ];
    let mut average = 50.0;
    for (value, expected) in values.into_iter().zip(averages) {
        average = ewma(average, value);
        assert!((average - expected).abs() < 0.005_001, "{average} {expected}");
    }
    assert!((50.0 + ewma_limit(2.0539) - 52.5884).abs() < 0.000_1);
    assert!((50.0 - ewma_limit(2.0539) - 47.4115).abs() < 0.000_2);
}

/// Twelve weeks in which every day of a weekday has the same count, and the next Monday.
fn steady(count: u64) -> (Vec<Day>, i32) {
    ((0..84).map(|date| day(date, count)).collect(), 84)
}

#[test]
fn a_verdict_tells_its_numbers() {
    let (history, next) = steady(16);
    let verdict = judge(&history, &day(next, 20)).unwrap();
    // τ = 9/8, so 16 (1 + 2.06 √(1.125/16))^1.5 = 30.756; the average is 0.3 × 4/√18.
    assert_eq!((verdict.expected, verdict.limit), (16.0, 30.76));
    assert_eq!((verdict.ewma, verdict.ewma_limit), (0.28, 1.26));
    assert_eq!((verdict.dispersion, verdict.weeks), (1.0, 8));
    assert!(!verdict.is_alarm && verdict.reason.is_none());
    assert!(!judge(&history, &day(next, 30)).unwrap().is_alarm);
    let sudden = judge(&history, &day(next, 31)).unwrap();
    assert_eq!((sudden.is_alarm, sudden.reason), (true, Some(Reason::Sudden)));
    assert_eq!(sudden.reason.map(Reason::name), Some("sudden"));
    // A fall is none, however deep.
    assert!(!judge(&history, &day(next, 0)).unwrap().is_alarm);
}

#[test]
fn a_small_rise_that_lasts_is_found_and_ends() {
    let (mut history, next) = steady(16);
    let mut reasons = Vec::new();
    for date in next..next + 7 {
        let today = day(date, 24);
        reasons.push(judge(&history, &today).unwrap().reason);
        history.push(today);
    }
    // Eight above are 1.886 standard errors: 0.57, 0.96, 1.24, 1.43; none above its own limit.
    assert_eq!(reasons.iter().position(Option::is_some), Some(3));
    assert_eq!(reasons[3], Some(Reason::Sustained));
    // The average is still high, but the day is not.
    assert!(!judge(&history, &day(next + 7, 16)).unwrap().is_alarm);
}

#[test]
fn dispersion_widens_the_limit() {
    // Monday's counts are 10 and 22 in turn, 16 on average: 36/16 for 8 of 7 degrees, and the
    // other kinds have none of it: 8 × 2.25 / 49.
    let mut history = Vec::new();
    for date in 0..84 {
        history.push(day(date, if date / 7 % 2 == 0 { 10 } else { 22 }));
    }
    let verdict = judge(&history, &day(84, 16)).unwrap();
    assert_eq!((verdict.expected, verdict.dispersion), (16.0, 2.57));
    // τ = 2.5714 × 1.125 = 2.8929.
    assert_eq!(verdict.limit, 41.11);
}

#[test]
fn flagged_days_are_no_measure() {
    let (mut history, next) = steady(10);
    for date in [77, 70] {
        history[date].count = 1000;
        history[date].flagged = true;
    }
    let verdict = judge(&history, &day(next, 10)).unwrap();
    assert_eq!((verdict.expected, verdict.weeks, verdict.dispersion), (10.0, 8, 1.0));
    assert_eq!(verdict.ewma, 0.0);
}

#[test]
fn fewer_than_four_comparable_days_tell_nothing() {
    let history = (0..28).map(|date| day(date, 10)).collect::<Vec<_>>();
    assert_eq!(judge(&history, &day(28, 99)).map(|verdict| verdict.weeks), Some(4));
    assert_eq!(judge(&history[1..], &day(28, 99)), None);
    // Days that are still to come are no measure either.
    assert_eq!(judge(&history, &day(21, 99)), None);
    assert_eq!(judge(&[], &day(0, 99)), None);
}

#[test]
fn holidays_are_compared_with_holidays() {
    let (mut history, next) = steady(40);
    for date in [3, 12, 30, 55] {
        history[date].kind = DayKind(7);
        history[date].count = 8;
    }
    let holiday = Day { kind: DayKind(7), ..day(next, 20) };
    let verdict = judge(&history, &holiday).unwrap();
    assert_eq!((verdict.expected, verdict.weeks), (8.0, 4));
    assert!(verdict.is_alarm);
    assert!(!judge(&history, &day(next, 20)).unwrap().is_alarm);
}

#[test]
fn few_events_call_nobody() {
    let (history, next) = steady(0);
    let of = |count| judge(&history, &day(next, count)).unwrap();
    assert!(!of(4).is_alarm && of(5).is_alarm);
    // One day is cut before it is a lasting rise.
    assert!(of(4).ewma < of(4).ewma_limit);
    // Four in two days are not many, though there never was one; five are.
    let mut twice = history.clone();
    twice.push(day(next, 2));
    assert!(twice.len() == 85 && !judge(&twice, &day(next + 1, 2)).unwrap().is_alarm);
    let verdict = judge(&twice, &day(next + 1, 3)).unwrap();
    assert_eq!(verdict.reason, Some(Reason::Sustained));
}

#[test]
fn more_answers_alone_are_no_rise() {
    let share = |date, count, answers| Day { exposure: Some(answers), ..day(date, count) };
    let history = (0..84).map(|date| share(date, 10, 100)).collect::<Vec<_>>();
    // Three times the answers, three times the low ones.
    let busy = judge(&history, &share(84, 30, 300)).unwrap();
    assert_eq!((busy.expected, busy.is_alarm), (30.0, false));
    let counts = (0..84).map(|date| day(date, 10)).collect::<Vec<_>>();
    assert!(judge(&counts, &day(84, 30)).unwrap().is_alarm);
    // As many low ones of a third of the answers.
    let worse = judge(&history, &share(84, 12, 33)).unwrap();
    assert!(worse.expected == 3.3 && worse.is_alarm);
    // Nobody answered: there is nothing to say, and such days are passed over.
    assert_eq!(judge(&history, &share(84, 0, 0)), None);
    let mut gaps = history.clone();
    gaps[77].exposure = Some(0);
    gaps[70].exposure = None;
    assert_eq!(judge(&gaps, &share(84, 10, 100)).unwrap().weeks, 8);
}

#[test]
fn no_count_is_so_large_that_a_verdict_is_not_a_number() {
    let extremes = [0, 1, (1 << 53) + 1, u64::MAX];
    for i in 0..4 * 4 * 4 * 4 {
        let pick = |step: usize| extremes[i / step % 4];
        let of = |date, count, answers| Day { exposure: Some(answers), ..day(date, count) };
        let mut history = (0..42).map(|date| of(date, pick(1), pick(4))).collect::<Vec<_>>();
        history[0].day = i32::MIN;
        history[35].count = pick(16);
        for today in [of(42, pick(16), pick(64)), day(i32::MAX, pick(16))] {
            let Some(verdict) = judge(&history, &today) else { continue };
            for number in [verdict.expected, verdict.limit, verdict.ewma, verdict.dispersion] {
                assert!(number.is_finite(), "{verdict:?}");
            }
        }
    }
}
