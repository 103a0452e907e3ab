//! What a tool is, and how its arguments are read.

use domain::civil;
use domain::role::Role;
use ports::Verb;
use serde_json::{Map, Value};
use web::field::{Fields, one_of_rule};
use web::lang::said;
use web::page::ROWS_MAX;

/// One thing that the API tells or does.
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    /// For people, in English and Chinese.
    pub(crate) title: (&'static str, &'static str),
    /// For the assistant.
    pub(crate) about: &'static str,
    /// The least role that the API asks for. It is for the list alone: the API decides.
    pub(crate) role: Role,
    pub(crate) verb: Verb,
    /// The component, and its path; `{name}` stands for an argument.
    pub(crate) target: (&'static str, &'static str),
    pub(crate) args: &'static [&'static [Arg]],
    /// Whether what it tells may have words that customers wrote.
    pub(crate) has_words: bool,
}

/// An argument of a tool. Its name is the API's.
pub(crate) struct Arg {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) is_needed: bool,
    pub(crate) about: &'static str,
}

/// What an argument may be.
pub(crate) enum Kind {
    /// A text of at most so many characters.
    Text(usize),
    /// A part of a path.
    Id,
    /// A day.
    Date,
    /// A whole number in bounds.
    Whole(i64, i64),
    /// One of these numbers.
    Pick(&'static [i64]),
    /// One of these words.
    One(&'static [&'static str]),
    /// Some of these words.
    Many(&'static [&'static str]),
    /// True or false.
    Flag,
    /// How many items of a list.
    Limit,
    /// The `next` of a list.
    After,
    /// An object of its own.
    Object(&'static [Arg]),
}

/// How many items a list has if nobody says.
pub(crate) const ITEMS: i64 = 20;
/// The longest `next` of a list.
const AFTER_CHARS_MAX: usize = 100;
/// The longest id.
pub(crate) const ID_CHARS_MAX: usize = 64;

/// Whose data it is to be, for keys that span sites.
pub(crate) const SITE: Arg = Arg {
    name: "site",
    kind: Kind::Id,
    is_needed: false,
    about: "The site, sit_… of list_sites: this key spans all of them.",
};

impl Tool {
    /// Whether it tells of sites, and so of none.
    pub(crate) fn is_of_all_sites(&self) -> bool {
        self.target.1 == "/v1/sites"
    }

    /// Every argument but `site`.
    pub(crate) fn args(&self) -> impl Iterator<Item = &'static Arg> {
        self.args.iter().flat_map(|it| it.iter())
    }

    /// Whether it changes nothing.
    pub(crate) fn is_read(&self) -> bool {
        self.verb == Verb::Get
    }
}

/// Reads arguments; mistakes are noted in `fields`. What is absent, null or empty is left out.
pub(crate) fn read<'a>(
    fields: &mut Fields,
    args: impl Iterator<Item = &'a Arg>,
) -> Map<String, Value> {
    let mut read = Map::new();
    for it in args {
        let value = it.read(fields);
        if !value.is_null() {
            read.insert(it.name.to_owned(), value);
        }
    }
    read
}

impl Arg {
    /// Reads it; a mistake is noted in `fields`. Null where it is absent or empty.
    pub(crate) fn read(&self, fields: &mut Fields) -> Value {
        let name = self.name;
        if fields.peek(name).is_none_or(Value::is_null) {
            fields.take(name);
            if self.is_needed {
                fields.refuse(name, said("is required", "为必填项"));
            }
            return if matches!(self.kind, Kind::Limit) { ITEMS.into() } else { Value::Null };
        }
        let text = match &self.kind {
            Kind::Text(most) => fields.text(name, usize::from(self.is_needed), *most, ""),
            Kind::Id => id(fields, name),
            Kind::Date => date(fields, name),
            Kind::One(words) => fields.one_of_or_none(name, words, ""),
            Kind::Many(words) => {
                let rule = || one_of_rule(words);
                let fits = |it: &str| words.contains(&it);
                fields.texts(name, words.len(), fits, &rule).unwrap_or_default().join(",")
            }
            Kind::After => after(fields, name),
            Kind::Flag => return fields.flag(name, false).into(),
            Kind::Whole(least, most) => return fields.integer(name, *least, *most, None).into(),
            Kind::Limit => return fields.integer(name, 1, ROWS_MAX, None).into(),
            Kind::Pick(numbers) => return pick(fields, name, numbers),
            Kind::Object(args) => {
                let Some(mut nested) = fields.object(name) else { return Value::Null };
                let read = read(&mut nested, args.iter());
                fields.absorb(nested);
                return Value::Object(read);
            }
        };
        if text.is_empty() { Value::Null } else { text.into() }
    }
}

/// A part of a path, which can lead nowhere else.
fn id(fields: &mut Fields, name: &str) -> String {
    let text = fields.text(name, 1, ID_CHARS_MAX, "");
    if text.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_')) {
        return text;
    }
    let rule = said("must be letters, digits, - and _", "须由字母、数字、- 和 _ 组成");
    fields.refuse(name, rule);
    String::new()
}

fn date(fields: &mut Fields, name: &str) -> String {
    let text = fields.text(name, 0, 10, "");
    if !text.is_empty() && civil::parse_date(&text).is_none() {
        fields.refuse(name, said("must be a date such as 2026-11-22", "须为日期，例如 2026-11-22"));
    }
    text
}

/// Most lists tell a text where they go on, some a number.
fn after(fields: &mut Fields, name: &str) -> String {
    match fields.peek(name).and_then(Value::as_u64) {
        Some(number) => {
            fields.take(name);
            number.to_string()
        }
        None => fields.text(name, 0, AFTER_CHARS_MAX, ""),
    }
}

fn pick(fields: &mut Fields, name: &str, numbers: &[i64]) -> Value {
    let found = fields.take(name).and_then(|it| it.as_i64()).filter(|it| numbers.contains(it));
    if found.is_none() {
        let texts: Vec<String> = numbers.iter().map(i64::to_string).collect();
        fields.refuse(name, one_of_rule(&texts));
    }
    found.into()
}
