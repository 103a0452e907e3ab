//! Rollups: table `rollup`, one row per grain, day and metric, each a whole histogram.
//!
//! Keys that vary are walked with a loose index scan: `min(a)` after the last one. A reading
//! costs keys × days whatever the number of responses.

use ports::{Cells, Corrupt, Query, Row, Statement, Value};

use crate::{all, statement};

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

/// A histogram and what it belongs to. Where nobody answered there is none.
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

/// The sums of the rollups `r` of so many keys and days, as one text of eleven numbers; null
/// without a rollup.
///
/// It stands in a scalar subquery for each histogram. `group by` would have SQLite sort every
/// row of every day first, which costs more than reading them.
macro_rules! sums {
    ($from:expr) => {
        concat!(
            "(select sum(r.c0) || ' ' || sum(r.c1) || ' ' || sum(r.c2) || ' ' || sum(r.c3)
                || ' ' || sum(r.c4) || ' ' || sum(r.c5) || ' ' || sum(r.c6) || ' ' || sum(r.c7)
                || ' ' || sum(r.c8) || ' ' || sum(r.c9) || ' ' || sum(r.c10)
              from ",
            $from,
            ")"
        )
    };
}

/// The days of the rollups `r` of one key, as one text; null without a rollup. They come in the
/// order of the days, which is that of the table.
macro_rules! days {
    ($from:literal) => {
        concat!(
            "(select group_concat(r.day || ' ' || r.c0 || ' ' || r.c1 || ' ' || r.c2 || ' ' || r.c3
                || ' ' || r.c4 || ' ' || r.c5 || ' ' || r.c6 || ' ' || r.c7 || ' ' || r.c8
                || ' ' || r.c9 || ' ' || r.c10, ';')
              from ",
            $from,
            ")"
        )
    };
}
pub(crate) use {days, sums};

/// The two spans of days, other tables, and the total as the first rows: of each span one.
///
/// `?1` to `?3` are site, metric and points, `?4` to `?7` the days, `?8` to `?11` the total.
macro_rules! total {
    ($tables:expr) => {
        concat!(
            "with recursive era (is_before, first, last) as (
               select 0, ?4, ?5 union all select 1, ?6, ?7 where ?6 <= ?7),
             whole (a) as (
               select ?9 where ?11 = '' union all
               select id from touchpoint where site_id = ?1 and stage = ?11)",
            $tables,
            " select 0, e.is_before, '', 0, ",
            sums!(
                "whole k cross join rollup r
                 where r.site_id = ?1 and r.grain = ?8 and r.metric = ?2 and r.points = ?3
                   and r.a = k.a and r.b = ?10 and r.day between e.first and e.last"
            ),
            " from era e"
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
            " union all select 1, e.is_before, k.a, 0, ",
            sums!(
                "rollup r
                 where r.site_id = ?1 and r.grain = ?12 and r.metric = ?2 and r.points = ?3
                   and r.a = k.a and r.b = ?13 and r.day between e.first and e.last"
            ),
            " from era e cross join k where k.a is not null"
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
            " union all select 1, e.is_before, k.b, 0, ",
            sums!(
                "rollup r
                 where r.site_id = ?1 and r.grain = ?12 and r.metric = ?2 and r.points = ?3
                   and r.a = ?13 and r.b = k.b and r.day between e.first and e.last"
            ),
            " from era e cross join k where k.b is not null"
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
            total!(concat!(", ", pairs!("?12"))),
            " union all select 1, e.is_before, k.a || ' ' || k.b, 0, ",
            sums!(
                "rollup r
                 where r.site_id = ?1 and r.grain = ?12 and r.metric = ?2 and r.points = ?3
                   and r.a = k.a and r.b = k.b and r.day between e.first and e.last and ?13 = ''"
            ),
            " from era e cross join k where k.b is not null"
        )
    };
}

/// Every stage with all its touchpoints.
macro_rules! by_stage {
    () => {
        concat!(
            total!(
                ", s (stage) as (select distinct stage from touchpoint where site_id = ?1
                   and ?12 = ?13)"
            ),
            " union all select 1, e.is_before, s.stage, 0, ",
            sums!(
                "touchpoint t cross join rollup r on
                   r.site_id = ?1 and r.grain = 'touchpoint' and r.metric = ?2 and r.points = ?3
                   and r.a = t.id and r.b = '' and r.day between e.first and e.last
                 where t.site_id = ?1 and t.stage = s.stage"
            ),
            " from era e cross join s"
        )
    };
}

