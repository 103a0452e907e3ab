//! Rollups: table `rollup`, one row per grain, day and metric, each a whole histogram.
//!
//! Keys that vary are walked with a loose index scan: `min(a)` after the last one. A reading
//! costs keys × days whatever the number of responses.

use ports::{Cells, Query, Statement};

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
    /// The first day and the last.
    pub days: (i64, i64),
    /// The first day and the last of what it is compared with.
    pub before: Option<(i64, i64)>,
}

/// A histogram and what it belongs to.
#[derive(Clone, Debug)]
pub struct Counted {
    /// Whether it is one of the parts, and not the total.
    pub is_part: bool,
    /// Whether it is of the days that are compared with.
    pub is_before: bool,
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

/// What a total is about: one key of a grain, or the touchpoints of a stage.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    /// The grain's name.
    pub grain: &'a str,
    /// Its first key; empty for none.
    pub a: &'a str,
    /// Its second key; empty for none.
    pub b: &'a str,
    /// A stage, in whose touchpoints the first key is; empty for none.
    pub stage: &'a str,
}

/// What a total is cut by.
#[derive(Clone, Copy, Debug)]
pub enum Parts<'a> {
    /// Nothing.
    None,
    /// The first keys of this grain, with the second one fixed.
    First(&'a str, &'a str),
    /// The second keys of this grain, with the first one fixed.
    Second(&'a str, &'a str),
    /// The stages that touchpoints are in.
    Stages,
    /// The touchpoints of the total's stage.
    Touchpoints,
    /// The pairs of keys of this grain. A part's key is both, with a blank between.
    Pairs(&'a str),
}

/// The two spans of days, and the total as the first rows: of each span one.
///
/// `?1` to `?3` are site, metric and points, `?4` to `?7` the days, `?8` to `?11` the total.
macro_rules! total {
    () => {
        concat!(
            "with recursive era (is_before, first, last) as (
               select 0, ?4, ?5 union all select 1, ?6, ?7 where ?6 <= ?7),
             whole (a) as (
               select ?9 where ?11 = '' union all
               select id from touchpoint where site_id = ?1 and stage = ?11)",
        )
    };
    ($keys:literal) => {
        concat!(total!(), $keys, " ", whole!())
    };
}

/// The total itself, over the tables of `total!`.
macro_rules! whole {
    () => {
        concat!(
            "select 0, e.is_before, '', 0, ",
            sums!(),
            " from era e cross join whole k cross join rollup r
             where r.site_id = ?1 and r.grain = ?8 and r.metric = ?2 and r.points = ?3
               and r.a = k.a and r.b = ?10 and r.day between e.first and e.last
             group by e.is_before"
        )
    };
}

/// Each first key of the grain `?12` with the second key `?13`.
macro_rules! by_first {
    () => {
        concat!(
            total!(
                ", k (a) as (
                   select min(a) from rollup
                   where site_id = ?1 and grain = ?12 and metric = ?2 and points = ?3
                   union all
                   select (select min(a) from rollup
                     where site_id = ?1 and grain = ?12 and metric = ?2 and points = ?3
                       and a > k.a)
                   from k where k.a is not null)"
            ),
            " union all
             select 1, e.is_before, k.a, 0, ",
            sums!(),
            " from era e cross join k cross join rollup r
             where r.site_id = ?1 and r.grain = ?12 and r.metric = ?2 and r.points = ?3
               and r.a = k.a and r.b = ?13 and r.day between e.first and e.last
             group by k.a, e.is_before order by 1, 2, 3"
        )
    };
}

/// Each second key of the grain `?12` with the first key `?13`.
macro_rules! by_second {
    () => {
        concat!(
            total!(
                ", k (b) as (
                   select min(b) from rollup
                   where site_id = ?1 and grain = ?12 and metric = ?2 and points = ?3 and a = ?13
                   union all
                   select (select min(b) from rollup
                     where site_id = ?1 and grain = ?12 and metric = ?2 and points = ?3
                       and a = ?13 and b > k.b)
                   from k where k.b is not null)"
            ),
            " union all
             select 1, e.is_before, k.b, 0, ",
            sums!(),
            " from era e cross join k cross join rollup r
             where r.site_id = ?1 and r.grain = ?12 and r.metric = ?2 and r.points = ?3
               and r.a = ?13 and r.b = k.b and r.day between e.first and e.last
             group by k.b, e.is_before order by 1, 2, 3"
        )
    };
}

