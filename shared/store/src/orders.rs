//! Orders that customers completed, and what they say of them: tables `purchase` and `rfm`.

use ports::{Cells, Query, Statement};

use crate::{all, newest_first, one, statement};

/// One row of `purchase`.
#[derive(Clone, Debug)]
pub struct Order {
    /// `ord_…`.
    pub id: String,
    /// The company's own number; empty once its customer was erased.
    pub external_id: String,
    /// Who bought; empty once they were erased.
    pub customer_id: String,
    /// In the smallest unit of the currency.
    pub amount: i64,
    /// The currency.
    pub currency: String,
    /// When it was completed.
    pub completed_at: i64,
    /// On which channel; empty if not stated.
    pub channel: String,
    /// At which touchpoint; empty if not stated.
    pub touchpoint_id: String,
    /// Which source told of it.
    pub source_id: String,
    /// When it came in.
    pub received_at: i64,
}

macro_rules! select {
    ($rest:expr) => {
        concat!(
            "select id, external_id, customer_id, amount, currency, completed_at_ms, channel,
             touchpoint_id, source_id, received_at_ms from purchase ",
            $rest
        )
    };
}

/// Adds orders; the numbers of their customers follow by trigger. One that is there already is
/// left as it is.
///
/// `rows` is a JSON array of `[id, once, external id, customer, amount, currency, completed at,
/// channel, touchpoint, source, message]`.
pub fn insert(site_id: &str, now: i64, rows: &str) -> Statement {
    statement!(
        "insert into purchase (id, site_id, once, external_id, customer_id, amount, currency,
           completed_at_ms, channel, touchpoint_id, source_id, inbound_id, received_at_ms)
         select it.value ->> 0, ?1, it.value ->> 1, it.value ->> 2, it.value ->> 3,
           it.value ->> 4, it.value ->> 5, it.value ->> 6, it.value ->> 7, it.value ->> 8,
           it.value ->> 9, it.value ->> 10, ?2
         from json_each(?3) it
         where true
         on conflict (site_id, once) do nothing",
        site_id,
        now,
        rows
    )
}

newest_first!(Order, "ord_~");

/// What a customer's orders come to in one currency.
#[derive(Clone, Debug)]
pub struct Rfm {
    /// The currency.
    pub currency: String,
    /// How many.
    pub orders: i64,
    /// For how much, in its smallest unit.
    pub amount: i64,
    /// The first.
    pub first_at: i64,
    /// The last.
    pub last_at: i64,
}

/// What a customer's orders come to, by currency.
pub fn rfm(site_id: &str, customer_id: &str) -> Query<Vec<Rfm>> {
    Query {
        statement: statement!(
            "select currency, orders, amount, first_at_ms, last_at_ms from rfm
             where customer_id = ?2 and site_id = ?1
             order by currency",
            site_id,
            customer_id
        ),
        decode: |rows| {
            all(rows, |row| Rfm {
                currency: row.text(),
                orders: row.integer(),
                amount: row.integer(),
                first_at: row.integer(),
                last_at: row.integer(),
            })
        },
    }
}

/// Cuts the links from orders to a customer who is erased; the amounts stay.
pub fn erase(customer_id: &str) -> Statement {
    statement!(
        "update purchase set customer_id = '', external_id = '', inbound_id = ''
         where customer_id = ?1 and customer_id <> ''",
        customer_id
    )
}

/// Removes what the orders of a customer come to.
pub fn erase_rfm(customer_id: &str) -> Statement {
    statement!("delete from rfm where customer_id = ?1", customer_id)
}

fn read(row: &mut Cells) -> Order {
    Order {
        id: row.text(),
        external_id: row.text(),
        customer_id: row.text(),
        amount: row.integer(),
        currency: row.text(),
        completed_at: row.integer(),
        channel: row.text(),
        touchpoint_id: row.text(),
        source_id: row.text(),
        received_at: row.integer(),
    }
}
