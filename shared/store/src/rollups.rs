//! Rollups: table `rollup`, one row per grain, day and metric, each a whole histogram.
//!
//! Keys that vary are walked with a loose index scan: `min(a)` after the last one. A reading
//! costs keys × days whatever the number of responses.

use ports::{Cells, Corrupt, Query, Row, Statement};

use crate::{all, one, statement};

/// The days and the metric that a reading is about.
#[derive(Clone, Debug)]
pub struct Span<'a> {
    /// The site.
    pub site_id: &'a str,
    /// `nps`, `csat` or `ces`.
    pub metric: &'a str,
    /// The points of the metric's scale.
    pub points: i64,
    /// The first day.
    pub from: i64,
    /// The last day.
    pub to: i64,
}

/// A histogram and what it belongs to.
#[derive(Clone, Debug)]
pub struct Counted {
    /// A key, or empty.
    pub key: String,
    /// A day, or 0.
    pub day: i64,
    /// How often each value was given.
    pub counts: [u64; 11],
}

/// The sums of a histogram's columns, as the last eleven columns of a row.
macro_rules! sums {
    () => {
        "sum(r.c0), sum(r.c1), sum(r.c2), sum(r.c3), sum(r.c4), sum(r.c5), sum(r.c6), sum(r.c7),
         sum(r.c8), sum(r.c9), sum(r.c10)"
    };
}

/// Day by day, of one key of a grain. Days without an answer are absent.
pub fn by_day(span: &Span<'_>, key: &Key<'_>) -> Query<Vec<Counted>> {
    Query {
        statement: statement!(
            concat!(
                "select '', r.day, ",
                sums!(),
                " from rollup r
                 where r.site_id = ?1 and r.grain = ?6 and r.metric = ?2 and r.points = ?3
                   and r.a = ?7 and r.b = ?8 and r.day between ?4 and ?5
                 group by r.day order by r.day"
            ),
            span.site_id,
            span.metric,
            span.points,
            span.from,
            span.to,
            key.grain,
            key.a,
            key.b,
        ),
        decode: |rows| all(rows, read),
    }
}

/// One key of a grain.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    /// The grain's name.
    pub grain: &'a str,
    /// Its first key; empty for none.
    pub a: &'a str,
    /// Its second key; empty for none.
    pub b: &'a str,
}

/// A total and its parts, read at the same instant, so that they add up.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// The total.
    pub total: [u64; 11],
    /// The parts, by key.
    pub parts: Vec<Counted>,
}

/// The total, as the first row.
macro_rules! total {
    () => {
        concat!(
            "select 0, '', ",
            sums!(),
            " from rollup r
             where r.site_id = ?1 and r.grain = ?8 and r.metric = ?2 and r.points = ?3
               and r.a = ?9 and r.b = ?10 and r.day between ?4 and ?5
             group by r.grain"
        )
    };
}

/// A total, and each first key of a grain with the second one fixed.
pub fn by_first(span: &Span<'_>, total: &Key<'_>, grain: &str, b: &str) -> Query<Parts> {
    Query {
        statement: statement!(
            concat!(
                "with recursive k (a) as (
                   select min(a) from rollup
                   where site_id = ?1 and grain = ?6 and metric = ?2 and points = ?3
                   union all
                   select (select min(a) from rollup
                     where site_id = ?1 and grain = ?6 and metric = ?2 and points = ?3
                       and a > k.a)
                   from k where k.a is not null) ",
                total!(),
                " union all
                 select 1, k.a, ",
                sums!(),
                " from k cross join rollup r
                 where r.site_id = ?1 and r.grain = ?6 and r.metric = ?2 and r.points = ?3
                   and r.a = k.a and r.b = ?7 and r.day between ?4 and ?5
                 group by k.a order by 1, 2"
            ),
            span.site_id,
            span.metric,
            span.points,
            span.from,
            span.to,
            grain,
            b,
            total.grain,
            total.a,
            total.b,
        ),
        decode: parts,
    }
}

/// A total, and each second key of a grain with the first one fixed.
pub fn by_second(span: &Span<'_>, total: &Key<'_>, grain: &str, a: &str) -> Query<Parts> {
    Query {
        statement: statement!(
            concat!(
                "with recursive k (b) as (
                   select min(b) from rollup
                   where site_id = ?1 and grain = ?6 and metric = ?2 and points = ?3 and a = ?7
                   union all
                   select (select min(b) from rollup
                     where site_id = ?1 and grain = ?6 and metric = ?2 and points = ?3 and a = ?7
                       and b > k.b)
                   from k where k.b is not null) ",
                total!(),
                " union all
                 select 1, k.b, ",
                sums!(),
                " from k cross join rollup r
                 where r.site_id = ?1 and r.grain = ?6 and r.metric = ?2 and r.points = ?3
                   and r.a = ?7 and r.b = k.b and r.day between ?4 and ?5
                 group by k.b order by 1, 2"
            ),
            span.site_id,
            span.metric,
            span.points,
            span.from,
            span.to,
            grain,
            a,
            total.grain,
            total.a,
            total.b,
        ),
        decode: parts,
    }
}

