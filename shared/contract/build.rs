//! Puts the description of the API together: an OpenAPI 3.1 document out of the lists in `api/`.
//!
//! `shared/contract/README.md` says how a list is written. Two documents come of them: the one that
//! is served, and a strict one for tests, in which no answer may have a member that is not told.

#[path = "build/absent.rs"]
mod absent;
#[path = "build/operation.rs"]
mod operation;
#[path = "build/shape.rs"]
mod shape;

// The types of events, as the feed and the webhooks have them.
#[path = "../web/build.rs"]
#[expect(dead_code, reason = "a build script of its own")]
mod events;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use serde_json::{Map, Value, json};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=api");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../web/catalogue");
    println!("cargo::rerun-if-changed=../web/build.rs");
    let out = env::var_os("OUT_DIR").map(PathBuf::from).ok_or(io::ErrorKind::NotFound)?;
    let lists = lists(Path::new("api"))?;
    let mut whole = document(&lists).map_err(io::Error::other)?;
    let (asked, told) = (reachable(&whole, "requestBody"), reachable(&whole, "responses"));
    absent::allow_null(&mut whole, &asked, &told);
    fs::write(out.join("strict.json"), closed(&whole, None).to_string())?;
    fs::write(out.join("openapi.json"), closed(&whole, Some(&asked)).to_string())
}

/// The lists, in the order of their names.
fn lists(folder: &Path) -> io::Result<Vec<(String, Value)>> {
    let mut files = fs::read_dir(folder)?
        .map(|it| it.map(|it| it.path()))
        .collect::<Result<Vec<PathBuf>, io::Error>>()?;
    files.retain(|it| it.extension().is_some_and(|it| it == "json"));
    files.sort();
    let mut lists = Vec::new();
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let list = serde_json::from_str(&fs::read_to_string(&file)?)
            .map_err(|error| io::Error::other(format!("{}: {error}", file.display())))?;
        lists.push((name, list));
    }
    Ok(lists)
}

/// The whole document, its objects marked with `x-closed`.
fn document(lists: &[(String, Value)]) -> Result<Value, String> {
    let (mut paths, mut schemas, mut tags) = (Map::new(), Map::new(), Vec::new());
    for (name, list) in lists {
        for (schema, written) in members(list, "schemas") {
            let made = shape::of(written, &Map::new()).map_err(|it| format!("{schema}: {it}"))?;
            if schemas.insert(schema.clone(), made).is_some() {
                return Err(format!("{name}: {schema} is described twice"));
            }
        }
    }
    for (name, list) in lists {
        if let Some(tag) = list.get("tag") {
            tags.push(json!({
                "name": name,
                "description": tag.get("en"),
                "x-description-zh": tag.get("zh"),
            }));
        }
        for (target, written) in members(list, "operations") {
            let (method, path) = target.split_once(' ').ok_or(format!("{target}: no method"))?;
            let made = operation::of(name, method, path, written, &schemas)
                .map_err(|it| format!("{target}: {it}"))?;
            let item = paths.entry(path).or_insert_with(|| json!({}));
            let members = item.as_object_mut().ok_or("a path is an object")?;
            if members.insert(method.to_lowercase(), made).is_some() {
                return Err(format!("{target} is described twice"));
            }
        }
    }
    let events = events::document().map_err(|it| it.to_string())?;
    whole(lists, paths, schemas, tags, &events)
}

fn whole(
    lists: &[(String, Value)],
    paths: Map<String, Value>,
    mut schemas: Map<String, Value>,
    tags: Vec<Value>,
    events: &Value,
) -> Result<Value, String> {
    let frame = lists.iter().find(|(name, _)| name == "_frame").ok_or("there is no _frame.json")?;
    let told = |name: &str| frame.1.get(name).cloned().unwrap_or_default();
    let problems = frame.1.get("problems").and_then(Value::as_object).ok_or("no problems")?;
    let mut responses = operation::problem_responses(problems);
    for (part, into) in [("schemas", &mut schemas), ("responses", &mut responses)] {
        let path = format!("/components/{part}");
        for (name, it) in events.pointer(&path).and_then(Value::as_object).into_iter().flatten() {
            into.insert(name.clone(), it.clone());
        }
    }
    Ok(json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": told("info"),
        "servers": [{ "url": "/" }],
        "tags": tags,
        "paths": paths,
        "webhooks": events.get("webhooks"),
        "components": {
            "schemas": schemas,
            "responses": responses,
            "parameters": told("parameters"),
            "headers": told("headers"),
            "securitySchemes": told("securitySchemes"),
        },
    }))
}

/// The members of one part of a list.
fn members<'a>(list: &'a Value, part: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    list.get(part).and_then(Value::as_object).into_iter().flatten()
}

/// The schemas that one part of operations is made of. In bodies of requests, what is unknown is
/// refused.
fn reachable(document: &Value, part: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = Vec::new();
    let items = document.get("paths").and_then(Value::as_object);
    for operation in items.into_iter().flatten().filter_map(|(_, it)| it.as_object()).flatten() {
        references(operation.1.get(part).unwrap_or(&Value::Null), &mut open);
    }
    while let Some(name) = open.pop() {
        if found.insert(name.clone()) {
            let path = format!("/components/schemas/{name}");
            references(document.pointer(&path).unwrap_or(&Value::Null), &mut open);
        }
    }
    found
}

fn references(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, it) in members {
                match it.as_str().and_then(|it| it.strip_prefix("#/components/schemas/")) {
                    Some(schema) if name == "$ref" => into.push(schema.to_owned()),
                    _ => references(it, into),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|it| references(it, into)),
        _ => {}
    }
}

/// The document with its marks replaced: objects of `asked` schemas and of bodies take no unknown
/// member; without `asked`, no object has one.
fn closed(document: &Value, asked: Option<&BTreeSet<String>>) -> Value {
    let mut document = document.clone();
    if let Some(asked) = asked {
        if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
            for (name, schema) in schemas {
                close(schema, asked.contains(name));
            }
        }
        if let Some(Value::Object(paths)) = document.pointer_mut("/paths") {
            for operation in paths.values_mut().filter_map(Value::as_object_mut).flatten() {
                if let Some(body) = operation.1.get_mut("requestBody") {
                    close(body, true);
                }
            }
        }
    }
    close(&mut document, asked.is_none());
    document
}

fn close(value: &mut Value, is_closed: bool) {
    match value {
        Value::Object(members) => {
            if members.remove("x-closed").is_some() && is_closed {
                members.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            members.values_mut().for_each(|it| close(it, is_closed));
        }
        Value::Array(items) => items.iter_mut().for_each(|it| close(it, is_closed)),
        _ => {}
    }
}
