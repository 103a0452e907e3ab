//! Lists of customers: pages of table `customer`, and whom a text finds.

use ports::{Cells, Query};

use crate::customers::{Customer, columns, read};
use crate::{all, statement};

/// Which customers are wanted. Empty texts let everything through.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// The site.
    pub site_id: &'a str,
    /// Their group.
    pub group: &'a str,
    /// Who looks after them.
    pub adviser_id: &'a str,
    /// The last one before.
    pub after: &'a str,
    /// How many at most.
    pub rows: i64,
}

/// A page of them, along the index that fits best. Of an adviser's own, those of another group are
/// looked at and left out.
pub fn page(it: &Wanted<'_>) -> Query<Vec<Customer>> {
    macro_rules! along {
        ($of:literal) => {
            concat!(
                "select ",
                columns!(),
                " from customer c
                 where ",
                $of,
                " and c.id > ?4
                 order by c.id limit ?5"
            )
        };
    }
    let text = match (it.adviser_id, it.group) {
        ("", "") => along!("c.site_id = ?1 and ?2 = '' and ?3 = ''"),
        ("", _) => along!("c.site_id = ?1 and c.customer_group = ?2 and ?3 = ''"),
        _ => along!(
            "c.adviser_id = ?3 and c.adviser_id <> '' and +c.site_id = ?1
               and (?2 = '' or c.customer_group = ?2)"
        ),
    };
    let statement = statement!(of text, it.site_id, it.group, it.adviser_id, it.after, it.rows);
    Query { statement, decode: |rows| all(rows, read) }
}

/// What somebody is looked for by.
#[derive(Clone, Debug)]
pub struct Sought<'a> {
    /// The site.
    pub site_id: &'a str,
    /// Our id, the company's own, or its beginning.
    pub text: &'a str,
    /// A name, an address or an account, as `domain::sought` has it.
    pub word: &'a str,
    /// A number, as `domain::sought` has it; empty for none.
    pub phone: &'a str,
    /// The key of the last one before: 0 and an id among those whom a contact or our id finds, or 1
    /// and the company's own id among those whom that finds.
    pub after: (i64, &'a str),
    /// How many at most.
    pub rows: i64,
}

/// Somebody who was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The key of it, as in [`Sought::after`].
    pub key: (i64, String),
    /// The customer.
    pub customer: Customer,
}

/// Whom a text finds: first those whom a contact or our id finds, then those whose own id at the
/// company begins with it.
pub fn search(it: &Sought<'_>) -> Query<Vec<Found>> {
    macro_rules! by_contact {
        ($kind:literal, $key:literal) => {
            concat!(
                " union
                 select * from (
                   select 0, k.owner, k.owner from contact k
                   where k.site_id = ?1 and k.site_id <> '' and k.kind = '",
                $kind,
                "' and k.look_up = ",
                $key,
                " and ",
                $key,
                " <> '' and ?5 = 0 and k.owner > ?6
                   order by k.owner limit ?7)"
            )
        };
    }
    Query {
        statement: statement!(
            concat!(
                "with hit (part, at, id) as (
                   select 0, id, id from customer
                   where id = ?2 and site_id = ?1 and ?5 = 0 and id > ?6",
                by_contact!("name", "?3"),
                by_contact!("email", "?3"),
                by_contact!("wechat", "?3"),
                by_contact!("phone", "?4"),
                " union
                 select * from (
                   select 1, x.external_id, x.id from customer x
                   where x.site_id = ?1
                     and x.external_id >= max(?2, case ?5 when 1 then ?6 else '' end)
                     and x.external_id < ?2 || char(1114111)
                     and (?5 = 0 or x.external_id <> ?6) and x.id <> ?2
                     and not exists (
                       select 1 from contact k
                       where k.owner = x.id and k.site_id = ?1
                         and k.look_up = case k.kind when 'phone' then ?4 else ?3 end)
                   order by x.external_id limit ?7))
                 select hit.part, hit.at, ",
                columns!(),
                " from hit cross join customer c on c.id = hit.id
                 order by hit.part, hit.at limit ?7"
            ),
            it.site_id,
            it.text,
            it.word,
            it.phone,
            it.after.0,
            it.after.1,
            it.rows
        ),
        decode: |rows| all(rows, found),
    }
}

fn found(row: &mut Cells) -> Found {
    Found { key: (row.integer(), row.text()), customer: read(row) }
}
