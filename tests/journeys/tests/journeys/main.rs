//! Whole journeys over real HTTP, against the real components in the local runner.
//!
//! Each test starts a server of its own with an empty database. With
//! `HUIYIN_URL=http://… HUIYIN_KEY=<admin key> [HUIYIN_TICK_KEY=…]` all of them talk to that
//! server instead, each to sites of its own; journeys that need our files or our process are
//! then left out and say so. `server` starts and looks, `site` makes a site and talks to it,
//! both in this crate's library; the modules here are journeys.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a journey is made of fails as a test does"
)]

use journeys::{server, site};

mod callbacks;
mod chance;
mod process;

mod asked;
mod assistant;
mod comments;
mod complaints;
mod conventions;
mod demo;
mod erase;
mod export;
mod faults;
mod figures;
mod forged;
mod hostile;
mod import;
mod kill;
mod manuals;
mod openapi;
mod property;
mod receiver;
mod roles;
mod scale;
mod secrets;
mod survey;
mod tick;
mod trouble;
mod voice;
mod webhooks;
mod write_once;
