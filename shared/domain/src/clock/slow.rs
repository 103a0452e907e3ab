//! The clock against a slow one that looks at every minute.
//!
//! 100,000 random calendars, zones and histories. The slow clock shares nothing with the fast
//! one but the types: it asks chrono-tz for the time, marks each minute in which people work, and
//! counts minutes. To afford so many, the minutes of a longer story are 5 or 15 of them at once,
//! and everything in it happens on such a mark.

use crate::calendar::Calendar;
use crate::case::{Grade, Moment, Step, Tier};
use crate::civil::day_number;
use crate::clock::{Allowance, Clock, ClockState, Kind, Reading, Terms, at_share, clock};
use crate::dice::Dice;
use crate::hours::{Hours, Span};
use crate::zone::Zone;
use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{DateTime, MappedLocalTime, NaiveDateTime, Offset as _, TimeDelta, TimeZone as _};
use chrono_tz::Tz;

const MINUTE: i64 = 60_000;
const DAY_MINUTES: i64 = 1440;

/// Everything that a reading depends on.
#[derive(Debug)]
struct Story {
    tz: Tz,
    hours: Hours,
    terms: Terms,
    history: Vec<Moment>,
    clock: Clock,
    /// The minutes of a mark.
    grain: i64,
    /// The first instant that the slow clock looks at, and the number of marks after it.
    first: i64,
    marks: i64,
    now: i64,
}

/// Days near which clocks are put forward or back somewhere, and holidays.
const DAYS: [(i32, u8, u8); 16] = [
    (2026, 3, 8),
    (2026, 3, 29),
    (2026, 3, 28),
    (2026, 4, 5),
    (2026, 9, 6),
    (2026, 9, 27),
    (2026, 10, 4),
    (2026, 10, 25),
    (2026, 11, 1),
    (2026, 2, 14),
    (2026, 2, 22),
    (2026, 10, 1),
    (2026, 5, 1),
    (2018, 5, 5),
    (2026, 4, 24),
    (2040, 10, 27),
];

const ZONES: [Tz; 16] = [
    Tz::Asia__Shanghai,
    Tz::America__New_York,
    Tz::America__Los_Angeles,
    Tz::Europe__Berlin,
    Tz::Europe__Dublin,
    Tz::Australia__Lord_Howe,
    Tz::Antarctica__Troll,
    Tz::America__Nuuk,
    Tz::America__Havana,
    Tz::America__Santiago,
    Tz::Africa__Cairo,
    Tz::Asia__Beirut,
    Tz::Asia__Pyongyang,
    Tz::Asia__Gaza,
    Tz::Pacific__Chatham,
    Tz::UTC,
];

/// Zones by their names, which take long to look up.
static ZONED: LazyLock<HashMap<&str, Zone>> = LazyLock::new(|| {
    let zone = |it: &Tz| (it.name(), Zone::parse(it.name()).unwrap());
    chrono_tz::TZ_VARIANTS.iter().map(zone).collect()
});

fn story(dice: &mut Dice) -> Story {
    let tz = if dice.one_in(2) { dice.pick(&ZONES) } else { dice.pick(&chrono_tz::TZ_VARIANTS) };
    let (grain, marks) = dice.pick(&[(1, 1440), (5, 1200), (15, 1000), (15, 1000)]);
    let day = if dice.one_in(3) {
        day_number(2015, 1, 9).unwrap() + i32::try_from(dice.below(26 * 365 - 30)).unwrap()
    } else {
        let (year, month, day) = dice.pick(&DAYS);
        day_number(year, month, day).unwrap() - i32::try_from(dice.below(3)).unwrap()
    };
    let first = i64::from(day) * DAY_MINUTES * MINUTE;
    let start = dice.below(marks / 4);
    let mut history = Vec::new();
    let grades = |dice: &mut Dice| {
        let tiers = [Tier::None, Tier::None, Tier::One, Tier::Two];
        (dice.pick(&Grade::ALL), dice.pick(&tiers))
    };
    let (grade, tier) = grades(dice);
    history.push((start, Step::Started(grade, tier)));
    for _ in 0..dice.below(7) {
        let (grade, tier) = grades(dice);
        let step = dice.pick(&[
            Step::Graded(grade, tier),
            Step::Graded(grade, tier),
            Step::Waiting,
            Step::Waiting,
            Step::Waiting,
            Step::Resumed,
            Step::Resumed,
            Step::Resumed,
            Step::Answered,
            Step::Planned,
            Step::Solved,
            Step::Solved,
            Step::Contested,
            Step::Contested,
            Step::Closed,
            Step::Started(grade, tier),
        ]);
        history.push((dice.below(marks), step));
    }
    let at = |mark: i64| first + mark * grain * MINUTE;
    let history = history.into_iter().map(|(mark, step)| Moment { at: at(mark), step }).collect();
    let hours = hours(dice, tz, day, grain);
    let terms = terms(dice, grain, marks);
    let now = at(marks / 3 + dice.below(marks * 2 / 3));
    Story { tz, hours, terms, history, clock: dice.pick(&Clock::ALL), grain, first, marks, now }
}