/// Every pair of keys `k (a, b)` of a grain, found without reading what lies between.
macro_rules! pairs {
    ($grain:literal) => {
        concat!(
            "item (a) as (
               select min(a) from rollup
               where site_id = ?1 and grain = ",
            $grain,
            " and metric = ?2 and points = ?3
               union all
               select (select min(a) from rollup
                 where site_id = ?1 and grain = ",
            $grain,
            " and metric = ?2 and points = ?3 and a > item.a)
               from item where item.a is not null),
             k (a, b) as (
               select item.a, (select min(b) from rollup
                 where site_id = ?1 and grain = ",
            $grain,
            " and metric = ?2 and points = ?3 and a = item.a)
               from item where item.a is not null
               union all
               select k.a, (select min(b) from rollup
                 where site_id = ?1 and grain = ",
            $grain,
            " and metric = ?2 and points = ?3 and a = k.a and b > k.b)
               from k where k.b is not null)"
        )
    };
}

/// Each pair of keys of the grain `?12`.
macro_rules! by_pair {
    () => {
        concat!(
            total!(),
            ", ",
            pairs!("?12"),
            " ",
            whole!(),
            " union all
             select 1, e.is_before, k.a || ' ' || k.b, 0, ",
            sums!(),
            " from era e cross join k cross join rollup r
             where r.site_id = ?1 and r.grain = ?12 and r.metric = ?2 and r.points = ?3
               and r.a = k.a and r.b = k.b and r.day between e.first and e.last
               and ?13 = ''
             group by k.a, k.b, e.is_before order by 1, 2, 3"
        )
    };
}

/// Touchpoints under some key of theirs.
macro_rules! by_touchpoint {
    ($key:literal, $which:literal) => {
        concat!(
            total!(""),
            " union all
             select 1, e.is_before, ",
            $key,
            ", 0, ",
            sums!(),
            " from era e cross join touchpoint t cross join rollup r on
               r.site_id = ?1 and r.grain = ?12 and r.metric = ?2 and r.points = ?3
               and r.a = t.id and r.b = ?13 and r.day between e.first and e.last ",
            $which,
            " group by ",
            $key,
            ", e.is_before order by 1, 2, 3"
        )
    };
}

/// A total and what it is cut by, now and before, in one statement, so that they add up.
pub fn read(span: &Span<'_>, total: &Key<'_>, parts: &Parts<'_>) -> Query<Vec<Counted>> {
    let (text, grain, fixed) = match *parts {
        Parts::None => (total!(""), "", ""),
        Parts::First(grain, b) => (by_first!(), grain, b),
        Parts::Second(grain, a) => (by_second!(), grain, a),
        Parts::Pairs(grain) => (by_pair!(), grain, ""),
        Parts::Stages => (by_touchpoint!("t.stage", "where t.site_id = ?1"), "touchpoint", ""),
        Parts::Touchpoints => {
            (by_touchpoint!("t.id", "where t.site_id = ?1 and t.stage = ?11"), "touchpoint", "")
        }
    };
    let mut statement = over(text, span, total);
    if !grain.is_empty() {
        statement.params.extend([grain.into(), fixed.into()]);
    }
    Query { statement, decode: |rows| all(rows, counted) }
}

/// Day by day, of one key of a grain. Days without an answer are absent.
pub fn by_day(span: &Span<'_>, key: &Key<'_>) -> Query<Vec<Counted>> {
    let text = concat!(
        total!(),
        " select 1, 0, '', r.day, ",
        sums!(),
        " from era e cross join whole k cross join rollup r
         where r.site_id = ?1 and r.grain = ?8 and r.metric = ?2 and r.points = ?3
           and r.a = k.a and r.b = ?10 and r.day between e.first and e.last
         group by r.day order by r.day"
    );
    Query { statement: over(text, span, key), decode: |rows| all(rows, counted) }
}

/// A statement over a span and a total.
fn over(text: &'static str, span: &Span<'_>, total: &Key<'_>) -> Statement {
    let (before_first, before_last) = span.before.unwrap_or((1, 0));
    statement!(
        text,
        span.site_id,
        span.metric,
        span.points,
        span.days.0,
        span.days.1,
        before_first,
        before_last,
        total.grain,
        total.a,
        total.b,
        total.stage,
    )
}

/// The names of things of a site, by id: touchpoints, surveys and agents in the list `ids`.
pub fn names(site_id: &str, ids: &str) -> Query<Vec<(String, String)>> {
    Query {
        statement: statement!(
            "select x.id, x.name from json_each(?2) it
               cross join touchpoint x on x.id = it.value where x.site_id = ?1
             union all
             select x.id, x.name from json_each(?2) it
               cross join study x on x.id = it.value where x.site_id = ?1
             union all
             select x.id, x.name from json_each(?2) it
               cross join agent x on x.id = it.value where x.site_id = ?1",
            site_id,
            ids
        ),
        decode: |rows| all(rows, |row| (row.text(), row.text())),
    }
}

/// How satisfied people are with something, on a scale of so many points.
#[derive(Clone, Debug)]
pub struct Scale {
    /// The touchpoint or the dimension.
    pub key: String,
    /// The points of the scale.
    pub points: i64,
    /// Whether it is of the days that are compared with.
    pub is_before: bool,
    /// How often each value was given.
    pub counts: [u64; 11],
}

/// The satisfaction with every first key of a grain, `touchpoint` or `dimension`, on each scale.
pub fn scales(
    site_id: &str,
    grain: &str,
    days: (i64, i64),
    before: Option<(i64, i64)>,
) -> Query<Vec<Scale>> {
    let (before_first, before_last) = before.unwrap_or((1, 0));
    Query {
        statement: statement!(
            concat!(
                "with recursive era (is_before, first, last) as (
                   select 0, ?2, ?3 union all select 1, ?4, ?5 where ?4 <= ?5),
                 p (points) as (select 2 union all select points + 1 from p where points < 10),
                 k (points, a) as (
                   select p.points, (select min(a) from rollup
                     where site_id = ?1 and grain = ?6 and metric = 'csat'
                       and points = p.points)
                   from p
                   union all
                   select k.points, (select min(a) from rollup
                     where site_id = ?1 and grain = ?6 and metric = 'csat'
                       and points = k.points and a > k.a)
                   from k where k.a is not null)
                 select k.a, k.points, e.is_before, ",
                sums!(),
                " from era e cross join k cross join rollup r
                 where r.site_id = ?1 and r.grain = ?6 and r.metric = 'csat'
                   and r.points = k.points and r.a = k.a and r.b = ''
                   and r.day between e.first and e.last
                 group by k.a, k.points, e.is_before order by 1, 2, 3"
            ),
            site_id,
            days.0,
            days.1,
            before_first,
            before_last,
            grain,
        ),
        decode: |rows| {
            all(rows, |row| Scale {
                key: row.text(),
                points: row.integer(),
                is_before: row.flag(),
                counts: counts(row),
            })
        },
    }
}

/// The answers of one day: of the site, or about one touchpoint.
#[derive(Clone, Debug)]
pub struct Daily {
    /// The touchpoint; empty for the site.
    pub touchpoint_id: String,
    /// `nps` on the site, `csat` of five points on both.
    pub metric: String,
    /// The day.
    pub day: i64,
    /// How often each value was given.
    pub counts: [u64; 11],
}

/// Day by day, series by series, what the alarms watch.
pub fn daily(site_id: &str, days: (i64, i64)) -> Query<Vec<Daily>> {
    Query {
        statement: statement!(
            concat!(
                "with k (grain, a, metric, points) as (
                   values ('site', '', 'nps', 10), ('site', '', 'csat', 5)
                   union all
                   select 'touchpoint', id, 'csat', 5 from touchpoint where site_id = ?1)
                 select k.a, k.metric, r.day, ",
                sums!(),
                " from k cross join rollup r
                 where r.site_id = ?1 and r.grain = k.grain and r.metric = k.metric
                   and r.points = k.points and r.a = k.a and r.b = ''
                   and r.day between ?2 and ?3
                 group by 1, 2, 3 order by 1, 2, 3"
            ),
            site_id,
            days.0,
            days.1,
        ),
        decode: |rows| {
            all(rows, |row| Daily {
                touchpoint_id: row.text(),
                metric: row.text(),
                day: row.integer(),
                counts: counts(row),
            })
        },
    }
}

