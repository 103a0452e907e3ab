//! Low scores and tickets: what happened since the last look, as far as the policy cares.

use app::auth::Staff;
use app::case::offer::{OFFER_MS, Offer};
use app::case::{Book, Opening, TEXT_CHARS_MAX, open};
use app::write::{Change, commit};
use domain::case::Source;
use domain::civil::{DAY_MS, parse_rfc3339};
use domain::id::Kind;
use ports::{Env, Sql, Write};
use serde_json::{Value, json};
use store::case_scan::{self, Cursor, Said};
use store::events::{self, Told, Wanted};
use store::{cases, inbound, notices};
use web::intake::{Intake, Score};
use web::{Fields, Kind as Fault, Problem, view};

use crate::ACTOR;

/// Most sites of one tick.
const SITES_MAX: i64 = 200;
/// Most events that are looked at together, and of a site that become something in one tick.
const LOOK_MAX: i64 = 500;
const TAKEN_MAX: usize = 20;
/// How long a site is looked at.
const LOOK_MS: i64 = 3_000;
/// So many events that mean nothing are passed over without a write.
const IDLE_MAX: i64 = 100;
/// What is older is history: a file of last year's answers opens no case.
const FRESH_MS: i64 = 14 * DAY_MS;
/// How often a case is opened that loses a race.
const TRIES: usize = 4;

/// What was found.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Found {
    pub(crate) opened: usize,
    pub(crate) offered: usize,
}

/// An event of which something becomes.
struct Hit {
    sequence: i64,
    /// The response or the message.
    id: String,
    /// The survey, the touchpoint, the metric, the value and its scale; none of a ticket.
    score: Option<Low>,
    opens: bool,
}

struct Low {
    survey_id: String,
    touchpoint_id: String,
    metric: String,
    value: i64,
    points: i64,
}

/// Looks at what happened at every site that wants it.
pub(crate) async fn look(env: &impl Env) -> Result<Found, Problem> {
    let mut found = Found::default();
    let mut after = String::new();
    loop {
        let cursors = env.sql().fetch(case_scan::cursors(&after, SITES_MAX)).await?;
        for cursor in &cursors {
            site(env, cursor, &mut found).await?;
        }
        let is_full = i64::try_from(cursors.len()).unwrap_or(0) == SITES_MAX;
        match cursors.last().filter(|_| is_full) {
            Some(last) => last.site_id.clone_into(&mut after),
            None => return Ok(found),
        }
    }
}

async fn site(env: &impl Env, cursor: &Cursor, found: &mut Found) -> Result<(), Problem> {
    let Some(stored) = view::object(&cursor.definition) else { return Ok(()) };
    let intake = Intake::read(&mut Fields::new(stored));
    if intake.is_idle() {
        return Ok(());
    }
    let site_id = cursor.site_id.as_str();
    let after = match cursor.sequence {
        Some(after) => after,
        None => {
            let first = Kind::Event.id(cursor.published_at, [0; 16]);
            env.sql().rows(case_scan::begin(site_id, &first)).await?;
            env.sql().fetch(case_scan::cursor(site_id)).await?.unwrap_or(0)
        }
    };
    look_on(env, &intake, site_id, after, found).await
}

/// Looks at events after one, a page after the other, for a while.
async fn look_on(
    env: &impl Env,
    intake: &Intake,
    site_id: &str,
    mut after: i64,
    found: &mut Found,
) -> Result<(), Problem> {
    let types = r#"["response.created","ticket.received"]"#;
    let began = env.now();
    while env.now() - began < LOOK_MS {
        let wanted = Wanted { after, types, look: LOOK_MAX, rows: LOOK_MAX };
        let page = env.sql().fetch(events::feed(site_id, &wanted)).await?;
        let now = env.now();
        let hits = page.events.iter().filter_map(|it| hit(intake, it, now));
        let hits: Vec<Hit> = hits.take(TAKEN_MAX).collect();
        let cut = hits.get(TAKEN_MAX - 1).map(|it| it.sequence);
        let until = cut.or(page.until).unwrap_or(after);
        let is_idle = page.events.is_empty() && page.looked_at < IDLE_MAX;
        let mut at = after;
        if !hits.is_empty() && !take(env, site_id, &mut at, hits, found).await? {
            return Ok(());
        }
        if until <= at || is_idle {
            return Ok(());
        }
        let moved = env.sql().rows(case_scan::go_on(site_id, at, until)).await?;
        let is_last = cut.is_some() || page.looked_at < LOOK_MAX;
        if moved.is_empty() || is_last {
            return Ok(());
        }
        after = until;
    }
    Ok(())
}

