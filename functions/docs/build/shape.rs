//! What a schema takes, in words, and the members of an object as rows of a table.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::html::{Html, when};
use crate::parts::{list, object, text};
use crate::words::{self, Lang};

/// Names of schemas that were linked to, and so have to stand on the page.
pub(crate) type Linked = BTreeSet<String>;

/// One member of an object, by its whole path.
struct Row<'a> {
    path: String,
    must: bool,
    schema: &'a Value,
}

/// Says what a schema takes.
pub(crate) fn say(html: &mut Html, schema: &Value, lang: Lang, linked: &mut Linked) {
    if let Some(name) = reference(schema) {
        linked.insert(name.to_owned());
        html.put("a", &[("href", &format!("#schema-{name}"))], name);
        return;
    }
    for name in ["anyOf", "oneOf"] {
        let choices = list(schema, name);
        if !choices.is_empty() {
            return parted(html, choices, lang, linked);
        }
    }
    let (kind, is_nullable) = kind(schema);
    match (schema.get("const"), schema.get("enum").and_then(Value::as_array)) {
        (Some(value), _) => html.put("code", &[], &shown(value)),
        (_, Some(words)) => one_of(html, words, lang),
        _ if kind == "array" => {
            html.text(lang.of("list of ", "列表："));
            let items = schema.get("items").unwrap_or(&Value::Null);
            say(html, items, lang, linked);
            html.text(&bounds(schema, "minItems", "maxItems", lang));
        }
        _ => match schema.get("additionalProperties").filter(|it| it.is_object()) {
            Some(each) => {
                html.text(lang.of("map of ", "映射，值为"));
                say(html, each, lang, linked);
            }
            None => html.text(&plain(kind, schema, lang)),
        },
    }
    if is_nullable {
        html.text(lang.of(" or null", "，或 null"));
    }
    if let Some(default) = schema.get("default") {
        html.text(lang.of("; default ", "；默认 "));
        html.put("code", &[], &shown(default));
    }
}

fn parted(html: &mut Html, choices: &[Value], lang: Lang, linked: &mut Linked) {
    for (at, it) in choices.iter().enumerate() {
        if 0 < at {
            html.text(lang.of(" or ", "，或 "));
        }
        say(html, it, lang, linked);
    }
}

fn one_of(html: &mut Html, words: &[Value], lang: Lang) {
    html.text(lang.of("one of ", "其一："));
    for (at, word) in words.iter().filter(|it| !it.is_null()).enumerate() {
        if 0 < at {
            html.text(lang.of(", ", "、"));
        }
        html.put("code", &[], &shown(word));
    }
}

/// The name of the schema that this one only refers to.
pub(crate) fn reference(schema: &Value) -> Option<&str> {
    text(schema, "$ref").strip_prefix("#/components/schemas/")
}

/// The type, and whether it may be null as well.
fn kind(schema: &Value) -> (&str, bool) {
    match schema.get("type") {
        Some(Value::String(kind)) => (kind, false),
        Some(Value::Array(kinds)) => {
            let kind = kinds.iter().filter_map(Value::as_str).find(|it| *it != "null");
            (kind.unwrap_or("null"), kinds.iter().any(|it| it == "null"))
        }
        _ => ("", false),
    }
}

fn plain(kind: &str, schema: &Value, lang: Lang) -> String {
    match (kind, text(schema, "format"), text(schema, "pattern")) {
        ("string", "date-time", _) => lang.of("time (RFC 3339)", "时间（RFC 3339）").to_owned(),
        ("string", "date", _) => lang.of("date (YYYY-MM-DD)", "日期（YYYY-MM-DD）").to_owned(),
        ("string", _, "") => {
            let bounds = bounds(schema, "minLength", "maxLength", lang);
            let unit = if bounds.is_empty() { "" } else { lang.of(" characters", " 个字符") };
            format!("{}{bounds}{unit}", lang.of("text", "文本"))
        }
        ("string", _, pattern) => match pattern.strip_prefix('^').filter(|it| it.len() == 4) {
            Some(prefix) => format!("{} {prefix}…", lang.of("id,", "编号，")),
            None => format!("{} {pattern}", lang.of("text like", "文本，形如")),
        },
        ("integer", ..) => number(lang.of("integer", "整数"), schema, lang),
        ("number", ..) => number(lang.of("number", "数值"), schema, lang),
        ("boolean", ..) => lang.of("true or false", "true 或 false").to_owned(),
        ("object", ..) => lang.of("object", "对象").to_owned(),
        ("null", ..) => "null".to_owned(),
        _ => lang.of("anything", "任意值").to_owned(),
    }
}

