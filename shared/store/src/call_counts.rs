//! What call-backs come to: tables `call_count` and `call_value`, kept by each change and counted
//! anew from the facts.

use ports::{Query, Statement, Value};

use crate::callbacks::Callback;
use crate::{all, statement};

/// The columns of `call_count` that count, as `domain::callback::count::Tally` has them.
macro_rules! tally {
    () => {
        "requested, appointments, open, overdue, reached, failed, cancelled, expired,
         decided, kept, called, reached_first, shown, no_show, attempts, attempts_to_reach,
         moved"
    };
}

/// Adds to the counts of a site.
///
/// `rows` is a JSON array of `[grain, a, day, …]` with every number of a tally; what is taken away
/// is negative. A row may come again.
pub fn add(site_id: &str, rows: &str) -> Statement {
    statement!(
        concat!(
            "insert into call_count (site_id, grain, a, day, ",
            tally!(),
            ")
             select ?1, it.value ->> 0, it.value ->> 1, it.value ->> 2, it.value ->> 3,
               it.value ->> 4, it.value ->> 5, it.value ->> 6, it.value ->> 7,
               it.value ->> 8, it.value ->> 9, it.value ->> 10, it.value ->> 11,
               it.value ->> 12, it.value ->> 13, it.value ->> 14, it.value ->> 15,
               it.value ->> 16, it.value ->> 17, it.value ->> 18, it.value ->> 19
             from json_each(?2) it
             where true
             on conflict (site_id, grain, a, day) do update set
               requested = requested + excluded.requested,
               appointments = appointments + excluded.appointments,
               open = open + excluded.open, overdue = overdue + excluded.overdue,
               reached = reached + excluded.reached, failed = failed + excluded.failed,
               cancelled = cancelled + excluded.cancelled,
               expired = expired + excluded.expired, decided = decided + excluded.decided,
               kept = kept + excluded.kept, called = called + excluded.called,
               reached_first = reached_first + excluded.reached_first,
               shown = shown + excluded.shown, no_show = no_show + excluded.no_show,
               attempts = attempts + excluded.attempts,
               attempts_to_reach = attempts_to_reach + excluded.attempts_to_reach,
               moved = moved + excluded.moved"
        ),
        site_id,
        rows
    )
}

/// Adds to the waits of a site.
///
/// `rows` is a JSON array of `[grain, name, a, day, bound, n, sum]`, as with [`add`].
pub fn add_values(site_id: &str, rows: &str) -> Statement {
    statement!(
        "insert into call_value (site_id, grain, name, a, day, bound, n, sum)
         select ?1, it.value ->> 0, it.value ->> 1, it.value ->> 2, it.value ->> 3,
           it.value ->> 4, it.value ->> 5, it.value ->> 6
         from json_each(?2) it
         where true
         on conflict (site_id, grain, name, a, day, bound) do update set
           n = n + excluded.n, sum = sum + excluded.sum",
        site_id,
        rows
    )
}

/// The call-backs of a day after an id, with what counts in them alone.
pub fn of_day(site_id: &str, day: i64, after: &str, rows: i64) -> Query<Vec<Callback>> {
    Query {
        statement: statement!(
            "select id, version, mode, state, purpose, service_id, agent_id, lease_ms, sequence,
               attempts, promise, is_no_show, requested_day, since_ms, since_mode,
               first_attempt_ms
             from callback indexed by callback_day
             where site_id = ?1 and requested_day = ?2 and id > ?3 order by id limit ?4",
            site_id,
            day,
            after,
            rows
        ),
        decode: |rows| {
            all(rows, |row| Callback {
                id: row.text(),
                version: row.integer(),
                mode: row.text(),
                state: row.text(),
                purpose: row.text(),
                service_id: row.text(),
                agent_id: row.text(),
                lease: row.integer(),
                sequence: row.integer(),
                attempts: row.integer(),
                promise: row.integer(),
                is_no_show: row.flag(),
                requested_day: row.integer(),
                since: row.integer(),
                since_mode: row.text(),
                first_attempt: row.integer_or_null(),
                ..Callback::default()
            })
        },
    }
}

