//! What operators watch: how much waits, since when, and a few figures of each site.
//!
//! Nothing here reads a table from end to end. Backlogs are counted over the partial indexes that
//! hold nothing else, and no further than [`COUNT_MAX`] or [`LOOK_MAX`]; where SQLite would rather
//! read all of a site they are named. Figures come from counts and rollups that are kept anyway.
//! Most statements return their numbers as one text, with blanks between: many values cross from
//! the host to the guest at once.

use ports::{Cells, Query, Row};

use crate::looks::low_scores;
use crate::{Page, all, one, statement};

/// Where counting over an index ends. Whoever sees this number knows that there may be more.
pub const COUNT_MAX: i64 = 10_000;
/// Where counting ends that has to look into the rows.
pub const LOOK_MAX: i64 = 2_000;

/// Counts the rows behind an index, as far as `?1`.
macro_rules! count {
    ($from:expr) => {
        concat!("(select count(*) from (select 1 from ", $from, " limit ?1))")
    };
}

/// What waits for other systems or came from them, and how much there is of everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it; instants are UTC milliseconds, 0 for none")]
pub struct Backlog {
    pub deliveries_due: i64,
    pub deliveries_dead: i64,
    /// When the oldest event happened that waits to be delivered.
    pub deliveries_oldest: i64,
    pub webhooks_active: i64,
    pub webhooks_failing: i64,
    pub webhooks_disabled: i64,
    /// Since when the one that fails longest does.
    pub failing_since: i64,
    pub inbound_new: i64,
    pub inbound_oldest: i64,
    pub inbound_failed: i64,
    pub events: i64,
    pub sites: i64,
}

/// What waits.
pub fn backlog() -> Query<Option<Backlog>> {
    Query {
        statement: statement!(
            concat!(
                "select ",
                count!("delivery where state = 'due'"),
                ", ",
                count!(
                    "webhook w cross join delivery d on d.webhook_id = w.id and d.state = 'dead'
                     where w.id > ''"
                ),
                ", coalesce((select at_ms from event where seq = (
                     select min(sequence) from (
                       select sequence from delivery where state = 'due' limit ?1))), 0), ",
                count!("outlet where is_active = 1"),
                ", ",
                count!("outlet where is_active = 1 and failing_since_ms is not null"),
                ", ",
                count!("webhook where id > '' and state = 'disabled'"),
                ", coalesce((select min(failing_since_ms) from outlet where is_active = 1), 0), ",
                count!("inbound where state = 'new'"),
                ", coalesce((select min(received_at_ms) from (
                     select received_at_ms from inbound where state = 'new' limit ?2)), 0), ",
                count!(
                    "source s cross join inbound i on i.source_id = s.id and i.state = 'failed'
                     where s.id > ''"
                ),
                ", coalesce((select max(seq) from event), 0), ",
                count!("site where id > ''"),
            ),
            COUNT_MAX,
            LOOK_MAX
        ),
        decode: |rows| one(rows, read_backlog),
    }
}

fn read_backlog(row: &mut Cells) -> Backlog {
    Backlog {
        deliveries_due: row.integer(),
        deliveries_dead: row.integer(),
        deliveries_oldest: row.integer(),
        webhooks_active: row.integer(),
        webhooks_failing: row.integer(),
        webhooks_disabled: row.integer(),
        failing_since: row.integer(),
        inbound_new: row.integer(),
        inbound_oldest: row.integer(),
        inbound_failed: row.integer(),
        events: row.integer(),
        sites: row.integer(),
    }
}

/// Work of one kind that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The kind, as in table `job`.
    pub kind: String,
    /// How many jobs.
    pub jobs: i64,
    /// Since when the first of them is due; one that is being done, since its lease ran out.
    pub since: i64,
}

/// The jobs that are due and that nobody does, by their kind.
///
/// The first ones are due since the beginning of time: they wait since the first event, if any.
pub fn jobs(now: i64) -> Query<Vec<Due>> {
    Query {
        statement: statement!(
            "select kind, count(*), min(since) from (
               select kind, max(due_at_ms, lease_until_ms, coalesce(
                 (select at_ms from event where seq > 0 order by seq limit 1), 0)) as since from job
               where state = 'due' and due_at_ms <= ?1 and lease_until_ms <= ?1 limit ?2)
             group by kind",
            now,
            LOOK_MAX
        ),
        decode: |rows| {
            all(rows, |row| Due { kind: row.text(), jobs: row.integer(), since: row.integer() })
        },
    }
}

