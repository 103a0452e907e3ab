//! What the product decides: pure functions over plain values.
//!
//! Nothing here performs I/O, reads a clock or draws a random number; `now` and fresh ids are
//! arguments. Nothing here knows JSON or SQL. Instants are UTC milliseconds ([`UtcMs`]).

pub mod alarm;
pub mod asking;
pub mod assign;
pub mod calendar;
pub mod callback;
pub mod case;
pub mod civil;
pub mod clock;
pub mod destination;
pub mod device;
#[cfg(test)]
mod dice;
pub mod event;
pub mod goal;
pub mod hours;
pub mod ics;
pub mod id;
pub mod inbound;
pub mod ladder;
pub mod measure;
mod names;
pub mod phone;
pub mod rate;
pub mod report;
pub mod retry;
pub mod role;
pub mod rollup;
pub mod score;
pub mod screen;
pub mod slot;
pub mod sought;
pub mod spam;
pub mod survey;
mod tally;
pub mod text;
pub mod touchpoint;
pub mod trend;
pub mod view;
pub mod wave;
pub mod zone;

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
pub type UtcMs = i64;
