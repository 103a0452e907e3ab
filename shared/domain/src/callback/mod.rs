//! Call-backs: what may happen to one, and what follows from each attempt to reach somebody.

pub mod count;
pub mod quanta;
pub mod quiet;
pub mod visit;

use crate::UtcMs;
use crate::names::named;
use crate::zone::Zone;
pub use quiet::Quiet;

/// A minute.
pub const MINUTE_MS: i64 = 60_000;

/// Where a call-back stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// A slot is held for somebody who has not confirmed it yet.
    Held,
    /// It has its time.
    Booked,
    /// It is to be made when its turn comes, or again.
    #[default]
    Waiting,
    /// An agent is calling.
    Calling,
    /// Somebody was reached.
    Reached,
    /// It is given up: nobody could be reached, or they do not want to be.
    Failed,
    /// Somebody called it off.
    Cancelled,
    /// Its time is over.
    Expired,
}

named!(
    State,
    8,
    Held "held",
    Booked "booked",
    Waiting "waiting",
    Calling "calling",
    Reached "reached",
    Failed "failed",
    Cancelled "cancelled",
    Expired "expired"
);

impl State {
    /// Whether something is still to come.
    pub const fn is_open(self) -> bool {
        matches!(self, State::Held | State::Booked | State::Waiting | State::Calling)
    }

    /// Whether it takes somebody's time.
    pub const fn takes_time(self) -> bool {
        matches!(self, State::Held | State::Booked)
    }
}

/// How its time is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The customer chose a time.
    #[default]
    Appointment,
    /// As soon as somebody is free, in the order of asking.
    Asap,
    /// We call, in some days.
    Visit,
}

named!(Mode, 3, Appointment "appointment", Asap "asap", Visit "visit");

/// What a call is for (R8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// The customer asked for it.
    #[default]
    Request,
    /// How satisfied they are with the solution of their complaint.
    SolvedCase,
    /// Within three days of a purchase.
    PurchaseVisit,
    /// Now and then, by the adviser of a core customer.
    CorePeriodic,
    /// To win back somebody who was disappointed.
    Recovery,
}

named!(
    Purpose,
    5,
    Request "request",
    SolvedCase "solved_case",
    PurchaseVisit "purchase_visit",
    CorePeriodic "core_visit",
    Recovery "recovery"
);

/// What comes of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// They talked.
    Reached,
    /// Nobody picked up.
    NoAnswer,
    /// The line was busy.
    Busy,
    /// Somebody else's number.
    WrongNumber,
    /// They do not want to talk about it.
    Refused,
    /// They do not want to be called again, about anything.
    DoNotCall,
}

named!(
    Outcome,
    6,
    Reached "reached",
    NoAnswer "no_answer",
    Busy "busy",
    WrongNumber "wrong_number",
    Refused "refused",
    DoNotCall "do_not_call"
);

/// Something that happens to a call-back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The held slot is wanted.
    Confirm,
    /// It gets a time, or another one.
    Move,
    /// Somebody calls it off.
    Cancel,
    /// An agent begins to call.
    Take,
    /// The agent does not call after all.
    Release,
    /// An attempt ended.
    Attempt(Outcome),
    /// Its time is over.
    Expire,
}

impl Act {
    /// Where a call-back in `state` stands afterwards; `None` if it cannot be done there.
    ///
    /// An attempt that may be repeated leads to [`State::Waiting`]; whether it is, [`after`] says.
    pub const fn from(self, state: State) -> Option<State> {
        use State::{Booked, Calling, Cancelled, Expired, Failed, Held, Reached, Waiting};
        match (self, state) {
            (Act::Confirm, Held) => Some(Booked),
            (Act::Move, Held) => Some(Held),
            (Act::Move, Booked | Waiting) => Some(Booked),
            (Act::Cancel, Held | Booked | Waiting | Calling) => Some(Cancelled),
            (Act::Take, Booked | Waiting) => Some(Calling),
            (Act::Release, Calling) => Some(Waiting),
            (Act::Attempt(outcome), Booked | Waiting | Calling) => Some(match outcome {
                Outcome::Reached => Reached,
                Outcome::NoAnswer | Outcome::Busy => Waiting,
                Outcome::WrongNumber | Outcome::Refused | Outcome::DoNotCall => Failed,
            }),
            (Act::Expire, Held | Booked | Waiting | Calling) => Some(Expired),
            _ => None,
        }
    }
}

