//! Those who began a survey and stayed away: what they answered is taken as it is.

use app::intake::partial::given_up;
use app::intake::published;
use domain::UtcMs;
use ports::{Env, Sql, Write};
use serde_json::Value;
use store::jobs::{self, Job};
use store::partials;
use web::{Problem, view};

/// How often they are looked for.
const EVERY_MS: UtcMs = 10 * 60 * 1000;
/// The most of one step.
const PARTIALS_MAX: i64 = 100;

/// Takes some of one version of a survey, and goes on at the next tick if there are more.
pub(crate) async fn abandon(env: &impl Env, job: &Job, lease: &str) -> Result<(), Problem> {
    let now = env.now();
    let Some(oldest) = env.sql().fetch(partials::oldest(now)).await? else {
        let again = jobs::again(&job.id, lease, now + EVERY_MS).guarded();
        env.sql().commit(vec![again]).await?;
        return Ok(());
    };
    let (study_id, version) = (oldest.study_id.as_str(), oldest.study_version);
    let some = partials::given_up(study_id, version, now, PARTIALS_MAX);
    let some = env.sql().fetch(some).await?;
    let published = published::load(env, study_id, version, None).await?;
    let desk = published.desk(study_id, now);
    let mut rows = Vec::with_capacity(some.len());
    let mut keys = Vec::with_capacity(some.len());
    for it in &some {
        rows.extend(given_up(&desk, it, [env.random(), env.random()]));
        keys.push(it.key.as_str());
    }
    let mut writes: Vec<Write> = vec![jobs::again(&job.id, lease, now).guarded()];
    if !rows.is_empty() {
        let rows = view::text(&Value::Array(rows));
        writes.push(partials::abandon(&rows, &oldest.site_id, study_id, now).write());
    }
    writes.push(partials::forget(study_id, &view::text(&keys), now).write());
    // Refused: the lease ran out, and whoever has it now does the work.
    env.sql().commit(writes).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
