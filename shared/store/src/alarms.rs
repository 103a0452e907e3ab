//! Alarms: table `alarm`. One of a kind is open at a time for each thing; the index
//! `alarm_once` sees to that.

use ports::{Cells, Query, Statement};

use crate::{Page, all, statement};

/// An alarm.
#[derive(Clone, Debug)]
pub struct Alarm {
    /// `alm_…`.
    pub id: String,
    /// The site.
    pub site_id: String,
    /// Counts its changes: 1 raised, 2 cleared.
    pub version: i64,
    /// `under_target` or `rise`.
    pub kind: String,
    /// The metric.
    pub metric: String,
    /// The touchpoint; empty for the whole site.
    pub touchpoint_id: String,
    /// What raised it, as JSON.
    pub numbers: String,
    /// What cleared it, as JSON; `null` while it is open.
    pub cleared_by: String,
    /// When it was raised.
    pub raised_at: i64,
    /// When it was cleared.
    pub cleared_at: Option<i64>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, site_id, version, kind, metric, touchpoint_id, numbers, cleared_by,
               raised_at_ms, cleared_at_ms
             from alarm ",
            $rest
        )
    };
}

/// The alarms of a site before an id, newest first; in one state, or in any when that is empty.
pub fn list(site_id: &str, state: &str, page: &Page) -> Query<Vec<Alarm>> {
    Query {
        statement: statement!(
            select!(
                "where site_id = ?1 and id < case ?3 when '' then 'alm_~' else ?3 end
                   and (?2 = '' or (cleared_at_ms is null) = (?2 = 'open'))
                 order by id desc limit ?4"
            ),
            site_id,
            state,
            &page.after,
            page.rows
        ),
        decode: |rows| all(rows, read),
    }
}

/// The open alarms of a site. There are at most as many as things to be alarmed about.
pub fn open(site_id: &str) -> Query<Vec<Alarm>> {
    Query {
        statement: statement!(
            select!("indexed by alarm_once where site_id = ?1 and cleared_at_ms is null"),
            site_id
        ),
        decode: |rows| all(rows, read),
    }
}

/// Raises an alarm. Yields no row if one of its kind is open for the same thing.
pub fn raise(it: &Alarm) -> Statement {
    statement!(
        "insert into alarm (id, site_id, version, kind, metric, touchpoint_id, numbers,
           cleared_by, raised_at_ms)
         values (?1, ?2, 1, ?3, ?4, ?5, ?6, 'null', ?7)
         on conflict do nothing
         returning id",
        &it.id,
        &it.site_id,
        &it.kind,
        &it.metric,
        &it.touchpoint_id,
        &it.numbers,
        it.raised_at
    )
}

/// Clears an alarm. Yields no row if it is not open.
pub fn clear(id: &str, cleared_by: &str, now: i64) -> Statement {
    statement!(
        "update alarm set version = 2, cleared_by = ?2, cleared_at_ms = ?3
         where id = ?1 and cleared_at_ms is null
         returning id",
        id,
        cleared_by,
        now
    )
}

fn read(row: &mut Cells) -> Alarm {
    Alarm {
        id: row.text(),
        site_id: row.text(),
        version: row.integer(),
        kind: row.text(),
        metric: row.text(),
        touchpoint_id: row.text(),
        numbers: row.text(),
        cleared_by: row.text(),
        raised_at: row.integer(),
        cleared_at: row.integer_or_null(),
    }
}
