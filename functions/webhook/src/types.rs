//! Types of events as they are asked for: one, several, or a family such as `response.*`.

use serde_json::Value;
use web::catalogue;
use web::field::{Fields, Query};
use web::lang::{Said, said};
use web::view;

/// The most types that are named at once.
const TYPES_MAX: usize = 100;
/// The most characters of a list of types in a query.
const QUERY_CHARS_MAX: usize = 2_000;

/// A list of types in a body, as JSON; nothing when it is absent.
pub(crate) fn of_field(fields: &mut Fields, name: &str) -> Option<String> {
    if fields.peek(name).is_some_and(Value::is_null) {
        fields.take(name);
        return Some("[]".to_owned());
    }
    fields.texts(name, TYPES_MAX, catalogue::has, &rule).map(|it| view::text(&it))
}

/// The types of a query, parted by commas, as JSON.
pub(crate) fn of_query(query: &mut Query) -> String {
    let Some(text) = query.text("type", QUERY_CHARS_MAX) else { return "[]".to_owned() };
    let types: Vec<&str> = text.split(',').map(str::trim).filter(|it| !it.is_empty()).collect();
    if TYPES_MAX < types.len() || !types.iter().all(|it| catalogue::has(it)) {
        query.refuse("type", rule());
    }
    view::text(&types)
}

fn rule() -> Said {
    said(
        "must be a type of GET /v1/events/types, or a family such as response.*",
        "须为 GET /v1/events/types 中的类型，或类型族，例如 response.*",
    )
}
