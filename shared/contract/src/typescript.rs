//! The declaration for TypeScript, made of the document.

use std::fmt::Write as _;

use serde_json::{Map, Value};

const HEAD: &str = "// Made of the contract: `GOLDEN=1 cargo test -p contract` writes it anew.\n";

/// What callers write around `Operations`.
const TOOLS: &str = r#"
/** An operation by its route, such as "GET /v1/nps". */
export type Route = keyof Operations;
/** What a call of it answers. */
export type Answer<R extends Route> = Operations[R]["answer"];
/** What it takes as its body. */
export type Body<R extends Route> = Operations[R]["body"];
/** What it takes in its query. */
export type Query<R extends Route> = Operations[R]["query"];
/** The item of a list that comes page by page. */
export type Item<R extends Route> =
  Answer<R> extends { items: Array<infer T>; next: string | null } ? T : never;
"#;

/// What all events have; `Events` tells what is different.
const EVENT: &str = r#"
/** One event. Compare `type`, and the compiler knows its `data`. */
export type Event = {
  [T in keyof Events]: AnyEvent & {
    type: T;
    subject: Events[T]["subject"];
    data: Events[T]["data"];
  };
}[keyof Events];
/** The name of an event. */
export type EventType = keyof Events;
"#;

/// `schemas.d.ts`: every schema and the problems.
pub fn schemas(document: &Value) -> String {
    let mut made = format!("{HEAD}\nimport type {{ Event }} from \"./events\";\n");
    problem_types(&mut made, document);
    for (name, schema) in named(document) {
        schema_type(&mut made, name, schema);
    }
    made
}

/// The schemas, but for the event: that is told in a file of its own, type by type.
fn named(document: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object(document, "/components/schemas").filter(|it| it.0 != "Event")
}

/// `huiyin.d.ts`: every operation.
pub fn operations(document: &Value) -> String {
    let mut made = format!("{HEAD}\nimport type {{ Event }} from \"./events\";\n");
    let names: Vec<&str> = named(document).map(|it| it.0.as_str()).collect();
    let _ = writeln!(made, "import type {{\n  {},\n}} from \"./schemas\";", names.join(",\n  "));
    made += "export type * from \"./events\";\nexport type * from \"./schemas\";\n";
    made += "\n/** Every operation by its route. */\nexport interface Operations {\n";
    for (path, item) in object(document, "/paths") {
        for method in ["get", "post", "put", "patch", "delete"] {
            if let Some(told) = item.get(method) {
                operation(&mut made, document, &format!("{} {path}", method.to_uppercase()), told);
            }
        }
    }
    made + "}\n" + TOOLS
}

/// `events.d.ts`: every event.
pub fn events(document: &Value) -> String {
    let mut made = HEAD.to_owned();
    if let Some(event) = document.pointer("/components/schemas/Event") {
        schema_type(&mut made, "AnyEvent", event);
    }
    made += "\n/** What each type of event has of its own. */\nexport interface Events {\n";
    for (name, item) in object(document, "/webhooks") {
        let told = item.get("post").unwrap_or(&Value::Null);
        let schema = told.pointer("/requestBody/content/application~1json/schema");
        let of = |name: &str| schema.and_then(|it| it.get("properties")?.get(name));
        comment(&mut made, text(told, "summary"), 1);
        // The pattern of a subject stands without its type, which all events have.
        let subject = of("subject").map_or("", |it| text(it, "pattern"));
        let data = of("data").map_or("object".to_owned(), |it| shape(it, 2));
        let _ = writeln!(
            made,
            "  {}: {{\n    subject: {};\n    data: {data};\n  }};",
            quoted(name),
            like(subject)
        );
    }
    made + "}\n" + EVENT
}

/// The problems that clients may branch on.
fn problem_types(made: &mut String, document: &Value) {
    let mut types: Vec<&str> = Vec::new();
    for (_, it) in object(document, "/components/responses") {
        let path = "/content/application~1problem+json/schema/properties/type/enum";
        let listed = it.pointer(path).and_then(Value::as_array).into_iter().flatten();
        types.extend(listed.filter_map(Value::as_str));
    }
    *made += "\n/** What kind of problem it is; branch on it. */\nexport type ProblemType =\n";
    let types: Vec<String> = types.iter().map(|it| format!("  | {}", quoted(it))).collect();
    *made += &types.join("\n");
    *made += ";\n";
}

