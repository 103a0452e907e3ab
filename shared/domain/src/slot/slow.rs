//! Slots against a slow search that looks at every minute.
//!
//! Random supply: calendars in several zones, most of it near days on which clocks turn or China
//! makes up for a holiday. The slow search shares nothing with the fast one but the types: it asks
//! chrono-tz what clocks show, marks the minutes of each shift, and looks at every minute of a call
//! for each person and line.

use chrono::{DateTime, Datelike as _, MappedLocalTime, NaiveDateTime, Offset as _, TimeDelta};
use chrono::{TimeZone as _, Timelike as _};
use chrono_tz::Tz;
use std::collections::{HashMap, HashSet};
use std::io::Write as _;

use super::*;
use crate::calendar::Calendar as Country;
use crate::callback::Quiet;
use crate::civil::day_number;
use crate::dice::Dice;
use crate::hours::Span;

const MINUTE: i64 = 60_000;

/// Most minutes that a story is looked at.
const MINUTES: usize = 4 * 1440;

const ZONES: [Tz; 8] = [
    Tz::America__New_York,
    Tz::America__New_York,
    Tz::Europe__London,
    Tz::Australia__Lord_Howe,
    Tz::Asia__Kathmandu,
    Tz::Asia__Shanghai,
    Tz::Asia__Shanghai,
    Tz::America__Nuuk,
];

/// Days on which the clocks of a zone turn, or people work in place of a holiday.
const DAYS: [(i32, u8, u8, Tz); 13] = [
    (2026, 3, 8, Tz::America__New_York),
    (2026, 11, 1, Tz::America__New_York),
    (2026, 3, 29, Tz::Europe__London),
    (2026, 10, 25, Tz::Europe__London),
    (2026, 4, 5, Tz::Australia__Lord_Howe),
    (2026, 10, 4, Tz::Australia__Lord_Howe),
    (2026, 3, 28, Tz::America__Nuuk),
    (2026, 2, 14, Tz::Asia__Shanghai),
    (2026, 2, 23, Tz::Asia__Shanghai),
    (2026, 10, 1, Tz::Asia__Shanghai),
    (2026, 10, 10, Tz::Asia__Shanghai),
    (2026, 5, 9, Tz::Asia__Shanghai),
    (2026, 11, 23, Tz::Asia__Kathmandu),
];

/// Everything that slots depend on.
#[derive(Debug)]
struct Story {
    zones: Vec<Tz>,
    callee: Tz,
    calendars: Vec<Hours>,
    callers: Vec<Caller>,
    wanted: Wanted,
    /// The first minute that is looked at.
    first: i64,
}

fn story(dice: &mut Dice) -> Story {
    let (year, month, day, turning) = dice.pick(&DAYS);
    let day = day_number(year, month, day).unwrap();
    let first = i64::from(day - 2) * DAY_MS;
    let mut zones: Vec<Tz> = (0..=dice.below(3)).map(|_| dice.pick(&ZONES)).collect();
    zones[0] = turning;
    let calendars: Vec<Hours> = zones.iter().map(|tz| hours(dice, *tz, day)).collect();
    let callee = dice.pick(&ZONES);
    let now = first + dice.below(2 * 1440) * MINUTE + dice.below(3) * 17_003;
    let from = now + (dice.below(1500) - 300) * MINUTE;
    let wanted = Wanted {
        service: service(dice),
        agent_id: if dice.one_in(12) { "b".to_owned() } else { String::new() },
        language: dice.pick(&["", "", "", "en", "zh-CN", "fr"]).to_owned(),
        zone: Zone::parse(callee.name()).unwrap(),
        now,
        from,
        until: from + (60 + dice.below(4 * 1440)) * MINUTE,
    };
    let ids = ["a", "b", "c", "d", "e"];
    let callers = ids.iter().take(usize::try_from(1 + dice.below(5)).unwrap());
    let callers = callers.map(|id| caller(dice, id, &zones, first)).collect();
    Story { zones, callee, calendars, callers, wanted, first }
}

fn service(dice: &mut Dice) -> Service {
    let clock = |dice: &mut Dice| u16::try_from(dice.below(1440)).unwrap();
    let quiet = Quiet { from: clock(dice), until: clock(dice) };
    Service {
        length_min: dice.pick(&[5, 10, 15, 30, 60, 90]),
        every_min: dice.pick(&[5, 10, 15, 20, 30, 45]),
        before_min: dice.pick(&[0, 0, 5, 30]),
        after_min: dice.pick(&[0, 5, 5, 60]),
        notice_min: dice.pick(&[0, 60, 1441]),
        horizon_days: dice.pick(&[1, 2, 30, 30, 30]),
        skills: if dice.one_in(6) { vec!["x".to_owned()] } else { Vec::new() },
        quiet: dice.one_in(2).then_some(quiet).filter(|it| it.from != it.until),
        ..Service::default()
    }
}

