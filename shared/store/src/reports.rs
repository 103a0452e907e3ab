//! Reports that were made: table `report`. None is ever changed.

use ports::{Cells, Query, Statement};

use crate::{Page, all, one, statement};

/// A report without what it says.
#[derive(Clone, Debug)]
pub struct Report {
    /// `rpt_…`.
    pub id: String,
    /// The site.
    pub site_id: String,
    /// One of `domain::report::Kind`.
    pub kind: String,
    /// The department; empty for the whole site.
    pub department_id: String,
    /// What the department is called now; empty for the whole site.
    pub department: String,
    /// The first day.
    pub first_day: i64,
    /// The last day.
    pub last_day: i64,
    /// What a special one is called; empty for others.
    pub name: String,
    /// When it was made.
    pub made_at: i64,
}

/// Keeps a report. Yields no row if it was made already.
pub fn insert(it: &Report, body: &str) -> Statement {
    statement!(
        "insert into report (id, site_id, kind, department_id, first_day, last_day, name, body,
           made_at_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         on conflict (site_id, kind, department_id, first_day, last_day, name) do nothing
         returning id",
        &it.id,
        &it.site_id,
        &it.kind,
        &it.department_id,
        it.first_day,
        it.last_day,
        &it.name,
        body,
        it.made_at
    )
}

/// Which reports of a site: of a kind, of a department; empty for any.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter<'a> {
    /// The kind.
    pub kind: &'a str,
    /// The department; `-` for those of the whole site.
    pub department_id: &'a str,
}

/// The reports of a site before an id, the newest first.
pub fn list(site_id: &str, filter: Filter<'_>, page: &Page) -> Query<Vec<Report>> {
    Query {
        statement: statement!(
            "select r.id, r.site_id, r.kind, r.department_id, coalesce((
                 select d.name from department d where d.id = r.department_id), ''),
               r.first_day, r.last_day, r.name, r.made_at_ms
             from report r indexed by report_site
             where r.site_id = ?1 and r.id < case ?2 when '' then 'rpt_~' else ?2 end
               and (?4 = '' or r.kind = ?4)
               and (?5 = '' or r.department_id = case ?5 when '-' then '' else ?5 end)
             order by r.id desc limit ?3",
            site_id,
            &page.after,
            page.rows,
            filter.kind,
            filter.department_id
        ),
        decode: |rows| all(rows, read),
    }
}

/// A report of a site, and what it says.
pub fn by_id(site_id: &str, id: &str) -> Query<Option<(Report, String)>> {
    Query {
        statement: statement!(
            "select r.id, r.site_id, r.kind, r.department_id, coalesce((
                 select d.name from department d where d.id = r.department_id), ''),
               r.first_day, r.last_day, r.name, r.made_at_ms, r.body
             from report r where r.id = ?2 and r.site_id = ?1",
            site_id,
            id
        ),
        decode: |rows| one(rows, |row| (read(row), row.text())),
    }
}

/// A site that may want reports.
#[derive(Clone, Debug)]
pub struct Wanting {
    /// The site.
    pub site_id: String,
    /// Its zone.
    pub zone: String,
    /// When it was made.
    pub created_at: i64,
    /// The first day that has a score or a complaint, if any has.
    pub first_day: Option<i64>,
}

/// The sites after an id.
pub fn sites(after: &str, most: i64) -> Query<Vec<Wanting>> {
    Query {
        statement: statement!(
            "select s.id, s.zone, s.created_at_ms,
               nullif(min(
                 coalesce((select min(r.day) from rollup r where r.site_id = s.id), 1000000),
                 coalesce((select min(c.day) from case_count c
                   where c.site_id = s.id and c.grain = 'site' and c.a = ''), 1000000)), 1000000)
             from site s where s.id > ?1 order by s.id limit ?2",
            after,
            most
        ),
        decode: |rows| {
            all(rows, |row| Wanting {
                site_id: row.text(),
                zone: row.text(),
                created_at: row.integer(),
                first_day: row.integer_or_null(),
            })
        },
    }
}

/// A report that is to be made.
#[derive(Clone, Debug)]
pub struct Missing {
    /// The site.
    pub site_id: String,
    /// Its kind.
    pub kind: String,
    /// Its first day.
    pub first_day: i64,
    /// Its last day.
    pub last_day: i64,
    /// The department; empty for the whole site.
    pub department_id: String,
    /// What the department is called.
    pub department: String,
}

/// Of the reports that are due, a JSON array of `[site, kind, first day, last day, whether each
/// department gets one]`, those that were not made yet; whole sites come before departments.
pub fn missing(due: &str, most: i64) -> Query<Vec<Missing>> {
    Query {
        statement: statement!(
            "select value ->> 0, value ->> 1, value ->> 2, value ->> 3, '', ''
             from json_each(?1)
             where not exists (
               select 1 from report r
               where r.site_id = value ->> 0 and r.kind = value ->> 1 and r.department_id = ''
                 and r.first_day = value ->> 2 and r.last_day = value ->> 3 and r.name = '')
             union all
             select value ->> 0, value ->> 1, value ->> 2, value ->> 3, d.id, d.name
             from json_each(?1) cross join department d on d.site_id = value ->> 0
             where value ->> 4 and not exists (
               select 1 from report r
               where r.site_id = value ->> 0 and r.kind = value ->> 1 and r.department_id = d.id
                 and r.first_day = value ->> 2 and r.last_day = value ->> 3 and r.name = '')
             limit ?2",
            due,
            most
        ),
        decode: |rows| {
            all(rows, |row| Missing {
                site_id: row.text(),
                kind: row.text(),
                first_day: row.integer(),
                last_day: row.integer(),
                department_id: row.text(),
                department: row.text(),
            })
        },
    }
}

fn read(row: &mut Cells) -> Report {
    Report {
        id: row.text(),
        site_id: row.text(),
        kind: row.text(),
        department_id: row.text(),
        department: row.text(),
        first_day: row.integer(),
        last_day: row.integer(),
        name: row.text(),
        made_at: row.integer(),
    }
}
