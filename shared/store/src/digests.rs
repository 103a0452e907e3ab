//! What the comments of a site say together: tables `digest`, `keyword`, `digest_topic`, `alike`.

use ports::{Query, Statement};

use crate::{all, one, statement};

/// When a digest was made, and of what.
#[derive(Clone, Debug)]
pub struct Digest {
    /// How many comments went in.
    pub comments: i64,
    /// The first day of its period.
    pub first_day: i64,
    /// The last day.
    pub last_day: i64,
    /// When it was made.
    pub made_at: i64,
}

/// The digest of a site.
pub fn by_site(site_id: &str) -> Query<Option<Digest>> {
    Query {
        statement: statement!(
            "select comments, first_day, last_day, made_at_ms from digest where site_id = ?1",
            site_id
        ),
        decode: |rows| {
            one(rows, |row| Digest {
                comments: row.integer(),
                first_day: row.integer(),
                last_day: row.integer(),
                made_at: row.integer(),
            })
        },
    }
}

/// A site whose comments are to be digested.
#[derive(Clone, Debug)]
pub struct Stale {
    /// The site.
    pub site_id: String,
    /// Its zone.
    pub zone: String,
    /// Its newest comment; empty if it has none.
    pub newest: String,
    /// Whether there is none newer than in its digest, made after `made_after`.
    pub is_fresh: bool,
}

/// The sites after an id, and whether each needs a new digest: it has newer comments, or its
/// digest is of before `made_after`.
pub fn stale(after: &str, made_after: i64, most: i64) -> Query<Vec<Stale>> {
    Query {
        statement: statement!(
            "select s.id, s.zone, coalesce(n.newest, ''),
               coalesce(d.last_id = n.newest and d.made_at_ms >= ?2, n.newest is null)
             from (
               select id, zone, (
                 select max(response_id) from comment where site_id = site.id) as newest
               from site where id > ?1 order by id limit ?3) n
             join site s on s.id = n.id
             left join digest d on d.site_id = s.id
             order by s.id",
            after,
            made_after,
            most
        ),
        decode: |rows| {
            all(rows, |row| Stale {
                site_id: row.text(),
                zone: row.text(),
                newest: row.text(),
                is_fresh: row.flag(),
            })
        },
    }
}

/// A comment as it goes into a digest.
#[derive(Clone, Debug)]
pub struct Digested {
    /// The response.
    pub response_id: String,
    /// The question.
    pub question_id: String,
    /// The touchpoint; empty for none.
    pub touchpoint_id: String,
    /// `low`, `high` or empty.
    pub verdict: String,
    /// From -100, bad, to 100, good.
    pub sentiment: i64,
    /// What it is about; empty where nobody knows.
    pub topic: String,
    /// What was written.
    pub text: String,
}

/// The newest comments of some days.
pub fn comments(site_id: &str, days: (i64, i64), most: i64) -> Query<Vec<Digested>> {
    Query {
        statement: statement!(
            "select response_id, question_id, touchpoint_id, verdict, sentiment, topic, text
             from comment
             where site_id = ?1 and day between ?2 and ?3 and counted = 1
             order by day desc, response_id desc limit ?4",
            site_id,
            days.0,
            days.1,
            most
        ),
        decode: |rows| {
            all(rows, |row| Digested {
                response_id: row.text(),
                question_id: row.text(),
                touchpoint_id: row.text(),
                verdict: row.text(),
                sentiment: row.integer(),
                topic: row.text(),
                text: row.text(),
            })
        },
    }
}

/// Writes when the digest of a site was made, and of what.
pub fn put(site_id: &str, last_id: &str, it: &Digest) -> Statement {
    statement!(
        "insert into digest (site_id, last_id, comments, first_day, last_day, made_at_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6)
         on conflict (site_id) do update set last_id = excluded.last_id,
           comments = excluded.comments, first_day = excluded.first_day,
           last_day = excluded.last_day, made_at_ms = excluded.made_at_ms",
        site_id,
        last_id,
        it.comments,
        it.first_day,
        it.last_day,
        it.made_at
    )
}

