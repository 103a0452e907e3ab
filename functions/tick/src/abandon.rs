//! Those who began a survey and stayed away: what they answered is taken as it is.

use app::response::seal_row;
use domain::UtcMs;
use domain::id::derived_pair;
use ports::{Env, Sql};
use serde_json::Value;
use store::jobs::{self, Job};
use store::partials;
use web::{Problem, view};

/// How often they are looked for.
const EVERY_MS: UtcMs = 10 * 60 * 1000;
/// The most of one step.
const PARTIALS_MAX: i64 = 100;

/// Takes some of one survey, and goes on at the next tick if there may be more.
pub(crate) async fn abandon(env: &impl Env, job: &Job, lease: &str) -> Result<(), Problem> {
    let now = env.now();
    let some = env.sql().fetch(partials::given_up(now, PARTIALS_MAX)).await?;
    let due = if some.is_empty() { now + EVERY_MS } else { now };
    let mut writes = vec![jobs::again(&job.id, lease, due).guarded()];
    if let Some([site_id, zone, study_id, ..]) = some.first() {
        let zone = app::zone(zone)?;
        let mut rows = Vec::with_capacity(some.len());
        let seed = env.random();
        for (at, [.., row]) in some.iter().enumerate() {
            // Without a score there is nothing to count.
            if let Value::Array(mut row) = view::json(row) {
                seal_row(&mut row, site_id, zone, "public", now, derived_pair(seed, at));
                rows.push(Value::Array(row));
            }
        }
        let rows = view::text(&Value::Array(rows));
        writes.push(partials::abandon(&rows, site_id, study_id, now).write());
        let keys: Vec<&str> = some.iter().map(|[.., key, _]| key.as_str()).collect();
        writes.push(partials::forget(study_id, &view::text(&keys), now).write());
    }
    // Refused: the lease ran out, and whoever has it now does the work.
    env.sql().commit(writes).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
