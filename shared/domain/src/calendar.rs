//! Public holidays and the working weekends that pay for them.
//!
//! So far the mainland of China, 2019 to 2026, as the State Council announced them each year
//! (调休); facts by way of <https://github.com/NateScarlet/holiday-cn>. A year that is not
//! announced yet has no exceptions here.

use crate::civil::{civil, day_number, weekday};

/// The first year that is below.
const FIRST_YEAR: i32 = 2019;

/// The last one that was announced.
const LAST_YEAR: i32 = 2026;

/// What a day is to people who work from Monday to Friday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayType {
    /// As its weekday says.
    Usual,
    /// A public holiday.
    Holiday,
    /// A day of a weekend on which people work.
    MakeUp,
}

/// A country's exceptions from the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calendar {
    /// Weekdays alone.
    Plain,
    /// The mainland of China.
    China,
}

impl Calendar {
    /// The calendar that goes with an IANA zone.
    pub fn of_zone(zone: &str) -> Calendar {
        match zone {
            "Asia/Shanghai" | "Asia/Chongqing" | "Asia/Chungking" | "Asia/Harbin"
            | "Asia/Urumqi" | "Asia/Kashgar" | "PRC" => Calendar::China,
            _ => Calendar::Plain,
        }
    }

    /// The first day whose exceptions are known; none if it has no exceptions.
    pub fn known_from(self) -> Option<i32> {
        if self == Calendar::Plain { None } else { day_number(FIRST_YEAR, 1, 1) }
    }

    /// The last day whose exceptions are known; none if it has no exceptions.
    ///
    /// A year that nobody announced is not a year without holidays. The next notice may still
    /// rule the last days of December, when its New Year's holiday begins in them.
    pub fn known_until(self) -> Option<i32> {
        if self == Calendar::Plain { None } else { day_number(LAST_YEAR, 12, 31) }
    }

    /// What this day is.
    pub fn day_type(self, day: i32) -> DayType {
        if self == Calendar::Plain {
            return DayType::Usual;
        }
        let date = date(day);
        if WORKED.binary_search(&date).is_ok() {
            DayType::MakeUp
        } else if is_holiday(day, date) {
            DayType::Holiday
        } else {
            DayType::Usual
        }
    }

    /// Whether people who work from Monday to Friday are off on this day.
    pub fn is_off(self, day: i32) -> bool {
        match self.day_type(day) {
            DayType::Usual => 5 <= weekday(day),
            DayType::Holiday => true,
            DayType::MakeUp => false,
        }
    }
}

fn is_holiday(day: i32, date: u32) -> bool {
    let before = HOLIDAYS.partition_point(|(first, _)| *first <= date);
    let Some((first, days)) = before.checked_sub(1).and_then(|at| HOLIDAYS.get(at)) else {
        return false;
    };
    day_of_date(*first).is_some_and(|first| day < first + days)
}

