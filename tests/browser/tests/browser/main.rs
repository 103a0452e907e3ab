//! What people meet in a browser: real Chromium, real keys, the real components.
//!
//! Where no Chromium is installed every test says that it is left out, and passes. `chromium`
//! speaks the `DevTools` protocol, `tab` is what a person does, `shop` a page of somebody else's,
//! `scene` all of it together; the other modules are tests. `HUIYIN_CHROMIUM` names a browser,
//! and with `HUIYIN_URL` and `HUIYIN_KEY` they run against any server, as journeys do.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test is made of fails as a test does"
)]

mod chromium;
mod scene;
mod shop;
mod tab;

mod board;
mod callback;
mod complaint;
mod day;
mod desk;
mod docs;
mod embedded;
mod hosted;
mod logic;
mod screens;
mod widget;
