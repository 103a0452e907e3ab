//! Touchpoints: table `touchpoint`.

use ports::{Cells, Query, Statement};

use crate::{all, look_ups, one, statement};

/// One row of `touchpoint`.
#[derive(Clone, Debug)]
pub struct Touchpoint {
    /// Its id.
    pub id: String,
    /// The site that it belongs to.
    pub site_id: String,
    /// Counts its changes.
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// Its stage of the journey.
    pub stage: String,
    /// Its step in the finer lifecycle; empty for none.
    pub lifecycle: String,
    /// Where it is met, as a JSON array.
    pub channels: String,
    /// Whether much depends on it.
    pub is_key: bool,
    /// The score it should reach, 0–100.
    pub target: i64,
    /// Its service standards: a JSON object of names and seconds.
    pub standards: String,
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, site_id, version, name, stage, lifecycle, channels, is_key, target,
             standards, created_at_ms, updated_at_ms from touchpoint ",
            $rest
        )
    };
}

/// Adds a row.
pub fn insert(it: &Touchpoint) -> Statement {
    statement!(
        "insert into touchpoint (id, site_id, version, name, stage, lifecycle, channels,
           is_key, target, standards, created_at_ms, updated_at_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        &it.id,
        &it.site_id,
        it.version,
        &it.name,
        &it.stage,
        &it.lifecycle,
        &it.channels,
        it.is_key,
        it.target,
        &it.standards,
        it.created_at,
        it.updated_at,
    )
}

/// Writes a changed row over the version before it. Yields no row if that one is gone.
pub fn update(it: &Touchpoint) -> Statement {
    statement!(
        "update touchpoint set version = ?2, name = ?3, stage = ?4, lifecycle = ?5,
           channels = ?6, is_key = ?7, target = ?8, standards = ?9,
           updated_at_ms = ?10
         where id = ?1 and version = ?2 - 1
         returning id",
        &it.id,
        it.version,
        &it.name,
        &it.stage,
        &it.lifecycle,
        &it.channels,
        it.is_key,
        it.target,
        &it.standards,
        it.updated_at,
    )
}

look_ups!(Touchpoint);

/// Those of some ids, a JSON array, that are no touchpoint of the site.
pub fn unknown(site_id: &str, ids: &str) -> Query<Vec<String>> {
    Query {
        statement: statement!(
            "select it.value from json_each(?2) it
             where not exists (select 1 from touchpoint where id = it.value and site_id = ?1)",
            site_id,
            ids
        ),
        decode: |rows| all(rows, Cells::text),
    }
}

fn read(row: &mut Cells) -> Touchpoint {
    Touchpoint {
        id: row.text(),
        site_id: row.text(),
        version: row.integer(),
        name: row.text(),
        stage: row.text(),
        lifecycle: row.text(),
        channels: row.text(),
        is_key: row.flag(),
        target: row.integer(),
        standards: row.text(),
        created_at: row.integer(),
        updated_at: row.integer(),
    }
}
