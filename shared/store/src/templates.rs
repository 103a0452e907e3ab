//! Texts that staff begin from: table `template`.

use ports::{Cells, Query, Statement};

use crate::{all, look_ups, one, statement};

/// One row of `template`.
#[derive(Clone, Debug)]
pub struct Template {
    /// Its id.
    pub id: String,
    /// The site that it belongs to.
    pub site_id: String,
    /// Counts its changes.
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// What it is for; the schema has all kinds.
    pub kind: String,
    /// The text in each language, a JSON object.
    pub texts: String,
    /// Whether it is offered.
    pub is_active: bool,
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, site_id, version, name, kind, texts, is_active, created_at_ms,
               updated_at_ms
             from template ",
            $rest
        )
    };
}

/// Adds a row.
pub fn insert(it: &Template) -> Statement {
    statement!(
        "insert into template (id, site_id, version, name, kind, texts, is_active, created_at_ms,
           updated_at_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &it.id,
        &it.site_id,
        it.version,
        &it.name,
        &it.kind,
        &it.texts,
        it.is_active,
        it.created_at,
        it.updated_at,
    )
}

/// Writes a changed row over the version before it. Yields no row if that one is gone.
pub fn update(it: &Template) -> Statement {
    statement!(
        "update template set version = ?2, name = ?3, kind = ?4, texts = ?5, is_active = ?6,
           updated_at_ms = ?7
         where id = ?1 and version = ?2 - 1
         returning id",
        &it.id,
        it.version,
        &it.name,
        &it.kind,
        &it.texts,
        it.is_active,
        it.updated_at,
    )
}

look_ups!(Template);

/// Those of a kind.
pub fn of_kind(site_id: &str, kind: &str, page: &crate::Page) -> Query<Vec<Template>> {
    Query {
        statement: statement!(
            select!("where site_id = ?1 and kind = ?2 and id > ?3 order by id limit ?4"),
            site_id,
            kind,
            &page.after,
            page.rows
        ),
        decode: |rows| all(rows, read),
    }
}

fn read(row: &mut Cells) -> Template {
    Template {
        id: row.text(),
        site_id: row.text(),
        version: row.integer(),
        name: row.text(),
        kind: row.text(),
        texts: row.text(),
        is_active: row.flag(),
        created_at: row.integer(),
        updated_at: row.integer(),
    }
}
