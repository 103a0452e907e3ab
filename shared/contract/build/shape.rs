//! Schemas out of their short form.

use serde_json::{Map, Value, json};

/// The schema of a shape: words such as `text 1..80`, `[shape]`, members, or `{ "=": schema }`.
/// `schemas` are those that `… needing a, b` may copy.
pub(crate) fn of(shape: &Value, schemas: &Map<String, Value>) -> Result<Value, String> {
    match shape {
        Value::String(words) => described(words, schemas),
        Value::Array(items) => match items.as_slice() {
            [item] => Ok(json!({ "type": "array", "items": of(item, schemas)? })),
            [item, null] if null == "null" => {
                Ok(json!({ "anyOf": [of(item, schemas)?, { "type": "null" }] }))
            }
            _ => Err("a list has the shape of its items, and maybe \"null\"".to_owned()),
        },
        Value::Object(members) => match members.get("=") {
            Some(schema) => Ok(schema.clone()),
            None => object(members, schemas),
        },
        _ => Err(format!("{shape} is no shape")),
    }
}

/// An object. A name that ends with `?` may be absent, `*` is every other name, `—` says what the
/// object is.
fn object(written: &Map<String, Value>, schemas: &Map<String, Value>) -> Result<Value, String> {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    let mut made = Map::from_iter([("type".to_owned(), "object".into())]);
    for (name, shape) in written {
        let inner = || of(shape, schemas).map_err(|it| format!("{name}: {it}"));
        match name.as_str() {
            "—" => drop(made.insert("description".to_owned(), shape.clone())),
            "*" => drop(made.insert("additionalProperties".to_owned(), inner()?)),
            name => {
                let must = name.strip_suffix('?');
                if must.is_none() {
                    required.push(name.into());
                }
                properties.insert(must.unwrap_or(name).to_owned(), inner()?);
            }
        }
    }
    if !made.contains_key("additionalProperties") {
        made.insert("x-closed".to_owned(), Value::Bool(true));
    }
    if !properties.is_empty() {
        made.insert("properties".to_owned(), Value::Object(properties));
    }
    if !required.is_empty() {
        made.insert("required".to_owned(), Value::Array(required));
    }
    Ok(Value::Object(made))
}

/// `words = default — what it is`.
fn described(words: &str, schemas: &Map<String, Value>) -> Result<Value, String> {
    let (words, description) = match words.split_once(" — ") {
        Some((words, description)) => (words, Some(description)),
        None => (words, None),
    };
    let (words, default) = match words.split_once(" = ") {
        Some((words, default)) => (words, Some(default)),
        None => (words, None),
    };
    let (words, varies) = match words.trim().strip_suffix(" varying") {
        Some(words) => (words, true),
        None => (words.trim(), false),
    };
    let mut schema = nullable(words, schemas)?;
    if varies {
        set(&mut schema, "x-varies", Value::Bool(true));
    }
    if let Some(members) = schema.as_object_mut() {
        if let Some(default) = default {
            let value = serde_json::from_str(default).unwrap_or_else(|_| default.into());
            members.insert("default".to_owned(), value);
        }
        if let Some(description) = description {
            members.insert("description".to_owned(), description.into());
        }
    }
    Ok(schema)
}

fn nullable(words: &str, schemas: &Map<String, Value>) -> Result<Value, String> {
    if let Some(words) = words.strip_suffix(" or null") {
        let mut schema = nullable(words, schemas)?;
        let members = schema.as_object_mut().ok_or("null is a word of its own")?;
        let Some(kind) = members.get_mut("type") else {
            return Ok(json!({ "anyOf": [schema, { "type": "null" }] }));
        };
        *kind = json!([kind.clone(), "null"]);
        if let Some(Value::Array(listed)) = members.get_mut("enum") {
            listed.push(Value::Null);
        }
        return Ok(schema);
    }
    if let Some(words) = words.strip_suffix(" or empty") {
        let mut schema = nullable(words, schemas)?;
        let members = schema.as_object_mut().ok_or("empty is a text")?;
        if let Some(Value::Array(listed)) = members.get_mut("enum") {
            listed.push("".into());
            return Ok(schema);
        }
        if let Some(Value::String(pattern)) = members.get_mut("pattern") {
            *pattern = format!("^$|{pattern}");
            return Ok(schema);
        }
        return Ok(json!({ "anyOf": [schema, { "const": "" }] }));
    }
    plain(words, schemas)
}

