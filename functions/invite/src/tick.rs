//! What time does to programmes: waves open, invite, remind and close.
//!
//! Each step is one commit of bounded size that ends by saying where the wave stands, so whatever
//! is interrupted goes on from there, and two ticks at once never do the same step.

use app::asking::{rules, scopes};
use app::programme::{due_at, newest, zone};
use app::tick;
use domain::civil::{DAY_MS, date};
use domain::event::{Event, ORIGIN};
use domain::id::{Kind, derived, derived_pair, hex, token};
use domain::touchpoint::GROUPS;
use domain::wave::{next_at, order, reminders};
use ports::{Committed, Env, Sql, Write};
use serde_json::{Map, Value, json};
use store::jobs::{self, Job};
use store::programmes::{self, Programme};
use store::waves::{self, Wave};
use store::{events, invitations, rests, studies};
use web::{Problem, Request, Response, view};

/// What this component does.
const KINDS: &str = r#"["invite"]"#;
/// Most steps of one tick, which leave its lease time to spare.
const STEPS_MAX: usize = 20;
/// Most invitations of one commit.
const SLICE: i64 = 500;
/// How often there is a look for what is due.
const LOOK_EVERY_MS: i64 = 60_000;
/// Who it was, for events.
const ACTOR: &str = "tick";

/// Does what is due.
pub(crate) async fn tick(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    tick::tick(env, request, KINDS, async |job, lease| {
        let turn = Turn { env, job, lease };
        turn.take().await
    })
    .await
}

/// A job and the lease under which it is done.
struct Turn<'a, E> {
    env: &'a E,
    job: &'a Job,
    lease: &'a str,
}

