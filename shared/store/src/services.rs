//! What can be booked: table `service`.

use ports::{Cells, Query, Statement};

use crate::{all, look_ups, one, statement};

/// One row of `service`.
#[derive(Clone, Debug, Default)]
pub struct Service {
    /// `svc_…`.
    pub id: String,
    /// The site that it belongs to.
    pub site_id: String,
    /// Counts its changes.
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// Whether it can be booked at present.
    pub is_active: bool,
    /// As JSON; see `web::service`.
    pub definition: String,
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, site_id, version, name, is_active, definition, created_at_ms,
               updated_at_ms
             from service ",
            $rest
        )
    };
}

/// Adds a row.
pub fn insert(it: &Service) -> Statement {
    statement!(
        "insert into service (id, site_id, version, name, is_active, definition, created_at_ms,
           updated_at_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &it.id,
        &it.site_id,
        it.version,
        &it.name,
        it.is_active,
        &it.definition,
        it.created_at,
        it.updated_at,
    )
}

/// Writes a changed row over the version before it. Yields no row if that one is gone.
pub fn update(it: &Service) -> Statement {
    statement!(
        "update service set version = ?2, name = ?3, is_active = ?4, definition = ?5,
           updated_at_ms = ?6
         where id = ?1 and version = ?2 - 1
         returning id",
        &it.id,
        it.version,
        &it.name,
        it.is_active,
        &it.definition,
        it.updated_at,
    )
}

look_ups!(Service);

/// Those of some ids, a JSON array, whatever their site.
pub fn of_ids(ids: &str) -> Query<Vec<Service>> {
    Query {
        statement: statement!(
            select!("where id in (select value from json_each(?1)) order by id"),
            ids
        ),
        decode: |rows| all(rows, read),
    }
}

/// All of a site, whether they can be booked or not.
pub fn of_site(site_id: &str) -> Query<Vec<Service>> {
    Query {
        statement: statement!(select!("where site_id = ?1 order by id"), site_id),
        decode: |rows| all(rows, read),
    }
}

fn read(row: &mut Cells) -> Service {
    Service {
        id: row.text(),
        site_id: row.text(),
        version: row.integer(),
        name: row.text(),
        is_active: row.flag(),
        definition: row.text(),
        created_at: row.integer(),
        updated_at: row.integer(),
    }
}
