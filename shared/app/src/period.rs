//! Periods: the days that a reading is about, in the site's zone.

use domain::civil;
use web::field::Query;
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
        let from = query.parse("from", civil::parse_date, date_rule);
        let to = query.parse("to", civil::parse_date, date_rule);
        let to = to.unwrap_or(today.max(from.unwrap_or(today)));
        let from = from.unwrap_or(to - (DAYS_DEFAULT - 1));
        if to < from {
            query.refuse("to", said("must not be before from", "不得早于 from"));
        }
        if DAYS_MAX <= to.saturating_sub(from) {
            query.refuse(
                "from",
                said_now(
                    format!("must be within {DAYS_MAX} days of to"),
                    format!("与 to 相距不得超过 {DAYS_MAX} 天"),
                ),
            );
        }
        Period { from, to }
    }

    /// How many days.
    pub fn days(self) -> i32 {
        self.to - self.from + 1
    }
}

fn date_rule() -> Said {
    said("must be a date such as 2026-11-22", "须为日期，例如 2026-11-22")
}
