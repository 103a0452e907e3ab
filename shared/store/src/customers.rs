//! Customers and their contacts: table `customer`.

use ports::{Cells, Query, Statement};

use crate::{all, look_ups, one, statement};

/// One row of `customer`.
#[derive(Clone, Debug)]
pub struct Customer {
    /// Its id.
    pub id: String,
    /// The site that it belongs to.
    pub site_id: String,
    /// Counts its changes.
    pub version: i64,
    /// The company's own id of the customer.
    pub external_id: String,
    /// `new`, `existing`, `core`, or empty.
    pub group: String,
    /// The agent who looks after them; empty for none.
    pub adviser_id: String,
    /// Their zone; empty for the site's.
    pub zone: String,
    /// Their language; empty if unknown.
    pub language: String,
    /// Whether they agreed to be asked.
    pub has_consent: bool,
    /// When their personal data was erased.
    pub erased_at: Option<i64>,
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}

/// The columns, in the order of [`Customer`].
macro_rules! columns {
    () => {
        "c.id, c.site_id, c.version, c.external_id, c.customer_group, c.adviser_id, c.zone,
         c.language, c.has_consent, c.erased_at_ms, c.created_at_ms, c.updated_at_ms"
    };
}
pub(crate) use columns;

macro_rules! select {
    ($rest:literal) => {
        concat!("select ", columns!(), " from customer c ", $rest)
    };
}

/// Adds a row. Yields no row when another customer has the external id.
pub fn insert(it: &Customer) -> Statement {
    statement!(
        "insert into customer (id, site_id, version, external_id, customer_group, adviser_id,
           zone, language, has_consent, erased_at_ms, created_at_ms, updated_at_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
         on conflict (site_id, external_id) do nothing
         returning id",
        &it.id,
        &it.site_id,
        it.version,
        &it.external_id,
        &it.group,
        &it.adviser_id,
        &it.zone,
        &it.language,
        it.has_consent,
        it.erased_at,
        it.created_at,
        it.updated_at,
    )
}

/// Adds customers of whom another system spoke first, in the group `new` and without consent.
///
/// `rows` is a JSON array of `[id, external id]`. One whose external id is taken is left out.
pub fn insert_new(site_id: &str, now: i64, rows: &str) -> Statement {
    statement!(
        "insert into customer (id, site_id, version, external_id, customer_group, adviser_id,
           zone, language, has_consent, erased_at_ms, created_at_ms, updated_at_ms)
         select it.value ->> 0, ?1, 1, it.value ->> 1, 'new', '', '', '', 0, null, ?2, ?2
         from json_each(?3) it
         where true
         on conflict (site_id, external_id) do nothing",
        site_id,
        now,
        rows
    )
}

/// Yields a row if each of these, a JSON array of ids, is a customer of the site and not erased.
pub fn are_there(site_id: &str, ids: &str) -> Statement {
    statement!(
        "select 1 where not exists (
           select 1 from json_each(?2) it
           where not exists (
             select 1 from customer
             where id = it.value and site_id = ?1 and erased_at_ms is null))",
        site_id,
        ids
    )
}

/// Writes a changed row over the version before it. Yields no row if that one is gone.
pub fn update(it: &Customer) -> Statement {
    statement!(
        "update customer set version = ?2, external_id = ?3, customer_group = ?4,
           adviser_id = ?5, zone = ?6, language = ?7, has_consent = ?8,
           erased_at_ms = ?9, updated_at_ms = ?10
         where id = ?1 and version = ?2 - 1
         returning id",
        &it.id,
        it.version,
        &it.external_id,
        &it.group,
        &it.adviser_id,
        &it.zone,
        &it.language,
        it.has_consent,
        it.erased_at,
        it.updated_at,
    )
}

look_ups!(Customer);

/// Replaces one contact of a customer, a case or a call-back. A customer must be there already:
/// theirs are looked for at their site.
pub fn set_contact(owner: &str, kind: &str, value: &str) -> Statement {
    statement!(
        "insert into contact (owner, kind, value, site_id)
         values (?1, ?2, ?3, coalesce((select site_id from customer where id = ?1), ''))
         on conflict (owner, kind, question_id) do update set value = excluded.value",
        owner,
        kind,
        value
    )
}

