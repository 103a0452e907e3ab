//! The event log: table `event`.

use domain::event::{Event, Sealed};
use ports::{Cells, Corrupt, Query, Row, Statement};

use crate::{all, one, statement};

/// Whether the type of the event `e` is one of a JSON array, or of one of its families; an empty
/// one lets everything through.
macro_rules! is_of_types {
    ($types:literal) => {
        concat!(
            "(json_array_length(",
            $types,
            ") = 0 or exists (
               select 1 from json_each(",
            $types,
            ") t
               where e.kind = t.value
                 or t.value like '%.*' and substr(e.kind, 1, length(t.value) - 1) =
                   substr(t.value, 1, length(t.value) - 1)))"
        )
    };
}
pub(crate) use is_of_types;

/// Whether the event `e` passes the filters of a webhook: its id, and JSON arrays of types,
/// touchpoints and grades. A test is for the webhook alone that it names, whatever its filters.
macro_rules! passes {
    ($webhook_id:literal, $types:literal, $touchpoints:literal, $grades:literal) => {
        concat!(
            "case e.kind when 'webhook.tested' then e.subject = ",
            $webhook_id,
            " else ",
            crate::events::is_of_types!($types),
            " and (json_array_length(",
            $touchpoints,
            ") = 0
                 or e.data ->> 'touchpoint_id' in (select value from json_each(",
            $touchpoints,
            "))
                 or exists (
                   select 1 from json_each(e.data, '$.scores') s
                   where s.value ->> 'touchpoint_id' in (
                     select value from json_each(",
            $touchpoints,
            "))))
               and (json_array_length(",
            $grades,
            ") = 0
                 or e.data ->> 'grade' in (select value from json_each(",
            $grades,
            "))) end"
        )
    };
}
pub(crate) use passes;

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
        let sequence = row.integer();
        read_told(sequence, row)
    }
}

fn read_told(sequence: i64, row: &mut Cells) -> Told {
    Told {
        sequence,
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

/// A page of the feed.
#[derive(Clone, Debug, Default)]
pub struct ToldPage {
    /// The newest event that was looked at; nothing where there is none.
    pub until: Option<i64>,
    /// How many were looked at.
    pub looked_at: i64,
    /// Those that are asked for, oldest first.
    pub events: Vec<Told>,
}

/// What part of the feed is asked for.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// After which event.
    pub after: i64,
    /// Of which types, as a JSON array; all if it is empty.
    pub types: &'a str,
    /// At most so many events are looked at: a rare type must not make a call read all of them.
    pub look: i64,
    /// At most so many are told.
    pub rows: i64,
}

/// A page of the feed: the events `$of` of which parameter 1 is the site, in the order `$order`,
/// and behind them how far that page looked.
macro_rules! feed {
    ($of:literal, $order:literal) => {
        concat!(
            "select * from (
               select null, 0, e.seq, e.id, e.site_id, e.subject, e.version, e.kind, e.actor,
                 e.at_ms, e.data
               from event e
               where ",
            $of,
            " and e.seq > ?2 and e.seq <= (
                   select max(seq) from (
                     select seq from event e where ",
            $of,
            " and seq > ?2 order by ",
            $order,
            " limit ?4))
                 and ",
            is_of_types!("?3"),
            " order by ",
            $order,
            " limit ?5)
             union all
             select max(seq), count(*), null, null, null, null, null, null, null, null, null
             from (select seq from event e where ",
            $of,
            " and seq > ?2 order by ",
            $order,
            " limit ?4)"
        )
    };
}

/// The feed of a site.
pub fn feed(site_id: &str, wanted: &Wanted<'_>) -> Query<ToldPage> {
    Query {
        statement: statement!(
            feed!("e.site_id = ?1", "e.seq"),
            site_id,
            wanted.after,
            wanted.types,
            wanted.look,
            wanted.rows
        ),
        decode: page,
    }
}

/// The feed of one subject.
pub fn feed_of(site_id: &str, subject: &str, wanted: &Wanted<'_>) -> Query<ToldPage> {
    Query {
        // Plus signs keep SQLite from the site's events, which are many more.
        statement: statement!(
            feed!("e.subject = ?6 and +e.site_id = ?1", "e.version"),
            site_id,
            wanted.after,
            wanted.types,
            wanted.look,
            wanted.rows,
            subject
        ),
        decode: page,
    }
}

fn page(rows: Vec<Row>) -> Result<ToldPage, Corrupt> {
    let mut page = ToldPage::default();
    for row in rows {
        let (until, looked_at, event) = row.read(|row| {
            let until = row.integer_or_null();
            let looked_at = row.integer();
            (until, looked_at, row.integer_or_null().map(|sequence| read_told(sequence, row)))
        })?;
        match event {
            Some(event) => page.events.push(event),
            None => (page.until, page.looked_at) = (until, looked_at),
        }
    }
    Ok(page)
}

/// The event of this id, as a page: one way to read both is enough.
pub fn by_id(site_id: &str, id: &str) -> Query<ToldPage> {
    Query {
        statement: statement!(
            "select null, 0, seq, id, site_id, subject, version, kind, actor, at_ms, data
             from event where id = ?2 and site_id = ?1",
            site_id,
            id
        ),
        decode: page,
    }
}

/// The event of this place in the order of commits, as a page.
pub fn by_sequence(site_id: &str, sequence: i64) -> Query<ToldPage> {
    Query {
        statement: statement!(
            "select null, 0, seq, id, site_id, subject, version, kind, actor, at_ms, data
             from event where seq = ?2 and site_id = ?1",
            site_id,
            sequence
        ),
        decode: page,
    }
}

/// The events between two instants, as the one before the first and the last; nothing as two zeros.
///
/// `since` and `until` are the least ids that events of these instants can have. Ids sort by time,
/// but what was committed at once may be in another order, so some are looked at on either side.
pub fn between(since: &str, until: &str) -> Query<Option<(i64, i64)>> {
    Query {
        statement: statement!(
            "select
               (select coalesce(min(seq) - 1, 0)
                from (select seq from event where id >= ?1 and id < ?2 order by id limit 1000)),
               (select coalesce(max(seq), 0)
                from (
                  select seq from event where id >= ?1 and id < ?2 order by id desc limit 1000))",
            since,
            until
        ),
        decode: |rows| one(rows, |row| (row.integer(), row.integer())),
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
