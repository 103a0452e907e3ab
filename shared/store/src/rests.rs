//! When a survey was last shown to whom, and how often: tables `rest` and `display`.

use ports::{Cells, Corrupt, Query, Row, Statement};

use crate::{all, one, statement};

/// For how long a clock is kept: beyond the longest rest there is nothing to tell.
pub const KEPT_MS: i64 = domain::asking::REST_DAYS_MAX * domain::civil::DAY_MS;

/// When somebody was last shown what.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clocks {
    /// This survey.
    pub survey_at: Option<i64>,
    /// One that asks one of its metrics.
    pub metric_at: Option<i64>,
    /// Any.
    pub any_at: Option<i64>,
    /// How many responses the survey has, if it has a limit.
    pub taken: u64,
}

/// The clocks of somebody that matter to a survey, and how full it is; `metrics` is a JSON array.
pub fn clocks(site_id: &str, who: &str, study_id: &str, metrics: &str) -> Query<Clocks> {
    Query {
        statement: statement!(
            "select
               (select at_ms from rest where site_id = ?1 and who = ?2 and scope = ?3),
               (select max(r.at_ms) from json_each(?4) it
                cross join rest r on r.site_id = ?1 and r.who = ?2 and r.scope = it.value),
               (select at_ms from rest where site_id = ?1 and who = ?2 and scope = ''),
               coalesce((select n from tally where study_id = ?3 and cell = 'limit'), 0)",
            site_id,
            who,
            study_id,
            metrics
        ),
        decode: |rows| Ok(one(rows, read)?.unwrap_or_default()),
    }
}

/// Tells displays, a JSON array of `[site, study, who, day, at, scopes, limits]`; see the view
/// `shown`. Its rows are read by [`over`].
pub fn shown(rows: &str) -> Statement {
    statement!(
        "insert into shown (rows) values (?1)
         returning (
           select json_group_array(it.value ->> 2)
           from json_each(?1) it
           where not exists (
             select 1 from rest r
             where r.site_id = it.value ->> 0 and r.who = it.value ->> 2
               and r.scope = it.value ->> 1 and r.at_ms > (it.value ->> 4) - 60000))",
        rows
    )
}

/// Whose displays were over a limit, as a JSON array.
pub fn over(rows: Vec<Row>) -> Result<String, Corrupt> {
    Ok(one(rows, Cells::text)?.unwrap_or_default())
}

/// Sets the clocks of those whom a wave invited at `now`, out of some, a JSON array of ids.
pub fn invited(site_id: &str, wave_id: &str, ids: &str, scopes: &str, now: i64) -> Statement {
    statement!(
        "insert into rest (site_id, who, scope, at_ms)
         select ?1, i.customer_id, s.value, ?5
         from json_each(?3) it
         cross join invitation i on i.wave_id = ?2 and i.id = it.value and i.invited_at_ms = ?5
         cross join json_each(?4) s
         where true
         on conflict (site_id, who, scope) do update set at_ms = max(at_ms, excluded.at_ms)",
        site_id,
        wave_id,
        ids,
        scopes,
        now
    )
}

/// Forgets the clocks of somebody.
pub fn forget(site_id: &str, who: &str) -> Statement {
    statement!("delete from rest where site_id = ?1 and who = ?2", site_id, who)
}

/// Forgets some clocks that are old enough. Bounded, so that a tick stays short.
pub fn expire(now: i64) -> Statement {
    statement!(
        "delete from rest where (site_id, who, scope) in
           (select site_id, who, scope from rest where at_ms <= ?1 limit 1000)",
        now - KEPT_MS
    )
}

/// How often a survey was shown on each day after `after`, oldest first.
pub fn displays(study_id: &str, after: i64, rows: i64) -> Query<Vec<(i64, u64)>> {
    Query {
        statement: statement!(
            "select day, n from display where study_id = ?1 and day > ?2 order by day limit ?3",
            study_id,
            after,
            rows
        ),
        decode: |rows| all(rows, |row| (row.integer(), row.count())),
    }
}

fn read(row: &mut Cells) -> Clocks {
    Clocks {
        survey_at: row.integer_or_null(),
        metric_at: row.integer_or_null(),
        any_at: row.integer_or_null(),
        taken: row.count(),
    }
}
