//! What call-backs come to, read from the counts alone: tables `call_count` and `call_value`.

use domain::callback::count::Tally;
use domain::measure::Cell;
use ports::{Cells, Query, Statement};

use crate::case_figures::{Open, Part, Span, Valued};
use crate::{all, statement};

/// What the overview shows of call-backs.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// What was asked for on its days.
    pub tally: Tally,
    /// What is open now.
    pub open: i64,
    /// Those of it whose promise is broken.
    pub overdue: i64,
    /// The waits until the first attempt.
    pub waits: Vec<Valued>,
    /// What they were on the days that are compared with.
    pub before: Tally,
    /// How many were asked for on each day.
    pub requested: Vec<(i64, i64)>,
}

/// The sums of a tally over the rows `c`.
macro_rules! sums {
    () => {
        "sum(c.requested), sum(c.appointments), sum(c.open), sum(c.overdue), sum(c.reached),
         sum(c.failed), sum(c.cancelled), sum(c.expired), sum(c.decided), sum(c.kept),
         sum(c.called), sum(c.reached_first), sum(c.shown), sum(c.no_show), sum(c.attempts),
         sum(c.attempts_to_reach), sum(c.moved)"
    };
}

pub(crate) use sums;

/// The keys `k` of a grain, found by jumping from one to the next.
macro_rules! keys {
    () => {
        "with recursive k (a) as (
           select min(a) from call_count where site_id = ?1 and grain = ?2
           union all
           select (select min(a) from call_count
             where site_id = ?1 and grain = ?2 and a > k.a)
           from k where k.a is not null) "
    };
}

/// The sums over all days, of one key of a grain. Yields nothing where nothing was counted.
pub fn total(it: &Span<'_>) -> Query<Vec<Part<Tally>>> {
    let text = concat!(
        "select c.a, 0, ",
        sums!(),
        " from call_count c
         where c.site_id = ?1 and c.grain = ?2 and c.a = ?3 and c.day between ?4 and ?5
         group by c.a"
    );
    Query { statement: one_key(text, it), decode: |rows| all(rows, part) }
}

/// Day by day, of one key of a grain.
pub fn by_day(it: &Span<'_>) -> Query<Vec<Part<Tally>>> {
    let text = concat!(
        "select c.a, c.day, ",
        sums!(),
        " from call_count c
         where c.site_id = ?1 and c.grain = ?2 and c.a = ?3 and c.day between ?4 and ?5
         group by c.day"
    );
    Query { statement: one_key(text, it), decode: |rows| all(rows, part) }
}

/// The sums over all days, of each key of a grain.
pub fn by_key(it: &Span<'_>) -> Query<Vec<Part<Tally>>> {
    let text = concat!(
        keys!(),
        "select c.a, 0, ",
        sums!(),
        " from k cross join call_count c
         where c.site_id = ?1 and c.grain = ?2 and c.a = k.a and c.day between ?3 and ?4
         group by c.a"
    );
    Query { statement: every_key(text, it), decode: |rows| all(rows, part) }
}

/// The waits over all days, of one key of a grain.
pub fn waits(it: &Span<'_>) -> Query<Vec<Valued>> {
    let text = "select c.a, 0, c.name, c.bound, sum(c.n), sum(c.sum)
         from json_each('[\"appointment\",\"asap\",\"visit\"]') v
         cross join call_value c
         where c.site_id = ?1 and c.grain = ?2 and c.name = v.value and c.a = ?3
           and c.day between ?4 and ?5
         group by c.name, c.bound";
    Query { statement: one_key(text, it), decode: |rows| all(rows, wait) }
}

/// The waits day by day, of one key of a grain.
pub fn waits_by_day(it: &Span<'_>) -> Query<Vec<Valued>> {
    let text = "select c.a, c.day, c.name, c.bound, c.n, c.sum
         from json_each('[\"appointment\",\"asap\",\"visit\"]') v
         cross join call_value c
         where c.site_id = ?1 and c.grain = ?2 and c.name = v.value and c.a = ?3
           and c.day between ?4 and ?5";
    Query { statement: one_key(text, it), decode: |rows| all(rows, wait) }
}

/// The waits over all days, of each key of a grain.
pub fn waits_by_key(it: &Span<'_>) -> Query<Vec<Valued>> {
    let text = concat!(
        keys!(),
        "select c.a, 0, c.name, c.bound, sum(c.n), sum(c.sum)
         from k cross join json_each('[\"appointment\",\"asap\",\"visit\"]') v
         cross join call_value c
         where c.site_id = ?1 and c.grain = ?2 and c.name = v.value and c.a = k.a
           and c.day between ?3 and ?4
         group by c.a, c.name, c.bound"
    );
    Query { statement: every_key(text, it), decode: |rows| all(rows, wait) }
}

/// What is open of one key of a grain, or of each where `key` is `*`, by the day on which it was
/// asked for, up to a day.
pub fn open(site_id: &str, grain: &str, key: &str, until: i64) -> Query<Vec<Open>> {
    let text = if key == "*" {
        "select a, day, open, overdue from call_count indexed by call_count_open
         where site_id = ?1 and grain = ?2 and ?3 = '*' and day <= ?4 and open > 0"
    } else {
        "select a, day, open, overdue from call_count indexed by call_count_open
         where site_id = ?1 and grain = ?2 and a = ?3 and day <= ?4 and open > 0"
    };
    Query {
        statement: statement!(of text, site_id, grain, key, until),
        decode: |rows| {
            all(rows, |row| Open {
                key: row.text(),
                day: row.integer(),
                n: row.integer(),
                overdue: row.integer(),
            })
        },
    }
}

/// The names of the agents and services among `ids`, a JSON array.
pub fn names(site_id: &str, ids: &str) -> Query<Vec<(String, String)>> {
    Query {
        statement: statement!(
            "select x.id, x.name from json_each(?2) it
               cross join agent x on x.id = it.value where x.site_id = ?1
             union all
             select x.id, x.name from json_each(?2) it
               cross join service x on x.id = it.value where x.site_id = ?1",
            site_id,
            ids
        ),
        decode: |rows| all(rows, |row| (row.text(), row.text())),
    }
}

fn one_key(text: &'static str, it: &Span<'_>) -> Statement {
    statement!(of text, it.site_id, it.grain, it.key, it.days.0, it.days.1)
}

fn every_key(text: &'static str, it: &Span<'_>) -> Statement {
    statement!(of text, it.site_id, it.grain, it.days.0, it.days.1)
}

fn part(row: &mut Cells) -> Part<Tally> {
    Part { key: row.text(), day: row.integer(), tally: Tally::of(|| row.integer()) }
}

fn wait(row: &mut Cells) -> Valued {
    let (key, day, name) = (row.text(), row.integer(), row.text());
    let cell = Cell { bound: row.integer(), n: row.count(), sum: row.count() };
    Valued { key, day, name, cell }
}
