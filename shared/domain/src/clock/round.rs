//! What of a history counts for a clock, round by round.

use super::{Allowance, Clock, Kind, Stretch, Terms};
use crate::UtcMs;
use crate::case::{Grade, Moment, Step, Tier};
use crate::hours::Hours;

/// A time allowed, in the clock's own kind of time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Amount {
    pub(super) ms: i64,
    pub(super) is_working: bool,
    /// False if the working days that it names do not exist.
    pub(super) is_reachable: bool,
}

/// A stretch in which the clock did one thing.
#[derive(Clone, Copy)]
struct Mark {
    from: UtcMs,
    to: UtcMs,
    is_paused: bool,
}

/// From a start to the next, or as far as the history goes.
pub(super) struct Round<'a> {
    hours: &'a Hours,
    number: u16,
    /// When it began.
    pub(super) start: UtcMs,
    /// Until when it counts: what it waited for, the next start, or now.
    pub(super) end: UtcMs,
    /// When what it waited for happened.
    pub(super) met_at: Option<UtcMs>,
    /// All of it, in order, without gaps.
    marks: Vec<Mark>,
    /// What is allowed, and from when on; always measured from the start.
    amounts: Vec<(UtcMs, Option<Amount>)>,
    /// Working time from start to end, if any amount is of that kind.
    open: Vec<(UtcMs, UtcMs)>,
    is_paused: bool,
}

/// The rounds of a history, in order.
pub(super) fn rounds<'a>(
    hours: &'a Hours,
    terms: &Terms,
    history: &[Moment],
    clock: Clock,
    now: UtcMs,
) -> Vec<Round<'a>> {
    // Pairs, which working hours sort as well: a sort of their own would be 4 kB of each component.
    let mut order: Vec<(UtcMs, UtcMs)> = Vec::with_capacity(history.len());
    order.extend(history.iter().zip(0..).map(|(it, at)| (it.at, at)).filter(|it| it.0 <= now));
    order.sort_unstable();
    let history = order.iter().filter_map(|it| history.get(usize::try_from(it.1).ok()?)).copied();
    let mut rounds: Vec<Round<'_>> = Vec::new();
    let mut play: Option<Play<'_, '_>> = None;
    for moment in history {
        if let Step::Started(grade, tier) = moment.step {
            rounds.extend(play.take().map(|it| it.end(moment.at)));
            let number = u16::try_from(rounds.len() + 1).unwrap_or(u16::MAX);
            play = Some(Play::start(hours, terms, clock, (number, moment.at), (grade, tier)));
        } else if let Some(play) = &mut play {
            play.step(moment);
        }
    }
    rounds.extend(play.map(|it| it.end(now)));
    rounds
}

/// A round while its history is read.
struct Play<'a, 'b> {
    round: Round<'a>,
    terms: &'b Terms,
    clock: Clock,
    grade: (Grade, Tier),
    /// Up to where `marks` go.
    at: UtcMs,
    is_waiting: bool,
    /// Whether it was met by a solution alone, which the customer can contest.
    is_contestable: bool,
}

impl<'a, 'b> Play<'a, 'b> {
    fn start(
        hours: &'a Hours,
        terms: &'b Terms,
        clock: Clock,
        (number, start): (u16, UtcMs),
        grade: (Grade, Tier),
    ) -> Play<'a, 'b> {
        let round = Round {
            hours,
            number,
            start,
            end: start,
            met_at: None,
            marks: Vec::new(),
            amounts: Vec::new(),
            open: Vec::new(),
            is_paused: false,
        };
        let (at, is_waiting, is_contestable) = (start, false, false);
        let mut play = Play { round, terms, clock, grade, at, is_waiting, is_contestable };
        play.allow(start);
        play
    }

    /// Lets what grade and tier allow hold from an instant on.
    fn allow(&mut self, from: UtcMs) {
        let (grade, tier) = self.grade;
        let allowance = self.terms.allowance(grade, tier, self.clock);
        let amount = allowance.map(|it| amount(self.round.hours, self.round.start, it));
        self.round.amounts.push((from, amount));
    }

    fn step(&mut self, Moment { at, step }: Moment) {
        if self.round.met_at.is_none() {
            self.mark(at, self.is_paused());
        }
        match step {
            Step::Started(..) => {}
            Step::Graded(grade, tier) => {
                self.grade = (grade, tier);
                // What was met was met under the terms of then.
                if self.round.met_at.is_none() {
                    self.allow(at);
                }
            }
            Step::Waiting => self.is_waiting = true,
            Step::Resumed => self.is_waiting = false,
            Step::Answered => self.meet(at, self.clock == Clock::Answer, false),
            Step::Planned => self.meet(at, self.clock != Clock::Closing, false),
            Step::Solved => {
                let is_solution = self.clock == Clock::Solution;
                self.meet(at, self.clock != Clock::Closing, is_solution);
                self.is_waiting = false;
            }
            Step::Closed => {
                // Nothing is waited for any more.
                self.meet(at, true, false);
                self.is_waiting = false;
            }
            Step::Contested => self.contest(at),
        }
    }

    fn is_paused(&self) -> bool {
        self.is_waiting && self.terms.pauses.get(self.clock.index()).is_some_and(|it| *it)
    }

    fn meet(&mut self, at: UtcMs, is_enough: bool, is_contestable: bool) {
        if !is_enough {
            return;
        }
        if self.round.met_at.is_some() {
            // A plan that was told stays told, whatever became of the solution before it.
            self.is_contestable &= is_contestable;
            return;
        }
        self.round.is_paused = self.is_paused();
        self.round.met_at = Some(at);
        self.is_contestable = is_contestable;
    }

