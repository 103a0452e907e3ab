//! Surveys as JSON: definitions in and out, and the answers to one.

mod answers;
mod check;
mod logic;
mod read;
mod show;

use crate::lang::{Said, said};

pub use answers::{Answers, Told, answers, hidden, path};
pub use check::{check, warnings};
pub use read::read;
pub use show::{show, show_public};

/// Whether this has the form of a BCP 47 tag.
pub fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or("");
    (2..=3).contains(&first.len())
        && first.bytes().all(|it| it.is_ascii_alphabetic())
        && parts.all(|it| {
            (1..=8).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_alphanumeric())
        })
}

/// What a language must be.
pub fn language_rule() -> Said {
    said("must be a language tag such as zh-CN or en", "须为语言标签，例如 zh-CN 或 en")
}

#[cfg(test)]
mod tests;