/// Since when the first work of ticks without jobs is due; 0 for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the last segments of the ticks' paths")]
pub struct Since {
    pub deliver: i64,
    pub ingest: i64,
    pub promise: i64,
    pub callback: i64,
    pub watch: i64,
}

/// Since when work waits for the ticks that lease it otherwise than by jobs.
///
/// Of the last one it is the first event that was not looked at; up to a hundred that mean nothing
/// stay so, so only an event that can mean something counts.
pub fn since(now: i64) -> Query<Option<Since>> {
    Query {
        statement: statement!(
            "select
               coalesce((select min(max(due_at_ms, not_before_ms, lease_until_ms)) from outlet
                 where is_active = 1 and not_before_ms between 0 and ?1 and due_at_ms <= ?1
                   and lease_until_ms <= ?1), 0),
               coalesce((select min(max(received_at_ms, lease_until_ms)) from (
                 select received_at_ms, lease_until_ms from inbound
                 where state = 'new' and lease_until_ms <= ?1 limit ?2)), 0),
               coalesce((select min(next_step_ms) from complaint
                 where next_step_ms is not null and next_step_ms <= ?1), 0),
               coalesce((select min(next_step_ms) from callback
                 where next_step_ms is not null and next_step_ms <= ?1), 0),
               coalesce((select min(at_ms) from (
                 select (select e.at_ms from event e
                   where e.site_id = s.site_id and e.seq > s.sequence
                   order by e.seq limit 1 offset 100) as at_ms
                 from case_scan s where s.site_id > '' and exists (
                   select 1 from policy p
                   where p.site_id = s.site_id and p.kind = 'intake' and p.published > 0)
                 limit ?2)), 0)",
            now,
            LOOK_MAX
        ),
        decode: |rows| {
            one(rows, |row| Since {
                deliver: row.integer(),
                ingest: row.integer(),
                promise: row.integer(),
                callback: row.integer(),
                watch: row.integer(),
            })
        },
    }
}

/// A site, as far as its figures need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// `sit_…`.
    pub id: String,
    /// The zone of its days.
    pub zone: String,
    /// Scores out of fewer answers are withheld.
    pub minimum_n: i64,
}

/// The sites after an id.
pub fn sites(page: &Page) -> Query<Vec<Site>> {
    Query {
        statement: statement!(
            "select id, zone, minimum_n from site where id > ?1 order by id limit ?2",
            &page.after,
            page.rows
        ),
        decode: |rows| {
            all(rows, |row| Site { id: row.text(), zone: row.text(), minimum_n: row.integer() })
        },
    }
}

/// The numbers of each site, in the order that their statement tells.
pub type Numbers = Vec<Vec<i64>>;

/// The complaints of each site, a JSON array of their ids.
///
/// Those that are open, that wait, that somebody should grade; those that are nobody's; those
/// with a clock that is over; and those that are open or wait by their grade, from none to major.
pub fn complaints(sites: &str, now: i64) -> Query<Numbers> {
    Query {
        statement: statement!(
            concat!(
                "select (select coalesce(sum(open), 0) || ' ' || coalesce(sum(waiting), 0) || ' '
                   || coalesce(sum(needs_review), 0)
                   from case_count indexed by case_count_open
                   where site_id = s.value and grain = 'site' and a = ''
                     and open + waiting > 0)
                 || ' ' || ",
                count!(
                    "complaint where site_id = s.value and agent_id = ''
                     and state in ('open', 'waiting')"
                ),
                " || ' ' || ",
                count!(
                    "complaint where site_id = s.value and state in ('open', 'waiting', 'solved')
                     and coalesce(next_due_ms, 9000000000000000) < ?4"
                ),
                " || ' ' || (select coalesce(sum(grade = 'none'), 0) || ' '
                   || coalesce(sum(grade = 'general'), 0) || ' '
                   || coalesce(sum(grade = 'moderate'), 0) || ' '
                   || coalesce(sum(grade = 'major'), 0) from (
                   select grade, state from complaint
                   where site_id = s.value and state in ('open', 'waiting', 'solved')
                   order by coalesce(next_due_ms, 9000000000000000) limit ?2)
                   where state <> 'solved')
                 from json_each(?3) s"
            ),
            COUNT_MAX,
            LOOK_MAX,
            sites,
            now
        ),
        decode: numbers,
    }
}