/// A line of a joint histogram: what people said overall who gave one value to an item.
#[derive(Clone, Debug)]
pub struct Joint {
    /// The touchpoint or the dimension.
    pub item: String,
    /// The metric of the item, the points of its scale and the value given: `csat:5:4`.
    pub given: String,
    /// How often each value was given overall.
    pub counts: [u64; 11],
}

/// The joint histograms of every item of a grain, `touchpoint_driver` or `dimension_driver`,
/// with the overall verdict in the metric of `span`.
pub fn joints(span: &Span<'_>, grain: &str) -> Query<Vec<Joint>> {
    Query {
        statement: statement!(
            concat!(
                "with recursive ",
                pairs!("?6"),
                " select k.a, k.b, ",
                sums!(),
                " from k cross join rollup r
                 where r.site_id = ?1 and r.grain = ?6 and r.metric = ?2 and r.points = ?3
                   and r.a = k.a and r.b = k.b and r.day between ?4 and ?5
                 group by k.a, k.b"
            ),
            span.site_id,
            span.metric,
            span.points,
            span.days.0,
            span.days.1,
            grain,
        ),
        decode: |rows| {
            all(rows, |row| Joint { item: row.text(), given: row.text(), counts: counts(row) })
        },
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
    /// Whether it is of the days that are compared with.
    pub is_before: bool,
    /// The day, for the site now; 0 otherwise.
    pub day: i64,
    /// How often each value was given.
    pub counts: [u64; 11],
}

/// Everything that the overview shows, in one statement: the site day by day and as a whole in
/// the days `before`, its touchpoints and `channels` (a JSON array) as a whole.
pub fn overview(
    site_id: &str,
    channels: &str,
    before: (i64, i64),
    days: (i64, i64),
) -> Query<Vec<Line>> {
    Query {
        statement: statement!(
            concat!(
                "with m (metric, points) as (values ('nps', 10), ('csat', 5), ('ces', 7)),
                 k (grain, a, is_before, first, last) as (
                   select 'site', '', 0, ?5, ?6
                   union all select 'site', '', 1, ?3, ?4
                   union all select 'touchpoint', id, 0, ?5, ?6 from touchpoint where site_id = ?1
                   union all select 'channel', value, 0, ?5, ?6 from json_each(?2))
                 select k.grain, k.a, m.metric, k.is_before,
                   case when k.grain = 'site' and not k.is_before then r.day else 0 end, ",
                sums!(),
                " from k cross join m cross join rollup r
                 where r.site_id = ?1 and r.grain = k.grain and r.metric = m.metric
                   and r.points = m.points and r.a = k.a and r.b = ''
                   and r.day between k.first and k.last
                 group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5"
            ),
            site_id,
            channels,
            before.0,
            before.1,
            days.0,
            days.1,
        ),
        decode: |rows| {
            all(rows, |row| Line {
                grain: row.text(),
                key: row.text(),
                metric: row.text(),
                is_before: row.flag(),
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

fn counted(row: &mut Cells) -> Counted {
    Counted {
        is_part: row.flag(),
        is_before: row.flag(),
        key: row.text(),
        day: row.integer(),
        counts: counts(row),
    }
}

fn counts(row: &mut Cells) -> [u64; 11] {
    std::array::from_fn(|_| row.count())
}
