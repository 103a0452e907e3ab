//! Civil dates and RFC 3339 text: days, months and years without a zone.
//!
//! A day is counted from 1970-01-01 in the proleptic Gregorian calendar. Instants are
//! milliseconds since 1970 in UTC. Which day an instant belongs to is `zone`'s business.

/// First year that `parse_date` and `parse_rfc3339` accept.
pub const YEAR_MIN: i32 = 1970;

/// Last year that `parse_date` and `parse_rfc3339` accept.
///
/// A typed 20260 or 0226 should be an error, not an appointment.
pub const YEAR_MAX: i32 = 2100;

/// Milliseconds in a civil day of 24 hours.
pub const DAY_MS: i64 = 86_400_000;

/// Days in the four centuries after which the Gregorian calendar repeats.
const ERA_DAYS: i64 = 146_097;

/// Days from 0000-03-01, where an era begins, to 1970-01-01.
const EPOCH_DAYS: i64 = 719_468;

/// Year, month (1–12) and day (1–31) of a day number.
///
/// Years begin in March here, so that the leap day comes last and needs no case of its own
/// (Howard Hinnant, `civil_from_days`).
pub fn civil(day: i32) -> (i32, u8, u8) {
    let days = i64::from(day) + EPOCH_DAYS;
    let day_of_era = days.rem_euclid(ERA_DAYS);
    let leap_days = day_of_era / 1460 - day_of_era / 36_524 + day_of_era / (ERA_DAYS - 1);
    let year_of_era = (day_of_era - leap_days) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + days.div_euclid(ERA_DAYS) * 400 + i64::from(month <= 2);
    (clamp(year), byte(month), byte(day_of_month))
}

/// The day number of a date, or `None` if the calendar has no such date.
pub fn day_number(year: i32, month: u8, day: u8) -> Option<i32> {
    let is_leap = year.rem_euclid(4) == 0 && year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0;
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => return None,
    };
    if day < 1 || last < day {
        return None;
    }
    let year = i64::from(year) - i64::from(month <= 2);
    let march_month = (i64::from(month) + 9) % 12;
    let day_of_year = (153 * march_month + 2) / 5 + i64::from(day) - 1;
    let year_of_era = year.rem_euclid(400);
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    i32::try_from(year.div_euclid(400) * ERA_DAYS + day_of_era - EPOCH_DAYS).ok()
}

/// Day of the week: 0 is Monday, 6 is Sunday.
pub fn weekday(day: i32) -> u8 {
    // 1970-01-01 was a Thursday.
    byte((i64::from(day) + 3).rem_euclid(7))
}

/// The day that holds a moment, both on the same clock.
pub fn day_of(clock_ms: i64) -> i32 {
    clamp(clock_ms.div_euclid(DAY_MS))
}