fn hours(dice: &mut Dice, tz: Tz, day: i32, grain: i64) -> Hours {
    let mut hours = Hours::around_the_clock(ZONED[tz.name()]);
    if dice.one_in(8) {
        return hours;
    }
    for at in 0..7 {
        hours.week[at] = if dice.one_in(5) { Vec::new() } else { spans(dice, grain) };
    }
    hours.country = if dice.one_in(2) { Calendar::China } else { Calendar::Plain };
    if dice.one_in(2) {
        hours.make_up = spans(dice, grain);
    }
    for ahead in 0..14 {
        if dice.one_in(6) {
            let spans = if dice.one_in(2) { Vec::new() } else { spans(dice, grain) };
            hours.exceptions.push((day + ahead - 1, spans));
        }
    }
    hours
}

/// One to four shifts, often around the hours at which clocks change.
fn spans(dice: &mut Dice, grain: i64) -> Vec<Span> {
    let count = 1 + dice.below(4);
    let mut ends: Vec<i64> = (0..count * 2)
        .map(|_| {
            let minutes = if dice.one_in(3) { dice.below(241) } else { dice.below(1441) };
            minutes / grain * grain
        })
        .collect();
    ends.sort_unstable();
    ends.dedup();
    let minute = |it: i64| u16::try_from(it).unwrap();
    ends.chunks_exact(2).map(|it| Span::new(minute(it[0]), minute(it[1]))).collect()
}

fn terms(dice: &mut Dice, grain: i64, marks: i64) -> Terms {
    let allowance = |dice: &mut Dice| {
        let ms = dice.below(marks / 2) * grain * MINUTE;
        match dice.below(9) {
            0 => None,
            1..=3 => Some(Allowance::Wall(ms)),
            4..=7 => Some(Allowance::Working(ms / 3 / (grain * MINUTE) * grain * MINUTE)),
            // In minutes, some days are too many.
            _ if grain == 1 => None,
            _ => Some(Allowance::WorkingDays(u16::try_from(dice.below(4)).unwrap())),
        }
    };
    let mut row = || [allowance(dice), allowance(dice), allowance(dice)];
    let (grades, tiers) = ([row(), row(), row(), row()], [row(), row()]);
    Terms { grades, tiers, pauses: [dice.one_in(2), !dice.one_in(4), !dice.one_in(4)] }
}

/// The shifts of a day as instants.
fn opens(story: &Story, day: i32) -> Vec<(i64, i64)> {
    let spans = story.hours.day_spans(day);
    let ends = spans.iter().map(|it| [it.from, it.to]);
    // To ask for every minute is slow, and hardly ever needed.
    let [before, after] = [day - 1, day + 2].map(|it| {
        let midnight = DateTime::from_timestamp(i64::from(it) * 86_400, 0).unwrap().naive_utc();
        i64::from(story.tz.offset_from_utc_datetime(&midnight).fix().local_minus_utc()) * 1000
    });
    let at = |minute: u16| {
        if before == after {
            (i64::from(day) * DAY_MINUTES + i64::from(minute)) * MINUTE - before
        } else {
            resolve(story.tz, day, i64::from(minute))
        }
    };
    ends.map(|[from, to]| (at(from), at(to))).collect()
}

