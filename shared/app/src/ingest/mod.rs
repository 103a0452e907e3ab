//! The rules of a source: which of its messages become what, written once by a person.
//!
//! Reading rules, following them and reading what they find is pure; what becomes of it is
//! `functions/ingest`'s.

mod draft;
mod follow;

use domain::inbound::{Target, is_pointer};
use serde_json::{Map, Value};
use web::field::{Fields, escape};
use web::lang::{Said, said, said_now};
use web::view;

pub use draft::{Draft, Scene, draft, note};
pub use follow::{Item, Mistake, Outcome, follow, whos};

/// The longest message.
pub const BODY_BYTES_MAX: usize = 256 * 1024;
/// Most rules of a source.
pub const RULES_MAX: usize = 50;
/// Most conditions of a rule.
const CONDITIONS_MAX: usize = 20;
/// Most words that one field translates.
const WORDS_MAX: usize = 500;
/// The longest pointer.
const POINTER_CHARS_MAX: usize = 200;
/// What a condition may ask for.
const TESTS: [&str; 3] = ["is", "in", "exists"];

/// One rule: of which messages it makes what.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What must hold of a message, all of it.
    pub when: Vec<Condition>,
    /// Where the array is of which every item is mapped; `None` maps the whole.
    pub each: Option<String>,
    /// What it becomes.
    pub to: Target,
    /// Where each field comes from; that of an answer is `answers.` and a question.
    pub fields: Vec<(String, Origin)>,
}

/// Something that must hold of a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Where to look.
    pub pointer: String,
    /// What must be there.
    pub test: Test,
}

/// What must be at a place.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// One of these.
    In(Vec<Value>),
    /// Anything but null, or nothing.
    Exists(bool),
}

/// Where the value of a field comes from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Origin {
    /// Where it stands in the item, or with `^` before it in the whole.
    pub pointer: String,
    /// What theirs means; what is not here means itself.
    pub words: Map<String, Value>,
    /// What a number is multiplied by, written in decimals; empty for nothing.
    pub scale: String,
    /// The value of every message, in place of all that.
    pub value: Option<Value>,
}

/// The rules of a source as they were stored. [`rules`] checked them when they were written, so
/// they are taken as they are.
pub fn stored(text: &str) -> Vec<Rule> {
    let Value::Array(list) = view::json(text) else { return Vec::new() };
    list.iter().filter_map(stored_rule).collect()
}

fn stored_rule(rule: &Value) -> Option<Rule> {
    let to = Target::parse(rule.get("to")?.as_str()?)?;
    let mut when = Vec::new();
    for it in rule.get("when").and_then(Value::as_array).into_iter().flatten() {
        let test = match (it.get("is"), it.get("in"), it.get("exists")) {
            (Some(value), ..) => Test::In(vec![value.clone()]),
            (_, Some(Value::Array(list)), _) => Test::In(list.clone()),
            (.., exists) => Test::Exists(exists.and_then(Value::as_bool).unwrap_or(true)),
        };
        when.push(Condition { pointer: member(it, "pointer"), test });
    }
    let fields = stored_fields(rule.get("fields")?.as_object()?, to);
    let each = rule.get("each").and_then(Value::as_str).map(str::to_owned);
    Some(Rule { when, each, to, fields })
}

/// In the order of the target's fields, as [`rules`] has them.
fn stored_fields(members: &Map<String, Value>, to: Target) -> Vec<(String, Origin)> {
    let own = to.fields().iter().map(|(name, _)| *name);
    let answers = members.keys().map(String::as_str).filter(|it| it.starts_with("answers."));
    let mut fields = Vec::new();
    for name in own.chain(answers) {
        if let Some(origin) = members.get(name).filter(|it| !it.is_null()) {
            fields.push((name.to_owned(), stored_origin(origin)));
        }
    }
    fields
}

