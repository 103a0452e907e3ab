//! What differs between two policies: places with what stood there and what stands there now.

use pages::html::Html;
use serde_json::Value;
use web::lang::Lang;
use web::view;

use crate::draw;

/// Differences that are listed; beyond it their number is told.
const LISTED: usize = 200;
/// Characters of a value that are shown.
const SHOWN: usize = 240;

/// A place that differs. What was not there, or is not there any more, is null.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Difference {
    pub(crate) place: String,
    pub(crate) before: Value,
    pub(crate) now: Value,
}

/// What differs, in the order of the places.
pub(crate) fn differences(before: &Value, now: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", before, now, &mut found);
    found
}

fn compare(place: &str, before: &Value, now: &Value, found: &mut Vec<Difference>) {
    if before == now {
        return;
    }
    match (before, now) {
        (Value::Object(old), Value::Object(new)) => {
            let added = new.keys().filter(|it| !old.contains_key(*it));
            for name in old.keys().chain(added) {
                let of = |all: &serde_json::Map<String, Value>| {
                    all.get(name).cloned().unwrap_or(Value::Null)
                };
                compare(&format!("{place}/{name}"), &of(old), &of(new), found);
            }
        }
        (Value::Array(old), Value::Array(new)) => lists(place, old, new, found),
        _ => found.push(Difference {
            place: place.to_owned(),
            before: before.clone(),
            now: now.clone(),
        }),
    }
}

/// Lists of things with names are compared by name, lists of words by what came and went, others
/// by place.
fn lists(place: &str, old: &[Value], new: &[Value], found: &mut Vec<Difference>) {
    let mut push = |before: Value, now: Value| {
        found.push(Difference { place: place.to_owned(), before, now });
    };
    if old.iter().chain(new).all(|it| !it.is_object() && !it.is_array()) {
        let gone: Vec<Value> = old.iter().filter(|it| !new.contains(it)).cloned().collect();
        let came: Vec<Value> = new.iter().filter(|it| !old.contains(it)).cloned().collect();
        match gone.is_empty() && came.is_empty() {
            true => push(old.into(), new.into()),
            false => push(gone.into(), came.into()),
        }
        return;
    }
    let has_names = old.iter().chain(new).all(|it| name(it).is_some());
    if !has_names {
        let none = Value::Null;
        for at in 0..old.len().max(new.len()) {
            let (before, now) = (old.get(at).unwrap_or(&none), new.get(at).unwrap_or(&none));
            compare(&format!("{place}/{at}"), before, now, found);
        }
        return;
    }
    let of = |list: &[Value], wanted: &Value| {
        list.iter().find(|it| name(it) == name(wanted)).cloned().unwrap_or(Value::Null)
    };
    let added = new.iter().filter(|it| of(old, it).is_null());
    for it in old.iter().chain(added) {
        let below = format!("{place}/{}", name(it).unwrap_or(""));
        compare(&below, &of(old, it), &of(new, it), found);
    }
    let order = |list: &[Value]| list.iter().filter_map(name).map(Value::from).collect::<Value>();
    let (before, now) = (order(old), order(new));
    let same = old.len() == new.len() && old.iter().all(|it| !of(new, it).is_null());
    if same && before != now {
        found.push(Difference { place: place.to_owned(), before, now });
    }
}

/// What a thing in a list is known by.
fn name(it: &Value) -> Option<&str> {
    ["id", "name"].into_iter().find_map(|name| it.get(name)).and_then(Value::as_str)
}

/// Draws them as a table, or says that there are none.
pub(crate) fn draw(html: &mut Html, lang: Lang, found: &[Difference], [old, new]: [&str; 2]) {
    if found.is_empty() {
        let none = lang.of("Nothing differs.", "没有差异。");
        html.put("p", &[("class", "nothing")], none);
        return;
    }
    let label = lang.of("What differs", "差异");
    draw::table(html, label, &[lang.of("Place", "位置"), old, new]);
    for it in found.iter().take(LISTED) {
        html.open("tr", &[]);
        html.open("th", &[("scope", "row")]);
        html.put("code", &[], if it.place.is_empty() { "/" } else { &it.place });
        html.close();
        html.put("td", &[], &value(lang, &it.before));
        html.put("td", &[], &value(lang, &it.now));
        html.close();
    }
    draw::end_table(html);
    if LISTED < found.len() {
        let rest = found.len() - LISTED;
        let more = match lang {
            Lang::En => format!("… and {rest} more places."),
            Lang::Zh => format!("……另有 {rest} 处。"),
        };
        html.put("p", &[], &more);
    }
}

/// A value in short.
fn value(lang: Lang, it: &Value) -> String {
    let text = match it {
        Value::Null => lang.of("–", "–").to_owned(),
        Value::Array(list) if list.is_empty() => "–".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(list) if list.iter().all(Value::is_string) => {
            let words: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            words.join(lang.of(", ", "、"))
        }
        other => view::text(other),
    };
    if text.chars().count() <= SHOWN {
        return text;
    }
    let mut short: String = text.chars().take(SHOWN).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(before: Value, now: Value) -> Vec<(String, Value, Value)> {
        let all = differences(&before, &now);
        all.into_iter().map(|it| (it.place, it.before, it.now)).collect()
    }

    #[test]
    fn what_differs_is_told_with_its_place() {
        let before = json!({ "a": 1, "b": { "c": [1, 2] }, "gone": true });
        let now = json!({ "a": 2, "b": { "c": [2, 3] }, "new": "x" });
        assert_eq!(
            told(before.clone(), now),
            [
                ("/a".to_owned(), json!(1), json!(2)),
                ("/b/c".to_owned(), json!([1]), json!([3])),
                ("/gone".to_owned(), json!(true), json!(null)),
                ("/new".to_owned(), json!(null), json!("x")),
            ]
        );
        assert_eq!(told(before.clone(), before), []);
    }

    #[test]
    fn what_has_a_name_is_compared_by_it_and_its_order_is_told() {
        let rule = |id: &str, weight: i64| json!({ "id": id, "weight": weight });
        assert_eq!(
            told(
                json!({ "rules": [rule("fire", 100), rule("rude", 20)] }),
                json!({ "rules": [rule("water", 5), rule("rude", 30), rule("fire", 100)] }),
            ),
            [
                ("/rules/rude/weight".to_owned(), json!(20), json!(30)),
                ("/rules/water".to_owned(), json!(null), rule("water", 5)),
            ]
        );
        assert_eq!(
            told(json!([rule("a", 1), rule("b", 1)]), json!([rule("b", 1), rule("a", 1)])),
            [(String::new(), json!(["a", "b"]), json!(["b", "a"]))]
        );
        let step = |percent: i64| json!({ "clock": "answer", "percent": percent });
        assert_eq!(
            told(json!([step(50)]), json!([step(75), step(100)])),
            [
                ("/0/percent".to_owned(), json!(50), json!(75)),
                ("/1".to_owned(), json!(null), step(100)),
            ]
        );
    }
}
