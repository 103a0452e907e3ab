//! The times that the clocks make of a case's history, and when time does something to it.

use domain::case::{Moment, State};
use domain::clock::{Clock, ClockState, Reading, at_share, clock};
use domain::ladder::{self, Plan, Step};
use store::cases::Case;
use web::ladder::Ladder;

use super::Book;
use super::book::Promise;

/// What the three clocks of a case show.
pub fn readings(promise: &Promise, history: &[Moment], now: i64) -> [Reading; 3] {
    Clock::ALL.map(|it| clock(&promise.hours, &promise.terms, history, it, now))
}

/// Which steps of the ladder are due, and when the next one is.
pub fn plan<'a>(
    promise: &Promise,
    ladder: &'a Ladder,
    case: &Case,
    history: &[Moment],
    now: i64,
) -> Plan<'a> {
    let at = |step: &Step| {
        let (hours, terms) = (&promise.hours, &promise.terms);
        let at = at_share(hours, terms, history, step.clock, now, step.percent)?;
        // What can wait for people waits for them.
        if step.is_working { hours.next_open(at) } else { Some(at) }
    };
    ladder::plan(&ladder.steps, &case.ladder_done, case.reopened + 1, now, at)
}

/// Sets what is due and when, and when time does something to the case.
pub(crate) fn settle(book: &Book, case: &mut Case, history: &[Moment], now: i64) {
    let promise = book.promise();
    let readings = readings(&promise, history, now);
    let due = |it: &Reading| match it.state {
        ClockState::Paused | ClockState::Off => None,
        _ => it.due,
    };
    let [answer, solution, closing] = &readings;
    case.answer_due = due(answer);
    case.solution_due = due(solution);
    case.closing_due = due(closing);
    let runs = |it: &&Reading| matches!(it.state, ClockState::Running | ClockState::Late);
    case.next_due = readings.iter().filter(runs).filter_map(|it| it.due).min();
    for (at, it) in readings.iter().enumerate() {
        if it.was_late {
            case.late |= 1 << at;
        }
    }
    // What time does next is for the tick to say, which looks at what was changed: whoever else
    // changes a case carries nothing of the ladder.
    let is_over = matches!(case.state.as_str(), "closed" | "merged");
    case.next_step = if is_over { None } else { Some(now) };
}

/// When time does something to a case that was settled.
pub fn next_step(
    book: &Book,
    (promise, ladder): (&Promise, &Ladder),
    case: &Case,
    history: &[Moment],
    now: i64,
) -> Option<i64> {
    let state = State::parse(&case.state)?;
    if matches!(state, State::Closed | State::Merged) {
        return None;
    }
    let plan = plan(promise, ladder, case, history, now);
    let due = if plan.due.is_empty() { plan.next } else { Some(now) };
    // What was solved, and is not contested as long as it could be, is to be closed.
    let round = case.reopened + 1;
    let is_reminded = ladder::is_done(&case.ladder_done, &ladder::reminder(round));
    let remind = case.solved_at.filter(|_| state == State::Solved && !is_reminded);
    let remind = remind.map(|it| it + book.reopen_ms());
    [due, remind].into_iter().flatten().min()
}
