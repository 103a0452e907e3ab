//! Agents, the people who work here: table `agent`.

use ports::{Cells, Query, Statement};

use crate::{all, look_ups, one, statement};

/// One row of `agent`.
#[derive(Clone, Debug)]
pub struct Agent {
    /// Its id.
    pub id: String,
    /// The site that it belongs to.
    pub site_id: String,
    /// Counts its changes.
    pub version: i64,
    /// What people call them.
    pub name: String,
    /// Their department; empty for none.
    pub department_id: String,
    /// Their skills, as a JSON array of tags.
    pub skills: String,
    /// Whether they work at present.
    pub is_active: bool,
    /// How many cases they can have at a time.
    pub capacity: i64,
    /// Whether they take what must not wait.
    pub is_specialist: bool,
    /// The calendar of their shifts; empty if they are always there.
    pub calendar_id: String,
    /// When they are away, as a JSON array of `[from, until]` in UTC milliseconds.
    pub absences: String,
    /// The languages that they speak on the phone, as a JSON array; none is every language.
    pub languages: String,
    /// How many calls they make on a day; 0 for none at all.
    pub calls_per_day: i64,
    /// Counts the secret addresses of their calendar; below 0 once the last one was closed.
    pub feed: i64,
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, site_id, version, name, department_id, skills, is_active, capacity,
             is_specialist, calendar_id, absences, languages, calls_per_day, feed, created_at_ms,
             updated_at_ms from agent ",
            $rest
        )
    };
}

/// Adds a row.
pub fn insert(it: &Agent) -> Statement {
    statement!(
        "insert into agent (id, site_id, version, name, department_id, skills, is_active,
           created_at_ms, updated_at_ms, capacity, is_specialist, calendar_id, absences,
           languages, calls_per_day, feed)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        &it.id,
        &it.site_id,
        it.version,
        &it.name,
        &it.department_id,
        &it.skills,
        it.is_active,
        it.created_at,
        it.updated_at,
        it.capacity,
        it.is_specialist,
        &it.calendar_id,
        &it.absences,
        &it.languages,
        it.calls_per_day,
        it.feed,
    )
}

/// Writes a changed row over the version before it. Yields no row if that one is gone.
pub fn update(it: &Agent) -> Statement {
    statement!(
        "update agent set version = ?2, name = ?3, department_id = ?4, skills = ?5,
           is_active = ?6, updated_at_ms = ?7, capacity = ?8, is_specialist = ?9, calendar_id = ?10,
           absences = ?11, languages = ?12, calls_per_day = ?13, feed = ?14
         where id = ?1 and version = ?2 - 1
         returning id",
        &it.id,
        it.version,
        &it.name,
        &it.department_id,
        &it.skills,
        it.is_active,
        it.updated_at,
        it.capacity,
        it.is_specialist,
        &it.calendar_id,
        &it.absences,
        &it.languages,
        it.calls_per_day,
        it.feed,
    )
}

look_ups!(Agent);

/// Whose calendar a secret address is, if they still work here.
pub fn by_feed(hash: [u8; 32]) -> Query<Option<Agent>> {
    Query {
        statement: statement!(
            select!(
                "where id = (select agent_id from call_feed where hash = ?1) and is_active = 1"
            ),
            hash.to_vec()
        ),
        decode: |rows| one(rows, read),
    }
}

/// Those of some ids, a JSON array, that are agents of the site.
pub fn known(site_id: &str, ids: &str) -> Query<Vec<String>> {
    Query {
        statement: statement!(
            "select a.id from json_each(?2) it join agent a on a.id = it.value and a.site_id = ?1",
            site_id,
            ids
        ),
        decode: |rows| all(rows, Cells::text),
    }
}

/// Whether a site has a calendar of this id.
pub fn has_calendar(site_id: &str, id: &str) -> Query<bool> {
    Query {
        statement: statement!("select 1 from calendar where id = ?2 and site_id = ?1", site_id, id),
        decode: |rows| Ok(!rows.is_empty()),
    }
}

/// The agents of a site who are active, each with how many cases they have and when they last got
/// one.
pub fn candidates(site_id: &str) -> Query<Vec<(Agent, i64, i64)>> {
    Query {
        statement: statement!(
            "select a.id, a.site_id, a.version, a.name, a.department_id, a.skills, a.is_active,
               a.capacity, a.is_specialist, a.calendar_id, a.absences, a.languages,
               a.calls_per_day, a.feed, a.created_at_ms, a.updated_at_ms,
               coalesce(l.open, 0), coalesce(l.turn, 0)
             from agent a
             left join agent_load l on l.agent_id = a.id
             where a.site_id = ?1 and a.is_active = 1
             order by a.id",
            site_id
        ),
        decode: |rows| all(rows, |row| (read(row), row.integer(), row.integer())),
    }
}

/// The agents of a site who are active and make calls.
pub fn callers(site_id: &str) -> Query<Vec<Agent>> {
    Query {
        statement: statement!(
            select!("where site_id = ?1 and is_active = 1 and 0 < calls_per_day order by id"),
            site_id
        ),
        decode: |rows| all(rows, read),
    }
}

fn read(row: &mut Cells) -> Agent {
    Agent {
        id: row.text(),
        site_id: row.text(),
        version: row.integer(),
        name: row.text(),
        department_id: row.text(),
        skills: row.text(),
        is_active: row.flag(),
        capacity: row.integer(),
        is_specialist: row.flag(),
        calendar_id: row.text(),
        absences: row.text(),
        languages: row.text(),
        calls_per_day: row.integer(),
        feed: row.integer(),
        created_at: row.integer(),
        updated_at: row.integer(),
    }
}
