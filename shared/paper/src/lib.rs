//! What a survey looks like as a page of its own: native controls that need no script.
//!
//! `page` puts it before visitors, `studio` before whoever is still at work on it.

mod control;
mod draw;
pub mod words;

pub use draw::{Form, Sheet};
