//! The packed table against chrono-tz, which it was packed from.
//!
//! `build.rs` finds changes on whole minutes, a day at a time. This test finds them again, to
//! the second and at another pace, and compares what both make of every one.

use chrono::{DateTime, Datelike as _, MappedLocalTime, NaiveDateTime, Offset as _};
use chrono::{TimeDelta, TimeZone as _};
use chrono_tz::{TZ_VARIANTS, Tz};
use domain::zone::{Local, TABLE_BYTES, Zone};

/// 2015-01-01T00:00:00Z.
const START_S: i64 = 1_420_070_400;

/// 2041-01-01T00:00:00Z.
const END_S: i64 = 2_240_524_800;

/// An hour over a day, so that samples visit every hour of it.
const STEP_S: i64 = 25 * 3600;

/// 1970-01-01, as chrono counts days.
const EPOCH_DAY_CE: i32 = 719_163;

#[test]
fn the_table_stays_within_its_bound() {
    const { assert!(TABLE_BYTES <= 10_000) };
}

#[test]
fn every_name_of_chrono_tz_is_known_and_no_other() {
    for tz in TZ_VARIANTS {
        assert_eq!(Zone::parse(tz.name()).map(Zone::name).as_deref(), Some(tz.name()));
    }
    assert_eq!(Zone::all().count(), TZ_VARIANTS.len());
}

#[test]
fn every_zone_keeps_the_time_of_chrono_tz() {
    let mut changes = 0;
    for tz in TZ_VARIANTS {
        let zone = Zone::parse(tz.name()).unwrap();
        let mut at_s = START_S;
        let mut offset_s = check_offset(zone, tz, at_s);
        while at_s + STEP_S < END_S {
            let (last_s, last_offset_s) = (at_s, offset_s);
            at_s += STEP_S;
            offset_s = check_offset(zone, tz, at_s);
            if offset_s != last_offset_s {
                changes += 1;
                check_change(zone, tz, first_change(tz, last_s, at_s));
            }
        }
    }
    // Were the search broken, the checks above would be idle.
    assert!(10_000 < changes, "{changes} changes");
}

/// Compares one instant and returns its offset.
#[track_caller]
fn check_offset(zone: Zone, tz: Tz, at_s: i64) -> i32 {
    let expected = offset_s(tz, at_s);
    assert_eq!(zone.offset_s(at_s * 1000), expected, "{tz} at {at_s}");
    expected
}

/// Compares both sides of a change.
fn check_change(zone: Zone, tz: Tz, change_s: i64) {
    let before = check_offset(zone, tz, change_s - 1);
    assert_eq!(zone.offset_s(change_s * 1000 - 1), before, "{tz} before {change_s}");
    check_offset(zone, tz, change_s);
    check_offset(zone, tz, change_s + 1);
    check_readings(zone, tz, change_s);
    check_days(zone, tz, change_s);
}

/// Compares local clock readings from three hours before a change to three hours after it.
fn check_readings(zone: Zone, tz: Tz, change_s: i64) {
    let local_s = change_s + i64::from(offset_s(tz, change_s));
    for quarter in -12..=12 {
        for local_s in [local_s + quarter * 900 - 1, local_s + quarter * 900] {
            let local = utc(local_s);
            let ms = |at: DateTime<Tz>| at.timestamp() * 1000;
            let expected = match tz.from_local_datetime(&local) {
                MappedLocalTime::Single(at) => Local::Unique(ms(at)),
                MappedLocalTime::Ambiguous(first, second) => {
                    Local::Ambiguous { first: ms(first), second: ms(second) }
                }
                MappedLocalTime::None => {
                    Local::Gap { before: change_s * 1000 - 1, after: change_s * 1000 }
                }
            };
            assert_eq!(zone.to_utc(local_s * 1000), expected, "{tz} at {local}");
        }
    }
}

/// Compares the days around a change with their definition: the first instant of that date.
fn check_days(zone: Zone, tz: Tz, change_s: i64) {
    let today = day(tz, change_s);
    for expected in today - 1..=today + 1 {
        let start_ms = zone.start_of_day(expected);
        assert_eq!(start_ms % 1000, 0, "{tz} on {expected}");
        assert_eq!(day(tz, start_ms / 1000), expected, "{tz} on {expected}");
        assert_eq!(zone.day(start_ms), expected, "{tz} on {expected}");
        assert_eq!(zone.day(start_ms - 1), expected - 1, "{tz} before {expected}");
        // All the way back: a clock put back over midnight shows the date of tomorrow early.
        for quarter in 0..12 {
            let earlier_s = start_ms / 1000 - 1 - quarter * 900;
            assert!(day(tz, earlier_s) < expected, "{tz} before {expected}");
        }
    }
}

fn offset_s(tz: Tz, at_s: i64) -> i32 {
    tz.offset_from_utc_datetime(&utc(at_s)).fix().local_minus_utc()
}

fn day(tz: Tz, at_s: i64) -> i32 {
    tz.from_utc_datetime(&utc(at_s)).num_days_from_ce() - EPOCH_DAY_CE
}

fn utc(at_s: i64) -> NaiveDateTime {
    DateTime::UNIX_EPOCH.naive_utc() + TimeDelta::seconds(at_s)
}

/// The first second after `low_s` whose offset is another, given that `high_s`'s is.
fn first_change(tz: Tz, mut low_s: i64, mut high_s: i64) -> i64 {
    let before = offset_s(tz, low_s);
    while low_s + 1 < high_s {
        let middle_s = i64::midpoint(low_s, high_s);
        if offset_s(tz, middle_s) == before {
            low_s = middle_s;
        } else {
            high_s = middle_s;
        }
    }
    high_s
}
