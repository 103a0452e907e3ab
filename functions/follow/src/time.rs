//! What time does: holds and leases end, reminders go out, promises break, calls are given up.

use app::auth::Staff;
use app::callback::{Work, commit_all, times};
use app::case::notice::{self, Told, Whom};
use domain::callback::{Act, State};
use domain::ladder::DIGEST_FROM;
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::callbacks::{self, Callback};
use store::{call_steps, services};
use web::service::Offered;
use web::{Problem, view};

use crate::{ACTOR, Did};

/// Most call-backs that are looked at together.
const ROWS_MAX: usize = 50;
/// How often one tick does that, and for how long.
const ROUNDS: usize = 40;
const LOOK_MS: i64 = 8_000;
/// From which lost round on each is committed by itself: others keep changing them.
const SINGLY: usize = 2;
/// When there is another look at what cannot be understood.
const BROKEN_MS: i64 = 60 * 60 * 1000;

/// Does what is due, and tells whether something is left.
pub(crate) async fn pass(env: &impl Env, did: &mut Did) -> Result<bool, Problem> {
    let began = env.now();
    let mut lost = 0;
    for _ in 0..ROUNDS {
        if LOOK_MS < env.now() - began {
            break;
        }
        let rows = i64::try_from(ROWS_MAX).unwrap_or(i64::MAX);
        let mut left = env.sql().fetch(callbacks::due(env.now(), rows)).await?;
        let mut is_over = left.len() < ROWS_MAX;
        let before = lost;
        while let Some(site_id) = left.first().map(|it| it.site_id.clone()) {
            let (own, others) = left.into_iter().partition(|it| it.site_id == site_id);
            left = others;
            if !together(env, &site_id, own, SINGLY <= before, did).await? {
                (is_over, lost) = (false, before + 1);
            }
        }
        if is_over {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Does what is due with call-backs of a site, in one commit; false if somebody came between.
pub(crate) async fn together(
    env: &impl Env,
    site_id: &str,
    rows: Vec<Callback>,
    is_singly: bool,
    did: &mut Did,
) -> Result<bool, Problem> {
    let by = Staff::new(site_id, ACTOR);
    let desk = Desk::load(env, &rows).await?;
    let (mut steps, mut put_off) = (Vec::new(), Vec::new());
    for row in rows {
        match desk.step(row) {
            Ok(step) => steps.push(step),
            Err(later) => put_off.push(later),
        }
    }
    if !put_off.is_empty() {
        let rows = view::text(&put_off);
        commit_all(env, &by, Vec::new(), vec![call_steps::put_off(&rows).write()]).await?;
    }
    if is_singly {
        for step in steps {
            let also = notice::writes(env, &by, step.told, DIGEST_FROM);
            if commit_all(env, &by, vec![step.work], also).await? {
                did.take(step.did);
            }
        }
        return Ok(true);
    }
    let (mut works, mut told, mut done) = (Vec::new(), Vec::new(), Did::default());
    for step in steps {
        works.push(step.work);
        told.extend(step.told);
        done.take(step.did);
    }
    if works.is_empty() {
        return Ok(true);
    }
    let also = notice::writes(env, &by, told, DIGEST_FROM);
    let is_done = commit_all(env, &by, works, also).await?;
    if is_done {
        did.take(done);
    }
    Ok(is_done)
}

/// What is done with one.
struct Step<'a> {
    work: Work<'a>,
    told: Vec<Told>,
    did: Did,
}

struct Desk {
    now: i64,
    services: Vec<(String, Offered)>,
    unknown: Offered,
    /// Whom to tell: an agent or a case, and who that is.
    whom: Vec<(String, String)>,
}

impl Desk {
    async fn load(env: &impl Env, rows: &[Callback]) -> Result<Desk, Problem> {
        let now = env.now();
        let ids: Vec<&str> = rows.iter().map(|it| it.service_id.as_str()).collect();
        let found = env.sql().fetch(services::of_ids(&view::text(&ids))).await?;
        let services = found.into_iter().map(|it| (it.id, Offered::stored(&it.definition)));
        let missed = rows.iter().filter(|it| it.promise == 0);
        let missed: Vec<Value> = missed.map(|it| json!([it.agent_id, it.case_id])).collect();
        let whom = if missed.is_empty() {
            Vec::new()
        } else {
            env.sql().fetch(call_steps::whom(&view::text(&missed))).await?
        };
        Ok(Desk { now, services: services.collect(), unknown: Offered::default(), whom })
    }

    /// All that time does to one by now; when there is another look if that is nothing.
    fn step(&self, row: Callback) -> Result<Step<'_>, Value> {
        let service = self.services.iter().find(|it| it.0 == row.service_id);
        let offered = service.map_or(&self.unknown, |it| &it.1);
        let mut step =
            Step { work: Work::on(offered, row, self.now), told: Vec::new(), did: Did::default() };
        self.end_lease(&mut step);
        self.decide(&mut step);
        if step.work.is_changed() {
            step.work.settle();
            return Ok(step);
        }
        let row = &step.work.row;
        let next = times::next_step(&offered.service, row);
        let next = next.map(|it| if it <= self.now { self.now + BROKEN_MS } else { it });
        Err(json!([row.id, row.version, next, row.reminded]))
    }

    /// A hold that nobody confirmed, a call that an agent took and never told of.
    fn end_lease(&self, step: &mut Step<'_>) {
        if self.now < step.work.row.lease {
            return;
        }
        let (act, kind, what) = match step.work.state() {
            State::Held => (Act::Expire, "callback.expired", "expired"),
            State::Calling => (Act::Release, "callback.released", "released"),
            _ => return,
        };
        if step.work.act(act).is_err() {
            return;
        }
        step.work.happened(kind, Map::new());
        step.did.add(what, 1);
    }

    /// What waits for its time: promises, reminders, the end.
    fn decide(&self, step: &mut Step<'_>) {
        let state = step.work.state();
        if !matches!(state, State::Booked | State::Waiting) {
            return;
        }
        let row = &mut step.work.row;
        let is_over = row.expires <= self.now;
        if row.promise == 0 && (is_over || row.due_by <= self.now) {
            row.promise = 2;
            let mut data = Map::new();
            data.insert("due_by".to_owned(), view::time(row.due_by).into());
            step.told = self.told(row);
            step.work.happened("callback.missed", data);
            step.did.add("missed", 1);
        }
        if is_over {
            if step.work.act(Act::Expire).is_ok() {
                step.work.happened("callback.expired", Map::new());
                step.did.add("expired", 1);
            }
            return;
        }
        if state == State::Booked {
            self.remind(step);
        }
    }

    /// Reminds of an appointment, once of all reminders that were missed; never after it began.
    fn remind(&self, step: &mut Step<'_>) {
        let service = &step.work.offered.service;
        let past = times::reminders_past(service, &step.work.row, self.now);
        if past <= step.work.row.reminded {
            return;
        }
        step.work.row.reminded = past;
        let last = usize::try_from(past - 1).unwrap_or(0);
        let ahead = service.reminders_min.get(last).copied().unwrap_or(0);
        if self.now < step.work.row.start {
            let mut data = Map::new();
            data.insert("ahead_min".to_owned(), ahead.into());
            step.work.happened("callback.reminder", data);
            step.did.add("reminded", 1);
        }
    }

    /// Whom a broken promise is told: its agent, else the managers, and whose case it is about.
    fn told(&self, row: &Callback) -> Vec<Told> {
        let who = |asked: &str| {
            let found = self.whom.iter().find(|it| !asked.is_empty() && it.0 == asked);
            found.map(|it| it.1.as_str())
        };
        let own = who(&row.agent_id);
        let of_case = who(&row.case_id).filter(|it| own != Some(it));
        let first = own.map_or_else(Whom::managers, Whom::agent);
        let time = |at: i64| if at == 0 { Value::Null } else { view::time(at).into() };
        let data = json!({
            "callback_id": row.id,
            "case_id": view::some(&row.case_id),
            "purpose": row.purpose,
            "start": time(row.start),
            "due_by": time(row.due_by),
        });
        let all = [Some(first), of_case.map(Whom::agent)].into_iter().flatten();
        let told = |to| Told {
            kind: "callback.missed",
            to,
            subject: row.id.clone(),
            data: data.clone(),
            is_digest: false,
        };
        all.map(told).collect()
    }
}