/// A day number as `2026-11-22`.
pub fn date(day: i32) -> String {
    let (year, month, day) = civil(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The day number of exactly `YYYY-MM-DD`, from `YEAR_MIN` to `YEAR_MAX`.
pub fn parse_date(text: &str) -> Option<i32> {
    let mut text = Text(text.as_bytes());
    let day = text.date()?;
    text.0.is_empty().then_some(day)
}

/// An instant as RFC 3339 on a clock that is `offset_s` ahead of UTC.
///
/// `2026-11-22T09:30:00.123+08:00`: the fraction only when there is one, `Z` for UTC. The
/// format knows offsets in whole minutes; seconds of an offset are dropped, never the instant.
pub fn rfc3339(utc_ms: i64, offset_s: i32) -> String {
    let offset_min = offset_s / 60;
    let clock_ms = utc_ms.saturating_add(i64::from(offset_min) * 60_000);
    let ms = clock_ms.rem_euclid(DAY_MS);
    let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
    let mut text = format!("{}T{hour:02}:{minute:02}:{second:02}", date(day_of(clock_ms)));
    if ms % 1000 != 0 {
        text.push_str(&format!(".{:03}", ms % 1000));
    }
    if offset_min == 0 {
        text.push('Z');
        return text;
    }
    let sign = if offset_min < 0 { '-' } else { '+' };
    let (hours, minutes) = (offset_min.abs() / 60, offset_min.abs() % 60);
    text.push_str(&format!("{sign}{hours:02}:{minutes:02}"));
    text
}

/// The instant that an RFC 3339 text names, never before 1970.
///
/// Strict: upper-case `T` and `Z`, an offset or `Z` required, one to nine digits of fraction
/// (cut to milliseconds), years `YEAR_MIN` to `YEAR_MAX`. Second 60 is refused: an instant
/// here is a count of milliseconds, and that count has no room for a leap second.
pub fn parse_rfc3339(text: &str) -> Option<i64> {
    let mut text = Text(text.as_bytes());
    let day = text.date()?;
    text.symbol(b'T')?;
    let hour = text.number(2, 23)?;
    text.symbol(b':')?;
    let minute = text.number(2, 59)?;
    text.symbol(b':')?;
    let second = text.number(2, 59)?;
    let fraction_ms = text.fraction_ms()?;
    let offset_min = text.offset_min()?;
    if !text.0.is_empty() {
        return None;
    }
    let minutes = i64::from(day) * 1440 + i64::from(hour * 60 + minute) - i64::from(offset_min);
    let utc_ms = minutes * 60_000 + i64::from(second) * 1000 + fraction_ms;
    (0 <= utc_ms).then_some(utc_ms)
}

/// What is left to read.
struct Text<'a>(&'a [u8]);

impl Text<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn symbol(&mut self, expected: u8) -> Option<()> {
        (self.next()? == expected).then_some(())
    }

    /// Exactly `digits` digits, at most `max`.
    fn number(&mut self, digits: u8, max: i32) -> Option<i32> {
        let mut number = 0;
        for _ in 0..digits {
            let digit = self.next()?;
            if !digit.is_ascii_digit() {
                return None;
            }
            number = number * 10 + i32::from(digit - b'0');
        }
        (number <= max).then_some(number)
    }

    fn date(&mut self) -> Option<i32> {
        let year = self.number(4, YEAR_MAX)?;
        self.symbol(b'-')?;
        let month = u8::try_from(self.number(2, 12)?).ok()?;
        self.symbol(b'-')?;
        let day = u8::try_from(self.number(2, 31)?).ok()?;
        if year < YEAR_MIN {
            return None;
        }
        day_number(year, month, day)
    }

    fn fraction_ms(&mut self) -> Option<i64> {
        if self.0.first() != Some(&b'.') {
            return Some(0);
        }
        self.next()?;
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=9).contains(&digits) {
            return None;
        }
        let mut fraction_ms = 0;
        let mut worth_ms = 100;
        for _ in 0..digits {
            fraction_ms += i64::from(self.number(1, 9)?) * worth_ms;
            worth_ms /= 10;
        }
        Some(fraction_ms)
    }

    /// Minutes ahead of UTC. `-00:00`, "UTC, zone unknown", is UTC too.
    fn offset_min(&mut self) -> Option<i32> {
        let sign = match self.next()? {
            b'Z' => return Some(0),
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let hours = self.number(2, 23)?;
        self.symbol(b':')?;
        Some(sign * (hours * 60 + self.number(2, 59)?))
    }
}

/// Days and years far beyond any calendar stop at the ends of `i32`.
fn clamp(number: i64) -> i32 {
    let number = number.clamp(i64::from(i32::MIN), i64::from(i32::MAX));
    i32::try_from(number).unwrap_or_default()
}

