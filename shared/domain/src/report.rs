//! Reports: for which days they are due, what they are compared with, and what comes first in them.
//!
//! Days are those of the site's zone. A report is due once its period is over, and is made once.

use crate::civil::{civil, date, day_number};
use crate::trend::Step;

/// The days after which a course is told by weeks, and those after which it is told by months.
const DAYS_BY_DAY: i32 = 35;
const DAYS_BY_WEEK: i32 = 200;
/// The most days of a special report: two years and a leap day.
pub const DAYS_MAX: i32 = 731;
/// A year in whole weeks, so that Mondays are compared with Mondays.
const YEAR_OF_WEEKS: i32 = 364;

/// How often a report comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Every week, Monday to Sunday.
    Week,
    /// Every month.
    Month,
    /// Every quarter.
    Quarter,
    /// Every half-year.
    HalfYear,
    /// When somebody asks for it.
    Special,
}

/// From a first day to a last one, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub first: i32,
    /// The last day.
    pub last: i32,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 5] =
        [Kind::Week, Kind::Month, Kind::Quarter, Kind::HalfYear, Kind::Special];
    /// Those that time makes due.
    const DUE: [Kind; 4] = [Kind::Week, Kind::Month, Kind::Quarter, Kind::HalfYear];
    /// The names of all kinds, in the same order.
    pub const NAMES: [&'static str; 5] = ["week", "month", "quarter", "half_year", "special"];

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Week => "week",
            Kind::Month => "month",
            Kind::Quarter => "quarter",
            Kind::HalfYear => "half_year",
            Kind::Special => "special",
        }
    }

    /// Whether each department gets one of its own.
    pub const fn is_by_department(self) -> bool {
        matches!(self, Kind::Week)
    }

    /// How many periods back are made up for after a pause; older ones interest nobody any more.
    const fn made_up(self) -> usize {
        match self {
            Kind::Week => 4,
            Kind::Month => 3,
            Kind::Quarter => 2,
            Kind::HalfYear => 1,
            Kind::Special => 0,
        }
    }

    /// The first day of the period that a day is in.
    pub fn start(self, day: i32) -> i32 {
        let (year, month, _) = civil(day);
        match self {
            Kind::Week => Step::Week.start(day),
            Kind::Month => Step::Month.start(day),
            Kind::Quarter => Step::Quarter.start(day),
            Kind::HalfYear => day_number(year, if month < 7 { 1 } else { 7 }, 1).unwrap_or(day),
            Kind::Special => day,
        }
    }

    /// What its period is called: 2026-W47, 2026-11, 2026-Q4, 2026-H2; its days if it is special.
    pub fn key(self, days: Days) -> String {
        match self {
            Kind::Week => Step::Week.key(days.first),
            Kind::Month => Step::Month.key(days.first),
            Kind::Quarter => Step::Quarter.key(days.first),
            Kind::HalfYear => {
                let (year, month, _) = civil(days.first);
                format!("{year}-H{}", if month < 7 { 1 } else { 2 })
            }
            Kind::Special => format!("{}/{}", date(days.first), date(days.last)),
        }
    }

    /// The days that a period is compared with: those of the one before, and those of a year
    /// before. Months are compared with months; weeks, and days that somebody chose, with as many
    /// days a whole number of weeks earlier.
    pub fn compared(self, days: Days) -> [Days; 2] {
        match self {
            Kind::Week | Kind::Special => {
                let weeks = (days.count() + 6) / 7 * 7;
                [days.earlier(weeks), days.earlier(weeks.max(YEAR_OF_WEEKS))]
            }
            _ => {
                let first = self.start(days.first - 1);
                let before = Days { first, last: days.first - 1 };
                let (year, month, _) = civil(days.first);
                let first = day_number(year - 1, month, 1).unwrap_or(days.first);
                let (year, month, _) = civil(days.last + 1);
                let end = day_number(year - 1, month, 1).unwrap_or(days.last);
                [before, Days { first, last: end - 1 }]
            }
        }
    }
}

impl Days {
    /// How many.
    pub fn count(self) -> i32 {
        self.last - self.first + 1
    }

    fn earlier(self, days: i32) -> Days {
        Days { first: self.first - days, last: self.last - days }
    }

    /// The steps by which the course of these days is told: few enough to be read.
    pub fn step(self) -> Step {
        let days = self.count();
        if days <= DAYS_BY_DAY {
            Step::Day
        } else if days <= DAYS_BY_WEEK {
            Step::Week
        } else {
            Step::Month
        }
    }
}

