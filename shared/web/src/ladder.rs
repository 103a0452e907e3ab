//! The policy of the ladder: what is done while a clock of a case runs out, and after.
//!
//! ```json
//! { "digest_from": 5, "steps": [
//!   { "clock": "answer", "percent": 75, "do": "notify", "to": "agent", "time": "working" },
//!   { "clock": "answer", "percent": 100, "do": "notify", "to": { "role": "manager" } },
//!   { "clock": "answer", "percent": 100, "do": "raise" },
//!   { "clock": "solution", "percent": 150, "do": "reassign", "to": "specialist" } ] }
//! ```

use domain::clock::Clock;
use domain::ladder::{DIGEST_FROM, Deed, PERCENT_MAX, STEPS_MAX, Step, To, shipped};
use domain::role::Role;
use serde_json::Value;

use crate::field::{Fields, one_of_rule};
use crate::lang::{Said, said};

/// The most notices that may come before they are told as one.
const DIGEST_MAX: i64 = 1_000;
/// Whom a case itself names.
const WORDS: [&str; 3] = ["agent", "department", "specialist"];

/// What is done while clocks run out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ladder {
    /// In their order.
    pub steps: Vec<Step>,
    /// From how many notices of a kind for one recipient they are told as one.
    pub digest_from: usize,
}

impl Default for Ladder {
    fn default() -> Ladder {
        Ladder { steps: shipped(), digest_from: DIGEST_FROM }
    }
}

impl Ladder {
    /// Reads the policy; what is wrong stands in `fields` afterwards. Whether agents and
    /// departments exist is for the caller to look up: see [`Ladder::named`].
    pub fn read(fields: &mut Fields) -> Ladder {
        let usual = i64::try_from(DIGEST_FROM).unwrap_or(DIGEST_MAX);
        let digest_from = fields.integer("digest_from", 2, DIGEST_MAX, Some(usual));
        let mut steps: Vec<Step> = Vec::new();
        for (at, mut it) in fields.objects("steps", 0, STEPS_MAX).into_iter().enumerate() {
            let step = step(&mut it);
            fields.absorb(it);
            if steps.iter().any(|other| other.key(0) == step.key(0)) {
                let rule = said("must differ from the steps before it", "不得与之前的步骤重复");
                fields.refuse(&format!("steps/{at}"), rule);
            }
            steps.push(step);
        }
        Ladder { steps, digest_from: usize::try_from(digest_from).unwrap_or(DIGEST_FROM) }
    }

    /// The ids that it names: agents, departments.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.steps.iter().filter_map(|it| match &it.to {
            To::AgentId(id) => Some(("agent", id.as_str())),
            To::DepartmentId(id) => Some(("department", id.as_str())),
            _ => None,
        })
    }
}

fn step(it: &mut Fields) -> Step {
    let clock = it.one_of("clock", &Clock::NAMES, "");
    let percent = it.integer("percent", 1, PERCENT_MAX.into(), None);
    let deed = it.one_of("do", &Deed::NAMES, "");
    let deed = Deed::parse(&deed).unwrap_or(Deed::Notify);
    let to = to(it, deed);
    Step {
        clock: Clock::parse(&clock).unwrap_or(Clock::Answer),
        percent: u16::try_from(percent).unwrap_or(PERCENT_MAX),
        deed,
        to,
        is_working: it.one_of("time", &["any", "working"], "any") == "working",
        is_digest: it.flag("digest", false),
    }
}

/// Whom a step names. Raising is done to the case itself.
fn to(it: &mut Fields, deed: Deed) -> To {
    let found = match it.peek("to") {
        None | Some(Value::Null) => None,
        Some(Value::Object(_)) => by_id(it),
        Some(Value::String(word)) => match word.as_str() {
            "agent" => Some(To::Agent),
            "department" => Some(To::Department),
            "specialist" => Some(To::Specialist),
            _ => None,
        },
        Some(_) => None,
    };
    let is_left = it.take("to").is_some_and(|to| !to.is_object());
    match (found, deed) {
        (None, Deed::Raise) if !is_left => To::Agent,
        (Some(to @ (To::Specialist | To::AgentId(_) | To::DepartmentId(_))), Deed::Reassign) => to,
        (Some(to), Deed::Raise) => to,
        (Some(to), Deed::Notify) if to != To::Specialist => to,
        _ => {
            it.refuse("to", to_rule(deed));
            To::Agent
        }
    }
}

