//! What the pages of the desk share, on which staff do their day's work.
//!
//! Whose page it is and what they may do ([`open()`]), the frame around it ([`Page`]), forms that
//! become the body of a call and keep what was typed ([`form`]), what to say where somebody else
//! was faster ([`stale`]), and words ([`tell`]).
//!
//! A page reads and writes through the API alone, as whoever looks: [`Desk::read`] and
//! [`Desk::send`]. It has no database and decides nothing.

mod field;
pub mod form;
mod open;
mod page;
mod stale;
pub mod tell;
mod typed;

pub use app::neighbour::send;
pub use app::neighbour::{Call, Done, Refused};
pub use form::{Filled, Form, Input};
pub use open::{Desk, HOME, Sent, Signed, open, open_anywhere, refusal, sent, sign_in, word};
pub use page::{Page, Section};
pub use ports::Verb;
pub use typed::{pretty, span};

#[cfg(test)]
mod tests;
