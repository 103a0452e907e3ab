//! What sources sent: tables `inbound`, `inbound_body` and `inbound_about`.

use ports::{Cells, Query, Row, Statement};

use crate::{Page, all, one, statement};

/// So many messages of a source may wait; what comes beyond has to come again.
pub const WAITING_MAX: i64 = 10_000;
/// The most that is forgotten, or made new again, at once.
pub const SOME: i64 = 1000;

/// A message that comes in.
#[derive(Clone, Debug)]
pub struct Arrival<'a> {
    /// `inb_…`.
    pub id: &'a str,
    /// The site of its source.
    pub site_id: &'a str,
    /// Its source.
    pub source_id: &'a str,
    /// A hash of what no other message of the source has.
    pub once: &'a str,
    /// Now.
    pub now: i64,
    /// When it may be forgotten.
    pub forget_at: i64,
    /// It, as it came.
    pub content: &'a str,
    /// Whom it is about, as a JSON array; see [`about`].
    pub whos: &'a str,
}

/// Stores a message; see [`stored`]. Yields no row when too many of its source wait already.
pub fn store(it: &Arrival<'_>) -> Statement {
    statement!(
        "insert into arrival (id, site_id, source_id, once, now, forget_at_ms, content, whos)
         select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?9
         where not exists (
           select 1 from inbound where source_id = ?3 and state = 'new' limit 1 offset ?8)
         returning (
           select id || ' ' || state from inbound where source_id = ?3 and once = ?4)",
        it.id,
        it.site_id,
        it.source_id,
        it.once,
        it.now,
        it.forget_at,
        it.content,
        WAITING_MAX - 1,
        it.whos,
    )
}

/// The id and the state of the message that is there now, ours or the first of its name.
pub fn stored(rows: Vec<Row>) -> Result<Option<(String, String)>, ports::Corrupt> {
    let found = one(rows, Cells::text)?;
    Ok(found.and_then(|it| it.split_once(' ').map(|(id, state)| (id.into(), state.into()))))
}

/// A message as staff see it.
#[derive(Clone, Debug)]
pub struct Message {
    /// `inb_…`.
    pub id: String,
    /// Its source.
    pub source_id: String,
    /// Counts its events.
    pub version: i64,
    /// `new`, `mapped`, `ignored` or `failed`.
    pub state: String,
    /// What it became, as a JSON array.
    pub outcome: String,
    /// Every mistake, as a JSON array.
    pub mistakes: String,
    /// How often it was looked at.
    pub tries: i64,
    /// When it came.
    pub received_at: i64,
    /// When it was decided what becomes of it.
    pub decided_at: Option<i64>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, source_id, version, state, outcome, mistakes, tries, received_at_ms,
             decided_at_ms from inbound ",
            $rest
        )
    };
}

/// The messages of a source before an id, newest first.
pub fn list(source_id: &str, page: &Page) -> Query<Vec<Message>> {
    Query {
        statement: statement!(
            select!(
                "where source_id = ?1 and id < case ?2 when '' then 'inb_~' else ?2 end
                 order by id desc limit ?3"
            ),
            source_id,
            &page.after,
            page.rows
        ),
        decode: |rows| all(rows, read),
    }
}

/// Those of a state.
pub fn list_state(source_id: &str, state: &str, page: &Page) -> Query<Vec<Message>> {
    Query {
        statement: statement!(
            select!(
                "where source_id = ?1 and state = ?4
                   and id < case ?2 when '' then 'inb_~' else ?2 end
                 order by id desc limit ?3"
            ),
            source_id,
            &page.after,
            page.rows,
            state
        ),
        decode: |rows| all(rows, read),
    }
}

/// One message of a source.
pub fn by_id(source_id: &str, id: &str) -> Query<Option<Message>> {
    Query {
        statement: statement!(select!("where id = ?2 and source_id = ?1"), source_id, id),
        decode: |rows| one(rows, read),
    }
}

/// A message as it came; nothing is left of one about somebody who was erased.
pub fn body(id: &str) -> Query<Option<String>> {
    Query {
        statement: statement!("select content from inbound_body where inbound_id = ?1", id),
        decode: |rows| one(rows, Cells::text),
    }
}

/// Makes a decided message new again, over the version before. Yields no row if that is gone,
/// or if there is no body to look at.
pub fn replay(id: &str, version: i64) -> Statement {
    statement!(
        "update inbound set state = 'new', version = ?2, tries = 0, lease = '',
           lease_until_ms = 0
         where id = ?1 and version = ?2 - 1 and state <> 'new'
           and exists (select 1 from inbound_body where inbound_id = ?1)
         returning id",
        id,
        version
    )
}

/// Makes some messages new again of which a replay was asked for.
pub fn replay_some() -> Statement {
    statement!(
        "update inbound set state = 'new', tries = 0, lease = '', lease_until_ms = 0
         where id in (
           select i.id
           from source s
           cross join inbound i on i.source_id = s.id and i.state = s.replay
           where s.replay <> '' and i.decided_at_ms < s.replay_before_ms
             and exists (select 1 from inbound_body b where b.inbound_id = i.id)
           order by i.id
           limit ?1)",
        SOME
    )
}

