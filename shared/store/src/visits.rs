//! What limits the public: tables `visit` and `spent`, which the trigger of `intake` fills.

use ports::{Cells, Query, Statement};

use crate::{one, statement};

/// Counts one in every limit, a JSON array of who, until when and how many. Yields no row and
/// counts nowhere if one of them is full.
pub fn count(site_id: &str, limits: &str) -> Statement {
    statement!(
        "insert into visit (until_s, site_id, who, n)
         select value ->> 1, ?1, value ->> 0, 1 from json_each(?2)
         where not exists (
           select 1 from json_each(?2) l
           cross join visit v on v.until_s = l.value ->> 1 and v.site_id = ?1
             and v.who = l.value ->> 0
           where v.n >= l.value ->> 2)
         on conflict do update set n = n + 1
         returning who",
        site_id,
        limits
    )
}

/// Uses a proof of work up. Yields no row if it was used before.
pub fn spend(hash: &str, until_s: i64, subject: &str) -> Statement {
    statement!(
        "insert into spent (hash, until_s, response_id) values (?1, ?2, ?3)
         on conflict do nothing
         returning hash",
        hash,
        until_s,
        subject
    )
}

/// What [`count`] or [`spend`] would hold back: who of the limits that are full, and how many came;
/// nobody for a proof that was used.
pub fn held_back(site_id: &str, limits: &str, hash: &str) -> Query<Option<(String, i64)>> {
    Query {
        statement: statement!(
            "select who, n from (
               select v.who as who, v.n as n from json_each(?2) l
               cross join visit v on v.until_s = l.value ->> 1 and v.site_id = ?1
                 and v.who = l.value ->> 0
               where v.n >= l.value ->> 2
               union all
               select '', 0 from spent where hash = ?3)
             limit 1",
            site_id,
            limits,
            hash
        ),
        decode: |rows| one(rows, |row: &mut Cells| (row.text(), row.integer())),
    }
}

/// Forgets some windows that are over. Bounded, so that a tick stays short.
pub fn expire(now: i64) -> Statement {
    statement!(
        "delete from visit where (until_s, site_id, who) in
           (select until_s, site_id, who from visit where until_s <= ?1 limit 5000)",
        now / 1000
    )
}

/// Forgets some proofs whose challenges have run out.
pub fn expire_spent(now: i64) -> Statement {
    statement!(
        "delete from spent where hash in
           (select hash from spent where until_s <= ?1 limit 5000)",
        now / 1000
    )
}
