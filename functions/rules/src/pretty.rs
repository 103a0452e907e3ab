//! JSON to be read and edited by people: a member to a line, short lists in one.

use serde_json::Value;
use web::view;

/// The longest list or object that stands in one line, in characters.
const LINE: usize = 96;

/// A value over several lines.
pub(crate) fn pretty(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value, 0);
    text
}

fn write(text: &mut String, value: &Value, depth: usize) {
    let short = view::text(value);
    let is_flat = |it: &Value| !it.is_array() && !it.is_object();
    let is_short = short.chars().count() + 2 * depth <= LINE;
    match value {
        Value::Array(list) if list.iter().all(is_flat) || is_short => {
            text.push_str(&short);
        }
        Value::Array(list) => {
            text.push('[');
            for (at, it) in list.iter().enumerate() {
                line(text, at, depth + 1);
                write(text, it, depth + 1);
            }
            end(text, ']', depth);
        }
        Value::Object(members) if !members.is_empty() && (!is_short || depth == 0) => {
            text.push('{');
            for (at, (name, it)) in members.iter().enumerate() {
                line(text, at, depth + 1);
                text.push_str(&view::text(name));
                text.push_str(": ");
                write(text, it, depth + 1);
            }
            end(text, '}', depth);
        }
        _ => text.push_str(&short),
    }
}

fn line(text: &mut String, at: usize, depth: usize) {
    if 0 < at {
        text.push(',');
    }
    text.push('\n');
    for _ in 0..depth {
        text.push_str("  ");
    }
}

fn end(text: &mut String, mark: char, depth: usize) {
    line(text, 0, depth);
    text.push(mark);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn it_reads_as_what_it_was() {
        let long: Vec<String> = (0..60).map(|it| format!("word {it}, \"quoted\",\"so\"")).collect();
        let value = json!({ "rules": [{ "id": "a", "zh": long }, { "id": "b" }], "n": null,
            "empty": {}, "none": [] });
        let text = pretty(&value);
        assert!(text.lines().count() > 8, "{text}");
        assert_eq!(view::json(&text), value);
        assert_eq!(view::json(&pretty(&json!({}))), json!({}));
    }
}
