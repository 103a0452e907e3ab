//! The narrow waist: everything a function may touch, as traits without an implementation.
//!
//! `edge` implements them over Spin, `testkit` over rusqlite and a fixed clock.

pub mod http;
pub mod sql;

pub use http::{Answer, Outgoing, Unanswered, Verb};
pub use sql::{Cells, Committed, Corrupt, Query, Row, Sql, Statement, StoreError, Value, Write};

/// What a function is given with every request.
#[expect(async_fn_in_trait, reason = "guests are single-threaded; no caller needs Send")]
pub trait Env {
    /// The current instant in UTC milliseconds.
    fn now(&self) -> i64;

    /// Sixteen fresh random bytes, good enough for secrets.
    fn random(&self) -> [u8; 16];

    /// The database.
    fn sql(&self) -> &impl Sql;

    /// What was kept under a name, by any instance; what is kept there may be lost at any time.
    async fn recall(&self, name: &str) -> Option<Vec<u8>>;

    /// Keeps something that can be made anew, if it can.
    async fn keep(&self, name: &str, value: &[u8]);

    /// A setting of the component, if it is declared and set.
    async fn setting(&self, name: &'static str) -> Option<String>;

    /// Calls another system and reads the beginning of its answer. Redirects are answers.
    async fn call(&self, call: Outgoing) -> Result<Answer, Unanswered>;

    /// Lets another component of ours begin now what its tick would begin later. It is to hurry
    /// and no more: nobody hears whether it did.
    fn hurry(&self, component: &'static str);
}
