//! The customers that a wave draws: table `invitation`.
//!
//! Whether an invitation was answered is looked up in the unique index of responses, by the key
//! that the link gives its response. A wave has some thousand invitations and few people look at
//! it; a trigger would look into this table at every submission of every survey.

use ports::{Cells, Query, Statement};

use crate::{Page, all, one, statement};

/// An invitation with the times that are known of it.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Its id.
    pub id: String,
    /// The customer; empty once they were erased.
    pub customer_id: String,
    /// Their group when they were drawn.
    pub group: String,
    /// Their language.
    pub language: String,
    /// What the link carries.
    pub nonce: String,
    /// When they were invited.
    pub invited_at: Option<i64>,
    /// When they were last reminded.
    pub reminded_at: Option<i64>,
    /// When they answered.
    pub answered_at: Option<i64>,
}

/// What a draw found of one group.
#[derive(Clone, Debug, Default)]
pub struct Drawn {
    /// How many customers it has.
    pub customers: i64,
    /// How many of them may be asked now.
    pub may_ask: i64,
    /// The ids of those who are drawn, as a JSON array.
    pub ids: String,
}

/// Draws customers of a group, in the order of a wave.
///
/// `rests` is a JSON array of pairs: a clock, and the instant after which it must not stand. The
/// number that a customer was given at random is the end of their id; see `domain::wave::Order`.
pub fn draw(
    site_id: &str,
    group: &str,
    most: i64,
    rests: &str,
    order: domain::wave::Order,
) -> Query<Drawn> {
    Query {
        statement: statement!(
            "with letter (all_of) as (values ('0123456789abcdefghjkmnpqrstvwxyz')),
             member as materialized (
               select c.id, c.has_consent = 1 and not exists (
                   select 1 from json_each(?4) s
                   cross join rest r on r.site_id = ?1 and r.who = c.id
                     and r.scope = s.value ->> 0
                   where r.at_ms > s.value ->> 1) as may_ask,
                 ((((instr(all_of, substr(c.id, -6, 1)) * 33
                   + instr(all_of, substr(c.id, -5, 1))) * 33
                   + instr(all_of, substr(c.id, -4, 1))) * 33
                   + instr(all_of, substr(c.id, -3, 1))) * 33
                   + instr(all_of, substr(c.id, -2, 1))) * 33
                   + instr(all_of, substr(c.id, -1, 1)) as x
               from customer c cross join letter
               where c.site_id = ?1 and c.customer_group = ?2 and c.erased_at_ms is null)
             select count(*), coalesce(sum(may_ask), 0),
               (select json_group_array(id) from (
                  select id from member where may_ask
                  order by (?5 * x + ?6) % 2147483647, id limit ?3))
             from member",
            site_id,
            group,
            most,
            rests,
            order.factor,
            order.shift
        ),
        decode: |rows| Ok(one(rows, read_drawn)?.unwrap_or_default()),
    }
}

/// Adds those who were drawn, a JSON array of `[id, customer, nonce]`.
pub fn insert(wave_id: &str, rows: &str) -> Statement {
    statement!(
        "insert into invitation (wave_id, id, version, customer_id, customer_group, language,
           nonce)
         select ?1, it.value ->> 0, 0, c.id, c.customer_group, c.language, it.value ->> 2
         from json_each(?2) it
         cross join customer c on c.id = it.value ->> 1
         where c.erased_at_ms is null
         on conflict do nothing",
        wave_id,
        rows
    )
}

/// Some who were drawn and not invited yet, after an id: each with their group.
pub fn waiting(wave_id: &str, after: &str, rows: i64) -> Query<Vec<(String, String)>> {
    Query {
        statement: statement!(
            "select id, customer_group from invitation
             where wave_id = ?1 and id > ?2 and version = 0
             order by id limit ?3",
            wave_id,
            after,
            rows
        ),
        decode: |rows| all(rows, |row| (row.text(), row.text())),
    }
}

/// One who may have to be reminded.
#[derive(Clone, Debug)]
pub struct Reminded {
    /// The invitation.
    pub id: String,
    /// Its version.
    pub version: i64,
    /// The seal of its newest event.
    pub seal: [u8; 32],
    /// The customer's group.
    pub group: String,
    /// Whether there is nothing to remind them of.
    pub is_over: bool,
}

/// Some who were invited, after an id.
pub fn invited(site_id: &str, wave_id: &str, after: &str, rows: i64) -> Query<Vec<Reminded>> {
    Query {
        statement: statement!(
            "select i.id, i.version, e.hash, i.customer_group,
               i.customer_id = '' or i.answered_at_ms is not null or exists (
                 select 1 from response r
                 where r.site_id = ?1 and r.idempotency_key = 'link:' || i.nonce)
             from (
               select * from invitation
               where wave_id = ?2 and id > ?3 and version > 0
               order by id limit ?4) i
             cross join event e on e.subject = i.id and e.version = i.version
             order by i.id",
            site_id,
            wave_id,
            after,
            rows
        ),
        decode: |rows| all(rows, read_reminded),
    }
}

