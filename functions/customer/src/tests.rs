//! Customers, told in requests and answers.
