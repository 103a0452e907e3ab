//! One metric of many things, step by step, in one statement over the rollups.

use ports::{Query, Statement};

use crate::overview::Day;
use crate::rollups::sums;
use crate::{all, statement};

/// What a heat map is about.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The site.
    pub site_id: &'a str,
    /// `nps`, `csat` or `ces`.
    pub metric: &'a str,
    /// The points of the metric's scale.
    pub points: i64,
    /// The grain that keeps it.
    pub grain: &'a str,
    /// The key of the grain that is fixed; empty for none.
    pub fixed: &'a str,
    /// The columns: a JSON array of first and last days.
    pub columns: &'a str,
    /// Rows at most.
    pub rows: i64,
}

/// What its rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Every touchpoint, in the order of the journey; the second key of the grain is fixed.
    Touchpoints,
    /// The first keys of the grain that there are; the second one is fixed.
    First,
    /// The second keys of the grain; the first one is fixed.
    Second,
}

/// One row of a heat map.
#[derive(Clone, Debug)]
pub struct Line {
    /// The thing that it is about.
    pub key: String,
    /// What people call it; empty for what has no name.
    pub name: String,
    /// A touchpoint's target.
    pub target: Option<i64>,
    /// The columns in which anybody answered, counted from 0.
    pub cells: Vec<Day>,
}

/// The rows with their cells. Each row is one text: cells are many.
macro_rules! cells {
    ($a:literal, $b:literal) => {
        concat!(
            "(select group_concat(c.at || ' ' || ",
            sums!(concat!(
                "rollup r
                 where r.site_id = ?1 and r.grain = ?4 and r.metric = ?2 and r.points = ?3
                   and r.a = ",
                $a,
                " and r.b = ",
                $b,
                " and r.day between c.first and c.last"
            )),
            ", ';') from c)"
        )
    };
}

/// The columns `c`, counted from 0.
macro_rules! columns {
    () => {
        "c (at, first, last) as materialized (
           select key, value ->> 0, value ->> 1 from json_each(?6))"
    };
}

/// A heat map, in one statement.
pub fn heatmap(it: &Asked<'_>, rows: Rows) -> Query<Vec<Line>> {
    let text = match rows {
        Rows::Touchpoints => concat!(
            "with ",
            columns!(),
            " select t.id, t.name, t.target, coalesce(",
            cells!("t.id", "?5"),
            // Of a touchpoint that nobody rated there is one cell, in no column.
            ", '-1 0 0 0 0 0 0 0 0 0 0 0')
              from touchpoint t where t.site_id = ?1
              order by instr('pre_sale purchase after_sale retention', t.stage), t.id limit ?7"
        ),
        Rows::First => concat!(
            "with recursive k (a) as (
               select min(a) from rollup
               where site_id = ?1 and grain = ?4 and metric = ?2 and points = ?3
               union all
               select (select min(a) from rollup
                 where site_id = ?1 and grain = ?4 and metric = ?2 and points = ?3 and a > k.a)
               from k where k.a is not null), ",
            columns!(),
            ", line (a, cells) as materialized (select k.a, ",
            cells!("k.a", "?5"),
            " from k where k.a is not null)
             select a, coalesce((select name from agent where id = a and site_id = ?1), ''), null,
               cells
             from line where cells is not null limit ?7"
        ),
        Rows::Second => concat!(
            "with recursive k (b) as (
               select min(b) from rollup
               where site_id = ?1 and grain = ?4 and metric = ?2 and points = ?3 and a = ?5
               union all
               select (select min(b) from rollup
                 where site_id = ?1 and grain = ?4 and metric = ?2 and points = ?3 and a = ?5
                   and b > k.b)
               from k where k.b is not null), ",
            columns!(),
            ", line (b, cells) as materialized (select k.b, ",
            cells!("?5", "k.b"),
            " from k where k.b is not null)
             select b, '', null, cells from line where cells is not null limit ?7"
        ),
    };
    Query {
        statement: of(text, it),
        decode: |rows| {
            all(rows, |row| Line {
                key: row.text(),
                name: row.text(),
                target: row.integer_or_null(),
                cells: row.days(),
            })
        },
    }
}

fn of(text: &'static str, it: &Asked<'_>) -> Statement {
    statement!(
        of text,
        it.site_id,
        it.metric,
        it.points,
        it.grain,
        it.fixed,
        it.columns,
        it.rows
    )
}
