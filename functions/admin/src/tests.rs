//! Configuration, told in requests and answers.
