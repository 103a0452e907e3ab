//! Call-backs: made, moved and ended, and each change committed with its events, its counts and the
//! time that it takes or gives back.

pub mod book;
pub mod change;
mod counts;
pub mod erase;
pub mod ics;
mod occupancy;
pub mod read;
pub mod supply;
pub mod times;
pub mod view;
pub mod visit;

use domain::callback::{Act, Mode, State};
use domain::id::{token, token_hash};
use ports::{Committed, Env, Sql, Write};
use serde_json::{Map, Value, json};
use store::callbacks::{self, Callback};
use store::{case_steps, customers, services};
use web::lang::said;
use web::service::Offered;
use web::{Kind as Fault, Problem, Response};

use crate::auth::Staff;
use crate::write::{Change, DELIVER, along};
pub use counts::Sums;

/// Most lapsed holds that one request ends.
const LAPSED_MAX: i64 = 50;

/// A time of somebody, found free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whose.
    pub agent_id: String,
    /// Which of the calls that they make at once.
    pub lane: i64,
    /// When the call begins.
    pub start: i64,
    /// Their local day.
    pub day: i64,
    /// How many calls they make on a day.
    pub cap: i64,
}

/// A call-back that is being changed.
///
/// Nothing is written before [`Work::change`] is committed: its version decides between two who
/// change it at once, and the key of `call_quantum` between two who want the same time.
pub struct Work<'a> {
    /// What it goes by.
    pub offered: &'a Offered,
    /// As it will be.
    pub row: Callback,
    /// When all of it happens.
    pub now: i64,
    before: Option<Callback>,
    cap: i64,
    events: Vec<(&'static str, Map<String, Value>)>,
    writes: Vec<Write>,
}

