//! The document taken apart: its tags, their operations, and what a reference leads to.

use std::sync::LazyLock;

use serde_json::{Map, Value};

/// Pages beside those of the tags: the first, the events, the problems.
pub(crate) const INDEX: &str = "index";
pub(crate) const EVENTS: &str = "events";
pub(crate) const PROBLEMS: &str = "problems";

/// What is missing is null, or has no members.
pub(crate) static NOTHING: Value = Value::Null;
static NONE: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);

/// The contract.
pub(crate) struct Api<'a> {
    document: &'a Value,
    pub(crate) tags: Vec<Tag<'a>>,
}

/// Operations that belong together.
pub(crate) struct Tag<'a> {
    pub(crate) name: &'a str,
    pub(crate) told: &'a Value,
    pub(crate) operations: Vec<Operation<'a>>,
}

/// One of them.
pub(crate) struct Operation<'a> {
    pub(crate) method: String,
    pub(crate) path: &'a str,
    pub(crate) told: &'a Value,
}

impl Operation<'_> {
    pub(crate) fn id(&self) -> &str {
        text(self.told, "operationId")
    }
}

impl<'a> Api<'a> {
    pub(crate) fn of(document: &'a Value) -> Api<'a> {
        let named = list(document, "tags").iter().map(|told| Tag {
            name: text(told, "name"),
            told,
            operations: operations(document, text(told, "name")),
        });
        Api { document, tags: named.filter(|it| !it.operations.is_empty()).collect() }
    }

    /// The names of all pages.
    pub(crate) fn pages(&self) -> Vec<&str> {
        let mut names = vec![INDEX, EVENTS, PROBLEMS];
        // A part of the API that has the name of one of these is on that page.
        names.retain(|name| self.tags.iter().all(|it| it.name != *name));
        names.extend(self.tags.iter().map(|it| it.name));
        names
    }

    pub(crate) fn webhooks(&self) -> &'a Map<String, Value> {
        object(self.document, "webhooks")
    }

    /// Parameters that many operations take.
    pub(crate) fn parameters(&self) -> &'a Map<String, Value> {
        self.at("/components").get("parameters").and_then(Value::as_object).unwrap_or(&NONE)
    }

    /// What a value is once a reference in it is followed.
    pub(crate) fn followed(&self, value: &'a Value) -> &'a Value {
        match value.get("$ref").and_then(Value::as_str) {
            Some(path) => self.at(path.trim_start_matches('#')),
            None => value,
        }
    }

    pub(crate) fn schema(&self, name: &str) -> &'a Value {
        self.at(&format!("/components/schemas/{name}"))
    }

    fn at(&self, pointer: &str) -> &'a Value {
        self.document.pointer(pointer).unwrap_or(&NOTHING)
    }
}

fn operations<'a>(document: &'a Value, tag: &str) -> Vec<Operation<'a>> {
    let mut found = Vec::new();
    for (path, item) in object(document, "paths") {
        for method in ["get", "post", "put", "patch", "delete"] {
            let Some(told) = item.get(method) else { continue };
            if list(told, "tags").first().is_some_and(|it| it == tag) {
                found.push(Operation { method: method.to_uppercase(), path, told });
            }
        }
    }
    found
}

/// A text of an object, or nothing.
pub(crate) fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of.get(name).and_then(Value::as_str).unwrap_or("")
}

/// A list of an object, or none.
pub(crate) fn list<'a>(of: &'a Value, name: &str) -> &'a [Value] {
    of.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// An object of an object, or an empty one.
pub(crate) fn object<'a>(of: &'a Value, name: &str) -> &'a Map<String, Value> {
    of.get(name).and_then(Value::as_object).unwrap_or(&NONE)
}
