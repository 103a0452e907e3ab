//! Periods: the days that a reading is about, in the site's zone.

use domain::civil;
use web::field::{Query, one_of_rule};
use web::lang::{Said, said, said_now};

/// The days of a reading that names none, today included.
pub const DAYS_DEFAULT: i32 = 30;
/// The most days of one reading: two years and a leap day.
pub const DAYS_MAX: i32 = 731;

/// From a first day to a last one, both included, as day numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: i32,
    /// The last day.
    pub to: i32,
}

impl Period {
    /// Reads `from` and `to`; by default the last [`DAYS_DEFAULT`] days up to `today`.
    pub fn read(query: &mut Query, today: i32) -> Period {
        let (from, to) = given(query);
        let to = to.unwrap_or(today.max(from.unwrap_or(today)));
        let from = from.unwrap_or(to - (DAYS_DEFAULT - 1));
        in_order(query, from, to);
        not_too_long(query, "from", "to", from, to);
        Period { from, to }
    }

    /// Reads `from` and `to` of what may be as long as it likes; by default everything.
    pub fn read_open(query: &mut Query) -> Period {
        let (from, to) = given(query);
        let (from, to) = (from.unwrap_or(i32::MIN), to.unwrap_or(i32::MAX));
        in_order(query, from, to);
        Period { from, to }
    }

    /// Reads what to compare with: `compare=previous` or `year`, or two dates of one's own; nothing
    /// for `none` and where it does not say.
    ///
    /// The first two lie a whole number of weeks before, so that a Monday is compared with a
    /// Monday: what changes from weekday to weekday is no news.
    pub fn compared(self, query: &mut Query) -> Option<Period> {
        let names = ["previous", "year", "none"];
        let read = |name: &str| names.iter().find(|it| **it == name);
        let named = query.parse("compare", read, || one_of_rule(&names));
        let from = query.parse("compare_from", civil::parse_date, date_rule);
        let to = query.parse("compare_to", civil::parse_date, date_rule);
        match (named, from, to) {
            (None, Some(from), Some(to)) => {
                if to < from {
                    query.refuse(
                        "compare_to",
                        said("must not be before compare_from", "不得早于 compare_from"),
                    );
                }
                not_too_long(query, "compare_from", "compare_to", from, to);
                Some(Period { from, to })
            }
            (named, None, None) => {
                let named = named.filter(|name| **name != "none");
                named.map(|name| self.before(*name == "year"))
            }
            _ => {
                let rule = said(
                    "give compare, or both compare_from and compare_to",
                    "请给出 compare，或同时给出 compare_from 与 compare_to",
                );
                query.refuse("compare", rule);
                None
            }
        }
    }

    /// The same of what is compared with the days before unless the reader says otherwise.
    pub fn compared_usually(self, query: &mut Query) -> Option<Period> {
        if query.has_any(&["compare", "compare_from", "compare_to"]) {
            return self.compared(query);
        }
        Some(self.before(false))
    }

    /// As many days right before, or a year before; whole weeks earlier in either case.
    pub fn before(self, is_year: bool) -> Period {
        let weeks = (self.days() + 6) / 7;
        let days = 7 * if is_year { weeks.max(52) } else { weeks };
        Period { from: self.from - days, to: self.to - days }
    }

    /// Its first and last day, as the store takes them.
    pub fn span(self) -> (i64, i64) {
        (self.from.into(), self.to.into())
    }

    /// How many days.
    pub fn days(self) -> i32 {
        self.to - self.from + 1
    }
}

fn given(query: &mut Query) -> (Option<i32>, Option<i32>) {
    let from = query.parse("from", civil::parse_date, date_rule);
    (from, query.parse("to", civil::parse_date, date_rule))
}

fn in_order(query: &mut Query, from: i32, to: i32) {
    if to < from {
        query.refuse("to", said("must not be before from", "不得早于 from"));
    }
}

fn not_too_long(query: &mut Query, first: &str, last: &str, from: i32, to: i32) {
    if DAYS_MAX <= to.saturating_sub(from) {
        let rule = said_now(
            format!("must be within {DAYS_MAX} days of {last}"),
            format!("与 {last} 相距不得超过 {DAYS_MAX} 天"),
        );
        query.refuse(first, rule);
    }
}

fn date_rule() -> Said {
    said("must be a date such as 2026-11-22", "须为日期，例如 2026-11-22")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compared_with_has_the_same_weekdays_and_does_not_overlap() {
        for days in [1, 6, 7, 8, 30, 31, 90, 364, 365, 731] {
            let period = Period { from: 20_000, to: 20_000 + days - 1 };
            for is_year in [false, true] {
                let before = period.before(is_year);
                assert_eq!(before.days(), days);
                assert_eq!((period.from - before.from) % 7, 0);
                assert!(before.to < period.from);
                assert!(!is_year || 364 <= period.from - before.from);
            }
        }
    }
}