fn hours(dice: &mut Dice, tz: Tz, day: i32) -> Hours {
    let zone = Zone::parse(tz.name()).unwrap();
    let mut hours = Hours::around_the_clock(zone);
    if dice.one_in(8) {
        return hours;
    }
    for at in 0..7 {
        hours.week[at] = if dice.one_in(5) { Vec::new() } else { spans(dice) };
    }
    hours.country = if dice.one_in(2) { Country::China } else { Country::Plain };
    if dice.one_in(2) {
        hours.make_up = spans(dice);
    }
    for ahead in 0..5 {
        if dice.one_in(6) {
            let spans = if dice.one_in(2) { Vec::new() } else { spans(dice) };
            hours.exceptions.push((day + ahead - 2, spans));
        }
    }
    hours
}

/// Some shifts, often around the hours at which clocks turn, and one after the other.
fn spans(dice: &mut Dice) -> Vec<Span> {
    let minute = |it: i64| u16::try_from(it).unwrap();
    let count = 2 + dice.below(5);
    let grain = dice.pick(&[1, 5, 15]);
    let by_night = dice.one_in(3);
    let mut ends: Vec<u16> = (0..count)
        .map(|_| match by_night || dice.one_in(4) {
            // Clocks turn in the first hours, and in Nuuk in the last one.
            true => (dice.below(361) + 1380) % 1440,
            false => dice.below(1441),
        })
        .map(|it| minute(it / grain * grain))
        .collect();
    ends.sort_unstable();
    ends.dedup();
    let mut spans: Vec<Span> = ends.windows(2).map(|it| Span::new(it[0], it[1])).collect();
    spans.retain(|_| !dice.one_in(3));
    for it in &mut spans {
        it.capacity = minute(dice.pick(&[1, 1, 1, 2, 3, 0]));
    }
    spans
}

fn caller(dice: &mut Dice, id: &str, zones: &[Tz], first: i64) -> Caller {
    let calendar = usize::try_from(dice.below(zones.len() as i64)).unwrap();
    let at = |dice: &mut Dice| first + dice.below(i64::try_from(MINUTES).unwrap()) * MINUTE;
    let absence = |dice: &mut Dice| {
        let from = at(dice) + dice.below(2) * 1_234;
        (from, from + dice.below(900) * MINUTE + dice.below(2))
    };
    let busy = |dice: &mut Dice| {
        let start = at(dice) / (5 * MINUTE) * 5 * MINUTE + dice.below(2) * 2 * MINUTE;
        let length = dice.pick(&[5, 15, 60, 120]) * MINUTE;
        let before = dice.pick(&[0, 0, 30]) * MINUTE;
        let pieces = of(start - before, start + length);
        let day = i64::from(local(zones[calendar], start).date().num_days_from_ce()) - CE;
        Busy { lane: dice.pick(&[0, 0, 0, 1, 2]), first: pieces.start, end: pieces.end, day }
    };
    let texts = |list: &[&str]| list.iter().map(|it| (*it).to_owned()).collect::<Vec<String>>();
    Caller {
        id: id.to_owned(),
        calendar,
        absences: (0..dice.below(4)).map(|_| absence(dice)).collect(),
        skills: texts(dice.pick(&[&["x", "y"][..], &["x"], &["x"], &[]])),
        languages: texts(dice.pick(&[&[][..], &[], &["en"], &["zh", "en"], &["fr"]])),
        cap: dice.pick(&[0, 1, 2, 3, 20, 20, 20, 20]),
        busy: (0..dice.below(12)).map(|_| busy(dice)).collect(),
    }
}

/// The day 1970-01-01 as chrono counts it.
const CE: i64 = 719_163;

fn local(tz: Tz, at: i64) -> NaiveDateTime {
    tz.timestamp_millis_opt(at).unwrap().naive_local()
}

