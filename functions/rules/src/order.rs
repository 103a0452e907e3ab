//! The order of rows, typed as a number beside each: whoever comes first decides.

use serde_json::{Map, Value};
use staff::form::Input;
use staff::tell::items;
use web::lang::Lang;

use crate::edit::whole;

/// Where the number is.
const NTH: &str = "nth";

/// The field of it.
pub(crate) fn input(lang: Lang, row: &str) -> Input {
    let label = lang.of("Place in the order", "顺序");
    whole(&format!("{row}/{NTH}"), label, lang.of("1 comes first", "1 为最先"))
}

/// Numbers the rows of a policy.
pub(crate) fn numbered(told: &Value, name: &str) -> Value {
    let mut shown = told.as_object().cloned().unwrap_or_default();
    let mut rows = items(told, &format!("/{name}")).to_vec();
    for (row, nth) in rows.iter_mut().zip(1..) {
        if let Value::Object(row) = row {
            row.insert(NTH.to_owned(), Value::from(nth));
        }
    }
    shown.insert(name.to_owned(), Value::Array(rows));
    Value::Object(shown)
}

/// Takes the numbers out again. The API takes rows in the order in which they stand.
pub(crate) fn ordered<'a>(
    said: &'a mut Map<String, Value>,
    name: &str,
) -> impl Iterator<Item = &'a mut Map<String, Value>> {
    let rows = said.get_mut(name).and_then(Value::as_array_mut);
    let rows = rows.map_or(&mut [][..], Vec::as_mut_slice);
    rows.iter_mut().filter_map(Value::as_object_mut).map(|it| {
        it.remove(NTH);
        it
    })
}

/// The places of rows in the order of their numbers: those without one stay behind all others.
pub(crate) fn places(rows: &[Value]) -> Vec<usize> {
    let number = |at: &usize| {
        let row = rows.get(*at).and_then(|it| it.get(NTH));
        row.and_then(Value::as_i64).unwrap_or(i64::MAX)
    };
    let mut places: Vec<usize> = Vec::with_capacity(rows.len());
    for at in 0..rows.len() {
        let behind = places.iter().position(|it| number(&at) < number(it));
        places.insert(behind.unwrap_or(places.len()), at);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_stand_as_they_are_numbered() {
        let rows = [json!({ "nth": 3 }), json!({}), json!({ "nth": 1 }), json!({ "nth": 3 })];
        assert_eq!(places(&rows), [2, 0, 3, 1]);
        assert_eq!(places(&[]), [0; 0]);
    }
}
