//! Call-backs: table `callback`, and the time that they take: `call_quantum`, `call_day`.
//!
//! A piece of somebody's time is sold once. The key of `call_quantum` says so and [`take`] and
//! [`move_to`] rely on it: what somebody else has is left out, and [`has_all`], in the same commit,
//! yields no row then.

use ports::{Cells, Query, Statement, Value};

use crate::{all, look_ups, one, statement};

/// One row of `callback`. Texts that name something are empty where there is none, and instants
/// are 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns, which the schema explains")]
pub struct Callback {
    pub id: String,
    pub site_id: String,
    pub version: i64,
    pub once: String,
    pub mode: String,
    pub state: String,
    pub purpose: String,
    pub service_id: String,
    pub case_id: String,
    pub customer_id: String,
    pub response_id: String,
    pub touchpoint_id: String,
    pub agent_id: String,
    pub lane: i64,
    pub language: String,
    pub zone: String,
    pub phone_hash: Vec<u8>,
    pub link_hash: Vec<u8>,
    pub start: i64,
    pub end: i64,
    pub from: i64,
    pub until: i64,
    pub day: i64,
    pub place: i64,
    pub due: i64,
    pub due_by: i64,
    pub expires: i64,
    pub lease: i64,
    pub next_step: Option<i64>,
    pub reminded: i64,
    pub sequence: i64,
    pub attempts: i64,
    pub no_answers: i64,
    pub busies: i64,
    pub outcome: String,
    pub promise: i64,
    pub is_no_show: bool,
    pub result_id: String,
    pub requested_at: i64,
    pub requested_day: i64,
    pub since: i64,
    pub since_mode: String,
    pub first_attempt: Option<i64>,
    pub ended_at: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
}

/// The columns, in the order of [`Callback`].
macro_rules! columns {
    () => {
        "id, site_id, version, once, mode, state, purpose, service_id, case_id, customer_id,
         response_id, touchpoint_id, agent_id, lane, language, zone, phone_hash, link_hash,
         start_ms, end_ms, from_ms, until_ms, day, place_ms, due_ms, due_by_ms, expires_ms,
         lease_ms, next_step_ms, reminded, sequence, attempts, no_answers, busies, outcome,
         promise, is_no_show, result_id, requested_at_ms, requested_day, since_ms,
         since_mode, first_attempt_ms, ended_at_ms, created_at_ms, updated_at_ms"
    };
}

pub(crate) use columns;

macro_rules! select {
    ($rest:expr) => {
        concat!("select ", columns!(), " from callback ", $rest)
    };
}

/// Every column, as the parameters `?1` to `?46` of a statement.
fn values(it: &Callback) -> Vec<Value> {
    vec![
        (&it.id).into(),
        (&it.site_id).into(),
        it.version.into(),
        (&it.once).into(),
        (&it.mode).into(),
        (&it.state).into(),
        (&it.purpose).into(),
        (&it.service_id).into(),
        (&it.case_id).into(),
        (&it.customer_id).into(),
        (&it.response_id).into(),
        (&it.touchpoint_id).into(),
        (&it.agent_id).into(),
        it.lane.into(),
        (&it.language).into(),
        (&it.zone).into(),
        it.phone_hash.clone().into(),
        it.link_hash.clone().into(),
        it.start.into(),
        it.end.into(),
        it.from.into(),
        it.until.into(),
        it.day.into(),
        it.place.into(),
        it.due.into(),
        it.due_by.into(),
        it.expires.into(),
        it.lease.into(),
        it.next_step.into(),
        it.reminded.into(),
        it.sequence.into(),
        it.attempts.into(),
        it.no_answers.into(),
        it.busies.into(),
        (&it.outcome).into(),
        it.promise.into(),
        it.is_no_show.into(),
        (&it.result_id).into(),
        it.requested_at.into(),
        it.requested_day.into(),
        it.since.into(),
        (&it.since_mode).into(),
        it.first_attempt.into(),
        it.ended_at.into(),
        it.created_at.into(),
        it.updated_at.into(),
    ]
}

/// Adds a row. Yields no row when there is one of its name, when its case has an open one, or when
/// its number is never to be called.
pub fn insert(it: &Callback) -> Statement {
    let mut statement = statement!(concat!(
        "insert into callback (",
        columns!(),
        ") select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
           ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34,
           ?35, ?36, ?37, ?38, ?39, ?40, ?41, ?42, ?43, ?44, ?45, ?46
             where not exists (
               select 1 from do_not_call where site_id = ?2 and phone_hash = ?17)
             on conflict do nothing
             returning id"
    ));
    statement.params = values(it);
    statement
}

