//! What cases come to, read from the counts alone: tables `case_count` and `case_value`.

use domain::callback::count;
use domain::case::count::Tally;
use domain::measure::Cell;
use ports::{Cells, Corrupt, Query, Row, Statement};

use crate::call_figures;
use crate::{all, statement};

/// What a reading is about.
#[derive(Clone, Copy, Debug)]
pub struct Span<'a> {
    /// The site.
    pub site_id: &'a str,
    /// One of `domain::case::count::GRAINS`.
    pub grain: &'a str,
    /// The grain's key; empty for the site.
    pub key: &'a str,
    /// The first day and the last, on which cases were received.
    pub days: (i64, i64),
}

/// What cases come to, of one key and one day.
#[derive(Clone, Debug, Default)]
pub struct Part<T = Tally> {
    /// The key; empty for the site.
    pub key: String,
    /// The day, 0 for all of them together.
    pub day: i64,
    /// The counts.
    pub tally: T,
}

/// How many durations or ratings there are, of one key and one day.
#[derive(Clone, Debug)]
pub struct Valued {
    /// As with [`Part`].
    pub key: String,
    /// As with [`Part`].
    pub day: i64,
    /// One of `domain::case::count::VALUES`; of call-backs the mode.
    pub name: String,
    /// The bound, how many, and their sum.
    pub cell: Cell,
}

/// The sums of a tally over the rows `c`.
macro_rules! sums {
    () => {
        "sum(c.received), sum(c.not_complaints), sum(c.merged), sum(c.open), sum(c.waiting),
         sum(c.answered), sum(c.solved), sum(c.closed), sum(c.answer_decided),
         sum(c.answer_on_time), sum(c.solution_decided), sum(c.solution_on_time),
         sum(c.closing_decided), sum(c.closing_on_time), sum(c.overdue), sum(c.late),
         sum(c.reopened), sum(c.repeated), sum(c.first_contact_known), sum(c.first_contact),
         sum(c.needs_review), sum(c.general), sum(c.moderate), sum(c.major),
         sum(c.process_gap), sum(c.product_defect), sum(c.service_error)"
    };
}

/// The keys `k` of a grain, found by jumping from one to the next.
macro_rules! keys {
    () => {
        "with recursive k (a) as (
           select min(a) from case_count where site_id = ?1 and grain = ?2
           union all
           select (select min(a) from case_count
             where site_id = ?1 and grain = ?2 and a > k.a)
           from k where k.a is not null) "
    };
}

/// The sums over all days, of one key of a grain. Yields nothing where nothing was counted.
pub fn total(it: &Span<'_>) -> Query<Vec<Part>> {
    let text = concat!(
        "select c.a, 0, ",
        sums!(),
        " from case_count c
         where c.site_id = ?1 and c.grain = ?2 and c.a = ?3 and c.day between ?4 and ?5
         group by c.a"
    );
    Query { statement: one_key(text, it), decode: parts }
}

/// Day by day, of one key of a grain.
pub fn by_day(it: &Span<'_>) -> Query<Vec<Part>> {
    let text = concat!(
        "select c.a, c.day, ",
        sums!(),
        " from case_count c
         where c.site_id = ?1 and c.grain = ?2 and c.a = ?3 and c.day between ?4 and ?5
         group by c.day"
    );
    Query { statement: one_key(text, it), decode: parts }
}

/// The sums over all days, of each key of a grain.
pub fn by_key(it: &Span<'_>) -> Query<Vec<Part>> {
    let text = concat!(
        keys!(),
        "select c.a, 0, ",
        sums!(),
        " from k cross join case_count c
         where c.site_id = ?1 and c.grain = ?2 and c.a = k.a and c.day between ?3 and ?4
         group by c.a"
    );
    Query { statement: every_key(text, it), decode: parts }
}

/// The durations and ratings over all days, of one key of a grain.
pub fn values(it: &Span<'_>) -> Query<Vec<Valued>> {
    let text = "select c.a, 0, c.name, c.bound, sum(c.n), sum(c.sum)
         from json_each('[\"first_answer\",\"solution\",\"csat\",\"ces\"]') v
         cross join case_value c
         where c.site_id = ?1 and c.grain = ?2 and c.name = v.value and c.a = ?3
           and c.day between ?4 and ?5
         group by c.name, c.bound";
    Query { statement: one_key(text, it), decode: valued }
}

/// The durations and ratings day by day, of one key of a grain.
pub fn values_by_day(it: &Span<'_>) -> Query<Vec<Valued>> {
    let text = "select c.a, c.day, c.name, c.bound, c.n, c.sum
         from json_each('[\"first_answer\",\"solution\",\"csat\",\"ces\"]') v
         cross join case_value c
         where c.site_id = ?1 and c.grain = ?2 and c.name = v.value and c.a = ?3
           and c.day between ?4 and ?5";
    Query { statement: one_key(text, it), decode: valued }
}

