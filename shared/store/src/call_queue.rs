//! Whom an agent calls next, and what their days hold: table `callback` again.

use ports::{Cells, Query};

use crate::callbacks::{Callback, columns, read};
use crate::{all, one, statement};

macro_rules! select {
    ($rest:expr) => {
        concat!("select ", columns!(), " from callback ", $rest)
    };
}

/// What a call of the queue must be for somebody to make it. A call that was tried is for whoever
/// is free, and not for whoever tried it alone; but a core customer's is their adviser's.
///
/// ?1 the site, ?2 now, ?3 services, ?4 languages, ?5 where it is night.
macro_rules! fits {
    ($rest:expr) => {
        concat!(
            "site_id = ?1 and state = 'waiting' and ?2 < expires_ms
               and (agent_id = '' or 0 < attempts and purpose <> 'core_visit')
               and service_id in (select value from json_each(?3))
               and (?4 = '[]' or language = '' or exists (
                 select 1 from json_each(?4)
                 where value = lower(substr(language, 1, instr(language || '-', '-') - 1))))
               and not exists (
                 select 1 from json_each(?5) it
                 where it.value ->> 0 = service_id and it.value ->> 1 = zone)
               and not exists (
                 select 1 from do_not_call it
                 where it.site_id = callback.site_id and it.phone_hash = callback.phone_hash)",
            $rest
        )
    };
}

/// Whom somebody may call.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// Their site.
    pub site_id: &'a str,
    /// They.
    pub agent_id: &'a str,
    /// The services whose calls they can make, as a JSON array of ids.
    pub services: &'a str,
    /// The primary tags of what they speak, in small letters, as a JSON array; none is all.
    pub languages: &'a str,
    /// Where nobody is called now: a JSON array of `[service, zone]`.
    pub quiet: &'a str,
    /// The present.
    pub now: i64,
}

/// What somebody has to call themselves: appointments that begin by `soon`, and then what they
/// were given.
pub fn own(it: &Caller<'_>, soon: i64, most: i64) -> Query<Vec<Callback>> {
    Query {
        statement: statement!(
            select!(
                "where agent_id = ?1 and agent_id <> ''
                   and state in ('held', 'booked', 'waiting', 'calling') and due_ms <= ?3
                   and (state = 'booked' or state = 'waiting' and due_ms <= ?2 and ?2 < expires_ms)
                   and not exists (
                     select 1 from do_not_call it
                     where it.site_id = callback.site_id and it.phone_hash = callback.phone_hash)
                 order by state = 'waiting', due_ms, id limit ?4"
            ),
            it.agent_id,
            it.now,
            soon,
            most
        ),
        decode: |rows| all(rows, read),
    }
}

/// The head of the queue, as far as somebody can call it. A call's place is never before it is
/// due, but for those who wait since before they asked.
pub fn head(it: &Caller<'_>, most: i64) -> Query<Vec<Callback>> {
    Query {
        statement: statement!(
            select!(concat!(
                "where ",
                fits!(" and place_ms <= ?2 and due_ms <= ?2 order by place_ms, id limit ?6")
            )),
            it.site_id,
            it.now,
            it.services,
            it.languages,
            it.quiet,
            most
        ),
        decode: |rows| all(rows, read),
    }
}

/// When the next call is due that somebody can make; nothing if there is none.
pub fn next_due(it: &Caller<'_>) -> Query<Option<Option<i64>>> {
    Query {
        statement: statement!(
            concat!(
                "select min(due) from (
                   select min(due_ms) as due from callback
                   where agent_id = ?6 and agent_id <> ''
                     and state in ('held', 'booked', 'waiting', 'calling')
                     and state in ('booked', 'waiting') and ?2 < due_ms
                   union all
                   select min(due_ms) from callback
                   where ",
                fits!(" and place_ms <= ?2 and ?2 < due_ms"),
                " union all
                   select due from (
                     select due_ms as due from callback
                     where ",
                fits!(" and ?2 < place_ms order by place_ms, id limit 1))")
            ),
            it.site_id,
            it.now,
            it.services,
            it.languages,
            it.quiet,
            it.agent_id
        ),
        decode: |rows| one(rows, Cells::integer_or_null),
    }
}

/// The open ones of a number.
pub fn of_phone(site_id: &str, phone_hash: &[u8], most: i64) -> Query<Vec<Callback>> {
    Query {
        statement: statement!(
            select!(
                "where site_id = ?1 and phone_hash = ?2
                   and state in ('held', 'booked', 'waiting', 'calling')
                 order by id limit ?3"
            ),
            site_id,
            phone_hash.to_vec(),
            most
        ),
        decode: |rows| all(rows, read),
    }
}

/// The appointments of somebody that begin between two instants and were not called off.
pub fn diary(agent_id: &str, from: i64, until: i64, most: i64) -> Query<Vec<Callback>> {
    Query {
        statement: statement!(
            select!(
                "where agent_id = ?1 and agent_id <> '' and start_ms > 0 and ?2 <= start_ms
                   and start_ms < ?3 and state not in ('cancelled', 'expired')
                 order by start_ms, id limit ?4"
            ),
            agent_id,
            from,
            until,
            most
        ),
        decode: |rows| all(rows, read),
    }
}

/// What is waiting for somebody by an instant, or is in their hands.
pub fn waiting(agent_id: &str, until: i64, most: i64) -> Query<Vec<Callback>> {
    Query {
        statement: statement!(
            select!(
                "where agent_id = ?1 and agent_id <> ''
                   and state in ('held', 'booked', 'waiting', 'calling')
                   and state in ('waiting', 'calling') and due_ms < ?2
                 order by due_ms, id limit ?3"
            ),
            agent_id,
            until,
            most
        ),
        decode: |rows| all(rows, read),
    }
}

/// Those of some ids, a JSON array.
pub fn of_ids(ids: &str) -> Query<Vec<Callback>> {
    Query {
        statement: statement!(
            select!("where id in (select value from json_each(?1)) order by id"),
            ids
        ),
        decode: |rows| all(rows, read),
    }
}

/// How those are reached who are named by some ids, a JSON array: owner, kind, value.
pub fn contacts(ids: &str) -> Query<Vec<(String, String, String)>> {
    Query {
        statement: statement!(
            "select owner, kind, value from contact
             where owner in (select value from json_each(?1)) and question_id = ''",
            ids
        ),
        decode: |rows| all(rows, |row| (row.text(), row.text(), row.text())),
    }
}

/// The numbers of some complaints, a JSON array of ids: id, number.
pub fn case_numbers(ids: &str) -> Query<Vec<(String, String)>> {
    Query {
        statement: statement!(
            "select id, number from complaint where id in (select value from json_each(?1))",
            ids
        ),
        decode: |rows| all(rows, |row| (row.text(), row.text())),
    }
}

/// How many calls some agents, a JSON array of ids, have on each of some days, the last of which is
/// before `until`: agent, day, calls.
pub fn booked(agents: &str, from: i64, until: i64) -> Query<Vec<(String, i64, i64)>> {
    Query {
        statement: statement!(
            "select d.agent_id, d.day, d.calls
             from json_each(?1) it cross join call_day d on d.agent_id = it.value
             where ?2 <= d.day and d.day < ?3 and 0 < d.calls",
            agents,
            from,
            until
        ),
        decode: |rows| all(rows, |row| (row.text(), row.integer(), row.integer())),
    }
}
