//! Waves: when a programme asks again, whom it draws, and when it reminds them.

use sha2::{Digest, Sha256};

use crate::UtcMs;
use crate::civil::{DAY_MS, civil, day_number};

/// The most customers of one group that a wave invites.
pub const SAMPLE_MAX: i64 = 5_000;
/// The most reminders of one wave. More is a nuisance.
pub const REMINDERS_MAX: usize = 3;
/// The longest that a wave stays open, in days.
pub const OPEN_DAYS_MAX: i64 = 90;
/// How long it does unless told otherwise.
pub const OPEN_DAYS: i64 = 14;

/// How often a programme asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recurrence {
    /// One wave.
    Once,
    /// A wave each month.
    Monthly,
    /// A wave every three months.
    Quarterly,
}

/// The names of the recurrences, as in JSON.
pub const RECURRENCES: [&str; 3] = ["once", "monthly", "quarterly"];

impl Recurrence {
    /// The one of this name.
    pub fn parse(name: &str) -> Option<Recurrence> {
        match name {
            "once" => Some(Recurrence::Once),
            "monthly" => Some(Recurrence::Monthly),
            "quarterly" => Some(Recurrence::Quarterly),
            _ => None,
        }
    }

    /// Months from one wave to the next; `None` if there is no next one.
    fn months(self) -> Option<i32> {
        match self {
            Recurrence::Once => None,
            Recurrence::Monthly => Some(1),
            Recurrence::Quarterly => Some(3),
        }
    }

    /// The first day of a wave after `after`, of a programme that starts on `first`.
    pub fn next(self, first: i32, after: Option<i32>) -> Option<i32> {
        match after {
            Some(after) if first <= after => {
                let step = self.months()?;
                later(first, (passed(first, after, step) + 1) * step)
            }
            _ => Some(first),
        }
    }

    /// The newest day of a wave after `after` and not after `today`.
    ///
    /// One alone: after days of silence nobody gets the invitations of each wave that was missed.
    pub fn newest(self, first: i32, after: Option<i32>, today: i32) -> Option<i32> {
        if today < first {
            return None;
        }
        let day = match self.months() {
            None => first,
            Some(step) => later(first, passed(first, today, step) * step)?,
        };
        Some(day).filter(|day| after.is_none_or(|after| after < *day))
    }
}

/// How many steps of `step` months fit from `first` to a day that is not before it.
fn passed(first: i32, day: i32, step: i32) -> i32 {
    let steps = (month(day) - month(first)) / step;
    let is_over = later(first, steps * step).is_some_and(|it| it <= day);
    if is_over { steps } else { (steps - 1).max(0) }
}

/// The same day of the month some months later, or the last one where the month is too short.
fn later(first: i32, months: i32) -> Option<i32> {
    let month = month(first).checked_add(months)?;
    let (year, of_year) = (month.div_euclid(12), u8::try_from(month.rem_euclid(12) + 1).ok()?);
    let (_, _, day) = civil(first);
    (28..=day.max(28)).rev().map(|it| it.min(day)).find_map(|it| day_number(year, of_year, it))
}

/// A day's month, counted from the year 0.
fn month(day: i32) -> i32 {
    let (year, month, _) = civil(day);
    year.saturating_mul(12).saturating_add(i32::from(month) - 1)
}

/// How many of its reminders a wave owes by now.
pub fn reminders(after_days: &[i64], opened_at: UtcMs, now: UtcMs) -> usize {
    after_days.iter().filter(|days| opened_at + **days * DAY_MS <= now).count()
}

/// When something happens to an open wave next: a reminder, or its end.
pub fn next_at(after_days: &[i64], opened_at: UtcMs, closes_at: UtcMs, done: usize) -> UtcMs {
    let next = after_days.get(done).map(|days| opened_at + days * DAY_MS);
    next.map_or(closes_at, |at| at.min(closes_at))
}

/// The prime of [`Order`], 2³¹ − 1.
pub const ORDER_PRIME: i64 = 2_147_483_647;

/// The order in which a wave draws customers: by `(factor * x + shift) mod 2³¹ − 1` of a number
/// `x` that each customer was given at random.
///
/// That is a universal hash (Carter and Wegman 1979), which the database can reckon itself, so
/// that a draw of some hundred out of a million moves no million ids. Each wave has other numbers,
/// and the same wave has the same for ever, so that a draw can be repeated and checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// From 1 to the prime, exclusive.
    pub factor: i64,
    /// From 0 to the prime, exclusive.
    pub shift: i64,
}

