//! The promise of a case: three clocks, what they allow, and what they show.
//!
//! `terms` says what is allowed, `round` what of a history counts, and here is what follows.
//! What a clock shows depends on its arguments alone, so that it can be computed again at any
//! time, under other terms as well, and nothing of the history is lost.

mod round;
mod terms;

pub use terms::{Allowance, Clock, Terms};

use crate::UtcMs;
use crate::case::Moment;
use crate::hours::Hours;

use round::{Amount, Round};

/// How a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockState {
    /// It runs, and there is time left.
    Running,
    /// The customer has to act.
    Paused,
    /// What it waited for happened in time.
    Met,
    /// It runs on past its due time.
    Late,
    /// What it waited for happened, but late.
    MetLate,
    /// Nothing is promised.
    Off,
}

impl ClockState {
    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            ClockState::Running => "running",
            ClockState::Paused => "paused",
            ClockState::Met => "met",
            ClockState::Late => "late",
            ClockState::MetLate => "met_late",
            ClockState::Off => "off",
        }
    }
}

/// What a clock did during a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It ran.
    Running,
    /// It stood still: the customer had to act, or a solution was accepted that was none.
    Paused,
    /// It counts working time, and nobody was at work.
    Outside,
    /// It was past its due time. Nights are not left out.
    Over,
}

impl Kind {
    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Running => "running",
            Kind::Paused => "paused",
            Kind::Outside => "outside",
            Kind::Over => "over",
        }
    }
}

/// A stretch of a clock's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Its first instant.
    pub from: UtcMs,
    /// Its end, which is not part of it.
    pub to: UtcMs,
    /// What the clock did.
    pub kind: Kind,
    /// In which round, from 1; every coming back is a round.
    pub round: u16,
}

/// What a clock shows, of the last round unless it says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// How it stands.
    pub state: ClockState,
    /// When it is or was due. None while it is paused or off, if it was met in a pause, and if
    /// there is too little working time ahead.
    pub due: Option<UtcMs>,
    /// The time allowed, of its own kind.
    pub allowance_ms: i64,
    /// The time used, without pauses.
    pub spent_ms: i64,
    /// What is left, below zero when it is late.
    pub remaining_ms: i64,
    /// Whether its time is working time.
    pub is_working_time: bool,
    /// Whether it ever was past what was due then, in any round and under any grade.
    pub was_late: bool,
    /// When what it waited for happened.
    pub met_at: Option<UtcMs>,
    /// When the round began.
    pub started_at: UtcMs,
    /// Whether the holidays of every day that matters are known.
    pub is_known: bool,
    /// Everything that it did, in every round.
    pub timeline: Vec<Stretch>,
}

/// What a clock shows at `now`.
///
/// Steps are taken in the order of their instants, those of one instant in the order given; steps
/// after `now` did not happen yet, nor did any before the first start.
pub fn clock(
    hours: &Hours,
    terms: &Terms,
    history: &[Moment],
    clock: Clock,
    now: UtcMs,
) -> Reading {
    let mut timeline = Vec::new();
    let rounds = round::rounds(hours, terms, history, clock, now);
    for round in &rounds {
        round.draw(&mut timeline);
    }
    let was_late = timeline.iter().any(|it| it.kind == Kind::Over);
    match rounds.last() {
        Some(round) => Reading { was_late, timeline, ..read(hours, round) },
        None => off(now),
    }
}

/// When `percent` of the time allowed are used, if nothing changes. That may be in the past.
///
/// None while the clock is paused, met or off, or if there is too little working time ahead.
pub fn at_share(
    hours: &Hours,
    terms: &Terms,
    history: &[Moment],
    clock: Clock,
    now: UtcMs,
    percent: u16,
) -> Option<UtcMs> {
    let rounds = round::rounds(hours, terms, history, clock, now);
    let round = rounds.last().filter(|it| it.met_at.is_none() && it.is_running())?;
    let amount = round.amount()?;
    let share = i128::from(amount.ms) * i128::from(percent) / 100;
    let share = i64::try_from(share).unwrap_or(i64::MAX);
    round.reach(Amount { ms: share, ..amount })
}

fn read(hours: &Hours, round: &Round) -> Reading {
    let Some(amount) = round.amount() else {
        return Reading { met_at: round.met_at, ..off(round.start) };
    };
    let due = round.reach(amount);
    let is_late = due.is_some_and(|due| due < round.end);
    let state = match (round.met_at, is_late) {
        (Some(_), false) => ClockState::Met,
        (Some(_), true) => ClockState::MetLate,
        (None, _) if !round.is_running() => ClockState::Paused,
        (None, false) => ClockState::Running,
        (None, true) => ClockState::Late,
    };
    let spent_ms = round.spent(amount.is_working);
    let until = due.unwrap_or(round.end).max(round.end);
    Reading {
        state,
        due: due.filter(|_| state != ClockState::Paused),
        allowance_ms: amount.ms,
        spent_ms,
        remaining_ms: amount.ms.saturating_sub(spent_ms),
        is_working_time: amount.is_working,
        was_late: false,
        met_at: round.met_at,
        started_at: round.start,
        is_known: !amount.is_working || hours.is_known(round.start, until),
        timeline: Vec::new(),
    }
}

fn off(started_at: UtcMs) -> Reading {
    Reading {
        state: ClockState::Off,
        due: None,
        allowance_ms: 0,
        spent_ms: 0,
        remaining_ms: 0,
        is_working_time: false,
        was_late: false,
        met_at: None,
        started_at,
        is_known: true,
        timeline: Vec::new(),
    }
}

#[cfg(test)]
mod slow;
#[cfg(test)]
mod tests;
