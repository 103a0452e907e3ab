//! What time does to cases: which are due, and changes of many at once.

use ports::{Cells, Query, Statement};

use crate::cases::{Case, columns, read};
use crate::{all, one, statement};

/// The cases to which time does something by now, the longest due first, of whatever site.
pub fn due(now: i64, rows: i64) -> Query<Vec<Case>> {
    Query {
        statement: statement!(
            concat!(
                "select ",
                columns!(),
                " from complaint where next_step_ms <= ?1 order by next_step_ms, id limit ?2"
            ),
            now,
            rows
        ),
        decode: |rows| all(rows, read),
    }
}

/// When time does something to a case again; nothing while none is in sight.
pub fn next_due() -> Query<Option<i64>> {
    Query {
        statement: statement!(
            "select min(next_step_ms) from complaint where next_step_ms is not null"
        ),
        decode: |rows| Ok(one(rows, Cells::integer_or_null)?.flatten()),
    }
}

/// Moves on when time does something to cases that are as they were seen, and what is due: the
/// policies may have changed. That is nothing that happened to them.
///
/// `rows` is a JSON array of `[case, version, when, answer_due, solution_due, closing_due,
/// next_due]`.
pub fn put_off(rows: &str) -> Statement {
    statement!(
        "update complaint set next_step_ms = it.value ->> 2, answer_due_ms = it.value ->> 3,
           solution_due_ms = it.value ->> 4, closing_due_ms = it.value ->> 5,
           next_due_ms = it.value ->> 6
         from json_each(?1) it
         where complaint.id = it.value ->> 0 and complaint.version = it.value ->> 1",
        rows
    )
}

/// The sites at which cases are nobody's that somebody has to act on.
pub fn sites_with_unassigned(after: &str, rows: i64) -> Query<Vec<String>> {
    Query {
        // Each step finds the next site, whatever many cases one has.
        statement: statement!(
            "with recursive it (site_id) as (
               select min(site_id) from complaint
               where agent_id = '' and state in ('open', 'waiting') and site_id > ?1
               union all
               select (
                 select min(c.site_id) from complaint c
                 where c.agent_id = '' and c.state in ('open', 'waiting')
                   and c.site_id > it.site_id)
               from it where it.site_id is not null)
             select site_id from it where site_id is not null limit ?2",
            after,
            rows
        ),
        decode: |rows| all(rows, Cells::text),
    }
}

/// The cases of a site that are nobody's, the most pressing first, each with the adviser of its
/// customer.
pub fn unassigned(site_id: &str, rows: i64) -> Query<Vec<(Case, String)>> {
    Query {
        statement: statement!(
            concat!(
                "select ",
                columns!(),
                ", coalesce((
                   select k.adviser_id from customer k where k.id = complaint.customer_id), '')
                 from complaint
                 where id in (
                   select id from complaint indexed by complaint_free
                   where site_id = ?1 and agent_id = '' and state in ('open', 'waiting')
                   order by next_due_ms is null, next_due_ms, id limit ?2)
                 order by next_due_ms is null, next_due_ms, id"
            ),
            site_id,
            rows
        ),
        decode: |rows| all(rows, |row| (read(row), row.text())),
    }
}

/// Writes what time changes of cases. One that changed meanwhile is left alone; [`check`] tells.
///
/// `rows` is a JSON array of `[case, version before, version, urgency,
/// department, agent, parent, assigned, late, ladder_done, answer_due, solution_due, closing_due,
/// next_due, next_step, updated_at]`.
pub fn update(rows: &str) -> Statement {
    statement!(
        "update complaint set version = it.value ->> 2, urgency = it.value ->> 3,
           department_id = it.value ->> 4, agent_id = it.value ->> 5, parent_id = it.value ->> 6,
           assigned = it.value ->> 7, late = it.value ->> 8, ladder_done = it.value ->> 9,
           answer_due_ms = it.value ->> 10, solution_due_ms = it.value ->> 11,
           closing_due_ms = it.value ->> 12, next_due_ms = it.value ->> 13,
           next_step_ms = it.value ->> 14, updated_at_ms = it.value ->> 15
         from json_each(?1) it
         where complaint.id = it.value ->> 0 and complaint.version = it.value ->> 1",
        rows
    )
}

/// Yields a row if cases are as was meant and it was we who made them so: `rows` is a JSON array of
/// `[case, version, version of our first event, its id]`.
pub fn check(rows: &str) -> Statement {
    statement!(
        "select 1
         where not exists (
           select 1 from json_each(?1) it
           where not exists (
               select 1 from complaint
               where id = it.value ->> 0 and version = it.value ->> 1)
             or not exists (
               select 1 from event
               where subject = it.value ->> 0 and version = it.value ->> 2
                 and id = it.value ->> 3))",
        rows
    )
}

/// The seals of the newest events of cases, a JSON array of `[case, version]`.
pub fn seals(rows: &str) -> Query<Vec<(String, [u8; 32])>> {
    Query {
        statement: statement!(
            "select e.subject, e.hash
             from json_each(?1) it
             cross join event e on e.subject = it.value ->> 0 and e.version = it.value ->> 1",
            rows
        ),
        decode: |rows| all(rows, |row| (row.text(), row.hash())),
    }
}

/// Agents have so many cases less, a JSON array of `[agent, how many]`.
pub fn lose(rows: &str) -> Statement {
    statement!(
        "update agent_load set open = max(0, open - (it.value ->> 1))
         from json_each(?1) it
         where agent_load.agent_id = it.value ->> 0",
        rows
    )
}

/// Agents get so many cases, a JSON array of `[agent, how many, turn, capacity]`.
pub fn gain(site_id: &str, rows: &str) -> Statement {
    statement!(
        "insert into agent_load (agent_id, site_id, open, turn)
         select it.value ->> 0, ?1, it.value ->> 1, it.value ->> 2
         from json_each(?2) it
         where true
         on conflict (agent_id) do update set open = open + excluded.open,
           turn = max(turn, excluded.turn)",
        site_id,
        rows
    )
}

/// Yields a row if none of them has more than they can have.
pub fn has_room(rows: &str) -> Statement {
    statement!(
        "select 1
         where not exists (
           select 1 from json_each(?1) it
           cross join agent_load l on l.agent_id = it.value ->> 0
           where l.open > it.value ->> 3)",
        rows
    )
}
