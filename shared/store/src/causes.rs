//! The ledger of root causes: table `cause`.

use domain::case::ledger::{EFFECT_DAYS, Side};
use ports::{Cells, Query, Statement};

use crate::{all, look_ups, one, statement};

/// One row of `cause`.
#[derive(Clone, Debug)]
pub struct Cause {
    /// Its id.
    pub id: String,
    /// The site that it belongs to.
    pub site_id: String,
    /// Counts its changes.
    pub version: i64,
    /// One of `domain::case::CauseKind`.
    pub kind: String,
    /// What people call it.
    pub name: String,
    /// Who must put it right; empty if nobody was named.
    pub department_id: String,
    /// What is done against it; empty for nothing yet.
    pub measure: String,
    /// Since which day.
    pub measure_day: Option<i64>,
    /// Whether cases may still be closed with it.
    pub is_active: bool,
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}

macro_rules! columns {
    () => {
        "id, site_id, version, kind, name, department_id, measure, measure_day, is_active,
         created_at_ms, updated_at_ms"
    };
}

macro_rules! select {
    ($rest:literal) => {
        concat!("select ", columns!(), " from cause ", $rest)
    };
}

/// Adds a row. Yields none if there is one of this kind and name.
pub fn insert(it: &Cause) -> Statement {
    statement!(
        concat!(
            "insert into cause (",
            columns!(),
            ") values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             on conflict do nothing returning id"
        ),
        &it.id,
        &it.site_id,
        it.version,
        &it.kind,
        &it.name,
        &it.department_id,
        &it.measure,
        it.measure_day,
        it.is_active,
        it.created_at,
        it.updated_at,
    )
}

/// Writes a changed row over the version before it.
///
/// Yields no row if that one is gone, or if another one has this kind and name.
pub fn update(it: &Cause) -> Statement {
    statement!(
        "update or ignore cause set version = ?2, kind = ?3, name = ?4, department_id = ?5,
           measure = ?6, measure_day = ?7, is_active = ?8, updated_at_ms = ?9
         where id = ?1 and version = ?2 - 1
         returning id",
        &it.id,
        it.version,
        &it.kind,
        &it.name,
        &it.department_id,
        &it.measure,
        it.measure_day,
        it.is_active,
        it.updated_at,
    )
}

look_ups!(Cause);

/// Those of some ids, a JSON array, each with the name of its department.
pub fn some(site_id: &str, ids: &str) -> Query<Vec<(Cause, String)>> {
    Query {
        statement: statement!(
            "select c.id, c.site_id, c.version, c.kind, c.name, c.department_id, c.measure,
               c.measure_day, c.is_active, c.created_at_ms, c.updated_at_ms, coalesce((
                 select d.name from department d where d.id = c.department_id), '')
             from json_each(?2) it cross join cause c on c.id = it.value where c.site_id = ?1",
            site_id,
            ids
        ),
        decode: |rows| all(rows, |row| (read(row), row.text())),
    }
}

/// A case as the ledger shows it: id, number, state, grade, and when it was received.
pub type Listed = (String, String, String, String, i64);

/// The cases that a cause was found for, oldest first.
pub fn cases(site_id: &str, cause_id: &str, page: &crate::Page) -> Query<Vec<Listed>> {
    Query {
        statement: statement!(
            "select id, number, state, grade, received_at_ms from complaint
             where cause_id = ?2 and cause_id <> '' and site_id = ?1 and id > ?3
             order by id limit ?4",
            site_id,
            cause_id,
            &page.after,
            page.rows
        ),
        decode: |rows| {
            all(rows, |row| (row.text(), row.text(), row.text(), row.text(), row.integer()))
        },
    }
}

/// Of some causes with a measure, a JSON array of ids: how each fared in the days before it and
/// since, up to a day. Days before the site had any complaint are not looked at.
pub fn sides(site_id: &str, ids: &str, until: i64) -> Query<Vec<(String, [Side; 2])>> {
    Query {
        statement: statement!(
            "with span (id, first, last) as (
               select c.id, max(c.measure_day - ?4, coalesce((
                 select min(x.day) from case_count x
                 where x.site_id = ?1 and x.grain = 'site' and x.a = ''), 0)), c.measure_day - 1
               from json_each(?2) it cross join cause c on c.id = it.value
               where c.site_id = ?1 and c.measure_day <= ?3
               union all
               select c.id, c.measure_day, min(c.measure_day + ?4 - 1, ?3)
               from json_each(?2) it cross join cause c on c.id = it.value
               where c.site_id = ?1 and c.measure_day <= ?3)
             select s.id, s.last - s.first + 1,
               (select coalesce(sum(x.received), 0) from case_count x
                where x.site_id = ?1 and x.grain = 'cause_id' and x.a = s.id
                  and x.day between s.first and s.last),
               (select coalesce(sum(x.received * x.received), 0) from case_count x
                where x.site_id = ?1 and x.grain = 'cause_id' and x.a = s.id
                  and x.day between s.first and s.last),
               (select coalesce(sum(x.received), 0) from case_count x
                where x.site_id = ?1 and x.grain = 'site' and x.a = ''
                  and x.day between s.first and s.last),
               (select coalesce(sum(x.process_gap + x.product_defect + x.service_error), 0)
                from case_count x
                where x.site_id = ?1 and x.grain = 'site' and x.a = ''
                  and x.day between s.first and s.last)
             from span s order by s.id, s.first",
            site_id,
            ids,
            until,
            EFFECT_DAYS
        ),
        decode: |rows| {
            let mut found: Vec<(String, [Side; 2])> = Vec::new();
            for (id, side) in all(rows, |row| (row.text(), read_side(row)))? {
                match found.last_mut().filter(|it| it.0 == id) {
                    Some((_, sides)) => sides[1] = side,
                    None => found.push((id, [side, Side::default()])),
                }
            }
            Ok(found)
        },
    }
}

fn read_side(row: &mut Cells) -> Side {
    Side {
        days: row.integer(),
        n: row.integer(),
        squares: row.integer(),
        received: row.integer(),
        known: row.integer(),
    }
}

fn read(row: &mut Cells) -> Cause {
    Cause {
        id: row.text(),
        site_id: row.text(),
        version: row.integer(),
        kind: row.text(),
        name: row.text(),
        department_id: row.text(),
        measure: row.text(),
        measure_day: row.integer_or_null(),
        is_active: row.flag(),
        created_at: row.integer(),
        updated_at: row.integer(),
    }
}
