//! Studies, which the public calls surveys: table `study`.

use ports::{Cells, Query, Statement};

use crate::{all, look_ups, one, statement};

/// One row of `study`.
#[derive(Clone, Debug)]
pub struct Study {
    /// Its id.
    pub id: String,
    /// The site that it belongs to.
    pub site_id: String,
    /// Counts its changes.
    pub version: i64,
    /// What staff call it.
    pub name: String,
    /// `draft`, `open` or `closed`.
    pub state: String,
    /// The number of the newest published version; 0 for none.
    pub published: i64,
    /// The definition being worked on, as JSON.
    pub draft: String,
    /// How the columns of a CSV become responses, as JSON; empty for none.
    pub mapping: String,
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, site_id, version, name, state, published, draft, mapping,
             created_at_ms, updated_at_ms from study ",
            $rest
        )
    };
}

/// Adds a row.
pub fn insert(it: &Study) -> Statement {
    statement!(
        "insert into study (id, site_id, version, name, state, published, draft, mapping,
           created_at_ms, updated_at_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        &it.id,
        &it.site_id,
        it.version,
        &it.name,
        &it.state,
        it.published,
        &it.draft,
        &it.mapping,
        it.created_at,
        it.updated_at,
    )
}

/// Writes a changed row over the version before it. Yields no row if that one is gone.
pub fn update(it: &Study) -> Statement {
    statement!(
        "update study set version = ?2, name = ?3, state = ?4, published = ?5, draft = ?6,
           mapping = ?7, updated_at_ms = ?8
         where id = ?1 and version = ?2 - 1
         returning id",
        &it.id,
        it.version,
        &it.name,
        &it.state,
        it.published,
        &it.draft,
        &it.mapping,
        it.updated_at,
    )
}

look_ups!(Study);

/// Keeps what is published as a version that never changes.
pub fn publish(it: &Study) -> Statement {
    statement!(
        "insert into study_version (study_id, number, definition, published_at_ms)
         values (?1, ?2, ?3, ?4)",
        &it.id,
        it.published,
        &it.draft,
        it.updated_at
    )
}

/// A published version.
#[derive(Clone, Debug)]
pub struct Published {
    /// Its number, from 1.
    pub number: i64,
    /// Its definition, as JSON.
    pub definition: String,
    /// When it was published.
    pub published_at: i64,
}

/// The published versions of a study after a number, in order.
pub fn versions(study_id: &str, after: i64, rows: i64) -> Query<Vec<Published>> {
    Query {
        statement: statement!(
            "select number, definition, published_at_ms from study_version
             where study_id = ?1 and number > ?2 order by number limit ?3",
            study_id,
            after,
            rows
        ),
        decode: |rows| all(rows, read_published),
    }
}

/// What the public side of a survey needs to know, in one look-up.
#[derive(Clone, Debug)]
pub struct Public {
    /// The study's state.
    pub state: String,
    /// The number of the newest published version.
    pub published: i64,
    /// The definition asked for.
    pub definition: String,
    /// The site.
    pub site_id: String,
    /// The site's version, which guards what was read of it.
    pub site_version: i64,
    /// The site's zone.
    pub zone: String,
    /// The site's origins, as a JSON array.
    pub origins: String,
    /// Whether somebody waits for the site's events.
    pub has_webhooks: bool,
    /// When the origin that asks was last noted as one of the site's; see [`crate::sightings`].
    pub seen_at: Option<i64>,
}

/// A published survey in one of its versions; 0 asks for the newest.
pub fn public(study_id: &str, number: i64) -> Query<Option<Public>> {
    public_to(study_id, number, "")
}

/// The same for a page of an origin.
pub fn public_to(study_id: &str, number: i64, origin: &str) -> Query<Option<Public>> {
    Query {
        statement: statement!(
            "select s.state, s.published, v.definition, t.id, t.version, t.zone, t.origins,
               exists (select 1 from outlet o where o.site_id = t.id and o.is_active = 1),
               (select x.seen_at_ms from sighting x
                where x.study_id = s.id and x.origin = ?3 and x.is_listed = 1)
             from study s
             join site t on t.id = s.site_id
             join study_version v on v.study_id = s.id
               and v.number = case ?2 when 0 then s.published else ?2 end
             where s.id = ?1",
            study_id,
            number,
            origin
        ),
        decode: |rows| one(rows, read_public),
    }
}

fn read_published(row: &mut Cells) -> Published {
    Published { number: row.integer(), definition: row.text(), published_at: row.integer() }
}

fn read_public(row: &mut Cells) -> Public {
    Public {
        state: row.text(),
        published: row.integer(),
        definition: row.text(),
        site_id: row.text(),
        site_version: row.integer(),
        zone: row.text(),
        origins: row.text(),
        has_webhooks: row.flag(),
        seen_at: row.integer_or_null(),
    }
}

fn read(row: &mut Cells) -> Study {
    Study {
        id: row.text(),
        site_id: row.text(),
        version: row.integer(),
        name: row.text(),
        state: row.text(),
        published: row.integer(),
        draft: row.text(),
        mapping: row.text(),
        created_at: row.integer(),
        updated_at: row.integer(),
    }
}