/// Writes a changed row over a version. Yields no row if that one is gone.
pub fn update(it: &Callback, before: i64) -> Statement {
    let mut statement = statement!(concat!(
        "update callback set (",
        columns!(),
        ") = (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
           ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34,
           ?35, ?36, ?37, ?38, ?39, ?40, ?41, ?42, ?43, ?44, ?45, ?46)
             where id = ?1 and version = ?47
             returning id"
    ));
    statement.params = values(it);
    statement.params.push(before.into());
    statement
}

look_ups!(Callback);

/// The one of a private link.
pub fn by_link(link_hash: [u8; 32]) -> Query<Option<Callback>> {
    Query {
        statement: statement!(
            select!("where link_hash = ?1 and link_hash <> x''"),
            link_hash.to_vec()
        ),
        decode: |rows| one(rows, read),
    }
}

/// The one that was made under this name.
pub fn by_once(site_id: &str, once: &str) -> Query<Option<Callback>> {
    Query {
        statement: statement!(select!("where site_id = ?1 and once = ?2"), site_id, once),
        decode: |rows| one(rows, read),
    }
}

/// The open one of a case.
pub fn open_of_case(case_id: &str) -> Query<Option<Callback>> {
    Query {
        statement: statement!(
            select!(
                "where case_id = ?1 and case_id <> ''
                   and state in ('held', 'booked', 'waiting', 'calling')"
            ),
            case_id
        ),
        decode: |rows| one(rows, read),
    }
}

/// Those with which time does something by now, the longest overdue first.
pub fn due(now: i64, most: i64) -> Query<Vec<Callback>> {
    Query {
        statement: statement!(
            select!(
                "where next_step_ms <= ?1 and next_step_ms is not null
                 order by next_step_ms limit ?2"
            ),
            now,
            most
        ),
        decode: |rows| all(rows, read),
    }
}

/// Those of a site that hold slots which nobody confirmed in time. The plus keeps SQLite from
/// reading all of a site: what is overdue is little, whoever's it is.
pub fn lapsed(site_id: &str, now: i64, most: i64) -> Query<Vec<Callback>> {
    Query {
        statement: statement!(
            select!(
                "where state = 'held' and next_step_ms <= ?2 and next_step_ms is not null
                   and +site_id = ?1
                 order by next_step_ms limit ?3"
            ),
            site_id,
            now,
            most
        ),
        decode: |rows| all(rows, read),
    }
}

/// Yields a row if nobody else has a piece from one up to another.
///
/// It decides nothing, since the key of the pieces does: it is for those who wait for the lock.
pub fn is_free(agent_id: &str, lane: i64, first: i64, end: i64, callback_id: &str) -> Statement {
    statement!(
        "select 1 where not exists (
           select 1 from call_quantum
           where agent_id = ?1 and lane = ?2 and ?3 <= quantum and quantum < ?4
             and callback_id <> ?5)",
        agent_id,
        lane,
        first,
        end,
        callback_id
    )
}

/// Takes pieces of somebody's time, a JSON array of their numbers; those that somebody has are left
/// out.
pub fn take(agent_id: &str, lane: i64, quanta: &str, callback_id: &str) -> Statement {
    statement!(
        "insert into call_quantum (agent_id, lane, quantum, callback_id)
         select ?1, ?2, it.value, ?4 from json_each(?3) it
         where true
         on conflict do nothing",
        agent_id,
        lane,
        quanta,
        callback_id
    )
}

/// Frees and takes in one: each of a JSON array of `[piece, its new number]` goes over to this line
/// of this agent. What somebody has there stays where it was.
pub fn move_to(callback_id: &str, agent_id: &str, lane: i64, pairs: &str) -> Statement {
    statement!(
        "update or ignore call_quantum set agent_id = ?2, lane = ?3, quantum = it.value ->> 1
         from json_each(?4) it
         where callback_id = ?1 and quantum = it.value ->> 0",
        callback_id,
        agent_id,
        lane,
        pairs
    )
}