/// Removes one contact of a customer, or all of them when `kind` is empty.
pub fn drop_contact(customer_id: &str, kind: &str) -> Statement {
    statement!("delete from contact where owner = ?1 and (?2 = '' or kind = ?2)", customer_id, kind)
}

/// The contacts of a customer, as kind and value.
pub fn contacts(customer_id: &str) -> Query<Vec<(String, String)>> {
    Query {
        statement: statement!(
            "select kind, value from contact where owner = ?1 order by kind",
            customer_id
        ),
        decode: |rows| all(rows, |row| (row.text(), row.text())),
    }
}

/// The customer with the company's own id.
pub fn by_external_id(site_id: &str, external_id: &str) -> Query<Option<Customer>> {
    Query {
        statement: statement!(
            select!("where site_id = ?1 and external_id = ?2"),
            site_id,
            external_id
        ),
        decode: |rows| one(rows, read),
    }
}

/// The ids of customers by the company's own ids, given as a JSON array.
pub fn ids(site_id: &str, external_ids: &str) -> Query<Vec<(String, String, String)>> {
    Query {
        statement: statement!(
            "select c.external_id, c.id, c.customer_group
             from json_each(?2) it
             cross join customer c on c.site_id = ?1 and c.external_id = it.value",
            site_id,
            external_ids
        ),
        decode: |rows| all(rows, |row| (row.text(), row.text(), row.text())),
    }
}

/// Somebody whom a list names, by our id or by the company's own.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Where in the list, from 0.
    pub at: i64,
    /// The customer; empty if there is none.
    pub id: String,
    /// Their group.
    pub group: String,
    /// Their language.
    pub language: String,
}

/// The customers that a JSON array names, by our ids or by the company's own, each once.
pub fn listed(site_id: &str, names: &str) -> Query<Vec<Listed>> {
    Query {
        statement: statement!(
            "select min(it.key), coalesce(c.id, x.id, ''),
               coalesce(c.customer_group, x.customer_group, ''),
               coalesce(c.language, x.language, '')
             from json_each(?2) it
             left join customer c
               on c.id = it.value and c.site_id = ?1 and c.erased_at_ms is null
             left join customer x
               on x.site_id = ?1 and x.external_id = it.value and x.erased_at_ms is null
             group by coalesce(c.id, x.id, it.value)
             order by 1",
            site_id,
            names
        ),
        decode: |rows| {
            all(rows, |row| Listed {
                at: row.integer(),
                id: row.text(),
                group: row.text(),
                language: row.text(),
            })
        },
    }
}

/// The customer that staff name by our id or by the company's own.
pub fn named(site_id: &str, name: &str) -> Query<Option<(String, String)>> {
    Query {
        statement: statement!(
            "select id, customer_group from customer
             where site_id = ?1 and id = ?2 and erased_at_ms is null
             union all
             select id, customer_group from customer
             where site_id = ?1 and external_id = ?2 and erased_at_ms is null
             limit 1",
            site_id,
            name
        ),
        decode: |rows| one(rows, |row| (row.text(), row.text())),
    }
}

/// Removes what was read in the words of a customer; before their responses are unlinked.
pub fn erase_comments(site_id: &str, customer_id: &str) -> Statement {
    statement!(
        "delete from comment
         where site_id = ?1 and response_id in (
           select id from response where customer_id = ?2 and customer_id <> '')",
        site_id,
        customer_id
    )
}

/// Removes the contacts that responses of a customer gave; before they are unlinked.
pub fn erase_given(customer_id: &str) -> Statement {
    statement!(
        "delete from contact where owner in (
           select id from response where customer_id = ?1 and customer_id <> '')",
        customer_id
    )
}

/// Cuts the link from responses to an erased customer; their scores stay in the figures.
pub fn unlink_responses(customer_id: &str) -> Statement {
    statement!(
        "update response set customer_id = '', answers = '{}'
         where customer_id = ?1 and customer_id <> ''",
        customer_id
    )
}

/// Reads the columns of a customer.
pub(crate) fn read(row: &mut Cells) -> Customer {
    Customer {
        id: row.text(),
        site_id: row.text(),
        version: row.integer(),
        external_id: row.text(),
        group: row.text(),
        adviser_id: row.text(),
        zone: row.text(),
        language: row.text(),
        has_consent: row.flag(),
        erased_at: row.integer_or_null(),
        created_at: row.integer(),
        updated_at: row.integer(),
    }
}
