//! Quarterly reviews of causes: table `review`.

use ports::{Cells, Query, Statement};

use crate::{all, look_ups, one, statement};

/// One row of `review`.
#[derive(Clone, Debug)]
pub struct Review {
    /// Its id.
    pub id: String,
    /// The site that it belongs to.
    pub site_id: String,
    /// Counts its changes.
    pub version: i64,
    /// Such as `2026-Q4`.
    pub quarter: String,
    /// What it is about.
    pub cause_id: String,
    /// What was thought of it.
    pub note: String,
    /// The agent who sees to it; empty for nobody.
    pub owner_id: String,
    /// By which day.
    pub due_day: Option<i64>,
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}

macro_rules! columns {
    () => {
        "id, site_id, version, quarter, cause_id, note, owner_id, due_day, created_at_ms,
         updated_at_ms"
    };
}

macro_rules! select {
    ($rest:literal) => {
        concat!("select ", columns!(), " from review ", $rest)
    };
}

/// Adds a row. Yields none if the cause was reviewed in this quarter.
pub fn insert(it: &Review) -> Statement {
    statement!(
        concat!(
            "insert into review (",
            columns!(),
            ") values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             on conflict do nothing returning id"
        ),
        &it.id,
        &it.site_id,
        it.version,
        &it.quarter,
        &it.cause_id,
        &it.note,
        &it.owner_id,
        it.due_day,
        it.created_at,
        it.updated_at,
    )
}

/// Writes a changed row over the version before it. Yields no row if that one is gone.
pub fn update(it: &Review) -> Statement {
    statement!(
        "update review set version = ?2, note = ?3, owner_id = ?4, due_day = ?5,
           updated_at_ms = ?6
         where id = ?1 and version = ?2 - 1
         returning id",
        &it.id,
        it.version,
        &it.note,
        &it.owner_id,
        it.due_day,
        it.updated_at,
    )
}

look_ups!(Review);

/// Those of a quarter.
pub fn of_quarter(site_id: &str, quarter: &str) -> Query<Vec<Review>> {
    Query {
        statement: statement!(
            select!("where site_id = ?1 and quarter = ?2 order by cause_id"),
            site_id,
            quarter
        ),
        decode: |rows| all(rows, read),
    }
}

fn read(row: &mut Cells) -> Review {
    Review {
        id: row.text(),
        site_id: row.text(),
        version: row.integer(),
        quarter: row.text(),
        cause_id: row.text(),
        note: row.text(),
        owner_id: row.text(),
        due_day: row.integer_or_null(),
        created_at: row.integer(),
        updated_at: row.integer(),
    }
}
