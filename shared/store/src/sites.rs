//! Sites: table `site`.

use ports::{Cells, Query, Statement};

use crate::{Page, all, one, statement};

/// A site: one company's or brand's data, apart from every other.
#[derive(Clone, Debug)]
pub struct Site {
    /// `sit_…`.
    pub id: String,
    /// Counts its changes.
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// The IANA zone in which its days begin.
    pub zone: String,
    /// The origins whose pages may embed its surveys, as a JSON array.
    pub origins: String,
    /// Scores out of fewer answers are withheld.
    pub minimum_n: i64,
    /// The weights of dimensions in the index, as a JSON object.
    pub weights: String,
    /// The languages in which it speaks to its customers, as a JSON array; the first is the
    /// default.
    pub languages: String,
    /// How many days each kind of personal data is kept, as a JSON object; what it does not name
    /// is kept.
    pub retention: String,
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, version, name, zone, origins, minimum_n, weights, languages, retention,
               created_at_ms, updated_at_ms
             from site ",
            $rest
        )
    };
}

/// Adds a site.
pub fn insert(site: &Site) -> Statement {
    statement!(
        "insert into site (id, version, name, zone, origins, minimum_n, weights, created_at_ms,
           updated_at_ms, languages, retention)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        &site.id,
        site.version,
        &site.name,
        &site.zone,
        &site.origins,
        site.minimum_n,
        &site.weights,
        site.created_at,
        site.updated_at,
        &site.languages,
        &site.retention,
    )
}

/// Writes a changed site over the version before it. Yields no row if that one is gone.
pub fn update(site: &Site) -> Statement {
    statement!(
        "update site set version = ?2, name = ?3, zone = ?4, origins = ?5, minimum_n = ?6,
           weights = ?7, updated_at_ms = ?8, languages = ?9, retention = ?10
         where id = ?1 and version = ?2 - 1
         returning id",
        &site.id,
        site.version,
        &site.name,
        &site.zone,
        &site.origins,
        site.minimum_n,
        &site.weights,
        site.updated_at,
        &site.languages,
        &site.retention,
    )
}

/// The site of this id.
pub fn by_id(id: &str) -> Query<Option<Site>> {
    Query { statement: statement!(select!("where id = ?1"), id), decode: |rows| one(rows, read) }
}

/// The sites after an id; all of them, or just `only` when it is not empty.
pub fn list(only: &str, page: &Page) -> Query<Vec<Site>> {
    Query {
        statement: statement!(
            select!("where id > ?1 and (?3 = '' or id = ?3) order by id limit ?2"),
            &page.after,
            page.rows,
            only
        ),
        decode: |rows| all(rows, read),
    }
}

fn read(row: &mut Cells) -> Site {
    Site {
        id: row.text(),
        version: row.integer(),
        name: row.text(),
        zone: row.text(),
        origins: row.text(),
        minimum_n: row.integer(),
        weights: row.text(),
        languages: row.text(),
        retention: row.text(),
        created_at: row.integer(),
        updated_at: row.integer(),
    }
}