/// For numbers that a remainder has already bounded.
fn byte(number: i64) -> u8 {
    u8::try_from(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_four_centuries_follows_the_one_before() {
        let mut expected = (1800, 1, 1);
        let first = day_number(1800, 1, 1).unwrap();
        for day in first..day_number(2201, 1, 1).unwrap() {
            assert_eq!(civil(day), expected);
            let (year, month, of_month) = expected;
            assert_eq!(day_number(year, month, of_month), Some(day));
            assert_eq!(parse_date(&date(day)), (1970..=2100).contains(&year).then_some(day));
            expected = if day_number(year, month, of_month + 1).is_some() {
                (year, month, of_month + 1)
            } else if month < 12 {
                (year, month + 1, 1)
            } else {
                (year + 1, 1, 1)
            };
        }
    }

    #[test]
    fn a_date_that_no_calendar_has_is_refused() {
        for (year, month, day) in
            [(2025, 2, 29), (2100, 2, 29), (2026, 4, 31), (2026, 0, 1), (2026, 13, 1), (2026, 1, 0)]
        {
            assert_eq!(day_number(year, month, day), None, "{year}-{month}-{day}");
        }
        assert_eq!(day_number(2000, 2, 29), Some(11_016));
        assert_eq!(day_number(i32::MAX, 12, 31), None);
    }

    #[test]
    fn the_far_ends_of_time_do_not_trap() {
        assert_eq!(civil(i32::MIN), (-5_877_641, 6, 23));
        assert_eq!(civil(i32::MAX), (5_881_580, 7, 11));
        assert_eq!(day_of(i64::MIN), i32::MIN);
        assert_eq!(rfc3339(i64::MAX, i32::MAX).len(), "5881580-07-11T07:12:55.807+596523:14".len());
    }

    #[test]
    fn a_week_begins_on_monday() {
        assert_eq!(weekday(0), 3);
        assert_eq!(weekday(parse_date("2026-11-22").unwrap()), 6);
        assert_eq!(weekday(parse_date("2026-11-23").unwrap()), 0);
        assert_eq!(weekday(-4), 6);
    }

    #[track_caller]
    fn check(text: &str, utc_ms: i64, offset_s: i32) {
        assert_eq!(parse_rfc3339(text), Some(utc_ms), "{text}");
        assert_eq!(rfc3339(utc_ms, offset_s), text);
    }

    #[test]
    fn an_instant_reads_back_as_it_was_written() {
        check("1970-01-01T00:00:00Z", 0, 0);
        check("1970-01-01T08:00:00.001+08:00", 1, 28_800);
        check("2026-11-22T09:30:00.123+08:00", 1_795_311_000_123, 28_800);
        check("2026-11-22T01:30:00.120Z", 1_795_311_000_120, 0);
        check("2026-11-21T22:00:00-03:30", 1_795_311_000_000, -12_600);
        check("2100-12-31T23:59:59.999Z", 4_133_980_799_999, 0);
    }

    #[test]
    fn a_fraction_is_cut_to_milliseconds() {
        for (fraction, expected) in
            [("", 0), (".5", 500), (".05", 50), (".1239999", 123), (".999999999", 999)]
        {
            let text = format!("1970-01-01T00:00:00{fraction}-00:00");
            assert_eq!(parse_rfc3339(&text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_strictly_rfc_3339_is_refused() {
        for text in [
            "",
            "2026-11-22",
            "2026-11-22T09:30Z",
            "2026-11-22T09:30:00",
            "2026-11-22 09:30:00Z",
            "2026-11-22t09:30:00Z",
            "2026-11-22T09:30:00z",
            "2026-11-22T09:30:00.Z",
            "2026-11-22T09:30:00,5Z",
            "2026-11-22T09:30:00.1234567890Z",
            "2026-11-22T09:30:00Z ",
            "2026-11-22T09:30:00+0800",
            "2026-11-22T09:30:00+08",
            "2026-11-22T09:30:00+24:00",
            "2026-11-22T24:00:00Z",
            "2026-11-22T23:60:00Z",
            "2016-12-31T23:59:60Z",
            "2026-02-29T00:00:00Z",
            "2026-1-22T00:00:00Z",
            "+026-11-22T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "1970-01-01T00:00:00+00:01",
            "2101-01-01T00:00:00Z",
            "2026-11-22T09:30:00\u{ff3a}",
        ] {
            assert_eq!(parse_rfc3339(text), None, "{text:?}");
        }
        for text in ["2026-11-2", "2026-11-022", "2026/11/22", "2026-11-22T", "1969-12-31"] {
            assert_eq!(parse_date(text), None, "{text:?}");
        }
    }
}
