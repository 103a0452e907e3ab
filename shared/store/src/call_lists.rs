//! Lists of call-backs: pages of table `callback`, each over one of its indexes, and what stands
//! beside one.
//!
//! What no index holds is looked for in the next [`LOOK`] rows of the one that fits best: a page
//! may be short, and the next one goes on behind what this one looked at.

use ports::{Cells, Query};

use crate::callbacks::{Callback, columns, read};
use crate::{all, one, statement};

/// How many rows one page looks at.
pub const LOOK: i64 = 2_000;

/// In which order, and along which index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Along {
    /// The newest of the site.
    Newest,
    /// The newest of a customer.
    NewestOfCustomer,
    /// The newest about a case.
    NewestOfCase,
    /// Those of an agent that are not over, by when they are due.
    DueOfAgent,
    /// Appointments, by their time.
    Start,
    /// Those that wait, whoever has waited longest first.
    Queue,
}

/// What is asked for. Empty texts let everything through.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the columns, which the schema explains")]
pub struct Wanted<'a> {
    pub along: Along,
    pub site_id: &'a str,
    /// The key of the last one before: its time, and its id.
    pub after: (i64, &'a str),
    pub rows: i64,
    /// A JSON array; an empty one lets everything through.
    pub states: &'a str,
    pub purpose: &'a str,
    pub agent_id: &'a str,
    pub service_id: &'a str,
    pub case_id: &'a str,
    pub customer_id: &'a str,
    /// Appointments begin before.
    pub until: i64,
}

/// `$what` of the rows behind a key along an index, `?4` of them at most.
macro_rules! along {
    (newest, $what:expr, $of:literal) => {
        concat!(
            "select ",
            $what,
            " from callback
             where ",
            $of,
            " and id < case ?3 when '' then 'cbl' else ?3 end
             order by id desc
             limit ?4"
        )
    };
    (due, $what:expr, $of:literal) => {
        concat!(
            "select ",
            $what,
            " from callback
             where ",
            $of,
            " and due_ms >= ?2 and (due_ms > ?2 or id > ?3)
             order by due_ms, id
             limit ?4"
        )
    };
    (queue, $what:expr, $of:literal) => {
        concat!(
            "select ",
            $what,
            " from callback
             where ",
            $of,
            " and place_ms >= ?2 and (place_ms > ?2 or id > ?3)
             order by place_ms, id
             limit ?4"
        )
    };
    (start, $what:expr, $of:literal) => {
        concat!(
            "select ",
            $what,
            " from callback
             where ",
            $of,
            " and start_ms > 0 and start_ms >= ?2 and start_ms < ?6
               and (start_ms > ?2 or id > ?3)
             order by start_ms, id
             limit ?4"
        )
    };
}

/// A statement over each index in turn.
macro_rules! by {
    ($along:expr, $statement:ident) => {
        match $along {
            Along::Newest => $statement!(newest, "0", "site_id = ?1"),
            Along::NewestOfCustomer => {
                $statement!(newest, "0", "customer_id = ?5 and customer_id <> ''")
            }
            Along::NewestOfCase => $statement!(newest, "0", "case_id = ?5 and case_id <> ''"),
            Along::DueOfAgent => $statement!(
                due,
                "due_ms",
                "agent_id = ?5 and agent_id <> ''
                   and state in ('held', 'booked', 'waiting', 'calling')"
            ),
            Along::Start => $statement!(start, "start_ms", "site_id = ?1"),
            Along::Queue => {
                $statement!(queue, "place_ms", "site_id = ?1 and state = 'waiting'")
            }
        }
    };
}

macro_rules! page {
    ($order:ident, $key:literal, $of:literal) => {
        concat!(
            "select * from (",
            along!($order, columns!(), $of),
            ")
             where site_id = ?1 and ?2 is not null and ?5 is not null and ?6 is not null
               and (json_array_length(?7) = 0 or state in (select value from json_each(?7)))
               and (?8 = '' or purpose = ?8) and (?9 = '' or agent_id = ?9)
               and (?10 = '' or case_id = ?10) and (?11 = '' or customer_id = ?11)
               and (?13 = '' or service_id = ?13)
             limit ?12"
        )
    };
}

macro_rules! reached {
    ($order:ident, $key:literal, $of:literal) => {
        concat!(
            "select at, id from (",
            along!($order, concat!($key, " as at, id"), $of),
            ") where ?1 <> '' and ?2 is not null and ?5 is not null and ?6 is not null
             limit 1 offset ?4 - 1"
        )
    };
}

/// A page of them.
pub fn page(it: &Wanted<'_>) -> Query<Vec<Callback>> {
    let text = by!(it.along, page);
    let statement = statement!(
        of text,
        it.site_id,
        it.after.0,
        it.after.1,
        LOOK,
        it.key(),
        it.until,
        it.states,
        it.purpose,
        it.agent_id,
        it.case_id,
        it.customer_id,
        it.rows,
        it.service_id,
    );
    Query { statement, decode: |rows| all(rows, read) }
}

/// The key of the last row that a page looked at, if there may be more behind it.
pub fn reached(it: &Wanted<'_>) -> Query<Option<(i64, String)>> {
    let text = by!(it.along, reached);
    let statement =
        statement!(of text, it.site_id, it.after.0, it.after.1, LOOK, it.key(), it.until);
    Query { statement, decode: |rows| one(rows, |row: &mut Cells| (row.integer(), row.text())) }
}

impl Wanted<'_> {
    /// What the index begins with, besides the site.
    fn key(&self) -> &str {
        match self.along {
            Along::Newest | Along::Start | Along::Queue => "",
            Along::NewestOfCustomer => self.customer_id,
            Along::NewestOfCase => self.case_id,
            Along::DueOfAgent => self.agent_id,
        }
    }
}

/// How many are called before one that waits, `most` of them at most: they wait for longer, and
/// their turn has come by `due`.
pub fn ahead(site_id: &str, (place, id): (i64, &str), due: i64, most: i64) -> Query<i64> {
    Query {
        statement: statement!(
            "select count(*) from (
               select 1 from callback
               where site_id = ?1 and state = 'waiting' and place_ms <= ?2
                 and (place_ms < ?2 or id < ?3) and due_ms <= ?4
               limit ?5)",
            site_id,
            place,
            id,
            due,
            most
        ),
        decode: |rows| Ok(one(rows, Cells::integer)?.unwrap_or(0)),
    }
}

/// How somebody who is called is reached, as kind and value: what was given with the call-back
/// comes before what is known of the customer, and that before what stands with the case.
pub fn contacts(it: &Callback) -> Query<Vec<(String, String)>> {
    Query {
        statement: statement!(
            "select kind, value from (
               select kind, value, row_number() over (
                 partition by kind
                 order by case owner when ?1 then 0 when ?2 then 1 else 2 end) as nth
               from contact where owner in (?1, ?2, ?3) and owner <> '' and question_id = '')
             where nth = 1
             order by kind",
            &it.id,
            &it.customer_id,
            &it.case_id
        ),
        decode: |rows| all(rows, |row| (row.text(), row.text())),
    }
}