/// What the counts of a day must be, as [`add`] takes them.
macro_rules! counted {
    () => {
        "select it.value ->> 0, it.value ->> 1, it.value ->> 2, it.value ->> 3, it.value ->> 4,
           it.value ->> 5, it.value ->> 6, it.value ->> 7, it.value ->> 8, it.value ->> 9,
           it.value ->> 10, it.value ->> 11, it.value ->> 12, it.value ->> 13,
           it.value ->> 14, it.value ->> 15, it.value ->> 16, it.value ->> 17,
           it.value ->> 18, it.value ->> 19
         from json_each(?5) it"
    };
}

/// What the counts of a day are, without those that count nothing any more.
macro_rules! kept {
    () => {
        concat!(
            "select grain, a, day, ",
            tally!(),
            " from call_count indexed by call_count_day where site_id = ?3 and day = ?4 and (",
            tally!(),
            ") <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)"
        )
    };
}

/// What the waits of a day must be, as [`add_values`] takes them.
macro_rules! valued {
    () => {
        "select it.value ->> 0, it.value ->> 1, it.value ->> 2, it.value ->> 3, it.value ->> 4,
           it.value ->> 5, it.value ->> 6
         from json_each(?6) it"
    };
}

/// What the waits of a day are.
macro_rules! valued_before {
    () => {
        "select grain, name, a, day, bound, n, sum from call_value indexed by call_value_day
         where site_id = ?3 and day = ?4 and (n, sum) <> (0, 0)"
    };
}

/// Adds to a job how many counts and waits of a day differ from what its call-backs come to.
///
/// Yields no row when the lease was lost, or when a call-back of the day changed since `versions`,
/// the sum of the versions of all of them, was read: a version only grows.
pub fn compare(
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
               select coalesce(sum(version), 0) from callback indexed by callback_day
               where site_id = ?3 and requested_day = ?4)
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

/// Removes the counts of the call-backs of a day.
pub fn clear(site_id: &str, day: i64) -> Statement {
    statement!(
        "delete from call_count indexed by call_count_day where site_id = ?1 and day = ?2",
        site_id,
        day
    )
}

/// Removes the waits of the call-backs of a day.
pub fn clear_values(site_id: &str, day: i64) -> Statement {
    statement!(
        "delete from call_value indexed by call_value_day where site_id = ?1 and day = ?2",
        site_id,
        day
    )
}

/// How many calls each agent of a site `?3` has on each day, counted from the facts.
macro_rules! of_agents {
    () => {
        "select c.agent_id, c.day, count(*) from callback c indexed by callback_start
         where c.site_id = ?3 and 0 < c.start_ms and c.agent_id <> ''
           and (c.state in ('held', 'booked', 'calling') or 0 < c.attempts)
         group by c.agent_id, c.day"
    };
}

/// The same as it is kept.
macro_rules! of_agents_before {
    () => {
        "select d.agent_id, d.day, d.calls from agent a cross join call_day d
         where a.site_id = ?3 and d.agent_id = a.id and d.calls <> 0"
    };
}

/// Adds to a job how many agents' days differ from the calls that they have. Yields no row when
/// the lease was lost.
pub fn compare_days(job_id: &str, lease: &str, site_id: &str) -> Statement {
    statement!(
        concat!(
            "update job set progress = json_set(progress,
               '$.differences', (progress ->> 'differences')
                 + (select count(*) from (select * from (",
            of_agents!(),
            ") except ",
            of_agents_before!(),
            ")) + (select count(*) from (",
            of_agents_before!(),
            " except select * from (",
            of_agents!(),
            "))))
             where id = ?1 and lease = ?2 and state = 'due'
             returning id"
        ),
        job_id,
        lease,
        site_id
    )
}

/// Removes how many calls the agents of a site have.
pub fn clear_days(site_id: &str) -> Statement {
    statement!(
        "delete from call_day where agent_id in (select id from agent where site_id = ?1)",
        site_id
    )
}

/// Counts how many calls the agents of a site have on each day.
pub fn count_days(site_id: &str) -> Statement {
    statement!(
        concat!("insert into call_day (agent_id, day, calls) ", of_agents!()),
        // The facts take the site as their third parameter.
        Value::Null,
        Value::Null,
        site_id
    )
}