/// Every touchpoint of the stage.
macro_rules! by_touchpoint {
    () => {
        concat!(
            total!(""),
            " union all select 1, e.is_before, t.id, 0, ",
            sums!(
                "rollup r
                 where r.site_id = ?1 and r.grain = 'touchpoint' and r.metric = ?2
                   and r.points = ?3 and r.a = t.id and r.b = ''
                   and r.day between e.first and e.last"
            ),
            " from era e cross join touchpoint t
              where t.site_id = ?1 and t.stage = ?11 and ?12 = ?13"
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
        Parts::Stages => (by_stage!(), "", ""),
        Parts::Touchpoints => (by_touchpoint!(), "", ""),
    };
    let mut statement = over(text, span, total);
    if !matches!(parts, Parts::None) {
        statement.params.extend([grain.into(), fixed.into()]);
    }
    Query { statement, decode: counted }
}

/// Day by day, of one key of a grain or of a stage. Days without an answer are absent.
pub fn by_day(span: &Span<'_>, key: &Key<'_>) -> Query<Vec<Counted>> {
    if !key.stage.is_empty() {
        let text =
            "select 1, 0, '', r.day, sum(r.c0) || ' ' || sum(r.c1) || ' ' || sum(r.c2) || ' '
               || sum(r.c3) || ' ' || sum(r.c4) || ' ' || sum(r.c5) || ' ' || sum(r.c6) || ' '
               || sum(r.c7) || ' ' || sum(r.c8) || ' ' || sum(r.c9) || ' ' || sum(r.c10)
             from touchpoint k cross join rollup r
             where k.site_id = ?1 and k.stage = ?11 and r.site_id = ?1 and r.grain = ?8
               and r.metric = ?2 and r.points = ?3 and r.a = k.id and r.b = ?10
               and r.day between ?4 and ?5 and ?6 > ?7 and ?9 = ''
             group by r.day order by r.day";
        return Query { statement: over(text, span, key), decode: counted };
    }
    let text = concat!(
        "select ",
        days!(
            "rollup r
             where r.site_id = ?1 and r.grain = ?8 and r.metric = ?2 and r.points = ?3
               and r.a = ?9 and r.b = ?10 and r.day between ?4 and ?5 and ?6 > ?7 and ?11 = ''"
        )
    );
    Query { statement: over(text, span, key), decode: by_days }
}

/// A statement over a span and a total.
fn over(text: &'static str, span: &Span<'_>, total: &Key<'_>) -> Statement {
    let (before_first, before_last) = span.before.unwrap_or((1, 0));
    statement!(
        of text,
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

/// What people call a thing, and the score that it should reach.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// A touchpoint's target.
    pub target: Option<i64>,
    /// The weights of the dimensions in a survey's index, as a JSON object; empty for none.
    pub weights: String,
    /// The targets of the customer groups in a survey, likewise.
    pub targets: String,
}

/// The names of things of a site, by id: touchpoints, surveys and agents in the list `ids`. Of
/// one `survey` its newest published version is looked into; empty for none.
pub fn names(site_id: &str, ids: &str, survey: &str) -> Query<Vec<Named>> {
    Query {
        statement: statement!(
            "select x.id, x.name, x.target, '', '' from json_each(?2) it
               cross join touchpoint x on x.id = it.value where x.site_id = ?1
             union all
             select x.id, x.name, null, coalesce(v.definition -> '$.weights', ''),
               coalesce(v.definition -> '$.targets', '')
             from json_each(?2) it
               cross join study x on x.id = it.value
               left join study_version v on v.study_id = ?3 and v.number = x.published
                 and x.id = ?3
             where x.site_id = ?1
             union all
             select x.id, x.name, null, '', '' from json_each(?2) it
               cross join agent x on x.id = it.value where x.site_id = ?1",
            site_id,
            ids,
            survey
        ),
        decode: |rows| {
            all(rows, |row| Named {
                id: row.text(),
                name: row.text(),
                target: row.integer_or_null(),
                weights: row.text(),
                targets: row.text(),
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
                 select k.a, k.metric, ",
                days!(
                    "rollup r
                     where r.site_id = ?1 and r.grain = k.grain and r.metric = k.metric
                       and r.points = k.points and r.a = k.a and r.b = ''
                       and r.day between ?2 and ?3"
                ),
                " from k order by 1, 2"
            ),
            site_id,
            days.0,
            days.1,
        ),
        decode: |rows| {
            let series = some(rows, |row| (row.text(), row.text(), row.days()))?;
            let mut daily = Vec::new();
            for (touchpoint_id, metric, days) in series {
                daily.extend(days.into_iter().map(|(day, counts)| Daily {
                    touchpoint_id: touchpoint_id.clone(),
                    metric: metric.clone(),
                    day,
                    counts,
                }));
            }
            Ok(daily)
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
                sums!(
                    "rollup r
                     where r.site_id = ?1 and r.grain = ?6 and r.metric = ?2 and r.points = ?3
                       and r.a = k.a and r.b = k.b and r.day between ?4 and ?5"
                ),
                " from k where k.b is not null"
            ),
            span.site_id,
            span.metric,
            span.points,
            span.days.0,
            span.days.1,
            grain,
        ),
        decode: |rows| {
            some(rows, |row| Joint { item: row.text(), given: row.text(), counts: row.histogram() })
        },
    }
}

/// The rows that have a histogram: the last column is null where nobody answered.
pub(crate) fn some<T>(mut rows: Vec<Row>, read: fn(&mut Cells) -> T) -> Result<Vec<T>, Corrupt> {
    rows.retain(|row| row.0.last() != Some(&Value::Null));
    all(rows, read)
}

fn counted(rows: Vec<Row>) -> Result<Vec<Counted>, Corrupt> {
    some(rows, |row| Counted {
        is_part: row.flag(),
        is_before: row.flag(),
        key: row.text(),
        day: row.integer(),
        counts: row.histogram(),
    })
}

/// The days of one key, as parts.
fn by_days(rows: Vec<Row>) -> Result<Vec<Counted>, Corrupt> {
    let mut found = Vec::new();
    for days in some(rows, Cells::days)? {
        found.extend(days.into_iter().map(|(day, counts)| Counted {
            is_part: true,
            is_before: false,
            key: String::new(),
            day,
            counts,
        }));
    }
    Ok(found)
}
