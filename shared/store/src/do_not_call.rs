//! Numbers that are never called again: table `do_not_call`.

use ports::{Query, Statement};

use crate::statement;

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
