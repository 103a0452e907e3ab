//! What one call-back adds to the figures of the day on which it was asked for.
//!
//! Figures are of cohorts, as those of complaints: of the calls asked for on a day, so many were
//! kept. A call stands in its own day however long it takes.

use super::{Mode, Purpose, State};
use crate::measure::bound;
use crate::tally::tally;

/// What the figures need to know of a call-back. Texts are empty where there is none.
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "they are the columns of a call-back")]
pub struct Facts<'a> {
    pub state: State,
    pub mode: Mode,
    pub purpose: Purpose,
    pub service_id: &'a str,
    pub agent_id: &'a str,
    /// Until when a slot was held, or is; 0 once it was confirmed.
    pub lease: i64,
    pub sequence: i64,
    pub attempts: i64,
    /// 0 is not decided, 1 kept, 2 broken.
    pub promise: i64,
    pub is_no_show: bool,
    /// In which mode it was at the first attempt, and how many milliseconds they had waited for it.
    ///
    /// As soon as possible: since they asked, elsewhere perhaps, on everybody's clock and not in
    /// working time: the speed of answer of a queue, with the time in which nobody works, since
    /// that is what customers live through. An appointment: since its time, so that who chose next
    /// week does not wait for a week; what is early is on time (Cayirli and Veral 2003,
    /// "Outpatient scheduling in health care: a review of literature", *Production and Operations
    /// Management* 12). A visit: since it was due for the first time.
    pub waited: Option<(Mode, i64)>,
}

tally!(
    /// How many call-backs are how.
    17,
    /// Asked for, by a customer or by a rule. A slot that was held and never confirmed is none.
    requested,
    /// Of them, those that have a time.
    appointments,
    /// Something is still to come.
    open,
    /// Open although the promise is broken.
    overdue,
    /// Somebody was reached.
    reached,
    /// Given up.
    failed,
    /// Called off.
    cancelled,
    /// Not made in time, and no longer wanted.
    expired,
    /// Those of which it is known whether the promise was kept.
    decided,
    /// Of them, kept.
    kept,
    /// Called at least once.
    called,
    /// Reached by the first attempt.
    reached_first,
    /// Appointments that were called.
    shown,
    /// Of them, those at which nobody was there.
    no_show,
    /// Attempts, all together.
    attempts,
    /// Attempts of those that were reached.
    attempts_to_reach,
    /// Those whose time was moved, however often.
    moved
);

/// What figures may be cut by, each with all that is the same in it.
pub const GRAINS: [&str; 4] = ["site", "purpose", "agent", "service"];

/// How long somebody waited until they were first called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
    /// Which wait it is: one of [`Mode::NAMES`].
    pub name: &'static str,
    /// The bound as `domain::measure` has it, in seconds.
    pub bound: i64,
    /// Milliseconds.
    pub value: i64,
}

/// A share of one count in another.
#[derive(Debug)]
pub struct Rate {
    /// Its name in JSON.
    pub name: &'static str,
    /// What is on top.
    pub hits: fn(&Tally) -> i64,
    /// What is underneath.
    pub n: fn(&Tally) -> i64,
}

/// The rates of call-backs.
///
/// What may still go well is neither a hit nor a miss, and whoever called theirs off was not there
/// to be reached.
pub const RATES: [Rate; 5] = [
    Rate { name: "kept", hits: |it| it.kept, n: |it| it.decided },
    Rate { name: "reached", hits: |it| it.reached, n: |it| it.reached + it.failed + it.expired },
    Rate { name: "reached_first", hits: |it| it.reached_first, n: |it| it.called },
    Rate { name: "no_show", hits: |it| it.no_show, n: |it| it.shown },
    Rate { name: "cancelled", hits: |it| it.cancelled, n: |it| it.requested },
];

impl Facts<'_> {
    /// Whether it was never more than a slot that was held.
    const fn is_hold(&self) -> bool {
        matches!(self.state, State::Held) || !self.state.is_open() && self.lease != 0
    }
}

/// Where a call-back counts: a grain and its key. Keys that are not known count nowhere but at the
/// site, and what was never asked for counts nowhere at all.
pub fn places<'a>(facts: &Facts<'a>) -> impl Iterator<Item = (&'static str, &'a str)> {
    let keys = ["", facts.purpose.name(), facts.agent_id, facts.service_id];
    let is_counted = !facts.is_hold();
    GRAINS
        .into_iter()
        .zip(keys)
        .filter(move |(grain, key)| is_counted && (*grain == "site" || !key.is_empty()))
}

/// What a call-back adds at each of its [`places`].
pub fn counted(facts: &Facts<'_>) -> Tally {
    let is = |state: State| i64::from(facts.state == state);
    let is_open = facts.state.is_open();
    let is_reached = facts.state == State::Reached;
    let is_appointment = facts.mode == Mode::Appointment;
    let is_shown = facts.waited.is_some_and(|(mode, _)| mode == Mode::Appointment);
    Tally {
        requested: 1,
        appointments: i64::from(is_appointment),
        open: i64::from(is_open),
        overdue: i64::from(is_open && facts.promise == 2),
        reached: is(State::Reached),
        failed: is(State::Failed),
        cancelled: is(State::Cancelled),
        expired: is(State::Expired),
        decided: i64::from(facts.promise != 0),
        kept: i64::from(facts.promise == 1),
        called: i64::from(facts.waited.is_some()),
        reached_first: i64::from(is_reached && facts.attempts == 1),
        shown: i64::from(is_shown),
        no_show: i64::from(is_shown && facts.is_no_show),
        attempts: facts.attempts,
        attempts_to_reach: if is_reached { facts.attempts } else { 0 },
        moved: i64::from(0 < facts.sequence),
    }
}

