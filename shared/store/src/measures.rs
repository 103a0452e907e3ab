//! Measurements: table `measurement`, handed in through the view `measured`, whose trigger keeps
//! the rollups of table `measure`, which is all that figures read.

use domain::measure::Cell;
use ports::{Cells, Corrupt, Query, Row, Statement};

use crate::{all, statement};

/// What measurements name that is there already.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Touchpoints and agents of the site.
    pub ids: Vec<String>,
    /// Keys of measurements that were taken before.
    pub keys: Vec<String>,
}

/// What of the touchpoints and agents `ids` and of the keys `keys`, both JSON arrays, is there.
pub fn known(site_id: &str, ids: &str, keys: &str) -> Query<Known> {
    Query {
        statement: statement!(
            "select 0, x.id from json_each(?2) it
               cross join touchpoint x on x.id = it.value where x.site_id = ?1
             union all
             select 0, x.id from json_each(?2) it
               cross join agent x on x.id = it.value where x.site_id = ?1
             union all
             select 1, x.key from json_each(?3) it
               cross join measurement x on x.site_id = ?1 and x.key = it.value",
            site_id,
            ids,
            keys
        ),
        decode: |rows| {
            let mut known = Known::default();
            for (is_key, text) in all(rows, |row| (row.flag(), row.text()))? {
                if is_key { known.keys.push(text) } else { known.ids.push(text) }
            }
            Ok(known)
        },
    }
}

/// Takes measurements, a JSON array as the view `measured` describes it, and leaves out those
/// whose key was taken before.
///
/// With `is_all_new` it yields no row, and takes none, unless all of them are new. A batch must
/// not have been handed in before.
pub fn record(rows: &str, site_id: &str, batch_id: &str, is_all_new: bool) -> Statement {
    statement!(
        "insert into measured (rows, site_id, batch_id)
         select ?1, ?2, ?3
         where ?4 = 0 or not exists (
           select 1 from json_each(?1) it
           cross join measurement m on m.site_id = ?2 and m.key = it.value ->> 0)
         returning site_id",
        rows,
        site_id,
        batch_id,
        is_all_new
    )
}

/// What a reading is about.
#[derive(Clone, Debug)]
pub struct Span<'a> {
    /// The site.
    pub site_id: &'a str,
    /// What was measured.
    pub name: &'a str,
    /// `site`, `touchpoint`, `channel` or `agent`.
    pub grain: &'a str,
    /// The grain's key; empty for the site.
    pub key: &'a str,
    /// The first day and the last.
    pub days: (i64, i64),
}

/// What was measured of one thing.
#[derive(Clone, Debug)]
pub struct Part {
    /// The touchpoint, channel or agent; empty for the site.
    pub key: String,
    /// What was measured.
    pub name: String,
    /// Days, 0 for all of them together, with what was measured on them.
    pub cells: Vec<(i64, Cell)>,
}

/// The cells of a grain, name and key over the days `?2` to `?3`, as one text.
macro_rules! cells {
    ($grain:literal, $name:literal, $key:literal) => {
        concat!(
            "coalesce((select group_concat('0 ' || bound || ' ' || n || ' ' || sum, ';') from (
               select bound, sum(n) as n, sum(sum) as sum from measure
               where site_id = ?1 and grain = ",
            $grain,
            " and name = ",
            $name,
            " and a = ",
            $key,
            " and day between ?2 and ?3 group by bound)), '')"
        )
    };
}

/// The sums over all days, of one key of a grain.
pub fn total(it: &Span<'_>) -> Query<Vec<Part>> {
    over(concat!("select ?6, ?5, ", cells!("?4", "?5", "?6")), it)
}

/// The sums over all days, of each key of a grain.
pub fn by_key(it: &Span<'_>) -> Query<Vec<Part>> {
    let text = concat!(
        "with recursive k (a) as (
           select min(a) from measure where site_id = ?1 and grain = ?4 and name = ?5 and ?6 = ''
           union all
           select (select min(a) from measure
             where site_id = ?1 and grain = ?4 and name = ?5 and a > k.a)
           from k where k.a is not null)
         select k.a, ?5, ",
        cells!("?4", "?5", "k.a"),
        " from k where k.a is not null"
    );
    over(text, it)
}