fn stored_origin(origin: &Value) -> Origin {
    if let Some(pointer) = origin.as_str() {
        return Origin { pointer: pointer.to_owned(), ..Origin::default() };
    }
    Origin {
        pointer: member(origin, "pointer"),
        words: origin.get("values").and_then(Value::as_object).cloned().unwrap_or_default(),
        scale: origin.get("scale").filter(|it| !it.is_null()).map(view::text).unwrap_or_default(),
        value: origin.get("value").filter(|it| !it.is_null()).cloned(),
    }
}

fn member(of: &Value, name: &str) -> String {
    of.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The same by the reader that checks them, for components that have it anyway.
pub fn checked(text: &str) -> Vec<Rule> {
    let mut members = Map::new();
    members.insert("rules".to_owned(), view::json(text));
    rules(&mut Fields::new(members))
}

/// Reads the member `rules`. Every mistake is noted in `fields`.
pub fn rules(fields: &mut Fields) -> Vec<Rule> {
    let mut rules = Vec::new();
    if fields.peek("rules").is_some_and(Value::is_null) {
        fields.refuse("rules", said("is required", "为必填项"));
    }
    for mut nested in fields.objects("rules", 1, RULES_MAX) {
        if let Some(rule) = rule(&mut nested) {
            rules.push(rule);
        }
        fields.absorb(nested);
    }
    rules
}

fn rule(fields: &mut Fields) -> Option<Rule> {
    let mut when = Vec::new();
    for mut nested in fields.objects("when", 0, CONDITIONS_MAX) {
        when.extend(condition(&mut nested));
        fields.absorb(nested);
    }
    let each = if fields.has("each") { Some(pointer(fields, "each", false)) } else { None };
    let to = Target::parse(&fields.one_of("to", &Target::NAMES, ""));
    if !fields.has("fields") {
        fields.refuse("fields", said("is required", "为必填项"));
    }
    let nested = fields.object("fields");
    let (to, mut nested) = (to?, nested?);
    let mut found = Vec::new();
    for (name, is_required) in to.fields() {
        match origin(&mut nested, name) {
            Some(origin) => found.push(((*name).to_owned(), origin)),
            None if *is_required => {
                nested.refuse(name, said("is required", "为必填项"));
            }
            None => {}
        }
    }
    if to == Target::Rating {
        answers(&mut nested, &mut found);
    }
    fields.absorb(nested);
    Some(Rule { when, each, to, fields: found })
}

/// The answers of a rating: members that begin with `answers.`.
fn answers(fields: &mut Fields, found: &mut Vec<(String, Origin)>) {
    let mut is_answered = false;
    for name in fields.names() {
        if name.strip_prefix("answers.").is_some_and(|it| !it.is_empty()) {
            is_answered = true;
            found.extend(origin(fields, &name).map(|it| (name, it)));
        }
    }
    if !is_answered {
        let rule = said(
            "needs at least one answer: answers. and the id of a question",
            "至少需要一个回答：answers. 加上题目编号",
        );
        fields.refuse_all(rule);
    }
}

fn condition(fields: &mut Fields) -> Option<Condition> {
    let pointer = pointer(fields, "pointer", false);
    let mut named = TESTS.into_iter().filter(|it| fields.has(it));
    let (name, more) = (named.next(), named.next());
    if name.is_none() || more.is_some() {
        for name in TESTS {
            fields.take(name);
        }
        fields.refuse_all(said("needs one of is, in and exists", "须在 is、in 与 exists 中择一"));
        return None;
    }
    let test = match name? {
        "exists" => Test::Exists(fields.flag("exists", true)),
        "is" => {
            let value = fields.take("is").filter(is_scalar);
            if value.is_none() {
                fields.refuse("is", scalar_rule());
            }
            Test::In(vec![value?])
        }
        _ => match fields.take("in") {
            Some(Value::Array(list))
                if (1..=WORDS_MAX).contains(&list.len()) && list.iter().all(is_scalar) =>
            {
                Test::In(list)
            }
            _ => {
                let rule = said_now(
                    format!("must be a list of 1 to {WORDS_MAX} texts, numbers, true or false"),
                    format!("须为 1 到 {WORDS_MAX} 个文本、数字或 true、false 的列表"),
                );
                fields.refuse("in", rule);
                return None;
            }
        },
    };
    Some(Condition { pointer, test })
}

/// Where a field comes from: a pointer, or an object that says more.
fn origin(fields: &mut Fields, name: &str) -> Option<Origin> {
    match fields.peek(name)? {
        Value::Null => {
            fields.take(name);
            None
        }
        Value::String(_) => {
            Some(Origin { pointer: pointer(fields, name, true), ..Origin::default() })
        }
        Value::Object(_) => {
            let mut nested = fields.object(name)?;
            let origin = spelt(&mut nested);
            fields.absorb(nested);
            Some(origin)
        }
        _ => {
            fields.take(name);
            let rule = said(
                "must be a pointer, or an object with pointer or value",
                "须为指针，或带有 pointer 或 value 的对象",
            );
            fields.refuse(name, rule);
            Some(Origin::default())
        }
    }
}

fn spelt(fields: &mut Fields) -> Origin {
    let mut origin = Origin::default();
    if fields.has("value") == fields.has("pointer") {
        for name in ["value", "pointer"] {
            fields.take(name);
        }
        fields.refuse_all(said("needs pointer or value", "须在 pointer 与 value 中二选一"));
    } else if fields.has("value") {
        origin.value = fields.take("value").filter(is_scalar);
        if origin.value.is_none() {
            fields.refuse("value", scalar_rule());
        }
        return origin;
    } else {
        origin.pointer = pointer(fields, "pointer", true);
    }
    if let Some(mut nested) = fields.object("values") {
        let words = nested.rest();
        for (word, meaning) in &words {
            if !is_scalar(meaning) {
                nested.refuse(&escape(word), scalar_rule());
            }
        }
        if WORDS_MAX < words.len() {
            nested.refuse_all(said_now(
                format!("must have at most {WORDS_MAX} members"),
                format!("不得超过 {WORDS_MAX} 项"),
            ));
        }
        origin.words = words;
        fields.absorb(nested);
    }
    if let Some(scale) = fields.take("scale") {
        let text = view::text(&scale);
        let is_scale =
            scale.is_number() && domain::inbound::scaled("1", &text).is_some_and(|it| it != "0");
        if is_scale {
            origin.scale = text;
        } else {
            fields.refuse(
                "scale",
                said("must be a number such as 100 or 0.001", "须为数字，例如 100 或 0.001"),
            );
        }
    }
    origin
}

fn pointer(fields: &mut Fields, name: &str, may_be_whole: bool) -> String {
    match fields.take(name) {
        Some(Value::String(text)) => {
            check(fields, name, &text, may_be_whole);
            text
        }
        _ => {
            fields.refuse(name, pointer_rule());
            String::new()
        }
    }
}

fn check(fields: &mut Fields, name: &str, pointer: &str, may_be_whole: bool) {
    let fits = is_pointer(pointer)
        && (may_be_whole || !pointer.starts_with('^'))
        && pointer.chars().count() <= POINTER_CHARS_MAX;
    if !fits {
        fields.refuse(name, pointer_rule());
    }
}

/// What a pointer must be.
pub fn pointer_rule() -> Said {
    said(
        "must be a JSON Pointer (RFC 6901) such as /data/object/id",
        "须为 JSON Pointer（RFC 6901），例如 /data/object/id",
    )
}

fn scalar_rule() -> Said {
    said("must be a text, a number, true or false", "须为文本、数字、true 或 false")
}

fn is_scalar(value: &Value) -> bool {
    value.is_string() || value.is_number() || value.is_boolean()
}

#[cfg(test)]
mod tests;
