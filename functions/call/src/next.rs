//! `POST /v1/callbacks/next`: the agent takes the next call.
//!
//! Their own appointments come first, then what they were given, then the queue: whoever has
//! waited longest, among those whom they can call.

use std::cell::Cell;

use app::callback::{Work, view};
use app::write::{Change, write_again};
use domain::UtcMs;
use domain::callback::{Act, MINUTE_MS, State};
use http::HeaderName;
use ports::{Env, Sql};
use serde_json::{Map, Value};
use store::agents::Agent;
use store::call_queue::{self, Caller};
use store::callbacks::Callback;
use store::services;
use web::problem::lost_race;
use web::service::Offered;
use web::view::{json, text, time};
use web::{Problem, Request, Response};

use crate::hand::hand;
use crate::who::{Who, who};

/// How long an agent may take for a call before others get it.
pub(crate) const LEASE_MS: i64 = 30 * MINUTE_MS;
/// How long before its beginning an appointment is handed out.
const AHEAD_MS: i64 = 5 * MINUTE_MS;
/// How many rows are looked at to find one where it is day.
const LOOK: i64 = 50;
/// How often: each time leaves out all of one zone at least.
const LOOKS_MAX: usize = 8;
/// As a power of two: among how many of the queue those choose who were too late several times.
const SPREAD_MAX: usize = 5;
/// When there will be something to do, of an answer that has nothing.
const NEXT_DUE: HeaderName = HeaderName::from_static("next-due");

pub(crate) async fn next(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let who = who(env, request).await?;
    let (nothing, tries) = (Cell::new(None), Cell::new(0));
    let taken = write_again(env, request, &who.by, async || {
        let spread = 1 << tries.replace(tries.get() + 1).min(SPREAD_MAX);
        let (services, found) = find(env, &who, spread).await?;
        match found {
            Ok(row) => claim(env, &who, row, &services).await,
            Err(due) => {
                nothing.set(Some(due));
                Err(Problem::not_found())
            }
        }
    })
    .await;
    let Some(due) = nothing.take() else { return taken };
    let mut answer = web::no_content();
    if let Some(due) = due {
        web::response::set(&mut answer, NEXT_DUE, &time(due));
    }
    Ok(answer)
}

/// Marks a call as theirs, and tells them what they need.
async fn claim(
    env: &impl Env,
    who: &Who,
    row: Callback,
    services: &[(String, Offered)],
) -> Result<Change, Problem> {
    let offered = offered(services, &row.service_id).cloned().unwrap_or_default();
    taken(env, who, row, &offered).await
}

/// The change by which a call is theirs.
pub(crate) async fn taken(
    env: &impl Env,
    who: &Who,
    row: Callback,
    offered: &Offered,
) -> Result<Change, Problem> {
    let now = env.now();
    let mut work = Work::on(offered, row, now);
    work.act(Act::Take)?;
    work.row.agent_id.clone_from(&who.agent.id);
    work.row.lease = now + LEASE_MS;
    let mut data = Map::new();
    data.insert("until".to_owned(), time(work.row.lease).into());
    work.happened("callback.taken", data);
    work.settle();
    let answer =
        web::response::ok_version(work.row.version, &hand(env, &work.row, offered).await?)?;
    Ok(work.change(answer).or(lost_race()))
}

fn offered<'a>(services: &'a [(String, Offered)], id: &str) -> Option<&'a Offered> {
    services.iter().find(|it| it.0 == id).map(|it| &it.1)
}

/// Whom they call next, or when there will be somebody; and what the site offers.
///
/// Whoever comes too late is not alone: many ask at once, and the next one is theirs, too. They
/// choose among some more each time, so that everybody gets one soon.
async fn find(
    env: &impl Env,
    who: &Who,
    spread: usize,
) -> Result<(Vec<(String, Offered)>, Result<Callback, Option<UtcMs>>), Problem> {
    let (sql, now) = (env.sql(), env.now());
    let services = sql.fetch(services::of_site(&who.by.site_id)).await?;
    let services: Vec<(String, Offered)> =
        services.into_iter().map(|it| (it.id, Offered::stored(&it.definition))).collect();
    let (able, speaks) = (able(&who.agent, &services), languages(&who.agent));
    let caller = Caller {
        site_id: &who.by.site_id,
        agent_id: &who.agent.id,
        services: &able,
        languages: &speaks,
        quiet: "[]",
        now,
    };
    let wakes = |row: &Callback| wakes(&services, row, now);
    let own = sql.fetch(call_queue::own(&caller, now + AHEAD_MS, LOOK)).await?;
    // The customer chose the time of an appointment, whatever their clocks show.
    let is_day = |it: &Callback| it.state == State::Booked.name() || wakes(it) <= now;
    let mut soonest = own.iter().map(wakes).filter(|it| now < *it).min();
    if let Some(row) = own.into_iter().find(is_day) {
        return Ok((services, Ok(row)));
    }
    let (mut quiet, mut named) = (Vec::new(), "[]".to_owned());
    for _ in 0..LOOKS_MAX {
        let found = sql.fetch(call_queue::head(&Caller { quiet: &named, ..caller }, LOOK)).await?;
        let awake: Vec<&Callback> =
            found.iter().filter(|it| wakes(it) <= now).take(spread).collect();
        let chance = usize::from(env.random()[0]);
        if let Some(row) = chance.checked_rem(awake.len()).and_then(|at| awake.get(at)) {
            return Ok((services, Ok((*row).clone())));
        }
        if found.is_empty() {
            break;
        }
        soonest = soonest.into_iter().chain(found.iter().map(wakes)).min();
        quiet.extend(found.into_iter().map(|it| [it.service_id, it.zone]));
        quiet.sort_unstable();
        quiet.dedup();
        named = text(&quiet);
    }
    let due = sql.fetch(call_queue::next_due(&Caller { quiet: &named, ..caller })).await?;
    let due = soonest.into_iter().chain(due.flatten()).min();
    Ok((services, Err(due)))
}

/// When somebody may be called: now, or when their quiet hours end.
fn wakes(services: &[(String, Offered)], row: &Callback, now: UtcMs) -> UtcMs {
    let quiet = offered(services, &row.service_id).and_then(|it| it.service.quiet);
    quiet.map_or(now, |it| it.after(now, view::zone(row)))
}

/// The services whose calls somebody can make.
fn able(agent: &Agent, services: &[(String, Offered)]) -> String {
    let skills = json(&agent.skills);
    let has = |skill: &String| {
        skills.as_array().is_some_and(|it| it.iter().any(|it| it.as_str() == Some(skill.as_str())))
    };
    let able = services.iter().filter(|it| it.1.service.skills.iter().all(has));
    text(&able.map(|it| it.0.as_str()).collect::<Vec<_>>())
}

/// The primary tags of what somebody speaks.
fn languages(agent: &Agent) -> String {
    let listed = json(&agent.languages);
    let tags = listed.as_array().into_iter().flatten().filter_map(Value::as_str);
    let primary = |it: &str| it.split('-').next().unwrap_or("").to_ascii_lowercase();
    text(&tags.map(primary).collect::<Vec<_>>())
}
