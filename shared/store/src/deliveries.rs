//! Delivery at work: how far each webhook has come, what is due, and what became of each try.
//!
//! Tables `outlet`, `delivery` and `attempt`. Whoever holds the lease of an outlet does its work,
//! and every write here asks for that lease: who has lost it writes nothing.

use ports::{Cells, Query, Statement, Write};

use crate::events::{Told, is_of_types, passes};
use crate::{all, one, statement};

/// Most deliveries that one call forgets of those that are over, and of deleted webhooks.
const FORGOTTEN_MAX: i64 = 2000;

/// Whether the outlet has events or a replay to plan.
macro_rules! has_events {
    () => {
        "(outlet.replay_after < outlet.replay_until or exists (
           select 1 from event x where x.site_id = outlet.site_id and x.seq > outlet.cursor))"
    };
}

/// When the next delivery of the outlet is due, apart from those that wait for another.
macro_rules! next_due {
    () => {
        "(select d.due_at_ms from delivery d
          where d.webhook_id = outlet.webhook_id and d.state = 'due' and not (
            (select v.is_ordered from webhook v where v.id = outlet.webhook_id)
            and exists (
              select 1 from delivery b
              where b.webhook_id = d.webhook_id and b.subject = d.subject and b.state = 'due'
                and b.sequence < d.sequence))
          order by d.due_at_ms, d.sequence limit 1)"
    };
}

/// Whether work at the outlet is to go on, if `?7` says so: whether there is some at `?3`, and the
/// receiver is not held back until `?6`, and the webhook is still of version `?8`.
macro_rules! goes_on {
    () => {
        concat!(
            "(?7 and is_active and ?6 <= ?3 and (",
            has_events!(),
            " or coalesce(",
            next_due!(),
            " <= ?3, 0)) and ?8 is (
               select v.version from webhook v where v.id = outlet.webhook_id))"
        )
    };
}

/// When there is work next: at once or later; nothing when there is none in sight.
pub fn next_due(now: i64) -> Query<Option<i64>> {
    Query {
        statement: statement!(
            concat!(
                "select min(max(outlet.not_before_ms, outlet.lease_until_ms, case when ",
                has_events!(),
                " then ?1 else outlet.due_at_ms end))
                 from outlet where outlet.is_active = 1 and outlet.not_before_ms >= 0"
            ),
            now
        ),
        decode: |rows| Ok(one(rows, Cells::integer_or_null)?.flatten()),
    }
}

/// A hold on some outlets, for as long as it takes to do their work.
#[derive(Clone, Copy, Debug)]
pub struct Lease<'a> {
    /// Its name.
    pub name: &'a str,
    /// The present.
    pub now: i64,
    /// Until when it holds.
    pub until: i64,
}

