//! Rollups counted anew from the facts, a day at a time: those of scores and those of measurements.

use ports::{Cells, Query, Statement, Value};

use crate::{one, statement};

/// The next day of a site, after `day`, that has facts or rollups of either kind.
pub fn next_day(site_id: &str, day: i64) -> Query<Option<i64>> {
    Query {
        statement: statement!(
            "select min(day) from (
               select min(day) as day from score where site_id = ?1 and day > ?2
               union all
               select min(day) from rollup where site_id = ?1 and day > ?2
               union all
               select min(day) from measurement where site_id = ?1 and day > ?2
               union all
               select min(day) from measure where site_id = ?1 and day > ?2)",
            site_id,
            day
        ),
        decode: |rows| Ok(one(rows, Cells::integer_or_null)?.flatten()),
    }
}

/// The columns of a rollup row, for the comparison and the rebuild.
macro_rules! columns {
    () => {
        "site_id, grain, metric, points, a, b, day, n, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10"
    };
}

/// What the rollups of a day must be, counted from the facts of the site `?3` and the day `?4`.
///
/// It repeats the view `rollup_fact` with the day inside, where SQLite can use its index.
macro_rules! facts {
    () => {
        "select site_id, grain, metric, points, a, b, day, count(*) as n,
           sum(value = 0), sum(value = 1), sum(value = 2), sum(value = 3), sum(value = 4),
           sum(value = 5), sum(value = 6), sum(value = 7), sum(value = 8), sum(value = 9),
           sum(value = 10)
         from score_grain
         where site_id = ?3 and day = ?4 and counted = 1
         group by site_id, grain, metric, points, a, b, day"
    };
}

/// Notes in a job how many rows of a day differ from the facts, and that the day is done.
/// Yields no row when the lease was lost.
pub fn compare_day(job_id: &str, lease: &str, site_id: &str, day: i64) -> Statement {
    statement!(
        concat!(
            "update job set progress = json_set(progress,
               '$.day', ?4,
               '$.days', (progress ->> 'days') + 1,
               '$.differences', (progress ->> 'differences') + (
                 select count(*) from (",
            facts!(),
            " except select ",
            columns!(),
            " from rollup indexed by rollup_day where site_id = ?3 and day = ?4)) + (
                 select count(*) from (
                   select ",
            columns!(),
            " from rollup indexed by rollup_day where site_id = ?3 and day = ?4 and n <> 0 except ",
            facts!(),
            ")))
             where id = ?1 and lease = ?2 and state = 'due'
             returning id"
        ),
        job_id,
        lease,
        site_id,
        day
    )
}

/// Removes the rollups of a day.
pub fn clear_day(site_id: &str, day: i64) -> Statement {
    statement!(
        "delete from rollup indexed by rollup_day where site_id = ?1 and day = ?2",
        site_id,
        day
    )
}

/// Counts the rollups of a day from the facts.
pub fn count_day(site_id: &str, day: i64) -> Statement {
    statement!(
        concat!("insert into rollup (", columns!(), ") ", facts!()),
        // The facts take the site and the day as their third and fourth parameter.
        Value::Null,
        Value::Null,
        site_id,
        day
    )
}

/// What the measures of a day must be, counted from the measurements of the site `?3` and the day
/// `?4`.
macro_rules! measured {
    () => {
        "select m.site_id, g.name, m.name,
           case g.a when 0 then '' when 1 then m.touchpoint_id when 2 then m.channel
           else m.agent_id end as first,
           m.day, m.bound, count(*), sum(m.value)
         from measurement m indexed by measurement_day
         cross join grain g on g.name in ('site', 'touchpoint', 'channel', 'agent')
         where m.site_id = ?3 and m.day = ?4 and (first <> '' or g.a = 0)
         group by m.site_id, g.name, m.name, first, m.day, m.bound"
    };
}

/// Adds to a job how many measures of a day differ from the measurements. Yields no row when the
/// lease was lost.
pub fn compare_measures(job_id: &str, lease: &str, site_id: &str, day: i64) -> Statement {
    statement!(
        concat!(
            "update job set progress = json_set(progress,
               '$.differences', (progress ->> 'differences') + (
                 select count(*) from (",
            measured!(),
            " except select site_id, grain, name, a, day, bound, n, sum
                from measure indexed by measure_day where site_id = ?3 and day = ?4)) + (
                 select count(*) from (
                   select site_id, grain, name, a, day, bound, n, sum
                   from measure indexed by measure_day where site_id = ?3 and day = ?4 except ",
            measured!(),
            ")))
             where id = ?1 and lease = ?2 and state = 'due'
             returning id"
        ),
        job_id,
        lease,
        site_id,
        day
    )
}

/// Removes the measures of a day.
pub fn clear_measures(site_id: &str, day: i64) -> Statement {
    statement!(
        "delete from measure indexed by measure_day where site_id = ?1 and day = ?2",
        site_id,
        day
    )
}

/// Counts the measures of a day from the measurements.
pub fn count_measures(site_id: &str, day: i64) -> Statement {
    statement!(
        concat!("insert into measure (site_id, grain, name, a, day, bound, n, sum) ", measured!()),
        // As with `count_day`.
        Value::Null,
        Value::Null,
        site_id,
        day
    )
}
