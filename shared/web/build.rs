//! Puts the catalogue of events together: an OpenAPI document out of the lists in `catalogue/`.
//!
//! A list has for each type what it means (`en`, `zh`), the kind of its subject, the members of
//! its `data`, and an example of them. A member whose name ends with `?` may be absent; what it is
//! stands as the kind of an id (`srv`, `tch or empty`), as a word of `word`, or as a schema of its
//! own.

use std::path::PathBuf;
use std::{env, fs, io};

use serde_json::{Map, Value, json};

/// The lists.
const LISTS: [&str; 11] = [
    include_str!("catalogue/responses.json"),
    include_str!("catalogue/waves.json"),
    include_str!("catalogue/figures.json"),
    include_str!("catalogue/settings.json"),
    include_str!("catalogue/webhooks.json"),
    include_str!("catalogue/inbound.json"),
    include_str!("catalogue/complaints.json"),
    include_str!("catalogue/causes.json"),
    include_str!("catalogue/policies.json"),
    include_str!("catalogue/callbacks.json"),
    include_str!("catalogue/reports.json"),
];

/// What every id of an example ends with.
const ID: &str = "01m80dzpe0fdft936esvm3x6nw";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=catalogue");
    println!("cargo::rerun-if-changed=build.rs");
    let out = env::var_os("OUT_DIR").map(PathBuf::from).ok_or(io::ErrorKind::NotFound)?;
    let document = document().map_err(io::Error::other)?;
    let mut types = String::new();
    for kind in document.get("webhooks").and_then(Value::as_object).into_iter().flatten() {
        types.push_str(kind.0);
        types.push('\n');
    }
    fs::write(out.join("types.txt"), types)?;
    fs::write(out.join("catalogue.json"), document.to_string())
}

/// The whole document.
pub(crate) fn document() -> Result<Value, serde_json::Error> {
    let mut webhooks = Map::new();
    for list in LISTS {
        let list: Map<String, Value> = serde_json::from_str(list)?;
        for (kind, entry) in list {
            let path = path(&kind, &entry);
            webhooks.insert(kind, path);
        }
    }
    Ok(json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Huiyin events",
            "version": "1",
            "description": "Every event that Huiyin tells: to webhooks, signed as Standard \
                Webhooks are, and in the feed at GET /v1/events. Types are never taken back; \
                members may be added to data.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "webhooks": webhooks,
        "components": {
            "schemas": { "Event": event() },
            "responses": { "Taken": { "description": "Taken; every other status is a failure." } },
        },
    }))
}

/// What all events have.
fn event() -> Value {
    json!({
        "type": "object",
        "required": [
            "id", "sequence", "type", "timestamp", "site_id", "subject", "version", "actor", "data",
        ],
        "properties": {
            "id": { "type": "string", "pattern": "^evt_", "description": "the webhook-id" },
            "sequence": {
                "type": "integer", "minimum": 1,
                "description": "orders all events by their commits, with gaps",
            },
            "type": { "type": "string" },
            "timestamp": { "type": "string", "format": "date-time" },
            "site_id": { "type": "string" },
            "subject": { "type": "string", "description": "what changed" },
            "version": {
                "type": "integer", "minimum": 1,
                "description": "how often the subject had changed then; 1 is its making",
            },
            "actor": {
                "type": "string",
                "description": "admin, public, tick, key:key_… or source:src_…",
            },
            "data": { "type": "object" },
        },
    })
}

/// One type.
fn path(kind: &str, entry: &Value) -> Value {
    let subject = entry.get("subject").and_then(Value::as_str).unwrap_or_default();
    let (properties, required) = members(entry.get("data"));
    let mut data = json!({ "type": "object" });
    if !properties.is_empty() {
        set(&mut data, "properties", Value::Object(properties));
    }
    if !required.is_empty() {
        set(&mut data, "required", Value::Array(required));
    }
    let schema = json!({
        "allOf": [{ "$ref": "#/components/schemas/Event" }],
        "properties": {
            "type": { "const": kind },
            "subject": { "pattern": format!("^{subject}_") },
            "data": data,
        },
    });
    let said = |name: &str| entry.get(name).cloned().unwrap_or_default();
    let or = |name: &str, otherwise: Value| entry.get(name).cloned().unwrap_or(otherwise);
    let example = json!({
        "id": format!("evt_{ID}"),
        "sequence": 4711,
        "type": kind,
        "timestamp": "2026-11-22T01:30:00Z",
        "site_id": format!("sit_{ID}"),
        "subject": or("like", format!("{subject}_{ID}").into()),
        "version": or("version", 1.into()),
        "actor": or("actor", format!("key:key_{ID}").into()),
        "data": or("example", json!({})),
    });
    json!({ "post": {
        "summary": said("en"),
        "x-summary-zh": said("zh"),
        "requestBody": {
            "required": true,
            "content": { "application/json": { "schema": schema, "example": example } },
        },
        "responses": { "2XX": { "$ref": "#/components/responses/Taken" } },
    } })
}

/// The members of `data`, and the names of those that are always there.
fn members(data: Option<&Value>) -> (Map<String, Value>, Vec<Value>) {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for (name, what) in data.and_then(Value::as_object).into_iter().flatten() {
        let shape = what.as_str().map_or_else(|| what.clone(), word);
        match name.strip_suffix('?') {
            Some(name) => properties.insert(name.to_owned(), shape),
            None => {
                required.push(name.as_str().into());
                properties.insert(name.clone(), shape)
            }
        };
    }
    (properties, required)
}

fn word(word: &str) -> Value {
    match word {
        "text" => json!({ "type": "string" }),
        "text or null" => json!({ "type": ["string", "null"] }),
        "texts" => json!({ "type": "array", "items": { "type": "string" } }),
        "integers" => json!({ "type": "array", "items": { "type": "integer" } }),
        "time" => json!({ "type": "string", "format": "date-time" }),
        "time or null" => json!({ "type": ["string", "null"], "format": "date-time" }),
        "date" => json!({ "type": "string", "format": "date" }),
        "date or null" => json!({ "type": ["string", "null"], "format": "date" }),
        "integer" => json!({ "type": "integer" }),
        "count" => json!({ "type": "integer", "minimum": 0 }),
        "flag" => json!({ "type": "boolean" }),
        "counts" => json!({
            "type": "object",
            "additionalProperties": { "type": "integer", "minimum": 0 },
        }),
        "object" => json!({ "type": "object" }),
        id => match id.strip_suffix(" or empty") {
            Some(id) => json!({ "type": "string", "pattern": format!("^({id}_|$)") }),
            None => json!({ "type": "string", "pattern": format!("^{id}_") }),
        },
    }
}

fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}
