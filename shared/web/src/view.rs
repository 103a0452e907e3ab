//! Small things that views share.

use domain::{UtcMs, civil};
use serde::Serialize;
use serde_json::{Map, Value};

/// An instant as RFC 3339 in UTC.
pub fn time(at: UtcMs) -> String {
    civil::rfc3339(at, 0)
}

/// An instant that may be absent.
pub fn time_or_null(at: Option<UtcMs>) -> Option<String> {
    at.map(time)
}

/// JSON text that we stored ourselves, as a value; null if it is damaged.
///
/// Bytes are what bodies are read from, too. A parser of texts would be a second one in each
/// component, as a writer of texts beside that of bodies is with `Value::to_string`: 6 kB each.
pub fn json(text: &str) -> Value {
    serde_json::from_slice(text.as_bytes()).unwrap_or(Value::Null)
}

/// The JSON object of a text, if it is one.
pub fn object(text: &str) -> Option<Map<String, Value>> {
    match json(text) {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

/// JSON as the database keeps it, in one line.
pub fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// An empty text as null.
pub fn some(text: &str) -> Option<&str> {
    if text.is_empty() { None } else { Some(text) }
}
