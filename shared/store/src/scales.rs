//! Satisfaction with many things at once, each on its own scale, out of table `rollup`.

use ports::{Corrupt, Query, Row};

use crate::overview::Day;
use crate::rollups::{days, some, sums};
use crate::statement;

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
pub fn by_key(
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
                sums!(
                    "rollup r
                     where r.site_id = ?1 and r.grain = ?6 and r.metric = 'csat'
                       and r.points = k.points and r.a = k.a and r.b = ''
                       and r.day between e.first and e.last"
                ),
                " from era e cross join k where k.a is not null order by 1, 2, 3"
            ),
            site_id,
            days.0,
            days.1,
            before_first,
            before_last,
            grain,
        ),
        decode: read,
    }
}

/// How satisfied people were with something day by day, on a scale of so many points.
#[derive(Clone, Debug)]
pub struct Dated {
    /// The dimension.
    pub key: String,
    /// The points of the scale.
    pub points: i64,
    /// Whether it is of the days that are compared with, which are told as one day 0.
    pub is_before: bool,
    /// How often each value was given on each day, in their order.
    pub days: Vec<Day>,
}

/// The satisfaction with every dimension on each scale: day by day, and in all of what it is
/// compared with.
pub fn daily(site_id: &str, days: (i64, i64), before: Option<(i64, i64)>) -> Query<Vec<Dated>> {
    let (before_first, before_last) = before.unwrap_or((1, 0));
    Query {
        statement: statement!(
            concat!(
                "with recursive
                 p (points) as (select 2 union all select points + 1 from p where points < 10),
                 k (points, a) as (
                   select p.points, (select min(a) from rollup
                     where site_id = ?1 and grain = 'dimension' and metric = 'csat'
                       and points = p.points)
                   from p
                   union all
                   select k.points, (select min(a) from rollup
                     where site_id = ?1 and grain = 'dimension' and metric = 'csat'
                       and points = k.points and a > k.a)
                   from k where k.a is not null)
                 select k.a, k.points, 0, ",
                days!(
                    "rollup r
                     where r.site_id = ?1 and r.grain = 'dimension' and r.metric = 'csat'
                       and r.points = k.points and r.a = k.a and r.b = ''
                       and r.day between ?2 and ?3"
                ),
                " from k where k.a is not null
                 union all
                 select k.a, k.points, 1, '0 ' || ",
                sums!(
                    "rollup r
                     where r.site_id = ?1 and r.grain = 'dimension' and r.metric = 'csat'
                       and r.points = k.points and r.a = k.a and r.b = ''
                       and r.day between ?4 and ?5"
                ),
                " from k where k.a is not null and ?4 <= ?5 order by 1, 2, 3"
            ),
            site_id,
            days.0,
            days.1,
            before_first,
            before_last,
        ),
        decode: read_daily,
    }
}

/// The same of one survey: by what its newest published version says that each question and
/// each row of a matrix is about, one scale for each of them.
pub fn daily_of_survey(
    site_id: &str,
    survey: &str,
    days: (i64, i64),
    before: Option<(i64, i64)>,
) -> Query<Vec<Dated>> {
    let (before_first, before_last) = before.unwrap_or((1, 0));
    Query {
        statement: statement!(
            concat!(
                "with
                 q (it) as (
                   select jsonb(i.value)
                   from study s
                   join study_version v on v.study_id = s.id and v.number = s.published
                   cross join json_each(v.definition, '$.questions') i
                   where s.id = ?6 and s.site_id = ?1),
                 k (name, dimension, points) as (
                   select it ->> 'id', it ->> 'dimension', coalesce(it ->> 'points', 5)
                   from q where it ->> 'type' = 'rating'
                   union all
                   select (it ->> 'id') || '.' || (i.value ->> 'id'),
                     coalesce(i.value ->> 'dimension', it ->> 'dimension'), it ->> 'points'
                   from q cross join json_each(it, '$.rows') i
                   where it ->> 'type' = 'matrix' and it ->> 'points' is not null)
                 select k.dimension, k.points, 0, ",
                days!(
                    "rollup r
                     where r.site_id = ?1 and r.grain = 'survey_question' and r.metric = 'csat'
                       and r.points = k.points and r.a = ?6 and r.b = k.name
                       and r.day between ?2 and ?3"
                ),
                " from k where k.dimension <> ''
                 union all
                 select k.dimension, k.points, 1, '0 ' || ",
                sums!(
                    "rollup r
                     where r.site_id = ?1 and r.grain = 'survey_question' and r.metric = 'csat'
                       and r.points = k.points and r.a = ?6 and r.b = k.name
                       and r.day between ?4 and ?5"
                ),
                " from k where k.dimension <> '' and ?4 <= ?5 order by 1, 2, 3"
            ),
            site_id,
            days.0,
            days.1,
            before_first,
            before_last,
            survey,
        ),
        decode: read_daily,
    }
}

fn read_daily(rows: Vec<Row>) -> Result<Vec<Dated>, Corrupt> {
    some(rows, |row| Dated {
        key: row.text(),
        points: row.integer(),
        is_before: row.flag(),
        days: row.days(),
    })
}

fn read(rows: Vec<Row>) -> Result<Vec<Scale>, Corrupt> {
    some(rows, |row| Scale {
        key: row.text(),
        points: row.integer(),
        is_before: row.flag(),
        counts: row.histogram(),
    })
}
