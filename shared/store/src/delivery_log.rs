//! What became of events at a webhook, as staff look at it: tables `delivery` and `attempt`.

use ports::{Cells, Corrupt, Query, Row, Statement};

use crate::{all, statement};

/// What became of one event.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The event's place in the order of commits.
    pub sequence: i64,
    /// The event's id.
    pub event_id: String,
    /// Its type.
    pub kind: String,
    /// What it is about.
    pub subject: String,
    /// `due`, `delivered`, `dead` or `dropped`.
    pub state: String,
    /// How many tries there were.
    pub tries: i64,
    /// When the next one is due.
    pub due_at: i64,
    /// The status of the last answer; 0 for none.
    pub status: i64,
    /// When it last changed.
    pub updated_at: i64,
}

/// One try.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Counts the tries of a delivery.
    pub number: i64,
    /// When it began.
    pub at: i64,
    /// How long it took.
    pub duration_ms: i64,
    /// The status; 0 where no answer came.
    pub status: i64,
    /// Why no answer came.
    pub error: String,
    /// The beginning of the answer.
    pub answer: String,
}

/// A page of the log.
#[derive(Clone, Debug, Default)]
pub struct Logs {
    /// The oldest delivery that was looked at; nothing where there is none.
    pub until: Option<i64>,
    /// How many were looked at.
    pub looked_at: i64,
    /// Those that are asked for, newest first.
    pub deliveries: Vec<Delivery>,
}

/// What part of the log is asked for.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// Before which event.
    pub before: i64,
    /// In which state; empty for any.
    pub state: &'a str,
    /// Of which types, as a JSON array; all if it is empty.
    pub types: &'a str,
    /// At most so many deliveries are looked at.
    pub look: i64,
    /// At most so many are told.
    pub rows: i64,
}

/// A page of the log: the deliveries `$of`, read by `$by`, newest first, and behind them how far it
/// looked.
macro_rules! log {
    ($of:literal, $by:literal) => {
        concat!(
            "select * from (
               select null, 0, d.sequence, e.id, d.kind, d.subject, d.state, d.tries,
                 d.due_at_ms, d.status, d.updated_at_ms
               from delivery d ",
            $by,
            " cross join event e on e.seq = d.sequence
               where ",
            $of,
            " and d.sequence < ?2 and d.sequence >= (
                   select min(sequence) from (
                     select d.sequence from delivery d
                     where ",
            $of,
            " and d.sequence < ?2 order by d.sequence desc limit ?4))
                 and (?3 = '[]' or exists (
                   select 1 from json_each(?3) t
                   where d.kind = t.value
                     or t.value like '%.*' and substr(d.kind, 1, length(t.value) - 1) =
                       substr(t.value, 1, length(t.value) - 1)))
               order by d.sequence desc limit ?5)
             union all
             select min(sequence), count(*), null, null, null, null, null, null, null, null, null
             from (select d.sequence from delivery d
               where ",
            $of,
            " and d.sequence < ?2 order by d.sequence desc limit ?4)"
        )
    };
}

/// The log of a webhook.
pub fn list(webhook_id: &str, wanted: &Wanted<'_>) -> Query<Logs> {
    Query {
        statement: statement!(
            log!("d.webhook_id = ?1", ""),
            webhook_id,
            wanted.before,
            wanted.types,
            wanted.look,
            wanted.rows
        ),
        decode: logs,
    }
}

/// That part of the log of a webhook that is in one state.
pub fn list_in(webhook_id: &str, wanted: &Wanted<'_>) -> Query<Logs> {
    Query {
        statement: statement!(
            log!("d.webhook_id = ?1 and d.state = ?6", "indexed by delivery_state"),
            webhook_id,
            wanted.before,
            wanted.types,
            wanted.look,
            wanted.rows,
            wanted.state
        ),
        decode: logs,
    }
}

/// One delivery, as a page: one way to read both is enough.
pub fn by_sequence(webhook_id: &str, sequence: i64) -> Query<Logs> {
    Query {
        statement: statement!(
            "select null, 0, d.sequence, e.id, d.kind, d.subject, d.state, d.tries, d.due_at_ms,
               d.status, d.updated_at_ms
             from delivery d cross join event e on e.seq = d.sequence
             where d.webhook_id = ?1 and d.sequence = ?2",
            webhook_id,
            sequence
        ),
        decode: logs,
    }
}

/// The newest tries of a delivery, newest first.
pub fn attempts(webhook_id: &str, sequence: i64, rows: i64) -> Query<Vec<Attempt>> {
    Query {
        statement: statement!(
            "select number, at_ms, duration_ms, status, error, answer from attempt
             where webhook_id = ?1 and sequence = ?2 order by number desc limit ?3",
            webhook_id,
            sequence,
            rows
        ),
        decode: |rows| all(rows, read_attempt),
    }
}

/// Has a delivery tried at once, whatever became of it before. Yields no row if there is none.
///
/// One that was over begins its round of tries anew; one that is due goes on with its own.
pub fn retry(webhook_id: &str, sequence: i64, now: i64) -> Statement {
    statement!(
        "update delivery set round = case state when 'due' then round else 0 end, state = 'due',
           due_at_ms = ?3, updated_at_ms = ?3
         where webhook_id = ?1 and sequence = ?2
         returning sequence",
        webhook_id,
        sequence,
        now
    )
}

/// Tells delivery that something of a webhook is due.
pub fn wake(webhook_id: &str, now: i64) -> Statement {
    statement!(
        "update outlet set due_at_ms = min(coalesce(due_at_ms, ?2), ?2) where webhook_id = ?1",
        webhook_id,
        now
    )
}

fn logs(rows: Vec<Row>) -> Result<Logs, Corrupt> {
    let mut logs = Logs::default();
    for row in rows {
        let (until, looked_at, delivery) = row.read(|row| {
            let until = row.integer_or_null();
            let looked_at = row.integer();
            (until, looked_at, row.integer_or_null().map(|sequence| read(sequence, row)))
        })?;
        match delivery {
            Some(delivery) => logs.deliveries.push(delivery),
            None => (logs.until, logs.looked_at) = (until, looked_at),
        }
    }
    Ok(logs)
}

fn read(sequence: i64, row: &mut Cells) -> Delivery {
    Delivery {
        sequence,
        event_id: row.text(),
        kind: row.text(),
        subject: row.text(),
        state: row.text(),
        tries: row.integer(),
        due_at: row.integer(),
        status: row.integer(),
        updated_at: row.integer(),
    }
}

fn read_attempt(row: &mut Cells) -> Attempt {
    Attempt {
        number: row.integer(),
        at: row.integer(),
        duration_ms: row.integer(),
        status: row.integer(),
        error: row.text(),
        answer: row.text(),
    }
}
