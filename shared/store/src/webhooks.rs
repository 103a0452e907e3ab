//! Where events are sent: table `webhook`, and what staff change in `outlet`.
//!
//! What delivery itself keeps in `outlet` and `delivery` is in `deliveries`.

use ports::{Cells, Query, Statement};

use crate::events::{is_of_types, passes};
use crate::{look_ups, one, statement};

/// A webhook, with how its delivery stands.
#[derive(Clone, Debug, Default)]
pub struct Webhook {
    /// Its id.
    pub id: String,
    /// The site whose events it gets.
    pub site_id: String,
    /// Counts its changes.
    pub version: i64,
    /// What staff call it.
    pub name: String,
    /// Where it leads.
    pub url: String,
    /// The types it gets, as a JSON array; all if it is empty.
    pub types: String,
    /// The touchpoints, alike.
    pub touchpoints: String,
    /// The grades, alike.
    pub grades: String,
    /// Whether events of a subject wait for each other.
    pub is_ordered: bool,
    /// `v1` or `v1a`.
    pub signature: String,
    /// Its secret, sealed.
    pub secret: String,
    /// Its headers as a JSON object, sealed.
    pub headers: String,
    /// The names of its headers, as a JSON array.
    pub header_names: String,
    /// The secret before, sealed; empty for none.
    pub old_secret: String,
    /// Until when that one is good.
    pub old_secret_until: i64,
    /// What `v1a` is verified by; empty for `v1`.
    pub public_key: String,
    /// `active`, `paused` or `disabled`.
    pub state: String,
    /// Why it is disabled.
    pub reason: String,
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
    /// Since when nothing arrived; nothing while it is well.
    pub failing_since: Option<i64>,
    /// Until when it is held back.
    pub not_before: i64,
    /// Whether a replay is under way.
    pub is_replaying: bool,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select w.id, w.site_id, w.version, w.name, w.url, w.types, w.touchpoints, w.grades,
               w.is_ordered, w.signature, w.secret, w.headers, w.header_names, w.old_secret,
               w.old_secret_until_ms, w.public_key, w.state, w.reason, w.created_at_ms,
               w.updated_at_ms, o.failing_since_ms, o.not_before_ms,
               o.replay_after < o.replay_until
             from (select * from webhook ",
            $rest,
            ") w cross join outlet o on o.webhook_id = w.id order by w.id"
        )
    };
}

/// Adds a row. Yields none where the site has `most` already.
pub fn insert(it: &Webhook, most: i64) -> Statement {
    statement!(
        "insert into webhook (id, site_id, version, name, url, types, touchpoints, grades,
           is_ordered, signature, secret, headers, old_secret, old_secret_until_ms, public_key,
           state, reason, created_at_ms, updated_at_ms, header_names)
         select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
           ?19, ?20
         where (select count(*) from webhook where site_id = ?2) < ?21
         returning id",
        &it.id,
        &it.site_id,
        it.version,
        &it.name,
        &it.url,
        &it.types,
        &it.touchpoints,
        &it.grades,
        it.is_ordered,
        &it.signature,
        &it.secret,
        &it.headers,
        &it.old_secret,
        it.old_secret_until,
        &it.public_key,
        &it.state,
        &it.reason,
        it.created_at,
        it.updated_at,
        &it.header_names,
        most,
    )
}

/// Begins delivery with what happens after this commit.
pub fn open(webhook_id: &str, site_id: &str) -> Statement {
    statement!(
        "insert into outlet (webhook_id, site_id, is_active, cursor, replay_after, replay_until,
           replay, failing_since_ms, not_before_ms, due_at_ms, lease, lease_until_ms)
         values (?1, ?2, 1, (select coalesce(max(seq), 0) from event), 0, 0, '{}', null, 0, null,
           '', 0)",
        webhook_id,
        site_id
    )
}

/// Writes a changed row over the version before it. Yields no row if that one is gone.
pub fn update(it: &Webhook) -> Statement {
    statement!(
        "update webhook set version = ?2, name = ?3, url = ?4, types = ?5, touchpoints = ?6,
           grades = ?7, is_ordered = ?8, secret = ?9, headers = ?10, old_secret = ?11,
           old_secret_until_ms = ?12, public_key = ?13, state = ?14, reason = ?15,
           updated_at_ms = ?16, header_names = ?17
         where id = ?1 and version = ?2 - 1
         returning id",
        &it.id,
        it.version,
        &it.name,
        &it.url,
        &it.types,
        &it.touchpoints,
        &it.grades,
        it.is_ordered,
        &it.secret,
        &it.headers,
        &it.old_secret,
        it.old_secret_until,
        &it.public_key,
        &it.state,
        &it.reason,
        it.updated_at,
        &it.header_names,
    )
}