impl<E: Env> Turn<'_, E> {
    async fn take(&self) -> Result<(), Problem> {
        let env = self.env;
        for _ in 0..STEPS_MAX {
            // A wave that was drawn sets its clocks before the next one draws: two that are due on
            // one day ask different people.
            let is_ours = if let Some(it) = env.sql().fetch(waves::due(env.now())).await? {
                self.go_on(it).await?
            } else if let Some(it) = env.sql().fetch(programmes::due(env.now())).await? {
                self.open(it).await?
            } else {
                let due = env.now() + LOOK_EVERY_MS;
                env.sql()
                    .commit(vec![jobs::again(&self.job.id, self.lease, due).guarded()])
                    .await?;
                return Ok(());
            };
            if !is_ours {
                return Ok(());
            }
        }
        env.sql().commit(vec![jobs::again(&self.job.id, self.lease, env.now()).guarded()]).await?;
        Ok(())
    }

    /// Commits a step. It is refused as a whole if the lease ran out, and then whoever has it now
    /// does the work; or if staff changed something meanwhile, and then the step is taken again.
    async fn commit(&self, writes: Vec<Write>) -> Result<bool, Problem> {
        let mut all = vec![jobs::note(&self.job.id, self.lease, "{}").guarded()];
        all.extend(writes);
        Ok(self.env.sql().commit(all).await? != Committed::Refused(0))
    }

    /// The event of a subject's next version.
    async fn event(
        &self,
        site_id: &str,
        subject: (&str, i64),
        kind: &'static str,
        data: &Value,
    ) -> Result<Write, Problem> {
        let (subject, version) = subject;
        let seal = match version {
            1 => Some(ORIGIN),
            _ => self.env.sql().fetch(events::seal(subject, version - 1)).await?,
        };
        let at = self.env.now();
        let event = Event {
            id: Kind::Event.id(at, self.env.random()),
            site_id: site_id.to_owned(),
            subject: subject.to_owned(),
            version,
            kind,
            actor: ACTOR.to_owned(),
            at,
            data: view::text(data),
            // Without it the insert conflicts with the version that is there, and nothing happens.
            previous: seal.unwrap_or(ORIGIN),
        };
        Ok(events::append(&event).guarded())
    }

    /// Opens the wave of a programme that is due, if its survey can be answered.
    async fn open(&self, mut it: Programme) -> Result<bool, Problem> {
        let env = self.env;
        let now = env.now();
        let zone = zone(env, &it.site_id).await?;
        it.version += 1;
        it.updated_at = now;
        let site_id = it.site_id.clone();
        let Some(day) = newest(&it, zone.day(now)) else {
            // The site's zone changed, and with it when its days begin.
            it.due_at = due_at(&it, zone);
            let data = json!({ "next_wave_at": view::time_or_null(it.due_at) });
            let subject = (it.id.as_str(), it.version);
            let event = self.event(&site_id, subject, "programme.rescheduled", &data).await?;
            return self.commit(vec![event, programmes::update(&it).guarded()]).await;
        };
        it.last_day = Some(day.into());
        it.due_at = due_at(&it, zone);
        let public = env.sql().fetch(studies::public(&it.study_id, 0)).await?;
        let rules = public.filter(|it| it.state == "open").map(|it| rules(&it.definition));
        let rules = rules.filter(|it| {
            it.opens_at.is_none_or(|at| at <= now) && it.closes_at.is_none_or(|at| now < at)
        });
        let Some(rules) = rules else {
            let data = json!({ "due_on": date(day), "reason": "study_not_open" });
            let subject = (it.id.as_str(), it.version);
            let event = self.event(&site_id, subject, "programme.wave_skipped", &data).await?;
            return self.commit(vec![event, programmes::update(&it).guarded()]).await;
        };
        it.waves += 1;
        let closes_at = now + it.open_days * DAY_MS;
        let mut wave = Wave {
            id: Kind::Wave.id(now, env.random()),
            site_id: site_id.clone(),
            programme_id: it.id.clone(),
            study_id: it.study_id.clone(),
            version: 1,
            number: it.waves,
            state: "inviting".to_owned(),
            day: day.into(),
            opened_at: now,
            closes_at: rules.closes_at.map_or(closes_at, |at| at.min(closes_at)),
            plan: String::new(),
            remind_after_days: it.remind_after_days.clone(),
            scopes: view::text(&scopes(&it.study_id, &rules)),
            reminders: 0,
            cursor: String::new(),
            due_at: Some(now),
        };
        let drawn = self.draw(&it, &mut wave, &rests_of(&it.study_id, &rules, now)).await?;
        let of_wave = json!({
            "programme_id": it.id, "survey_id": it.study_id, "number": wave.number,
            "due_on": date(day), "closes_at": view::time(wave.closes_at),
            "plan": view::json(&wave.plan),
        });
        let of_programme = json!({ "wave_id": wave.id, "number": wave.number });
        let subject = (it.id.as_str(), it.version);
        self.commit(vec![
            self.event(&site_id, subject, "programme.wave_opened", &of_programme).await?,
            programmes::update(&it).guarded(),
            self.event(&site_id, (&wave.id, 1), "wave.opened", &of_wave).await?,
            waves::insert(&wave).guarded(),
            invitations::insert(&wave.id, &view::text(&drawn)).write(),
        ])
        .await
    }

    /// Draws the sample of each group and notes in the wave what was found.
    async fn draw(
        &self,
        it: &Programme,
        wave: &mut Wave,
        rests: &str,
    ) -> Result<Vec<Value>, Problem> {
        let sample = view::json(&it.sample);
        let seed = self.env.random();
        let mut rows = Vec::new();
        let mut plan = Map::new();
        for group in GROUPS {
            let planned = sample.get(group).and_then(Value::as_i64).unwrap_or(0);
            let order = order(&wave.id);
            let draw = invitations::draw(&it.site_id, group, planned, rests, order);
            let drawn = self.env.sql().fetch(draw).await?;
            if let Value::Array(ids) = view::json(&drawn.ids) {
                for customer_id in ids {
                    let [of_id, of_link] = derived_pair(seed, rows.len());
                    let id = Kind::Invitation.id(wave.opened_at, of_id);
                    let nonce = token("", of_link);
                    rows.push(Value::Array(vec![id.into(), customer_id, nonce.into()]));
                }
            }
            let found = json!({
                "planned": planned, "customers": drawn.customers, "may_ask": drawn.may_ask,
            });
            plan.insert(group.to_owned(), found);
        }
        wave.plan = view::text(&plan);
        Ok(rows)
    }

    /// Does the next thing to a wave.
    async fn go_on(&self, wave: Wave) -> Result<bool, Problem> {
        if wave.closes_at <= self.env.now() {
            return self.close(wave).await;
        }
        if wave.state == "inviting" { self.invite(wave).await } else { self.remind(wave).await }
    }

    /// Invites some of those who were drawn; after the last of them the wave is open.
    async fn invite(&self, mut wave: Wave) -> Result<bool, Problem> {
        let env = self.env;
        let now = env.now();
        let (version, cursor) = (wave.version, wave.cursor.clone());
        let waiting = invitations::waiting(&wave.id, &cursor, SLICE);
        let waiting = env.sql().fetch(waiting).await?;
        let mut slice = Slice::new(&wave, now, env.random());
        for (id, group) in &waiting {
            slice.add("survey.invitation_due", (id, 1), ORIGIN, group, None);
        }
        let (rows, ids) = slice.texts();
        let mut writes = vec![
            events::append_invited(&wave.site_id, &wave.id, now, &rows).write(),
            invitations::invite(&wave.id, &ids, now).write(),
            rests::invited(&wave.site_id, &wave.id, &ids, &wave.scopes, now).write(),
        ];
        match waiting.last() {
            Some((last, _)) => wave.cursor.clone_from(last),
            None => {
                let days = days(&wave);
                wave.version += 1;
                wave.state = "open".to_owned();
                wave.cursor = String::new();
                wave.due_at = Some(next_at(&days, wave.opened_at, wave.closes_at, 0));
                let subject = (wave.id.as_str(), wave.version);
                let event = self.event(&wave.site_id, subject, "wave.invited", &json!({})).await?;
                writes = vec![event, invitations::drop_uninvited(&wave.id).write()];
            }
        }
        writes.push(waves::update(&wave, version, &cursor).guarded());
        self.commit(writes).await
    }

    /// Reminds some of those who have not answered; of rounds that were missed, once.
    async fn remind(&self, mut wave: Wave) -> Result<bool, Problem> {
        let env = self.env;
        let now = env.now();
        let cursor = wave.cursor.clone();
        let days = days(&wave);
        let round = reminders(&days, wave.opened_at, now);
        let query = invitations::invited(&wave.site_id, &wave.id, &cursor, SLICE);
        let found = env.sql().fetch(query).await?;
        let mut slice = Slice::new(&wave, now, env.random());
        for it in found.iter().filter(|it| !it.is_over) {
            let subject = (it.id.as_str(), it.version + 1);
            slice.add("survey.reminder_due", subject, it.seal, &it.group, Some(round));
        }
        let (rows, ids) = slice.texts();
        let mut writes = vec![
            events::append_invited(&wave.site_id, &wave.id, now, &rows).write(),
            invitations::remind(&wave.id, &ids, now).write(),
        ];
        match found.last() {
            Some(last) => wave.cursor.clone_from(&last.id),
            None => {
                wave.cursor = String::new();
                wave.reminders = i64::try_from(round).unwrap_or(0);
                wave.due_at = Some(next_at(&days, wave.opened_at, wave.closes_at, round));
            }
        }
        writes.push(waves::update(&wave, wave.version, &cursor).guarded());
        self.commit(writes).await
    }

    async fn close(&self, mut wave: Wave) -> Result<bool, Problem> {
        let (version, cursor) = (wave.version, wave.cursor.clone());
        let query = invitations::coverage(&wave.site_id, &wave.id);
        let mut groups = Map::new();
        for (group, invited, answered) in self.env.sql().fetch(query).await? {
            groups.insert(group, json!({ "invited": invited, "answered": answered }));
        }
        wave.version += 1;
        wave.state = "closed".to_owned();
        wave.cursor = String::new();
        wave.due_at = None;
        let data = json!({ "groups": groups });
        let subject = (wave.id.as_str(), wave.version);
        self.commit(vec![
            self.event(&wave.site_id, subject, "wave.closed", &data).await?,
            invitations::drop_uninvited(&wave.id).write(),
            waves::update(&wave, version, &cursor).guarded(),
        ])
        .await
    }
}