/// The reports that are due on a day at a site whose first day of interest is `since`: the periods
/// that ended before `today`, not before `since`, the latest of each kind first.
pub fn due(today: i32, since: i32) -> Vec<(Kind, Days)> {
    let mut due = Vec::new();
    for kind in Kind::DUE {
        let mut end = kind.start(today);
        for _ in 0..kind.made_up() {
            let days = Days { first: kind.start(end - 1), last: end - 1 };
            if days.last < since {
                break;
            }
            due.push((kind, days));
            end = days.first;
        }
    }
    due
}

/// The day on which the next weekly report is due.
pub fn next_week(today: i32) -> i32 {
    Step::Week.next(Step::Week.start(today))
}

/// The places of the lowest numbers, the lowest first and among equals the earlier; what has no
/// number is left out.
pub fn lowest(numbers: &[Option<f64>], most: usize) -> Vec<usize> {
    let mut found: Vec<(f64, usize)> = Vec::with_capacity(most + 1);
    for (at, number) in numbers.iter().enumerate() {
        let Some(number) = *number else { continue };
        // By inserting, not sorting: few are kept, and a sort is much code.
        let place = found.partition_point(|it| it.0 <= number);
        if place < most {
            found.insert(place, (number, at));
            found.truncate(most);
        }
    }
    found.into_iter().map(|it| it.1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::parse_date;
    use crate::zone::Zone;

    fn day(text: &str) -> i32 {
        parse_date(text).unwrap()
    }

    fn told(days: Days) -> String {
        format!("{}/{}", date(days.first), date(days.last))
    }

    fn days(text: &str) -> Days {
        let (first, last) = text.split_once('/').unwrap();
        Days { first: day(first), last: day(last) }
    }

    #[test]
    fn a_report_is_due_the_day_after_its_period() {
        for (today, kind, period) in [
            ("2026-11-22", Kind::Week, "2026-11-09/2026-11-15"),
            ("2026-11-23", Kind::Week, "2026-11-16/2026-11-22"),
            ("2027-01-03", Kind::Week, "2026-12-21/2026-12-27"),
            ("2027-01-04", Kind::Week, "2026-12-28/2027-01-03"),
            ("2024-02-29", Kind::Month, "2024-01-01/2024-01-31"),
            ("2024-03-01", Kind::Month, "2024-02-01/2024-02-29"),
            ("2026-01-01", Kind::Month, "2025-12-01/2025-12-31"),
            ("2026-12-31", Kind::Quarter, "2026-07-01/2026-09-30"),
            ("2027-01-01", Kind::Quarter, "2026-10-01/2026-12-31"),
            ("2026-06-30", Kind::HalfYear, "2025-07-01/2025-12-31"),
            ("2026-07-01", Kind::HalfYear, "2026-01-01/2026-06-30"),
            ("2027-01-01", Kind::HalfYear, "2026-07-01/2026-12-31"),
        ] {
            let due = due(day(today), day("1999-01-01"));
            let latest = due.iter().find(|it| it.0 == kind).unwrap();
            assert_eq!(told(latest.1), period, "{today} {}", kind.name());
        }
    }

    #[test]
    fn a_pause_is_made_up_for_a_few_periods_back() {
        let found = due(day("2026-11-23"), day("1999-01-01"));
        let of = |kind: Kind| -> Vec<String> {
            found.iter().filter(|it| it.0 == kind).map(|it| told(it.1)).collect()
        };
        assert_eq!(
            of(Kind::Week),
            [
                "2026-11-16/2026-11-22",
                "2026-11-09/2026-11-15",
                "2026-11-02/2026-11-08",
                "2026-10-26/2026-11-01",
            ]
        );
        assert_eq!(
            of(Kind::Month),
            ["2026-10-01/2026-10-31", "2026-09-01/2026-09-30", "2026-08-01/2026-08-31"]
        );
        assert_eq!(of(Kind::Quarter), ["2026-07-01/2026-09-30", "2026-04-01/2026-06-30"]);
        assert_eq!(of(Kind::HalfYear), ["2026-01-01/2026-06-30"]);
        assert!(of(Kind::Special).is_empty());
    }

    #[test]
    fn the_first_period_is_the_one_that_ended_after_the_site_was_made() {
        for (today, since, keys) in [
            ("2026-11-22", "2026-11-22", &[][..]),
            ("2026-11-23", "2026-11-22", &["2026-W47"]),
            ("2026-11-23", "2026-11-23", &[]),
            ("2026-12-01", "2026-11-23", &["2026-W48", "2026-11"]),
            ("2026-12-07", "2026-11-28", &["2026-W49", "2026-W48", "2026-11"]),
            ("2027-01-01", "2026-12-31", &["2026-12", "2026-Q4", "2026-H2"]),
            ("2027-01-04", "2026-12-31", &["2026-W53", "2026-12", "2026-Q4", "2026-H2"]),
        ] {
            let found: Vec<String> =
                due(day(today), day(since)).iter().map(|it| it.0.key(it.1)).collect();
            assert_eq!(found, keys, "{today} since {since}");
        }
    }

    #[test]
    fn the_day_is_that_of_the_zone() {
        // Sunday evening in London is Monday in Shanghai, and still Sunday in New York.
        let at = crate::civil::parse_rfc3339("2026-11-22T18:00:00Z").unwrap();
        for (zone, key) in [
            ("Asia/Shanghai", "2026-W47"),
            ("Europe/London", "2026-W46"),
            ("America/New_York", "2026-W46"),
            ("Pacific/Kiritimati", "2026-W47"),
        ] {
            let today = Zone::parse(zone).unwrap().day(at);
            let (kind, days) = due(today, 0)[0];
            assert_eq!(kind.key(days), key, "{zone}");
        }
    }

    #[test]
    fn a_period_is_compared_with_the_one_before_and_with_a_year_before() {
        for (kind, period, before, year) in [
            (Kind::Week, "2026-11-16/2026-11-22", "2026-11-09/2026-11-15", "2025-11-17/2025-11-23"),
            (Kind::Week, "2025-12-29/2026-01-04", "2025-12-22/2025-12-28", "2024-12-30/2025-01-05"),
            (
                Kind::Month,
                "2026-01-01/2026-01-31",
                "2025-12-01/2025-12-31",
                "2025-01-01/2025-01-31",
            ),
            (
                Kind::Month,
                "2024-02-01/2024-02-29",
                "2024-01-01/2024-01-31",
                "2023-02-01/2023-02-28",
            ),
            (
                Kind::Month,
                "2025-02-01/2025-02-28",
                "2025-01-01/2025-01-31",
                "2024-02-01/2024-02-29",
            ),
            (
                Kind::Month,
                "2026-12-01/2026-12-31",
                "2026-11-01/2026-11-30",
                "2025-12-01/2025-12-31",
            ),
            (
                Kind::Quarter,
                "2026-01-01/2026-03-31",
                "2025-10-01/2025-12-31",
                "2025-01-01/2025-03-31",
            ),
            (
                Kind::HalfYear,
                "2026-07-01/2026-12-31",
                "2026-01-01/2026-06-30",
                "2025-07-01/2025-12-31",
            ),
            (
                Kind::Special,
                "2026-11-11/2026-11-11",
                "2026-11-04/2026-11-04",
                "2025-11-12/2025-11-12",
            ),
            (
                Kind::Special,
                "2026-11-01/2026-11-10",
                "2026-10-18/2026-10-27",
                "2025-11-02/2025-11-11",
            ),
            (
                Kind::Special,
                "2025-01-01/2026-11-01",
                "2023-03-01/2024-12-29",
                "2023-03-01/2024-12-29",
            ),
        ] {
            let found = kind.compared(days(period)).map(told);
            assert_eq!(found, [before, year], "{} {period}", kind.name());
        }
    }

    #[test]
    fn periods_have_names_and_their_courses_steps() {
        for (kind, period, key, step) in [
            (Kind::Week, "2025-12-29/2026-01-04", "2026-W01", Step::Day),
            (Kind::Month, "2024-02-01/2024-02-29", "2024-02", Step::Day),
            (Kind::Quarter, "2026-10-01/2026-12-31", "2026-Q4", Step::Week),
            (Kind::HalfYear, "2026-01-01/2026-06-30", "2026-H1", Step::Week),
            (Kind::Special, "2026-11-01/2026-12-05", "2026-11-01/2026-12-05", Step::Day),
            (Kind::Special, "2026-11-01/2026-12-06", "2026-11-01/2026-12-06", Step::Week),
            (Kind::Special, "2025-01-01/2026-12-31", "2025-01-01/2026-12-31", Step::Month),
        ] {
            assert_eq!((kind.key(days(period)), days(period).step()), (key.to_owned(), step));
        }
        assert_eq!(Kind::ALL.map(Kind::name), Kind::NAMES);
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.name()), Some(kind));
        }
        assert_eq!(Kind::parse("year"), None);
        assert_eq!(date(next_week(day("2026-11-22"))), "2026-11-23");
        assert_eq!(date(next_week(day("2026-11-23"))), "2026-11-30");
    }

    #[test]
    fn the_lowest_come_first_and_what_has_no_number_not_at_all() {
        let numbers = [Some(3.0), None, Some(-2.5), Some(3.0), Some(0.0)];
        assert_eq!(lowest(&numbers, 5), [2, 4, 0, 3]);
        assert_eq!(lowest(&numbers, 2), [2, 4]);
        assert!(lowest(&numbers, 0).is_empty() && lowest(&[None], 3).is_empty());
    }
}