/// Notes invitations whose event was just written, out of some, a JSON array of ids.
pub fn invite(wave_id: &str, ids: &str, now: i64) -> Statement {
    statement!(
        "update invitation set version = 1, invited_at_ms = ?3
         where wave_id = ?1 and id in (select value from json_each(?2)) and version = 0
           and exists (select 1 from event e where e.subject = invitation.id and e.version = 1)",
        wave_id,
        ids,
        now
    )
}

/// Notes reminders whose event was just written, out of some, a JSON array of ids.
pub fn remind(wave_id: &str, ids: &str, now: i64) -> Statement {
    statement!(
        "update invitation set version = version + 1, reminded_at_ms = ?3
         where wave_id = ?1 and id in (select value from json_each(?2))
           and exists (
             select 1 from event e
             where e.subject = invitation.id and e.version = invitation.version + 1)",
        wave_id,
        ids,
        now
    )
}

/// Drops those who were drawn and may not be asked any more.
pub fn drop_uninvited(wave_id: &str) -> Statement {
    statement!("delete from invitation where wave_id = ?1 and version = 0", wave_id)
}

/// How many of each group were invited, and how many of them answered.
pub fn coverage(site_id: &str, wave_id: &str) -> Query<Vec<(String, u64, u64)>> {
    Query {
        statement: statement!(
            "select i.customer_group, count(*),
               sum(i.answered_at_ms is not null or exists (
                 select 1 from response r
                 where r.site_id = ?1 and r.idempotency_key = 'link:' || i.nonce))
             from invitation i
             where i.wave_id = ?2 and i.version > 0
             group by i.customer_group",
            site_id,
            wave_id
        ),
        decode: |rows| all(rows, |row| (row.text(), row.count(), row.count())),
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select i.id, i.customer_id, i.customer_group, i.language, i.nonce, i.invited_at_ms,
               i.reminded_at_ms, coalesce(i.answered_at_ms, r.received_at_ms) as answered
             from invitation i
             left join response r
               on r.site_id = ?1 and r.idempotency_key = 'link:' || i.nonce ",
            $rest
        )
    };
}

/// Those whom a wave invited, in one state; '' is every state.
pub fn list(site_id: &str, wave_id: &str, state: &str, page: &Page) -> Query<Vec<Invitation>> {
    Query {
        statement: statement!(
            select!(
                "where i.wave_id = ?2 and i.id > ?4 and i.version > 0
                   and (?3 = '' or ?3 = case when answered is not null then 'answered'
                     when i.reminded_at_ms is not null then 'reminded' else 'invited' end)
                 order by i.id limit ?5"
            ),
            site_id,
            wave_id,
            state,
            &page.after,
            page.rows
        ),
        decode: |rows| all(rows, read),
    }
}

/// One of those whom a wave invited.
pub fn by_id(site_id: &str, wave_id: &str, id: &str) -> Query<Option<Invitation>> {
    Query {
        statement: statement!(
            select!("where i.wave_id = ?2 and i.id = ?3 and i.version > 0"),
            site_id,
            wave_id,
            id
        ),
        decode: |rows| one(rows, read),
    }
}

/// Forgets whom the invitations of an erased customer were for; before their responses are
/// unlinked. That they were answered stays, so that the coverage of their waves does.
pub fn erase(site_id: &str, customer_id: &str) -> Statement {
    statement!(
        "update invitation set customer_id = '', language = '', nonce = '',
           answered_at_ms = coalesce(answered_at_ms, (
             select r.received_at_ms from response r
             where r.site_id = ?1 and r.idempotency_key = 'link:' || invitation.nonce))
         where customer_id = ?2 and customer_id <> ''",
        site_id,
        customer_id
    )
}

fn read(row: &mut Cells) -> Invitation {
    Invitation {
        id: row.text(),
        customer_id: row.text(),
        group: row.text(),
        language: row.text(),
        nonce: row.text(),
        invited_at: row.integer_or_null(),
        reminded_at: row.integer_or_null(),
        answered_at: row.integer_or_null(),
    }
}

fn read_drawn(row: &mut Cells) -> Drawn {
    Drawn { customers: row.integer(), may_ask: row.integer(), ids: row.text() }
}

fn read_reminded(row: &mut Cells) -> Reminded {
    Reminded {
        id: row.text(),
        version: row.integer(),
        seal: row.hash(),
        group: row.text(),
        is_over: row.flag(),
    }
}
