//! Conditions as JSON.

use domain::survey::{CONDITIONS_MAX, Condition, DEPTH_MAX, Operand, Order, Test};
use domain::touchpoint::{CHANNELS, GROUPS};
use serde_json::{Value, json};

use super::{is_language, language_rule};
use crate::field::Fields;
use crate::lang::{Said, said};

/// Takes a condition out of `fields`; none if it is absent or wrong, which is noted.
pub(super) fn condition(fields: &mut Fields, name: &str) -> Option<Condition> {
    let mut nested = fields.object(name)?;
    let mut left = CONDITIONS_MAX;
    let found = read(&mut nested, DEPTH_MAX, &mut left);
    fields.absorb(nested);
    found
}

fn read(fields: &mut Fields, depth: usize, left: &mut usize) -> Option<Condition> {
    if depth == 0 || *left == 0 {
        let _ = fields.rest();
        let rule =
            said("has too many conditions, or too many in one another", "条件过多，或嵌套过深");
        fields.refuse_all(rule);
        return None;
    }
    *left -= 1;
    for (name, make) in
        [("all", Condition::All as fn(Vec<Condition>) -> Condition), ("any", Condition::Any)]
    {
        if fields.has(name) {
            let mut list = Vec::new();
            for mut nested in fields.objects(name, 1, CONDITIONS_MAX) {
                list.extend(read(&mut nested, depth - 1, left));
                fields.absorb(nested);
            }
            return Some(make(list));
        }
    }
    if let Some(mut nested) = fields.object("not") {
        let found = read(&mut nested, depth - 1, left);
        fields.absorb(nested);
        return Some(Condition::Not(Box::new(found?)));
    }
    if fields.has("language") {
        let tag = fields.text("language", 2, 35, "");
        if !is_language(&tag) {
            fields.refuse("language", language_rule());
        }
        return Some(Condition::Language(tag));
    }
    if fields.has("group") {
        return Some(Condition::Group(fields.one_of("group", &GROUPS, "")));
    }
    if fields.has("channel") {
        return Some(Condition::Channel(fields.one_of("channel", &CHANNELS, "")));
    }
    if fields.has("hidden") {
        let field = fields.text("hidden", 1, 40, "");
        return Some(Condition::Hidden { field, is: test(fields, true)? });
    }
    if !fields.has("question") {
        let _ = fields.rest();
        fields.refuse_all(rule());
        return None;
    }
    let question = fields.text("question", 1, 40, "");
    let row = fields.text("row", 0, 40, "");
    Some(Condition::Answer { question, row, is: test(fields, false)? })
}

fn rule() -> Said {
    said(
        "must have one of all, any, not, question, hidden, language, group, channel",
        "须含 all、any、not、question、hidden、language、group、channel 之一",
    )
}

fn test(fields: &mut Fields, is_hidden: bool) -> Option<Test> {
    let words: &[&str] = if is_hidden {
        &["answered", "eq", "ne"]
    } else {
        &["answered", "eq", "ne", "lt", "le", "gt", "ge", "has", "class"]
    };
    let is = fields.one_of("is", words, "");
    let value = match is.as_str() {
        "" | "answered" => return (!is.is_empty()).then_some(Test::Answered),
        _ => fields.take("value"),
    };
    let order = Order::named(&is);
    match (order, value) {
        (Some(order), Some(Value::String(text))) => Some(Test::Compare(order, Operand::Text(text))),
        (Some(order), Some(Value::Number(number))) if !is_hidden => {
            number.as_f64().map(|it| Test::Compare(order, Operand::Number(it)))
        }
        (None, Some(Value::String(text))) if is == "has" => Some(Test::Has(text)),
        (None, Some(Value::String(text))) => Some(Test::Class(text)),
        (_, None) => {
            fields.refuse("value", said("is required", "为必填项"));
            None
        }
        (Some(_), _) if !is_hidden => {
            fields.refuse("value", said("must be a text or a number", "须为文本或数字"));
            None
        }
        _ => {
            fields.refuse("value", said("must be a text", "须为文本"));
            None
        }
    }
}

/// A condition as [`condition`] reads it.
pub(super) fn show(condition: &Condition) -> Value {
    let list = |list: &[Condition]| list.iter().map(show).collect::<Vec<_>>();
    match condition {
        Condition::All(all) => json!({ "all": list(all) }),
        Condition::Any(any) => json!({ "any": list(any) }),
        Condition::Not(it) => json!({ "not": show(it) }),
        Condition::Language(tag) => json!({ "language": tag }),
        Condition::Group(group) => json!({ "group": group }),
        Condition::Channel(channel) => json!({ "channel": channel }),
        Condition::Hidden { field, is } => show_test(json!({ "hidden": field }), is),
        Condition::Answer { question, row, is } => {
            let mut shown = json!({ "question": question });
            if !row.is_empty() {
                super::show::put(&mut shown, "row", row.as_str().into());
            }
            show_test(shown, is)
        }
    }
}

fn show_test(mut shown: Value, is: &Test) -> Value {
    let (name, value) = match is {
        Test::Answered => ("answered", Value::Null),
        Test::Compare(order, Operand::Text(text)) => (order.name(), text.as_str().into()),
        Test::Compare(order, Operand::Number(number)) => {
            (order.name(), super::show::number(*number))
        }
        Test::Has(option) => ("has", option.as_str().into()),
        Test::Class(class) => ("class", class.as_str().into()),
    };
    super::show::put(&mut shown, "is", name.into());
    if !value.is_null() {
        super::show::put(&mut shown, "value", value);
    }
    shown
}
