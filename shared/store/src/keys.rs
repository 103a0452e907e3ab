//! Keys and sessions: tables `api_key` and `session`. Secret ones are known by hash alone.

use ports::{Cells, Query, Statement};

use crate::{all, look_ups, one, statement};

/// A key.
#[derive(Clone, Debug)]
pub struct Key {
    /// `key_…`: its name, not the key itself.
    pub id: String,
    /// The site that it belongs to.
    pub site_id: String,
    /// Counts its changes.
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// `publishable` or `secret`.
    pub kind: String,
    /// What its holder may do; empty for a publishable one.
    pub role: String,
    /// The key itself, of a publishable one; empty otherwise.
    pub public: String,
    /// The agent whose key it is; empty for nobody's.
    pub agent_id: String,
    /// When it was made.
    pub created_at: i64,
    /// When it stops working.
    pub expires_at: Option<i64>,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, site_id, version, name, kind, role, public, agent_id, created_at_ms,
             expires_at_ms, revoked_at_ms from api_key ",
            $rest
        )
    };
}

/// Adds a key under its hash.
pub fn insert(key: &Key, hash: [u8; 32]) -> Statement {
    statement!(
        "insert into api_key (id, site_id, version, name, kind, role, public, created_at_ms,
           expires_at_ms, hash, agent_id)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        &key.id,
        &key.site_id,
        key.version,
        &key.name,
        &key.kind,
        &key.role,
        &key.public,
        key.created_at,
        key.expires_at,
        hash,
        &key.agent_id,
    )
}

/// Revokes a key. Yields no row if the version before is gone.
pub fn revoke(id: &str, version: i64, now: i64) -> Statement {
    statement!(
        "update api_key set revoked_at_ms = ?3, version = ?2
         where id = ?1 and version = ?2 - 1 and revoked_at_ms is null
         returning id",
        id,
        version,
        now
    )
}

look_ups!(Key);

/// The key with this hash, whatever its state.
pub fn by_hash(hash: [u8; 32]) -> Query<Option<Key>> {
    Query {
        statement: statement!(select!("where hash = ?1"), hash),
        decode: |rows| one(rows, read),
    }
}

/// What people call those who hold some keys, a JSON array of ids: the agent, or else the key.
pub fn holders(site_id: &str, ids: &str) -> Query<Vec<(String, String)>> {
    Query {
        statement: statement!(
            "select k.id, coalesce(a.name, k.name)
             from json_each(?2) it
             cross join api_key k on k.id = it.value and k.site_id = ?1
             left join agent a on a.id = k.agent_id and k.agent_id <> ''",
            site_id,
            ids
        ),
        decode: |rows| all(rows, |row| (row.text(), row.text())),
    }
}

/// The newest publishable key of a site that is live, itself: for pages of our own, which carry it
/// as the site's pages do.
pub fn of_pages(site_id: &str, now: i64) -> Query<Option<String>> {
    Query {
        statement: statement!(
            "select public from api_key
             where site_id = ?1 and kind = 'publishable' and revoked_at_ms is null
               and (expires_at_ms is null or expires_at_ms > ?2)
             order by id desc limit 1",
            site_id,
            now
        ),
        decode: |rows| one(rows, Cells::text),
    }
}

/// The key behind a live session; `None` for no such session.
///
/// A session made from the admin key has no key: its look-up yields `Some(None)`.
pub fn by_session(hash: [u8; 32], now: i64) -> Query<Option<Option<Key>>> {
    Query {
        statement: statement!(
            "select s.key_id, k.id, k.site_id, k.version, k.name, k.kind, k.role, k.public,
               k.agent_id, k.created_at_ms, k.expires_at_ms, k.revoked_at_ms
             from session s left join api_key k on k.id = s.key_id
             where s.hash = ?1 and s.expires_at_ms > ?2",
            hash,
            now
        ),
        decode: |rows| one(rows, |row| if row.text().is_empty() { None } else { Some(read(row)) }),
    }
}

/// A session that is open.
#[derive(Clone, Debug)]
pub struct Session {
    /// The hash of its token.
    pub hash: [u8; 32],
    /// `ses_…`, as its events name it.
    pub id: String,
    /// The kind of browser and system; empty if nobody knows.
    pub device: String,
    /// When it was opened.
    pub opened_at: i64,
    /// When it ends by itself.
    pub expires_at: i64,
}

/// Opens a session; `key_id` is empty for the admin key.
pub fn open_session(it: &Session, key_id: &str) -> Statement {
    statement!(
        "insert into session (hash, key_id, created_at_ms, expires_at_ms, id, device)
         values (?1, ?2, ?3, ?4, ?5, ?6)",
        it.hash,
        key_id,
        it.opened_at,
        it.expires_at,
        &it.id,
        &it.device
    )
}

/// The live sessions of a key that have a name, before a place in the order of their opening: the
/// newest first. The key is empty for the admin key.
pub fn sessions(
    key_id: &str,
    now: i64,
    (before, id): (i64, &str),
    rows: i64,
) -> Query<Vec<Session>> {
    Query {
        statement: statement!(
            "select hash, id, device, created_at_ms, expires_at_ms from session
             where key_id = ?1 and (created_at_ms, id) < (?3, ?4)
               and expires_at_ms > ?2 and id <> ''
             order by created_at_ms desc, id desc limit ?5",
            key_id,
            now,
            before,
            id,
            rows
        ),
        decode: |rows| all(rows, read_session),
    }
}

/// The hash of a key's live session of this id.
pub fn session_of(key_id: &str, id: &str, now: i64) -> Query<Option<[u8; 32]>> {
    Query {
        statement: statement!(
            "select hash from session
             where key_id = ?1 and id = ?2 and id <> '' and expires_at_ms > ?3",
            key_id,
            id,
            now
        ),
        decode: |rows| one(rows, Cells::hash),
    }
}

/// The hashes of a key's sessions but for one, whether they have a name or not.
pub fn all_sessions(key_id: &str, but: &[u8], rows: i64) -> Query<Vec<[u8; 32]>> {
    Query {
        statement: statement!(
            "select hash from session where key_id = ?1 and hash <> ?2 limit ?3",
            key_id,
            ports::Value::Blob(but.to_vec()),
            rows
        ),
        decode: |rows| all(rows, Cells::hash),
    }
}

/// Closes a session.
pub fn close_session(hash: [u8; 32]) -> Statement {
    statement!("delete from session where hash = ?1", hash)
}

/// Closes sessions, a JSON array of their hashes in hexadecimal.
pub fn close_sessions(hashes: &str) -> Statement {
    statement!("delete from session where hash in (select unhex(value) from json_each(?1))", hashes)
}

/// Forgets some sessions that are over. Bounded, so that a tick stays short.
pub fn expire_sessions(now: i64) -> Statement {
    statement!(
        "delete from session where hash in
           (select hash from session where expires_at_ms <= ?1 limit 1000)",
        now
    )
}

fn read(row: &mut Cells) -> Key {
    Key {
        id: row.text(),
        site_id: row.text(),
        version: row.integer(),
        name: row.text(),
        kind: row.text(),
        role: row.text(),
        public: row.text(),
        agent_id: row.text(),
        created_at: row.integer(),
        expires_at: row.integer_or_null(),
        revoked_at: row.integer_or_null(),
    }
}

fn read_session(row: &mut Cells) -> Session {
    Session {
        hash: row.hash(),
        id: row.text(),
        device: row.text(),
        opened_at: row.integer(),
        expires_at: row.integer(),
    }
}