/// The order of a wave.
pub fn order(wave_id: &str) -> Order {
    let hash = Sha256::digest(wave_id.as_bytes());
    let number = |from: usize| {
        let bytes = hash.iter().skip(from).take(7);
        bytes.fold(0_i64, |bits, byte| bits << 8 | i64::from(*byte))
    };
    Order {
        factor: number(0).rem_euclid(ORDER_PRIME - 1) + 1,
        shift: number(7).rem_euclid(ORDER_PRIME),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::{date, parse_date};
    use Recurrence::{Monthly, Once, Quarterly};

    fn day(text: &str) -> i32 {
        parse_date(text).unwrap()
    }

    #[test]
    fn waves_follow_the_calendar_and_short_months_lose_none() {
        let cases: [(Recurrence, &str, &[&str]); 5] = [
            (Once, "2026-01-31", &["2026-01-31"]),
            (
                Monthly,
                "2026-10-31",
                &["2026-10-31", "2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28"],
            ),
            (Monthly, "2028-01-30", &["2028-01-30", "2028-02-29", "2028-03-30"]),
            (Monthly, "2026-12-01", &["2026-12-01", "2027-01-01", "2027-02-01"]),
            (Quarterly, "2026-11-30", &["2026-11-30", "2027-02-28", "2027-05-30", "2027-08-30"]),
        ];
        for (recurrence, first, expected) in cases {
            let mut after = None;
            for expected in expected {
                after = recurrence.next(day(first), after);
                assert_eq!(after.map(date).as_deref(), Some(*expected), "{first}");
            }
            assert_eq!(recurrence.next(day(first), after).is_none(), recurrence == Once);
        }
    }

    #[test]
    fn of_the_waves_that_were_missed_only_the_newest_is_due() {
        let newest = |recurrence: Recurrence, after: Option<&str>, today: &str| {
            recurrence.newest(day("2026-01-31"), after.map(day), day(today)).map(date)
        };
        let is = |text: &str| Some(text.to_owned());
        assert_eq!(newest(Monthly, None, "2026-01-30"), None);
        assert_eq!(newest(Monthly, None, "2026-01-31"), is("2026-01-31"));
        assert_eq!(newest(Monthly, Some("2026-01-31"), "2026-02-27"), None);
        assert_eq!(newest(Monthly, Some("2026-01-31"), "2026-02-28"), is("2026-02-28"));
        assert_eq!(newest(Monthly, Some("2026-01-31"), "2026-06-29"), is("2026-05-31"));
        assert_eq!(newest(Monthly, Some("2026-05-31"), "2026-06-29"), None);
        assert_eq!(newest(Quarterly, None, "2026-07-30"), is("2026-04-30"));
        assert_eq!(newest(Quarterly, Some("2026-04-30"), "2027-05-01"), is("2027-04-30"));
        assert_eq!(newest(Once, None, "2030-01-01"), is("2026-01-31"));
        assert_eq!(newest(Once, Some("2026-01-31"), "2030-01-01"), None);
    }

    #[test]
    fn the_next_wave_and_the_newest_one_never_disagree() {
        for recurrence in [Monthly, Quarterly] {
            for first in day("2027-12-25")..=day("2028-01-05") {
                let mut after = None;
                for today in first..first + 800 {
                    let next = recurrence.next(first, after).unwrap();
                    match recurrence.newest(first, after, today) {
                        Some(due) => {
                            assert_eq!((due, due), (next, today));
                            after = Some(due);
                        }
                        None => assert!(today < next),
                    }
                }
            }
        }
    }

    #[test]
    fn the_far_ends_of_the_calendar_do_not_trap() {
        for first in [i32::MIN, i32::MAX, day("2100-12-31")] {
            for after in [None, Some(i32::MIN), Some(i32::MAX)] {
                for recurrence in [Once, Monthly, Quarterly] {
                    recurrence.next(first, after);
                    recurrence.newest(first, after, i32::MAX);
                    recurrence.newest(first, after, i32::MIN);
                }
            }
        }
    }

    #[test]
    fn reminders_come_when_they_are_due_and_the_end_before_all() {
        let days = [3, 7];
        let hour = DAY_MS / 24;
        let at = |days: i64| days * DAY_MS;
        assert_eq!(reminders(&days, 0, at(3) - 1), 0);
        assert_eq!(reminders(&days, 0, at(3)), 1);
        assert_eq!(reminders(&days, 0, at(30)), 2);
        assert_eq!(next_at(&days, 0, at(14), 0), at(3));
        assert_eq!(next_at(&days, 0, at(14), 1), at(7));
        assert_eq!(next_at(&days, 0, at(14), 2), at(14));
        assert_eq!(next_at(&days, 0, at(3) - hour, 0), at(3) - hour);
        assert_eq!(next_at(&[], 0, at(14), 0), at(14));
    }

    #[test]
    fn two_waves_draw_differently_and_nobody_is_drawn_more_often() {
        let people: Vec<i64> = (0..1_000).map(|it| it * 1_000_003 % 1_291_467_969).collect();
        let mut times = vec![0_u32; people.len()];
        for wave in 0..400 {
            let order = order(&format!("wav_{wave}"));
            assert!((1..ORDER_PRIME).contains(&order.factor));
            assert!((0..ORDER_PRIME).contains(&order.shift));
            let mut drawn: Vec<(i64, usize)> = people
                .iter()
                .enumerate()
                .map(|(at, x)| ((order.factor * x + order.shift) % ORDER_PRIME, at))
                .collect();
            drawn.sort_unstable();
            for (_, at) in &drawn[..100] {
                times[*at] += 1;
            }
        }
        // A tenth of 400 draws: 40 with a deviation of 6. Of a thousand none is beyond 5 of them.
        assert!(times.iter().all(|it| (10..=70).contains(it)), "{times:?}");
        assert_eq!(order("wav_1"), order("wav_1"));
    }
}
