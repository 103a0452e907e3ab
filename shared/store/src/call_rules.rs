//! Which events lead to a call: table `call_rule`.

use ports::{Cells, Query, Statement};

use crate::{look_ups, one, statement};

/// One row of `call_rule`.
#[derive(Clone, Debug, Default)]
pub struct CallRule {
    /// `crl_…`.
    pub id: String,
    /// The site that it belongs to.
    pub site_id: String,
    /// Counts its changes.
    pub version: i64,
    /// What it waits for; `customer` looks at who they are, day by day.
    pub event: String,
    /// What the call is for.
    pub purpose: String,
    /// How it is made.
    pub service_id: String,
    /// Whether it is followed at present.
    pub is_active: bool,
    /// As JSON; see `web::call_rule`.
    pub definition: String,
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, site_id, version, event, purpose, service_id, is_active, definition,
               created_at_ms, updated_at_ms
             from call_rule ",
            $rest
        )
    };
}

/// Adds a row.
pub fn insert(it: &CallRule) -> Statement {
    statement!(
        "insert into call_rule (id, site_id, version, event, purpose, service_id, is_active,
           definition, created_at_ms, updated_at_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        &it.id,
        &it.site_id,
        it.version,
        &it.event,
        &it.purpose,
        &it.service_id,
        it.is_active,
        &it.definition,
        it.created_at,
        it.updated_at,
    )
}

/// Writes a changed row over the version before it. Yields no row if that one is gone.
pub fn update(it: &CallRule) -> Statement {
    statement!(
        "update call_rule set version = ?2, event = ?3, purpose = ?4, service_id = ?5,
           is_active = ?6, definition = ?7, updated_at_ms = ?8
         where id = ?1 and version = ?2 - 1
         returning id",
        &it.id,
        it.version,
        &it.event,
        &it.purpose,
        &it.service_id,
        it.is_active,
        &it.definition,
        it.updated_at,
    )
}

look_ups!(CallRule);

fn read(row: &mut Cells) -> CallRule {
    CallRule {
        id: row.text(),
        site_id: row.text(),
        version: row.integer(),
        event: row.text(),
        purpose: row.text(),
        service_id: row.text(),
        is_active: row.flag(),
        definition: row.text(),
        created_at: row.integer(),
        updated_at: row.integer(),
    }
}