/// The clocks that keep customers out of a draw: each with the instant after which it must not
/// stand.
fn rests_of(study_id: &str, rules: &domain::asking::Rules, now: i64) -> String {
    let mut rests = Vec::new();
    for scope in scopes(study_id, rules) {
        let days = match scope {
            "" => rules.rest_any_days,
            it if it == study_id => rules.rest_survey_days,
            _ => rules.rest_metric_days,
        };
        if 0 < days {
            rests.push(json!([scope, now - days * DAY_MS]));
        }
    }
    view::text(&rests)
}

/// After how many days a wave reminds.
fn days(wave: &Wave) -> Vec<i64> {
    match view::json(&wave.remind_after_days) {
        Value::Array(days) => days.iter().filter_map(Value::as_i64).collect(),
        _ => Vec::new(),
    }
}

/// Events of some invitations, to be written by one statement.
struct Slice<'a> {
    wave: &'a Wave,
    now: i64,
    random: [u8; 16],
    rows: Vec<Value>,
    ids: Vec<Value>,
}

impl Slice<'_> {
    fn new(wave: &Wave, now: i64, random: [u8; 16]) -> Slice<'_> {
        Slice { wave, now, random, rows: Vec::new(), ids: Vec::new() }
    }

    fn add(
        &mut self,
        kind: &'static str,
        subject: (&str, i64),
        previous: [u8; 32],
        group: &str,
        round: Option<usize>,
    ) {
        let (id, version) = subject;
        let wave = self.wave;
        let mut data = json!({
            "wave_id": wave.id, "programme_id": wave.programme_id, "survey_id": wave.study_id,
            "group": group, "expires_at": view::time(wave.closes_at),
        });
        if let (Some(round), Some(members)) = (round, data.as_object_mut()) {
            members.insert("number".to_owned(), round.into());
        }
        let event = Event {
            id: Kind::Event.id(self.now, derived(self.random, self.rows.len())),
            site_id: wave.site_id.clone(),
            subject: id.to_owned(),
            version,
            kind,
            actor: ACTOR.to_owned(),
            at: self.now,
            data: view::text(&data),
            previous,
        };
        let hash = hex(&event.hash());
        self.rows.push(json!([event.id, id, version, kind, event.data, hash]));
        self.ids.push(id.into());
    }

    /// The rows of the events, and the ids of their invitations.
    fn texts(&self) -> (String, String) {
        (view::text(&self.rows), view::text(&self.ids))
    }
}

#[cfg(test)]
mod tests;
