//! Hand-worked days: festivals, both turns of the clocks, the ends of time.

use super::*;
use crate::civil::{parse_date, parse_rfc3339};

const HOUR: i64 = 3_600_000;

fn zone(name: &str) -> Zone {
    Zone::parse(name).unwrap()
}

fn ms(text: &str) -> i64 {
    parse_rfc3339(text).unwrap_or_else(|| panic!("{text}"))
}

fn span(from: u16, to: u16) -> Span {
    Span::new(from, to)
}

fn day(text: &str) -> i32 {
    parse_date(text).unwrap()
}

/// Nine to six without a break, as the examples have it.
fn nine_to_six() -> Hours {
    let week = std::array::from_fn(|it| if it < 5 { vec![span(540, 1080)] } else { Vec::new() });
    Hours { week, ..Hours::office(Zone::SHANGHAI) }
}

#[track_caller]
fn check_add(hours: &Hours, from: &str, working: i64, due: &str) {
    let (from, due) = (ms(from), ms(due));
    assert_eq!(hours.add(from, working), Some(due), "{:?}", hours.add(from, working));
    assert_eq!(hours.between(from, due), working);
    assert_eq!(hours.between(due, from), -working);
}

#[test]
fn around_the_spring_festival_the_saturday_before_is_worked() {
    let hours = nine_to_six();
    check_add(&hours, "2026-02-13T17:30:00+08:00", 18 * HOUR, "2026-02-24T17:30:00+08:00");
    check_add(&hours, "2026-02-13T17:30:00+08:00", 9 * HOUR, "2026-02-14T17:30:00+08:00");
    assert!(hours.is_open(ms("2026-02-14T12:00:00+08:00")));
    assert!(!hours.is_open(ms("2026-02-21T12:00:00+08:00")));
    // With the break at noon an office works an hour less.
    let hours = Hours::office(Zone::SHANGHAI);
    check_add(&hours, "2026-02-13T17:30:00+08:00", 16 * HOUR, "2026-02-24T17:30:00+08:00");
}

#[test]
fn what_is_due_at_a_close_is_due_at_that_close() {
    let hours = nine_to_six();
    check_add(&hours, "2026-04-30T15:00:00+08:00", 48 * HOUR, "2026-05-11T18:00:00+08:00");
    check_add(&hours, "2026-11-20T17:00:00+08:00", HOUR, "2026-11-20T18:00:00+08:00");
    let close = ms("2026-11-20T18:00:00+08:00");
    assert!(!hours.is_open(close));
    assert!(hours.is_open(close - 1));
    assert_eq!(hours.next_open(close), Some(ms("2026-11-23T09:00:00+08:00")));
    assert_eq!(hours.next_open(close - 1), Some(close - 1));
    // Nothing to wait for is due at once, whether people are at work or not.
    assert_eq!(hours.add(close, 0), Some(close));
    assert_eq!(hours.add(close, -5), Some(close));
}

#[test]
fn national_day_is_off_and_the_saturday_after_is_worked() {
    let hours = nine_to_six();
    // 30 September is a Wednesday, 1 to 7 October are off, 8 and 9 are worked, and so is 10.
    check_add(&hours, "2026-09-30T17:00:00+08:00", 20 * HOUR, "2026-10-10T10:00:00+08:00");
    assert_eq!(
        hours.end_of_working_day(ms("2026-09-30T17:00:00+08:00"), 2),
        Some(ms("2026-10-09T18:00:00+08:00"))
    );
    // Begun on a day off, it is the end of the second working day all the same.
    for n in [0, 1] {
        assert_eq!(
            hours.end_of_working_day(ms("2026-10-03T12:00:00+08:00"), n),
            Some(ms("2026-10-08T18:00:00+08:00"))
        );
    }
}

#[test]
fn both_turns_of_new_york_keep_the_hours_that_pass() {
    let hours = Hours::around_the_clock(zone("America/New_York"));
    check_add(&hours, "2026-03-07T12:00:00-05:00", 48 * HOUR, "2026-03-09T13:00:00-04:00");
    check_add(&hours, "2026-10-31T12:00:00-04:00", 48 * HOUR, "2026-11-02T11:00:00-05:00");
    // A night shift is an hour shorter, and an hour longer.
    let night = [vec![span(0, 240)]];
    let week = std::array::from_fn(|_| night[0].clone());
    let hours = Hours { week, ..hours };
    check_add(&hours, "2026-03-08T00:00:00-05:00", 3 * HOUR, "2026-03-08T04:00:00-04:00");
    check_add(&hours, "2026-11-01T00:00:00-04:00", 5 * HOUR, "2026-11-01T04:00:00-05:00");
}