/// Whether messages wait to be looked at, and whether a replay was asked for: so that nobody
/// takes the lock who has nothing to write.
pub fn waiting(now: i64) -> Query<(bool, bool)> {
    Query {
        statement: statement!(
            "select exists (select 1 from inbound where state = 'new' and lease_until_ms <= ?1),
               exists (select 1 from source where replay <> '')",
            now
        ),
        decode: |rows| Ok(one(rows, |row| (row.flag(), row.flag()))?.unwrap_or_default()),
    }
}

/// A message to be looked at.
#[derive(Clone, Debug)]
pub struct Leased {
    /// `inb_…`.
    pub id: String,
    /// Its site.
    pub site_id: String,
    /// Its source.
    pub source_id: String,
    /// Counts its events.
    pub version: i64,
    /// A hash of what no other message of the source has.
    pub once: String,
    /// How often it was looked at, this time included.
    pub tries: i64,
    /// When it came.
    pub received_at: i64,
    /// The seal of its last event, or of none.
    pub seal: [u8; 32],
    /// It, as it came; empty if nothing is left of it.
    pub content: String,
}

/// Leases some messages that wait, oldest first, and of each source only a few: whoever sends
/// much does not keep the others waiting.
pub fn lease(now: i64, until: i64, lease: &str, most: i64, of_each: i64) -> Query<Vec<Leased>> {
    Query {
        statement: statement!(
            "update inbound set lease = ?3, lease_until_ms = ?2, tries = tries + 1
             where state = 'new' and lease_until_ms <= ?1 and id in (
               select i.id
               from source s indexed by source_site
               cross join inbound i on i.id in (
                 select n.id from inbound n
                 where n.source_id = s.id and n.state = 'new' and n.lease_until_ms <= ?1
                 order by n.id
                 limit ?5)
               order by 1
               limit ?4)
             returning id, site_id, source_id, version, once, tries, received_at_ms,
               coalesce((
                 select hash from event e
                 where e.subject = inbound.id and e.version = inbound.version), zeroblob(32)),
               coalesce((
                 select content from inbound_body b where b.inbound_id = inbound.id), '')",
            now,
            until,
            lease,
            most,
            of_each
        ),
        decode: |rows| {
            all(rows, |row| Leased {
                id: row.text(),
                site_id: row.text(),
                source_id: row.text(),
                version: row.integer(),
                once: row.text(),
                tries: row.integer(),
                received_at: row.integer(),
                seal: row.hash(),
                content: row.text(),
            })
        },
    }
}

/// When the next message is to be looked at; nothing when none waits.
pub fn next_due() -> Query<Option<i64>> {
    Query {
        statement: statement!("select min(lease_until_ms) from inbound where state = 'new'"),
        decode: |rows| Ok(one(rows, Cells::integer_or_null)?.flatten()),
    }
}

/// Writes what became of messages, as far as their lease is held.
///
/// `rows` is a JSON array of `[id, version, state, outcome, mistakes, forget_at]`.
pub fn decide(lease: &str, now: i64, rows: &str) -> Statement {
    statement!(
        "update inbound set version = it.value ->> 1, state = it.value ->> 2,
           outcome = it.value ->> 3, mistakes = it.value ->> 4, forget_at_ms = it.value ->> 5,
           decided_at_ms = ?2, lease_until_ms = 0
         from json_each(?3) it
         where inbound.id = it.value ->> 0 and inbound.version = (it.value ->> 1) - 1
           and inbound.lease = ?1 and inbound.state = 'new'",
        lease,
        now,
        rows
    )
}

/// Notes whom messages are about: a JSON array of `[who, message]`.
pub fn about(rows: &str) -> Statement {
    statement!(
        "insert into inbound_about (who, inbound_id)
         select it.value ->> 0, it.value ->> 1
         from json_each(?1) it
         where true
         on conflict do nothing",
        rows
    )
}

/// Yields a row if everything is as was meant: what others did meanwhile did not come between.
///
/// `rows` is a JSON array of `[what, id, more]`: an `inbound` has the version and the lease, a
/// `customer` was not erased, an `order`, a `message` or a `response` of a study is there.
pub fn check(lease: &str, rows: &str) -> Statement {
    statement!(
        "select 1
         where not exists (
           select 1 from json_each(?2) it
           where not case it.value ->> 0
             when 'inbound' then exists (
               select 1 from inbound
               where id = it.value ->> 1 and version = it.value ->> 2 and lease = ?1)
             when 'customer' then exists (
               select 1 from customer where id = it.value ->> 1 and erased_at_ms is null)
             when 'order' then exists (select 1 from purchase where id = it.value ->> 1)
             when 'message' then exists (select 1 from message where id = it.value ->> 1)
             when 'response' then exists (
               select 1 from response
               where study_id = it.value ->> 2 and id = it.value ->> 1)
             else 0 end)",
        lease,
        rows
    )
}

