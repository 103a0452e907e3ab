//! What a site's cases go by: tables `policy`, `policy_version` and `calendar`.

use ports::{Cells, Query};

use crate::{all, statement};

/// What is in force.
#[derive(Clone, Debug)]
pub struct InForce {
    /// Its kind; `calendar` for a calendar.
    pub kind: String,
    /// The number of the version; of a calendar, the version of its row.
    pub number: i64,
    /// The id of a calendar; else empty.
    pub id: String,
    /// As JSON.
    pub definition: String,
}

/// The published policies of a site, and its calendars.
pub fn in_force(site_id: &str) -> Query<Vec<InForce>> {
    Query {
        statement: statement!(
            "select p.kind, v.number, '', v.definition
             from policy p
             cross join policy_version v on v.policy_id = p.id and v.number = p.published
             where p.site_id = ?1
             union all
             select 'calendar', version, id, definition from calendar where site_id = ?1",
            site_id
        ),
        decode: |rows| all(rows, read),
    }
}

fn read(row: &mut Cells) -> InForce {
    InForce { kind: row.text(), number: row.integer(), id: row.text(), definition: row.text() }
}