/// The durations and ratings over all days, of each key of a grain.
pub fn values_by_key(it: &Span<'_>) -> Query<Vec<Valued>> {
    let text = concat!(
        keys!(),
        "select c.a, 0, c.name, c.bound, sum(c.n), sum(c.sum)
         from k cross join json_each('[\"first_answer\",\"solution\",\"csat\",\"ces\"]') v
         cross join case_value c
         where c.site_id = ?1 and c.grain = ?2 and c.name = v.value and c.a = k.a
           and c.day between ?3 and ?4
         group by c.a, c.name, c.bound"
    );
    Query { statement: every_key(text, it), decode: valued }
}

fn one_key(text: &'static str, it: &Span<'_>) -> Statement {
    statement!(of text, it.site_id, it.grain, it.key, it.days.0, it.days.1)
}

fn every_key(text: &'static str, it: &Span<'_>) -> Statement {
    statement!(of text, it.site_id, it.grain, it.days.0, it.days.1)
}

/// What is open of one key, whenever it was received.
#[derive(Clone, Debug, Default)]
pub struct Open {
    /// The key; empty for the site.
    pub key: String,
    /// The day on which it was received.
    pub day: i64,
    /// How many there are.
    pub n: i64,
    /// Those of them whose time is over.
    pub overdue: i64,
}

/// What is open of one key of a grain, or of each where `key` is `*`, by the day on which it was
/// received, up to a day.
pub fn open(site_id: &str, grain: &str, key: &str, until: i64) -> Query<Vec<Open>> {
    let text = if key == "*" {
        "select a, day, open + waiting, overdue from case_count indexed by case_count_open
         where site_id = ?1 and grain = ?2 and ?3 = '*' and day <= ?4 and open + waiting > 0"
    } else {
        "select a, day, open + waiting, overdue from case_count indexed by case_count_open
         where site_id = ?1 and grain = ?2 and a = ?3 and day <= ?4 and open + waiting > 0"
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

/// What the overview of complaints and call-backs is about.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The complaints, and the days. Of the whole site, each grade is told as well.
    pub cases: Span<'a>,
    /// The grain of the call-backs, whose key is that of the complaints; empty for none of them.
    pub calls: &'a str,
    /// The first day and the last of what they are compared with.
    pub before: Option<(i64, i64)>,
    /// The day up to which they are open.
    pub until: i64,
}

/// What the overview shows of complaints and of call-backs.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// All of them, whose key is empty, and each grade.
    pub parts: Vec<Part>,
    /// What is open of them.
    pub open: Vec<Open>,
    /// The first answers.
    pub first_answers: Vec<Cell>,
    /// What they were on the days that are compared with.
    pub before: Tally,
    /// How many were received on each day.
    pub received: Vec<(i64, i64)>,
    /// The call-backs.
    pub calls: call_figures::Overview,
}

/// Fills a row that tells two numbers up to the width of a tally.
macro_rules! rest {
    () => {
        ", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0"
    };
}

/// The statement of [`overview`].
const OVERVIEW: &str = concat!(
    "with g (name, grain, a) as (
       select '', ?5, ?6
       union all select value, 'grade', value
       from json_each('[\"general\",\"moderate\",\"major\"]') where ?5 = 'site')
     select 0, g.name, 0, ",
    sums!(),
    " from g cross join case_count c
     where c.site_id = ?1 and c.grain = g.grain and c.a = g.a
       and c.day between ?2 and ?3
     group by g.name
     union all
     select 1, g.name, c.day, c.open + c.waiting, c.overdue",
    rest!(),
    " from g cross join case_count c indexed by case_count_open
     where c.site_id = ?1 and c.grain = g.grain and c.a = g.a and c.day <= ?4
       and c.open + c.waiting > 0
     union all
     select 2, '', c.bound, sum(c.n), sum(c.sum)",
    rest!(),
    " from case_value c
     where c.site_id = ?1 and c.grain = ?5 and c.name = 'first_answer'
       and c.a = ?6 and c.day between ?2 and ?3
     group by c.bound
     union all
     select 3, '', 0, ",
    call_figures::sums!(),
    ", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
     from call_count c
     where c.site_id = ?1 and c.grain = ?7 and c.a = ?6
       and c.day between ?2 and ?3
     group by c.a
     union all
     select 4, '', 0, sum(c.open), sum(c.overdue)",
    rest!(),
    " from call_count c indexed by call_count_open
     where c.site_id = ?1 and c.grain = ?7 and c.a = ?6 and c.day <= ?4
       and c.open > 0
     group by c.a
     union all
     select 5, c.name, c.bound, sum(c.n), sum(c.sum)",
    rest!(),
    " from json_each('[\"appointment\",\"asap\",\"visit\"]') v
     cross join call_value c
     where c.site_id = ?1 and c.grain = ?7 and c.name = v.value and c.a = ?6
       and c.day between ?2 and ?3
     group by c.name, c.bound
     union all
     select 6, '', c.day, c.received, 0",
    rest!(),
    " from case_count c
     where c.site_id = ?1 and c.grain = ?5 and c.a = ?6
       and c.day between ?2 and ?3
     union all
     select 7, '', c.day, c.requested, 0",
    rest!(),
    " from call_count c
     where c.site_id = ?1 and c.grain = ?7 and c.a = ?6
       and c.day between ?2 and ?3
     union all
     select 8, '', 0, ",
    sums!(),
    " from case_count c
     where c.site_id = ?1 and c.grain = ?5 and c.a = ?6
       and c.day between ?8 and ?9
     group by c.a
     union all
     select 9, '', 0, ",
    call_figures::sums!(),
    ", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
     from call_count c
     where c.site_id = ?1 and c.grain = ?7 and c.a = ?6
       and c.day between ?8 and ?9
     group by c.a"
);

