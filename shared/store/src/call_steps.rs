//! What time, cases and erasing do to call-backs.

use ports::{Cells, Query, Statement};

use crate::callbacks::{Callback, columns, read};
use crate::{all, one, statement};

/// The ids of the call-backs of a customer, `?1`, and of those about their cases that are nobody's
/// and not erased yet: the case may have become theirs later.
macro_rules! theirs {
    () => {
        concat!(
            "select id from callback where customer_id = ?1 and customer_id <> ''
             union all
             select b.id from (",
            crate::cases::theirs!(),
            ") c cross join callback b on b.case_id = c.id and b.case_id <> ''
             where b.customer_id = '' and b.phone_hash <> x''"
        )
    };
}
pub(crate) use theirs;

/// When time does something to a call-back again; nothing while none is in sight.
pub fn next_due() -> Query<Option<i64>> {
    Query {
        statement: statement!(
            "select min(next_step_ms) from callback where next_step_ms is not null"
        ),
        decode: |rows| Ok(one(rows, Cells::integer_or_null)?.flatten()),
    }
}

/// Moves on when time does something to call-backs that are as they were seen, and which reminders
/// are past: nothing happened to them.
///
/// `rows` is a JSON array of `[call-back, version, when, reminders]`.
pub fn put_off(rows: &str) -> Statement {
    statement!(
        "update callback set next_step_ms = it.value ->> 2, reminded = it.value ->> 3
         from json_each(?1) it
         where callback.id = it.value ->> 0 and callback.version = it.value ->> 1",
        rows
    )
}

/// Whom to tell of call-backs, a JSON array of `[agent, case]`: which of these agents work here,
/// and whose the cases are, each as a pair of what was asked for and the agent.
pub fn whom(rows: &str) -> Query<Vec<(String, String)>> {
    Query {
        statement: statement!(
            "select it.value ->> 0, a.id from json_each(?1) it
             cross join agent a on a.id = it.value ->> 0
             where a.is_active = 1
             union
             select it.value ->> 1, a.id from json_each(?1) it
             cross join complaint c on c.id = it.value ->> 1
             cross join agent a on a.id = c.agent_id
             where a.is_active = 1",
            rows
        ),
        decode: |rows| all(rows, |row| (row.text(), row.text())),
    }
}

/// The open visits about cases, a JSON array of ids, that nobody has begun.
pub fn unbegun(site_id: &str, case_ids: &str) -> Query<Vec<Callback>> {
    Query {
        // The plus sign keeps SQLite from all that is open at the site.
        statement: statement!(
            concat!(
                "select ",
                columns!(),
                " from callback
                 where case_id in (select value from json_each(?2)) and case_id <> ''
                   and state in ('held', 'booked', 'waiting', 'calling')
                   and state = 'waiting' and attempts = 0 and purpose = 'solved_case'
                   and mode = 'visit' and +site_id = ?1"
            ),
            site_id,
            case_ids
        ),
        decode: |rows| all(rows, read),
    }
}

/// The call-backs of a customer, those about their cases included, each with the seal of its newest
/// event.
pub fn of_customer(customer_id: &str) -> Query<Vec<(Callback, [u8; 32])>> {
    Query {
        statement: statement!(
            concat!(
                "select ",
                columns!(),
                ", (select e.hash from event e
                    where e.subject = callback.id and e.version = callback.version)
                 from callback where id in (",
                theirs!(),
                ")"
            ),
            customer_id
        ),
        decode: |rows| all(rows, |row| (read(row), row.hash())),
    }
}

/// Takes how to reach a customer, where a call-back has that for itself.
pub fn erase_contacts(customer_id: &str) -> Statement {
    statement!(concat!("delete from contact where owner in (", theirs!(), ")"), customer_id)
}

/// Takes what was noted of the calls to a customer.
pub fn erase_notes(customer_id: &str) -> Statement {
    statement!(
        concat!(
            "update call_attempt set note = '', salt = x''
             where callback_id in (",
            theirs!(),
            ")"
        ),
        customer_id
    )
}

/// Forgets what answers about call-backs of a customer said.
pub fn erase_answers(customer_id: &str) -> Statement {
    statement!(
        concat!(
            "update idempotency set body = ''
             where body <> '' and subject in (",
            theirs!(),
            ")"
        ),
        customer_id
    )
}

/// Yields a row if a customer has no call-back.
pub fn has_none(customer_id: &str) -> Statement {
    statement!(concat!("select 1 where not exists (", theirs!(), ")"), customer_id)
}
