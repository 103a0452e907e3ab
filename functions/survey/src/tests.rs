//! The public side, told in requests and answers.