/// When local clocks show a minute: the first time, or later by what they skip.
fn resolve(tz: Tz, day: i32, minute: u16) -> i64 {
    let local_s = (i64::from(day) * 1440 + i64::from(minute)) * 60;
    let local: NaiveDateTime = DateTime::from_timestamp(local_s, 0).unwrap().naive_utc();
    match tz.from_local_datetime(&local) {
        MappedLocalTime::Single(at) => at.timestamp_millis(),
        MappedLocalTime::Ambiguous(first, second) => {
            first.timestamp_millis().min(second.timestamp_millis())
        }
        MappedLocalTime::None => {
            let before = tz.from_local_datetime(&(local - TimeDelta::hours(4))).latest().unwrap();
            local_s * 1000 - i64::from(before.offset().fix().local_minus_utc()) * 1000
        }
    }
}

/// Of a minute, the shift that it is in: its first minute, and how many calls at once.
type Marks = HashMap<i64, (i64, u16)>;

fn marks(story: &Story, nth: usize) -> Marks {
    let (hours, tz) = (&story.calendars[nth], story.zones[nth]);
    let today = i32::try_from(story.first / DAY_MS).unwrap();
    let mut shifts = Vec::new();
    for day in today - 2..today + 8 {
        for it in hours.day_spans(day) {
            let [open, close] = [it.from, it.to].map(|it| resolve(tz, day, it) / MINUTE);
            shifts.push((open, close, it.capacity));
        }
    }
    shifts.sort_unstable();
    let mut marks = Marks::new();
    for (open, close, capacity) in shifts {
        // Where two overlap, the first has that time.
        let free: Vec<i64> = (open..close).filter(|it| !marks.contains_key(it)).collect();
        for minute in &free {
            marks.insert(*minute, (free[0], capacity));
        }
    }
    marks
}

/// The slow search.
struct Slow<'a> {
    story: &'a Story,
    marks: Vec<Marks>,
    /// The lines and pieces that each caller sold.
    sold: Vec<HashSet<(i64, i64)>>,
}

