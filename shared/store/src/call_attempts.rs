//! Each time that somebody was called: table `call_attempt`.

use ports::{Cells, Query, Statement};

use crate::{all, statement};

/// One row of `call_attempt`.
#[derive(Clone, Debug, Default)]
pub struct Attempt {
    /// The call-back.
    pub callback_id: String,
    /// Which one of it, from 1.
    pub number: i64,
    /// What came of it.
    pub outcome: String,
    /// Who says so.
    pub actor: String,
    /// The agent who called; empty for none.
    pub agent_id: String,
    /// When they began.
    pub started_at: i64,
    /// How long it took.
    pub duration_ms: i64,
    /// What they noted.
    pub note: String,
    /// With which the digest of the note is salted.
    pub salt: Vec<u8>,
    /// When it was recorded.
    pub at: i64,
}

/// Adds a row. Yields no row if there is one of this number.
pub fn insert(it: &Attempt) -> Statement {
    statement!(
        "insert into call_attempt (callback_id, number, outcome, actor, agent_id, started_at_ms,
           duration_ms, note, salt, at_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         on conflict do nothing
         returning number",
        &it.callback_id,
        it.number,
        &it.outcome,
        &it.actor,
        &it.agent_id,
        it.started_at,
        it.duration_ms,
        &it.note,
        it.salt.clone(),
        it.at,
    )
}

/// All of a call-back, oldest first.
pub fn of(callback_id: &str) -> Query<Vec<Attempt>> {
    Query {
        statement: statement!(
            "select callback_id, number, outcome, actor, agent_id, started_at_ms, duration_ms,
               note, salt, at_ms
             from call_attempt where callback_id = ?1 order by number",
            callback_id
        ),
        decode: |rows| all(rows, read),
    }
}

/// Those of some call-backs, a JSON array, oldest first.
pub fn of_all(callbacks: &str) -> Query<Vec<Attempt>> {
    Query {
        statement: statement!(
            "select callback_id, number, outcome, actor, agent_id, started_at_ms, duration_ms,
               note, salt, at_ms
             from call_attempt where callback_id in (select value from json_each(?1))
             order by callback_id, number",
            callbacks
        ),
        decode: |rows| all(rows, read),
    }
}

/// Those that somebody made between two instants, the first one first.
pub fn by_agent(agent_id: &str, from: i64, until: i64, most: i64) -> Query<Vec<Attempt>> {
    Query {
        statement: statement!(
            "select callback_id, number, outcome, actor, agent_id, started_at_ms, duration_ms,
               note, salt, at_ms
             from call_attempt
             where agent_id = ?1 and agent_id <> '' and ?2 <= started_at_ms and started_at_ms < ?3
             order by started_at_ms limit ?4",
            agent_id,
            from,
            until,
            most
        ),
        decode: |rows| all(rows, read),
    }
}

fn read(row: &mut Cells) -> Attempt {
    Attempt {
        callback_id: row.text(),
        number: row.integer(),
        outcome: row.text(),
        actor: row.text(),
        agent_id: row.text(),
        started_at: row.integer(),
        duration_ms: row.integer(),
        note: row.text(),
        salt: row.bytes(),
        at: row.integer(),
    }
}
