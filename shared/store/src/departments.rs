//! Departments: table `department`.

use ports::{Cells, Query, Statement};

use crate::{all, look_ups, one, statement};

/// One row of `department`.
#[derive(Clone, Debug)]
pub struct Department {
    /// Its id.
    pub id: String,
    /// The site that it belongs to.
    pub site_id: String,
    /// Counts its changes.
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, site_id, version, name, created_at_ms, updated_at_ms from department ",
            $rest
        )
    };
}

/// Adds a row.
pub fn insert(it: &Department) -> Statement {
    statement!(
        "insert into department (id, site_id, version, name, created_at_ms, updated_at_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6)",
        &it.id,
        &it.site_id,
        it.version,
        &it.name,
        it.created_at,
        it.updated_at,
    )
}

/// Writes a changed row over the version before it. Yields no row if that one is gone.
pub fn update(it: &Department) -> Statement {
    statement!(
        "update department set version = ?2, name = ?3, updated_at_ms = ?4
         where id = ?1 and version = ?2 - 1
         returning id",
        &it.id,
        it.version,
        &it.name,
        it.updated_at,
    )
}

look_ups!(Department);

/// Those of some ids, a JSON array, that are departments of the site.
pub fn known(site_id: &str, ids: &str) -> Query<Vec<String>> {
    Query {
        statement: statement!(
            "select d.id from json_each(?2) it
             cross join department d on d.id = it.value and d.site_id = ?1",
            site_id,
            ids
        ),
        decode: |rows| all(rows, Cells::text),
    }
}

fn read(row: &mut Cells) -> Department {
    Department {
        id: row.text(),
        site_id: row.text(),
        version: row.integer(),
        name: row.text(),
        created_at: row.integer(),
        updated_at: row.integer(),
    }
}
