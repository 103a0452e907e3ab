//! What people must know: table `notice`.

use ports::{Cells, Query, Statement};

use crate::{all, one, statement};

/// One row of `notice`.
#[derive(Clone, Debug, Default)]
pub struct Notice {
    /// Its id.
    pub id: String,
    /// How many events it has.
    pub version: i64,
    /// What it says, such as `webhook.disabled`.
    pub kind: String,
    /// What it is about.
    pub subject: String,
    /// More of it, as a JSON object.
    pub data: String,
    /// When it was made.
    pub created_at: i64,
    /// When somebody said that they know.
    pub seen_at: Option<i64>,
}

/// Tells people something of a subject, with an event of that subject in the same commit.
pub fn notify(
    id: &str,
    site_id: &str,
    kind: &str,
    subject: &str,
    data: &str,
    now: i64,
) -> Statement {
    statement!(
        "insert into notice (id, site_id, version, kind, subject, data, created_at_ms)
         values (?1, ?2, 0, ?3, ?4, ?5, ?6)",
        id,
        site_id,
        kind,
        subject,
        data,
        now
    )
}

/// Tells people many things, each with an event of its own in the same commit.
///
/// `rows` is a JSON array of `[id, kind, subject, data]`.
pub fn notify_all(site_id: &str, now: i64, rows: &str) -> Statement {
    statement!(
        "insert into notice (id, site_id, version, kind, subject, data, created_at_ms)
         select it.value ->> 0, ?1, 1, it.value ->> 1, it.value ->> 2, it.value ->> 3, ?2
         from json_each(?3) it",
        site_id,
        now,
        rows
    )
}

/// Those of a site before an id, newest first; an empty one is the end. With `to`, an agent, a
/// department or a role, only what they are told.
pub fn list(site_id: &str, to: &str, before: &str, rows: i64) -> Query<Vec<Notice>> {
    // An id sorts before the letters that no id begins with.
    let before = if before.is_empty() { "~" } else { before };
    Query {
        statement: statement!(
            "select id, version, kind, subject, data, created_at_ms, seen_at_ms from notice
             where site_id = ?1 and id < ?2
               and (?4 = '' or ?4 = coalesce(data ->> '$.to.agent_id',
                 data ->> '$.to.department_id', data ->> '$.to.role'))
             order by id desc limit ?3",
            site_id,
            before,
            rows,
            to
        ),
        decode: |rows| all(rows, read),
    }
}

/// Whom something is told that somebody should know, a JSON array: an agent, their department if
/// they have one, roles, and nobody in particular.
pub fn whom(agent_id: &str, roles: &str) -> Query<Option<String>> {
    Query {
        statement: statement!(
            "select json_group_array(value) from (
               select value from json_each(?2)
               union all select ''
               union all select id from agent where id = ?1
               union all select department_id from agent where id = ?1 and department_id <> '')",
            agent_id,
            roles
        ),
        decode: |rows| one(rows, Cells::text),
    }
}

/// Those that nobody saw yet and that are told to any of these, a JSON array as [`whom`] has it.
pub fn waiting(site_id: &str, whom: &str, before: &str, rows: i64) -> Query<Vec<Notice>> {
    let before = if before.is_empty() { "~" } else { before };
    Query {
        statement: statement!(
            "select n.id, n.version, n.kind, n.subject, n.data, n.created_at_ms, n.seen_at_ms
             from json_each(?2) w
             cross join notice n on n.id in (
               select u.id from notice u indexed by notice_unseen
               where u.site_id = ?1 and coalesce(u.data ->> '$.to.agent_id',
                   u.data ->> '$.to.department_id', u.data ->> '$.to.role', '') = w.value
                 and u.id < ?3 and u.seen_at_ms is null
               order by u.id desc limit ?4)
             order by n.id desc limit ?4",
            site_id,
            whom,
            before,
            rows
        ),
        decode: |rows| all(rows, read),
    }
}

/// Some that nobody saw yet, by their ids as a JSON array, each with the seal of its
/// version.
pub fn unseen(site_id: &str, ids: &str) -> Query<Vec<(Notice, [u8; 32])>> {
    Query {
        statement: statement!(
            "select n.id, n.version, n.kind, n.subject, n.data, n.created_at_ms, n.seen_at_ms,
               coalesce(e.hash, zeroblob(32))
             from json_each(?2) it
             cross join notice n on n.id = it.value
             left join event e on e.subject = n.id and e.version = n.version
             where n.site_id = ?1 and n.seen_at_ms is null",
            site_id,
            ids
        ),
        decode: |rows| all(rows, |row| (read(row), row.hash())),
    }
}

/// Says that some were seen, by the rows of `events::append_all` with whose events it goes.
pub fn see_all(now: i64, rows: &str) -> Statement {
    statement!(
        "update notice set version = it.value ->> 2, seen_at_ms = ?1
         from json_each(?2) it
         where notice.id = it.value ->> 1 and version = (it.value ->> 2) - 1
           and seen_at_ms is null and exists (
             select 1 from event e
             where e.subject = it.value ->> 1 and e.version = it.value ->> 2
               and e.id = it.value ->> 0)",
        now,
        rows
    )
}

/// The one of this id, as a list.
pub fn by_id(site_id: &str, id: &str) -> Query<Vec<Notice>> {
    Query {
        statement: statement!(
            "select id, version, kind, subject, data, created_at_ms, seen_at_ms from notice
             where id = ?2 and site_id = ?1",
            site_id,
            id
        ),
        decode: |rows| all(rows, read),
    }
}

/// Says that it was seen. Yields no row if somebody said so before.
pub fn see(it: &Notice) -> Statement {
    statement!(
        "update notice set version = ?2, seen_at_ms = ?3
         where id = ?1 and version = ?2 - 1 and seen_at_ms is null
         returning id",
        &it.id,
        it.version,
        it.seen_at,
    )
}

fn read(row: &mut Cells) -> Notice {
    Notice {
        id: row.text(),
        version: row.integer(),
        kind: row.text(),
        subject: row.text(),
        data: row.text(),
        created_at: row.integer(),
        seen_at: row.integer_or_null(),
    }
}
