//! Changes of many cases of a site in one commit, with a statement for each table instead of each
//! case: what time does to a hundred cases is a handful of round trips.

use domain::event::{Event, ORIGIN};
use domain::id::{Kind, derived, hex};
use ports::{Committed, Env, Sql, Statement, Write};
use serde_json::{Value, json};
use store::case_texts::{self, Text};
use store::cases::{self, Case};
use store::{case_steps, events};
use web::{Problem, view};

use super::{Sums, Work, about, search};
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
    // One moment for all of it: the events are sealed with it.
    let now = env.now();
    let rows = Rows::of(env, by, works, now).await?;
    let change = case_steps::update(&view::text(&rows.cases));
    commit(env, rows.writes(&by.site_id, now, change, writes)).await
}

/// The same of cases that are new to us, as imports bring them; none of them is there yet.
pub async fn bring_all(
    env: &impl Env,
    by: &Staff,
    works: Vec<Work<'_>>,
    writes: Vec<Write>,
) -> Result<bool, Problem> {
    let (now, seed) = (env.now(), env.random());
    let (mut rows, mut made) = (Rows::default(), Vec::with_capacity(works.len()));
    for work in works {
        made.push(whole(&work.case));
        rows.add(by, work, ORIGIN, (now, seed));
    }
    let change = cases::insert_all(&view::text(&made));
    commit(env, rows.writes(&by.site_id, now, change, writes)).await
}

async fn commit(env: &impl Env, writes: Vec<Write>) -> Result<bool, Problem> {
    let is_done = env.sql().commit(writes).await? == Committed::Done;
    if is_done {
        env.hurry(DELIVER);
    }
    Ok(is_done)
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
    texts: Vec<Value>,
    words: Vec<Value>,
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
    async fn of(
        env: &impl Env,
        by: &Staff,
        works: Vec<Work<'_>>,
        now: i64,
    ) -> Result<Rows, Problem> {
        let before: Vec<Value> =
            works.iter().map(|it| json!([it.case.id, version_before(it)])).collect();
        let seals = env.sql().fetch(case_steps::seals(&view::text(&before))).await?;
        let seed = env.random();
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
        let Work { case, events, texts, writes, .. } = work;
        self.texts.extend(texts.iter().map(text_row));
        let heard = |it: &Text| search::row(&case.site_id, (&it.case_id, &it.id), &it.text);
        self.words.extend(texts.iter().filter_map(heard));
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

    /// The statements; `change` is what it does to the cases themselves.
    fn writes(self, site_id: &str, now: i64, change: Statement, more: Vec<Write>) -> Vec<Write> {
        let mut writes = Vec::with_capacity(8 + self.writes.len() + more.len());
        if !self.cases.is_empty() {
            writes.push(events::append_all(site_id, now, &view::text(&self.events)).write());
            writes.push(change.write());
            writes.push(case_steps::check(&view::text(&self.checks)).guarded());
        }
        if !self.texts.is_empty() {
            writes.push(case_texts::insert_all(&view::text(&self.texts)).write());
            writes.extend(search::write(self.words));
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

fn text_row(it: &Text) -> Value {
    json!([
        it.case_id,
        it.id,
        it.kind,
        i64::from(it.is_public),
        it.actor,
        it.agent_id,
        it.text,
        it.files,
        hex(&it.salt),
        it.at
    ])
}

/// Every column of a case, in the order of the table.
fn whole(it: &Case) -> Value {
    let names = [
        &it.urgency,
        &it.need,
        &it.type_id,
        &it.source,
        &it.channel,
        &it.language,
        &it.touchpoint_id,
        &it.department_id,
        &it.agent_id,
        &it.customer_id,
        &it.customer_group,
        &it.who,
        &it.response_id,
        &it.parent_id,
    ];
    let mut row = vec![json!(it.id), json!(it.site_id), json!(it.version)];
    row.extend([&it.number, &it.once, &it.state, &it.grade].map(|it| json!(it)));
    row.push(json!(it.tier));
    row.extend(names.map(|it| json!(it)));
    row.push(json!(it.amount));
    row.extend([&it.grading, &it.assigned, &it.history].map(|it| json!(it)));
    row.extend([json!(it.late), json!(it.ladder_done), json!(it.reopened), json!(it.answers)]);
    row.push(json!(i64::from(it.is_repeat)));
    row.push(json!(it.is_first_contact.map(i64::from)));
    row.extend([&it.cause_kind, &it.cause_id].map(|it| json!(it)));
    row.extend([it.csat, it.ces].map(|it| json!(it)));
    row.extend([it.received_at, it.received_day].map(|it| json!(it)));
    let times = [
        it.answered_at,
        it.solved_at,
        it.closed_at,
        it.answer_due,
        it.solution_due,
        it.closing_due,
        it.next_due,
        it.next_step,
    ];
    row.extend(times.map(|it| json!(it)));
    row.extend([it.created_at, it.updated_at].map(|it| json!(it)));
    Value::Array(row)
}