fn number(name: &str, schema: &Value, lang: Lang) -> String {
    format!("{name}{}", bounds(schema, "minimum", "maximum", lang))
}

fn bounds(schema: &Value, least: &str, most: &str, lang: Lang) -> String {
    let comma = lang.of(", ", "，");
    match (schema.get(least), schema.get(most)) {
        (Some(least), Some(most)) => format!("{comma}{least}–{most}"),
        (Some(least), None) => format!("{comma}≥ {least}"),
        (None, Some(most)) => format!("{comma}≤ {most}"),
        (None, None) => String::new(),
    }
}

/// A value as it stands in JSON, a text without its quotes.
fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |it| format!("\"{it}\""))
}

/// The members of a schema as a table; what has none is said in a sentence.
pub(crate) fn table(html: &mut Html, schema: &Value, lang: Lang, linked: &mut Linked) {
    let mut rows = Vec::new();
    collect(schema, "", &mut rows);
    if rows.is_empty() {
        html.open("p", &[]);
        say(html, schema, lang, linked);
        html.close();
        return;
    }
    prose(html, text(schema, "description"), lang);
    head(html, lang);
    for it in &rows {
        row(html, ("", &it.path), it.must, lang);
        say(html, it.schema, lang, linked);
        prose(html, text(it.schema, "description"), lang);
        html.close();
        html.close();
    }
    html.close();
    html.close();
}

/// A paragraph of the contract, if it says anything; what stands between backticks is code.
pub(crate) fn prose(html: &mut Html, said: &str, lang: Lang) {
    if said.is_empty() {
        return;
    }
    let (said, is_in) = words::told(said, lang);
    let other = [("lang", is_in.tag())];
    html.open("p", if is_in == lang { &[] } else { &other });
    for (at, part) in said.split('`').enumerate() {
        if at % 2 == 0 {
            html.text(part);
        } else {
            html.put("code", &[], part);
        }
    }
    html.close();
}

/// Begins a table of members or parameters.
pub(crate) fn head(html: &mut Html, lang: Lang) {
    html.open("table", &[]);
    html.open("thead", &[]);
    html.open("tr", &[]);
    html.put("th", &[("scope", "col")], lang.of("Name", "名称"));
    html.put("th", &[("scope", "col")], lang.of("What it is", "说明"));
    html.close();
    html.close();
    html.open("tbody", &[]);
}

/// Begins a row, up to what it is; `id` is what leads to it, or empty.
pub(crate) fn row(html: &mut Html, (id, name): (&str, &str), must: bool, lang: Lang) {
    html.open("tr", &[(when(!id.is_empty(), "id"), id)]);
    html.open("th", &[("scope", "row")]);
    html.put("code", &[], name);
    if !must {
        html.put("small", &[], lang.of(" optional", " 可省略"));
    }
    html.close();
    html.open("td", &[]);
}

/// The rows of an object and of what it holds, as far as that has no name of its own.
fn collect<'a>(schema: &'a Value, before: &str, rows: &mut Vec<Row<'a>>) {
    if reference(schema).is_some() {
        return;
    }
    let required = list(schema, "required");
    for (name, inner) in object(schema, "properties") {
        let path = if before.is_empty() { name.clone() } else { format!("{before}.{name}") };
        let must = required.iter().any(|it| it == name);
        rows.push(Row { path: path.clone(), must, schema: inner });
        collect(inner, &path, rows);
    }
    if let Some(items) = schema.get("items") {
        collect(items, &format!("{before}[]"), rows);
    }
    if let Some(each) = schema.get("additionalProperties").filter(|it| it.is_object()) {
        collect(each, format!("{before}.*").trim_start_matches('.'), rows);
    }
    for name in ["allOf", "anyOf", "oneOf"] {
        list(schema, name).iter().for_each(|it| collect(it, before, rows));
    }
}
