//! Shifts of a day as they are typed: `09:00-12:00 13:00-18:00*2`.

use serde_json::{Value, json};
use staff::tell::items;
use web::lang::Lang;

/// What stands between shifts.
const BETWEEN: [char; 7] = [' ', '\t', ',', '，', '、', ';', '；'];
/// What stands between the ends of a shift.
const TO: [char; 6] = ['-', '–', '—', '~', '～', '至'];
/// What stands before how many calls there are at once.
const TIMES: [char; 4] = ['*', '×', 'x', 'X'];

/// Shifts of the API as they are typed.
pub(crate) fn typed(list: &Value) -> String {
    let mut text = String::new();
    for it in items(list, "") {
        if !text.is_empty() {
            text.push(' ');
        }
        let end = |at: usize| it.get(at).and_then(Value::as_str).unwrap_or("");
        text.push_str(&format!("{}-{}", end(0), end(1)));
        if let Some(calls) = it.get(2).and_then(Value::as_u64) {
            text.push_str(&format!("*{calls}"));
        }
    }
    text
}

/// Typed shifts as the API takes them. The API says whether the times are right.
pub(crate) fn meant(lang: Lang, text: &str) -> Result<Value, String> {
    let mut list = Vec::new();
    for it in text.split(BETWEEN).filter(|it| !it.is_empty()) {
        list.push(shift(it).ok_or_else(|| {
            let rule = lang.of(
                "must be shifts such as 09:00-12:00 13:00-18:00; this is none: ",
                "须为班次，例如 09:00-12:00 13:00-18:00；此处有误：",
            );
            format!("{rule}{it}")
        })?);
    }
    Ok(Value::Array(list))
}

fn shift(text: &str) -> Option<Value> {
    let (span, calls) = match text.split_once(TIMES) {
        Some((span, calls)) => (span, Some(calls.parse::<u32>().ok()?)),
        None => (text, None),
    };
    let (from, to) = span.split_once(TO)?;
    let (from, to) = (clock(from)?, clock(to)?);
    Some(match calls {
        Some(calls) if calls != 1 => json!([from, to, calls]),
        _ => json!([from, to]),
    })
}

/// A time of day; `9:00` and `9` are 09:00.
fn clock(text: &str) -> Option<String> {
    let (hour, minute) = text.split_once([':', '：']).unwrap_or((text, "00"));
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let fits = hour.len() <= 2 && minute.len() == 2 && is_number(hour) && is_number(minute);
    fits.then(|| format!("{hour:0>2}:{minute}"))
}

/// Shifts in words, for reading.
pub(crate) fn told(lang: Lang, list: &Value) -> String {
    if items(list, "").is_empty() {
        return lang.of("closed", "休息").to_owned();
    }
    let mut text = String::new();
    for it in items(list, "") {
        if !text.is_empty() {
            text.push_str(lang.of(", ", "，"));
        }
        let end = |at: usize| it.get(at).and_then(Value::as_str).unwrap_or("");
        text.push_str(&format!("{}–{}", end(0), end(1)));
        match (lang, it.get(2).and_then(Value::as_u64)) {
            (_, None) => {}
            (_, Some(0)) => text.push_str(lang.of(" (no calls)", "（不接电话）")),
            (Lang::En, Some(calls)) => text.push_str(&format!(" ({calls} calls at once)")),
            (Lang::Zh, Some(calls)) => text.push_str(&format!("（同时 {calls} 通电话）")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifts_are_typed_as_people_type_them() {
        let read = |text: &str| meant(Lang::En, text);
        let day = json!([["09:00", "12:00"], ["13:00", "18:00", 2]]);
        for text in
            ["09:00-12:00 13:00-18:00*2", "9:00–12:00, 13:00～18:00×2", "9-12，13：00至18：00x2"]
        {
            assert_eq!(read(text), Ok(day.clone()), "{text}");
        }
        assert_eq!(typed(&day), "09:00-12:00 13:00-18:00*2");
        assert_eq!(read("").unwrap(), json!([]));
        assert_eq!(read("00:00-24:00*1").unwrap(), json!([["00:00", "24:00"]]));
        for text in ["9", "09:00-", "nine-ten", "09:00-10:00*", "0900-1000"] {
            assert!(read(text).is_err_and(|it| it.contains(text)), "{text}");
        }
        assert_eq!(told(Lang::En, &day), "09:00–12:00, 13:00–18:00 (2 calls at once)");
        assert_eq!(told(Lang::Zh, &json!([])), "休息");
    }
}