/// The wait that a call-back adds at each of its [`places`].
pub fn value(facts: &Facts<'_>) -> Option<Value> {
    let (mode, value) = facts.waited?;
    let value = value.max(0);
    Some(Value { name: mode.name(), bound: bound(value), value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::callback::MINUTE_MS;

    fn reached() -> Facts<'static> {
        Facts {
            state: State::Reached,
            service_id: "svc_a",
            agent_id: "agt_a",
            attempts: 1,
            promise: 1,
            waited: Some((Mode::Appointment, 2 * MINUTE_MS)),
            ..Facts::default()
        }
    }

    /// The names of what is counted, each as often as it is.
    fn told(facts: &Facts<'_>) -> String {
        let names = Tally::NAMES.into_iter().zip(counted(facts).numbers());
        let names = names.filter(|(_, n)| *n != 0).map(|(name, n)| match n {
            1 => name.to_owned(),
            n => format!("{name}:{n}"),
        });
        names.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_call_counts_as_what_it_is() {
        let asap = Facts { mode: Mode::Asap, ..Facts::default() };
        assert_eq!(told(&asap), "requested open");
        let late = Facts { promise: 2, ..asap };
        assert_eq!(told(&late), "requested open overdue decided");
        assert_eq!(
            told(&reached()),
            "requested appointments reached decided kept called reached_first shown attempts \
             attempts_to_reach"
        );
        let again = Facts { attempts: 3, is_no_show: true, sequence: 2, ..reached() };
        assert_eq!(
            told(&again),
            "requested appointments reached decided kept called shown no_show attempts:3 \
             attempts_to_reach:3 moved"
        );
        let visit = Facts { mode: Mode::Visit, waited: Some((Mode::Visit, 0)), ..reached() };
        let failed = Facts { state: State::Failed, attempts: 4, ..visit };
        assert_eq!(told(&failed), "requested failed decided kept called attempts:4");
        // Called as soon as possible, and given a time then.
        let later = Facts { state: State::Booked, waited: Some((Mode::Asap, 1)), ..reached() };
        assert_eq!(told(&later), "requested appointments open decided kept called attempts");
        let off = Facts { state: State::Cancelled, ..Facts::default() };
        assert_eq!(told(&off), "requested appointments cancelled");
        let over = Facts { state: State::Expired, promise: 2, ..Facts::default() };
        assert_eq!(told(&over), "requested appointments expired decided");
    }

    #[test]
    fn it_counts_wherever_it_belongs() {
        let found: Vec<_> = places(&reached()).collect();
        let all = [("site", ""), ("purpose", "request"), ("agent", "agt_a"), ("service", "svc_a")];
        assert_eq!(found, all);
        assert_eq!(places(&Facts { agent_id: "", ..reached() }).count(), 3);
    }

    #[test]
    fn a_slot_that_was_only_held_counts_nowhere() {
        for (state, lease, n) in [
            (State::Held, 1, 0),
            (State::Expired, 1, 0),
            (State::Cancelled, 1, 0),
            (State::Expired, 0, 4),
            (State::Cancelled, 0, 4),
            // An agent's lease on a call.
            (State::Calling, 1, 4),
        ] {
            let facts = Facts { state, lease, ..reached() };
            assert_eq!(places(&facts).count(), n, "{state:?} {lease}");
        }
    }

    #[test]
    fn each_mode_has_a_wait_of_its_own() {
        let wait = |it: &Facts<'_>| value(it).map(|it| (it.name, it.bound, it.value));
        let minutes = |it: i64| it * MINUTE_MS;
        assert_eq!(wait(&reached()), Some(("appointment", 120, minutes(2))));
        let early = Facts { waited: Some((Mode::Appointment, -1)), ..reached() };
        assert_eq!(wait(&early), Some(("appointment", 1, 0)));
        let asap = Facts { waited: Some((Mode::Asap, minutes(40))), ..reached() };
        assert_eq!(wait(&asap), Some(("asap", 2400, minutes(40))));
        assert_eq!(wait(&Facts { waited: None, ..asap }), None);
    }

    #[test]
    fn what_may_still_go_well_spoils_no_rate() {
        let mut sum = Tally::default();
        let open = Facts { mode: Mode::Asap, ..Facts::default() };
        let off = Facts { state: State::Cancelled, ..open };
        for (facts, times) in [(open, 3), (off, 1), (reached(), 2)] {
            sum.add(&counted(&facts), times);
        }
        let told: Vec<_> =
            RATES.iter().map(|it| (it.name, (it.hits)(&sum), (it.n)(&sum))).collect();
        assert_eq!(
            told,
            [
                ("kept", 2, 2),
                ("reached", 2, 2),
                ("reached_first", 2, 2),
                ("no_show", 0, 2),
                ("cancelled", 1, 6)
            ]
        );
    }
}
