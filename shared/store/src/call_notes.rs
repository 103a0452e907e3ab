//! What whoever booked a call tells whoever makes it: table `call_note`.

use ports::{Cells, Query, Statement};

use crate::{call_steps, one, statement};

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
        concat!("delete from call_note where callback_id in (", call_steps::theirs!(), ")"),
        customer_id
    )
}

/// Takes those of a JSON array of ids of call-backs.
pub fn expire(ids: &str) -> Statement {
    statement!("delete from call_note where callback_id in (select value from json_each(?1))", ids)
}
