//! The overview, told in requests and answers.
