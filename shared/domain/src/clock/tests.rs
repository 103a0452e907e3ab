//! Hand-worked readings, and histories that make no sense.

use super::*;
use crate::case::{Grade, Step, Tier};
use crate::civil::{parse_rfc3339, rfc3339};
use crate::hours::Span;
use crate::zone::Zone;

const HOUR: i64 = 3_600_000;

fn ms(text: &str) -> i64 {
    parse_rfc3339(text).unwrap_or_else(|| panic!("{text}"))
}

fn shanghai(at: i64) -> String {
    rfc3339(at, 28_800)
}

/// Hours of the solution in working time for any grade, in an office from nine to six.
fn office(hours: i64) -> (Hours, Terms) {
    let mut calendar = Hours::office(Zone::SHANGHAI);
    for day in calendar.week.iter_mut().filter(|it| !it.is_empty()) {
        *day = vec![Span::new(540, 1080)];
    }
    let mut terms = Terms::shipped();
    terms.grades[1][1] = Some(Allowance::Working(hours * HOUR));
    (calendar, terms)
}

fn history(start: i64, steps: &[(i64, Step)]) -> Vec<Moment> {
    let started = Moment { at: start, step: Step::Started(Grade::General, Tier::None) };
    let others = steps.iter().map(|(hours, step)| Moment { at: start + hours * HOUR, step: *step });
    [started].into_iter().chain(others).collect()
}

/// The solution of a general case in wall time, 48 hours, in hours since its start.
fn wall(steps: &[(i64, Step)], now: i64) -> Reading {
    let hours = Hours::around_the_clock(Zone::UTC);
    clock(&hours, &Terms::shipped(), &history(0, steps), Clock::Solution, now * HOUR)
}

