//! A form as it was sent, and what is to be said of it.

use app::case::TEXT_CHARS_MAX;
use app::hosted::form::Pairs;
use app::hosted::visit::value;
use domain::case::act::Act;
use domain::text::{Fault, clean, visible};
use web::Request;
use web::lang::Lang;

/// What was sent.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    /// What is to be done.
    pub(crate) act: Act,
    /// The same form is never taken twice under it.
    pub(crate) key: String,
    /// What was typed; of a good form, cleaned.
    pub(crate) text: String,
    /// 1 to 5.
    pub(crate) csat: Option<i64>,
    /// 1 to 7.
    pub(crate) ces: Option<i64>,
    /// What is wrong with the whole.
    pub(crate) note: Note,
    /// What is wrong with the text, in both languages.
    pub(crate) wrong_text: Option<(&'static str, &'static str)>,
    /// Whether the score is missing.
    pub(crate) wants_csat: bool,
}

/// What is said on top of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Note {
    /// Nothing.
    #[default]
    None,
    /// The complaint has just come in.
    Opened,
    /// What was written has arrived.
    Said,
    /// The appeal has.
    Appealed,
    /// It is open again.
    Reopened,
    /// The rating has arrived.
    Rated,
    /// Something is wrong where it is marked.
    Wrong,
    /// The form was not one of ours.
    Stale,
    /// This form was sent before, saying something else.
    Sent,
    /// This cannot be done any more.
    Over,
    /// Too much came from there.
    Busy,
}

impl Note {
    /// What follows a form that was taken.
    pub(crate) fn done(name: &str) -> Note {
        match name {
            "opened" => Note::Opened,
            "say" => Note::Said,
            "appeal" => Note::Appealed,
            "reopen" => Note::Reopened,
            "rate" => Note::Rated,
            _ => Note::None,
        }
    }
}

impl Default for Sent {
    fn default() -> Sent {
        Sent {
            act: Act::Note,
            key: String::new(),
            text: String::new(),
            csat: None,
            ces: None,
            note: Note::None,
            wrong_text: None,
            wants_csat: false,
        }
    }
}

impl Sent {
    /// Reads a form.
    pub(crate) fn read(act: &str, pairs: &Pairs) -> Sent {
        let act = match act {
            "appeal" => Act::Appeal,
            "reopen" => Act::Reopen,
            "rate" => Act::Rate,
            _ => Act::Say,
        };
        let mut sent = Sent {
            act,
            key: value(pairs, "key").to_owned(),
            // Browsers send a line break as two characters.
            text: value(pairs, "text").replace("\r\n", "\n"),
            ..Sent::default()
        };
        let is_key = |it: &str| {
            (20..=64).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_alphanumeric())
        };
        if !is_key(&sent.key) {
            sent.note = Note::Stale;
            return sent;
        }
        if act == Act::Rate {
            let score = |name: &str, most: i64| {
                value(pairs, name).parse().ok().filter(|it| (1..=most).contains(it))
            };
            sent.csat = score("csat", 5);
            sent.ces = score("ces", 7);
            sent.wants_csat = sent.csat.is_none();
        }
        sent.check_text();
        if sent.wrong_text.is_some() || sent.wants_csat {
            sent.note = Note::Wrong;
        }
        sent
    }

    fn check_text(&mut self) {
        let is_needed = self.act != Act::Rate;
        let text = visible(&self.text);
        if text.trim().is_empty() {
            if is_needed {
                self.wrong_text = Some(("Please write something", "请填写内容"));
            } else {
                self.text.clear();
            }
            return;
        }
        match clean(&text, 1, TEXT_CHARS_MAX) {
            Ok(text) => self.text = text.to_owned(),
            Err(Fault::Control) => {
                self.wrong_text = Some((
                    "There are control characters in it; please remove them",
                    "内容含有控制字符，请删除后再提交",
                ));
            }
            Err(_) => {
                self.wrong_text =
                    Some(("Please write at most 10,000 characters", "内容请不要超过 10000 个字符"));
            }
        }
    }

    /// The name of what is to be done.
    pub(crate) fn name(&self) -> &'static str {
        match self.act {
            Act::Say => "say",
            Act::Appeal => "appeal",
            Act::Reopen => "reopen",
            Act::Rate => "rate",
            _ => "",
        }
    }
}

/// The language of whoever sent a form: that of the page that it stood on.
pub(crate) fn lang(request: &Request, pairs: &Pairs) -> Lang {
    match value(pairs, "lang") {
        "zh-CN" => Lang::Zh,
        "en" => Lang::En,
        _ => pages::lang(request),
    }
}
