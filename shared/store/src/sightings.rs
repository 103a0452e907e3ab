//! Where surveys were seen: table `sighting`, an origin whose page asked for one. It may be lost.

use domain::UtcMs;
use ports::{Cells, Query, Statement};

use crate::{all, one, statement};

/// How many origins of one survey are kept that its site does not list, and for how long in
/// milliseconds: anybody can claim to be one.
pub const UNLISTED_MAX: i64 = 20;
/// How long an origin that the site does not list is kept.
pub const UNLISTED_MS: i64 = 7 * 24 * 3_600_000;
/// The most that are told.
const ROWS_MAX: i64 = 100;

/// One row of `sighting`.
#[derive(Clone, Debug)]
pub struct Sighting {
    /// The origin of the page.
    pub origin: String,
    /// Whether the site listed it then.
    pub is_listed: bool,
    /// When it first asked.
    pub first_at: UtcMs,
    /// When it last asked, to the hour.
    pub seen_at: UtcMs,
}

/// When an origin was last seen to ask for a survey, and whether it was listed then.
pub fn seen(study_id: &str, origin: &str) -> Query<Option<(UtcMs, bool)>> {
    Query {
        statement: statement!(
            "select seen_at_ms, is_listed from sighting where study_id = ?1 and origin = ?2",
            study_id,
            origin
        ),
        decode: |rows| one(rows, |row| (row.integer(), row.flag())),
    }
}

/// Notes that an origin asked for a survey that exists. Of those that are not listed so many stay.
pub fn note(study_id: &str, origin: &str, is_listed: bool, now: UtcMs) -> Statement {
    statement!(
        "insert into sighting (study_id, origin, is_listed, first_at_ms, seen_at_ms)
         select id, ?2, ?3, ?4, ?4 from study
         where id = ?1 and (?3 = 1 or ?5 > (select count(*) from sighting s
           where s.study_id = ?1 and s.is_listed = 0 and s.origin <> ?2))
         on conflict (study_id, origin) do update
           set seen_at_ms = excluded.seen_at_ms, is_listed = excluded.is_listed",
        study_id,
        origin,
        is_listed,
        now,
        UNLISTED_MAX,
    )
}

/// Forgets the unlisted origins of a survey that have not asked for long.
pub fn forget(study_id: &str, now: UtcMs) -> Statement {
    statement!(
        "delete from sighting where study_id = ?1 and is_listed = 0 and seen_at_ms < ?2",
        study_id,
        now - UNLISTED_MS
    )
}

/// Where a survey was seen, the latest first.
pub fn list(study_id: &str) -> Query<Vec<Sighting>> {
    Query {
        statement: statement!(
            "select origin, is_listed, first_at_ms, seen_at_ms from sighting
             where study_id = ?1 order by seen_at_ms desc, origin limit ?2",
            study_id,
            ROWS_MAX
        ),
        decode: |rows| all(rows, read),
    }
}

fn read(row: &mut Cells) -> Sighting {
    Sighting {
        origin: row.text(),
        is_listed: row.flag(),
        first_at: row.integer(),
        seen_at: row.integer(),
    }
}
