//! The ladder of a promise (升级机制): what is done while a clock runs out, and after.
//!
//! Each step is taken once in a round of a case; coming back begins a new round. Steps that were
//! missed are taken together and told as one.

use crate::UtcMs;
use crate::clock::Clock;
use crate::role::Role;

/// Most steps of a ladder.
pub const STEPS_MAX: usize = 40;
/// The furthest step, in percent of what a clock allows.
pub const PERCENT_MAX: u16 = 1_000;
/// From how many notices of a kind for one recipient in one go they are told as one.
pub const DIGEST_FROM: usize = 5;

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// People are told.
    Notify,
    /// The case becomes more urgent.
    Raise,
    /// Somebody else gets it.
    Reassign,
}

impl Deed {
    /// Every one, in order.
    pub const ALL: [Deed; 3] = [Deed::Notify, Deed::Raise, Deed::Reassign];
    /// Their names, in the same order.
    pub const NAMES: [&str; 3] = ["notify", "raise", "reassign"];

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Deed> {
        Deed::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Its name in JSON and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Deed::Notify => "notify",
            Deed::Raise => "raise",
            Deed::Reassign => "reassign",
        }
    }
}

/// To whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// Whoever has the case; its department while nobody does.
    Agent,
    /// The case's department.
    Department,
    /// A specialist, chosen as for a new case.
    Specialist,
    /// Everybody of a role.
    Role(Role),
    /// Somebody by name.
    AgentId(String),
    /// A department by name.
    DepartmentId(String),
}

impl To {
    /// Its name, which no other has: a word, a role, or an id.
    pub fn name(&self) -> &str {
        match self {
            To::Agent => "owner",
            To::Department => "department",
            To::Specialist => "specialist",
            To::Role(role) => role.name(),
            To::AgentId(id) | To::DepartmentId(id) => id,
        }
    }
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Of which clock.
    pub clock: Clock,
    /// When so much of what it allows is used.
    pub percent: u16,
    /// What is done.
    pub deed: Deed,
    /// To whom.
    pub to: To,
    /// Whether it waits for people to be at work.
    pub is_working: bool,
    /// Whether its notices are always told as one.
    pub is_digest: bool,
}

impl Step {
    /// What tells it from every other that is taken of a case, in the list of those taken.
    pub fn key(&self, round: i64) -> String {
        let (clock, deed, to) = (self.clock.name(), self.deed.name(), self.to.name());
        format!("{clock} {} {round} {deed} {to}", self.percent)
    }
}

/// The ladder that holds until somebody publishes another.
pub fn shipped() -> Vec<Step> {
    let step = |clock, percent, deed, to| Step {
        clock,
        percent,
        deed,
        to,
        is_working: false,
        is_digest: false,
    };
    let managers = To::Role(Role::Manager);
    let mut steps = Vec::with_capacity(3 * 6);
    for clock in Clock::ALL {
        steps.push(step(clock, 50, Deed::Notify, To::Agent));
        steps.push(step(clock, 75, Deed::Notify, To::Agent));
        steps.push(step(clock, 75, Deed::Notify, To::Department));
        steps.push(step(clock, 100, Deed::Notify, managers.clone()));
        steps.push(step(clock, 100, Deed::Raise, To::Agent));
        if clock != Clock::Closing {
            steps.push(step(clock, 150, Deed::Reassign, To::Specialist));
        }
    }
    steps
}

/// Which steps are due, and when the next one is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan<'a> {
    /// Those to take now, in the order of the ladder.
    pub due: Vec<&'a Step>,
    /// When the first of the others is to be taken; none while all clocks stand still.
    pub next: Option<UtcMs>,
}

/// Which steps of a case are due, of those that were not taken in this round.
///
/// `done` are the keys of those that were, with commas between. `at` tells when a step is due, if
/// its clock runs.
pub fn plan<'a>(
    steps: &'a [Step],
    done: &str,
    round: i64,
    now: UtcMs,
    mut at: impl FnMut(&Step) -> Option<UtcMs>,
) -> Plan<'a> {
    let mut plan = Plan::default();
    for step in steps {
        let Some(at) = at(step) else { continue };
        if is_done(done, &step.key(round)) {
            continue;
        }
        if at <= now {
            plan.due.push(step);
        } else {
            plan.next = Some(plan.next.map_or(at, |it| it.min(at)));
        }
    }
    plan
}

/// Whether a key stands among those taken.
pub fn is_done(done: &str, key: &str) -> bool {
    done.split(',').any(|it| it == key)
}

/// Adds a key to those taken.
pub fn take(done: &mut String, key: &str) {
    if !done.is_empty() {
        done.push(',');
    }
    done.push_str(key);
}

/// The key of the reminder to close what was solved and not contested; in a round it is one.
pub fn reminder(round: i64) -> String {
    format!("close 100 {round}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    /// Every clock allows ten hours from 0.
    fn at(step: &Step) -> Option<UtcMs> {
        Some(i64::from(step.percent) * HOUR / 10)
    }

    fn percents(plan: &Plan<'_>) -> Vec<(&'static str, u16)> {
        plan.due.iter().map(|it| (it.clock.name(), it.percent)).collect()
    }

    #[test]
    fn each_step_is_due_once_and_the_next_one_is_known() {
        let steps: Vec<Step> =
            shipped().into_iter().filter(|it| it.clock == Clock::Answer).collect();
        let before = plan(&steps, "", 1, 5 * HOUR - 1, at);
        assert_eq!((before.due.len(), before.next), (0, Some(5 * HOUR)));
        let half = plan(&steps, "", 1, 5 * HOUR, at);
        assert_eq!((percents(&half), half.next), (vec![("answer", 50)], Some(15 * HOUR / 2)));
        let mut done = String::new();
        half.due.iter().for_each(|it| take(&mut done, &it.key(1)));
        assert_eq!(plan(&steps, &done, 1, 5 * HOUR, at).due.len(), 0);
        // A day later everything that was missed is due together, and nothing after it.
        let missed = plan(&steps, &done, 1, 24 * HOUR, at);
        assert_eq!(missed.due.len(), 5);
        assert_eq!(missed.next, None);
        missed.due.iter().for_each(|it| take(&mut done, &it.key(1)));
        assert_eq!(plan(&steps, &done, 1, 24 * HOUR, at), Plan::default());
        // What came back has another round.
        assert_eq!(plan(&steps, &done, 2, 24 * HOUR, at).due.len(), 6);
    }

    #[test]
    fn a_clock_that_stands_still_has_no_steps() {
        let only = |clock| move |it: &Step| if it.clock == clock { at(it) } else { None };
        let steps = shipped();
        let plan = plan(&steps, "", 1, 6 * HOUR, only(Clock::Closing));
        assert_eq!(percents(&plan), [("closing", 50)]);
        assert_eq!(plan.next, Some(15 * HOUR / 2));
        assert_eq!(super::plan(&steps, "", 1, 99 * HOUR, |_| None), Plan::default());
    }

    #[test]
    fn no_two_shipped_steps_share_a_key() {
        let steps = shipped();
        for (at, step) in steps.iter().enumerate() {
            let before = steps.iter().take(at).filter(|it| it.key(1) == step.key(1));
            assert_eq!(before.count(), 0, "{}", step.key(1));
            assert!(!step.key(1).contains(','));
        }
        assert!(!is_done("answer 50 1 notify owner", "answer 50 1"));
    }
}