/// Takes up to so many outlets that have work, those that waited longest first. Two ticks at once
/// never get the same one.
pub fn lease(lease: &Lease<'_>, most: i64) -> Statement {
    statement!(
        concat!(
            "update outlet set lease = ?1, lease_until_ms = ?3
             where webhook_id in (
               select outlet.webhook_id from outlet
               where outlet.is_active = 1 and outlet.not_before_ms <= ?2
                 and outlet.lease_until_ms <= ?2 and (outlet.due_at_ms <= ?2 or ",
            has_events!(),
            ") order by outlet.lease_until_ms limit ?4)
             returning webhook_id"
        ),
        lease.name,
        lease.now,
        lease.until,
        most
    )
}

/// A webhook whose work is to be done.
#[derive(Clone, Debug)]
pub struct Outlet {
    /// The webhook.
    pub webhook_id: String,
    /// Its site.
    pub site_id: String,
    /// The webhook's version.
    pub version: i64,
    /// Where it leads.
    pub url: String,
    /// Whether events of a subject wait for each other.
    pub is_ordered: bool,
    /// `v1` or `v1a`.
    pub signature: String,
    /// Its secret, sealed.
    pub secret: String,
    /// Its headers as a JSON object, sealed.
    pub headers: String,
    /// The secret before, sealed; empty for none.
    pub old_secret: String,
    /// Until when that one is good.
    pub old_secret_until: i64,
    /// Since when nothing arrived; nothing while it is well.
    pub failing_since: Option<i64>,
    /// Whether there are events to plan.
    pub has_events: bool,
}

/// The outlets of a lease.
pub fn leased(lease: &str) -> Query<Vec<Outlet>> {
    Query {
        statement: statement!(
            concat!(
                "select w.id, w.site_id, w.version, w.url, w.is_ordered, w.signature, w.secret,
                   w.headers, w.old_secret, w.old_secret_until_ms, outlet.failing_since_ms, ",
                has_events!(),
                " from outlet cross join webhook w on w.id = outlet.webhook_id
                 where outlet.lease = ?1 and outlet.lease <> ''"
            ),
            lease
        ),
        decode: |rows| all(rows, read_outlet),
    }
}

fn read_outlet(row: &mut Cells) -> Outlet {
    Outlet {
        webhook_id: row.text(),
        site_id: row.text(),
        version: row.integer(),
        url: row.text(),
        is_ordered: row.flag(),
        signature: row.text(),
        secret: row.text(),
        headers: row.text(),
        old_secret: row.text(),
        old_secret_until: row.integer(),
        failing_since: row.integer_or_null(),
        has_events: row.flag(),
    }
}

/// The last event that is planned at once, of those after `$after`; nothing where fewer are left.
macro_rules! slice_end {
    ($after:literal) => {
        concat!(
            "(select x.seq from event x where x.site_id = outlet.site_id and x.seq > ",
            $after,
            " order by x.seq limit 1 offset ?4 - 1)"
        )
    };
}

/// Writes deliveries of the events `e` after and up to a place that pass the filters of the
/// webhook `w`.
macro_rules! planned {
    ($range:expr, $more:expr, $conflict:literal) => {
        concat!(
            "insert into delivery (webhook_id, sequence, subject, kind, state, tries, round,
               due_at_ms, status, updated_at_ms)
             select w.id, e.seq, e.subject, e.kind, 'due', 0, 0,
               ?2, 0, ?2
             from outlet
             cross join webhook w on w.id = outlet.webhook_id
             cross join event e on e.site_id = outlet.site_id and ",
            $range,
            " where outlet.lease = ?1 and outlet.lease <> '' and (?3 = '' or outlet.webhook_id = ?3)
               and ",
            passes!("w.id", "w.types", "w.touchpoints", "w.grades"),
            $more,
            " on conflict (webhook_id, sequence) do ",
            $conflict
        )
    };
}

/// Plans the next events of the outlets of a lease, or of one of them: at most so many of each.
///
/// Yields no row when the lease is lost.
pub fn plan(lease: &Lease<'_>, webhook_id: &str, slice: i64) -> Vec<Write> {
    let (name, now, until) = (lease.name, lease.now, lease.until);
    let events = statement!(
        planned!(
            concat!(
                "e.seq > outlet.cursor and e.seq <= coalesce(",
                slice_end!("outlet.cursor"),
                ", 9223372036854775807)"
            ),
            "",
            "nothing"
        ),
        name,
        now,
        webhook_id,
        slice
    );
    let again = statement!(
        planned!(
            concat!(
                "e.seq > outlet.replay_after and e.seq <= min(outlet.replay_until, coalesce(",
                slice_end!("outlet.replay_after"),
                ", outlet.replay_until))"
            ),
            concat!(
                " and outlet.replay_after < outlet.replay_until and ",
                is_of_types!("coalesce(outlet.replay -> 'types', '[]')"),
                " and not (outlet.replay ->> 'only' is 'failed' and exists (
                     select 1 from delivery a
                     where a.webhook_id = w.id and a.sequence = e.seq and a.state = 'delivered'))"
            ),
            "update set state = 'due', round = 0, due_at_ms = excluded.due_at_ms,
               updated_at_ms = excluded.updated_at_ms
             where state <> 'due'"
        ),
        name,
        now,
        webhook_id,
        slice
    );
    let moved = statement!(
        concat!(
            "update outlet set
               cursor = coalesce(",
            slice_end!("outlet.cursor"),
            ", max(outlet.cursor, coalesce((
                 select max(x.seq) from event x where x.site_id = outlet.site_id), 0))),
               replay_after = case when outlet.replay_after < outlet.replay_until
                 then min(outlet.replay_until, coalesce(",
            slice_end!("outlet.replay_after"),
            ", outlet.replay_until)) else outlet.replay_after end,
               due_at_ms = min(?2, coalesce(outlet.due_at_ms, ?2)),
               lease_until_ms = ?5
             where outlet.lease = ?1 and outlet.lease <> '' and (?3 = '' or outlet.webhook_id = ?3)
             returning webhook_id"
        ),
        name,
        now,
        webhook_id,
        slice,
        until
    );
    vec![events.write(), again.write(), moved.guarded()]
}

