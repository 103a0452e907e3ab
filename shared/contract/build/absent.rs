//! In requests, what is null is absent: so everything that may be left out may be null.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Lets what may be left out of bodies be null, in `asked` schemas that no answer shares.
pub(crate) fn allow_null(document: &mut Value, asked: &BTreeSet<String>, told: &BTreeSet<String>) {
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        for name in asked.difference(told) {
            schemas.get_mut(name).into_iter().for_each(members);
        }
    }
    if let Some(Value::Object(paths)) = document.pointer_mut("/paths") {
        for operation in paths.values_mut().filter_map(Value::as_object_mut).flatten() {
            operation.1.get_mut("requestBody").into_iter().for_each(members);
        }
    }
}

fn members(schema: &mut Value) {
    match schema {
        Value::Object(it) => {
            let required = it.get("required").cloned().unwrap_or_default();
            let is_required =
                |name: &str| required.as_array().is_some_and(|it| it.contains(&json!(name)));
            if let Some(Value::Object(properties)) = it.get_mut("properties") {
                let absent = properties.iter_mut().filter(|it| !is_required(it.0));
                absent.filter_map(|it| it.1.as_object_mut()).for_each(nullable);
            }
            it.values_mut().for_each(members);
        }
        Value::Array(items) => items.iter_mut().for_each(members),
        _ => {}
    }
}

fn nullable(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(either)) = schema.get_mut("anyOf") {
        if !either.contains(&json!({ "type": "null" })) {
            either.push(json!({ "type": "null" }));
        }
        return;
    }
    if let Some(reference) = schema.remove("$ref") {
        let either = json!([{ "$ref": reference }, { "type": "null" }]);
        schema.insert("anyOf".to_owned(), either);
        return;
    }
    // Of no type it may be null already.
    if let Some(kind @ Value::String(_)) = schema.get("type").cloned() {
        schema.insert("type".to_owned(), json!([kind, "null"]));
        if let Some(Value::Array(words)) = schema.get_mut("enum") {
            words.push(Value::Null);
        }
    }
}
