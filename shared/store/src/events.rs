//! The event log: table `event`.

use domain::event::{Event, Sealed};
use ports::{Cells, Query, Statement};

use crate::{all, one, statement};

/// Appends an event. Yields no row when somebody else made that version of the subject.
pub fn append(event: &Event) -> Statement {
    statement!(
        "insert into event (id, site_id, subject, version, kind, actor, at_ms, data, hash)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         on conflict (subject, version) do nothing
         returning seq",
        &event.id,
        &event.site_id,
        &event.subject,
        event.version,
        event.kind,
        &event.actor,
        event.at,
        &event.data,
        event.hash(),
    )
}

/// Appends the events of responses that are screened out.
///
/// `rows` is a JSON array of `[event, site, study, response, version, kind, actor, at, data, hash,
/// reason]`. One that changed meanwhile, or is out already, gets none.
pub fn append_screened(rows: &str) -> Statement {
    statement!(
        "insert into event (id, site_id, subject, version, kind, actor, at_ms, data, hash)
         select it.value ->> 0, it.value ->> 1, it.value ->> 3, it.value ->> 4, it.value ->> 5,
           it.value ->> 6, it.value ->> 7, it.value ->> 8, unhex(it.value ->> 9)
         from json_each(?1) it
         where exists (
           select 1 from response r
           where r.study_id = it.value ->> 2 and r.id = it.value ->> 3
             and r.version = (it.value ->> 4) - 1 and r.counted = 1)
         on conflict (subject, version) do nothing",
        rows
    )
}

/// Appends the events of a wave's invitations.
///
/// `rows` is a JSON array of `[event, invitation, version, kind, data, hash]`. One that changed
/// meanwhile, was answered, or whose customer does not want to be asked any more, gets none.
pub fn append_invited(site_id: &str, wave_id: &str, now: i64, rows: &str) -> Statement {
    statement!(
        "insert into event (id, site_id, subject, version, kind, actor, at_ms, data, hash)
         select it.value ->> 0, ?1, it.value ->> 1, it.value ->> 2, it.value ->> 3, 'tick', ?3,
           it.value ->> 4, unhex(it.value ->> 5)
         from json_each(?4) it
         where exists (
           select 1 from invitation i
           cross join customer c on c.id = i.customer_id
           where i.wave_id = ?2 and i.id = it.value ->> 1
             and i.version = (it.value ->> 2) - 1 and i.answered_at_ms is null
             and c.has_consent = 1 and c.erased_at_ms is null
             and not exists (
               select 1 from response r
               where r.site_id = ?1 and r.idempotency_key = 'link:' || i.nonce))
         on conflict (subject, version) do nothing",
        site_id,
        wave_id,
        now,
        rows
    )
}

/// Appends events of subjects of one site.
///
/// `rows` is a JSON array of `[event, subject, version, kind, actor, data, hash]`. A version of a
/// subject that is there already gets none: whoever relies on it checks that it is theirs.
pub fn append_all(site_id: &str, now: i64, rows: &str) -> Statement {
    statement!(
        "insert into event (id, site_id, subject, version, kind, actor, at_ms, data, hash)
         select it.value ->> 0, ?1, it.value ->> 1, it.value ->> 2, it.value ->> 3,
           it.value ->> 4, ?2, it.value ->> 5, unhex(it.value ->> 6)
         from json_each(?3) it
         where true
         on conflict (subject, version) do nothing",
        site_id,
        now,
        rows
    )
}

/// The seals of a version of some subjects, a JSON array of ids, each with its subject.
pub fn seals(subjects: &str, version: i64) -> Query<Vec<(String, [u8; 32])>> {
    Query {
        statement: statement!(
            "select e.subject, e.hash
             from json_each(?1) it
             cross join event e on e.subject = it.value and e.version = ?2",
            subjects,
            version
        ),
        decode: |rows| all(rows, |row| (row.text(), row.hash())),
    }
}

/// The seal of a version of a subject.
pub fn seal(subject: &str, version: i64) -> Query<Option<[u8; 32]>> {
    Query {
        statement: statement!(
            "select hash from event where subject = ?1 and version = ?2",
            subject,
            version
        ),
        decode: |rows| one(rows, Cells::hash),
    }
}

/// An event as it was written.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields of `domain::event::Event`, and its stored seal")]
pub struct Logged {
    pub id: String,
    pub site_id: String,
    pub subject: String,
    pub version: i64,
    pub kind: String,
    pub actor: String,
    pub at: i64,
    pub data: String,
    pub hash: [u8; 32],
}

impl Logged {
    /// The fields under the seal.
    pub fn sealed(&self) -> Sealed<'_> {
        Sealed {
            id: &self.id,
            site_id: &self.site_id,
            subject: &self.subject,
            version: self.version,
            kind: &self.kind,
            actor: &self.actor,
            at: self.at,
            data: &self.data,
        }
    }
}

/// An event as it is told to others, with its place in the order of all commits.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields of `domain::event::Event`, and its `seq`")]
pub struct Told {
    pub sequence: i64,
    pub id: String,
    pub site_id: String,
    pub subject: String,
    pub version: i64,
    pub kind: String,
    pub actor: String,
    pub at: i64,
    pub data: String,
}

impl Told {
    /// Reads `seq, id, site_id, subject, version, kind, actor, at_ms, data`.
    pub fn read(row: &mut Cells) -> Told {
        Told {
            sequence: row.integer(),
            id: row.text(),
            site_id: row.text(),
            subject: row.text(),
            version: row.integer(),
            kind: row.text(),
            actor: row.text(),
            at: row.integer(),
            data: row.text(),
        }
    }
}

/// The events of a subject after a version, oldest first.
pub fn of(site_id: &str, subject: &str, after: i64, rows: i64) -> Query<Vec<Logged>> {
    Query {
        statement: statement!(
            "select id, site_id, subject, version, kind, actor, at_ms, data, hash
             from event
             where subject = ?2 and version > ?3 and site_id = ?1
             order by version
             limit ?4",
            site_id,
            subject,
            after,
            rows
        ),
        decode: |rows| all(rows, read),
    }
}

fn read(row: &mut Cells) -> Logged {
    Logged {
        id: row.text(),
        site_id: row.text(),
        subject: row.text(),
        version: row.integer(),
        kind: row.text(),
        actor: row.text(),
        at: row.integer(),
        data: row.text(),
        hash: row.hash(),
    }
}
