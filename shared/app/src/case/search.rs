//! What was said, to be found by its words: the same commit that adds a text adds it to the index.

use ports::Write;
use serde_json::{Value, json};
use store::case_search;
use store::case_texts::Text;
use web::view;

use domain::id::place;
use words::search::{asked, parts};

/// The statement that adds texts of a site to the index, if they have words at all.
pub fn put(texts: &[Text], site_id: &str) -> Option<Write> {
    let rows = texts.iter().filter_map(|it| row(site_id, (&it.case_id, &it.id), &it.text));
    write(rows.collect())
}

/// The same of rows.
pub(super) fn write(rows: Vec<Value>) -> Option<Write> {
    if rows.is_empty() {
        return None;
    }
    Some(case_search::put(&view::text(&rows)).write())
}

/// The row of a text; nothing if it has no word.
pub fn row(site_id: &str, (case_id, text_id): (&str, &str), text: &str) -> Option<Value> {
    let parts = parts(text);
    if parts.is_empty() {
        return None;
    }
    let mut words = String::from(site_id);
    for part in parts {
        words.push(' ');
        words.push_str(&part);
    }
    Some(json!([place(case_id), case_id, text_id, words]))
}

/// What the index is asked for; nothing if there is no word in it.
pub fn wanted(site_id: &str, text: &str) -> Option<String> {
    let parts = asked(text);
    if parts.is_empty() {
        return None;
    }
    let mut wanted = format!("\"{site_id}\"");
    for part in parts {
        wanted.push_str(" AND \"");
        wanted.push_str(&part);
        wanted.push('"');
    }
    Some(wanted)
}

/// The statement that takes cases out of the index.
pub fn erase<'a>(case_ids: impl Iterator<Item = &'a str>) -> Write {
    let cases: Vec<Value> = case_ids.map(|it| json!([place(it), it])).collect();
    case_search::erase(&view::text(&cases)).write()
}

/// Before which place a page begins that comes after a case; empty for the first page.
pub fn before(case_id: &str) -> i64 {
    if case_id.is_empty() { i64::MAX } else { place(case_id) + case_search::TEXTS_MAX }
}