#[test]
fn a_time_that_is_skipped_is_later_and_one_shown_twice_is_the_first() {
    let mut hours = Hours::around_the_clock(zone("America/Los_Angeles"));
    hours.week = std::array::from_fn(|it| if it == 6 { vec![span(150, 300)] } else { Vec::new() });
    // There is no 02:30 on 2026-03-08.
    let opens = hours.next_open(ms("2026-03-08T00:00:00-08:00"));
    assert_eq!(opens, Some(ms("2026-03-08T03:30:00-07:00")));
    hours.week[6] = vec![span(90, 150)];
    let opens = hours.next_open(ms("2026-11-01T00:00:00-07:00"));
    assert_eq!(opens, Some(ms("2026-11-01T01:30:00-07:00")));
    check_add(&hours, "2026-11-01T00:00:00-07:00", 2 * HOUR, "2026-11-01T02:30:00-08:00");
    // A shift within the gap takes place after it, where the next one may be already.
    hours.week[6] = vec![span(120, 180), span(190, 200)];
    let opens: Vec<_> = hours.opens(ms("2026-03-08T00:00:00-08:00")).take(1).collect();
    assert_eq!(opens, [(ms("2026-03-08T03:10:00-07:00"), ms("2026-03-08T03:20:00-07:00"))]);
}

#[test]
fn half_an_hour_and_two_hours_are_skipped_in_full() {
    for (name, date, minute, expected) in [
        ("Australia/Lord_Howe", "2026-10-04", 135, "2026-10-04T02:45:00+11:00"),
        ("Antarctica/Troll", "2026-03-29", 90, "2026-03-29T03:30:00+02:00"),
        // The gap begins an hour before midnight, so this is on the next day.
        ("America/Nuuk", "2026-03-28", 1395, "2026-03-29T00:15:00-01:00"),
    ] {
        let mut hours = Hours::around_the_clock(zone(name));
        hours.week = Default::default();
        hours.exceptions = vec![(day(date), vec![span(minute, minute + 1), span(1439, 1440)])];
        let opens = hours.opens(hours.zone.start_of_day(day(date)));
        let opens: Vec<i64> = opens.map(|(open, _)| open).take(3).collect();
        assert!(opens.contains(&ms(expected)), "{name}: {opens:?}");
        assert!(opens.is_sorted());
        assert_eq!(hours.next_open(ms(expected) - 60_000), Some(ms(expected)), "{name}");
    }
}

#[test]
fn a_jump_is_found_alike_however_far_ahead_it_is() {
    let mut hours = Hours::around_the_clock(zone("America/Nuuk"));
    hours.week = Default::default();
    // The first lies in the hour before midnight that is skipped, and takes place after the other.
    let skipped = (day("2026-03-28"), vec![span(1395, 1400)]);
    hours.exceptions = vec![skipped, (day("2026-03-29"), vec![span(0, 5)])];
    let expected = ["2026-03-29T00:00:00-01:00", "2026-03-29T00:15:00-01:00"].map(ms);
    for days in 0..30 {
        let from = ms("2026-03-28T12:00:00Z") - days * 24 * HOUR;
        let found: Vec<i64> = hours.opens(from).map(|(open, _)| open).collect();
        assert_eq!(found, expected, "{days} days before");
    }
}

#[test]
fn the_week_of_zendesk_has_39_and_a_half_hours() {
    let mut hours = Hours::around_the_clock(Zone::UTC);
    let (eight, six) = (vec![span(540, 1020)], vec![span(600, 960)]);
    let saturday = vec![span(660, 870)];
    let [monday, wednesday, friday] = [eight.clone(), eight.clone(), eight];
    hours.week = [monday, six.clone(), wednesday, six, friday, saturday, Vec::new()];
    let (from, to) = (ms("2006-01-01T00:00:00Z"), ms("2006-01-08T00:00:00Z"));
    assert_eq!(hours.between(from, to), 39 * HOUR + HOUR / 2);
    assert_eq!(hours.add(from, 39 * HOUR + HOUR / 2), Some(ms("2006-01-07T14:30:00Z")));
}