/// Kinds and lengths in hours.
fn shape(reading: &Reading) -> String {
    let part = |it: &Stretch| format!("{}{}", it.kind.name(), (it.to - it.from) / HOUR);
    reading.timeline.iter().map(part).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_clock_runs_until_it_is_late() {
    let at_due = wall(&[], 48);
    assert_eq!((at_due.state, at_due.remaining_ms), (ClockState::Running, 0));
    assert!(!at_due.was_late);
    let hours = Hours::around_the_clock(Zone::UTC);
    let late = clock(&hours, &Terms::shipped(), &history(0, &[]), Clock::Solution, 48 * HOUR + 1);
    assert_eq!((late.state, late.remaining_ms, late.due), (ClockState::Late, -1, Some(48 * HOUR)));
    assert!(late.was_late);
    assert_eq!(shape(&wall(&[], 50)), "running48 over2");
    assert_eq!(wall(&[(48, Step::Solved)], 60).state, ClockState::Met);
    let met = wall(&[(49, Step::Solved)], 60);
    assert_eq!((met.state, met.met_at), (ClockState::MetLate, Some(49 * HOUR)));
    assert_eq!(shape(&met), "running48 over1");
}

#[test]
fn each_clock_is_met_by_its_own_steps() {
    use Step::{Answered, Closed, Contested, Planned, Solved};
    let hours = Hours::around_the_clock(Zone::UTC);
    for (step, expected) in [
        (Answered, [true, false, false]),
        (Planned, [true, true, false]),
        (Solved, [true, true, false]),
        (Closed, [true, true, true]),
        (Contested, [false; 3]),
    ] {
        for (it, is_met) in Clock::ALL.into_iter().zip(expected) {
            let steps = history(0, &[(1, step), (2, step)]);
            let reading = clock(&hours, &Terms::shipped(), &steps, it, 3 * HOUR);
            assert_eq!(reading.met_at, is_met.then_some(HOUR), "{step:?} {it:?}");
        }
    }
}

#[test]
fn a_pause_shifts_what_is_due_by_its_length() {
    let paused = wall(&[(10, Step::Waiting)], 20);
    assert_eq!((paused.state, paused.due), (ClockState::Paused, None));
    assert_eq!((paused.spent_ms, paused.remaining_ms), (10 * HOUR, 38 * HOUR));
    let resumed = wall(&[(10, Step::Waiting), (25, Step::Resumed)], 30);
    assert_eq!(resumed.due, Some(63 * HOUR));
    assert_eq!(shape(&resumed), "running10 paused15 running5");
    // The answer does not wait for the customer.
    let hours = Hours::around_the_clock(Zone::UTC);
    let steps = history(0, &[(10, Step::Waiting)]);
    let answer = clock(&hours, &Terms::shipped(), &steps, Clock::Answer, 20 * HOUR);
    assert_eq!((answer.state, answer.due), (ClockState::Running, Some(24 * HOUR)));
}

#[test]
fn a_late_clock_that_waits_is_paused_and_late_again_afterwards() {
    let steps = [(50, Step::Waiting), (60, Step::Resumed)];
    let paused = wall(&steps[..1], 55);
    assert_eq!((paused.state, paused.remaining_ms), (ClockState::Paused, -2 * HOUR));
    assert!(paused.was_late);
    let late = wall(&steps, 61);
    assert_eq!((late.state, late.remaining_ms), (ClockState::Late, -3 * HOUR));
    assert_eq!(late.due, Some(48 * HOUR));
    assert_eq!(shape(&late), "running48 over2 paused10 over1");
}

#[test]
fn another_grade_is_measured_from_the_start_and_keeps_the_pauses() {
    let regrade = |grade| Step::Graded(grade, Tier::None);
    let steps = [(10, Step::Waiting), (20, Step::Resumed), (30, regrade(Grade::Major))];
    let reading = wall(&steps, 40);
    assert_eq!(reading.due, Some((72 + 10) * HOUR));
    assert_eq!(reading.spent_ms, 30 * HOUR);
    assert_eq!(shape(&reading), "running10 paused10 running20");
    // A stricter one can be due before anybody knew of it, and is late only from then on.
    let hours = Hours::around_the_clock(Zone::UTC);
    let steps = history(0, &[(5, regrade(Grade::Major))]);
    let answer = |now| clock(&hours, &Terms::shipped(), &steps, Clock::Answer, now * HOUR);
    assert_eq!((answer(6).state, answer(6).due), (ClockState::Late, Some(HOUR)));
    assert_eq!(shape(&answer(6)), "running5 over1");
    // A milder one makes it in time, and that it was late is not forgotten.
    let mut steps = steps;
    steps.push(Moment { at: 7 * HOUR, step: regrade(Grade::General) });
    let answer = clock(&hours, &Terms::shipped(), &steps, Clock::Answer, 8 * HOUR);
    assert_eq!((answer.state, answer.was_late), (ClockState::Running, true));
    assert_eq!(shape(&answer), "running5 over2 running1");
    // What was met was met under the grade of then.
    let met = wall(&[(47, Step::Solved), (60, regrade(Grade::Moderate))], 61);
    assert_eq!((met.state, met.due), (ClockState::Met, Some(48 * HOUR)));
}

#[test]
fn a_contested_solution_runs_on_without_the_time_since() {
    let steps = [(10, Step::Solved), (30, Step::Contested)];
    let reading = wall(&steps, 31);
    assert_eq!((reading.state, reading.due), (ClockState::Running, Some(68 * HOUR)));
    assert_eq!(reading.spent_ms, 11 * HOUR);
    assert_eq!(shape(&reading), "running10 paused20 running1");
    // What was planned stays planned, and what was answered answered.
    let planned = wall(&[(5, Step::Planned), (10, Step::Solved), (30, Step::Contested)], 31);
    assert_eq!((planned.state, planned.met_at), (ClockState::Met, Some(5 * HOUR)));
    // A grade of meanwhile holds from then on.
    let major = (20, Step::Graded(Grade::Major, Tier::None));
    let reading = wall(&[steps[0], major, steps[1]], 31);
    assert_eq!(reading.due, Some((72 + 20) * HOUR));
    // Who contests is no longer waited for.
    let waiting = [(9, Step::Waiting), (10, Step::Solved), (30, Step::Contested)];
    assert_eq!(wall(&waiting, 31).due, Some(69 * HOUR));
}

#[test]
fn coming_back_begins_a_round_and_keeps_the_one_before() {
    let again = Step::Started(Grade::Moderate, Tier::None);
    let reading = wall(&[(50, Step::Solved), (100, again)], 110);
    assert_eq!((reading.state, reading.due), (ClockState::Running, Some(172 * HOUR)));
    assert!(reading.was_late);
    assert_eq!(reading.started_at, 100 * HOUR);
    assert_eq!(shape(&reading), "running48 over2 running10");
    assert_eq!(reading.timeline.last().unwrap().round, 2);
    // A round that nobody ended ends there.
    assert_eq!(shape(&wall(&[(10, again)], 11)), "running10 running1");
}

#[test]
fn working_time_over_the_spring_festival() {
    let (hours, terms) = office(18);
    let start = ms("2026-02-13T17:30:00+08:00");
    let now = ms("2026-02-16T12:00:00+08:00");
    let reading = clock(&hours, &terms, &history(start, &[]), Clock::Solution, now);
    assert_eq!(reading.due.map(shanghai).as_deref(), Some("2026-02-24T17:30:00+08:00"));
    assert_eq!((reading.state, reading.is_working_time), (ClockState::Running, true));
    assert_eq!(reading.spent_ms, 9 * HOUR + HOUR / 2);
    assert_eq!(shape(&reading), "running0 outside15 running9 outside42");
    assert!(reading.is_known);
    // A pause from Saturday 11:30 to 9:30 on the first day after costs 6.5 + 0.5 hours of work.
    let steps = history(start, &[(18, Step::Waiting), (24 * 11 - 8, Step::Resumed)]);
    let now = ms("2026-02-24T10:00:00+08:00");
    let reading = clock(&hours, &terms, &steps, Clock::Solution, now);
    assert_eq!(reading.due.map(shanghai).as_deref(), Some("2026-02-25T15:30:00+08:00"));
    assert_eq!(reading.spent_ms, 3 * HOUR + HOUR / 2);
}

#[test]
fn due_at_a_close_is_late_after_it_though_nobody_worked_since() {
    let (hours, terms) = office(48);
    let start = ms("2026-04-30T15:00:00+08:00");
    let due = ms("2026-05-11T18:00:00+08:00");
    for (now, state) in [(due, ClockState::Running), (due + HOUR, ClockState::Late)] {
        let reading = clock(&hours, &terms, &history(start, &[]), Clock::Solution, now);
        assert_eq!((reading.due, reading.state), (Some(due), state));
        assert_eq!((reading.spent_ms, reading.remaining_ms), (48 * HOUR, 0));
    }
}

#[test]
fn two_working_days_end_with_the_second() {
    let (hours, terms) = office(1);
    let started = Step::Started(Grade::Moderate, Tier::Two);
    let start = ms("2026-09-30T11:00:00+08:00");
    let read = |steps: &[Moment], now| clock(&hours, &terms, steps, Clock::Solution, ms(now));
    let steps = [Moment { at: start, step: started }];
    let reading = read(&steps, "2026-09-30T12:00:00+08:00");
    assert_eq!(reading.due.map(shanghai).as_deref(), Some("2026-10-09T18:00:00+08:00"));
    assert_eq!(reading.allowance_ms, (7 + 18) * HOUR);
    // An hour at noon of the first day moves it by an hour of work, to Saturday, which is worked.
    let paused = [Step::Waiting, Step::Resumed].map(|step| {
        let hours = if step == Step::Waiting { 1 } else { 2 };
        Moment { at: start + hours * HOUR, step }
    });
    let reading = read(&[steps[0], paused[0], paused[1]], "2026-09-30T14:00:00+08:00");
    assert_eq!(reading.due.map(shanghai).as_deref(), Some("2026-10-10T10:00:00+08:00"));
}

#[test]
fn an_unknown_year_is_said_where_working_time_counts() {
    let (hours, terms) = office(48);
    let start = ms("2026-12-28T09:00:00+08:00");
    let reading = clock(&hours, &terms, &history(start, &[]), Clock::Solution, start);
    assert_eq!(reading.due.map(shanghai).as_deref(), Some("2027-01-04T12:00:00+08:00"));
    assert!(!reading.is_known);
    let reading = clock(&hours, &terms, &history(start, &[]), Clock::Closing, start);
    assert!(reading.is_known);
}

#[test]
fn a_share_is_when_that_much_is_used() {
    let hours = Hours::around_the_clock(Zone::UTC);
    let terms = Terms::shipped();
    let share = |steps: &[(i64, Step)], percent| {
        at_share(&hours, &terms, &history(0, steps), Clock::Solution, 12 * HOUR, percent)
    };
    for (percent, expected) in [(0, 0), (50, 24), (75, 36), (100, 48), (150, 72)] {
        assert_eq!(share(&[], percent), Some(expected * HOUR), "{percent}");
    }
    let waited = [(2, Step::Waiting), (8, Step::Resumed)];
    assert_eq!(share(&waited, 50), Some(30 * HOUR));
    assert_eq!(share(&waited[..1], 50), None);
    assert_eq!(share(&[(5, Step::Planned)], 50), None);
    let (office, terms) = office(18);
    let start = ms("2026-02-13T17:30:00+08:00");
    let half = at_share(&office, &terms, &history(start, &[]), Clock::Solution, start, 50).unwrap();
    assert_eq!(shanghai(half), "2026-02-14T17:30:00+08:00");
}

#[test]
fn a_senseless_history_has_a_defined_reading() {
    let hours = Hours::around_the_clock(Zone::UTC);
    let terms = Terms::shipped();
    let read = |steps: &[Moment], now| clock(&hours, &terms, steps, Clock::Solution, now);
    // Nothing began yet.
    for steps in [&[][..], &history(5, &[]), &[Moment { at: 0, step: Step::Solved }]] {
        let reading = read(steps, 4);
        assert_eq!((reading.state, reading.timeline.len()), (ClockState::Off, 0));
    }
    // The order given does not matter, and what is before the start does not count.
    let mut steps = history(0, &[(10, Step::Waiting), (20, Step::Resumed), (-5, Step::Solved)]);
    let reading = read(&steps, 30 * HOUR);
    steps.reverse();
    assert_eq!(read(&steps, 30 * HOUR), reading);
    assert_eq!(reading.due, Some(58 * HOUR));
    // Nor does what is after now.
    assert_eq!(read(&history(0, &[(9, Step::Solved)]), 8 * HOUR).state, ClockState::Running);
    // Twice is once.
    let twice = [(1, Step::Waiting), (2, Step::Waiting), (3, Step::Resumed), (4, Step::Resumed)];
    assert_eq!(wall(&twice, 5).due, Some(50 * HOUR));
    assert_eq!(wall(&[(1, Step::Contested), (2, Step::Resumed)], 5).due, Some(48 * HOUR));
    // The ends of time.
    let ends = [i64::MIN, 0, i64::MAX];
    let steps: Vec<Moment> = ends.into_iter().flat_map(|at| history(at, &[])).collect();
    let (office, working) = self::office(i64::MAX / HOUR);
    for clock in Clock::ALL {
        for now in ends {
            super::clock(&office, &working, &steps, clock, now);
            at_share(&office, &working, &steps[1..], clock, now, u16::MAX);
        }
    }
}

#[test]
fn a_calendar_without_work_is_never_due_and_no_allowance_is_off() {
    let (mut hours, mut terms) = office(8);
    hours.week = Default::default();
    hours.country = crate::calendar::Calendar::Plain;
    let start = ms("2026-09-30T11:00:00+08:00");
    let steps = [Moment { at: start, step: Step::Started(Grade::Moderate, Tier::Two) }];
    let reading = clock(&hours, &terms, &steps, Clock::Solution, start + HOUR);
    assert_eq!((reading.state, reading.due, reading.spent_ms), (ClockState::Running, None, 0));
    let steps = history(start, &[]);
    let reading = clock(&hours, &terms, &steps, Clock::Solution, start + HOUR);
    assert_eq!((reading.state, reading.due), (ClockState::Running, None));
    assert_eq!(shape(&reading), "outside1");
    terms.grades[1][1] = None;
    let reading = clock(&hours, &terms, &steps, Clock::Solution, start + HOUR);
    assert_eq!((reading.state, reading.timeline.len()), (ClockState::Off, 0));
    assert_eq!(at_share(&hours, &terms, &steps, Clock::Solution, start, 50), None);
}
