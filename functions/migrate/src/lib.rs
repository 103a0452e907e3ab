//! Brings the database to the schema of this application.
//!
//! It has no route. A component that finds the schema behind calls it, once in the life of a
//! database and of each new version, and goes on. So the schema is in one component and not in
//! all of them.
//!
//! The work itself is in `edge`, since it must come before everything that a port promises.
#![cfg(target_family = "wasm")]

edge::service!(0, edge::migrate);
