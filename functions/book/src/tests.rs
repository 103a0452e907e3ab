//! Bookings of the public, told in requests and answers.

mod stage;

mod form;
mod manage;
mod public;