/// Removes the keywords of a site.
pub fn clear_keywords(site_id: &str) -> Statement {
    statement!("delete from keyword where site_id = ?1", site_id)
}

/// Adds keywords: a JSON array of `[touchpoint, side, rank, term, here, rest, z in hundredths]`.
pub fn add_keywords(site_id: &str, rows: &str) -> Statement {
    statement!(
        "insert into keyword (site_id, touchpoint_id, side, rank, term, here, rest, z_centi)
         select ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
           value ->> 6
         from json_each(?2)",
        site_id,
        rows
    )
}

/// A word that stands out.
#[derive(Clone, Debug)]
pub struct Keyword {
    /// The word or phrase.
    pub term: String,
    /// Comments that have it.
    pub here: i64,
    /// Comments of the others that have it.
    pub rest: i64,
    /// How sure it is that they differ, in hundredths of a standard error.
    pub z_centi: i64,
}

/// The keywords of a site, or of one of its touchpoints, on one side, the surest first.
pub fn keywords(site_id: &str, touchpoint_id: &str, side: &str) -> Query<Vec<Keyword>> {
    Query {
        statement: statement!(
            "select term, here, rest, z_centi from keyword
             where site_id = ?1 and touchpoint_id = ?2 and side = ?3 order by rank",
            site_id,
            touchpoint_id,
            side
        ),
        decode: |rows| {
            all(rows, |row| Keyword {
                term: row.text(),
                here: row.integer(),
                rest: row.integer(),
                z_centi: row.integer(),
            })
        },
    }
}

/// Removes the topics of a site.
pub fn clear_topics(site_id: &str) -> Statement {
    statement!("delete from digest_topic where site_id = ?1", site_id)
}

/// Adds topics: a JSON array of `[touchpoint, topic, comments, before, low, high]`.
pub fn add_topics(site_id: &str, rows: &str) -> Statement {
    statement!(
        "insert into digest_topic (site_id, touchpoint_id, topic, comments, before, low, high)
         select ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
         from json_each(?2)",
        site_id,
        rows
    )
}

/// How many comments are about something.
#[derive(Clone, Debug, Default)]
pub struct Topic {
    /// What they are about; empty where nobody knows.
    pub topic: String,
    /// Comments of the digest.
    pub comments: i64,
    /// Comments of the days before.
    pub before: i64,
    /// Of those of the digest, the bad ones.
    pub low: i64,
    /// The good ones.
    pub high: i64,
}

/// The topics of a site, or of one of its touchpoints, those with the most comments first.
pub fn topics(site_id: &str, touchpoint_id: &str) -> Query<Vec<Topic>> {
    Query {
        statement: statement!(
            "select topic, comments, before, low, high from digest_topic
             where site_id = ?1 and touchpoint_id = ?2 order by comments desc, topic",
            site_id,
            touchpoint_id
        ),
        decode: |rows| {
            all(rows, |row| Topic {
                topic: row.text(),
                comments: row.integer(),
                before: row.integer(),
                low: row.integer(),
                high: row.integer(),
            })
        },
    }
}

/// Removes the groups of a site.
pub fn clear_alike(site_id: &str) -> Statement {
    statement!("delete from alike where site_id = ?1", site_id)
}

/// Adds groups: a JSON array of `[rank, comments, members]`.
pub fn add_alike(site_id: &str, rows: &str) -> Statement {
    statement!(
        "insert into alike (site_id, rank, comments, members)
         select ?1, value ->> 0, value ->> 1, value ->> 2 from json_each(?2)",
        site_id,
        rows
    )
}

/// Comments that say the same.
#[derive(Clone, Debug)]
pub struct Alike {
    /// How many.
    pub comments: i64,
    /// A JSON array of pairs of response and question, the most typical first.
    pub members: String,
}

/// The groups of a site, the largest first.
pub fn alike(site_id: &str) -> Query<Vec<Alike>> {
    Query {
        statement: statement!(
            "select comments, members from alike where site_id = ?1 order by rank",
            site_id
        ),
        decode: |rows| all(rows, |row| Alike { comments: row.integer(), members: row.text() }),
    }
}
