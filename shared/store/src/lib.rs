//! SQL as values: every statement of the product, its parameters, and what its rows mean.
//!
//! Nothing here runs a statement; `ports::Sql` does. SQL stands nowhere else.

pub mod agents;
pub mod customers;
pub mod departments;
pub mod events;
pub mod idempotency;
pub mod jobs;
pub mod keys;
pub mod migrations;
pub mod responses;
pub mod rollups;
pub mod sites;
pub mod studies;
pub mod touchpoints;

use ports::{Cells, Corrupt, Row};

/// A statement with its parameters in the order of `?1`, `?2`, ….
macro_rules! statement {
    ($text:expr $(, $param:expr)* $(,)?) => {
        ports::Statement { text: $text, params: vec![$($param.into()),*] }
    };
}
pub(crate) use statement;

/// A page of a list: everything after this id, at most so many rows.
#[derive(Clone, Debug)]
pub struct Page {
    /// The last id of the page before; empty for the first page.
    pub after: String,
    /// Rows to fetch: one more than shown, which tells whether there is a next page.
    pub rows: i64,
}

/// The one row of a look-up by key, decoded.
fn one<T>(rows: Vec<Row>, read: fn(&mut Cells) -> T) -> Result<Option<T>, Corrupt> {
    rows.into_iter().next().map(|row| row.read(read)).transpose()
}

/// Every row, decoded.
fn all<T>(rows: Vec<Row>, read: fn(&mut Cells) -> T) -> Result<Vec<T>, Corrupt> {
    rows.into_iter().map(|row| row.read(read)).collect()
}