/// Stops delivery; what is due stays due.
pub fn pause(id: &str) -> Statement {
    statement!("update outlet set is_active = 0 where webhook_id = ?1", id)
}

/// Lets delivery go on where it stopped, as if nothing had ever failed.
pub fn resume(id: &str, now: i64) -> Statement {
    statement!(
        "update outlet set is_active = 1, failing_since_ms = null, not_before_ms = 0,
           due_at_ms = min(coalesce(due_at_ms, ?2), ?2)
         where webhook_id = ?1",
        id,
        now
    )
}

/// Forgets what was to be delivered until now: [`drop_due`] goes with it.
pub fn skip(id: &str) -> Statement {
    statement!(
        "update outlet set cursor = (select coalesce(max(seq), 0) from event),
           replay_after = 0, replay_until = 0
         where webhook_id = ?1",
        id
    )
}

/// Drops every delivery that is due.
pub fn drop_due(id: &str, now: i64) -> Statement {
    statement!(
        "update delivery set state = 'dropped', updated_at_ms = ?2
         where webhook_id = ?1 and sequence in (
           select d.sequence from delivery d where d.webhook_id = ?1 and d.state = 'due')",
        id,
        now
    )
}

/// Deletes a version of a webhook. Yields no row if it is gone; its log follows with the tick.
pub fn delete(id: &str, version: i64) -> Statement {
    statement!("delete from webhook where id = ?1 and version = ?2 returning id", id, version)
}

/// Begins a replay. Yields no row while another is under way.
pub fn replay(id: &str, range: (i64, i64), replay: &str, now: i64) -> Statement {
    statement!(
        "update outlet set replay_after = ?2, replay_until = ?3, replay = ?4,
           due_at_ms = min(coalesce(due_at_ms, ?5), ?5)
         where webhook_id = ?1 and replay_after >= replay_until
         returning webhook_id",
        id,
        range.0,
        range.1,
        replay,
        now
    )
}

/// What a replay would send again.
#[derive(Clone, Debug)]
pub struct Replay<'a> {
    /// The events after the first up to the second.
    pub range: (i64, i64),
    /// Of these types, as a JSON array; all if it is empty.
    pub types: &'a str,
    /// Whether only what never arrived.
    pub is_failed_only: bool,
    /// At most so many events are looked at, and so many counted.
    pub look: i64,
    /// At most so many are counted.
    pub most: i64,
}

/// How many events a replay would send again, and 1 if all of its time was looked at.
pub fn count_replayed(it: &Webhook, replay: &Replay<'_>) -> Query<Option<(i64, i64)>> {
    Query {
        statement: statement!(
            concat!(
                "with looked (until, number) as materialized (
                   select max(seq), count(*) from (
                     select seq from event where site_id = ?1 and seq > ?2 and seq <= ?4
                     order by seq limit ?5)),
                 passing as (
                   select 1 from looked
                   cross join event e on e.site_id = ?1 and e.seq > ?2 and e.seq <= until
                   where ",
                passes!("?9", "?3", "?7", "?8"),
                " and ",
                is_of_types!("?6"),
                "
                   and not (?10 and exists (
                     select 1 from delivery d
                     where d.webhook_id = ?9 and d.sequence = e.seq and d.state = 'delivered'))
                   limit ?11)
                 select (select count(*) from passing), number < ?5 from looked"
            ),
            &it.site_id,
            replay.range.0,
            &it.types,
            replay.range.1,
            replay.look,
            replay.types,
            &it.touchpoints,
            &it.grades,
            &it.id,
            replay.is_failed_only,
            replay.most
        ),
        decode: |rows| one(rows, |row| (row.integer(), row.integer())),
    }
}

impl Webhook {
    /// Whether events leave for it.
    pub fn is_active(&self) -> bool {
        self.state == "active"
    }
}

look_ups!(Webhook);

fn read(row: &mut Cells) -> Webhook {
    Webhook {
        id: row.text(),
        site_id: row.text(),
        version: row.integer(),
        name: row.text(),
        url: row.text(),
        types: row.text(),
        touchpoints: row.text(),
        grades: row.text(),
        is_ordered: row.flag(),
        signature: row.text(),
        secret: row.text(),
        headers: row.text(),
        header_names: row.text(),
        old_secret: row.text(),
        old_secret_until: row.integer(),
        public_key: row.text(),
        state: row.text(),
        reason: row.text(),
        created_at: row.integer(),
        updated_at: row.integer(),
        failing_since: row.integer_or_null(),
        not_before: row.integer(),
        is_replaying: row.flag(),
    }
}
