//! Links to one view of the figures: table `share`. The link itself is kept nowhere.

use domain::UtcMs;
use ports::{Cells, Query, Statement};

use crate::{look_ups, one, statement};

/// One row of `share`.
#[derive(Clone, Debug, Default)]
pub struct Share {
    /// Its id.
    pub id: String,
    /// The site whose figures it shows.
    pub site_id: String,
    /// Counts its changes.
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// Path and query below `/dashboard`.
    pub view: String,
    /// Whether other pages may show it within themselves.
    pub is_embeddable: bool,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: UtcMs,
    /// From when on it shows nothing any more.
    pub expires_at: UtcMs,
    /// When it was closed.
    pub revoked_at: Option<UtcMs>,
}

impl Share {
    /// `open`, `expired` or `revoked`.
    pub fn state(&self, now: UtcMs) -> &'static str {
        match self.revoked_at {
            Some(_) => "revoked",
            None if self.expires_at <= now => "expired",
            None => "open",
        }
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, site_id, version, name, view, is_embeddable, created_by, created_at_ms,
               expires_at_ms, revoked_at_ms from share ",
            $rest
        )
    };
}

/// Adds a row.
pub fn insert(it: &Share) -> Statement {
    statement!(
        "insert into share (id, site_id, version, name, view, is_embeddable, created_by,
           created_at_ms, expires_at_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &it.id,
        &it.site_id,
        it.version,
        &it.name,
        &it.view,
        it.is_embeddable,
        &it.created_by,
        it.created_at,
        it.expires_at,
    )
}

/// Closes one. Yields no row if it is closed, or was changed.
pub fn revoke(id: &str, version: i64, now: UtcMs) -> Statement {
    statement!(
        "update share set version = ?2, revoked_at_ms = ?3
         where id = ?1 and version = ?2 - 1 and revoked_at_ms is null
         returning id",
        id,
        version,
        now
    )
}

look_ups!(Share);

/// The one of this id, of whichever site: for whoever holds its link.
pub fn shown(id: &str) -> Query<Option<Share>> {
    Query { statement: statement!(select!("where id = ?1"), id), decode: |rows| one(rows, read) }
}

fn read(row: &mut Cells) -> Share {
    Share {
        id: row.text(),
        site_id: row.text(),
        version: row.integer(),
        name: row.text(),
        view: row.text(),
        is_embeddable: row.flag(),
        created_by: row.text(),
        created_at: row.integer(),
        expires_at: row.integer(),
        revoked_at: row.integer_or_null(),
    }
}
