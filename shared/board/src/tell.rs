//! The API's JSON told in words: every figure the same way on every page.

use serde_json::Value;
use web::lang::Lang;
use web::view;

/// What stands at a JSON Pointer; null for nothing.
pub fn at<'a>(told: &'a Value, pointer: &str) -> &'a Value {
    told.pointer(pointer).unwrap_or(&Value::Null)
}

/// The number there.
pub fn number(told: &Value, pointer: &str) -> Option<f64> {
    at(told, pointer).as_f64()
}

/// The count there.
pub fn count(told: &Value, pointer: &str) -> Option<u64> {
    at(told, pointer).as_u64()
}

/// The text there; empty for none.
pub fn text<'a>(told: &'a Value, pointer: &str) -> &'a str {
    at(told, pointer).as_str().unwrap_or("")
}

/// The items there; none for no array.
pub fn items<'a>(told: &'a Value, pointer: &str) -> &'a [Value] {
    at(told, pointer).as_array().map_or(&[], Vec::as_slice)
}

/// A number as people read it: `1,234`, `86.4`, `−3.2`; no decimals that say nothing.
pub fn plain(number: f64) -> String {
    let tenths = scaled(number, 10.0);
    let mut digits = (tenths / 10).to_string();
    let mut at = digits.len();
    while 3 < at {
        at -= 3;
        digits.insert(at, ',');
    }
    let sign = if number < 0.0 && tenths != 0 { "\u{2212}" } else { "" };
    match tenths % 10 {
        0 => format!("{sign}{digits}"),
        tenth => format!("{sign}{digits}.{tenth}"),
    }
}

/// A number of which the second decimal matters, as people read it: `0.42`.
pub fn hundredths(number: f64) -> String {
    let parts = scaled(number, 100.0);
    let sign = if number < 0.0 && parts != 0 { "\u{2212}" } else { "" };
    format!("{sign}{}.{:02}", parts / 100, parts % 100)
}

/// A number with all of its decimals, as JSON has it: `0.24`, `75`.
pub fn exact(number: f64) -> String {
    let text = view::text(&number);
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

/// So many parts of a number, whatever its sign. Integers are written with code that is there
/// anyway; floats bring 15 kB of their own.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
fn scaled(number: f64, parts: f64) -> u64 {
    (number.abs() * parts).round() as u64
}

/// The same with a sign always: `+3.2`.
pub fn signed(number: f64) -> String {
    let text = plain(number);
    if 0.0 < number && text != "0" { format!("+{text}") } else { text }
}

/// An interval: `82.1–89.7`; empty for none. `told` is an array of two numbers.
pub fn interval(told: &Value) -> String {
    match (number(told, "/0"), number(told, "/1")) {
        (Some(low), Some(high)) if low < 0.0 => {
            format!("{} \u{2026} {}", plain(low), plain(high))
        }
        (Some(low), Some(high)) => format!("{}\u{2013}{}", plain(low), plain(high)),
        _ => String::new(),
    }
}

/// What to say of a figure that has no value, or few answers; empty for nothing.
pub fn caution(told: &Value, lang: Lang) -> &'static str {
    let is = |pointer: &str| at(told, pointer).as_bool() == Some(true);
    match count(told, "/n") {
        None | Some(0) => lang.of("No answers in this period.", "该时段没有回答。"),
        _ if is("/suppressed") => lang.of(
            "Withheld: so few answers would say more about persons than about service.",
            "回答太少，不予显示：此时数字反映的是个人而非服务。",
        ),
        _ if is("/small") => {
            lang.of("Fewer than 30 answers: read with care.", "不足 30 条回答，请谨慎解读。")
        }
        _ => "",
    }
}

/// How a figure changed, from a `difference` of the API: `+3.2 (surely)`; empty for none.
pub fn change(difference: &Value, lang: Lang) -> String {
    let Some(value) = number(difference, "/value") else { return String::new() };
    let is_sure = at(difference, "/significant").as_bool() == Some(true);
    let sure = match is_sure {
        true => lang.of("more than chance", "差异显著"),
        false => lang.of("may be chance", "可能是偶然"),
    };
    format!("{} · {sure}", signed(value))
}

/// Whether a change that means something is for the better; `None` if it means nothing.
pub fn is_better(difference: &Value, more_is_better: bool) -> Option<bool> {
    let is_sure = at(difference, "/significant").as_bool() == Some(true);
    let value = number(difference, "/value").filter(|it| is_sure && *it != 0.0)?;
    Some((0.0 < value) == more_is_better)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (number, text) in [
            (0.0, "0"),
            (-0.04, "0"),
            (86.44, "86.4"),
            (86.96, "87"),
            (-3.25, "\u{2212}3.3"),
            (999.0, "999"),
            (1_234.5, "1,234.5"),
            (1_234_567.0, "1,234,567"),
        ] {
            assert_eq!(plain(number), text, "{number}");
        }
        assert_eq!(
            (signed(2.0), signed(-2.0), signed(0.01)),
            ("+2".into(), "\u{2212}2".into(), "0".into())
        );
        for (number, text) in [(0.24, "0.24"), (-1.5, "-1.5"), (75.0, "75"), (0.0, "0")] {
            assert_eq!(exact(number), text);
        }
        assert_eq!(interval(&json!([82.1, 89.75])), "82.1\u{2013}89.8");
        assert_eq!(interval(&json!([-3.0, 4.0])), "\u{2212}3 \u{2026} 4");
        assert_eq!(interval(&Value::Null), "");
    }

    #[test]
    fn what_means_nothing_is_not_good_or_bad() {
        let difference = |value: f64, sure: bool| json!({ "value": value, "significant": sure });
        assert_eq!(is_better(&difference(3.0, true), true), Some(true));
        assert_eq!(is_better(&difference(3.0, true), false), Some(false));
        assert_eq!(is_better(&difference(3.0, false), true), None);
        assert_eq!(change(&difference(-3.0, false), Lang::En), "\u{2212}3 · may be chance");
    }
}