fn plain(words: &str, schemas: &Map<String, Value>) -> Result<Value, String> {
    let inner = |words: &str| nullable(words, schemas);
    if let Some(item) = words.strip_prefix("page of ") {
        return Ok(json!({
            "type": "object", "x-closed": true,
            "required": ["items", "next"],
            "properties": {
                "items": { "type": "array", "items": inner(item)? },
                "next": {
                    "type": ["string", "null"],
                    "description": "the `after` of the next page; null on the last",
                },
            },
        }));
    }
    if let Some(rest) = words.strip_prefix("list ") {
        let (bounds, item) = match rest.strip_prefix("of ") {
            Some(item) => ("", item),
            None => rest.split_once(" of ").ok_or(format!("{words}: a list of what?"))?,
        };
        let mut schema = json!({ "type": "array", "items": inner(item)? });
        let bounds = match bounds.strip_suffix(" varying") {
            Some(bounds) => {
                set(&mut schema, "x-varies", Value::Bool(true));
                bounds
            }
            None => bounds,
        };
        bound(&mut schema, bounds, "minItems", "maxItems")?;
        return Ok(schema);
    }
    if let Some(item) = words.strip_prefix("map of ") {
        return Ok(json!({ "type": "object", "additionalProperties": inner(item)? }));
    }
    if let Some(listed) = words.strip_prefix("one of ") {
        let listed: Vec<&str> = listed.split(',').map(str::trim).collect();
        return Ok(json!({ "type": "string", "enum": listed }));
    }
    if words.starts_with(|it: char| it.is_ascii_uppercase()) {
        return named(words, schemas);
    }
    word(words)
}

/// A schema by its name, or a copy of it in which some members must be there.
fn named(words: &str, schemas: &Map<String, Value>) -> Result<Value, String> {
    let Some((name, needed)) = words.split_once(" needing ") else {
        if !schemas.is_empty() && !schemas.contains_key(words) {
            return Err(format!("there is no schema {words}"));
        }
        return Ok(json!({ "$ref": format!("#/components/schemas/{words}") }));
    };
    let mut schema = schemas.get(name).cloned().ok_or(format!("there is no schema {name}"))?;
    let needed: Vec<Value> = needed.split(',').map(|it| it.trim().into()).collect();
    for it in &needed {
        let has = schema.get("properties").and_then(|all| all.get(it.as_str().unwrap_or("")));
        if has.is_none() {
            return Err(format!("{name} has no member {it}"));
        }
    }
    if let Some(members) = schema.as_object_mut() {
        members.insert("required".to_owned(), needed.into());
    }
    Ok(schema)
}

fn word(words: &str) -> Result<Value, String> {
    let (kind, bounds) = words.split_once(' ').unwrap_or((words, ""));
    let mut schema = match kind {
        "text" => json!({ "type": "string" }),
        "integer" => json!({ "type": "integer" }),
        "count" => json!({ "type": "integer", "minimum": 0 }),
        "number" => json!({ "type": "number" }),
        "flag" => json!({ "type": "boolean" }),
        "time" => json!({ "type": "string", "format": "date-time" }),
        "date" => json!({ "type": "string", "format": "date" }),
        "null" => json!({ "type": "null" }),
        "object" => json!({ "type": "object" }),
        "any" => json!({}),
        id if id.len() == 3 => json!({ "type": "string", "pattern": format!("^{id}_") }),
        _ => return Err(format!("{words:?} is no word of ours")),
    };
    match kind {
        "text" => bound(&mut schema, bounds, "minLength", "maxLength")?,
        _ => bound(&mut schema, bounds, "minimum", "maximum")?,
    }
    Ok(schema)
}

/// Bounds as `1..80`, `..80` or `1..`.
fn bound(schema: &mut Value, bounds: &str, least: &str, most: &str) -> Result<(), String> {
    if bounds.is_empty() {
        return Ok(());
    }
    let (from, to) = bounds.split_once("..").ok_or(format!("{bounds:?} are no bounds"))?;
    let members = schema.as_object_mut().ok_or("a schema is an object")?;
    for (text, name) in [(from, least), (to, most)] {
        if !text.is_empty() {
            let number: serde_json::Number =
                serde_json::from_str(text).map_err(|_| format!("{text:?} is no number"))?;
            members.insert(name.to_owned(), Value::Number(number));
        }
    }
    Ok(())
}

fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}