/// What can be booked: how long it takes, when it is offered, and what follows.
///
/// Lengths are minutes; those of slots and buffers are multiples of [`quanta::MINUTES`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// How long a call takes.
    pub length_min: i64,
    /// How far apart slots begin.
    pub every_min: i64,
    /// What is kept free before and after.
    pub before_min: i64,
    /// See `before_min`.
    pub after_min: i64,
    /// How long before its beginning a slot can be booked at the latest.
    pub notice_min: i64,
    /// How many days ahead slots are offered.
    pub horizon_days: i64,
    /// How long a slot is held until it is confirmed.
    pub hold_min: i64,
    /// How long after its time a call still keeps the promise.
    pub grace_min: i64,
    /// Within how much working time those who wait are called.
    pub asap_within_min: i64,
    /// How long a call is tried at all, from the day on which it is due.
    pub expires_days: i64,
    /// What an agent must be able to do.
    pub skills: Vec<String>,
    /// When nobody is called, on the clocks of whom we call.
    pub quiet: Option<Quiet>,
    /// How long before an appointment reminders go out, the longest first.
    pub reminders_min: Vec<i64>,
    /// How long after each unanswered call the next one is made.
    pub no_answer_min: Vec<i64>,
    /// The same of a busy line.
    pub busy_min: Vec<i64>,
}

impl Default for Service {
    fn default() -> Service {
        Service {
            length_min: 15,
            every_min: 15,
            before_min: 0,
            after_min: 5,
            notice_min: 60,
            horizon_days: 30,
            hold_min: 5,
            grace_min: 15,
            asap_within_min: 60,
            expires_days: 7,
            skills: Vec::new(),
            quiet: Some(Quiet { from: 21 * 60, until: 9 * 60 }),
            reminders_min: vec![1440, 60],
            no_answer_min: vec![30, 240, 1440],
            busy_min: vec![10, 30, 120],
        }
    }
}

/// What is done after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing: this is the end of it.
    End(State),
    /// It is tried again, not before this instant.
    Again(UtcMs),
}

impl Service {
    /// What follows an attempt that ended at `now`: `before` are those of the same outcome that
    /// went before it.
    pub fn after(&self, outcome: Outcome, before: i64, now: UtcMs) -> Next {
        let ladder = match outcome {
            Outcome::Reached => return Next::End(State::Reached),
            Outcome::WrongNumber | Outcome::Refused | Outcome::DoNotCall => {
                return Next::End(State::Failed);
            }
            Outcome::NoAnswer => &self.no_answer_min,
            Outcome::Busy => &self.busy_min,
        };
        let step = usize::try_from(before).ok().and_then(|it| ladder.get(it));
        step.map_or(Next::End(State::Failed), |it| Next::Again(now + it * MINUTE_MS))
    }
}

/// An attempt that ended, and what there was before.
#[derive(Clone, Copy, Debug)]
pub struct Tried {
    /// What came of it.
    pub outcome: Outcome,
    /// How many of the same outcome went before it.
    pub before: i64,
    /// When it ended.
    pub now: UtcMs,
    /// When they want to be called again, if that was agreed.
    pub agreed: Option<UtcMs>,
    /// Whether they do not want to be called again at all.
    pub is_last: bool,
    /// When it is given up.
    pub expires: UtcMs,
    /// Where the clocks of whom we call are.
    pub zone: Zone,
}

impl Service {
    /// What follows an attempt: what was agreed, or else the ladder, but never in quiet hours and
    /// never after its time is over.
    pub fn follows(&self, it: &Tried) -> Next {
        let at = match (self.after(it.outcome, it.before, it.now), it.agreed) {
            (Next::End(State::Reached), _) => return Next::End(State::Reached),
            _ if it.is_last => return Next::End(State::Failed),
            // Only of calls that nobody took: what ended cannot be agreed to go on.
            (_, Some(at)) if matches!(it.outcome, Outcome::NoAnswer | Outcome::Busy) => at,
            (Next::Again(at), _) => self.quiet.map_or(at, |quiet| quiet.after(at, it.zone)),
            (end, _) => return end,
        };
        if at < it.expires { Next::Again(at) } else { Next::End(State::Failed) }
    }
}

#[cfg(test)]
mod tests;
