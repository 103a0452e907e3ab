//! Bodies and queries read field by field, so that every mistake is reported at once.
//!
//! Reading never stops at a mistake: it notes it and goes on with a stand-in, and `done`
//! tells them all. A field that nobody asked for is a mistake, too.

use serde_json::{Map, Value};

use crate::lang::{Said, said, said_now};
use crate::problem::{Mistake, Place, Problem};
#[cfg(feature = "reading")]
use crate::reading::{Rule, note};

/// Notes what is asked for; ships as nothing. See `reading`.
macro_rules! read {
    ($fields:ident, $name:expr, $rule:expr) => {
        #[cfg(feature = "reading")]
        if $fields.is_body {
            note($fields.pointer($name), $rule);
        }
    };
}

/// The members of a JSON object, taken out one by one.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    at: String,
    members: Map<String, Value>,
    mistakes: Vec<Mistake>,
    #[cfg(feature = "reading")]
    is_body: bool,
}

impl Fields {
    /// Of the whole body.
    pub fn new(members: Map<String, Value>) -> Fields {
        Fields { members, ..Fields::default() }
    }

    /// Of the body of a request.
    pub(crate) fn of_body(members: Map<String, Value>) -> Fields {
        Fields {
            members,
            #[cfg(feature = "reading")]
            is_body: true,
            ..Fields::default()
        }
    }

    /// Of a member of these.
    fn nested(&self, name: &str, members: Map<String, Value>) -> Fields {
        Fields {
            at: self.pointer(name),
            members,
            mistakes: Vec::new(),
            #[cfg(feature = "reading")]
            is_body: self.is_body,
        }
    }

    /// Whether a member is there, null or not.
    pub fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// The names of the members that are left.
    pub fn names(&self) -> Vec<String> {
        self.members.keys().cloned().collect()
    }

    /// Looks at a member and leaves it there.
    pub fn peek(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    /// Takes a member out, whatever it is; null counts as absent.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        read!(self, name, Rule::Any);
        self.members.remove(name).filter(|it| !it.is_null())
    }

    /// Takes out every member that is left.
    pub fn rest(&mut self) -> Map<String, Value> {
        std::mem::take(&mut self.members)
    }

    /// Puts members in, in place of those of the same name.
    pub fn put(&mut self, members: Map<String, Value>) {
        self.members.extend(members);
    }

    /// Notes a mistake at a member.
    pub fn refuse(&mut self, name: &str, detail: Said) {
        let pointer = self.pointer(name);
        self.mistakes.push(Mistake { place: Place::Pointer(pointer), detail });
    }

    /// Notes a mistake of the object as a whole.
    pub fn refuse_all(&mut self, detail: Said) {
        let place = Place::Pointer(self.at.clone());
        self.mistakes.push(Mistake { place, detail });
    }

    /// A text of so many characters, trimmed; `absent` when it is absent. An absent text that
    /// must have characters is a mistake.
    pub fn text(&mut self, name: &str, chars_min: usize, chars_max: usize, absent: &str) -> String {
        read!(self, name, Rule::Text(chars_min, chars_max));
        let was_given = self.has(name);
        let text = match self.take(name) {
            Some(Value::String(text)) => text,
            Some(_) => {
                self.refuse(name, said("must be a text", "须为文本"));
                return absent.to_owned();
            }
            None if was_given => String::new(),
            None => absent.to_owned(),
        };
        if text.trim().is_empty() && 0 < chars_min && !was_given {
            self.refuse(name, said("is required", "为必填项"));
            return text;
        }
        match domain::text::clean(&text, chars_min, chars_max) {
            Ok(clean) => clean.to_owned(),
            Err(fault) => {
                self.refuse(name, text_rule(fault, chars_min, chars_max));
                text
            }
        }
    }

    /// A whole number in bounds; `absent` when it is absent.
    pub fn integer(&mut self, name: &str, min: i64, max: i64, absent: Option<i64>) -> i64 {
        read!(self, name, Rule::Integer(min, max));
        let value = self.take(name);
        match (value.as_ref().map(Value::as_i64), absent) {
            (Some(Some(number)), _) if (min..=max).contains(&number) => number,
            (None, Some(absent)) => absent,
            (None, None) => {
                self.refuse(name, said("is required", "为必填项"));
                min
            }
            _ => {
                self.refuse(name, number_rule(min, max));
                min
            }
        }
    }

    /// True or false; `absent` when it is absent.
    pub fn flag(&mut self, name: &str, absent: bool) -> bool {
        read!(self, name, Rule::Flag);
        match self.take(name) {
            None => absent,
            Some(Value::Bool(flag)) => flag,
            Some(_) => {
                self.refuse(name, said("must be true or false", "须为 true 或 false"));
                absent
            }
        }
    }

