//! Queues of cases: pages of table `complaint`, each over one of its indexes.
//!
//! What no index holds is looked for in the next [`LOOK`] cases of the one that fits best: a page
//! may be short, and the next one goes on behind what this one looked at.

use ports::{Cells, Query};

use crate::cases::{Case, columns, read};
use crate::{all, one, statement};

/// How many cases one page looks at.
pub const LOOK: i64 = 2_000;

/// How many texts one page looks at that have the words which are looked for: more than one case
/// can have, so that each page goes on behind the one before.
pub const LOOK_TEXTS: i64 = 500;

const _: () = assert!(crate::case_search::TEXTS_MAX < LOOK_TEXTS);

/// Where a case stands in a queue that has no clock to keep any more.
pub const LAST: i64 = 9_000_000_000_000_000;

/// In which order, and along which index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Along {
    /// The most pressing of the site that are not closed.
    Due,
    /// Of them, those of an agent.
    DueOfAgent,
    /// Of them, those of a department.
    DueOfDepartment,
    /// The newest of the site.
    Newest,
    /// The newest of a customer.
    NewestOfCustomer,
    /// The newest below a case.
    NewestOfParent,
    /// The newest of whoever has one of some names, numbers and addresses.
    NewestOfPeople,
    /// The newest in which something was said.
    NewestWithWords,
}

/// What is asked for. Empty texts let everything through.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the columns, which the schema explains")]
pub struct Wanted<'a> {
    pub along: Along,
    pub site_id: &'a str,
    /// The key of the last one before: when it is due, and its id.
    pub after: (i64, &'a str),
    pub rows: i64,
    /// A JSON array; an empty one lets everything through.
    pub states: &'a str,
    pub grade: &'a str,
    pub type_id: &'a str,
    pub agent_id: &'a str,
    pub department_id: &'a str,
    pub customer_id: &'a str,
    pub touchpoint_id: &'a str,
    pub parent_id: &'a str,
    /// What is looked for: by people a JSON array, as [`has_people`] takes it, by words what the
    /// index of words understands.
    pub sought: &'a str,
    /// Whether a clock was or is late; nothing for both.
    pub is_late: Option<bool>,
    pub now: i64,
}

/// `$what` of the cases behind a key along an index, `?4` of them at most.
macro_rules! along {
    (due, $what:expr, $of:literal) => {
        concat!(
            "select ",
            $what,
            " from complaint
             where ",
            $of,
            " and state in ('open', 'waiting', 'solved')
               and coalesce(next_due_ms, 9000000000000000) >= ?2
               and (coalesce(next_due_ms, 9000000000000000) > ?2 or id > ?3)
             order by coalesce(next_due_ms, 9000000000000000), id
             limit ?4"
        )
    };
    (newest, $what:expr, $of:literal) => {
        concat!(
            "select ",
            $what,
            " from complaint
             where ",
            $of,
            " and id < case ?3 when '' then 'cmq' else ?3 end
             order by id desc
             limit ?4"
        )
    };
}

