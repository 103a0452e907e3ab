//! Working hours: table `calendar`.

use ports::{Cells, Query, Statement};

use crate::{look_ups, one, statement};

/// One row of `calendar`.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// Its id.
    pub id: String,
    /// The site that it belongs to.
    pub site_id: String,
    /// Counts its changes.
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// Its hours, as JSON; see `web::hours`.
    pub definition: String,
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, site_id, version, name, definition, created_at_ms, updated_at_ms
             from calendar ",
            $rest
        )
    };
}

/// Adds a row.
pub fn insert(it: &Calendar) -> Statement {
    statement!(
        "insert into calendar (id, site_id, version, name, definition, created_at_ms,
           updated_at_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        &it.id,
        &it.site_id,
        it.version,
        &it.name,
        &it.definition,
        it.created_at,
        it.updated_at,
    )
}

/// Writes a changed row over the version before it. Yields no row if that one is gone.
pub fn update(it: &Calendar) -> Statement {
    statement!(
        "update calendar set version = ?2, name = ?3, definition = ?4, updated_at_ms = ?5
         where id = ?1 and version = ?2 - 1
         returning id",
        &it.id,
        it.version,
        &it.name,
        &it.definition,
        it.updated_at,
    )
}

look_ups!(Calendar);

fn read(row: &mut Cells) -> Calendar {
    Calendar {
        id: row.text(),
        site_id: row.text(),
        version: row.integer(),
        name: row.text(),
        definition: row.text(),
        created_at: row.integer(),
        updated_at: row.integer(),
    }
}