/// A delivery that is due, with its event.
#[derive(Clone, Debug)]
pub struct Due {
    /// How many tries there were.
    pub tries: i64,
    /// How many of them since it was planned.
    pub round: i64,
    /// The event.
    pub event: Told,
}

/// The first deliveries of a webhook that are due; with `is_ordered`, of each subject the first.
pub fn due(webhook_id: &str, is_ordered: bool, now: i64, most: i64) -> Query<Vec<Due>> {
    Query {
        statement: statement!(
            "select d.tries, d.round, e.seq, e.id, e.site_id, e.subject, e.version, e.kind,
               e.actor, e.at_ms, e.data
             from delivery d cross join event e on e.seq = d.sequence
             where d.webhook_id = ?1 and d.state = 'due' and d.due_at_ms <= ?3
               and not (?2 and exists (
                 select 1 from delivery b
                 where b.webhook_id = d.webhook_id and b.subject = d.subject and b.state = 'due'
                   and b.sequence < d.sequence))
             order by d.due_at_ms, d.sequence limit ?4",
            webhook_id,
            is_ordered,
            now,
            most
        ),
        decode: |rows| {
            all(rows, |row| Due {
                tries: row.integer(),
                round: row.integer(),
                event: Told::read(row),
            })
        },
    }
}

/// How the receiver of an outlet is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Health {
    /// Since when nothing arrived.
    pub failing_since: Option<i64>,
    /// Until when nothing is sent.
    pub not_before: i64,
}

/// Records tries, each once, and what became of their deliveries; [`settle`] belongs behind it in
/// the same commit.
///
/// `rows` is a JSON array of `[sequence, number, at, duration, status, error, answer, state,
/// round, due]`.
pub fn record(webhook_id: &str, now: i64, rows: &str) -> [Write; 2] {
    let attempts = statement!(
        "insert into attempt (webhook_id, sequence, number, at_ms, duration_ms, status, error,
           answer)
         select ?1, it.value ->> 0, it.value ->> 1, it.value ->> 2, it.value ->> 3,
           it.value ->> 4, it.value ->> 5, it.value ->> 6
         from json_each(?2) it
         cross join delivery d on d.webhook_id = ?1 and d.sequence = it.value ->> 0
           and d.tries = (it.value ->> 1) - 1
         where true
         on conflict do nothing",
        webhook_id,
        rows
    );
    // What staff dropped meanwhile stays dropped, unless it arrived. An upsert, because SQLite
    // would go through all deliveries of the webhook for `update … from json_each`.
    let deliveries = statement!(
        "insert into delivery (webhook_id, sequence, subject, kind, state, tries, round,
           due_at_ms, status, updated_at_ms)
         select d.webhook_id, d.sequence, d.subject, d.kind,
           case when d.state = 'due' or it.value ->> 7 = 'delivered' then it.value ->> 7
             else d.state end,
           it.value ->> 1, it.value ->> 8, it.value ->> 9, it.value ->> 4, ?3
         from json_each(?2) it
         cross join delivery d on d.webhook_id = ?1 and d.sequence = it.value ->> 0
           and d.tries = (it.value ->> 1) - 1
         where true
         on conflict (webhook_id, sequence) do update set state = excluded.state,
           tries = excluded.tries, round = excluded.round, due_at_ms = excluded.due_at_ms,
           status = excluded.status, updated_at_ms = excluded.updated_at_ms",
        webhook_id,
        rows,
        now
    );
    [attempts.write(), deliveries.write()]
}

