//! The kinds of policies: how each is read, what it names, and what ships.

use domain::case::work::Rules;
use domain::id::Kind;
use domain::ladder::{Deed, To};
use serde_json::{Map, Value, json};
use web::assignment::Assignment;
use web::field::Fields;
use web::intake::Intake;
use web::ladder::Ladder;
use web::promise::Promise;
use web::{grading, view, work};

/// Every kind.
pub(crate) const KINDS: [&str; 6] =
    ["promise", "ladder", "assignment", "intake", "work", "grading"];

/// Something else that a policy names by its id.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// Where, as the name of a member.
    pub(crate) at: String,
    /// What it must be.
    pub(crate) kind: Kind,
    pub(crate) id: String,
}

/// Reads a policy; what is wrong stands in `fields` afterwards. Returns what it names.
pub(crate) fn read(kind: &str, fields: &mut Fields) -> Vec<Named> {
    let mut named = Vec::new();
    let mut name = |at: String, kind: Kind, id: &str| {
        if !id.is_empty() {
            named.push(Named { at, kind, id: id.to_owned() });
        }
    };
    match kind {
        "promise" => {
            let it = Promise::read(fields);
            name("calendar_id".to_owned(), Kind::Calendar, &it.calendar_id);
        }
        "ladder" => {
            for (at, it) in Ladder::read(fields).steps.iter().enumerate() {
                match &it.to {
                    To::AgentId(id) => name(format!("steps/{at}/to/agent_id"), Kind::Agent, id),
                    To::DepartmentId(id) => {
                        name(format!("steps/{at}/to/department_id"), Kind::Department, id);
                    }
                    _ => {}
                }
            }
        }
        "assignment" => {
            for (at, it) in Assignment::read(fields).routes.iter().enumerate() {
                name(format!("routes/{at}/touchpoint_id"), Kind::Touchpoint, &it.touchpoint_id);
                name(format!("routes/{at}/department_id"), Kind::Department, &it.department_id);
            }
        }
        "intake" => {
            for (at, it) in Intake::read(fields).rules.iter().enumerate() {
                name(format!("rules/{at}/survey_id"), Kind::Survey, &it.survey_id);
                name(format!("rules/{at}/touchpoint_id"), Kind::Touchpoint, &it.touchpoint_id);
            }
        }
        "grading" => {
            grading::read(fields);
        }
        _ => {
            work::read(fields);
        }
    }
    named
}

/// What a site goes by until it publishes its own: version 0.
pub(crate) fn shipped(kind: &str) -> Value {
    match kind {
        "promise" => Promise::default().show(),
        "ladder" => ladder(&Ladder::default()),
        "grading" => view::json(grade::shipped_json()),
        "assignment" => json!({ "is_automatic": true, "routes": [] }),
        "intake" => {
            let it = Intake::default();
            json!({
                "rules": [],
                "tickets": if it.opens_tickets { "open" } else { "ignore" },
                "surge": {
                    "is_on": it.surge.is_on,
                    "at_least": it.surge.at_least,
                    "within_hours": it.surge.within_hours,
                    "times_usual": it.surge.times_usual,
                },
            })
        }
        _ => {
            let it = Rules::default();
            json!({
                "compensation": {
                    "currency": it.currency, "agent": it.agent, "manager": it.manager,
                },
            })
        }
    }
}

fn ladder(it: &Ladder) -> Value {
    let steps: Vec<Value> = it.steps.iter().map(step).collect();
    json!({ "digest_from": it.digest_from, "steps": steps })
}

fn step(it: &domain::ladder::Step) -> Value {
    let mut shown = Map::new();
    for (name, value) in [
        ("clock", Value::from(it.clock.name())),
        ("percent", Value::from(it.percent)),
        ("do", Value::from(it.deed.name())),
        ("time", Value::from(if it.is_working { "working" } else { "any" })),
        ("digest", Value::from(it.is_digest)),
    ] {
        shown.insert(name.to_owned(), value);
    }
    let to = match &it.to {
        To::Agent => Value::from("agent"),
        To::Department => Value::from("department"),
        To::Specialist => Value::from("specialist"),
        To::Role(role) => json!({ "role": role.name() }),
        To::AgentId(id) => json!({ "agent_id": id }),
        To::DepartmentId(id) => json!({ "department_id": id }),
    };
    if it.deed != Deed::Raise {
        shown.insert("to".to_owned(), to);
    }
    Value::Object(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ships_can_be_published_as_it_is() {
        for kind in KINDS {
            let Value::Object(members) = shipped(kind) else { panic!("{kind}") };
            let mut fields = Fields::new(members.clone());
            assert_eq!(read(kind, &mut fields), [], "{kind}");
            assert!(fields.done().is_ok(), "{kind}");
            let mut fields = Fields::new(members);
            match kind {
                "promise" => assert_eq!(Promise::read(&mut fields), Promise::default()),
                "ladder" => assert_eq!(Ladder::read(&mut fields), Ladder::default()),
                "intake" => assert_eq!(Intake::read(&mut fields), Intake::default()),
                "grading" => assert!(grading::read(&mut fields).is_some()),
                "assignment" => assert!(Assignment::read(&mut fields).is_automatic),
                _ => assert_eq!(work::read(&mut fields), Rules::default()),
            }
        }
    }
}
