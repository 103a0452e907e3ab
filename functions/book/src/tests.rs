//! Bookings of the public, told in requests and answers.

mod stage;

pub(crate) use stage::slots;

mod form;
mod manage;
mod public;
