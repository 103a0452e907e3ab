//! Civil dates and RFC 3339 text: days, months and years without a zone.
//!
//! A day is counted from 1970-01-01 in the proleptic Gregorian calendar. Instants are
//! milliseconds since 1970 in UTC. Which day an instant belongs to is `zone`'s business.
//! The calendar itself is chrono's.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, SecondsFormat};

/// First year that `parse_date` and `parse_rfc3339` accept.
pub const YEAR_MIN: i32 = 1970;

/// Last year that `parse_date` and `parse_rfc3339` accept.
///
/// A typed 20260 or 0226 should be an error, not an appointment.
pub const YEAR_MAX: i32 = 2100;

/// Milliseconds in a civil day of 24 hours.
pub const DAY_MS: i64 = 86_400_000;

/// Year, month (1–12) and day (1–31) of a day number.
///
/// Days beyond chrono's calendar, some 260,000 years away, are its first or last.
pub fn civil(day: i32) -> (i32, u8, u8) {
    let date = naive(day);
    (date.year(), byte(date.month()), byte(date.day()))
}

/// The day number of a date, or `None` if the calendar has no such date.
pub fn day_number(year: i32, month: u8, day: u8) -> Option<i32> {
    NaiveDate::from_ymd_opt(year, month.into(), day.into()).map(|it| it.to_epoch_days())
}

/// Day of the week: 0 is Monday, 6 is Sunday.
pub fn weekday(day: i32) -> u8 {
    byte(naive(day).weekday().num_days_from_monday())
}

/// The day that holds a moment, both on the same clock.
pub fn day_of(clock_ms: i64) -> i32 {
    let day = clock_ms.div_euclid(DAY_MS).clamp(i32::MIN.into(), i32::MAX.into());
    i32::try_from(day).unwrap_or_default()
}

/// A day number as `2026-11-22`.
pub fn date(day: i32) -> String {
    naive(day).to_string()
}

/// The day number of exactly `YYYY-MM-DD`, from `YEAR_MIN` to `YEAR_MAX`.
pub fn parse_date(text: &str) -> Option<i32> {
    // chrono's own reader takes signs, spaces and missing zeros as well.
    let [year, month, day] = numbers(text)?;
    let year = i32::from(year);
    if (YEAR_MIN..=YEAR_MAX).contains(&year) {
        return day_number(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    }
    None
}

/// The three numbers of `YYYY-MM-DD`.
fn numbers(text: &str) -> Option<[u16; 3]> {
    let digits = |it: &str| it.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = text.split('-').filter(|it| digits(it));
    let [year, month, day] = [parts.next()?, parts.next()?, parts.next()?];
    let fits = text.len() == 10 && year.len() == 4 && month.len() == 2 && day.len() == 2;
    if fits { Some([year.parse().ok()?, month.parse().ok()?, day.parse().ok()?]) } else { None }
}

/// An instant as RFC 3339 on a clock that is `offset_s` ahead of UTC.
///
/// `2026-11-22T09:30:00.123+08:00`: the fraction only when there is one, `Z` for UTC. The
/// format knows offsets in whole minutes; seconds of an offset are dropped, never the instant.
/// An instant beyond chrono's calendar shows as the first of 1970.
pub fn rfc3339(utc_ms: i64, offset_s: i32) -> String {
    let at = DateTime::from_timestamp_millis(utc_ms).unwrap_or_default();
    let fraction =
        if utc_ms.rem_euclid(1000) == 0 { SecondsFormat::Secs } else { SecondsFormat::Millis };
    match FixedOffset::east_opt(offset_s / 60 * 60) {
        Some(offset) => at.with_timezone(&offset).to_rfc3339_opts(fraction, true),
        None => at.to_rfc3339_opts(fraction, true),
    }
}

/// The instant that an RFC 3339 text names, never before 1970.
///
/// Strict: upper-case `T` and `Z`, an offset or `Z` required, at most nine digits of fraction
/// (cut to milliseconds), years `YEAR_MIN` to `YEAR_MAX`. Second 60 is refused: an instant
/// here is a count of milliseconds, and that count has no room for a leap second.
pub fn parse_rfc3339(text: &str) -> Option<i64> {
    let (date, rest) = text.split_once('T')?;
    parse_date(date)?;
    // chrono also takes what RFC 3339 merely tolerates: small letters, leap seconds, and more
    // digits than a clock has.
    let is_tolerated = rest.contains(['z', 't', ' ']) || rest.get(6..8) == Some("60");
    let digits =
        rest.split('.').nth(1).map_or(0, |it| it.bytes().take_while(u8::is_ascii_digit).count());
    if is_tolerated || 9 < digits {
        return None;
    }
    let utc_ms = DateTime::parse_from_rfc3339(text).ok()?.timestamp_millis();
    (0 <= utc_ms).then_some(utc_ms)
}

fn naive(day: i32) -> NaiveDate {
    let end = if day < 0 { NaiveDate::MIN } else { NaiveDate::MAX };
    NaiveDate::from_epoch_days(day).unwrap_or(end)
}

/// For months, days and weekdays, which a calendar has bounded.
fn byte(number: u32) -> u8 {
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
        assert_eq!(civil(i32::MIN), (-262_143, 1, 1));
        assert_eq!(civil(i32::MAX), (262_142, 12, 31));
        assert_eq!(day_of(i64::MIN), i32::MIN);
        assert_eq!(rfc3339(i64::MAX, i32::MAX), "1970-01-01T00:00:00.000Z");
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
