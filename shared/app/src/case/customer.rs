//! What a customer does to their case by its private link: who may, what they sent, and when.

use domain::UtcMs;
use domain::case::State;
use domain::case::act::Act;
use domain::id::token_hash;
use domain::text::{Fault, clean, visible};
use ports::{Env, Sql};
use store::case_texts::{self, Link};
use store::cases::Case;
use web::Problem;

use super::{Book, TEXT_CHARS_MAX};
use crate::hosted::form::Pairs;
use crate::hosted::visit::value;

/// What a customer may do, as paths name it.
pub const ACTS: [(&str, Act); 4] =
    [("say", Act::Say), ("appeal", Act::Appeal), ("reopen", Act::Reopen), ("rate", Act::Rate)];

/// The link behind a token, if it still opens its case.
pub async fn opened(env: &impl Env, token: &str) -> Result<Option<Link>, Problem> {
    let link = env.sql().fetch(case_texts::link(token_hash(token))).await?;
    let now = env.now();
    Ok(link.filter(|it| it.revoked_at.is_none() && now < it.expires_at))
}

/// Whether the customer of a case may do this now.
pub fn may(book: &Book, case: &Case, act: Act, now: UtcMs) -> bool {
    let can = State::parse(&case.state).is_some_and(|it| act.from(it).is_some());
    can && match act {
        Act::Rate => case.csat.is_none(),
        Act::Reopen => {
            let since = case.closed_at.or(case.solved_at);
            since.is_some_and(|it| now < it + book.reopen_ms())
        }
        _ => true,
    }
}

/// A form that a customer sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// What is to be done.
    pub act: Act,
    /// The same form is never taken twice under it.
    pub key: String,
    /// What was typed; of a good form, cleaned.
    pub text: String,
    /// How satisfied they are, 1 to 5.
    pub csat: Option<i64>,
    /// How easy it was, 1 to 7.
    pub ces: Option<i64>,
    /// Whether it is no form of ours.
    pub is_stale: bool,
    /// What is wrong with the text.
    pub wrong_text: Option<WrongText>,
    /// Whether the score is missing.
    pub wants_csat: bool,
}

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongText {
    /// There is none, or nobody can see it.
    Empty,
    /// It has control characters.
    Control,
    /// It is too long.
    TooLong,
}

impl Default for Sent {
    fn default() -> Sent {
        Sent {
            act: Act::Note,
            key: String::new(),
            text: String::new(),
            csat: None,
            ces: None,
            is_stale: false,
            wrong_text: None,
            wants_csat: false,
        }
    }
}

/// Whether a form's key is one that we gave out.
pub fn is_key(it: &str) -> bool {
    (20..=64).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_alphanumeric())
}

impl Sent {
    /// Reads a form.
    pub fn read(act: &str, pairs: &Pairs) -> Sent {
        let act = ACTS.iter().find(|it| it.0 == act).map_or(Act::Note, |it| it.1);
        let mut sent = Sent {
            act,
            key: value(pairs, "key").to_owned(),
            // Browsers send a line break as two characters.
            text: value(pairs, "text").replace("\r\n", "\n"),
            ..Sent::default()
        };
        sent.is_stale = act == Act::Note || !is_key(&sent.key);
        if act == Act::Rate {
            let score = |name: &str, most: i64| {
                value(pairs, name).parse().ok().filter(|it| (1..=most).contains(it))
            };
            sent.csat = score("csat", 5);
            sent.ces = score("ces", 7);
            sent.wants_csat = sent.csat.is_none();
        }
        sent.check_text();
        sent
    }

    /// Whether it can be taken as it is.
    pub fn is_good(&self) -> bool {
        !self.is_stale && self.wrong_text.is_none() && !self.wants_csat
    }

    fn check_text(&mut self) {
        let text = visible(&self.text);
        if text.trim().is_empty() {
            // A rating says enough without words.
            if self.act == Act::Rate {
                self.text.clear();
            } else {
                self.wrong_text = Some(WrongText::Empty);
            }
            return;
        }
        match clean(&text, 1, TEXT_CHARS_MAX) {
            Ok(text) => self.text = text.to_owned(),
            Err(Fault::Control) => self.wrong_text = Some(WrongText::Control),
            Err(_) => self.wrong_text = Some(WrongText::TooLong),
        }
    }

    /// The name of what is to be done.
    pub fn name(&self) -> &'static str {
        ACTS.iter().find(|it| it.1 == self.act).map_or("", |it| it.0)
    }
}
