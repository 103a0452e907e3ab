//! The tick, told in requests and answers.
