//! Numbers that are never called again: table `do_not_call`.

use ports::{Cells, Query, Statement};

use crate::{look_ups, one, statement};

/// One row of `do_not_call`, but for the number.
#[derive(Clone, Debug, Default)]
pub struct DoNotCall {
    /// `dnc_…`.
    pub id: String,
    /// The site that it belongs to.
    pub site_id: String,
    /// Who added it.
    pub actor: String,
    /// When it was added.
    pub created_at: i64,
    /// 1: it never changes.
    pub version: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!("select id, site_id, actor, created_at_ms from do_not_call ", $rest)
    };
}

look_ups!(DoNotCall);

/// The one of a number.
pub fn of(site_id: &str, phone_hash: [u8; 32]) -> Query<Option<DoNotCall>> {
    Query {
        statement: statement!(
            select!("where site_id = ?1 and phone_hash = ?2"),
            site_id,
            phone_hash.to_vec()
        ),
        decode: |rows| one(rows, read),
    }
}

/// Removes one. Yields no row if it is gone.
pub fn delete(site_id: &str, id: &str) -> Statement {
    statement!("delete from do_not_call where site_id = ?1 and id = ?2 returning id", site_id, id)
}

/// Adds one. One that is there stays as it is.
pub fn insert(id: &str, site_id: &str, phone_hash: [u8; 32], actor: &str, now: i64) -> Statement {
    statement!(
        "insert into do_not_call (id, site_id, phone_hash, actor, created_at_ms)
         values (?1, ?2, ?3, ?4, ?5)
         on conflict do nothing
         returning id",
        id,
        site_id,
        phone_hash.to_vec(),
        actor,
        now
    )
}

/// Whether a number is never to be called.
pub fn has(site_id: &str, phone_hash: &[u8]) -> Query<bool> {
    Query {
        statement: statement!(
            "select 1 from do_not_call where site_id = ?1 and phone_hash = ?2",
            site_id,
            phone_hash.to_vec()
        ),
        decode: |rows| Ok(!rows.is_empty()),
    }
}

fn read(row: &mut Cells) -> DoNotCall {
    DoNotCall {
        id: row.text(),
        site_id: row.text(),
        version: 1,
        actor: row.text(),
        created_at: row.integer(),
    }
}