    /// One of these words; `absent` when it is absent, which is a mistake if it is empty and
    /// not one of the words.
    pub fn one_of(&mut self, name: &str, words: &[&str], absent: &str) -> String {
        read!(self, name, Rule::OneOf(words.iter().map(ToString::to_string).collect()));
        match self.take(name) {
            Some(Value::String(word)) if words.contains(&word.as_str()) => word,
            None if !absent.is_empty() => absent.to_owned(),
            None => {
                self.refuse(name, said("is required", "为必填项"));
                String::new()
            }
            Some(_) => {
                self.refuse(name, one_of_rule(words));
                absent.to_owned()
            }
        }
    }

    /// One of these words or nothing; `absent` when it is absent, empty when it is null.
    pub fn one_of_or_none(&mut self, name: &str, words: &[&str], absent: &str) -> String {
        read!(self, name, Rule::OneOf(words.iter().map(ToString::to_string).collect()));
        if !self.has(name) {
            return absent.to_owned();
        }
        match self.take(name) {
            None => String::new(),
            Some(Value::String(word)) if words.contains(&word.as_str()) => word,
            Some(_) => {
                self.refuse(name, one_of_rule(words));
                absent.to_owned()
            }
        }
    }

    /// A list of texts, each checked by `fits`; `None` when it is absent.
    pub fn texts(
        &mut self,
        name: &str,
        most: usize,
        fits: impl Fn(&str) -> bool,
        rule: &dyn Fn() -> Said,
    ) -> Option<Vec<String>> {
        let list = self.list(name, 0, most)?;
        let mut texts = Vec::with_capacity(list.len());
        for (at, item) in list.into_iter().enumerate() {
            match item {
                Value::String(text) if fits(&text) => {
                    if !texts.contains(&text) {
                        texts.push(text);
                    }
                }
                _ => self.refuse(&format!("{name}/{at}"), rule()),
            }
        }
        Some(texts)
    }

    /// A nested object, to be read and given back to [`Fields::absorb`].
    pub fn object(&mut self, name: &str) -> Option<Fields> {
        match self.take(name)? {
            Value::Object(members) => Some(self.nested(name, members)),
            _ => {
                self.refuse(name, said("must be an object", "须为对象"));
                None
            }
        }
    }

    /// A list of nested objects; empty when it is absent or wrong.
    pub fn objects(&mut self, name: &str, least: usize, most: usize) -> Vec<Fields> {
        if 0 < least && self.members.get(name).is_none_or(Value::is_null) {
            self.refuse(name, said("is required", "为必填项"));
            return Vec::new();
        }
        let list = self.list(name, least, most).unwrap_or_default();
        let mut objects = Vec::with_capacity(list.len());
        for (at, item) in list.into_iter().enumerate() {
            let name = format!("{name}/{at}");
            match item {
                Value::Object(members) => objects.push(self.nested(&name, members)),
                _ => self.refuse(&name, said("must be an object", "须为对象")),
            }
        }
        objects
    }

    /// Takes over the mistakes of a nested object, those of its unknown members included.
    pub fn absorb(&mut self, nested: Fields) {
        self.mistakes.extend(nested.close());
    }

    /// Tells every mistake, if there is any.
    pub fn done(self) -> Result<(), Problem> {
        let mistakes = self.close();
        if mistakes.is_empty() {
            return Ok(());
        }
        Err(Problem::mistakes(mistakes))
    }

    fn close(mut self) -> Vec<Mistake> {
        for name in self.rest().keys() {
            self.refuse(&escape(name), said("is not a field we know", "是未知字段"));
        }
        self.mistakes
    }

    fn list(&mut self, name: &str, least: usize, most: usize) -> Option<Vec<Value>> {
        read!(self, name, Rule::List(least, most));
        match self.take(name)? {
            Value::Array(list) if (least..=most).contains(&list.len()) => Some(list),
            _ => {
                self.refuse(
                    name,
                    said_now(
                        format!("must be a list of {least} to {most} items"),
                        format!("须为 {least} 到 {most} 项的列表"),
                    ),
                );
                None
            }
        }
    }

    fn pointer(&self, name: &str) -> String {
        format!("{}/{name}", self.at)
    }
}

/// The pairs of a query, taken out one by one.
#[derive(Debug)]
pub struct Query {
    pairs: Vec<(String, String)>,
    mistakes: Vec<Mistake>,
}

impl Query {
    /// Of decoded pairs.
    pub fn new(pairs: Vec<(String, String)>) -> Query {
        Query { pairs, mistakes: Vec::new() }
    }

