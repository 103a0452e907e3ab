//! What is said in cases, as JSON: texts, files, contacts, causes.

use domain::case::CauseKind;
use serde_json::{Value, json};

use crate::field::text_rule;
use crate::lang::{Said, said};
use crate::{Fields, view};

/// The kinds of contact, each with its longest value in characters.
pub const CONTACTS: [(&str, usize); 4] =
    [("name", 80), ("email", 254), ("phone", 32), ("wechat", 64)];

/// The most files that one text refers to.
const FILES_MAX: usize = 10;
/// The most money that can be at stake, in the smallest unit.
pub const AMOUNT_MAX: i64 = 1_000_000_000_000;
/// The longest address of a file.
const URL_CHARS_MAX: usize = 2_000;

/// A text that people read, without what nobody sees. An absent one that must have characters is a
/// mistake.
pub fn text(fields: &mut Fields, name: &str, chars_min: usize, chars_max: usize) -> String {
    if let Some(Value::String(text)) = fields.peek(name) {
        let seen = domain::text::visible(text);
        if seen.trim().is_empty() && 0 < chars_min {
            fields.take(name);
            let rule = text_rule(domain::text::Fault::TooShort, chars_min, chars_max);
            fields.refuse(name, rule);
            return String::new();
        }
        let mut members = serde_json::Map::new();
        members.insert(name.to_owned(), Value::String(seen));
        fields.put(members);
    }
    fields.text(name, chars_min, chars_max, "")
}

/// Files by reference, as the JSON array that the database keeps.
pub fn files(fields: &mut Fields) -> String {
    let mut files = Vec::new();
    for mut nested in fields.objects("files", 0, FILES_MAX) {
        let name = text(&mut nested, "name", 1, 200);
        let url = nested.text("url", 1, URL_CHARS_MAX, "");
        if !url.is_empty() && !is_https(&url) {
            let rule =
                said("must be an address that begins with https://", "须为 https:// 开头的地址");
            nested.refuse("url", rule);
        }
        files.push(json!({ "name": name, "url": url }));
        fields.absorb(nested);
    }
    view::text(&files)
}

/// Whether an address leads to a host over https and has nothing in it that ends it early.
fn is_https(url: &str) -> bool {
    let rest = url.get(..8).filter(|it| it.eq_ignore_ascii_case("https://"));
    let host = url.get(8..).and_then(|it| it.split(['/', '?', '#']).next()).unwrap_or_default();
    let is_plain = |it: char| {
        !it.is_whitespace() && !matches!(it, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '}' | '|')
    };
    rest.is_some() && !host.is_empty() && !host.contains('@') && url.chars().all(is_plain)
}

/// How to reach somebody: kind and value of each contact that is given.
pub fn contacts(fields: &mut Fields) -> Vec<(String, String)> {
    let mut contacts = Vec::new();
    for (kind, chars_max) in CONTACTS {
        let value = text(fields, kind, 0, chars_max);
        if !value.is_empty() {
            contacts.push((kind.to_owned(), value));
        }
    }
    contacts
}

/// What to say of an id that stands in no table of the site.
pub fn unknown() -> Said {
    said("must be one of this site", "须为本站点已有的编号")
}

/// What a complaint is about: a short name out of small letters.
pub fn type_id(fields: &mut Fields, absent: &str) -> String {
    let text = fields.text("type", 0, 40, absent);
    let is_plain = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_';
    if !text.bytes().all(is_plain) {
        let rule = said(
            "must be a short name out of a–z, 0–9 and _, such as late_delivery",
            "须为由 a–z、0–9 和 _ 组成的短名，如 late_delivery",
        );
        fields.refuse("type", rule);
    }
    text
}

/// The money at stake; null if nobody knows.
pub fn amount(fields: &mut Fields, absent: Option<i64>) -> Option<i64> {
    if !fields.has("amount") {
        return absent;
    }
    let is_null = fields.peek("amount").is_some_and(Value::is_null);
    let amount = fields.integer("amount", 0, AMOUNT_MAX, Some(0));
    (!is_null).then_some(amount)
}

/// Why something happened, as somebody says who closes a case.
#[derive(Clone, Debug, Default)]
pub struct Cause {
    /// The name of its kind.
    pub kind: String,
    /// Which cause of the ledger; empty for none.
    pub cause_id: String,
    /// In words.
    pub detail: String,
}

/// Reads the cause of a case, if it is given; where `is_needed`, it must be.
pub fn cause(fields: &mut Fields, is_needed: bool, chars_max: usize) -> Option<Cause> {
    if is_needed && fields.peek("cause").is_none_or(Value::is_null) {
        fields.take("cause");
        fields.refuse("cause", said("is required", "为必填项"));
        return None;
    }
    let mut nested = fields.object("cause")?;
    let cause = Cause {
        kind: nested.one_of("kind", &CauseKind::NAMES, ""),
        cause_id: nested.text("cause_id", 0, 64, ""),
        detail: text(&mut nested, "detail", 1, chars_max),
    };
    fields.absorb(nested);
    Some(cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(value: Value) -> Fields {
        let Value::Object(members) = value else { panic!("an object") };
        Fields::new(members)
    }

    #[test]
    fn files_are_references_over_https() {
        let mut some = fields(json!({ "files": [
            { "name": "a.jpg", "url": "https://files.example/a.jpg?x=1" } ] }));
        assert_eq!(
            files(&mut some),
            r#"[{"name":"a.jpg","url":"https://files.example/a.jpg?x=1"}]"#
        );
        assert!(some.done().is_ok());
        for url in [
            "http://a/b",
            "javascript:alert(1)",
            "https://",
            "https:///x",
            "https://a/ b",
            "https://a/\"><script>",
            "https://me@a/",
            "data:text/html,x",
            "好好好好好好好好好",
        ] {
            let mut some = fields(json!({ "files": [ { "name": "x", "url": url } ] }));
            files(&mut some);
            assert_eq!(some.done().unwrap_err().mistakes.len(), 1, "{url}");
        }
    }

    #[test]
    fn a_text_of_nothing_that_can_be_seen_is_too_short() {
        for text_ in ["", " \n", "\u{200b}\u{200d}", "\u{feff}"] {
            let mut some = fields(json!({ "text": text_ }));
            text(&mut some, "text", 1, 9);
            assert_eq!(some.done().unwrap_err().mistakes.len(), 1, "{text_:?}");
        }
        let mut some = fields(json!({ "text": "<b>\u{200b}'; drop table" }));
        assert_eq!(text(&mut some, "text", 1, 99), "<b>'; drop table");
        assert!(some.done().is_ok());
        let mut some = fields(json!({ "text": "a\u{0}" }));
        text(&mut some, "text", 1, 9);
        assert!(some.done().is_err());
        let mut some = fields(json!({}));
        text(&mut some, "text", 1, 9);
        assert!(some.done().is_err());
    }

    #[test]
    fn a_cause_has_its_kind_and_its_words() {
        let mut some = fields(json!({ "cause": { "kind": "bad_luck", "why": 1 } }));
        cause(&mut some, true, 9);
        assert_eq!(some.done().unwrap_err().mistakes.len(), 3);
        let mut some = fields(json!({ "cause": null }));
        assert!(cause(&mut some, true, 9).is_none());
        assert!(some.done().is_err());
        assert!(cause(&mut fields(json!({})), false, 9).is_none());
    }
}