/// When local clocks show a minute: the first time, or later by what they skip.
fn resolve(tz: Tz, day: i32, minute: i64) -> i64 {
    let local_s = (i64::from(day) * DAY_MINUTES + minute) * 60;
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

/// Whether people work, mark by mark, from `first` on. A story plus some weeks.
fn open_marks(story: &Story, count: usize) -> Vec<bool> {
    let mut open = vec![false; count];
    let step = story.grain * MINUTE;
    let last = story.first + i64::try_from(count).unwrap() * step;
    let day_of = |at: i64| i32::try_from(at.div_euclid(DAY_MINUTES * MINUTE)).unwrap();
    for day in day_of(story.first) - 2..=day_of(last) + 2 {
        for (from, to) in opens(story, day) {
            let mark = |at: i64| {
                let at = at.clamp(story.first, last) - story.first;
                usize::try_from(at / step).unwrap()
            };
            if from < to {
                open[mark(from)..mark(to)].fill(true);
            }
        }
    }
    open
}

/// The closes of working days after the day of an instant, by the marks.
fn working_day_end(story: &Story, start: i64, n: u16) -> Option<i64> {
    let local = story.tz.timestamp_millis_opt(start).unwrap().naive_local();
    let today = i32::try_from(local.and_utc().timestamp().div_euclid(86_400)).unwrap();
    let mut left = n.max(1);
    for day in today + 1..today + 400 {
        let open = opens(story, day).into_iter().filter(|(from, to)| from < to);
        let ends = open.map(|(_, to)| to);
        if let Some(end) = ends.max() {
            left -= 1;
            if left == 0 {
                return Some(end);
            }
        }
    }
    None
}

/// A round while the marks go by.
struct Round {
    start: usize,
    grade: (Grade, Tier),
    /// What is allowed: marks, or `None` for what does not exist; and whether in working time.
    amount: Option<(Option<i64>, bool)>,
    is_waiting: bool,
    met: Option<usize>,
    /// Whether it stood still when it was met.
    was_paused: bool,
    is_contestable: bool,
    /// Mark by mark whether it counted, in whatever kind of time.
    counted: Vec<bool>,
    /// How many did: in wall time, in working time.
    spent: [i64; 2],
}

/// The slow clock itself.
struct Slow<'a> {
    story: &'a Story,
    open: Vec<bool>,
    kinds: Vec<Option<Kind>>,
    round: Option<Round>,
}

impl Slow<'_> {
    fn at(&self, mark: usize) -> i64 {
        self.story.first + i64::try_from(mark).unwrap() * self.step()
    }

    fn step(&self) -> i64 {
        self.story.grain * MINUTE
    }

    /// The allowance in marks. `None` inside if no such working day is in sight.
    fn amount(&self, start: usize, grade: (Grade, Tier)) -> Option<(Option<i64>, bool)> {
        Some(match self.story.terms.allowance(grade.0, grade.1, self.story.clock)? {
            Allowance::Wall(ms) => (Some(ms / self.step()), false),
            Allowance::Working(ms) => (Some(ms / self.step()), true),
            Allowance::WorkingDays(n) => {
                let end = working_day_end(self.story, self.at(start), n);
                let end = end.map(|it| usize::try_from((it - self.at(0)) / self.step()).unwrap());
                let open = end.and_then(|end| self.open.get(start..end));
                let open = open.map(|it| it.iter().filter(|it| **it).count());
                (open.map(|it| i64::try_from(it).unwrap()), true)
            }
        })
    }

    fn apply(&mut self, mark: usize, step: Step) {
        use Step::{
            Answered, Closed, Contested, Graded, Planned, Resumed, Solved, Started, Waiting,
        };
        if let Started(grade, tier) = step {
            let grade = (grade, tier);
            self.round = Some(Round {
                start: mark,
                grade,
                amount: self.amount(mark, grade),
                is_waiting: false,
                met: None,
                was_paused: false,
                is_contestable: false,
                counted: Vec::new(),
                spent: [0, 0],
            });
            return;
        }
        let Some(mut round) = self.round.take() else { return };
        let meets = match step {
            Closed => true,
            Answered => self.story.clock == Clock::Answer,
            Planned | Solved => self.story.clock != Clock::Closing,
            _ => false,
        };
        if meets && round.met.is_none() {
            round.met = Some(mark);
            round.was_paused = self.is_paused(&round);
            round.is_contestable = step == Solved && self.story.clock == Clock::Solution;
        } else if meets && step != Solved {
            round.is_contestable = false;
        }
        match step {
            Waiting => round.is_waiting = true,
            Resumed | Solved | Closed | Contested => round.is_waiting = false,
            Graded(grade, tier) => round.grade = (grade, tier),
            _ => {}
        }
        if step == Contested && round.is_contestable {
            for kind in &mut self.kinds[round.met.unwrap()..mark] {
                *kind = Some(Kind::Paused);
            }
            round.met = None;
            round.is_contestable = false;
        }
        if round.met.is_none() {
            round.amount = self.amount(round.start, round.grade);
        }
        self.round = Some(round);
    }

    fn is_paused(&self, round: &Round) -> bool {
        round.is_waiting && self.story.terms.pauses[self.story.clock.index()]
    }

    /// Lets a mark go by.
    fn tick(&mut self, mark: usize) {
        let Some(mut round) = self.round.take() else {
            self.kinds.push(None);
            return;
        };
        let is_counted = round.met.is_none() && !self.is_paused(&round);
        let is_open = self.open[mark];
        self.kinds.push(match round.amount {
            _ if round.met.is_some() => None,
            _ if !is_counted => Some(Kind::Paused),
            None => None,
            Some((amount, is_working)) => {
                let spent = round.spent[usize::from(is_working)];
                Some(if amount.is_some_and(|it| it <= spent) {
                    Kind::Over
                } else if is_working && !is_open {
                    Kind::Outside
                } else {
                    Kind::Running
                })
            }
        });
        round.spent[0] += i64::from(is_counted);
        round.spent[1] += i64::from(is_counted && is_open);
        round.counted.push(is_counted);
        self.round = Some(round);
    }

    /// When `ms` are used, and whether the slow clock saw far enough to tell.
    fn reach(&self, round: &Round, ms: Option<i64>, is_working: bool) -> (Option<i64>, bool) {
        let Some(ms) = ms else { return (None, true) };
        if ms == 0 {
            return (Some(self.at(round.start)), true);
        }
        let is_still = round.met.map_or(self.is_paused(round), |_| round.was_paused);
        // What counted until it was met, and everything from then on.
        let until = round.met.map_or(round.counted.len(), |met| met - round.start);
        let mut left = ms;
        for mark in round.start..self.open.len() {
            let is_past = mark - round.start < until;
            if !is_past && is_still {
                return (None, true);
            }
            let is_counted = !is_past || round.counted[mark - round.start];
            if is_counted && (!is_working || self.open[mark]) {
                if left <= self.step() {
                    return (Some(self.at(mark) + left), true);
                }
                left -= self.step();
            }
        }
        (None, false)
    }
}

