//! The headers that a receiver wants to see with every try.

use serde_json::{Map, Value};
use web::field::Fields;
use web::lang::said;

/// The most headers.
const HEADERS_MAX: usize = 10;
/// The most characters of a name and of a value.
const NAME_CHARS_MAX: usize = 64;
const VALUE_CHARS_MAX: usize = 1_000;

/// What the sending sets itself, or what would change how the message is read on its way.
const OURS: [&str; 18] = [
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "http2-settings",
];

/// The headers that were given, their names in lower case; nothing when they are absent.
pub(crate) fn read(fields: &mut Fields) -> Option<Map<String, Value>> {
    if fields.peek("headers").is_some_and(Value::is_null) {
        fields.take("headers");
        return Some(Map::new());
    }
    let mut given = fields.object("headers")?;
    let mut headers = Map::new();
    for (name, value) in given.rest() {
        let lower = name.to_ascii_lowercase();
        let at = web::field::escape(&name);
        match value {
            _ if !is_name(&lower) => given.refuse(
                &at,
                said("is not a header that can be set here", "不是可在此设置的请求头"),
            ),
            Value::String(value) if is_value(&value) => {
                headers.insert(lower, Value::from(value));
            }
            _ => given.refuse(
                &at,
                said(
                    "must be 1 to 1,000 visible ASCII characters, without blanks at its ends",
                    "须为 1 到 1000 个可见 ASCII 字符，首尾不含空格",
                ),
            ),
        }
    }
    if HEADERS_MAX < headers.len() {
        given.refuse_all(said("may have 10 members", "最多 10 项"));
    }
    fields.absorb(given);
    Some(headers)
}

fn is_name(name: &str) -> bool {
    (1..=NAME_CHARS_MAX).contains(&name.len())
        && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-' || it == b'_')
        && !OURS.contains(&name)
        && !name.starts_with("webhook-")
        && !name.starts_with("proxy-")
        && !name.starts_with("spin-")
        && !name.starts_with("x-forwarded-")
}

fn is_value(value: &str) -> bool {
    (1..=VALUE_CHARS_MAX).contains(&value.len())
        && value.bytes().all(|it| it == b' ' || it.is_ascii_graphic())
        && value.trim() == value
}