/// One line of the overview.
#[derive(Clone, Debug)]
pub struct Line {
    /// `site`, `touchpoint` or `channel`.
    pub grain: String,
    /// The touchpoint or channel; empty for the site.
    pub key: String,
    /// `nps`, `csat` or `ces`.
    pub metric: String,
    /// The day, for the site; 0 otherwise.
    pub day: i64,
    /// How often each value was given.
    pub counts: [u64; 11],
}

/// Everything that the overview shows, in one statement: the site day by day from `before` to
/// `to`, its touchpoints and `channels` (a JSON array) summed from `from` to `to`.
pub fn overview(
    site_id: &str,
    channels: &str,
    before: i64,
    from: i64,
    to: i64,
) -> Query<Vec<Line>> {
    Query {
        statement: statement!(
            concat!(
                "with m (metric, points) as (values ('nps', 10), ('csat', 5), ('ces', 7)),
                 k (grain, a, first) as (
                   select 'site', '', ?3
                   union all select 'touchpoint', id, ?4 from touchpoint where site_id = ?1
                   union all select 'channel', value, ?4 from json_each(?2))
                 select k.grain, k.a, m.metric, case k.grain when 'site' then r.day else 0 end, ",
                sums!(),
                " from k cross join m cross join rollup r
                 where r.site_id = ?1 and r.grain = k.grain and r.metric = m.metric
                   and r.points = m.points and r.a = k.a and r.b = ''
                   and r.day between k.first and ?5
                 group by 1, 2, 3, 4 order by 1, 2, 3, 4"
            ),
            site_id,
            channels,
            before,
            from,
            to,
        ),
        decode: |rows| {
            all(rows, |row| Line {
                grain: row.text(),
                key: row.text(),
                metric: row.text(),
                day: row.integer(),
                counts: counts(row),
            })
        },
    }
}

/// The next day of a site, after `day`, that has facts or rollups.
pub fn next_day(site_id: &str, day: i64) -> Query<Option<i64>> {
    Query {
        statement: statement!(
            "select min(day) from (
               select min(day) as day from score where site_id = ?1 and day > ?2
               union all
               select min(day) from rollup where site_id = ?1 and day > ?2)",
            site_id,
            day
        ),
        decode: |rows| Ok(one(rows, Cells::integer_or_null)?.flatten()),
    }
}

/// The columns of a rollup row, for the comparison and the rebuild.
macro_rules! columns {
    () => {
        "site_id, grain, metric, points, a, b, day, n, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10"
    };
}

/// What the rollups of a day must be, counted from the facts of the site `?3` and the day `?4`.
///
/// It repeats the view `rollup_fact` with the day inside, where SQLite can use its index.
macro_rules! facts {
    () => {
        "select site_id, grain, metric, points, a, b, day, count(*) as n,
           sum(value = 0), sum(value = 1), sum(value = 2), sum(value = 3), sum(value = 4),
           sum(value = 5), sum(value = 6), sum(value = 7), sum(value = 8), sum(value = 9),
           sum(value = 10)
         from score_grain
         where site_id = ?3 and day = ?4 and counted = 1
         group by site_id, grain, metric, points, a, b, day"
    };
}

/// Notes in a job how many rows of a day differ from the facts, and that the day is done.
/// Yields no row when the lease was lost.
pub fn compare_day(job_id: &str, lease: &str, site_id: &str, day: i64) -> Statement {
    statement!(
        concat!(
            "update job set progress = json_set(progress,
               '$.day', ?4,
               '$.days', (progress ->> 'days') + 1,
               '$.differences', (progress ->> 'differences') + (
                 select count(*) from (",
            facts!(),
            " except select ",
            columns!(),
            " from rollup indexed by rollup_day where site_id = ?3 and day = ?4)) + (
                 select count(*) from (
                   select ",
            columns!(),
            " from rollup indexed by rollup_day where site_id = ?3 and day = ?4 and n <> 0 except ",
            facts!(),
            ")))
             where id = ?1 and lease = ?2 and state = 'due'
             returning id"
        ),
        job_id,
        lease,
        site_id,
        day
    )
}

/// Removes the rollups of a day.
pub fn clear_day(site_id: &str, day: i64) -> Statement {
    statement!(
        "delete from rollup indexed by rollup_day where site_id = ?1 and day = ?2",
        site_id,
        day
    )
}

/// Counts the rollups of a day from the facts.
pub fn count_day(site_id: &str, day: i64) -> Statement {
    statement!(
        concat!("insert into rollup (", columns!(), ") ", facts!()),
        // The facts take the site and the day as their third and fourth parameter.
        ports::Value::Null,
        ports::Value::Null,
        site_id,
        day
    )
}

fn parts(rows: Vec<Row>) -> Result<Parts, Corrupt> {
    let mut found = Parts::default();
    for (is_part, part) in all(rows, |row| {
        let is_part = row.flag();
        (is_part, Counted { key: row.text(), day: 0, counts: counts(row) })
    })? {
        if is_part {
            found.parts.push(part);
        } else {
            found.total = part.counts;
        }
    }
    Ok(found)
}

fn read(row: &mut Cells) -> Counted {
    Counted { key: row.text(), day: row.integer(), counts: counts(row) }
}

fn counts(row: &mut Cells) -> [u64; 11] {
    std::array::from_fn(|_| row.count())
}
