//! Rebuilds: the figures of a site counted anew from its facts.

use app::{callback, case};
use ports::{Committed, Env, Sql};
use serde_json::Value;
use store::jobs::{self, Job};
use store::{call_counts, rebuild};
use web::{Problem, view};

/// Most days that one tick counts again.
const DAYS_MAX: usize = 31;
/// Most cases, or calls, that are read at once.
const CASES_MAX: i64 = 1000;

/// Counts some days again, each in a commit of its own, and goes on at the next tick.
pub(crate) async fn days(env: &impl Env, job: &Job, lease: &str) -> Result<(), Problem> {
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