/// Notes how an outlet is, and gives it back unless there is more to do at once and `goes_on`; also
/// when its webhook is of another version by now, which is to be read first.
///
/// Yields no row when the lease is lost. What was committed before it is seen here, and whoever
/// commits later finds it given back: nothing is left over between the two.
pub fn settle(outlet: &Outlet, lease: &Lease<'_>, health: Health, goes_on: bool) -> Statement {
    statement!(
        concat!(
            "update outlet set failing_since_ms = ?5, not_before_ms = ?6, due_at_ms = ",
            next_due!(),
            ", lease = case when ",
            goes_on!(),
            " then lease else '' end, lease_until_ms = case when ",
            goes_on!(),
            " then ?4 else ?3 end
             where webhook_id = ?1 and lease = ?2
             returning webhook_id"
        ),
        &outlet.webhook_id,
        lease.name,
        lease.now,
        lease.until,
        health.failing_since,
        health.not_before,
        goes_on,
        outlet.version
    )
}

/// Whether there are events to plan for an outlet; nothing when the lease does not hold it.
pub fn held(webhook_id: &str, lease: &str) -> Query<Option<bool>> {
    Query {
        statement: statement!(
            concat!("select ", has_events!(), " from outlet where webhook_id = ?1 and lease = ?2"),
            webhook_id,
            lease
        ),
        decode: |rows| one(rows, Cells::flag),
    }
}

/// Disables a webhook at a version, for `gone` or `failing`, and stops its delivery. Yields no row
/// when it changed meanwhile.
pub fn disable(webhook_id: &str, version: i64, reason: &str, now: i64) -> [Write; 2] {
    let webhook = statement!(
        "update webhook set state = 'disabled', reason = ?3, version = ?2 + 1, updated_at_ms = ?4
         where id = ?1 and version = ?2 and state = 'active'
         returning id",
        webhook_id,
        version,
        reason,
        now
    );
    let outlet = statement!(
        "update outlet set is_active = 0, failing_since_ms = null, not_before_ms = 0, lease = '',
           lease_until_ms = ?2
         where webhook_id = ?1",
        webhook_id,
        now
    );
    [webhook.guarded(), outlet.write()]
}

/// Forgets some of the deliveries that have been over since before an instant, and their tries.
pub fn expire(before: i64) -> Statement {
    statement!(
        "delete from delivery where (webhook_id, sequence) in (
           select webhook_id, sequence from delivery
           where state <> 'due' and updated_at_ms < ?1
           order by updated_at_ms limit ?2)",
        before,
        FORGOTTEN_MAX
    )
}

/// Whether [`expire`] would leave some.
pub fn has_many_expired(before: i64) -> Query<bool> {
    Query {
        statement: statement!(
            "select exists (
               select 1 from delivery where state <> 'due' and updated_at_ms < ?1
               order by updated_at_ms limit 1 offset ?2)",
            before,
            FORGOTTEN_MAX
        ),
        decode: |rows| Ok(one(rows, Cells::flag)?.unwrap_or_default()),
    }
}

/// Forgets some of the deliveries of webhooks that were deleted.
pub fn forget() -> Statement {
    // From one webhook to the next, not from one delivery to the next.
    statement!(
        "with recursive known (id) as (
           select min(webhook_id) from delivery
           union all
           select (select min(d.webhook_id) from delivery d where d.webhook_id > known.id)
           from known where known.id is not null)
         delete from delivery where (webhook_id, sequence) in (
           select d.webhook_id, d.sequence
           from known cross join delivery d on d.webhook_id = known.id
           where not exists (select 1 from webhook w where w.id = known.id)
           limit ?1)",
        FORGOTTEN_MAX
    )
}
