//! Answers that no memory holds: made part by part, each one taken before the next is made.
//!
//! A function that streams returns a [`Streamed`] instead of a [`Response`]. Its first part is
//! there before anything is sent, so whatever fails at once is still a plain answer; a short
//! answer is whole with it and goes out like any other. What fails later cuts the body off.

use ports::Env;

use crate::{Problem, Response};

/// What follows the first part of an answer.
#[expect(async_fn_in_trait, reason = "guests are single-threaded; no caller needs Send")]
pub trait Rest {
    /// The next part, never an empty one; `None` after the last.
    async fn next(&mut self, env: &impl Env) -> Result<Option<Vec<u8>>, Problem>;
}

/// An answer as far as it has been made.
#[derive(Debug)]
pub struct Streamed<R> {
    /// The head, and the first part of the body.
    pub first: Response,
    /// What makes the other parts; nothing if the first one is all there is.
    pub rest: Option<R>,
}