#[test]
fn shifts_are_whole_and_know_how_many_calls_are_made_at_once() {
    let mut hours = nine_to_six();
    let two = Span { capacity: 2, ..span(780, 1080) };
    hours.week[4] = vec![span(540, 720), two];
    // 2026-11-20 is a Friday.
    let found = hours.shifts(ms("2026-11-20T10:00:00+08:00"), ms("2026-11-23T09:00:00+08:00"));
    let shift = |open: &str, close: &str, capacity| super::Shift {
        open: ms(open),
        close: ms(close),
        capacity,
    };
    let [first, second, third] = [
        shift("2026-11-20T09:00:00+08:00", "2026-11-20T12:00:00+08:00", 1),
        shift("2026-11-20T13:00:00+08:00", "2026-11-20T18:00:00+08:00", 2),
        shift("2026-11-23T09:00:00+08:00", "2026-11-23T18:00:00+08:00", 1),
    ];
    assert_eq!(found, [first, second, third]);
    assert_eq!(hours.shifts(first.close, second.open), [second]);
    assert_eq!(hours.shifts(second.close, third.open - 1), []);
    // Working time is what it was, however many calls there are in it.
    hours.week[4] = vec![span(540, 720), Span { capacity: 0, ..two }];
    assert_eq!(hours.between(first.open, second.close), 8 * HOUR);
}

#[test]
fn of_two_shifts_that_a_jump_lays_over_each_other_the_first_has_that_time() {
    let mut hours = Hours::around_the_clock(zone("America/Los_Angeles"));
    hours.week[6] = vec![span(120, 175), Span { capacity: 3, ..span(190, 200) }];
    let from = ms("2026-03-08T00:00:00-08:00");
    let found = hours.shifts(from, from + 6 * HOUR);
    let opens: Vec<_> = hours.opens(from).take(2).collect();
    // The gap moves the first one to 03:00 to 03:55; the second lies within it.
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].open, found[0].close), opens[0]);
    // One that ends later has the rest.
    hours.week[6] = vec![span(120, 175), Span { capacity: 3, ..span(190, 300) }];
    let found = hours.shifts(from, from + 6 * HOUR);
    let at = |text: &str| ms(&format!("2026-03-08T{text}:00-07:00"));
    let expected = [(at("03:00"), at("03:55"), 1), (at("03:55"), at("05:00"), 3)];
    let found: Vec<_> = found.iter().map(|it| (it.open, it.close, it.capacity)).collect();
    assert_eq!(found, expected);
    // One within the gap goes behind the next; both are found, whenever one begins to look.
    hours.week[6] = vec![span(150, 155), span(180, 200)];
    for days in 0..3 {
        let found = hours.shifts(from - days * 24 * HOUR, from + 6 * HOUR);
        let found: Vec<_> = found.iter().map(|it| it.open).collect();
        assert!(found.ends_with(&[at("03:00"), at("03:30")]), "{days} {found:?}");
    }
    // One before midnight that is skipped is on the next day.
    let mut hours = Hours::around_the_clock(zone("America/Nuuk"));
    hours.week = Default::default();
    hours.exceptions = vec![(day("2026-03-28"), vec![span(1395, 1400)])];
    let from = ms("2026-03-29T00:05:00-01:00");
    assert_eq!(hours.shifts(from, from + HOUR).len(), 1);
}

#[test]
fn an_exception_beats_country_and_week() {
    let mut hours = nine_to_six();
    hours.make_up = vec![span(600, 660)];
    let holiday = day("2026-10-01");
    assert_eq!(hours.day_spans(holiday), []);
    assert_eq!(hours.day_spans(day("2026-02-14")), [span(600, 660)]);
    hours.exceptions = vec![(day("2026-02-14"), Vec::new()), (holiday, vec![span(1, 2)])];
    assert_eq!(hours.day_spans(day("2026-02-14")), []);
    assert_eq!(hours.day_spans(holiday), [span(1, 2)]);
    hours.make_up.clear();
    assert_eq!(hours.day_spans(day("2026-05-09")), [span(540, 1080)]);
}