/// What the slow clock makes of a story, compared with the fast one. False if it saw too little.
fn check(story: &Story, percent: u16) -> bool {
    let step = story.grain * MINUTE;
    // Some days more than the story has, for what is due later.
    let days = if story.grain == 1 { 3 } else { 16 };
    let count = usize::try_from(story.marks + days * DAY_MINUTES / story.grain).unwrap();
    let open = open_marks(story, count);
    let mut slow = Slow { story, open, kinds: Vec::new(), round: None };
    let mut history = story.history.clone();
    history.sort_by_key(|it| it.at);
    let mut steps = history.into_iter().peekable();
    let now = usize::try_from((story.now - story.first) / step).unwrap();
    for mark in 0..=now {
        while let Some(moment) = steps.next_if(|it| it.at == slow.at(mark)) {
            slow.apply(mark, moment.step);
        }
        if mark < now {
            slow.tick(mark);
        }
    }
    let Story { hours, terms, history, .. } = story;
    let reading = clock(hours, terms, history, story.clock, story.now);
    let share = at_share(hours, terms, history, story.clock, story.now, percent);
    assert_eq!(marks_of(story, &reading, now), slow.kinds);
    assert_eq!(reading.was_late, slow.kinds.contains(&Some(Kind::Over)));
    let Some(round) = &slow.round else {
        assert_eq!((reading.state, share), (ClockState::Off, None));
        return true;
    };
    assert_eq!(reading.started_at, slow.at(round.start));
    assert_eq!(reading.met_at, round.met.map(|it| slow.at(it)));
    let Some((amount, is_working)) = round.amount else {
        assert_eq!((reading.state, reading.due, share), (ClockState::Off, None, None));
        return true;
    };
    let spent = round.spent[usize::from(is_working)] * step;
    let allowance = amount.map(|it| it * step);
    assert_eq!((reading.spent_ms, reading.is_working_time), (spent, is_working));
    let (due, is_seen) = slow.reach(round, allowance, is_working);
    if !is_seen || (allowance.is_none() && reading.allowance_ms != 0) {
        let end = slow.at(slow.open.len());
        assert!(reading.due.is_none_or(|it| end < it), "{:?}", reading.due);
        return false;
    }
    assert_eq!(reading.allowance_ms, allowance.unwrap_or(0));
    assert_eq!(reading.remaining_ms, allowance.unwrap_or(0) - spent);
    let end = round.met.map_or(story.now, |it| slow.at(it));
    let is_late = due.is_some_and(|due| due < end);
    let state = match (round.met, slow.is_paused(round), is_late) {
        (Some(_), _, false) => ClockState::Met,
        (Some(_), _, true) => ClockState::MetLate,
        (None, true, _) => ClockState::Paused,
        (None, false, false) => ClockState::Running,
        (None, false, true) => ClockState::Late,
    };
    assert_eq!(reading.state, state);
    assert_eq!(reading.due, due.filter(|_| state != ClockState::Paused));
    if !matches!(state, ClockState::Running | ClockState::Late) {
        assert_eq!(share, None);
        return true;
    }
    let part = allowance.map(|it| it * i64::from(percent) / 100);
    let (expected, is_seen) = slow.reach(round, part, is_working);
    if is_seen {
        assert_eq!(share, expected, "{percent} %");
    }
    is_seen
}