    /// A parameter's text; given twice, it is a mistake.
    pub fn text(&mut self, name: &str, chars_max: usize) -> Option<String> {
        #[cfg(feature = "reading")]
        note(name.to_owned(), Rule::Parameter);
        let at = self.pairs.iter().position(|(it, _)| it == name)?;
        let (_, value) = self.pairs.remove(at);
        if self.pairs.iter().any(|(it, _)| it == name) {
            self.pairs.retain(|(it, _)| it != name);
            self.refuse(name, said("must be given once", "只能给出一次"));
        }
        if chars_max < value.chars().count() {
            self.refuse(name, text_rule(domain::text::Fault::TooLong, 0, chars_max));
            return None;
        }
        Some(value)
    }

    /// A parameter that `read` understands.
    pub fn parse<T>(
        &mut self,
        name: &str,
        read: impl Fn(&str) -> Option<T>,
        rule: impl Fn() -> Said,
    ) -> Option<T> {
        let text = self.text(name, 128)?;
        let value = read(&text);
        if value.is_none() {
            self.refuse(name, rule());
        }
        value
    }

    /// Whether one of these parameters is there.
    pub fn has_any(&self, names: &[&str]) -> bool {
        self.pairs.iter().any(|(it, _)| names.contains(&it.as_str()))
    }

    /// Notes a mistake at a parameter.
    pub fn refuse(&mut self, name: &str, detail: Said) {
        self.mistakes.push(Mistake { place: Place::Parameter(name.to_owned()), detail });
    }

    /// Tells every mistake, if there is any; a parameter that is left is one.
    pub fn done(mut self) -> Result<(), Problem> {
        for (name, _) in std::mem::take(&mut self.pairs) {
            self.refuse(&name, said("is not a parameter we know", "是未知参数"));
        }
        if self.mistakes.is_empty() {
            return Ok(());
        }
        Err(Problem::mistakes(self.mistakes))
    }
}

/// What a text must be.
pub fn text_rule(fault: domain::text::Fault, chars_min: usize, chars_max: usize) -> Said {
    match fault {
        domain::text::Fault::Control => {
            said("must not contain control characters", "不得包含控制字符")
        }
        domain::text::Fault::TooShort | domain::text::Fault::TooLong => said_now(
            format!("must have {chars_min} to {chars_max} characters"),
            format!("须为 {chars_min} 到 {chars_max} 个字符"),
        ),
    }
}

/// What a whole number must be.
pub fn number_rule(min: i64, max: i64) -> Said {
    said_now(
        format!("must be a whole number from {min} to {max}"),
        format!("须为 {min} 到 {max} 的整数"),
    )
}

/// What a word must be.
pub fn one_of_rule<T: AsRef<str>>(words: &[T]) -> Said {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    said_now(
        format!("must be one of {}", words.join(", ")),
        format!("须为以下之一：{}", words.join("、")),
    )
}

/// A member's name inside a JSON Pointer.
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(json: &str) -> Fields {
        let Value::Object(members) = serde_json::from_str(json).unwrap() else { panic!() };
        Fields::new(members)
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let mut it = fields(r#"{"name": 3, "count": 99, "stage": "x", "a/b": 1, "in": {"z": 1}}"#);
        it.text("name", 1, 9, "");
        it.integer("count", 0, 9, None);
        it.one_of("stage", &["a", "b"], "");
        it.text("missing", 1, 9, "");
        let nested = it.object("in").unwrap();
        it.absorb(nested);
        let problem = it.done().unwrap_err();
        let places: Vec<String> = problem
            .mistakes
            .iter()
            .map(|it| match &it.place {
                Place::Pointer(pointer) => pointer.clone(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(places, ["/name", "/count", "/stage", "/missing", "/in/z", "/a~1b"]);
    }

    #[test]
    fn absent_fields_keep_what_was() {
        let mut it = fields(r#"{"cleared": null}"#);
        assert_eq!(it.text("name", 1, 9, "kept"), "kept");
        assert_eq!(it.text("cleared", 0, 9, "kept"), "");
        assert_eq!(it.one_of_or_none("stage", &["a"], "a"), "a");
        assert!(it.flag("flag", true));
        assert!(it.done().is_ok());
    }

    #[test]
    fn a_required_field_cannot_be_cleared() {
        let mut it = fields(r#"{"name": null}"#);
        it.text("name", 1, 9, "was");
        assert!(it.done().is_err());
        let mut it = fields(r#"{"items": null}"#);
        assert!(it.objects("items", 1, 9).is_empty());
        assert!(it.done().is_err());
    }
}
