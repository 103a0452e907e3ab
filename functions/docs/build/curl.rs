//! A line for a shell that calls an operation, ready to paste.

use serde_json::{Map, Value, json};

use crate::parts::{Api, Operation, list, object, text};
use crate::shape::reference;

/// How deep a body is made up where the contract has no example.
const DEPTH_MAX: usize = 5;

/// The line.
pub(crate) fn line<'a>(api: &Api<'a>, it: &Operation<'a>) -> String {
    let mut line = format!("curl \"$HUIYIN_URL{}", filled(it.path));
    let mut sign = '?';
    for told in list(it.told, "parameters") {
        let told = api.followed(told);
        if text(told, "in") == "query" && told.get("required").is_some() {
            let name = text(told, "name");
            line += &format!("{sign}{name}=${}", variable(name));
            sign = '&';
        }
    }
    line.push('"');
    let body = object(it.told, "requestBody").get("content").and_then(Value::as_object);
    let body = body.and_then(|it| it.iter().next());
    let usual = if body.is_some() { "POST" } else { "GET" };
    if it.method != usual {
        line += &format!(" -X {}", it.method);
    }
    if let Some(key) = key(it.told) {
        line += &format!(" \\\n  -H \"Authorization: Bearer ${key}\"");
    }
    if list(it.told, "parameters").iter().any(|it| text(it, "$ref").ends_with("/idempotency-key")) {
        line += " \\\n  -H \"Idempotency-Key: $(uuidgen)\"";
    }
    let Some((media, told)) = body else { return line };
    line += &format!(" \\\n  -H 'Content-Type: {media}'");
    if !media.contains("json") {
        return line + " \\\n  --data-binary @file";
    }
    let made = || sample(api, told.get("schema").unwrap_or(&Value::Null), 0);
    let body = told.get("example").cloned().unwrap_or_else(made);
    let body = format!("{body:#}").replace('\'', "'\\''");
    format!("{line} \\\n  -d '{body}'")
}

/// A path with variables of the shell in place of its parameters.
fn filled(path: &str) -> String {
    let mut filled = String::new();
    for part in path.split('{') {
        match part.split_once('}') {
            Some((name, rest)) => filled += &format!("${{{}}}{rest}", variable(name)),
            None => filled += part,
        }
    }
    filled
}

fn variable(name: &str) -> String {
    name.replace('-', "_").to_uppercase()
}

/// The variable that holds the key that is needed.
fn key(told: &Value) -> Option<&'static str> {
    match text(told, "x-who") {
        "anybody" | "link" | "source" | "client" => None,
        "publishable" => Some("PUBLISHABLE_KEY"),
        "owner" => Some("ADMIN_KEY"),
        "tick" => Some("TICK_KEY"),
        "metrics" => Some("METRICS_KEY"),
        _ => Some("KEY"),
    }
}

/// A value of the shape of a schema, with what must be there.
fn sample<'a>(api: &Api<'a>, schema: &'a Value, depth: usize) -> Value {
    if DEPTH_MAX < depth {
        return Value::Null;
    }
    if let Some(name) = reference(schema) {
        return sample(api, api.schema(name), depth + 1);
    }
    let known = ["example", "const", "default"].into_iter().find_map(|it| schema.get(it));
    if let Some(known) = known.or_else(|| list(schema, "enum").first()) {
        return known.clone();
    }
    for name in ["allOf", "anyOf", "oneOf"] {
        if let Some(first) = list(schema, name).first() {
            return sample(api, first, depth + 1);
        }
    }
    let kind = schema.get("type").map(|it| it.get(0).unwrap_or(it)).and_then(Value::as_str);
    match kind {
        Some("object") => {
            let required = list(schema, "required").iter().filter_map(Value::as_str);
            let properties = object(schema, "properties");
            let member = |name: &str| {
                let inner = properties.get(name)?;
                Some((name.to_owned(), sample(api, inner, depth + 1)))
            };
            Value::Object(required.filter_map(member).collect::<Map<String, Value>>())
        }
        Some("array") => match schema.get("items") {
            Some(items) => json!([sample(api, items, depth + 1)]),
            None => json!([]),
        },
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or_else(|| 1.into()),
        Some("boolean") => true.into(),
        Some("string") => word(schema).into(),
        _ => json!({}),
    }
}

fn word(schema: &Value) -> String {
    match (text(schema, "format"), text(schema, "pattern").strip_prefix('^')) {
        ("date-time", _) => "2026-11-23T09:00:00Z".to_owned(),
        ("date", _) => "2026-11-23".to_owned(),
        (_, Some(prefix)) if prefix.len() == 4 => format!("{prefix}…"),
        _ => "…".to_owned(),
    }
}