/// Day by day, in their order, of one key of a grain.
pub fn by_day(it: &Span<'_>) -> Query<Vec<Part>> {
    let text = "select ?6, ?5, coalesce((
           select group_concat(day || ' ' || bound || ' ' || n || ' ' || sum, ';') from measure
           where site_id = ?1 and grain = ?4 and name = ?5 and a = ?6
             and day between ?2 and ?3), '')";
    over(text, it)
}

fn over(text: &'static str, it: &Span<'_>) -> Query<Vec<Part>> {
    let statement =
        statement!(of text, it.site_id, it.days.0, it.days.1, it.grain, it.name, it.key);
    Query { statement, decode: parts }
}

/// Of the site what `names` says, and of each touchpoint what `standards` says, JSON arrays both,
/// over some days.
pub fn figures(site_id: &str, days: (i64, i64), names: &str, standards: &str) -> Query<Vec<Part>> {
    Query {
        statement: statement!(
            concat!(
                "select '', it.value, ",
                cells!("'site'", "it.value", "''"),
                " from json_each(?4) it
                 union all
                 select t.id, it.value, ",
                cells!("'touchpoint'", "it.value", "t.id"),
                " from touchpoint t cross join json_each(?5) it where t.site_id = ?1"
            ),
            site_id,
            days.0,
            days.1,
            names,
            standards,
        ),
        decode: parts,
    }
}

/// Something that figures are told of.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The seconds that a touchpoint's service standards allow, a JSON object; else empty.
    pub standards: String,
}

/// The touchpoints of a site.
pub fn touchpoints(site_id: &str) -> Query<Vec<Named>> {
    Query {
        statement: statement!(
            "select id, name, standards from touchpoint where site_id = ?1 order by id",
            site_id
        ),
        decode: named,
    }
}

/// The touchpoints and agents of a site among `ids`, a JSON array.
pub fn names(site_id: &str, ids: &str) -> Query<Vec<Named>> {
    Query {
        statement: statement!(
            "select x.id, x.name, x.standards from json_each(?2) it
               cross join touchpoint x on x.id = it.value where x.site_id = ?1
             union all
             select x.id, x.name, '' from json_each(?2) it
               cross join agent x on x.id = it.value where x.site_id = ?1",
            site_id,
            ids
        ),
        decode: named,
    }
}

fn named(rows: Vec<Row>) -> Result<Vec<Named>, Corrupt> {
    all(rows, |row| Named { id: row.text(), name: row.text(), standards: row.text() })
}

fn parts(rows: Vec<Row>) -> Result<Vec<Part>, Corrupt> {
    let mut parts = Vec::with_capacity(rows.len());
    for (key, name, text) in all(rows, |row: &mut Cells| (row.text(), row.text(), row.text()))? {
        let cells = cells(&text).ok_or_else(|| Corrupt("a measure is not numbers".to_owned()))?;
        parts.push(Part { key, name, cells });
    }
    Ok(parts)
}

/// Reads `day bound n sum`, again and again with semicolons between.
fn cells(text: &str) -> Option<Vec<(i64, Cell)>> {
    let mut cells = Vec::new();
    for cell in text.split(';').filter(|it| !it.is_empty()) {
        let mut numbers = cell.split(' ').map(|it| it.parse::<i64>().ok());
        let mut next = || numbers.next().flatten();
        let (day, bound) = (next()?, next()?);
        let (n, sum) = (u64::try_from(next()?).ok()?, u64::try_from(next()?).ok()?);
        cells.push((day, Cell { bound, n, sum }));
    }
    Some(cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_four_numbers_each() {
        let cell = |bound, n, sum| Cell { bound, n, sum };
        assert_eq!(cells(""), Some(Vec::new()));
        let two = vec![(0, cell(60, 2, 90_000)), (-3, cell(0, 1, 7))];
        assert_eq!(cells("0 60 2 90000;-3 0 1 7"), Some(two));
        for wrong in ["1", "1 2 3", "1 2 -3 4", "1 2 x 4"] {
            assert_eq!(cells(wrong), None, "{wrong}");
        }
    }
}
