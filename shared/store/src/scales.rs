//! Satisfaction with many things at once, each on its own scale, out of table `rollup`.

use ports::{Corrupt, Query, Row};

use crate::rollups::{some, sums};
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

/// The same of one survey: by what its newest published version says that each question and
/// each row of a matrix is about, one scale for each of them.
pub fn of_survey(
    site_id: &str,
    survey: &str,
    days: (i64, i64),
    before: Option<(i64, i64)>,
) -> Query<Vec<Scale>> {
    let (before_first, before_last) = before.unwrap_or((1, 0));
    Query {
        statement: statement!(
            concat!(
                "with era (is_before, first, last) as (
                   select 0, ?2, ?3 union all select 1, ?4, ?5 where ?4 <= ?5),
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
                 select k.dimension, k.points, e.is_before, ",
                sums!(
                    "rollup r
                     where r.site_id = ?1 and r.grain = 'survey_question' and r.metric = 'csat'
                       and r.points = k.points and r.a = ?6 and r.b = k.name
                       and r.day between e.first and e.last"
                ),
                " from era e cross join k where k.dimension <> '' order by 1, 2, 3"
            ),
            site_id,
            days.0,
            days.1,
            before_first,
            before_last,
            survey,
        ),
        decode: read,
    }
}

fn read(rows: Vec<Row>) -> Result<Vec<Scale>, Corrupt> {
    some(rows, |row| Scale {
        key: row.text(),
        points: row.integer(),
        is_before: row.flag(),
        counts: row.histogram(),
    })
}
