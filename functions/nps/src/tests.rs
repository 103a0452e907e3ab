//! Scores, told in requests and answers.
