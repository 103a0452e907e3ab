//! What texts say, found by counting: pure functions over `&str`, without a dictionary.
//!
//! Nothing here performs I/O, reads a clock or draws a random number, and nothing here ends a
//! program: every input, however long or broken, has an answer of bounded cost.

pub mod fold;
pub mod keyword;
pub mod redact;
pub mod similar;
mod stop;
pub mod substance;