/// What an event leads to.
fn hit(intake: &Intake, event: &Told, now: i64) -> Option<Hit> {
    let data = view::json(&event.data);
    let text = |name: &str| data.get(name).and_then(Value::as_str).unwrap_or("");
    let of = |score: Option<Low>, opens| {
        Some(Hit { sequence: event.sequence, id: event.subject.clone(), score, opens })
    };
    let is_fresh = |name: &str| parse_rfc3339(text(name)).is_some_and(|at| now - FRESH_MS <= at);
    if event.kind == "ticket.received" {
        return if intake.opens_tickets && is_fresh("created_at") { of(None, true) } else { None };
    }
    let is_screened =
        data.get("screened").and_then(Value::as_array).is_none_or(|it| !it.is_empty());
    if is_screened || !is_fresh("answered_at") {
        return None;
    }
    for it in data.get("scores").and_then(Value::as_array).into_iter().flatten() {
        let word = |name: &str| it.get(name).and_then(Value::as_str).unwrap_or("");
        let number = |name: &str| it.get(name).and_then(Value::as_i64);
        let Some(value) = number("value") else { continue };
        let score = Score {
            survey_id: text("survey_id"),
            touchpoint_id: word("touchpoint_id"),
            group: text("group"),
            metric: word("metric"),
            value,
        };
        if let Some(rule) = intake.rule(&score) {
            let low = Low {
                survey_id: score.survey_id.to_owned(),
                touchpoint_id: score.touchpoint_id.to_owned(),
                metric: score.metric.to_owned(),
                value,
                points: number("points").unwrap_or(10),
            };
            return of(Some(low), rule.opens);
        }
    }
    None
}

/// Makes something of each, in their order, and moves `at` on; false if somebody came between.
async fn take(
    env: &impl Env,
    site_id: &str,
    at: &mut i64,
    hits: Vec<Hit>,
    found: &mut Found,
) -> Result<bool, Problem> {
    let (mut responses, mut tickets) = (Vec::new(), Vec::new());
    for it in &hits {
        match &it.score {
            Some(low) => responses.push(json!([low.survey_id, it.id])),
            None => tickets.push(Value::from(it.id.as_str())),
        }
    }
    let mut said = env.sql().fetch(case_scan::responses(site_id, &view::text(&responses))).await?;
    said.extend(env.sql().fetch(case_scan::tickets(site_id, &view::text(&tickets))).await?);
    let desk = Desk {
        env,
        by: Staff::new(site_id, ACTOR),
        book: Book::load(env, site_id).await?,
        secret: env.setting("secret_key").await.unwrap_or_default(),
    };
    for it in &hits {
        // What was screened out, or whose words are gone, is nothing any more.
        let Some(said) = said.iter().find(|said| said.id == it.id) else { continue };
        match desk.take(*at, it, said).await? {
            Taken::Opened => found.opened += 1,
            Taken::Offered => found.offered += 1,
            Taken::Passed => continue,
            Taken::Raced => return Ok(false),
        }
        *at = it.sequence;
    }
    Ok(true)
}

/// What became of it.
enum Taken {
    Opened,
    Offered,
    /// There is nothing to be done.
    Passed,
    /// Somebody else is at it.
    Raced,
}

struct Desk<'a, E> {
    env: &'a E,
    by: Staff,
    book: Book,
    secret: String,
}