#[test]
fn a_year_that_nobody_announced_is_not_known() {
    let hours = Hours::office(Zone::SHANGHAI);
    let [may, december] = ["2026-05-01T00:00:00+08:00", "2026-12-31T23:59:59+08:00"].map(ms);
    assert!(hours.is_known(may, december));
    assert!(!hours.is_known(may, december + 1000));
    assert!(!hours.is_known(ms("2018-12-31T00:00:00+08:00"), may));
    assert!(Hours::office(Zone::UTC).is_known(i64::MIN, i64::MAX));
    let hours = Hours { known_until: Some(day("2027-12-31")), ..hours };
    assert!(hours.is_known(may, december + 1000));
}

#[test]
fn a_calendar_that_cannot_be_is_refused_with_every_reason() {
    assert_eq!(Hours::around_the_clock(Zone::UTC).check(), Ok(()));
    assert_eq!(Hours::office(Zone::SHANGHAI).check(), Ok(()));
    let mut hours = Hours::office(Zone::UTC);
    hours.week[0] = vec![span(540, 720), span(700, 800), span(900, 900), span(1000, 1441)];
    hours.make_up = vec![span(5, 4)];
    hours.exceptions = vec![(5, vec![span(0, 2), span(1, 3)]), (5, Vec::new()), (4, Vec::new())];
    let (monday, own) = (Place::Week(0), Place::Exception(0));
    assert_eq!(
        hours.check(),
        Err(vec![
            Wrong::Overlap(monday, 1),
            Wrong::Span(monday, 2),
            Wrong::Span(monday, 3),
            Wrong::Span(Place::MakeUp, 0),
            Wrong::Overlap(own, 1),
            Wrong::Unsorted(1),
            Wrong::Unsorted(2),
        ])
    );
    hours = Hours { exceptions: vec![(9, vec![Span::DAY])], ..Hours::office(Zone::UTC) };
    hours.week = Default::default();
    assert_eq!(hours.check(), Err(vec![Wrong::Idle]));
}

#[test]
fn without_work_and_at_the_ends_of_time_every_search_ends() {
    let mut idle = Hours::office(Zone::SHANGHAI);
    idle.week = Default::default();
    let twisted = Hours {
        week: std::array::from_fn(|_| vec![span(900, 5), span(0, u16::MAX), span(7, 7)]),
        ..Hours::office(zone("America/Nuuk"))
    };
    for at in [i64::MIN, -1, 0, ms("2026-11-22T00:00:00Z"), i64::MAX] {
        assert_eq!(idle.add(at, 1), None);
        assert_eq!(idle.between(at, i64::MAX), 0);
        assert_eq!(idle.next_open(at), None);
        assert_eq!(idle.end_of_working_day(at, 3), None);
        assert!(!idle.is_open(at));
        for hours in [&twisted, &Hours::around_the_clock(zone("Antarctica/Troll"))] {
            hours.add(at, i64::MAX);
            hours.between(at, i64::MIN);
            hours.between(i64::MIN, at);
            hours.is_open(at);
            hours.end_of_working_day(at, u16::MAX);
            hours.is_known(at, i64::MIN);
        }
    }
    let always = Hours::around_the_clock(Zone::UTC);
    assert_eq!(always.add(0, MAX_DAYS * 24 * HOUR), Some(MAX_DAYS * 24 * HOUR));
    assert_eq!(always.add(0, (MAX_DAYS + 2) * 24 * HOUR), None);
}

#[test]
fn no_zone_changes_its_offset_twice_within_six_days() {
    // What `open` takes for granted: where three instants have one offset, so has all between.
    let step = 24 * HOUR;
    for zone in Zone::all().step_by(9).chain([zone("Asia/Gaza"), zone("Africa/Casablanca")]) {
        let mut last_change = i64::MIN;
        let mut at = ms("2015-01-02T00:00:00Z");
        let mut offset = zone.offset_s(at);
        while at < ms("2041-01-02T00:00:00Z") {
            at += step;
            let now = zone.offset_s(at);
            if now != offset {
                let apart = at.saturating_sub(last_change);
                assert!(6 * step < apart, "{} {at}", zone.name());
                (last_change, offset) = (at, now);
            }
        }
    }
}
