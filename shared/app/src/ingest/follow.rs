//! Following rules: a message becomes items with the values of their fields, or mistakes.

use domain::asking::who;
use domain::inbound::{Target, scaled};
use serde_json::{Map, Value, json};
use web::lang::{Lang, Said, said, said_now};
use web::view;

use super::{Origin, Rule, Test};

/// Most items of one message.
const ITEMS_MAX: usize = 100;

/// What is to be made of a message, or of one item in it.
#[derive(Clone, Debug)]
pub struct Item {
    /// The number of the rule, from 0.
    pub rule: usize,
    /// Where in the array, from 0; `None` is the whole message.
    pub at: Option<usize>,
    /// What it becomes.
    pub to: Target,
    /// The values of its fields. A text is never empty and a value never null.
    pub values: Map<String, Value>,
}

/// Why an item cannot become what it should.
#[derive(Clone, Debug)]
pub struct Mistake {
    /// The number of the rule, from 0; `None` where none got so far.
    pub rule: Option<usize>,
    /// Which item of the array.
    pub at: Option<usize>,
    /// The field.
    pub field: String,
    /// Where its value was looked for.
    pub pointer: String,
    /// What would be right. It never says what was found: that may be personal.
    pub detail: Said,
}

/// What the rules make of a message.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// No rule takes it.
    Ignored,
    /// These, and what is wrong.
    Taken(Vec<Item>, Vec<Mistake>),
}

impl Mistake {
    /// A mistake of an item.
    pub fn of(item: &Item, rule: &Rule, field: &str, detail: Said) -> Mistake {
        let origin = rule.fields.iter().find(|(name, _)| name == field);
        Mistake {
            rule: Some(item.rule),
            at: item.at,
            field: field.to_owned(),
            pointer: origin.map(|(_, it)| it.pointer.clone()).unwrap_or_default(),
            detail,
        }
    }

    /// A mistake of the message as a whole.
    pub fn whole(detail: Said) -> Mistake {
        Mistake { rule: None, at: None, field: String::new(), pointer: String::new(), detail }
    }

    /// Itself as it is stored, in both languages.
    pub fn stored(&self) -> Value {
        json!({
            "rule": self.rule,
            "item": self.at,
            "field": self.field,
            "pointer": self.pointer,
            "en": self.detail.en,
            "zh": self.detail.zh,
        })
    }

    /// A stored one as it is shown, in one language.
    pub fn shown(stored: &Value, lang: Lang) -> Value {
        let member = |name: &str| stored.get(name).cloned().unwrap_or_default();
        json!({
            "rule": member("rule"),
            "item": member("item"),
            "field": member("field"),
            "pointer": member("pointer"),
            "detail": member(if lang == Lang::En { "en" } else { "zh" }),
        })
    }
}

/// Follows the first rule that holds.
pub fn follow(rules: &[Rule], message: &Value) -> Outcome {
    let Some((number, rule)) = rules.iter().enumerate().find(|(_, it)| it.holds(message)) else {
        return Outcome::Ignored;
    };
    let (mut items, mut mistakes) = (Vec::new(), Vec::new());
    let Some(each) = &rule.each else {
        let item = item(rule, number, None, message, message, &mut mistakes);
        return Outcome::Taken(vec![item], mistakes);
    };
    match message.pointer(each) {
        Some(Value::Array(list)) if list.len() <= ITEMS_MAX => {
            for (at, it) in list.iter().enumerate() {
                items.push(item(rule, number, Some(at), it, message, &mut mistakes));
            }
        }
        _ => mistakes.push(Mistake {
            rule: Some(number),
            at: None,
            field: "each".to_owned(),
            pointer: each.clone(),
            detail: said_now(
                format!("must be a list of at most {ITEMS_MAX} items"),
                format!("须为至多 {ITEMS_MAX} 项的列表"),
            ),
        }),
    }
    Outcome::Taken(items, mistakes)
}

