//! Small things that views share.

use domain::{UtcMs, civil};
use serde_json::Value;

/// An instant as RFC 3339 in UTC.
pub fn time(at: UtcMs) -> String {
    civil::rfc3339(at, 0)
}

/// An instant that may be absent.
pub fn time_or_null(at: Option<UtcMs>) -> Option<String> {
    at.map(time)
}

/// JSON text that we stored ourselves, as a value; null if it is damaged.
pub fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}

/// An empty text as null.
pub fn some(text: &str) -> Option<&str> {
    if text.is_empty() { None } else { Some(text) }
}