/// What complaints of some days come to, as a whole and of each grade, and what is open of them up
/// to `until`; and the same of call-backs. All in one statement: it is a call of the host.
pub fn overview(it: &Asked<'_>) -> Query<Overview> {
    let before = it.before.unwrap_or((1, 0));
    Query {
        statement: statement!(
            OVERVIEW,
            it.cases.site_id,
            it.cases.days.0,
            it.cases.days.1,
            it.until,
            it.cases.grain,
            it.cases.key,
            it.calls,
            before.0,
            before.1,
        ),
        decode: read_overview,
    }
}

fn read_overview(rows: Vec<Row>) -> Result<Overview, Corrupt> {
    let mut found = Overview::default();
    for (what, Part { key, day, tally }) in all(rows, |row| (row.integer(), part(row)))? {
        // The numbers of a tally come first to last, whatever they stand for.
        let (first, second) = (tally.received, tally.not_complaints);
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        let of_calls = || {
            let mut numbers = tally.numbers().into_iter();
            count::Tally::of(|| numbers.next().unwrap_or_default())
        };
        match what {
            0 => found.parts.push(Part { key, day, tally }),
            1 => found.open.push(Open { key, day, n: first, overdue: second }),
            2 => {
                let (n, sum) = (count(first), count(second));
                found.first_answers.push(Cell { bound: day, n, sum });
            }
            3 => found.calls.tally = of_calls(),
            4 => (found.calls.open, found.calls.overdue) = (first, second),
            5 => {
                let cell = Cell { bound: day, n: count(first), sum: count(second) };
                found.calls.waits.push(Valued { key: String::new(), day: 0, name: key, cell });
            }
            6 => found.received.push((day, first)),
            7 => found.calls.requested.push((day, first)),
            8 => found.before = tally,
            _ => found.calls.before = of_calls(),
        }
    }
    Ok(found)
}

/// The names of the departments, touchpoints, agents and causes among `ids`, a JSON array.
pub fn names(site_id: &str, ids: &str) -> Query<Vec<(String, String)>> {
    Query {
        statement: statement!(
            "select x.id, x.name from json_each(?2) it
               cross join department x on x.id = it.value where x.site_id = ?1
             union all
             select x.id, x.name from json_each(?2) it
               cross join touchpoint x on x.id = it.value where x.site_id = ?1
             union all
             select x.id, x.name from json_each(?2) it
               cross join agent x on x.id = it.value where x.site_id = ?1
             union all
             select x.id, x.name from json_each(?2) it
               cross join cause x on x.id = it.value where x.site_id = ?1",
            site_id,
            ids
        ),
        decode: |rows| all(rows, |row| (row.text(), row.text())),
    }
}

fn parts(rows: Vec<Row>) -> Result<Vec<Part>, Corrupt> {
    all(rows, part)
}

fn part(row: &mut Cells) -> Part {
    Part { key: row.text(), day: row.integer(), tally: Tally::of(|| row.integer()) }
}

fn valued(rows: Vec<Row>) -> Result<Vec<Valued>, Corrupt> {
    all(rows, |row| Valued {
        key: row.text(),
        day: row.integer(),
        name: row.text(),
        cell: cell(row),
    })
}

fn cell(row: &mut Cells) -> Cell {
    Cell { bound: row.integer(), n: row.count(), sum: row.count() }
}
