//! What was said before there was an index of words, taken into it: the newest cases first.

use app::case::search::row;
use ports::{Committed, Env, Sql};
use store::case_search;
use web::{Problem, view};

use crate::Done;

/// Most cases that are taken over at once, and how often that is done in one tick.
const CASES_MAX: i64 = 200;
const SLICES_MAX: usize = 5;

/// Takes over some, if there are any left.
pub(crate) async fn fill(env: &impl Env) -> Result<Done, Problem> {
    let mut done = Done::default();
    for _ in 0..SLICES_MAX {
        let Some(before) = env.sql().fetch(case_search::left()).await? else {
            return Ok(Done { has_more: false, ..done });
        };
        let found = env.sql().fetch(case_search::texts(&before, CASES_MAX)).await?;
        let mut rows = Vec::with_capacity(found.len());
        for (case_id, site_id, text_id, text) in &found {
            rows.extend(row(site_id, (case_id, text_id), text));
        }
        let next = match found.last() {
            Some((case_id, ..)) => case_search::go_on(&before, case_id),
            None => case_search::done(&before),
        };
        // One that was said or erased meanwhile is left alone by the statement itself.
        let writes = vec![next.guarded(), case_search::put(&view::text(&rows)).write()];
        if env.sql().commit(writes).await? == Committed::Done {
            done.rows += rows.len();
        }
        done.has_more = !found.is_empty();
    }
    Ok(done)
}
