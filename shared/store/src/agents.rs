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
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, site_id, version, name, department_id, skills, is_active,
             created_at_ms, updated_at_ms from agent ",
            $rest
        )
    };
}

/// Adds a row.
pub fn insert(it: &Agent) -> Statement {
    statement!(
        "insert into agent (id, site_id, version, name, department_id, skills, is_active,
           created_at_ms, updated_at_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &it.id,
        &it.site_id,
        it.version,
        &it.name,
        &it.department_id,
        &it.skills,
        it.is_active,
        it.created_at,
        it.updated_at,
    )
}

/// Writes a changed row over the version before it. Yields no row if that one is gone.
pub fn update(it: &Agent) -> Statement {
    statement!(
        "update agent set version = ?2, name = ?3, department_id = ?4, skills = ?5,
           is_active = ?6, updated_at_ms = ?7
         where id = ?1 and version = ?2 - 1
         returning id",
        &it.id,
        it.version,
        &it.name,
        &it.department_id,
        &it.skills,
        it.is_active,
        it.updated_at,
    )
}

look_ups!(Agent);

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

fn read(row: &mut Cells) -> Agent {
    Agent {
        id: row.text(),
        site_id: row.text(),
        version: row.integer(),
        name: row.text(),
        department_id: row.text(),
        skills: row.text(),
        is_active: row.flag(),
        created_at: row.integer(),
        updated_at: row.integer(),
    }
}
