//! What a manager looks at first, in one statement over the rollups.

use ports::{Query, Value};

use crate::rollups::{days, some, sums};
use crate::statement;

/// One line of the overview.
#[derive(Clone, Debug)]
pub struct Line {
    /// `site`, `touchpoint` or `channel`.
    pub grain: String,
    /// The touchpoint or channel; empty for the site.
    pub key: String,
    /// `nps`, `csat` or `ces`.
    pub metric: String,
    /// How often each value was given.
    pub counts: [u64; 11],
}

/// A day and how often each value was given on it.
pub type Day = (i64, [u64; 11]);

/// What the overview shows.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// The site in the days before, by metric.
    pub before: Vec<Line>,
    /// Touchpoints and channels, as a whole.
    pub lines: Vec<Line>,
    /// The site day by day: a metric, and its days.
    pub days: Vec<(String, Vec<Day>)>,
}

/// Everything that the overview shows, in one statement: the site day by day and as a whole in
/// the days `before`, its touchpoints and `channels` (a JSON array) as a whole.
pub fn overview(
    site_id: &str,
    channels: &str,
    before: (i64, i64),
    days: (i64, i64),
) -> Query<Overview> {
    Query {
        statement: statement!(
            concat!(
                "with m (metric, points) as (values ('nps', 10), ('csat', 5), ('ces', 7)),
                 k (grain, a, first, last) as (
                   select 'site', '', ?3, ?4
                   union all select 'touchpoint', id, ?5, ?6 from touchpoint where site_id = ?1
                   union all select 'channel', value, ?5, ?6 from json_each(?2))
                 select k.grain, k.a, m.metric, ",
                sums!(
                    "rollup r
                     where r.site_id = ?1 and r.grain = k.grain and r.metric = m.metric
                       and r.points = m.points and r.a = k.a and r.b = ''
                       and r.day between k.first and k.last"
                ),
                " from k cross join m
                 union all
                 select '', '', m.metric, ",
                days!(
                    "rollup r
                     where r.site_id = ?1 and r.grain = 'site' and r.metric = m.metric
                       and r.points = m.points and r.a = '' and r.b = ''
                       and r.day between ?5 and ?6"
                ),
                " from m"
            ),
            site_id,
            channels,
            before.0,
            before.1,
            days.0,
            days.1,
        ),
        decode: |rows| {
            let mut found = Overview::default();
            let (days, lines) = rows
                .into_iter()
                .partition(|row| row.0.first() == Some(&Value::Text(String::new())));
            found.days = some(days, |row| {
                let (_, _, metric) = (row.text(), row.text(), row.text());
                (metric, row.days())
            })?;
            let lines = some(lines, |row| Line {
                grain: row.text(),
                key: row.text(),
                metric: row.text(),
                counts: row.histogram(),
            })?;
            (found.before, found.lines) = lines.into_iter().partition(|it| it.grain == "site");
            Ok(found)
        },
    }
}