/// The way back from [`date`].
fn day_of_date(date: u32) -> Option<i32> {
    let [year, month, day] = [date / 10_000, date / 100 % 100, date % 100];
    day_number(i32::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

/// A day as year, month and day in one number.
fn date(day: i32) -> u32 {
    let (year, month, day) = civil(day);
    u32::try_from(year).unwrap_or(0) * 10_000 + u32::from(month) * 100 + u32::from(day)
}

/// The first day of every holiday, and how many days it lasts.
#[expect(clippy::inconsistent_digit_grouping, reason = "dates")]
const HOLIDAYS: &[(u32, i32)] = &[
    (2018_12_30, 3),
    (2019_02_04, 7),
    (2019_04_05, 1),
    (2019_05_01, 4),
    (2019_06_07, 1),
    (2019_09_13, 1),
    (2019_10_01, 7),
    (2020_01_01, 1),
    (2020_01_24, 10),
    (2020_04_04, 3),
    (2020_05_01, 5),
    (2020_06_25, 3),
    (2020_10_01, 8),
    (2021_01_01, 3),
    (2021_02_11, 7),
    (2021_04_03, 3),
    (2021_05_01, 5),
    (2021_06_12, 3),
    (2021_09_19, 3),
    (2021_10_01, 7),
    (2022_01_01, 3),
    (2022_01_31, 7),
    (2022_04_03, 3),
    (2022_04_30, 5),
    (2022_06_03, 3),
    (2022_09_10, 3),
    (2022_10_01, 7),
    (2022_12_31, 3),
    (2023_01_21, 7),
    (2023_04_05, 1),
    (2023_04_29, 5),
    (2023_06_22, 3),
    (2023_09_29, 8),
    (2024_01_01, 1),
    (2024_02_10, 8),
    (2024_04_04, 3),
    (2024_05_01, 5),
    (2024_06_10, 1),
    (2024_09_15, 3),
    (2024_10_01, 7),
    (2025_01_01, 1),
    (2025_01_28, 8),
    (2025_04_04, 3),
    (2025_05_01, 5),
    (2025_05_31, 3),
    (2025_10_01, 8),
    (2026_01_01, 3),
    (2026_02_15, 9),
    (2026_04_04, 3),
    (2026_05_01, 5),
    (2026_06_19, 3),
    (2026_09_25, 3),
    (2026_10_01, 7),
];

/// The days of weekends on which people work, in order.
#[expect(clippy::inconsistent_digit_grouping, reason = "dates")]
const WORKED: &[u32] = &[
    2018_12_29, 2019_02_02, 2019_02_03, 2019_04_28, 2019_05_05, 2019_09_29, 2019_10_12, 2020_01_19,
    2020_04_26, 2020_05_09, 2020_06_28, 2020_09_27, 2020_10_10, 2021_02_07, 2021_02_20, 2021_04_25,
    2021_05_08, 2021_09_18, 2021_09_26, 2021_10_09, 2022_01_29, 2022_01_30, 2022_04_02, 2022_04_24,
    2022_05_07, 2022_10_08, 2022_10_09, 2023_01_28, 2023_01_29, 2023_04_23, 2023_05_06, 2023_06_25,
    2023_10_07, 2023_10_08, 2024_02_04, 2024_02_18, 2024_04_07, 2024_04_28, 2024_05_11, 2024_09_14,
    2024_09_29, 2024_10_12, 2025_01_26, 2025_02_08, 2025_04_27, 2025_09_28, 2025_10_11, 2026_01_04,
    2026_02_14, 2026_02_28, 2026_05_09, 2026_09_20, 2026_10_10,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::parse_date;

    #[test]
    fn holidays_and_make_up_days_are_exceptions_from_the_week() {
        for (text, expected, is_off) in [
            ("2026-02-13", DayType::Usual, false),
            // The Saturday before the Spring Festival is worked.
            ("2026-02-14", DayType::MakeUp, false),
            ("2026-02-15", DayType::Holiday, true),
            ("2026-02-23", DayType::Holiday, true),
            ("2026-02-24", DayType::Usual, false),
            ("2026-05-09", DayType::MakeUp, false),
            ("2026-11-22", DayType::Usual, true),
            ("2019-12-31", DayType::Usual, false),
            ("2020-01-01", DayType::Holiday, true),
        ] {
            let day = parse_date(text).unwrap();
            assert_eq!(Calendar::China.day_type(day), expected, "{text}");
            assert_eq!(Calendar::China.is_off(day), is_off, "{text}");
            assert_eq!(Calendar::Plain.day_type(day), DayType::Usual);
        }
    }

    #[test]
    fn two_years_have_the_working_days_that_were_announced() {
        for year in [2025, 2026] {
            let first = parse_date(&format!("{year}-01-01")).unwrap();
            let worked = (first..first + 365).filter(|day| !Calendar::China.is_off(*day)).count();
            assert_eq!(worked, 248, "{year}");
        }
        assert_eq!(Calendar::of_zone("Asia/Shanghai"), Calendar::China);
        assert_eq!(Calendar::of_zone("Europe/Paris"), Calendar::Plain);
    }

    #[test]
    fn what_was_announced_is_known_and_no_more() {
        let until = Calendar::China.known_until().unwrap();
        assert_eq!(crate::civil::date(until), "2026-12-31");
        assert_eq!(crate::civil::date(Calendar::China.known_from().unwrap()), "2019-01-01");
        // Were a year added to the lists and not to the constant, this would find its days.
        let is_ruled = |day: &i32| Calendar::China.day_type(*day) != DayType::Usual;
        assert_eq!((until + 1..until + 800).find(is_ruled), None);
        assert_eq!(Calendar::Plain.known_until(), None);
        assert_eq!(Calendar::Plain.known_from(), None);
    }

    #[test]
    fn make_up_days_are_in_order_and_on_weekends() {
        assert!(WORKED.is_sorted());
        let first = parse_date("2018-12-01").unwrap();
        let found = (first..first + 8 * 366)
            .filter(|day| Calendar::China.day_type(*day) == DayType::MakeUp)
            .inspect(|day| assert!(5 <= weekday(*day), "{}", crate::civil::date(*day)));
        assert_eq!(found.count(), WORKED.len());
    }
}