/// A timeline mark by mark; it has no overlaps and is in order.
fn marks_of(story: &Story, reading: &Reading, now: usize) -> Vec<Option<Kind>> {
    let mut kinds = vec![None; now];
    let mark = |at: i64| usize::try_from((at - story.first) / (story.grain * MINUTE)).unwrap();
    let mut end = story.first;
    for it in &reading.timeline {
        assert!(end <= it.from && it.from < it.to, "{:?}", reading.timeline);
        end = it.to;
        kinds[mark(it.from)..mark(it.to)].fill(Some(it.kind));
    }
    kinds
}

/// A quarter of the 100,000, so that they run beside each other.
fn check_many(seed: u64) {
    let mut dice = Dice(seed);
    let mut seen = 0;
    for number in 0..25_000 {
        let story = story(&mut dice);
        let percent = dice.pick(&[0, 1, 50, 75, 100, 130]);
        let result = std::panic::catch_unwind(|| check(&story, percent));
        seen += match result {
            Ok(is_seen) => i32::from(is_seen),
            Err(_) => panic!("story {number} of {seed}, {percent} %: {story:?}"),
        };
    }
    // Were most too long for the slow clock, the test would say little.
    assert!(23_000 < seen, "{seen} of 25,000");
}

#[test]
fn the_first_quarter_agrees_with_the_slow_clock() {
    check_many(1);
}

#[test]
fn the_second_quarter_agrees_with_the_slow_clock() {
    check_many(2);
}

#[test]
fn the_third_quarter_agrees_with_the_slow_clock() {
    check_many(3);
}

#[test]
fn the_last_quarter_agrees_with_the_slow_clock() {
    check_many(4);
}

/// Measured alone: `cargo test -p domain --release --lib slow -- --ignored`.
#[test]
#[ignore = "a measurement"]
fn the_clocks_of_an_open_case_take_microseconds() {
    let at = |day: i32, hour: i64| {
        (i64::from(day_number(2026, 9, 14).unwrap() + day) * 24 + hour) * 60 * MINUTE
    };
    let steps = [
        (0, 2, Step::Started(Grade::Moderate, Tier::Two)),
        (0, 5, Step::Answered),
        (1, 3, Step::Waiting),
        (3, 6, Step::Resumed),
        (4, 2, Step::Graded(Grade::Major, Tier::One)),
        (5, 2, Step::Solved),
        (7, 2, Step::Contested),
    ];
    let history = steps.map(|(day, hour, step)| Moment { at: at(day, hour), step });
    let mut terms = Terms::shipped();
    for row in &mut terms.grades[1..] {
        row[1] = Some(Allowance::Working(24 * 60 * MINUTE));
        row[2] = Some(Allowance::Working(56 * 60 * MINUTE));
    }
    let names = ["Asia/Shanghai", "America/New_York"];
    for (name, days) in names.into_iter().flat_map(|it| [(it, 10), (it, 60)]) {
        let hours = Hours::office(Zone::parse(name).unwrap());
        let began = std::time::Instant::now();
        let rounds = 2000;
        for _ in 0..rounds {
            for it in Clock::ALL {
                let read = clock(&hours, &terms, std::hint::black_box(&history), it, at(days, 4));
                assert_eq!(read.state == ClockState::Met, it == Clock::Answer);
            }
        }
        let micros = began.elapsed().as_secs_f64() * 1e6 / f64::from(rounds);
        assert!(micros <= 50.0, "{name}, open for {days} days: three clocks in {micros:.1} µs");
    }
}