/// Yields a row if a call-back has every piece from one up to another.
pub fn has_all(callback_id: &str, agent_id: &str, lane: i64, first: i64, end: i64) -> Statement {
    statement!(
        "select 1 where ?5 - ?4 = (
           select count(*) from call_quantum
           where callback_id = ?1 and agent_id = ?2 and lane = ?3 and ?4 <= quantum
             and quantum < ?5)",
        callback_id,
        agent_id,
        lane,
        first,
        end
    )
}

/// Frees all that a call-back has.
pub fn free(callback_id: &str) -> Statement {
    statement!("delete from call_quantum where callback_id = ?1", callback_id)
}

/// Counts one more call of somebody's day. Yields no row if they have as many as they can.
pub fn add_call(agent_id: &str, day: i64, cap: i64) -> Statement {
    statement!(
        "insert into call_day (agent_id, day, calls)
         select ?1, ?2, 1 where 0 < ?3
         on conflict (agent_id, day) do update set calls = calls + 1 where calls < ?3
         returning calls",
        agent_id,
        day,
        cap
    )
}

/// Counts one less.
pub fn drop_call(agent_id: &str, day: i64) -> Statement {
    statement!(
        "update call_day set calls = calls - 1 where agent_id = ?1 and day = ?2",
        agent_id,
        day
    )
}

/// What is taken of the time of a site's agents between two instants, but by one call-back.
///
/// Of those who make calls, in one row or two, as numbers with commas between. It can be ten
/// thousands, so each is one number: ((first piece · 64 + line) · 1024 + pieces) · 8, and by how
/// many days its day is after that of UTC, plus 3; see `domain::callback::quanta`. A call that was
/// made takes no time any more and yet is one of its day: it has no pieces.
pub fn busy(
    site_id: &str,
    from: i64,
    until: i64,
    now: i64,
    except: &str,
) -> Query<Vec<(String, String)>> {
    Query {
        statement: statement!(
            // None lasts for a day, with what is kept free around it.
            "select a.id, coalesce((
               select group_concat(
                 ((from_ms / 300000 * 64 + lane) * 1024
                   + (until_ms + 299999) / 300000 - from_ms / 300000) * 8
                 + day - from_ms / 86400000 + 3)
               from callback
               where site_id = ?1 and agent_id = a.id and state in ('held', 'booked')
                 and ?2 < until_ms and until_ms < ?3 + 86400000 and from_ms < ?3
                 and (lease_ms = 0 or ?4 < lease_ms) and id <> ?5), '')
             from agent a
             where a.site_id = ?1 and a.is_active = 1 and 0 < a.calls_per_day
             union all
             select agent_id, group_concat(day * 150994944 + 3)
             from callback
             where site_id = ?1 and start_ms > 0 and ?2 < start_ms
               and start_ms < min(?3, ?4 + 86400000)
               and (state = 'calling'
                 or state not in ('held', 'booked') and 0 < attempts and id <> ?5)
             group by agent_id",
            site_id,
            from,
            until,
            now,
            except
        ),
        decode: |rows| all(rows, |row| (row.text(), row.text())),
    }
}

pub(crate) fn read(row: &mut Cells) -> Callback {
    Callback {
        id: row.text(),
        site_id: row.text(),
        version: row.integer(),
        once: row.text(),
        mode: row.text(),
        state: row.text(),
        purpose: row.text(),
        service_id: row.text(),
        case_id: row.text(),
        customer_id: row.text(),
        response_id: row.text(),
        touchpoint_id: row.text(),
        agent_id: row.text(),
        lane: row.integer(),
        language: row.text(),
        zone: row.text(),
        phone_hash: row.bytes(),
        link_hash: row.bytes(),
        start: row.integer(),
        end: row.integer(),
        from: row.integer(),
        until: row.integer(),
        day: row.integer(),
        place: row.integer(),
        due: row.integer(),
        due_by: row.integer(),
        expires: row.integer(),
        lease: row.integer(),
        next_step: row.integer_or_null(),
        reminded: row.integer(),
        sequence: row.integer(),
        attempts: row.integer(),
        no_answers: row.integer(),
        busies: row.integer(),
        outcome: row.text(),
        promise: row.integer(),
        is_no_show: row.flag(),
        result_id: row.text(),
        requested_at: row.integer(),
        requested_day: row.integer(),
        since: row.integer(),
        since_mode: row.text(),
        first_attempt: row.integer_or_null(),
        ended_at: row.integer_or_null(),
        created_at: row.integer(),
        updated_at: row.integer(),
    }
}
