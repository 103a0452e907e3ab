//! What whoever booked a call tells whoever makes it: table `call_note`.

use ports::{Cells, Query, Statement};

use crate::{one, statement};

/// Keeps one.
pub fn insert(callback_id: &str, note: &str) -> Statement {
    statement!("insert into call_note (callback_id, note) values (?1, ?2)", callback_id, note)
}

/// That of a call-back; none if nothing was said.
pub fn of(callback_id: &str) -> Query<Option<String>> {
    Query {
        statement: statement!("select note from call_note where callback_id = ?1", callback_id),
        decode: |rows| one(rows, Cells::text),
    }
}

/// Takes those of a customer's call-backs.
pub fn erase(customer_id: &str) -> Statement {
    statement!(
        "delete from call_note where callback_id in (
           select id from callback where customer_id = ?1 and customer_id <> '')",
        customer_id
    )
}
