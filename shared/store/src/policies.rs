//! What a site's cases go by: tables `policy` and `policy_version`, and what is in force.

use ports::{Cells, Query, Statement};

use crate::{all, one, statement};

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

/// The published policies of a site, but that of grading, and its calendars.
pub fn in_force(site_id: &str) -> Query<Vec<InForce>> {
    Query {
        statement: statement!(
            "select p.kind, v.number, '', v.definition
             from policy p
             cross join policy_version v on v.policy_id = p.id and v.number = p.published
             -- A grading policy is long, and only who grades needs it.
             where p.site_id = ?1 and p.kind <> 'grading'
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

/// One row of `policy`.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Its id.
    pub id: String,
    /// The site that it belongs to.
    pub site_id: String,
    /// Such as `promise`.
    pub kind: String,
    /// Counts its changes.
    pub version: i64,
    /// What may be published next, as JSON; empty for nothing.
    pub draft: String,
    /// The number of the newest published version; 0 for none.
    pub published: i64,
    /// When it last changed.
    pub updated_at: i64,
}

/// The policy of a kind, if the site ever wrote one.
pub fn of_kind(site_id: &str, kind: &str) -> Query<Option<Policy>> {
    Query {
        statement: statement!(
            "select id, site_id, kind, version, draft, published, updated_at_ms
             from policy where site_id = ?1 and kind = ?2",
            site_id,
            kind
        ),
        decode: |rows| one(rows, read_policy),
    }
}

/// The id of the policy of a kind and the number of its newest published version, 0 for none.
pub fn published(site_id: &str, kind: &str) -> Query<Option<(String, i64)>> {
    Query {
        statement: statement!(
            "select id, published from policy where site_id = ?1 and kind = ?2",
            site_id,
            kind
        ),
        decode: |rows| one(rows, |row| (row.text(), row.integer())),
    }
}

/// Adds a row. Yields no row if the site has such a policy already.
pub fn insert(it: &Policy) -> Statement {
    statement!(
        "insert into policy (id, site_id, kind, version, draft, published, updated_at_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         on conflict (site_id, kind) do nothing returning id",
        &it.id,
        &it.site_id,
        &it.kind,
        it.version,
        &it.draft,
        it.published,
        it.updated_at
    )
}

/// Writes a changed row over the version before it. Yields no row if that one is gone.
pub fn update(it: &Policy) -> Statement {
    statement!(
        "update policy set version = ?2, draft = ?3, published = ?4, updated_at_ms = ?5
         where id = ?1 and version = ?2 - 1 returning id",
        &it.id,
        it.version,
        &it.draft,
        it.published,
        it.updated_at
    )
}

/// Keeps what is published as a version that never changes.
pub fn publish(it: &Policy, definition: &str) -> Statement {
    statement!(
        "insert into policy_version (policy_id, number, definition, published_at_ms)
         values (?1, ?2, ?3, ?4)",
        &it.id,
        it.published,
        definition,
        it.updated_at
    )
}

/// A published version.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its number, from 1.
    pub number: i64,
    /// As JSON; empty in lists.
    pub definition: String,
    /// When it was published.
    pub published_at: i64,
}

/// A published version of a policy.
pub fn version(policy_id: &str, number: i64) -> Query<Option<Version>> {
    Query {
        statement: statement!(
            "select number, definition, published_at_ms from policy_version
             where policy_id = ?1 and number = ?2",
            policy_id,
            number
        ),
        decode: |rows| one(rows, read_version),
    }
}

/// The published versions of a policy before a number, newest first, without definitions.
pub fn versions(policy_id: &str, before: i64, rows: i64) -> Query<Vec<Version>> {
    Query {
        statement: statement!(
            "select number, '', published_at_ms from policy_version
             where policy_id = ?1 and number < ?2 order by number desc limit ?3",
            policy_id,
            before,
            rows
        ),
        decode: |rows| all(rows, read_version),
    }
}

/// Those of some ids, a JSON array, that are no agent, department, touchpoint or survey of the
/// site.
pub fn strangers(site_id: &str, ids: &str) -> Query<Vec<String>> {
    Query {
        statement: statement!(
            "select it.value from json_each(?2) it
             where not exists (select 1 from agent where id = it.value and site_id = ?1)
               and not exists (select 1 from department where id = it.value and site_id = ?1)
               and not exists (select 1 from touchpoint where id = it.value and site_id = ?1)
               and not exists (select 1 from study where id = it.value and site_id = ?1)",
            site_id,
            ids
        ),
        decode: |rows| all(rows, Cells::text),
    }
}

/// Lets the tick look at every open case of a site again, since what it goes by has changed.
pub fn wake_cases(site_id: &str, now: i64) -> Statement {
    statement!(
        "update complaint set next_step_ms = ?2
         where site_id = ?1 and state in ('open', 'waiting', 'solved')",
        site_id,
        now
    )
}

fn read_policy(row: &mut Cells) -> Policy {
    Policy {
        id: row.text(),
        site_id: row.text(),
        kind: row.text(),
        version: row.integer(),
        draft: row.text(),
        published: row.integer(),
        updated_at: row.integer(),
    }
}

fn read_version(row: &mut Cells) -> Version {
    Version { number: row.integer(), definition: row.text(), published_at: row.integer() }
}