/// The call-backs of each site.
///
/// Those that are not over, and of them those whose promise is broken; those that wait in the
/// queue, and of them those that may be made now.
pub fn callbacks(sites: &str, now: i64) -> Query<Numbers> {
    Query {
        statement: statement!(
            concat!(
                "select (select coalesce(sum(open), 0) || ' ' || coalesce(sum(overdue), 0)
                   from call_count indexed by call_count_open
                   where site_id = s.value and grain = 'site' and a = ''
                     and open > 0)
                 || ' ' || ",
                count!("callback where site_id = s.value and state = 'waiting'"),
                " || ' ' || (select count(*) from (
                   select due_ms from callback where site_id = s.value and state = 'waiting'
                   limit ?2) where due_ms <= ?4)
                 from json_each(?3) s"
            ),
            COUNT_MAX,
            LOOK_MAX,
            sites,
            now
        ),
        decode: numbers,
    }
}

/// What somebody should look at, of each site.
///
/// Alarms that are open, low scores, responses that were screened out, comments that were read
/// without certainty.
pub fn looks(sites: &str) -> Query<Numbers> {
    Query {
        statement: statement!(
            concat!(
                "select ",
                count!(
                    "alarm indexed by alarm_once where site_id = s.value and cleared_at_ms is null"
                ),
                " || ' ' || ",
                count!(low_scores!("score indexed by score_low where site_id = s.value and ", "")),
                " || ' ' || ",
                count!("response where site_id = s.value and counted = 0 and looked_at_ms is null"),
                " || ' ' || ",
                count!("comment where site_id = s.value and needs_review = 1"),
                " from json_each(?2) s"
            ),
            COUNT_MAX,
            sites
        ),
        decode: numbers,
    }
}

/// The scores of a metric, whatever its scale.
macro_rules! scores {
    ($metric:literal, $days:literal) => {
        concat!(
            "(select coalesce(sum(n), 0) from rollup
               where site_id = s.value ->> 0 and grain = 'site' and metric = '",
            $metric,
            "' and points in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) and a = '' and b = '' and day ",
            $days,
            ")"
        )
    };
}

/// The scores of each site, a JSON array of `[id, day]`.
///
/// Those of that day, nps, csat and ces; those of thirty days up to it; and of these the promoters
/// and the detractors.
pub fn scores(sites: &str) -> Query<Numbers> {
    Query {
        statement: statement!(
            concat!(
                "select ",
                scores!("nps", "= s.value ->> 1"),
                " || ' ' || ",
                scores!("csat", "= s.value ->> 1"),
                " || ' ' || ",
                scores!("ces", "= s.value ->> 1"),
                " || ' ' || ",
                scores!("nps", "between (s.value ->> 1) - 29 and s.value ->> 1"),
                " || ' ' || ",
                scores!("csat", "between (s.value ->> 1) - 29 and s.value ->> 1"),
                " || ' ' || ",
                scores!("ces", "between (s.value ->> 1) - 29 and s.value ->> 1"),
                " || ' ' || (select coalesce(sum(c9 + c10), 0) || ' '
                   || coalesce(sum(c0 + c1 + c2 + c3 + c4 + c5 + c6), 0) from rollup
                   where site_id = s.value ->> 0 and grain = 'site' and metric = 'nps'
                     and points = 10 and a = '' and b = ''
                     and day between (s.value ->> 1) - 29 and s.value ->> 1)
                 from json_each(?1) s"
            ),
            sites
        ),
        decode: numbers,
    }
}

fn numbers(rows: Vec<Row>) -> Result<Numbers, ports::Corrupt> {
    let texts = all(rows, Cells::text)?;
    Ok(texts.iter().map(|it| it.split(' ').map(|it| it.parse().unwrap_or(0)).collect()).collect())
}

/// How many pages the database has.
pub fn pages() -> Query<Option<i64>> {
    Query { statement: statement!("pragma page_count"), decode: |rows| one(rows, Cells::integer) }
}

/// How many of them hold nothing.
pub fn free_pages() -> Query<Option<i64>> {
    Query {
        statement: statement!("pragma freelist_count"),
        decode: |rows| one(rows, Cells::integer),
    }
}

/// How many bytes a page has.
pub fn page_bytes() -> Query<Option<i64>> {
    Query { statement: statement!("pragma page_size"), decode: |rows| one(rows, Cells::integer) }
}

/// How many migrations were applied.
pub fn schema_version() -> Query<Option<i64>> {
    Query {
        statement: statement!(crate::migrations::VERSION),
        decode: |rows| one(rows, Cells::integer),
    }
}
