//! What Spin 4.1 does and the runner must copy, rule by rule, shown on the component `probe`.
//!
//! The rules are the section "What a local host must copy" of the notes on the engine; helpers
//! are in `host`. Timing bounds are wide, since other work shares the machine.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a helper of tests fails as a test does"
)]

mod host;
mod peer;

mod backup;
mod binary;
mod http;
mod instances;
mod manifest;
mod network;
mod outbound;
mod sqlite;
mod variables;
