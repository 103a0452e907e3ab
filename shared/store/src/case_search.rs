//! What was said in cases, to be found by its words: table `case_search`.
//!
//! A text is a row at the place of its case ([`domain::id::place`]), so the newest cases come first
//! without sorting.

use ports::{Cells, Query, Statement};

use crate::{all, one, statement};

/// How many texts of a case are found; [`domain::id::place`] leaves room for more.
pub const TEXTS_MAX: i64 = 256;

/// Adds texts, a JSON array of `[place, case, text, words]`, after the texts themselves. One that
/// was erased meanwhile or is there already is left out.
pub fn put(rows: &str) -> Statement {
    statement!(
        "insert into case_search (rowid, case_id, text_id, words)
         select key, case_id, text_id, words from (
           select it.value ->> 1 as case_id, it.value ->> 2 as text_id, it.value ->> 3 as words,
             it.value ->> 0 as place,
             coalesce((
               select s.rowid from case_search s
               where s.rowid between it.value ->> 0 and (it.value ->> 0) + 1023
               order by s.rowid desc limit 1), (it.value ->> 0) - 1)
               + row_number() over (partition by it.value ->> 0 order by it.key) as key
           from json_each(?1) it
           cross join case_text t
             on t.case_id = it.value ->> 1 and t.id = it.value ->> 2 and t.text <> ''
           where not exists (
             select 1 from case_search s
             where s.rowid between it.value ->> 0 and (it.value ->> 0) + 1023
               and s.text_id = it.value ->> 2))
         where key < place + 256",
        rows
    )
}

/// Takes out all that was said in cases, a JSON array of `[place, case]`.
pub fn erase(cases: &str) -> Statement {
    statement!(
        "delete from case_search where rowid in (
           select s.rowid from json_each(?1) it
           cross join case_search s
             on s.rowid between it.value ->> 0 and (it.value ->> 0) + 1023
           where s.case_id = it.value ->> 1)",
        cases
    )
}

/// Before which case nobody's words are in the index yet; nothing where all are.
pub fn left() -> Query<Option<String>> {
    Query {
        statement: statement!("select before from case_search_left limit 1"),
        decode: |rows| one(rows, Cells::text),
    }
}

/// The texts of the newest cases before one, each with its case and site, its id and its words.
pub fn texts(before: &str, cases: i64) -> Query<Vec<(String, String, String, String)>> {
    Query {
        statement: statement!(
            "select c.id, c.site_id, coalesce(t.id, ''), coalesce(t.text, '')
             from (select id, site_id from complaint where id < ?1 order by id desc limit ?2) c
             left join case_text t on t.case_id = c.id
             order by c.id desc",
            before,
            cases
        ),
        decode: |rows| all(rows, |row| (row.text(), row.text(), row.text(), row.text())),
    }
}

/// Notes how far the index goes. Yields no row if somebody else was faster.
pub fn go_on(before: &str, next: &str) -> Statement {
    statement!(
        "update case_search_left set before = ?2 where before = ?1 returning before",
        before,
        next
    )
}

/// Notes that the index has all. Yields no row if somebody else was faster.
pub fn done(before: &str) -> Statement {
    statement!("delete from case_search_left where before = ?1 returning before", before)
}