impl<E: Env> Desk<'_, E> {
    async fn take(&self, at: i64, hit: &Hit, said: &Said) -> Result<Taken, Problem> {
        // Nobody to answer, and nothing to answer to.
        if said.text.is_empty() && said.customer_id.is_empty() {
            return Ok(Taken::Passed);
        }
        let site_id = self.by.site_id.as_str();
        let what = if hit.score.is_some() { "response" } else { "ticket" };
        let once = format!("{what}:{}", hit.id);
        for _ in 0..TRIES {
            if self.env.sql().fetch(cases::by_once(site_id, &once)).await?.is_some() {
                return Ok(Taken::Passed);
            }
            let done = if hit.opens {
                self.open(at, hit, said, &once).await.map(|()| Taken::Opened)
            } else {
                self.offer(at, hit, said).await.map(|()| Taken::Offered)
            };
            match done {
                Err(problem) if problem.kind == Fault::Conflict => {}
                done => return done,
            }
            if self.env.sql().fetch(case_scan::cursor(site_id)).await? != Some(at) {
                return Ok(Taken::Raced);
            }
        }
        Ok(Taken::Raced)
    }

    async fn open(&self, at: i64, hit: &Hit, said: &Said, once: &str) -> Result<(), Problem> {
        let text = match (&hit.score, said.text.as_str()) {
            (Some(low), "") => scored(low),
            (_, text) => text.chars().take(TEXT_CHARS_MAX).collect(),
        };
        let (source, response_id) = match hit.score {
            Some(_) => (Source::Survey, hit.id.as_str()),
            None => (Source::Inbound, ""),
        };
        let touchpoint = hit.score.as_ref().map_or(&said.touchpoint_id, |it| &it.touchpoint_id);
        let opening = Opening {
            once: once.to_owned(),
            source,
            channel: said.channel.clone(),
            language: said.language.clone(),
            touchpoint_id: touchpoint.clone(),
            customer_id: said.customer_id.clone(),
            customer_group: said.group.clone(),
            adviser_id: said.adviser_id.clone(),
            response_id: response_id.to_owned(),
            text,
            ..Opening::default()
        };
        let mut work = open(self.env, &self.book, &self.by, opening).await?.work;
        for write in self.guards(at, hit, said) {
            work.also(write);
        }
        commit(self.env, &self.by, work.change(web::no_content())).await?;
        Ok(())
    }

    /// A notice for people, and an event for systems, with the way to the form.
    async fn offer(&self, at: i64, hit: &Hit, said: &Said) -> Result<(), Problem> {
        let Some(low) = &hit.score else { return Ok(()) };
        let now = self.env.now();
        let id = Kind::Notice.id(now, self.env.random());
        let offer = Offer {
            site_id: self.by.site_id.clone(),
            response_id: hit.id.clone(),
            customer_id: said.customer_id.clone(),
            group: said.group.clone(),
            touchpoint_id: low.touchpoint_id.clone(),
            expires_at: now + OFFER_MS,
        };
        let data = json!({
            "response_id": hit.id,
            "customer_id": said.customer_id,
            "touchpoint_id": view::some(&low.touchpoint_id),
            "survey_id": low.survey_id,
            "metric": low.metric,
            "value": low.value,
            "path": offer.url(&self.secret, ""),
        });
        let mut told = data.clone();
        if let Value::Object(told) = &mut told {
            told.insert("to".to_owned(), json!({ "role": "agent" }));
        }
        let row = json!([[id, "complaint.offered", hit.id, view::text(&told)]]);
        let notice = notices::notify_all(&self.by.site_id, now, &view::text(&row));
        let mut change = Change::new("complaint.offered", &id, 1, data, web::no_content());
        change.writes.push(notice.write());
        change.writes.extend(self.guards(at, hit, said));
        commit(self.env, &self.by, change).await?;
        Ok(())
    }

    /// Nobody else took it, and nobody erased whose it is meanwhile.
    fn guards(&self, at: i64, hit: &Hit, said: &Said) -> Vec<Write> {
        let mut guards = vec![case_scan::go_on(&self.by.site_id, at, hit.sequence).guarded()];
        if !said.customer_id.is_empty() {
            let rows = json!([["customer", said.customer_id]]);
            guards.push(inbound::check("", &view::text(&rows)).guarded());
        }
        guards
    }
}

/// What stands for words where there are none.
fn scored(low: &Low) -> String {
    let metric = low.metric.to_ascii_uppercase();
    format!("{metric}: {} / {}", low.value, low.points)
}
