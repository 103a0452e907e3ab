//! Studies, told in requests and answers.
