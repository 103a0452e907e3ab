//! `POST /internal/tick`: what time causes to accounts and figures; see `app::tick`.

mod abandon;
mod alarm;
mod rebuild;

use app::tick::tick;
use ports::{Env, Sql};
use serde_json::Value;
use store::jobs::{self, Job};
use store::{deliveries, idempotency, inbound, keys, presence, rests, visits};
use web::{Problem, Request, Response, view};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// What this component does; other kinds of work have components of their own.
const KINDS: &str = r#"["expire","rebuild","alarm","abandon"]"#;
/// Most sites that one tick looks after.
const SITES_MAX: i64 = 5;
/// How often the alarms of a site are looked after.
const ALARM_EVERY_MS: i64 = 10 * 60 * 1000;
/// How often what is over is forgotten.
const EXPIRE_EVERY_MS: i64 = 10 * 60 * 1000;
/// How long it is told what became of an event at a webhook.
const LOG_MS: i64 = 30 * domain::civil::DAY_MS;

/// How long it is known who looked at something.
const PRESENCE_MS: i64 = domain::civil::DAY_MS;

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match request.path().as_slice() {
        ["internal", "tick"] => {}
        _ => return Err(Problem::not_found()),
    }
    tick(env, &request, KINDS, async |job, lease| match job.kind.as_str() {
        "expire" => expire(env, job, lease).await,
        "abandon" => abandon::abandon(env, job, lease).await,
        "rebuild" => rebuild::days(env, job, lease).await,
        _ => alarms(env, job, lease).await,
    })
    .await
}

/// Forgets answers, sessions, who looked at what, rests, windows, proofs, deliveries and messages
/// of other systems that are over.
async fn expire(env: &impl Env, job: &Job, lease: &str) -> Result<(), Problem> {
    let now = env.now();
    // A busy site has more deliveries, or a busy source more messages, than go at once.
    let has_more = env.sql().fetch(deliveries::has_many_expired(now - LOG_MS)).await?
        || env.sql().fetch(inbound::has_many_expired(now)).await?;
    let due = if has_more { now } else { now + EXPIRE_EVERY_MS };
    let writes = vec![
        jobs::again(&job.id, lease, due).guarded(),
        idempotency::expire(now).write(),
        keys::expire_sessions(now).write(),
        presence::expire(now - PRESENCE_MS).write(),
        rests::expire(now).write(),
        visits::expire(now).write(),
        visits::expire_spent(now).write(),
        inbound::expire(now).write(),
        deliveries::expire(now - LOG_MS).write(),
        deliveries::forget().write(),
    ];
    // Refused: the lease ran out, and whoever has it now does the work.
    env.sql().commit(writes).await?;
    Ok(())
}

/// Looks after the alarms of some sites, and of all of them again and again.
async fn alarms(env: &impl Env, job: &Job, lease: &str) -> Result<(), Problem> {
    let progress = view::json(&job.progress);
    let after = progress.get("site").and_then(Value::as_str).unwrap_or("").to_owned();
    let page = store::Page { after, rows: SITES_MAX };
    let sites = env.sql().fetch(store::sites::list("", &page)).await?;
    for site in &sites {
        alarm::watch(env, site).await?;
    }
    let is_round = i64::try_from(sites.len()).unwrap_or(0) < SITES_MAX;
    let last = sites.last().filter(|_| !is_round).map_or("", |it| &it.id);
    let due = env.now() + if is_round { ALARM_EVERY_MS } else { 0 };
    let progress = view::text(&serde_json::json!({ "site": last }));
    env.sql().commit(vec![jobs::go_on(&job.id, lease, due, &progress).guarded()]).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
