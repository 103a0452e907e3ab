//! What visitors answered so far: table `partial`, handed in through the view `saving`.

use ports::{Cells, Query, Statement};

use crate::{all, one, statement};

/// How long a partial may be gone on with. Then it is given up.
pub const KEPT_MS: i64 = 24 * 60 * 60 * 1000;

/// One row of `partial`.
#[derive(Clone, Debug, Default)]
pub struct Partial {
    /// The site.
    pub site_id: String,
    /// The study.
    pub study_id: String,
    /// The key of the response that it will be.
    pub key: String,
    /// The version that is answered.
    pub study_version: i64,
    /// On which channel; empty if not stated.
    pub channel: String,
    /// The customer's group; empty if not stated.
    pub group: String,
    /// The language it is answered in.
    pub language: String,
    /// The customer, if known.
    pub customer_id: String,
    /// The answers so far, as JSON.
    pub answers: String,
    /// The hidden fields, as JSON.
    pub hidden: String,
    /// The response that it will be if its visitor stays away, a row of `intake` that is not sealed
    /// yet; empty if there is nothing to count.
    pub row: String,
    /// The question at which its visitor stands.
    pub at: String,
    /// When it was saved.
    pub saved_at: i64,
    /// Ways to reach its visitor, encrypted; empty if they will be asked for again.
    pub held: String,
}

/// How saving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// When what is there now was saved; nothing if nothing is there.
    pub at: Option<i64>,
    /// Whether the response is complete, or was given up.
    pub is_over: bool,
}

/// Saves over what was saved before.
///
/// Yields no row unless the study is open, the site is still at `site_version`, the publishable
/// key, if there is one, is live, and what was there was saved at `seen`, 0 for nothing, if that is
/// told. `limits` is a JSON array.
pub fn save(
    it: &Partial,
    limits: &str,
    site_version: i64,
    key_hash: Option<[u8; 32]>,
    seen: Option<i64>,
) -> Query<Option<Saved>> {
    Query {
        statement: statement!(
            "insert into saving (site_id, study_id, key, study_version, channel, customer_group,
               language, customer_id, answers, hidden, row, at, saved_at_ms, limits,
               held)
             select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,
               ?14, ?17
             where exists (
                 select 1 from study s join site t on t.id = s.site_id
                 where s.id = ?2 and s.site_id = ?1 and s.state = 'open' and t.version = ?15)
               and (?16 is null or exists (
                 select 1 from api_key k
                 where k.hash = ?16 and k.site_id = ?1 and k.kind = 'publishable'
                   and k.revoked_at_ms is null
                   and (k.expires_at_ms is null or k.expires_at_ms > ?13)))
               and (?18 is null or ?18 = coalesce((
                 select saved_at_ms from partial where study_id = ?2 and key = ?3), 0))
             returning (select saved_at_ms from partial where study_id = ?2 and key = ?3),
               exists (select 1 from response where site_id = ?1 and idempotency_key = ?3)",
            &it.site_id,
            &it.study_id,
            &it.key,
            it.study_version,
            &it.channel,
            &it.group,
            &it.language,
            &it.customer_id,
            &it.answers,
            &it.hidden,
            &it.row,
            &it.at,
            it.saved_at,
            limits,
            site_version,
            key_hash,
            &it.held,
            seen,
        ),
        decode: |rows| one(rows, |row| Saved { at: row.integer_or_null(), is_over: row.flag() }),
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select site_id, study_id, key, study_version, channel, customer_group, language,
             customer_id, answers, hidden, row, at, saved_at_ms, held from partial ",
            $rest
        )
    };
}

/// What was saved under a key, while it may be gone on with.
pub fn by_key(study_id: &str, key: &str, now: i64) -> Query<Option<Partial>> {
    Query {
        statement: statement!(
            select!("where study_id = ?1 and key = ?2 and saved_at_ms > ?3"),
            study_id,
            key,
            now - KEPT_MS
        ),
        decode: |rows| one(rows, read),
    }
}

/// Some that are given up of the study whose oldest is, as site, the site's zone, study, key and
/// row.
pub fn given_up(now: i64, most: i64) -> Query<Vec<[String; 5]>> {
    Query {
        statement: statement!(
            "select p.site_id, t.zone, p.study_id, p.key, p.row
             from (
               select study_id from partial where saved_at_ms <= ?1 order by saved_at_ms limit 1) o
             cross join partial p indexed by partial_age
               on p.saved_at_ms <= ?1 and p.study_id = o.study_id
             cross join site t on t.id = p.site_id
             order by p.saved_at_ms
             limit ?2",
            now - KEPT_MS,
            most
        ),
        decode: |rows| {
            all(rows, |row| [row.text(), row.text(), row.text(), row.text(), row.text()])
        },
    }
}

/// Takes responses of those who went away, unless they came back meanwhile; `rows` as for
/// `responses::submit`.
pub fn abandon(rows: &str, site_id: &str, study_id: &str, now: i64) -> Statement {
    statement!(
        "insert into intake (rows, site_id, study_id, source, actor, uses)
         select (
             select json_group_array(json(it.value)) from json_each(?1) it
             cross join partial p on p.study_id = ?3 and p.key = it.value ->> 2
               and p.saved_at_ms <= ?4),
           ?2, ?3, 'widget', 'public', 2",
        rows,
        site_id,
        study_id,
        now - KEPT_MS
    )
}

/// Forgets those of some keys, a JSON array, that were given up.
pub fn forget(study_id: &str, keys: &str, now: i64) -> Statement {
    statement!(
        "delete from partial
         where study_id = ?1 and key in (select value from json_each(?2)) and saved_at_ms <= ?3",
        study_id,
        keys,
        now - KEPT_MS
    )
}

/// Forgets what a customer answered so far.
pub fn erase(customer_id: &str) -> Statement {
    statement!("delete from partial where customer_id = ?1 and customer_id <> ''", customer_id)
}

/// How many visitors of a version stopped at each question, and `''` for how many finished.
pub fn drop_off(study_id: &str, version: i64) -> Query<Vec<(String, i64)>> {
    Query {
        statement: statement!(
            "select substr(cell, length('stopped:' || ?2 || ':') + 1), n from tally
             where study_id = ?1 and cell > 'stopped:' || ?2 || ':'
               and cell < 'stopped:' || ?2 || ';'
             union all
             select '', n from tally where study_id = ?1 and cell = 'finished:' || ?2",
            study_id,
            version
        ),
        decode: |rows| all(rows, |row| (row.text(), row.integer())),
    }
}

fn read(row: &mut Cells) -> Partial {
    Partial {
        site_id: row.text(),
        study_id: row.text(),
        key: row.text(),
        study_version: row.integer(),
        channel: row.text(),
        group: row.text(),
        language: row.text(),
        customer_id: row.text(),
        answers: row.text(),
        hidden: row.text(),
        row: row.text(),
        at: row.text(),
        saved_at: row.integer(),
        held: row.text(),
    }
}
