//! What a customer's words say, without a dictionary and without a network: pure functions over
//! `&str`.
//!
//! Nothing here performs I/O, reads a clock or draws a random number, and nothing here ends a
//! program: every input, however long or broken, has an answer of bounded cost.

pub mod features;
pub mod fold;
pub mod keyword;
pub mod model;
pub mod redact;
pub mod search;
pub mod shipped;
pub mod similar;
mod stop;
pub mod substance;
pub mod train;
