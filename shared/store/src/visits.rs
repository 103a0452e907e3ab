//! What limits the public: tables `visit` and `spent`, which the trigger of `intake` fills.

use ports::Statement;

use crate::statement;

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
