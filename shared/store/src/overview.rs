//! What a manager looks at first, in one statement over the rollups.

use ports::{Query, Value};

use crate::rollups::{Key, days, some, sums};
use crate::statement;

/// What the overview is about.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The site.
    pub site_id: &'a str,
    /// What the scores are of.
    pub total: Key<'a>,
    /// The touchpoints that are told one by one.
    pub touchpoints: List<'a>,
    /// The channels that are told one by one.
    pub channels: List<'a>,
    /// The first day and the last.
    pub days: (i64, i64),
    /// The first day and the last of what it is compared with.
    pub before: Option<(i64, i64)>,
}

/// Things that are told one by one. The default is none of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct List<'a> {
    /// The grain that keeps them; empty for no list.
    pub grain: &'a str,
    /// The other key of the grain: behind a touchpoint's, before a channel's; empty for none.
    pub other: &'a str,
    /// Which: of touchpoints the only one, empty for all; of channels a JSON array.
    pub which: &'a str,
}

/// One line of the overview.
#[derive(Clone, Debug)]
pub struct Line {
    /// `touchpoint` or `channel`; empty for the whole.
    pub list: String,
    /// The touchpoint or channel; empty for the whole.
    pub key: String,
    /// `nps`, `csat` or `ces`.
    pub metric: String,
    /// Whether it is of the days that are compared with.
    pub is_before: bool,
    /// How often each value was given.
    pub counts: [u64; 11],
}

/// A day and how often each value was given on it.
pub type Day = (i64, [u64; 11]);

/// What the overview shows.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// Sums over days: the whole before; touchpoints and channels.
    pub lines: Vec<Line>,
    /// The whole day by day: a metric, and its days.
    pub days: Vec<(String, Vec<Day>)>,
}

/// The statement of [`overview`].
const OVERVIEW: &str = concat!(
    "with m (metric, points) as (values ('nps', 10), ('csat', 5), ('ces', 7)),
     k (list, name, grain, a, b) as (
       select 'touchpoint', id, ?10, id, ?11 from touchpoint
       where site_id = ?1 and ?10 <> '' and ?12 in ('', id)
       union all
       select 'channel', value, ?13, iif(?14 = '', value, ?14),
         iif(?14 = '', '', value)
       from json_each(?2) where ?13 <> '')
     select k.list, k.name, m.metric, 0, ",
    sums!(
        "rollup r
         where r.site_id = ?1 and r.grain = k.grain and r.metric = m.metric
           and r.points = m.points and r.a = k.a and r.b = k.b
           and r.day between ?5 and ?6"
    ),
    " from k cross join m
     union all
     select k.list, k.name, 'csat', 1, ",
    sums!(
        "rollup r
         where r.site_id = ?1 and r.grain = k.grain and r.metric = 'csat'
           and r.points = 5 and r.a = k.a and r.b = k.b
           and r.day between ?3 and ?4"
    ),
    " from k where k.list = 'touchpoint' and ?3 <= ?4
     union all
     select '', '', m.metric, 1, ",
    sums!(
        "rollup r
         where r.site_id = ?1 and r.grain = ?7 and r.metric = m.metric
           and r.points = m.points and r.a = ?8 and r.b = ?9
           and r.day between ?3 and ?4"
    ),
    " from m where ?3 <= ?4
     union all
     select '', '', m.metric, 0, ",
    days!(
        "rollup r
         where r.site_id = ?1 and r.grain = ?7 and r.metric = m.metric
           and r.points = m.points and r.a = ?8 and r.b = ?9
           and r.day between ?5 and ?6"
    ),
    " from m"
);

/// Everything that the overview shows, in one statement: the whole day by day and as a sum of the
/// days before, its touchpoints, their satisfaction before as well, and its channels.
pub fn overview(it: &Asked<'_>) -> Query<Overview> {
    let before = it.before.unwrap_or((1, 0));
    Query {
        statement: statement!(
            OVERVIEW,
            it.site_id,
            it.channels.which,
            before.0,
            before.1,
            it.days.0,
            it.days.1,
            it.total.grain,
            it.total.a,
            it.total.b,
            it.touchpoints.grain,
            it.touchpoints.other,
            it.touchpoints.which,
            it.channels.grain,
            it.channels.other,
        ),
        decode: |rows| {
            let is_days = |cells: &[Value]| {
                cells.first() == Some(&Value::Text(String::new()))
                    && cells.get(3) == Some(&Value::Integer(0))
            };
            let (days, lines) = rows.into_iter().partition(|row| is_days(&row.0));
            let days = some(days, |row| {
                let (_, _, metric, _) = (row.text(), row.text(), row.text(), row.integer());
                (metric, row.days())
            })?;
            let lines = some(lines, |row| Line {
                list: row.text(),
                key: row.text(),
                metric: row.text(),
                is_before: row.flag(),
                counts: row.histogram(),
            })?;
            Ok(Overview { lines, days })
        },
    }
}
