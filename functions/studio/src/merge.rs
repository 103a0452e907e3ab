//! Forms and definitions: what was typed goes where it belongs, and what the API refuses back to
//! the field that it came from.

use serde_json::{Map, Value, json};
use staff::tell::{items, text};
use staff::{Desk, Form, Refused};

use crate::study::Study;

/// The longest array that a form has.
const PLACES_MAX: usize = 100;

/// Puts what was typed into `into`: each field of the form where its name points, and nothing
/// there if it was left empty. Whatever the form does not have stays as it is.
pub(crate) fn merge(into: &mut Value, form: &Form, body: &Value) {
    for input in &form.inputs {
        let value = body.pointer(&format!("/{}", input.name()));
        put(into, input.name(), value.cloned());
    }
}

/// Puts a value where a pointer without its first slash leads; `None` takes away what is there.
pub(crate) fn put(into: &mut Value, path: &str, value: Option<Value>) {
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    if let Value::Array(all) = into {
        let Some(at) = first.parse::<usize>().ok().filter(|it| *it < PLACES_MAX) else { return };
        while all.len() <= at {
            all.push(Value::Object(Map::new()));
        }
        if let (Some(it), false) = (all.get_mut(at), rest.is_empty()) {
            put(it, rest, value);
        }
        return;
    }
    if !into.is_object() {
        *into = Value::Object(Map::new());
    }
    let Value::Object(members) = into else { return };
    match (rest, value) {
        ("", Some(value)) => {
            members.insert(first.to_owned(), value);
        }
        ("", None) => {
            members.remove(first);
        }
        (_, None) if !members.contains_key(first) => {}
        (rest, value) => put(members.entry(first.to_owned()).or_insert(Value::Null), rest, value),
    }
}

/// The same refusal with its mistakes aimed at fields: `aim` knows the field of a pointer below
/// the definition. What it does not know says where it is.
pub(crate) fn aimed(
    refused: &Refused,
    (desk, study): (&Desk, &Study),
    form: &Form,
    aim: impl Fn(&str) -> Option<String>,
) -> Refused {
    let told = Value::Object(refused.told.clone());
    let (mut errors, mut others) = (Vec::new(), String::new());
    for it in items(&told, "/errors") {
        let whole = text(it, "/pointer").trim_start_matches('/');
        let path = whole.strip_prefix("definition/").unwrap_or(whole);
        let detail = text(it, "/detail");
        let field = aim(path).and_then(|it| field(form, &it));
        match field {
            Some(field) => {
                let error = json!({ "pointer": format!("/{field}"), "detail": detail });
                errors.push(error);
            }
            None => {
                let between = if others.is_empty() { "" } else { desk.lang.of("; ", "；") };
                others.push_str(&format!("{between}{}{detail}", place(desk, study, path)));
            }
        }
    }
    if !others.is_empty() {
        errors.push(json!({ "pointer": "/", "detail": others }));
    }
    let mut aimed = refused.clone();
    if !errors.is_empty() {
        aimed.told.insert("errors".to_owned(), Value::Array(errors));
    }
    aimed
}

/// The field that a pointer leads to, into or around.
fn field(form: &Form, pointer: &str) -> Option<String> {
    let within = |name: &str, whole: &str| {
        whole.strip_prefix(name).is_some_and(|it| it.is_empty() || it.starts_with('/'))
    };
    let mut names = form.inputs.iter().map(staff::Input::name);
    let found = names.clone().find(|it| within(it, pointer));
    found.or_else(|| names.find(|it| within(pointer, it))).map(str::to_owned)
}

/// Where a pointer leads, in words: `Question 3, show_if/value: `.
pub(crate) fn place(desk: &Desk, study: &Study, path: &str) -> String {
    let lang = desk.lang;
    let colon = lang.of(": ", "：");
    let Some(rest) = path.strip_prefix("questions/") else {
        return if path.is_empty() { String::new() } else { format!("{path}{colon}") };
    };
    let (number, rest) = rest.split_once('/').unwrap_or((rest, ""));
    let at = number.parse::<usize>().unwrap_or(0);
    let asked = study.questions().get(at).map_or("", |it| text(it, "/id"));
    let number = at + 1;
    let question = match lang {
        web::Lang::En => format!("question {number} ({asked})"),
        web::Lang::Zh => format!("第 {number} 题（{asked}）"),
    };
    match rest {
        "" => format!("{question}{colon}"),
        rest => format!("{question} {rest}{colon}"),
    }
}
