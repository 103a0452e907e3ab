//! What starts a server under test and talks to it, for the journeys and for tests in a browser.
//!
//! `server` starts ours, or takes the one that the environment names, and looks into its files;
//! `site` makes a site through the API and sends requests that are written as text; `receiver` is
//! whom webhooks go to, as good or bad as a journey wants it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a journey is made of fails as a test does"
)]

pub mod receiver;
pub mod server;
pub mod site;
