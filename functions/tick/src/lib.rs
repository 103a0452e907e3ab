//! `POST /internal/tick`: what time causes to accounts and figures; see `app::tick`.

mod abandon;
mod alarm;

use app::tick::tick;
use app::{callback, case};
use ports::{Committed, Env, Sql};
use serde_json::Value;
use store::jobs::{self, Job};
use store::{
    call_counts, deliveries, idempotency, inbound, keys, presence, rebuild, rests, visits,
};
use web::{Problem, Request, Response, view};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// What this component does; other kinds of work have components of their own.
const KINDS: &str = r#"["expire","rebuild","alarm","abandon"]"#;
/// Most days that one tick counts again.
const DAYS_MAX: usize = 31;
/// Most cases, or calls, that are read at once.
const CASES_MAX: i64 = 1000;
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
        "rebuild" => rebuild_days(env, job, lease).await,
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

/// Counts some days again, each in a commit of its own, and goes on at the next tick.
async fn rebuild_days(env: &impl Env, job: &Job, lease: &str) -> Result<(), Problem> {
    let mut day = view::json(&job.progress).get("day").and_then(Value::as_i64).unwrap_or(i64::MIN);
    for _ in 0..DAYS_MAX {
        let Some(next) = env.sql().fetch(rebuild::next_day(&job.site_id, day)).await? else {
            return rebuilt(env, job, lease).await;
        };
        day = next;
        let (sums, versions) = cases_of(env, &job.site_id, day).await?;
        let (counts, values) = sums.rows();
        let (calls, call_versions) = calls_of(env, &job.site_id, day).await?;
        let (call_rows, waits) = calls.rows();
        let at = (job.site_id.as_str(), day);
        let mut writes = vec![
            rebuild::compare_day(&job.id, lease, &job.site_id, day).guarded(),
            rebuild::clear_day(&job.site_id, day).write(),
            rebuild::count_day(&job.site_id, day).write(),
            rebuild::compare_measures(&job.id, lease, &job.site_id, day).guarded(),
            rebuild::clear_measures(&job.site_id, day).write(),
            rebuild::count_measures(&job.site_id, day).write(),
            rebuild::compare_cases(&job.id, lease, at, (&counts, &values), versions).guarded(),
            rebuild::clear_cases(&job.site_id, day).write(),
            rebuild::clear_case_values(&job.site_id, day).write(),
            call_counts::compare(&job.id, lease, at, (&call_rows, &waits), call_versions).guarded(),
            call_counts::clear(&job.site_id, day).write(),
            call_counts::clear_values(&job.site_id, day).write(),
        ];
        writes.extend(sums.writes(&job.site_id));
        writes.extend(calls.writes(&job.site_id));
        if env.sql().commit(writes).await? != Committed::Done {
            // Either the lease is lost, or a case or a call of the day changed while we counted:
            // the day is counted again by whoever has it next.
            break;
        }
    }
    env.sql().commit(vec![jobs::again(&job.id, lease, env.now()).guarded()]).await?;
    Ok(())
}

/// Ends it: how many calls agents have is of their days, and is counted at once.
async fn rebuilt(env: &impl Env, job: &Job, lease: &str) -> Result<(), Problem> {
    let writes = vec![
        call_counts::compare_days(&job.id, lease, &job.site_id).guarded(),
        call_counts::clear_days(&job.site_id).write(),
        call_counts::count_days(&job.site_id).write(),
        jobs::done(&job.id, lease).guarded(),
    ];
    env.sql().commit(writes).await?;
    Ok(())
}

/// What the cases of a day come to, and the sum of their versions.
async fn cases_of(env: &impl Env, site_id: &str, day: i64) -> Result<(case::Sums, i64), Problem> {
    let (mut sums, mut versions, mut after) = (case::Sums::default(), 0, String::new());
    loop {
        let cases = env.sql().fetch(rebuild::cases(site_id, day, &after, CASES_MAX)).await?;
        for case in &cases {
            sums.add(case, 1);
            versions += case.version;
        }
        match cases.last() {
            Some(last) if i64::try_from(cases.len()) == Ok(CASES_MAX) => after.clone_from(&last.id),
            _ => return Ok((sums, versions)),
        }
    }
}

/// The same of its call-backs.
async fn calls_of(
    env: &impl Env,
    site_id: &str,
    day: i64,
) -> Result<(callback::Sums, i64), Problem> {
    let (mut sums, mut versions, mut after) = (callback::Sums::default(), 0, String::new());
    loop {
        let calls = env.sql().fetch(call_counts::of_day(site_id, day, &after, CASES_MAX)).await?;
        for call in &calls {
            sums.add(call, 1);
            versions += call.version;
        }
        match calls.last() {
            Some(last) if i64::try_from(calls.len()) == Ok(CASES_MAX) => after.clone_from(&last.id),
            _ => return Ok((sums, versions)),
        }
    }
}

#[cfg(test)]
mod tests;