    /// Takes back a solution; the time since counts as a pause.
    fn contest(&mut self, at: UtcMs) {
        self.is_waiting = false;
        if self.is_contestable && self.round.met_at.take().is_some() {
            self.is_contestable = false;
            self.mark(at, true);
            self.allow(at);
        }
    }

    /// Ends a stretch.
    fn mark(&mut self, to: UtcMs, is_paused: bool) {
        let from = std::mem::replace(&mut self.at, to);
        if to <= from {
            return;
        }
        match self.round.marks.last_mut() {
            Some(last) if last.is_paused == is_paused => last.to = to,
            _ => self.round.marks.push(Mark { from, to, is_paused }),
        }
    }

    fn end(mut self, at: UtcMs) -> Round<'a> {
        if let Some(met_at) = self.round.met_at {
            self.round.end = met_at;
        } else {
            self.mark(at, self.is_paused());
            self.round.end = at;
            self.round.is_paused = self.is_paused();
        }
        let mut round = self.round;
        if round.amounts.iter().any(|(_, it)| it.is_some_and(|it| it.is_working)) {
            let opens = round.hours.opens(round.start);
            round.open.extend(opens.take_while(|(open, _)| *open < round.end));
        }
        round
    }
}

/// An allowance as milliseconds, measured from the start of a round.
fn amount(hours: &Hours, start: UtcMs, allowance: Allowance) -> Amount {
    let (ms, is_working) = match allowance {
        Allowance::Wall(ms) => (ms.max(0), false),
        Allowance::Working(ms) => (ms.max(0), true),
        Allowance::WorkingDays(days) => match hours.end_of_working_day(start, days) {
            Some(due) => (hours.between(start, due), true),
            None => return Amount { ms: 0, is_working: true, is_reachable: false },
        },
    };
    Amount { ms, is_working, is_reachable: true }
}

impl Round<'_> {
    /// What is allowed in the end.
    pub(super) fn amount(&self) -> Option<Amount> {
        self.amounts.last().and_then(|(_, it)| *it)
    }

    /// Whether it did not stand still in the end.
    pub(super) fn is_running(&self) -> bool {
        !self.is_paused
    }

    /// The stretches between two instants that count.
    fn counted(
        &self,
        is_working: bool,
        from: UtcMs,
        to: UtcMs,
    ) -> impl Iterator<Item = (UtcMs, UtcMs)> {
        let all: &[(UtcMs, UtcMs)] =
            if is_working { &self.open } else { &[(UtcMs::MIN, UtcMs::MAX)] };
        let first = all.partition_point(|(_, close)| *close <= from);
        let rest = all.get(first..).unwrap_or_default();
        rest.iter()
            .take_while(move |(open, _)| *open < to)
            .map(move |(open, close)| (from.max(*open), to.min(*close)))
    }

    /// The same over the whole round, without pauses.
    fn used(&self, is_working: bool) -> impl Iterator<Item = (UtcMs, UtcMs)> {
        let running = self.marks.iter().filter(|it| !it.is_paused);
        running.flat_map(move |it| self.counted(is_working, it.from, it.to))
    }

    /// The time used.
    pub(super) fn spent(&self, is_working: bool) -> i64 {
        let lengths = self.used(is_working).map(|(from, to)| to.saturating_sub(from));
        lengths.fold(0, i64::saturating_add)
    }

    /// The first instant at which that much time is used, if the clock runs on as it does.
    pub(super) fn reach(&self, amount: Amount) -> Option<UtcMs> {
        if !amount.is_reachable {
            return None;
        }
        if amount.ms == 0 {
            return Some(self.start);
        }
        let mut left = amount.ms;
        for (from, to) in self.used(amount.is_working) {
            let length = to.saturating_sub(from);
            if left <= length {
                return Some(from.saturating_add(left));
            }
            left -= length;
        }
        if self.is_paused {
            None
        } else if amount.is_working {
            self.hours.add(self.end, left)
        } else {
            Some(self.end.saturating_add(left))
        }
    }

    /// Adds what the clock did to a timeline.
    pub(super) fn draw(&self, timeline: &mut Vec<Stretch>) {
        let ends = self.amounts.iter().skip(1).map(|(from, _)| *from).chain([UtcMs::MAX]);
        for ((from, amount), to) in self.amounts.iter().zip(ends) {
            let due = amount.and_then(|it| self.reach(it)).unwrap_or(UtcMs::MAX);
            for mark in &self.marks {
                let (from, to) = (mark.from.max(*from), mark.to.min(to));
                if mark.is_paused {
                    self.push(timeline, from, to, Kind::Paused);
                } else if let Some(amount) = amount {
                    self.push_running(timeline, amount.is_working, from, to.min(due));
                    self.push(timeline, from.max(due), to, Kind::Over);
                }
            }
        }
    }

    fn push_running(&self, timeline: &mut Vec<Stretch>, is_working: bool, from: UtcMs, to: UtcMs) {
        let mut at = from;
        for (open, close) in self.counted(is_working, from, to) {
            self.push(timeline, at, open, Kind::Outside);
            self.push(timeline, open, close, Kind::Running);
            at = close;
        }
        self.push(timeline, at, to, Kind::Outside);
    }

    fn push(&self, timeline: &mut Vec<Stretch>, from: UtcMs, to: UtcMs, kind: Kind) {
        if to <= from {
            return;
        }
        let round = self.number;
        match timeline.last_mut() {
            Some(it) if it.kind == kind && it.round == round && it.to == from => it.to = to,
            _ => timeline.push(Stretch { from, to, kind, round }),
        }
    }
}
