//! Comments that later ones are held against: tables `print` and `print_key`.

use ports::{Query, Statement};

use crate::{all, statement};

/// An earlier comment that shares keys with a new one.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Where the new one stands in what was asked.
    pub at: i64,
    /// The earlier response.
    pub response_id: String,
    /// What it says, as much of it as is compared.
    pub text: String,
}

/// The earlier comments that share most keys with each of some new ones, given as a JSON array of
/// `[study, response, keys]`, not before the response `since`.
///
/// Of each key the newest 50 are looked at and of each new comment 8 are held against it, so that
/// a key of many costs no more than one of few. Of 32 keys texts with a Jaccard index of a half
/// share 8, and fewer than 3 once in 150 times; of 0.6, never: asking for 3 spares most of the
/// English comments that share a key by chance.
pub fn candidates(new: &str, since: &str) -> Query<Vec<Candidate>> {
    Query {
        statement: statement!(
            "select it.key, p.response_id, substr(c.text, 1, 2000)
             from json_each(?1) it
             cross join print p on p.number in (
               select some.number
               from (
                 select k.number, count(*) as shared
                 from json_each(it.value, '$[2]') given
                 cross join print_key k on k.key = given.value and k.number >= coalesce((
                   select n.number from print_key n where n.key = given.value
                   order by n.number desc limit 1 offset 49), 0)
                 group by k.number
                 having count(*) >= 3) some
               cross join print f on f.number = some.number
               where f.study_id = it.value ->> 0 and f.response_id < it.value ->> 1
                 and f.response_id > ?2
               order by some.shared desc, some.number desc
               limit 8)
             cross join comment c on c.site_id = p.site_id and c.response_id = p.response_id
               and c.question_id = p.question_id",
            new,
            since
        ),
        decode: |rows| {
            all(rows, |row| Candidate {
                at: row.integer(),
                response_id: row.text(),
                text: row.text(),
            })
        },
    }
}

/// Adds prints: a JSON array of `[site, study, response, question, keys]`. One that is there stays,
/// and what was erased meanwhile gets none.
pub fn add(rows: &str) -> Statement {
    statement!(
        "insert into print (site_id, study_id, response_id, question_id, keys)
         select it.value ->> 0, it.value ->> 1, it.value ->> 2, it.value ->> 3, it.value ->> 4
         from json_each(?1) it
         where exists (
           select 1 from comment c
           where c.site_id = it.value ->> 0 and c.response_id = it.value ->> 2
             and c.question_id = it.value ->> 3)
         on conflict (response_id, question_id) do nothing",
        rows
    )
}

/// Removes prints of responses before `until`, at most so many.
pub fn forget(until: &str, most: i64) -> Statement {
    statement!(
        "delete from print where number in (
           select number from print where response_id < ?1 limit ?2)",
        until,
        most
    )
}
