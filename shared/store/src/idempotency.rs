//! Answers to writes, by caller and key: table `idempotency`.

use ports::{Cells, Query, Statement};

use crate::{one, statement};

/// How long an answer is kept: the same key a day later is a new request.
pub const KEPT_MS: i64 = 24 * 60 * 60 * 1000;

/// An answer that was given.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The hash of the request that it answers.
    pub request_hash: [u8; 32],
    /// Its status.
    pub status: i64,
    /// Its headers, as a JSON object.
    pub headers: String,
    /// Its body.
    pub body: String,
    /// What it is about.
    pub subject: String,
}

/// Claims the key and keeps the answer. Yields no row when the key is taken.
///
/// An expired claim is replaced, so that a key may be used again after [`KEPT_MS`].
pub fn claim(caller: &str, key: &str, answer: &Answer, now: i64) -> Statement {
    statement!(
        "insert into idempotency (caller, key, request_hash, status, headers, body, created_at_ms,
           subject)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?9)
         on conflict (caller, key) do update set
           request_hash = excluded.request_hash, status = excluded.status,
           headers = excluded.headers, body = excluded.body,
           created_at_ms = excluded.created_at_ms, subject = excluded.subject
         where created_at_ms <= ?8
         returning 1",
        caller,
        key,
        answer.request_hash,
        answer.status,
        &answer.headers,
        &answer.body,
        now,
        now - KEPT_MS,
        &answer.subject,
    )
}

/// Forgets what answers about a subject said. The claims stay, so nothing happens twice; so does
/// the receipt of the erasure that forgets, which says nothing personal.
pub fn blank(subject: &str) -> Statement {
    statement!(
        "update idempotency set body = '' where subject = ?1 and body <> ''
           and iif(json_valid(body), body ->> '$.erased' is null, 1)",
        subject
    )
}

/// The answer kept for this key.
pub fn find(caller: &str, key: &str, now: i64) -> Query<Option<Answer>> {
    Query {
        statement: statement!(
            "select request_hash, status, headers, body, subject from idempotency
             where caller = ?1 and key = ?2 and created_at_ms > ?3",
            caller,
            key,
            now - KEPT_MS
        ),
        decode: |rows| one(rows, read),
    }
}

/// Forgets some answers that are old enough. Bounded, so that a tick stays short.
pub fn expire(now: i64) -> Statement {
    statement!(
        "delete from idempotency where (caller, key) in
           (select caller, key from idempotency where created_at_ms <= ?1 limit 1000)",
        now - KEPT_MS
    )
}

fn read(row: &mut Cells) -> Answer {
    Answer {
        request_hash: row.hash(),
        status: row.integer(),
        headers: row.text(),
        body: row.text(),
        subject: row.text(),
    }
}
