//! Responses: table `response`, handed in through the view `intake`, whose trigger writes the
//! events, the scores and the rollups.

use ports::{Cells, Corrupt, Query, Row, Statement};

use crate::{Page, all, one, statement};

/// All rows are one statement, and everything that follows from them is in it.
///
/// It yields one row, which tells as JSON what did not just go well: of rows whose key was taken
/// before, the response that has it; of those that found a cell full, which; and of those that
/// were refused, how many came from the address and at the site, and whether another response
/// used the proof. A failed guard yields no row at all. The rows come first, so that
/// `Sql::gathered` can add to them.
macro_rules! submit {
    ($guard:literal) => {
        concat!(
            "insert into intake (rows, site_id, study_id, source, actor, uses)
             select ?1, ?2, ?3, ?4, ?5, ?6
             where ",
            $guard,
            " returning (
               select json_group_array(json_array(it.value ->> 0, r.id, hex(r.request_hash),
                 r.study_version, r.answered_at_ms, r.received_at_ms, r.full_cell,
                 case when r.id is null then (
                   select n from visit where until_s = it.value ->> '$[20][1]'
                     and site_id = ?2 and who = it.value ->> '$[20][0]') end,
                 case when r.id is null then (
                   select n from visit where until_s = it.value ->> '$[20][3]'
                     and site_id = ?2 and who = '') end))
               from json_each(?1) it
               left join response r on r.site_id = ?2 and r.idempotency_key = it.value ->> 2
               where r.id is null or r.id <> it.value ->> 0 or r.full_cell <> '')"
        )
    };
}

/// Who submits, and where.
#[derive(Clone, Debug)]
pub struct Submission<'a> {
    /// The rows, as a JSON array; see `app::response`.
    pub rows: String,
    /// The site.
    pub site_id: &'a str,
    /// The study.
    pub study_id: &'a str,
    /// `widget`, `page`, `api`, `import`, or how staff came by it.
    pub source: &'a str,
    /// The event's actor.
    pub actor: &'a str,
}

/// Rows may be limited, or carry proofs of work.
pub const LIMITS: i64 = 1;
/// Rows may have cells of the tally.
pub const CELLS: i64 = 2;
/// Rows may have contacts.
pub const CONTACTS: i64 = 4;

/// Takes responses of the public. `uses` says which places of the rows may be filled: [`LIMITS`],
/// [`CELLS`] and [`CONTACTS`], added.
///
/// Yields no row unless the study is open, the site is still at
/// `site_version`, and the publishable key with `key_hash` is live at `now`: what was checked
/// before in memory is checked again by the statement that relies on it.
pub fn submit(
    it: &Submission<'_>,
    uses: i64,
    site_version: i64,
    key_hash: [u8; 32],
    now: i64,
) -> Statement {
    statement!(
        submit!(
            "exists (
               select 1 from study s join site t on t.id = s.site_id
               where s.id = ?3 and s.site_id = ?2 and s.state = 'open' and t.version = ?7)
             and exists (
               select 1 from api_key k
               where k.hash = ?8 and k.site_id = ?2 and k.kind = 'publishable'
                 and k.revoked_at_ms is null
                 and (k.expires_at_ms is null or k.expires_at_ms > ?9))"
        ),
        &it.rows,
        it.site_id,
        it.study_id,
        it.source,
        it.actor,
        uses,
        site_version,
        key_hash,
        now,
    )
}

/// Takes responses of a page of our own, which needs no key. Otherwise it is [`submit`].
pub fn submit_page(it: &Submission<'_>, uses: i64, site_version: i64) -> Statement {
    statement!(
        submit!(
            "exists (
               select 1 from study s join site t on t.id = s.site_id
               where s.id = ?3 and s.site_id = ?2 and s.state = 'open' and t.version = ?7)"
        ),
        &it.rows,
        it.site_id,
        it.study_id,
        it.source,
        it.actor,
        uses,
        site_version,
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
        it.source,
        it.actor,
        CONTACTS,
    )
}

/// What the statements of this module tell of rows, as JSON; `None` for a failed guard.
pub fn taken_before(rows: Vec<Row>) -> Result<Option<String>, Corrupt> {
    one(rows, Cells::text)
}

/// The hash of the request that made the response of a key, and the cell that it found full.
pub fn taken(site_id: &str, key: &str) -> Query<Option<([u8; 32], String)>> {
    Query {
        statement: statement!(
            "select request_hash, full_cell from response
             where site_id = ?1 and idempotency_key = ?2",
            site_id,
            key
        ),
        decode: |rows| one(rows, |row| (row.hash(), row.text())),
    }
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
    /// Why it was screened out, parted by commas; empty if it was not.
    pub screened: String,
    /// Whether it counts in the figures.
    pub counted: bool,
    /// Counts its changes.
    pub version: i64,
    /// Whether its visitor came to the end.
    pub complete: bool,
    /// When staff looked at it.
    pub looked_at: Option<i64>,
    /// Who did; empty for nobody.
    pub looked_by: String,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, study_version, source, channel, customer_group, language, customer_id,
             agent_id, answers, answered_at_ms, received_at_ms, screened, counted, version,
             complete, looked_at_ms, looked_by
             from response ",
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

/// The responses of a study after an id that count on these days, both included. Oldest first:
/// whoever reads all of them meets those that come in meanwhile last.
pub fn page_after(
    study_id: &str,
    after: &str,
    (from_day, to_day): (i64, i64),
    rows: i64,
) -> Query<Vec<Response>> {
    Query {
        statement: statement!(
            select!(
                "where study_id = ?1 and id > ?2 and day between ?3 and ?4
                 order by id limit ?5"
            ),
            study_id,
            after,
            from_day,
            to_day,
            rows
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

/// The contacts that responses gave, by their ids as a JSON array: response, question and value.
pub fn contacts(ids: &str) -> Query<Vec<(String, String, String)>> {
    Query {
        statement: statement!(
            "select c.owner, c.question_id, c.value
             from json_each(?1) it
             cross join contact c on c.owner = it.value",
            ids
        ),
        decode: |rows| all(rows, |row| (row.text(), row.text(), row.text())),
    }
}

/// Takes a response out of the figures or back into them, and notes who looked at it; the rollups
/// follow by trigger.
/// Yields no row if the version before is gone.
pub fn recount(study_id: &str, it: &Response) -> Statement {
    statement!(
        "update response set counted = ?4, screened = ?5, version = ?3, looked_at_ms = ?6,
           looked_by = ?7
         where study_id = ?1 and id = ?2 and version = ?3 - 1
         returning id",
        study_id,
        &it.id,
        it.version,
        it.counted,
        &it.screened,
        it.looked_at,
        &it.looked_by
    )
}

/// Screens responses out, by the rows of `events::append_screened`, with whose events they go.
pub fn screen(rows: &str) -> Statement {
    statement!(
        "update response set counted = 0, version = it.value ->> 4,
           screened = case screened when '' then '' else screened || ',' end || (it.value ->> 10)
         from json_each(?1) it
         where study_id = it.value ->> 2 and response.id = it.value ->> 3
           and version = (it.value ->> 4) - 1 and counted = 1
           and exists (
             select 1 from event e
             where e.subject = it.value ->> 3 and e.version = it.value ->> 4
               and e.id = it.value ->> 0)",
        rows
    )
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
        screened: row.text(),
        counted: row.flag(),
        version: row.integer(),
        complete: row.flag(),
        looked_at: row.integer_or_null(),
        looked_by: row.text(),
    }
}
