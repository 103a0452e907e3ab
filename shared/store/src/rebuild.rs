//! Rollups counted anew from the facts, a day at a time: those of scores, those of measurements and
//! those of cases.

use ports::{Cells, Query, Statement, Value};

use crate::case_counts::tally;
use crate::cases::Case;
use crate::{all, one, statement};

/// The next day of a site, after `day`, that has facts or rollups of any kind.
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
               select min(day) from measure where site_id = ?1 and day > ?2
               union all
               select min(received_day) from complaint where site_id = ?1 and received_day > ?2
               union all
               select min(day) from case_count where site_id = ?1 and day > ?2
               union all
               select min(day) from case_value where site_id = ?1 and day > ?2
               union all
               select min(requested_day) from callback where site_id = ?1 and requested_day > ?2
               union all
               select min(day) from call_count where site_id = ?1 and day > ?2
               union all
               select min(day) from call_value where site_id = ?1 and day > ?2)",
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

/// The cases of a day after an id, with what counts in them alone.
pub fn cases(site_id: &str, day: i64, after: &str, rows: i64) -> Query<Vec<Case>> {
    Query {
        statement: statement!(
            "select id, version, state, grade, source, type_id, department_id, channel,
               touchpoint_id, agent_id, customer_group, need, cause_kind, cause_id, grading,
               history, late, reopened, is_repeat, is_first_contact, csat, ces, received_day,
               received_at_ms, answered_at_ms, solved_at_ms, closed_at_ms
             from complaint indexed by complaint_day
             where site_id = ?1 and received_day = ?2 and id > ?3 order by id limit ?4",
            site_id,
            day,
            after,
            rows
        ),
        decode: |rows| {
            all(rows, |row| Case {
                id: row.text(),
                version: row.integer(),
                state: row.text(),
                grade: row.text(),
                source: row.text(),
                type_id: row.text(),
                department_id: row.text(),
                channel: row.text(),
                touchpoint_id: row.text(),
                agent_id: row.text(),
                customer_group: row.text(),
                need: row.text(),
                cause_kind: row.text(),
                cause_id: row.text(),
                grading: row.text(),
                history: row.text(),
                late: row.integer(),
                reopened: row.integer(),
                is_repeat: row.flag(),
                is_first_contact: row.integer_or_null().map(|it| it != 0),
                csat: row.integer_or_null(),
                ces: row.integer_or_null(),
                received_day: row.integer(),
                received_at: row.integer(),
                answered_at: row.integer_or_null(),
                solved_at: row.integer_or_null(),
                closed_at: row.integer_or_null(),
                ..Case::default()
            })
        },
    }
}

/// What the counts of a day must be, as [`crate::case_counts::add`] takes them.
macro_rules! counted {
    () => {
        "select it.value ->> 0, it.value ->> 1, it.value ->> 2, it.value ->> 3, it.value ->> 4,
           it.value ->> 5, it.value ->> 6, it.value ->> 7, it.value ->> 8, it.value ->> 9,
           it.value ->> 10, it.value ->> 11, it.value ->> 12, it.value ->> 13, it.value ->> 14,
           it.value ->> 15, it.value ->> 16, it.value ->> 17, it.value ->> 18, it.value ->> 19,
           it.value ->> 20, it.value ->> 21, it.value ->> 22, it.value ->> 23, it.value ->> 24,
           it.value ->> 25, it.value ->> 26, it.value ->> 27, it.value ->> 28, it.value ->> 29
         from json_each(?5) it"
    };
}

/// What the counts of a day are, without those that count nothing any more.
macro_rules! kept {
    () => {
        concat!(
            "select grain, a, day, ",
            tally!(),
            " from case_count indexed by case_count_day where site_id = ?3 and day = ?4 and (",
            tally!(),
            ") <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)"
        )
    };
}

/// What the durations and ratings of a day must be, as [`crate::case_counts::add_values`] takes
/// them.
macro_rules! valued {
    () => {
        "select it.value ->> 0, it.value ->> 1, it.value ->> 2, it.value ->> 3, it.value ->> 4,
           it.value ->> 5, it.value ->> 6
         from json_each(?6) it"
    };
}

/// What the durations and ratings of a day are.
macro_rules! valued_before {
    () => {
        "select grain, name, a, day, bound, n, sum from case_value indexed by case_value_day
         where site_id = ?3 and day = ?4 and (n, sum) <> (0, 0)"
    };
}

/// Adds to a job how many counts of cases, durations and ratings of a day differ from what its
/// cases come to.
///
/// Yields no row when the lease was lost, or when a case of the day changed since `versions`, the
/// sum of the versions of all of them, was read: a version only grows.
pub fn compare_cases(
    job_id: &str,
    lease: &str,
    (site_id, day): (&str, i64),
    (counts, values): (&str, &str),
    versions: i64,
) -> Statement {
    statement!(
        concat!(
            "update job set progress = json_set(progress,
               '$.differences', (progress ->> 'differences')
                 + (select count(*) from (",
            counted!(),
            " except ",
            kept!(),
            ")) + (select count(*) from (",
            kept!(),
            " except ",
            counted!(),
            ")) + (select count(*) from (",
            valued!(),
            " except ",
            valued_before!(),
            ")) + (select count(*) from (",
            valued_before!(),
            " except ",
            valued!(),
            ")))
             where id = ?1 and lease = ?2 and state = 'due' and ?7 = (
               select coalesce(sum(version), 0) from complaint indexed by complaint_day
               where site_id = ?3 and received_day = ?4)
             returning id"
        ),
        job_id,
        lease,
        site_id,
        day,
        counts,
        values,
        versions
    )
}

/// Removes the counts of the cases of a day.
pub fn clear_cases(site_id: &str, day: i64) -> Statement {
    statement!(
        "delete from case_count indexed by case_count_day where site_id = ?1 and day = ?2",
        site_id,
        day
    )
}

/// Removes the durations and ratings of the cases of a day.
pub fn clear_case_values(site_id: &str, day: i64) -> Statement {
    statement!(
        "delete from case_value indexed by case_value_day where site_id = ?1 and day = ?2",
        site_id,
        day
    )
}