fn schema_type(made: &mut String, name: &str, schema: &Value) {
    made.push('\n');
    comment(made, text(schema, "description"), 0);
    let shape = match name {
        // Its type is one that we know of, or one that comes later.
        "Problem" => {
            shape(schema, 0).replace("  type: string;", "  type: ProblemType | (string & {});")
        }
        _ => shape(schema, 0),
    };
    let is_object = shape.starts_with('{') && !shape.contains("\n} ") && shape != "{}";
    let _ = match is_object {
        true => writeln!(made, "export interface {name} {shape}"),
        false => writeln!(made, "export type {name} = {shape};"),
    };
}

fn operation(made: &mut String, document: &Value, route: &str, told: &Value) {
    let who = text(told, "x-who");
    comment(made, &format!("{} For: {who}.", ended(text(told, "summary"))), 1);
    let (path, query, headers) = (
        parameters(document, told, "path"),
        parameters(document, told, "query"),
        parameters(document, told, "header"),
    );
    let body = told.get("requestBody");
    let may_lack = body.is_some_and(|it| it.get("required") == Some(&Value::Bool(false)));
    let body = body.map_or("undefined".to_owned(), content);
    let body = if may_lack { format!("{body} | undefined") } else { body };
    let mut answers: Vec<String> = Vec::new();
    for (status, it) in object(told, "/responses") {
        if status.starts_with('2') {
            let it = if it.get("content").is_some() { content(it) } else { "undefined".to_owned() };
            if !answers.contains(&it) {
                answers.push(it);
            }
        }
    }
    let answer = if answers.is_empty() { "undefined".to_owned() } else { answers.join(" | ") };
    let _ = writeln!(
        made,
        "  {}: {{\n    id: {};\n    path: {path};\n    query: {query};\n    \
         headers: {headers};\n    body: {body};\n    answer: {answer};\n  }};",
        quoted(route),
        quoted(text(told, "operationId"))
    );
}

/// The parameters in one place, as an object.
fn parameters(document: &Value, told: &Value, place: &str) -> String {
    let mut made = String::new();
    for it in told.get("parameters").and_then(Value::as_array).into_iter().flatten() {
        let it = match it.get("$ref").and_then(Value::as_str) {
            Some(path) => document.pointer(path.trim_start_matches('#')).unwrap_or(it),
            None => it,
        };
        if text(it, "in") == place {
            let sign = if it.get("required").is_some() { "" } else { "?" };
            let schema = it.get("schema").unwrap_or(&Value::Null);
            let _ = write!(made, " {}{sign}: {};", member(text(it, "name")), shape(schema, 2));
        }
    }
    if made.is_empty() { "{}".to_owned() } else { format!("{{{made} }}") }
}