impl<'a> Work<'a> {
    /// Begins to change one.
    pub fn on(offered: &'a Offered, row: Callback, now: i64) -> Work<'a> {
        Work { before: Some(row.clone()), ..Work::new(offered, row, now) }
    }

    /// Begins one: the caller fills the row, with a version of 0.
    pub fn new(offered: &'a Offered, row: Callback, now: i64) -> Work<'a> {
        Work { offered, row, now, before: None, cap: 0, events: Vec::new(), writes: Vec::new() }
    }

    /// Where it stands.
    pub fn state(&self) -> State {
        State::parse(&self.row.state).unwrap_or_default()
    }

    /// How its time is found.
    pub fn mode(&self) -> Mode {
        Mode::parse(&self.row.mode).unwrap_or_default()
    }

    /// Moves it on, if that can be done where it stands (409 if not).
    pub fn act(&mut self, act: Act) -> Result<(), Problem> {
        let next = act.from(self.state()).ok_or_else(impossible)?;
        if act == Act::Release {
            // It is for whoever is free, and in the queue where it was.
            let is_first = self.mode() == Mode::Asap && self.row.attempts == 0;
            self.row.agent_id.clear();
            if !is_first {
                self.row.place = self.row.due;
            }
        }
        self.enter(next);
        Ok(())
    }

    /// Sets where it stands. Leases end with the state that they are of; but that of a slot which
    /// was only held stays, and tells that nobody ever asked for the call.
    pub fn enter(&mut self, state: State) {
        let is_hold = self.state() == State::Held && !state.is_open();
        state.name().clone_into(&mut self.row.state);
        if !is_hold {
            self.row.lease = 0;
        }
        if !state.is_open() {
            self.row.ended_at = Some(self.now);
        }
    }

    /// Gives it a time, or another one. What it needs before and after stays as it was.
    pub fn place(&mut self, place: &Place) {
        let own = &self.offered.service;
        let minutes = |it: i64| it * domain::callback::MINUTE_MS;
        let row = &mut self.row;
        let had_time = row.start != 0;
        let (length, before, after) = if had_time {
            (row.end - row.start, row.start - row.from, row.until - row.end)
        } else {
            (minutes(own.length_min), minutes(own.before_min), minutes(own.after_min))
        };
        row.agent_id.clone_from(&place.agent_id);
        row.lane = place.lane;
        row.day = place.day;
        row.start = place.start;
        row.end = place.start + length;
        row.from = place.start - before;
        row.until = row.end + after;
        row.due = place.start;
        row.expires = place.start + own.expires_days * domain::civil::DAY_MS;
        // A promise is of the first attempt; after it, another time is no other promise.
        if row.promise == 0 {
            row.due_by = place.start + minutes(own.grace_min);
        }
        row.reminded = times::reminders_past(own, row, self.now);
        row.sequence += i64::from(had_time);
        row.no_answers = 0;
        row.busies = 0;
        Mode::Appointment.name().clone_into(&mut row.mode);
        self.cap = place.cap;
    }

    /// Adds an event. What is known of the call-back is told with each.
    pub fn happened(&mut self, kind: &'static str, data: Map<String, Value>) {
        self.events.push((kind, data));
    }

    /// Whether anything happened to it.
    pub fn is_changed(&self) -> bool {
        !self.events.is_empty()
    }

    /// Adds a statement to the commit; a guarded one holds back all of it.
    pub fn also(&mut self, write: Write) {
        self.writes.push(write);
    }

    /// Keeps how they are called and reached, of somebody who is no customer of ours.
    pub fn contact(&mut self, kind: &str, value: &str) {
        if !value.is_empty() {
            self.writes.push(customers::set_contact(&self.row.id, kind, value).write());
        }
    }

    /// Gives it a private link, and the token of it. A repeated request gets the same.
    pub fn link(&mut self, secret: &str) -> String {
        let token = link_token(secret, &self.row.id);
        self.row.link_hash = token_hash(&token).to_vec();
        token
    }

    /// Computes what follows from all of it: the version, since when they wait for a first attempt,
    /// and when time does something to it. To be called last, before the answer is made of `row`.
    pub fn settle(&mut self) {
        let count = i64::try_from(self.events.len()).unwrap_or(0);
        self.row.version = self.before.as_ref().map_or(0, |it| it.version) + count;
        self.row.updated_at = self.now;
        if self.row.first_attempt.is_none() {
            let is_appointment = self.mode() == Mode::Appointment;
            self.row.since = if is_appointment { self.row.start } else { self.row.place };
            self.row.since_mode.clone_from(&self.row.mode);
        }
        self.row.next_step = times::next_step(&self.offered.service, &self.row);
    }

    /// The change, to be committed; `answer` shows the settled row. Refused with
    /// [`Fault::SlotTaken`]: whoever commits it looks for the reason then.
    pub fn change(self, answer: Response) -> Change {
        let (row, before) = (&self.row, self.before.as_ref());
        let mut events = self.events.into_iter().map(|(kind, data)| (kind, about(row, data)));
        // Every change has its event; the catalogue tells in the tests whoever forgets it.
        let (kind, data) = events.next().unwrap_or(("callback", Value::Null));
        let first = before.map_or(0, |it| it.version) + 1;
        let mut change = Change::new(kind, &row.id, first, data, answer);
        change.also.extend(events);
        change.writes.push(match before {
            None => callbacks::insert(row).guarded(),
            Some(before) => callbacks::update(row, before.version).guarded(),
        });
        change.writes.extend(occupancy::writes(before, row, self.cap));
        change.writes.extend(counts::writes(before, row));
        change.writes.extend(self.writes);
        change.or(Problem::new(Fault::SlotTaken))
    }
}

/// What every event tells of its call-back.
fn about(row: &Callback, mut data: Map<String, Value>) -> Value {
    let time = |at: i64| if at == 0 { Value::Null } else { web::view::time(at).into() };
    for (name, value) in [
        ("mode", json!(row.mode)),
        ("state", json!(row.state)),
        ("purpose", json!(row.purpose)),
        ("service_id", json!(row.service_id)),
        ("agent_id", json!(web::view::some(&row.agent_id))),
        ("case_id", json!(web::view::some(&row.case_id))),
        ("start", time(row.start)),
        ("end", time(row.end)),
        ("sequence", json!(row.sequence)),
    ] {
        data.insert(name.to_owned(), value);
    }
    Value::Object(data)
}

/// The token of the private link to a call-back.
pub fn link_token(secret: &str, id: &str) -> String {
    let digest = crate::sealed::key(secret, &format!("callback {id}"));
    token("", std::array::from_fn(|at| digest.get(at).copied().unwrap_or_default()))
}

/// The token of the secret address of an agent's calendar, the one of this number.
pub fn feed_token(secret: &str, agent_id: &str, number: i64) -> String {
    let digest = crate::sealed::key(secret, &format!("feed {agent_id} {number}"));
    token("", std::array::from_fn(|at| digest.get(at).copied().unwrap_or_default()))
}

/// What stands for a number where it is looked for: nobody can tell the number from it.
pub fn phone_hash(secret: &str, site_id: &str, e164: &str) -> [u8; 32] {
    crate::sealed::key(secret, &format!("phone {site_id} {e164}"))
}

/// What cannot be done to a call-back where it stands.
pub fn impossible() -> Problem {
    Problem::new(Fault::WrongState).with(said(
        "read the call-back: its state says what can be done to it",
        "请读取该回电：其状态决定可进行的操作",
    ))
}

/// A service of a site, and what it offers.
pub async fn offered(
    env: &impl Env,
    site_id: &str,
    id: &str,
) -> Result<Option<(services::Service, Offered)>, Problem> {
    use store::Entity;
    let found = env.sql().fetch(services::Service::by_id(site_id, id)).await?;
    Ok(found.map(|it| {
        let offered = Offered::stored(&it.definition);
        (it, offered)
    }))
}

/// The statements of changes of call-backs of one site, each of them settled, with their events.
pub async fn together(
    env: &impl Env,
    by: &Staff,
    works: Vec<Work<'_>>,
) -> Result<Vec<Write>, Problem> {
    let before: Vec<Value> = works
        .iter()
        .filter_map(|it| it.before.as_ref())
        .map(|it| json!([it.id, it.version]))
        .collect();
    let seals = env.sql().fetch(case_steps::seals(&web::view::text(&before))).await?;
    let mut all = Vec::new();
    for work in works {
        let seal = seals.iter().find(|(id, _)| *id == work.row.id);
        let previous = seal.map_or(domain::event::ORIGIN, |it| it.1);
        all.extend(along(env, by, work.change(web::no_content()), previous));
    }
    Ok(all)
}

/// Whether changes of call-backs of one site, each of them settled, were committed together with
/// `writes`: all or none. False if one of them was changed meanwhile.
pub async fn commit_all(
    env: &impl Env,
    by: &Staff,
    works: Vec<Work<'_>>,
    writes: Vec<Write>,
) -> Result<bool, Problem> {
    let mut all = together(env, by, works).await?;
    all.extend(writes);
    let is_done = env.sql().commit(all).await? == Committed::Done;
    if is_done {
        env.hurry(DELIVER);
    }
    Ok(is_done)
}

/// Ends the holds of a site that nobody confirmed in time, so that their slots can be had. Whoever
/// else does the same at once is welcome.
pub async fn lapse(env: &impl Env, site_id: &str) -> Result<(), Problem> {
    let now = env.now();
    let found = env.sql().fetch(callbacks::lapsed(site_id, now, LAPSED_MAX)).await?;
    if found.is_empty() {
        return Ok(());
    }
    // What it offers does not matter to what ends.
    let offered = Offered::default();
    let mut works = Vec::with_capacity(found.len());
    for row in found {
        let mut work = Work::on(&offered, row, now);
        work.act(Act::Expire)?;
        work.happened("callback.expired", Map::new());
        work.settle();
        works.push(work);
    }
    commit_all(env, &Staff::new(site_id, "tick"), works, Vec::new()).await.map(|_| ())
}