fn by_id(it: &mut Fields) -> Option<To> {
    let mut nested = it.object("to")?;
    let role = nested.one_of_or_none("role", &Role::NAMES, "");
    let agent = nested.text("agent_id", 0, 64, "");
    let department = nested.text("department_id", 0, 64, "");
    it.absorb(nested);
    match (Role::parse(&role), agent.is_empty(), department.is_empty()) {
        (Some(role), true, true) => Some(To::Role(role)),
        (None, false, true) => Some(To::AgentId(agent)),
        (None, true, false) => Some(To::DepartmentId(department)),
        _ => None,
    }
}

fn to_rule(deed: Deed) -> Said {
    match deed {
        Deed::Reassign => said(
            "must be \"specialist\", or an object with agent_id or department_id",
            "须为 \"specialist\"，或含 agent_id、department_id 之一的对象",
        ),
        Deed::Notify => said(
            "must be \"agent\", \"department\", or an object with role, agent_id or department_id",
            "须为 \"agent\"、\"department\"，或含 role、agent_id、department_id 之一的对象",
        ),
        Deed::Raise => one_of_rule(&WORDS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view;

    fn read(text: &str) -> (Ladder, Fields) {
        let mut fields = Fields::new(view::object(text).unwrap());
        (Ladder::read(&mut fields), fields)
    }

    #[test]
    fn a_ladder_reads_as_it_is_written() {
        let (ladder, fields) = read(
            r#"{ "digest_from": 3, "steps": [
              { "clock": "answer", "percent": 75, "do": "notify", "to": "agent",
                "time": "working", "digest": true },
              { "clock": "answer", "percent": 75, "do": "notify", "to": { "role": "manager" } },
              { "clock": "closing", "percent": 100, "do": "raise" },
              { "clock": "solution", "percent": 150, "do": "reassign",
                "to": { "department_id": "dep_1" } },
              { "clock": "solution", "percent": 200, "do": "reassign",
                "to": { "agent_id": "agt_1" } } ] }"#,
        );
        fields.done().unwrap();
        assert_eq!(ladder.digest_from, 3);
        let keys: Vec<String> = ladder.steps.iter().map(|it| it.key(1)).collect();
        assert_eq!(
            keys,
            [
                "answer 75 1 notify owner",
                "answer 75 1 notify manager",
                "closing 100 1 raise owner",
                "solution 150 1 reassign dep_1",
                "solution 200 1 reassign agt_1",
            ]
        );
        assert!(ladder.steps[0].is_working && ladder.steps[0].is_digest);
        let named: Vec<_> = ladder.named().collect();
        assert_eq!(named, [("department", "dep_1"), ("agent", "agt_1")]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let (_, fields) = read(
            r#"{ "digest_from": 1, "steps": [
              { "clock": "x", "percent": 0, "do": "shout", "to": "moon", "time": "x", "y": 1 },
              { "clock": "answer", "percent": 5, "do": "notify", "to": "specialist" },
              { "clock": "answer", "percent": 5, "do": "reassign", "to": { "role": "admin" } },
              { "clock": "answer", "percent": 5, "do": "notify", "to": {} },
              { "clock": "answer", "percent": 5, "do": "notify", "to": { "role": "agent",
                "agent_id": "agt_1" } },
              { "clock": "answer", "percent": 9, "do": "raise" },
              { "clock": "answer", "percent": 9, "do": "raise" } ] }"#,
        );
        let problem = fields.done().unwrap_err();
        let places: Vec<String> = problem
            .mistakes
            .iter()
            .map(|it| match &it.place {
                crate::problem::Place::Pointer(pointer) => pointer.clone(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(
            places,
            [
                "/digest_from",
                "/steps/0/clock",
                "/steps/0/percent",
                "/steps/0/do",
                "/steps/0/to",
                "/steps/0/time",
                "/steps/0/y",
                "/steps/1/to",
                "/steps/2/to",
                "/steps/3/to",
                "/steps/3",
                "/steps/4/to",
                "/steps/4",
                "/steps/6",
            ]
        );
    }
}