/// What names that messages give stand for.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Customers, by our ids or the company's own.
    pub customers: String,
    /// Touchpoints.
    pub touchpoints: String,
    /// Agents.
    pub agents: String,
    /// Hashes of orders.
    pub orders: String,
    /// Hashes of messages.
    pub messages: String,
    /// Keys of responses.
    pub responses: String,
    /// Keys of measurements.
    pub measurements: String,
}

/// One thing that is known.
#[derive(Clone, Debug)]
pub struct Known {
    /// `customer`, `touchpoint`, `agent`, `order`, `message`, `response` or `measurement`.
    pub kind: String,
    /// Under what it was asked for.
    pub name: String,
    /// Its id.
    pub id: String,
    /// Of a customer: the group, and the company's own id.
    pub more: [String; 2],
}

/// Everything of a site that some messages name, each list a JSON array.
pub fn known(site_id: &str, names: &Names) -> Query<Vec<Known>> {
    Query {
        statement: statement!(
            "select 'customer', it.value, c.id, c.customer_group, c.external_id
             from json_each(?2) it
             cross join customer c on c.site_id = ?1 and c.external_id = it.value
             where c.erased_at_ms is null
             union all
             select 'customer', it.value, c.id, c.customer_group, c.external_id
             from json_each(?2) it
             cross join customer c on c.id = it.value and c.site_id = ?1
             where c.erased_at_ms is null
             union all
             select 'touchpoint', t.id, t.id, '', ''
             from json_each(?3) it
             cross join touchpoint t on t.id = it.value and t.site_id = ?1
             union all
             select 'agent', a.id, a.id, '', ''
             from json_each(?4) it
             cross join agent a on a.id = it.value and a.site_id = ?1
             union all
             select 'order', p.once, p.id, '', ''
             from json_each(?5) it
             cross join purchase p on p.site_id = ?1 and p.once = it.value
             union all
             select 'message', m.once, m.id, '', ''
             from json_each(?6) it
             cross join message m on m.site_id = ?1 and m.once = it.value
             union all
             select 'response', r.idempotency_key, r.id, '', ''
             from json_each(?7) it
             cross join response r on r.site_id = ?1 and r.idempotency_key = it.value
             union all
             select 'measurement', m.key, m.batch_id, '', ''
             from json_each(?8) it
             cross join measurement m on m.site_id = ?1 and m.key = it.value",
            site_id,
            &names.customers,
            &names.touchpoints,
            &names.agents,
            &names.orders,
            &names.messages,
            &names.responses,
            &names.measurements,
        ),
        decode: |rows| {
            all(rows, |row| Known {
                kind: row.text(),
                name: row.text(),
                id: row.text(),
                more: [row.text(), row.text()],
            })
        },
    }
}

/// Forgets some messages whose time is over. Bounded, so that a tick stays short.
pub fn expire(now: i64) -> Statement {
    statement!(
        "delete from inbound where id in (
           select id from inbound
           where state <> 'new' and forget_at_ms <= ?1
           order by forget_at_ms
           limit ?2)",
        now,
        SOME
    )
}

/// Whether more messages are over than [`expire`] takes at once.
pub fn has_many_expired(now: i64) -> Query<bool> {
    Query {
        statement: statement!(
            "select exists (
               select 1 from inbound
               where state <> 'new' and forget_at_ms <= ?1
               limit 1 offset ?2)",
            now,
            SOME
        ),
        decode: |rows| Ok(one(rows, Cells::flag)?.unwrap_or(false)),
    }
}

/// Removes the bodies of messages about somebody, under each of the names in a JSON array; before
/// [`erase_outcomes`].
pub fn erase_bodies(whos: &str) -> Statement {
    statement!(
        "delete from inbound_body
         where inbound_id in (
           select a.inbound_id
           from json_each(?1) it
           cross join inbound_about a on a.who = it.value)",
        whos
    )
}

/// Removes what such messages became, which would lead back to them; before [`forget_about`].
pub fn erase_outcomes(whos: &str) -> Statement {
    statement!(
        "update inbound set outcome = '[]', mistakes = '[]'
         where id in (
           select a.inbound_id
           from json_each(?1) it
           cross join inbound_about a on a.who = it.value)",
        whos
    )
}

/// Removes that any message was about somebody.
pub fn forget_about(whos: &str) -> Statement {
    statement!("delete from inbound_about where who in (select value from json_each(?1))", whos)
}

fn read(row: &mut Cells) -> Message {
    Message {
        id: row.text(),
        source_id: row.text(),
        version: row.integer(),
        state: row.text(),
        outcome: row.text(),
        mistakes: row.text(),
        tries: row.integer(),
        received_at: row.integer(),
        decided_at: row.integer_or_null(),
    }
}
