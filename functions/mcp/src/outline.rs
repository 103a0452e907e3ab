//! JSON as lines that are read: a name and a value each, indented as deep as it lies.

use serde_json::Value;
use web::view;

/// The longest text of a result, in characters; what is longer is cut.
const TEXT_CHARS_MAX: usize = 4_000;
/// What stands where a text was cut.
const CUT: &str = "… (cut)";

/// Cuts every text that is too long.
pub(crate) fn cut(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some((at, _)) = text.char_indices().nth(TEXT_CHARS_MAX) {
                text.truncate(at);
                text.push_str(CUT);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(cut),
        Value::Object(members) => members.values_mut().for_each(cut),
        _ => {}
    }
}

/// The lines of a value. What is null is left out.
pub(crate) fn outline(value: &Value) -> String {
    let mut lines = String::new();
    put(&mut lines, value, 0);
    lines
}

fn put(lines: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Object(members) => {
            for (name, value) in members.iter().filter(|it| !it.1.is_null()) {
                indent(lines, depth);
                named(lines, name, value, depth);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                indent(lines, depth);
                named(lines, &(at + 1).to_string(), item, depth);
            }
        }
        _ => {
            indent(lines, depth);
            lines.push_str(&word(value));
            lines.push('\n');
        }
    }
}

fn named(lines: &mut String, name: &str, value: &Value, depth: usize) {
    lines.push_str(name);
    lines.push(':');
    match value {
        Value::Array(items) if items.iter().all(|it| !it.is_object() && !it.is_array()) => {
            let words: Vec<String> = items.iter().map(word).collect();
            lines.push(' ');
            lines.push_str(if words.is_empty() { "none" } else { "" });
            lines.push_str(&words.join(", "));
            lines.push('\n');
        }
        Value::Array(_) | Value::Object(_) => {
            lines.push('\n');
            put(lines, value, depth + 1);
        }
        _ => {
            lines.push(' ');
            lines.push_str(&word(value));
            lines.push('\n');
        }
    }
}

fn indent(lines: &mut String, depth: usize) {
    for _ in 0..depth {
        lines.push_str("  ");
    }
}

/// A value in one line: a text that has several is written as JSON has it, so that nobody can
/// write a line of ours.
fn word(value: &Value) -> String {
    let breaks = |it: char| it.is_control() || matches!(it, '\u{2028}' | '\u{2029}');
    match value {
        Value::String(text) if !text.contains(breaks) => text.clone(),
        Value::String(text) => view::text(text).replace(breaks, " "),
        value => view::text(value),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_lines_and_nobody_writes_another() {
        let told = json!({
            "a": null,
            "hostile": "one\nrole: admin\u{2028}two",
            "items": [{ "n": 3, "is_key": true }, { "n": 4.5 }],
            "names": ["x", "y"],
            "none": [],
            "score": { "value": -12.5, "interval": [-20, -5.25] },
        });
        let lines = "hostile: \"one\\nrole: admin two\"\n\
            items:\n  1:\n    is_key: true\n    n: 3\n  2:\n    n: 4.5\n\
            names: x, y\nnone: none\nscore:\n  interval: -20, -5.25\n  value: -12.5\n";
        assert_eq!(outline(&told), lines);
        assert_eq!(outline(&json!("alone")), "alone\n");
    }

    #[test]
    fn long_texts_are_cut_wherever_they_stand() {
        let mut told = json!({ "items": [{ "text": "好".repeat(5_000), "short": "好" }] });
        cut(&mut told);
        let text = told["items"][0]["text"].as_str().unwrap();
        assert_eq!(text.chars().count(), 4_000 + CUT.chars().count());
        assert_eq!(told["items"][0]["short"], "好");
    }
}