impl<'a> Slow<'a> {
    fn new(story: &'a Story) -> Slow<'a> {
        let sold = |it: &Caller| {
            let mut sold = HashSet::new();
            for it in &it.busy {
                sold.extend((it.first..it.end).map(|piece| (it.lane, piece)));
            }
            sold
        };
        Slow {
            story,
            marks: (0..story.calendars.len()).map(|it| marks(story, it)).collect(),
            sold: story.callers.iter().map(sold).collect(),
        }
    }

    fn is_quiet(&self, start: i64) -> bool {
        let service = &self.story.wanted.service;
        let Some(quiet) = service.quiet else { return false };
        (0..service.length_min).any(|it| {
            let clock = local(self.story.callee, start + it * MINUTE);
            let minute = u16::try_from(clock.hour() * 60 + clock.minute()).unwrap();
            if quiet.from < quiet.until {
                quiet.from <= minute && minute < quiet.until
            } else {
                quiet.from <= minute || minute < quiet.until
            }
        })
    }

    fn can(&self, it: &Caller) -> bool {
        let wanted = &self.story.wanted;
        let language = wanted.language.split('-').next().unwrap().to_owned();
        let speaks = it.languages.contains(&language) || it.languages.is_empty();
        let able = wanted.service.skills.iter().filter(|skill| !it.skills.contains(skill)).count();
        let is_asked = wanted.agent_id.is_empty() || wanted.agent_id == it.id;
        (language.is_empty() || speaks) && able == 0 && is_asked && it.cap != 0
    }

    /// How many calls somebody makes at once in the shift in which all of a call lies, if they are
    /// there. The grid is not looked at.
    fn at_work(&self, it: &Caller, start: i64) -> Option<(i64, u16)> {
        let marks = &self.marks[it.calendar];
        let minute = start / MINUTE;
        let shift = *marks.get(&minute)?;
        for minute in minute..minute + self.story.wanted.service.length_min {
            let at = minute * MINUTE;
            let is_away = it.absences.iter().any(|it| it.0 < at + MINUTE && at < it.1);
            if marks.get(&minute) != Some(&shift) || is_away {
                return None;
            }
        }
        (shift.1 != 0).then_some(shift)
    }

    fn is_sold(&self, nth: usize, lane: i64, start: i64, end: i64) -> bool {
        (start..end).step_by(60_000).any(|at| self.sold[nth].contains(&(lane, at / (5 * MINUTE))))
    }

    /// What the fast one says of a time, by looking at every minute of it.
    fn places(&self, start: i64) -> Result<Vec<Place>, NoSlot> {
        let (wanted, service) = (&self.story.wanted, &self.story.wanted.service);
        let ahead = start - wanted.now;
        if ahead < 0 {
            return Err(NoSlot::Past);
        } else if ahead < service.notice_min * MINUTE {
            return Err(NoSlot::TooSoon);
        } else if service.horizon_days * 1440 * MINUTE < ahead {
            return Err(NoSlot::TooFar);
        } else if self.is_quiet(start) {
            return Err(NoSlot::Quiet);
        }
        let end = start + (service.length_min + service.after_min) * MINUTE;
        let mut found = Vec::new();
        let mut is_work = false;
        for (nth, it) in self.story.callers.iter().enumerate().filter(|it| self.can(it.1)) {
            let Some((open, capacity)) = self.at_work(it, start) else { continue };
            if (start / MINUTE - open) % service.every_min != 0 {
                continue;
            }
            is_work = true;
            let tz = self.story.zones[it.calendar];
            let day = i64::from(local(tz, start).date().num_days_from_ce()) - CE;
            let that_day = it.busy.iter().filter(|it| it.day == day).count();
            let is_in = |it: &&Busy| {
                (it.first..it.end).any(|piece| {
                    let [from, until] = [piece, piece + 1].map(|it| it * 5 * MINUTE);
                    from < wanted.until && wanted.from < until
                })
            };
            let at_all = it.busy.iter().filter(is_in).count();
            if i64::try_from(that_day).unwrap() < it.cap {
                let before = start - service.before_min * MINUTE;
                let is_free = |lane: &i64| !self.is_sold(nth, *lane, before, end);
                for (rank, lane) in (0..i64::from(capacity)).filter(is_free).enumerate() {
                    let place = Place { agent_id: it.id.clone(), lane, day, cap: it.cap };
                    found.push((rank, that_day, at_all, &it.id, place));
                }
            }
        }
        found.sort_by_key(|it| (it.0, it.1, it.2, it.3));
        match (found.is_empty(), is_work) {
            (true, true) => Err(NoSlot::Taken),
            (true, false) => Err(NoSlot::NoSlotBegins),
            _ => Ok(found.into_iter().map(|it| it.4).collect()),
        }
    }

    /// The queue is served piece by piece; when whoever has so many before them is called.
    fn estimate(&self, most: usize) -> Vec<i64> {
        let (wanted, service) = (&self.story.wanted, &self.story.wanted.service);
        let horizon = wanted.now + service.horizon_days * 1440 * MINUTE;
        let takes = (service.length_min + service.after_min) / 5;
        let mut calls = Vec::new();
        let mut engaged: HashMap<(usize, i64), i64> = HashMap::new();
        let last = wanted.until.min(horizon).div_euclid(5 * MINUTE);
        for piece in wanted.now / (5 * MINUTE)..last {
            let at = wanted.now.max(piece * 5 * MINUTE);
            for (nth, it) in self.story.callers.iter().enumerate().filter(|it| self.can(it.1)) {
                let Some(capacity) = self.serves(it, at) else { continue };
                for lane in 0..i64::from(capacity) {
                    let is_engaged = engaged.get(&(nth, lane)).is_some_and(|it| piece < *it);
                    let is_sold =
                        (piece..piece + takes).any(|it| self.sold[nth].contains(&(lane, it)));
                    if !is_engaged && !is_sold {
                        engaged.insert((nth, lane), piece + takes);
                        calls.push(at);
                    }
                }
            }
            if most < calls.len() {
                break;
            }
        }
        calls
    }

    /// How many calls at once somebody could begin at an instant, whatever it is.
    fn serves(&self, it: &Caller, at: i64) -> Option<u16> {
        let length = self.story.wanted.service.length_min * MINUTE;
        let marks = &self.marks[it.calendar];
        let shift = *marks.get(&(at / MINUTE))?;
        let mut minutes = at / MINUTE..=(at + length - 1) / MINUTE;
        let is_whole = minutes.all(|it| marks.get(&it) == Some(&shift));
        let is_away = it.absences.iter().any(|it| it.0 < at + length && at < it.1);
        let is_quiet = (0..2).any(|it| self.is_quiet(at + it * (MINUTE - 1)));
        let is_quiet = if at % MINUTE == 0 { self.is_quiet(at) } else { is_quiet };
        (is_whole && !is_away && !is_quiet && shift.1 != 0).then_some(shift.1)
    }
}

/// Compares the two; true if there was something to offer.
fn check(story: &Story) -> bool {
    let slow = Slow::new(story);
    let wanted = &story.wanted;
    let fast = Availability::new(wanted.clone(), &story.calendars, story.callers.clone());
    let mut expected = Vec::new();
    let mut minute = wanted.from / MINUTE * MINUTE;
    if minute < wanted.from {
        minute += MINUTE;
    }
    while minute < wanted.until {
        let places = slow.places(minute);
        // Every seventh that is not offered is asked about as well.
        if places.is_ok() || minute / MINUTE % 7 == 0 {
            assert_eq!(fast.places(minute), places, "{minute}");
        }
        if let Ok(places) = places {
            let mut who: Vec<&str> = places.iter().map(|it| it.agent_id.as_str()).collect();
            who.sort_unstable();
            who.dedup();
            expected.push(Slot {
                start: minute,
                end: minute + wanted.service.length_min * MINUTE,
                free: who.len(),
                agent_id: places[0].agent_id.clone(),
            });
        }
        minute += MINUTE;
    }
    assert_eq!(fast.slots(usize::MAX), expected);
    let from_now = Wanted { from: wanted.now, ..wanted.clone() };
    let fast = Availability::new(from_now, &story.calendars, story.callers.clone());
    let calls = slow.estimate(20);
    for ahead in 0..20 {
        assert_eq!(fast.estimate(ahead), calls.get(ahead).copied(), "{ahead} ahead");
    }
    !expected.is_empty()
}

fn check_many(seed: u64) {
    let mut dice = Dice(seed);
    let mut offered = 0;
    for number in 0..200 {
        let story = story(&mut dice);
        match std::panic::catch_unwind(|| check(&story)) {
            Ok(has_slots) => offered += i32::from(has_slots),
            Err(_) => panic!("story {number} of {seed}: {story:?}"),
        }
    }
    // Were most without slots, the test would say little.
    assert!(80 < offered, "{offered} of 200");
}

#[test]
fn the_first_half_agrees_with_the_slow_search() {
    check_many(1);
}

#[test]
fn the_second_half_agrees_with_the_slow_search() {
    check_many(2);
}

/// Measured alone: `cargo test -p domain --release --lib slot::slow -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn sixty_days_of_two_hundred_agents_take_milliseconds() {
    let names = ["Asia/Shanghai", "America/New_York", "Europe/London", "Asia/Kathmandu", "UTC"];
    let calendars: Vec<Hours> =
        names.iter().map(|it| Hours::office(Zone::parse(it).unwrap())).collect();
    let mut dice = Dice(7);
    let now = 1_795_311_000_000;
    let callers: Vec<Caller> = (0..200).map(|nth| busy_caller(&mut dice, nth, now)).collect();
    let wanted = Wanted {
        service: Service { horizon_days: 60, ..Service::default() },
        agent_id: String::new(),
        language: "zh-CN".to_owned(),
        zone: Zone::SHANGHAI,
        now,
        from: now,
        until: now + 60 * DAY_MS,
    };
    let took = |what: &str, work: &dyn Fn(&Availability) -> usize| {
        let rounds = 20;
        let began = std::time::Instant::now();
        let mut found = 0;
        for _ in 0..rounds {
            let it = Availability::new(wanted.clone(), &calendars, callers.clone());
            found = work(std::hint::black_box(&it));
        }
        let ms = began.elapsed().as_secs_f64() * 1e3 / f64::from(rounds);
        writeln!(std::io::stdout(), "{what}: {found} in {ms:.2} ms").unwrap();
        ms
    };
    let all = took("slots", &|it| it.slots(usize::MAX).len());
    took("nearest", &|it| it.nearest(now + 20 * DAY_MS, 5).len());
    let start = Availability::new(wanted.clone(), &calendars, callers.clone()).slots(1)[0].start;
    took("places", &|it| it.places(start).unwrap().len());
    took("estimate of 10", &|it| usize::from(it.estimate(10).is_some()));
    took("estimate of 10,000", &|it| usize::from(it.estimate(10_000).is_some()));
    assert!(all < 25.0, "{all:.1} ms");
}

/// Somebody with three calls on each of the next sixty days.
fn busy_caller(dice: &mut Dice, nth: usize, now: i64) -> Caller {
    let first = now / (5 * MINUTE);
    let busy = |at: i64| {
        let first = first + at / 3 * 288 + dice.below(8) * 12;
        Busy { lane: 0, first, end: first + 4, day: first * 5 * MINUTE / DAY_MS }
    };
    Caller {
        id: format!("agt_{nth:03}"),
        calendar: nth % 5,
        absences: vec![(now + 5 * DAY_MS, now + 8 * DAY_MS)],
        cap: 20,
        busy: (0..180).map(busy).collect(),
        ..Caller::default()
    }
}
