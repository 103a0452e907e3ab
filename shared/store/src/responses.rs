//! Responses: table `response`, whose triggers write the event, the scores and the rollups.

use ports::{Cells, Corrupt, Query, Row, Statement};

use crate::{Page, all, one, statement};

/// What became of one submitted row.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The response that holds this key: the new one, or the one that came first.
    pub id: String,
    /// The key.
    pub idempotency_key: String,
    /// The hash of the request that made it.
    pub request_hash: [u8; 32],
    /// The version that it answers.
    pub study_version: i64,
    /// When it was answered.
    pub answered_at: i64,
    /// When it came in.
    pub received_at: i64,
}

/// One row is one response and everything that follows from it; all rows are one statement.
/// A key that is taken yields the response that has it. A failed guard yields no row at all.
macro_rules! submit {
    ($guard:literal) => {
        concat!(
            "insert into response (id, site_id, study_id, study_version, idempotency_key,
               request_hash, source, channel, customer_group, language, customer_id, agent_id,
               answers, answered_at_ms, received_at_ms, day, counted,
               event_id, event_actor, event_data, event_hash)
             select it.value ->> 'id', ?2, ?3, it.value ->> 'version', it.value ->> 'key',
               unhex(it.value ->> 'hash'), ?5, it.value ->> 'channel', it.value ->> 'group',
               it.value ->> 'language', it.value ->> 'customer_id', it.value ->> 'agent_id',
               it.value ->> 'answers', it.value ->> 'answered_at', ?4, it.value ->> 'day', 1,
               it.value ->> 'event_id', ?6, it.value ->> 'event_data',
               unhex(it.value ->> 'event_hash')
             from json_each(?1) it
             where ",
            $guard,
            " on conflict (site_id, idempotency_key) do update set day = day
             returning id, idempotency_key, request_hash, study_version, answered_at_ms,
               received_at_ms"
        )
    };
}

/// Who submits, where and when.
#[derive(Clone, Debug)]
pub struct Submission<'a> {
    /// The rows, as a JSON array; see `app::response`.
    pub rows: String,
    /// The site.
    pub site_id: &'a str,
    /// The study.
    pub study_id: &'a str,
    /// Now.
    pub received_at: i64,
    /// `widget`, `page`, `api` or `import`.
    pub source: &'a str,
    /// The event's actor.
    pub actor: &'a str,
}

/// Takes responses of the public.
///
/// Yields no row unless the study is open, the site is still at
/// `site_version`, and the publishable key with `key_hash` is live: what was checked before in
/// memory is checked again by the statement that relies on it.
pub fn submit(it: &Submission<'_>, site_version: i64, key_hash: [u8; 32]) -> Statement {
    statement!(
        submit!(
            "exists (
               select 1 from study s join site t on t.id = s.site_id
               where s.id = ?3 and s.site_id = ?2 and s.state = 'open' and t.version = ?7)
             and exists (
               select 1 from api_key k
               where k.hash = ?8 and k.site_id = ?2 and k.kind = 'publishable'
                 and k.revoked_at_ms is null
                 and (k.expires_at_ms is null or k.expires_at_ms > ?4))"
        ),
        &it.rows,
        it.site_id,
        it.study_id,
        it.received_at,
        it.source,
        it.actor,
        site_version,
        key_hash,
    )
}

/// Takes responses that staff bring. Yields no row unless the study was ever published.
pub fn import(it: &Submission<'_>) -> Statement {
    statement!(
        submit!(
            "exists (
               select 1 from study s where s.id = ?3 and s.site_id = ?2 and s.published > 0)"
        ),
        &it.rows,
        it.site_id,
        it.study_id,
        it.received_at,
        it.source,
        it.actor,
    )
}

/// What the statements of this module return for each row.
pub fn taken(rows: Vec<Row>) -> Result<Vec<Taken>, Corrupt> {
    all(rows, |row| Taken {
        id: row.text(),
        idempotency_key: row.text(),
        request_hash: row.hash(),
        study_version: row.integer(),
        answered_at: row.integer(),
        received_at: row.integer(),
    })
}

/// A response as staff see it.
#[derive(Clone, Debug)]
pub struct Response {
    /// `rsp_…`.
    pub id: String,
    /// The version that it answers.
    pub study_version: i64,
    /// How it came.
    pub source: String,
    /// On which channel; empty if not stated.
    pub channel: String,
    /// The customer's group; empty if not stated.
    pub group: String,
    /// The language it was answered in.
    pub language: String,
    /// The customer, if known.
    pub customer_id: String,
    /// Who served them, if known.
    pub agent_id: String,
    /// The answers, as JSON.
    pub answers: String,
    /// When it was answered.
    pub answered_at: i64,
    /// When it came in.
    pub received_at: i64,
    /// Whether it counts in the figures.
    pub counted: bool,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, study_version, source, channel, customer_group, language, customer_id,
             agent_id, answers, answered_at_ms, received_at_ms, counted from response ",
            $rest
        )
    };
}

/// The responses of a study before an id. Newest first: nobody reads them from the start.
pub fn list(study_id: &str, page: &Page) -> Query<Vec<Response>> {
    Query {
        statement: statement!(
            select!(
                "where study_id = ?1 and id < case ?2 when '' then 'rsp_~' else ?2 end
                 order by id desc limit ?3"
            ),
            study_id,
            &page.after,
            page.rows
        ),
        decode: |rows| all(rows, read),
    }
}

/// One response of a study.
pub fn by_id(study_id: &str, id: &str) -> Query<Option<Response>> {
    Query {
        statement: statement!(select!("where id = ?2 and study_id = ?1"), study_id, id),
        decode: |rows| one(rows, read),
    }
}

fn read(row: &mut Cells) -> Response {
    Response {
        id: row.text(),
        study_version: row.integer(),
        source: row.text(),
        channel: row.text(),
        group: row.text(),
        language: row.text(),
        customer_id: row.text(),
        agent_id: row.text(),
        answers: row.text(),
        answered_at: row.integer(),
        received_at: row.integer(),
        counted: row.flag(),
    }
}