/// The cases of whoever has one of the names, numbers and addresses of a JSON array: those of a
/// site's customers, and those of people who are none.
macro_rules! of_people {
    ($sought:literal) => {
        concat!(
            "select c.id from json_each(",
            $sought,
            ") it
             cross join customer p on p.site_id = ?1 and p.external_id = it.value
             cross join complaint c on c.customer_id = p.id and c.customer_id <> ''
             union all
             select c.id from (
               select v.owner from json_each(",
            $sought,
            ") it
               cross join contact v
                 on lower(replace(replace(v.value, ' ', ''), '-', '')) = it.value
                   and v.owner >= 'c' and v.owner < 'd'
               limit 1000) o
             cross join complaint c on c.customer_id = o.owner and c.customer_id <> ''
             union all
             select v.owner from json_each(",
            $sought,
            ") it
             cross join contact v
               on lower(replace(replace(v.value, ' ', ''), '-', '')) = it.value
                 and v.owner >= 'cmp_' and v.owner < 'cmq'"
        )
    };
}

/// Cases that were found in another way, before an id, newest first.
macro_rules! sought {
    ($of:expr) => {
        concat!(
            "select ",
            columns!(),
            " from complaint
             where id in (",
            $of,
            ") and id < case ?3 when '' then 'cmq' else ?3 end
               and site_id = ?1 and ?2 is not null and ?4 is not null
             order by id desc
             limit ?4"
        )
    };
}

/// What was said with some words, before a place, the newest first.
macro_rules! said {
    ($what:literal) => {
        concat!(
            "select ",
            $what,
            " from case_search
             where case_search match ?5 and rowid < ?2
             order by rowid desc
             limit "
        )
    };
}

/// A statement over each index in turn.
macro_rules! by {
    ($along:expr, $statement:ident) => {
        match $along {
            Along::Due => $statement!(due, "site_id = ?1"),
            Along::DueOfAgent => $statement!(due, "agent_id = ?5 and agent_id <> ''"),
            Along::DueOfDepartment => {
                $statement!(due, "department_id = ?5 and department_id <> ''")
            }
            Along::Newest => $statement!(newest, "site_id = ?1"),
            Along::NewestOfCustomer => {
                $statement!(newest, "customer_id = ?5 and customer_id <> ''")
            }
            Along::NewestOfParent => $statement!(newest, "parent_id = ?5 and parent_id <> ''"),
            Along::NewestOfPeople => $statement!(people),
            Along::NewestWithWords => $statement!(words),
        }
    };
}

macro_rules! page {
    (people) => {
        page!(among sought!(of_people!("?5")))
    };
    (words) => {
        page!(among sought!(concat!(said!("case_id"), "?4")))
    };
    ($order:ident, $of:literal) => {
        page!(among along!($order, columns!(), $of))
    };
    (among $cases:expr) => {
        concat!(
            "select * from (",
            $cases,
            ")
             where site_id = ?1 and ?5 is not null
               and (json_array_length(?6) = 0 or state in (select value from json_each(?6)))
               and (?7 = '' or grade = ?7) and (?8 = '' or type_id = ?8)
               and (?9 = '' or agent_id = ?9) and (?10 = '' or department_id = ?10)
               and (?11 = '' or customer_id = ?11) and (?12 = '' or touchpoint_id = ?12)
               and (?13 = '' or parent_id = ?13)
               and (?14 is null
                 or ?14 = (late <> 0 or coalesce(next_due_ms, 9000000000000000) < ?15))
             limit ?16"
        )
    };
}

macro_rules! reached {
    (people) => {
        concat!(
            "select 0, id from (",
            sought!(of_people!("?5")),
            ") where ?1 <> '' and ?5 is not null limit 1 offset ?4 - 1"
        )
    };
    (words) => {
        concat!(
            "select 0, case_id from (",
            said!("case_id"),
            "?4) where ?1 <> '' and ?3 is not null limit 1 offset ?4 - 1"
        )
    };
    ($order:ident, $of:literal) => {
        concat!(
            "select due, id from (",
            along!($order, "coalesce(next_due_ms, 9000000000000000) as due, id", $of),
            ") where ?1 <> '' and ?5 is not null limit 1 offset ?4 - 1"
        )
    };
}

/// A page of them.
pub fn page(wanted: &Wanted<'_>) -> Query<Vec<Case>> {
    let text = by!(wanted.along, page);
    let it = wanted;
    let statement = statement!(
        of text,
        it.site_id,
        it.after.0,
        it.after.1,
        it.look(),
        it.key(),
        it.states,
        it.grade,
        it.type_id,
        it.agent_id,
        it.department_id,
        it.customer_id,
        it.touchpoint_id,
        it.parent_id,
        it.is_late.map(i64::from),
        it.now,
        it.rows,
    );
    Query { statement, decode: |rows| all(rows, read) }
}

/// The key of the last case that a page looked at, if there may be more behind it.
pub fn reached(wanted: &Wanted<'_>) -> Query<Option<(i64, String)>> {
    let text = by!(wanted.along, reached);
    let it = wanted;
    Query {
        statement: statement!(of text, it.site_id, it.after.0, it.after.1, it.look(), it.key()),
        decode: |rows| one(rows, |row: &mut Cells| (row.integer(), row.text())),
    }
}

/// Whether somebody with a case has one of these names, numbers and addresses, a JSON array: each
/// in small letters, without blanks and hyphens; the company's own ids as they are.
pub fn has_people(site_id: &str, sought: &str) -> Query<Option<i64>> {
    Query {
        statement: statement!(
            concat!(
                "select 1 from complaint where id in (",
                of_people!("?2"),
                ") and site_id = ?1 limit 1"
            ),
            site_id,
            sought
        ),
        decode: |rows| one(rows, Cells::integer),
    }
}

impl Wanted<'_> {
    /// How much one page looks at.
    fn look(&self) -> i64 {
        if self.along == Along::NewestWithWords { LOOK_TEXTS } else { LOOK }
    }

    /// What the index begins with, besides the site.
    fn key(&self) -> &str {
        match self.along {
            Along::Due | Along::Newest => "",
            Along::DueOfAgent => self.agent_id,
            Along::DueOfDepartment => self.department_id,
            Along::NewestOfCustomer => self.customer_id,
            Along::NewestOfParent => self.parent_id,
            Along::NewestOfPeople | Along::NewestWithWords => self.sought,
        }
    }
}
