//! What server-rendered pages share: escaped HTML, the frame around a page and its headers, the
//! language to speak, times in plain words, one style sheet.
//!
//! Every text goes through [`html::Html`], which escapes it. Nothing of a page is inline, so its
//! policy can forbid whatever is.

pub mod chart;
mod frame;
pub mod html;
pub mod time;
pub mod words;

pub use frame::{
    Field, Frame, SCRIPTED, Scale, SignIn, answer, field, lang, languages, notes, said_page, scale,
    told, trap,
};

include!(concat!(env!("OUT_DIR"), "/style.rs"));
