//! Alarms: when figures call for a person, and when chance would do the same.

pub mod surge;
pub mod target;
