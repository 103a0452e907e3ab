//! What people are told, and when many such things are told as one.

use domain::event::{Event, ORIGIN};
use domain::id::{Kind, derived};
use domain::ladder::To;
use ports::{Env, Write};
use serde_json::{Map, Value, json};
use store::cases::Case;
use store::{events, notices};
use web::view;

use super::batch::event_row;
use crate::auth::Staff;

/// Most cases that a digest names.
const NAMED_MAX: usize = 100;

/// Whom something is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whom {
    /// `agent_id`, `department_id` or `role`.
    what: &'static str,
    which: String,
}

impl Whom {
    fn new(what: &'static str, which: &str) -> Whom {
        Whom { what, which: which.to_owned() }
    }

    /// Those who run things.
    pub fn managers() -> Whom {
        Whom::new("role", "manager")
    }

    /// Somebody.
    pub fn agent(id: &str) -> Whom {
        Whom::new("agent_id", id)
    }

    /// Whom a step means. What is nobody's is its department's, else its managers'.
    pub fn of(to: &To, case: &Case) -> Whom {
        let department = || match case.department_id.as_str() {
            "" => Whom::managers(),
            id => Whom::new("department_id", id),
        };
        match to {
            To::Agent if !case.agent_id.is_empty() => Whom::agent(&case.agent_id),
            To::Agent | To::Department => department(),
            To::Specialist => Whom::managers(),
            To::Role(role) => Whom::new("role", role.name()),
            To::AgentId(id) => Whom::agent(id),
            To::DepartmentId(id) => Whom::new("department_id", id),
        }
    }

    /// Their name among others.
    pub fn name(&self) -> String {
        self.which.clone()
    }

    fn shown(&self) -> Value {
        let mut shown = Map::new();
        shown.insert(self.what.to_owned(), Value::from(self.which.as_str()));
        Value::Object(shown)
    }
}

/// Something that somebody is told.
#[derive(Clone, Debug)]
pub struct Told {
    /// What kind of thing it is.
    pub kind: &'static str,
    /// Whom it is told.
    pub to: Whom,
    /// What it is about.
    pub subject: String,
    /// More of it, an object without anything personal.
    pub data: Value,
    /// Whether it is never told alone if there are others.
    pub is_digest: bool,
}

/// The statements that tell people, each notice with its event.
pub fn writes(env: &impl Env, by: &Staff, all: Vec<Told>, digest_from: usize) -> Vec<Write> {
    if all.is_empty() {
        return Vec::new();
    }
    let (now, seed) = (env.now(), env.random());
    let (mut rows, mut happened) = (Vec::new(), Vec::new());
    for (at, (kind, to, subject, mut data)) in
        folded(all, &by.site_id, digest_from).into_iter().enumerate()
    {
        let id = Kind::Notice.id(now, derived(seed, 2 * at));
        let shown = to.shown();
        let mut told = json!({ "type": kind, "about": subject, "to": shown });
        if let (Value::Object(told), Some(count)) = (&mut told, data.get("count")) {
            told.insert("count".to_owned(), count.clone());
        }
        if let Value::Object(data) = &mut data {
            data.insert("to".to_owned(), shown);
        }
        rows.push(json!([id, kind, subject, view::text(&data)]));
        happened.push(event_row(&Event {
            id: Kind::Event.id(now, derived(seed, 2 * at + 1)),
            site_id: by.site_id.clone(),
            subject: id,
            version: 1,
            kind: "notice.created",
            actor: by.actor.clone(),
            at: now,
            data: view::text(&told),
            previous: ORIGIN,
        }));
    }
    vec![
        notices::notify_all(&by.site_id, now, &view::text(&rows)).write(),
        events::append_all(&by.site_id, now, &view::text(&happened)).write(),
    ]
}

/// A notice: its kind, whom it is for, its subject, its data.
type Folded = (&'static str, Whom, String, Value);

/// What is told apart, and what is told as one. A digest is about the site.
fn folded(all: Vec<Told>, site_id: &str, digest_from: usize) -> Vec<Folded> {
    let mut folded = Vec::new();
    let mut left = all;
    while let Some((kind, to)) = left.first().map(|it| (it.kind, it.to.clone())) {
        let (alike, others): (Vec<Told>, Vec<Told>) =
            left.into_iter().partition(|it| it.kind == kind && it.to == to);
        left = others;
        let is_digest =
            digest_from <= alike.len() || 1 < alike.len() && alike.iter().all(|it| it.is_digest);
        if is_digest {
            let count = alike.len();
            let cases = alike.into_iter().take(NAMED_MAX).map(|it| it.data);
            let data = json!({ "count": count, "cases": cases.collect::<Vec<_>>() });
            folded.push((kind, to, site_id.to_owned(), data));
        } else {
            let each = alike.into_iter().map(|it| (it.kind, it.to, it.subject, it.data));
            folded.extend(each);
        }
    }
    folded
}

/// What a notice tells of a case: nothing that anybody said.
pub fn about(case: &Case) -> Map<String, Value> {
    let mut data = Map::new();
    for (name, value) in [("case_id", &case.id), ("number", &case.number), ("grade", &case.grade)] {
        data.insert(name.to_owned(), Value::from(value.as_str()));
    }
    data
}
