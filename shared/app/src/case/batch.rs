//! Changes of many cases of a site in one commit, with a statement for each table instead of each
//! case: what time does to a hundred cases is a handful of round trips.

use domain::event::{Event, ORIGIN};
use domain::id::{Kind, derived, hex};
use ports::{Committed, Env, Sql, Write};
use serde_json::{Value, json};
use store::cases::Case;
use store::{case_steps, events};
use web::{Problem, view};

use super::{Sums, Work, about};
use crate::auth::Staff;
use crate::write::DELIVER;

/// Whether the changes of cases of one site, each of them settled, were committed with `writes`.
///
/// All of them or none: false if one of them was changed by others meanwhile, or its agent has no
/// room any more. They are to be looked at anew then.
pub async fn commit_all(
    env: &impl Env,
    by: &Staff,
    works: Vec<Work<'_>>,
    writes: Vec<Write>,
) -> Result<bool, Problem> {
    if works.is_empty() && writes.is_empty() {
        return Ok(true);
    }
    let rows = Rows::of(env, by, works).await?;
    let statements = rows.writes(&by.site_id, env.now(), writes);
    if env.sql().commit(statements).await? != Committed::Done {
        return Ok(false);
    }
    env.hurry(DELIVER);
    Ok(true)
}

/// Rows of the statements, in the order of their places there.
#[derive(Default)]
struct Rows {
    events: Vec<Value>,
    cases: Vec<Value>,
    checks: Vec<Value>,
    lost: Vec<(String, i64)>,
    gained: Vec<Gain>,
    sums: Sums,
    writes: Vec<Write>,
}

/// What an agent gets.
struct Gain {
    agent_id: String,
    count: i64,
    turn: i64,
    capacity: i64,
}

impl Rows {
    async fn of(env: &impl Env, by: &Staff, works: Vec<Work<'_>>) -> Result<Rows, Problem> {
        let before: Vec<Value> =
            works.iter().map(|it| json!([it.case.id, version_before(it)])).collect();
        let seals = env.sql().fetch(case_steps::seals(&view::text(&before))).await?;
        let (now, seed) = (env.now(), env.random());
        let mut rows = Rows::default();
        for work in works {
            // Where there is none the case changed meanwhile, and the check refuses it.
            let seal = seals.iter().find(|(id, _)| *id == work.case.id);
            rows.add(by, work, seal.map_or(ORIGIN, |it| it.1), (now, seed));
        }
        Ok(rows)
    }

    fn add(
        &mut self,
        by: &Staff,
        work: Work<'_>,
        mut previous: [u8; 32],
        (now, seed): (i64, [u8; 16]),
    ) {
        let before = version_before(&work);
        self.load(&work);
        if let Some(before) = &work.before {
            self.sums.add(before, -1);
        }
        self.sums.add(&work.case, 1);
        let Work { case, events, writes, .. } = work;
        self.writes.extend(writes);
        self.cases.push(row(&case, before));
        for (version, (kind, data)) in (before + 1..).zip(events) {
            let event = Event {
                id: Kind::Event.id(now, derived(seed, self.events.len())),
                site_id: by.site_id.clone(),
                subject: case.id.clone(),
                version,
                kind,
                actor: by.actor.clone(),
                at: now,
                data: view::text(&about(&case, data)),
                previous,
            };
            if version == before + 1 {
                self.checks.push(json!([event.subject, case.version, version, event.id]));
            }
            previous = event.hash();
            self.events.push(event_row(&event));
        }
    }

    /// Whose the case was, and whose it is.
    fn load(&mut self, work: &Work<'_>) {
        let had = work.before.as_ref().map_or("", holder);
        let has = holder(&work.case);
        if had == has {
            return;
        }
        if !had.is_empty() {
            match self.lost.iter_mut().find(|it| it.0 == had) {
                Some(it) => it.1 += 1,
                None => self.lost.push((had.to_owned(), 1)),
            }
        }
        if has.is_empty() {
            return;
        }
        let (capacity, turn) = (work.turn.0.unwrap_or(i64::MAX), work.turn.1);
        match self.gained.iter_mut().find(|it| it.agent_id == has) {
            Some(it) => {
                it.count += 1;
                it.turn = it.turn.max(turn);
                it.capacity = it.capacity.min(capacity);
            }
            None => {
                self.gained.push(Gain { agent_id: has.to_owned(), count: 1, turn, capacity });
            }
        }
    }

    fn writes(self, site_id: &str, now: i64, more: Vec<Write>) -> Vec<Write> {
        let mut writes = Vec::with_capacity(8 + self.writes.len() + more.len());
        if !self.cases.is_empty() {
            writes.push(events::append_all(site_id, now, &view::text(&self.events)).write());
            writes.push(case_steps::update(&view::text(&self.cases)).write());
            writes.push(case_steps::check(&view::text(&self.checks)).guarded());
        }
        writes.extend(self.sums.writes(site_id));
        if !self.lost.is_empty() {
            writes.push(case_steps::lose(&view::text(&self.lost)).write());
        }
        if !self.gained.is_empty() {
            let gained: Vec<Value> = self
                .gained
                .iter()
                .map(|it| json!([it.agent_id, it.count, it.turn, it.capacity]))
                .collect();
            let gained = view::text(&gained);
            writes.push(case_steps::gain(site_id, &gained).write());
            writes.push(case_steps::has_room(&gained).guarded());
        }
        writes.extend(self.writes);
        writes.extend(more);
        writes
    }
}

fn version_before(work: &Work<'_>) -> i64 {
    work.before.as_ref().map_or(0, |it| it.version)
}

/// Who has the case among those that they have to act on.
fn holder(case: &Case) -> &str {
    if matches!(case.state.as_str(), "open" | "waiting") { &case.agent_id } else { "" }
}

fn row(it: &Case, before: i64) -> Value {
    json!([
        it.id,
        before,
        it.version,
        it.urgency,
        it.department_id,
        it.agent_id,
        it.parent_id,
        it.assigned,
        it.late,
        it.ladder_done,
        it.answer_due,
        it.solution_due,
        it.closing_due,
        it.next_due,
        it.next_step,
        it.updated_at
    ])
}

/// The row of an event, as `store::events::append_all` takes it.
pub fn event_row(it: &Event) -> Value {
    let hash = hex(&it.hash());
    json!([it.id, it.subject, it.version, it.kind, it.actor, it.data, hash])
}
