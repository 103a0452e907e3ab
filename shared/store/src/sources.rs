//! Other systems that tell us what happened there: table `source`.

use ports::{Cells, Query, Statement};

use crate::{all, look_ups, one, statement};

/// One row of `source`.
#[derive(Clone, Debug)]
pub struct Source {
    /// `src_…`.
    pub id: String,
    /// The site that it belongs to.
    pub site_id: String,
    /// Counts its changes.
    pub version: i64,
    /// What staff call it.
    pub name: String,
    /// Whether its messages are taken.
    pub is_active: bool,
    /// How it proves who it is: one of `domain::inbound::SCHEMES`.
    pub scheme: String,
    /// The header that its signature or token stands in; empty for that of the scheme.
    pub header: String,
    /// Its secret, sealed.
    pub secret: String,
    /// The secret before, sealed; empty for none.
    pub old_secret: String,
    /// Until when that one is good.
    pub old_secret_until: i64,
    /// Where the body names a message once; empty for nowhere.
    pub once_pointer: String,
    /// The header that does; empty for none.
    pub once_header: String,
    /// Its rules, as JSON.
    pub rules: String,
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, site_id, version, name, is_active, scheme, header, secret, old_secret,
             old_secret_until_ms, once_pointer, once_header, rules, created_at_ms, updated_at_ms
             from source ",
            $rest
        )
    };
}

/// Adds a row.
pub fn insert(it: &Source) -> Statement {
    statement!(
        "insert into source (id, site_id, version, name, is_active, scheme, header, secret,
           old_secret, old_secret_until_ms, once_pointer, once_header, rules, replay,
           replay_before_ms, created_at_ms, updated_at_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, '', 0, ?14, ?15)",
        &it.id,
        &it.site_id,
        it.version,
        &it.name,
        it.is_active,
        &it.scheme,
        &it.header,
        &it.secret,
        &it.old_secret,
        it.old_secret_until,
        &it.once_pointer,
        &it.once_header,
        &it.rules,
        it.created_at,
        it.updated_at,
    )
}

/// Writes a changed row over the version before it. Yields no row if that one is gone.
pub fn update(it: &Source) -> Statement {
    statement!(
        "update source set version = ?2, name = ?3, is_active = ?4, scheme = ?5, header = ?6,
           secret = ?7, old_secret = ?8, old_secret_until_ms = ?9, once_pointer = ?10,
           once_header = ?11, rules = ?12, updated_at_ms = ?13
         where id = ?1 and version = ?2 - 1
         returning id",
        &it.id,
        it.version,
        &it.name,
        it.is_active,
        &it.scheme,
        &it.header,
        &it.secret,
        &it.old_secret,
        it.old_secret_until,
        &it.once_pointer,
        &it.once_header,
        &it.rules,
        it.updated_at,
    )
}

look_ups!(Source);

/// Asks for the messages of a state to be looked at again that were decided before now. Yields no
/// row if the version before is gone.
pub fn replay(id: &str, version: i64, state: &str, now: i64) -> Statement {
    statement!(
        "update source set version = ?2, replay = ?3, replay_before_ms = ?4, updated_at_ms = ?4
         where id = ?1 and version = ?2 - 1
         returning id",
        id,
        version,
        state,
        now
    )
}

/// Notes which replays are over: none of their messages is left.
pub fn end_replays() -> Statement {
    statement!(
        "update source set replay = ''
         where replay <> '' and not exists (
           select 1 from inbound i
           where i.source_id = source.id and i.state = source.replay
             and i.decided_at_ms < source.replay_before_ms
             and exists (select 1 from inbound_body b where b.inbound_id = i.id))"
    )
}

/// The source that somebody claims to be, at whatever site.
pub fn claimed(id: &str) -> Query<Option<Source>> {
    Query { statement: statement!(select!("where id = ?1"), id), decode: |rows| one(rows, read) }
}

/// How to read what sources sent, by their ids as a JSON array: id, site, its zone, the rules.
pub fn readers(ids: &str) -> Query<Vec<[String; 4]>> {
    Query {
        statement: statement!(
            "select s.id, s.site_id, t.zone, s.rules
             from json_each(?1) it
             cross join source s on s.id = it.value
             cross join site t on t.id = s.site_id",
            ids
        ),
        decode: |rows| all(rows, |row| std::array::from_fn(|_| row.text())),
    }
}

fn read(row: &mut Cells) -> Source {
    Source {
        id: row.text(),
        site_id: row.text(),
        version: row.integer(),
        name: row.text(),
        is_active: row.flag(),
        scheme: row.text(),
        header: row.text(),
        secret: row.text(),
        old_secret: row.text(),
        old_secret_until: row.integer(),
        once_pointer: row.text(),
        once_header: row.text(),
        rules: row.text(),
        created_at: row.integer(),
        updated_at: row.integer(),
    }
}
