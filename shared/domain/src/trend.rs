//! Steps of a trend: days, weeks, months and quarters of the civil calendar.

use crate::civil::{civil, date, day_number, weekday};

/// How long the steps of a trend are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A day.
    Day,
    /// Monday to Sunday, as ISO 8601 numbers them.
    Week,
    /// A month.
    Month,
    /// Three months.
    Quarter,
}

impl Step {
    /// Every step.
    pub const ALL: [Step; 4] = [Step::Day, Step::Week, Step::Month, Step::Quarter];

    /// The step of this name.
    pub fn parse(name: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Its name in URLs.
    pub const fn name(self) -> &'static str {
        match self {
            Step::Day => "day",
            Step::Week => "week",
            Step::Month => "month",
            Step::Quarter => "quarter",
        }
    }

    /// How many steps a moving score looks back over, the present one included: long enough to
    /// even out what comes round every week or year, short enough to turn within a season.
    pub const fn moving(self) -> usize {
        match self {
            Step::Day => 7,
            Step::Week | Step::Quarter => 4,
            Step::Month => 3,
        }
    }

    /// The first day of the step that `day` is in.
    pub fn start(self, day: i32) -> i32 {
        let (year, month, _) = civil(day);
        match self {
            Step::Day => day,
            Step::Week => day - i32::from(weekday(day)),
            Step::Month => day_number(year, month, 1).unwrap_or(day),
            Step::Quarter => day_number(year, (month - 1) / 3 * 3 + 1, 1).unwrap_or(day),
        }
    }

    /// The first day of the step after the one that starts at `start`.
    pub fn next(self, start: i32) -> i32 {
        let days = match self {
            Step::Day => 1,
            Step::Week => 7,
            // Long enough to reach the next one, and too short to pass over it.
            Step::Month => 31,
            Step::Quarter => 92,
        };
        self.start(start + days)
    }

    /// The first day of the step that is `steps` before the one that `day` is in.
    pub fn back(self, day: i32, steps: usize) -> i32 {
        let mut start = self.start(day);
        for _ in 0..steps {
            start = self.start(start - 1);
        }
        start
    }

    /// What people call the step that starts at `start`: 2026-11-22, 2026-W47, 2026-11, 2026-Q4.
    pub fn key(self, start: i32) -> String {
        let (year, month, _) = civil(start);
        match self {
            Step::Day => date(start),
            Step::Week => {
                // A week belongs to the year that has its Thursday.
                let thursday = start + 3;
                let (year, ..) = civil(thursday);
                let first = day_number(year, 1, 1).unwrap_or(thursday);
                format!("{year}-W{:02}", (thursday - first) / 7 + 1)
            }
            Step::Month => format!("{year}-{month:02}"),
            Step::Quarter => format!("{year}-Q{}", (month - 1) / 3 + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::parse_date;

    #[test]
    fn every_day_is_in_the_step_that_people_say() {
        for (day, keys) in [
            ("2026-11-22", ["2026-11-22", "2026-W47", "2026-11", "2026-Q4"]),
            ("2024-02-29", ["2024-02-29", "2024-W09", "2024-02", "2024-Q1"]),
            // From the weeks of ISO 8601 around a new year.
            ("2021-01-03", ["2021-01-03", "2020-W53", "2021-01", "2021-Q1"]),
            ("2018-12-31", ["2018-12-31", "2019-W01", "2018-12", "2018-Q4"]),
        ] {
            let day = parse_date(day).unwrap();
            assert_eq!(Step::ALL.map(|step| step.key(step.start(day))), keys);
        }
    }

    #[test]
    fn steps_follow_one_another_without_a_gap() {
        let first = parse_date("2019-12-30").unwrap();
        for step in Step::ALL {
            for day in first..first + 800 {
                let start = step.start(day);
                let next = step.next(start);
                assert!(start <= day && day < next, "{step:?}");
                assert_eq!(step.start(next - 1), start);
                assert_eq!(step.back(next, 1), start);
            }
            assert_eq!(Step::parse(step.name()), Some(step));
        }
    }
}