/// Whom a message is about, as nobody reads it: see [`who`].
pub fn whos(site_id: &str, rules: &[Rule], message: &Value) -> Vec<String> {
    let names = customers(rules, message);
    names.iter().map(|it| who(site_id, "customer", it)).collect()
}

/// The customers whom a message names wherever a rule would look for one, whether that rule holds
/// or not: so that what became nothing is found when they are erased.
pub(super) fn customers(rules: &[Rule], message: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for rule in rules {
        let Some((_, origin)) = rule.fields.iter().find(|(name, _)| name == "customer") else {
            continue;
        };
        let list = rule.each.as_ref().and_then(|it| message.pointer(it)?.as_array());
        let whole = std::slice::from_ref(message);
        let items = match (&rule.each, list) {
            (Some(_), Some(list)) => list.as_slice(),
            (Some(_), None) => &[],
            (None, _) => whole,
        };
        for item in items.iter().take(ITEMS_MAX) {
            let name = origin.find(item, message).ok().flatten().map(|it| text(&it));
            found.extend(name.filter(|it| !found.contains(it)));
        }
    }
    found
}

impl Rule {
    /// Whether all that it asks of a message holds.
    pub fn holds(&self, message: &Value) -> bool {
        self.when.iter().all(|it| {
            let found = message.pointer(&it.pointer).filter(|it| !it.is_null());
            match &it.test {
                Test::Exists(wanted) => found.is_some() == *wanted,
                Test::In(wanted) => found.is_some_and(|it| wanted.contains(it)),
            }
        })
    }
}

fn item(
    rule: &Rule,
    number: usize,
    at: Option<usize>,
    item: &Value,
    whole: &Value,
    mistakes: &mut Vec<Mistake>,
) -> Item {
    let mut made = Item { rule: number, at, to: rule.to, values: Map::new() };
    for (name, origin) in &rule.fields {
        match origin.find(item, whole) {
            Ok(Some(value)) => {
                // Others count their things, and a name is a text.
                let is_text = !name.starts_with("answers.") && !NUMBERS.contains(&name.as_str());
                let value = match value {
                    Value::Number(_) | Value::Bool(_) if is_text => Value::String(text(&value)),
                    value => value,
                };
                made.values.insert(name.clone(), value);
            }
            Ok(None) => {
                let is_required = rule.to.fields().iter().any(|it| it.1 && it.0 == name);
                if is_required {
                    mistakes.push(Mistake::of(&made, rule, name, absent_rule()));
                }
            }
            Err(detail) => mistakes.push(Mistake::of(&made, rule, name, detail)),
        }
    }
    made
}

/// Fields that may be numbers.
const NUMBERS: [&str; 7] =
    ["amount", "completed_at", "created_at", "answered_at", "at", "seconds", "count"];

fn absent_rule() -> Said {
    said("is not there", "不存在")
}

impl Origin {
    /// The value that a message has, if it has one.
    fn find(&self, item: &Value, whole: &Value) -> Result<Option<Value>, Said> {
        if let Some(value) = &self.value {
            return Ok(Some(value.clone()));
        }
        let found = match self.pointer.strip_prefix('^') {
            Some(pointer) => whole.pointer(pointer),
            None => item.pointer(&self.pointer),
        };
        let is_empty = |it: &&Value| it.as_str().is_some_and(|it| it.trim().is_empty());
        let Some(found) = found.filter(|it| !it.is_null() && !is_empty(it)) else {
            return Ok(None);
        };
        let word = text(found);
        let found = self.words.get(&word).unwrap_or(found);
        if self.scale.is_empty() {
            return Ok(Some(found.clone()));
        }
        match scaled(&text(found), &self.scale) {
            Some(scaled) => Ok(Some(view::json(&scaled))),
            None => Err(said("must be a number without an exponent", "须为不带指数的数字")),
        }
    }
}

/// A text as it is, anything else as its JSON.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        value => view::text(value),
    }
}
