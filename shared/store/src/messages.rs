//! Tickets and messages that came from elsewhere: table `message`.

use ports::{Cells, Query, Statement};

use crate::{newest_first, one, statement};

/// One row of `message`.
#[derive(Clone, Debug)]
pub struct Message {
    /// `msg_…`.
    pub id: String,
    /// `ticket` or `message`.
    pub kind: String,
    /// The other system's own name for it; empty once its customer was erased.
    pub external_id: String,
    /// Who wrote; empty if unknown or erased.
    pub customer_id: String,
    /// What it is about.
    pub subject: String,
    /// What they wrote.
    pub text: String,
    /// On which channel; empty if not stated.
    pub channel: String,
    /// At which touchpoint; empty if not stated.
    pub touchpoint_id: String,
    /// Which source told of it.
    pub source_id: String,
    /// When it was written.
    pub created_at: i64,
    /// When it came in.
    pub received_at: i64,
}

macro_rules! select {
    ($rest:expr) => {
        concat!(
            "select id, kind, external_id, customer_id, subject, text, channel, touchpoint_id,
             source_id, created_at_ms, received_at_ms from message ",
            $rest
        )
    };
}

/// Adds tickets and messages. One that is there already is left as it is.
///
/// `rows` is a JSON array of `[id, kind, once, external id, customer, subject, text, channel,
/// touchpoint, source, message it came in, created at]`.
pub fn insert(site_id: &str, now: i64, rows: &str) -> Statement {
    statement!(
        "insert into message (id, site_id, kind, once, external_id, customer_id, subject, text,
           channel, touchpoint_id, source_id, inbound_id, created_at_ms, received_at_ms)
         select it.value ->> 0, ?1, it.value ->> 1, it.value ->> 2, it.value ->> 3,
           it.value ->> 4, it.value ->> 5, it.value ->> 6, it.value ->> 7, it.value ->> 8,
           it.value ->> 9, it.value ->> 10, it.value ->> 11, ?2
         from json_each(?3) it
         where true
         on conflict (site_id, once) do nothing",
        site_id,
        now,
        rows
    )
}

newest_first!(Message, "msg_~");

/// Takes the words and the links from what a customer wrote who is erased.
pub fn erase(customer_id: &str) -> Statement {
    statement!(
        "update message set customer_id = '', external_id = '', subject = '', text = '',
           inbound_id = ''
         where customer_id = ?1 and customer_id <> ''",
        customer_id
    )
}

fn read(row: &mut Cells) -> Message {
    Message {
        id: row.text(),
        kind: row.text(),
        external_id: row.text(),
        customer_id: row.text(),
        subject: row.text(),
        text: row.text(),
        channel: row.text(),
        touchpoint_id: row.text(),
        source_id: row.text(),
        created_at: row.integer(),
        received_at: row.integer(),
    }
}
