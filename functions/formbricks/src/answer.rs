//! Their answers as ours: labels become options, texts become numbers, blanks become no answer.

use app::mapping::choice;
use domain::survey::{Ask, Choice, Columns, Definition, Row};
use serde_json::{Map, Value};
use web::field::Fields;
use web::lang::said;
use web::view;

use crate::place::Names;
use crate::sent::Sent;

/// The places of the address and the number among the parts of a contact.
const CONTACT_EMAIL: usize = 2;
const CONTACT_PHONE: usize = 3;
/// How their SDKs end what a question that asks nothing is answered with.
const ACCEPTED: [&str; 4] = ["accepted", "clicked", "true", "yes"];

/// What a body answers, with our ids.
#[derive(Debug, Default)]
pub(crate) struct Given {
    /// Answers; null for one that was taken back.
    pub(crate) answers: Map<String, Value>,
    /// Hidden fields.
    pub(crate) hidden: Map<String, Value>,
}

/// Reads the answers of a body; what is neither a question nor a hidden field is refused.
pub(crate) fn given(
    definition: &Definition,
    names: &Names,
    sent: &Sent,
    fields: &mut Fields,
) -> Given {
    let mut given = Given::default();
    for hidden in &definition.hidden {
        let told = sent.variables.get(&hidden.id).or_else(|| sent.meta.get(&hidden.id));
        // What nobody typed in and is too long, such as an address, cannot be mended either.
        let told = told.map(plain).filter(|it| it.chars().count() <= hidden.chars_max);
        if let Some(text) = told.filter(|it| !it.is_empty()) {
            given.hidden.insert(hidden.id.clone(), text.into());
        }
    }
    for (theirs, value) in &sent.data {
        let ours = names.ours(theirs);
        let value = if is_blank(value) { &Value::Null } else { value };
        if let Some(question) = definition.question(ours) {
            given.answers.insert(ours.to_owned(), answer(&question.kind, value));
        } else if definition.hidden.iter().any(|it| it.id == ours) {
            given.hidden.insert(ours.to_owned(), plain(value).into());
        } else if !ours.is_empty() && !value.is_null() {
            let rule =
                said("is no question or hidden field of this survey", "不是此问卷的题目或隐藏字段");
            fields.refuse(&web::field::escape(theirs), rule);
        }
    }
    given
}

/// One answer; null for none.
fn answer(kind: &Ask, value: &Value) -> Value {
    match (kind, value) {
        (_, Value::Null) | (Ask::Statement, _) => Value::Null,
        (Ask::Consent, Value::String(text)) => {
            if ACCEPTED.contains(&text.as_str()) {
                Value::Bool(true)
            } else {
                Value::Null
            }
        }
        (Ask::Consent, Value::Bool(false)) => Value::Null,
        (Ask::Nps | Ask::Rating { .. } | Ask::Effort | Ask::Number { .. }, _) => number(value),
        (Ask::Single { options, .. }, _) => {
            let first = value.get(0).unwrap_or(value);
            chosen(options, first)
        }
        (Ask::Multiple { options, .. } | Ask::Ranking { options, .. }, Value::Array(list)) => {
            let given = list.iter().filter(|it| !is_blank(it));
            given.map(|it| chosen(options, it)).collect()
        }
        (Ask::Multiple { options, .. } | Ask::Ranking { options, .. }, _) => {
            Value::Array(vec![chosen(options, value)])
        }
        (Ask::Matrix { rows, columns, .. }, Value::Object(cells)) => matrix(rows, columns, cells),
        (Ask::Email, Value::Array(parts)) => part(parts, CONTACT_EMAIL),
        (Ask::Phone, Value::Array(parts)) => part(parts, CONTACT_PHONE),
        (Ask::Text { .. }, _) => plain(value).into(),
        _ => value.clone(),
    }
}

/// The rows by their texts, and what each is answered with.
fn matrix(rows: &[Row], columns: &Columns, cells: &Map<String, Value>) -> Value {
    let mut given = Map::new();
    for (label, cell) in cells.iter().filter(|it| !is_blank(it.1)) {
        let by_id = rows.iter().find(|it| it.id == *label);
        let row = by_id.or_else(|| rows.iter().find(|it| it.text.values().any(|it| it == label)));
        // One that is not there is told by name.
        let id = row.map_or(label, |it| &it.id);
        let cell = match columns {
            Columns::Options(options) => chosen(options, cell),
            Columns::Points(_) => number(cell),
        };
        given.insert(id.clone(), cell);
    }
    if given.is_empty() { Value::Null } else { given.into() }
}

fn chosen(options: &[Choice], value: &Value) -> Value {
    match value {
        Value::String(text) => choice(options, text.trim(), true),
        value => value.clone(),
    }
}

fn number(value: &Value) -> Value {
    let read = value.as_str().map(|it| view::json(it.trim()));
    read.filter(Value::is_number).unwrap_or_else(|| value.clone())
}

fn part(parts: &[Value], at: usize) -> Value {
    parts.get(at).filter(|it| !is_blank(it)).cloned().unwrap_or_default()
}

/// A value as a text: the parts of a list on one line.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.trim().to_owned(),
        Value::Array(parts) => {
            let mut line = String::new();
            for part in parts.iter().filter(|it| !is_blank(it)) {
                if !line.is_empty() {
                    line.push_str(", ");
                }
                line.push_str(&plain(part));
            }
            line
        }
        value => view::text(value),
    }
}

/// What a question that was passed over is answered with.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.iter().all(is_blank),
        Value::Object(members) => members.values().all(is_blank),
        _ => false,
    }
}