/// What a body or an answer is: its JSON, or a text of another media type.
fn content(of: &Value) -> String {
    let mut kinds: Vec<String> = Vec::new();
    for (media, it) in object(of, "/content") {
        let kind = match media.contains("json") {
            true => shape(it.get("schema").unwrap_or(&Value::Null), 2),
            false => "string".to_owned(),
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds.join(" | ")
}

/// A schema as a type; `depth` is how far it is indented.
fn shape(schema: &Value, depth: usize) -> String {
    if let Some(name) = text(schema, "$ref").strip_prefix("#/components/schemas/") {
        return name.to_owned();
    }
    if let Some(value) = schema.get("const") {
        return value.to_string();
    }
    let union = |list: &[Value]| {
        let mut parts: Vec<String> = Vec::new();
        for it in list.iter().map(|it| shape(it, depth)) {
            if !parts.contains(&it) {
                parts.push(it);
            }
        }
        parts.join(" | ")
    };
    for name in ["anyOf", "oneOf"] {
        if let Some(Value::Array(choices)) = schema.get(name) {
            return union(choices);
        }
    }
    if let Some(Value::Array(words)) = schema.get("enum") {
        return words.iter().map(Value::to_string).collect::<Vec<_>>().join(" | ");
    }
    if let Some(Value::Array(parts)) = schema.get("allOf") {
        let mut parts: Vec<String> = parts.iter().map(|it| shape(it, depth)).collect();
        if schema.get("properties").is_some() {
            parts.push(members(schema, depth));
        }
        return parts.join(" & ");
    }
    match schema.get("type") {
        Some(Value::Array(kinds)) => {
            let kinds = kinds.iter().filter_map(Value::as_str);
            kinds.map(|it| plain(it, schema, depth)).collect::<Vec<_>>().join(" | ")
        }
        Some(Value::String(kind)) => plain(kind, schema, depth),
        _ => "unknown".to_owned(),
    }
}

fn plain(kind: &str, schema: &Value, depth: usize) -> String {
    match kind {
        "string" => like(text(schema, "pattern")),
        "integer" | "number" => "number".to_owned(),
        "boolean" => "boolean".to_owned(),
        "null" => "null".to_owned(),
        "array" => {
            format!("Array<{}>", shape(schema.get("items").unwrap_or(&Value::Null), depth))
        }
        _ => members(schema, depth),
    }
}

/// A text that begins with the prefix of an id.
fn like(pattern: &str) -> String {
    let id = |pattern: &str| {
        let prefix = pattern.strip_prefix('^').filter(|it| it.len() == 4 && it.ends_with('_'));
        prefix.map(|prefix| format!("`{prefix}${{string}}`"))
    };
    // "^(srv_|$)" and "^$|^srv_" may be empty.
    let inner = pattern.strip_prefix("^(").and_then(|it| it.strip_suffix("|$)"));
    let empty =
        pattern.strip_prefix("^$|").and_then(id).or(inner.and_then(|it| id(&format!("^{it}"))));
    match (id(pattern), empty) {
        (Some(id), _) => id,
        (None, Some(id)) => format!("{id} | \"\""),
        _ => "string".to_owned(),
    }
}

fn members(schema: &Value, depth: usize) -> String {
    let mut properties = object(schema, "/properties").peekable();
    let each = schema.get("additionalProperties").filter(|it| it.is_object());
    if properties.peek().is_none() {
        return match each {
            Some(each) => format!("Record<string, {}>", shape(each, depth)),
            None if schema.get("additionalProperties").is_some() => "{}".to_owned(),
            None => "Record<string, unknown>".to_owned(),
        };
    }
    let indent = "  ".repeat(depth);
    let required = schema.get("required").and_then(Value::as_array);
    let mut made = String::from("{\n");
    for (name, it) in properties {
        comment(&mut made, text(it, "description"), depth + 1);
        let must = required.is_some_and(|all| all.iter().any(|it| it == name));
        let sign = if must { "" } else { "?" };
        let _ = writeln!(made, "{indent}  {}{sign}: {};", member(name), shape(it, depth + 1));
    }
    if each.is_some() {
        let _ = writeln!(made, "{indent}  [name: string]: unknown;");
    }
    made + &indent + "}"
}

/// A name of a member, in quotes if it needs them.
fn member(name: &str) -> String {
    let is_plain = name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
    match is_plain && !name.starts_with(|it: char| it.is_ascii_digit()) {
        true => name.to_owned(),
        false => quoted(name),
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn comment(made: &mut String, text: &str, depth: usize) {
    if !text.is_empty() {
        let text = text.replace("*/", "* /").replace('\n', " ");
        let _ = writeln!(made, "{}/** {text} */", "  ".repeat(depth));
    }
}

fn ended(text: &str) -> String {
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}

fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of.get(name).and_then(Value::as_str).unwrap_or("")
}

/// The members of the object at a pointer.
fn object<'a>(of: &'a Value, pointer: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    of.pointer(pointer).and_then(Value::as_object).into_iter().flat_map(Map::iter)
}
