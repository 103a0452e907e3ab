//! The document as a whole: what no single exchange can show.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking, helpers too")]

use std::collections::BTreeSet;

use jsonschema::{Registry, Resource, Validator};
use serde_json::{Value, json};

const URI: &str = "urn:contract";

fn document() -> Value {
    serde_json::from_str(contract::STRICT).expect("the contract is JSON")
}

/// The operations, each with its target such as `get /v1/agents`.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    let items = document["paths"].as_object().expect("paths").iter();
    let all = items.flat_map(|(path, item)| {
        let methods = item.as_object().expect("a path").iter();
        methods.map(move |(method, it)| (format!("{method} {path}"), it))
    });
    all.collect()
}

#[test]
fn every_operation_has_a_name_of_its_own() {
    let document = document();
    let mut seen = BTreeSet::new();
    for (target, operation) in operations(&document) {
        let id = operation["operationId"].as_str().expect("an id").to_owned();
        let is_camel = id.starts_with(|it: char| it.is_ascii_lowercase())
            && id.bytes().all(|it| it.is_ascii_alphanumeric());
        assert!(is_camel, "{target}: {id}");
        assert!(seen.insert(id.clone()), "{target}: {id} names two");
    }
}

#[test]
fn every_tag_is_told_in_both_languages() {
    let document = document();
    let tags = document["tags"].as_array().expect("tags");
    let told: BTreeSet<&str> = tags.iter().filter_map(|it| it["name"].as_str()).collect();
    for tag in tags {
        for name in ["description", "x-description-zh"] {
            assert!(tag[name].as_str().is_some_and(|it| !it.is_empty()), "{tag}: {name}");
        }
    }
    for (target, operation) in operations(&document) {
        let tag = operation["tags"][0].as_str().expect("a tag");
        assert!(told.contains(tag), "{target}: {tag} is not told");
    }
}

/// Every object of a document that has both a schema and an example, with its pointer.
fn shown(value: &Value, at: &str, into: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if members.contains_key("schema") && members.contains_key("example") {
                into.push(at.to_owned());
            }
            for (name, it) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                shown(it, &format!("{at}/{name}"), into);
            }
        }
        Value::Array(items) => {
            for (number, it) in items.iter().enumerate() {
                shown(it, &format!("{at}/{number}"), into);
            }
        }
        _ => {}
    }
}

fn validator(registry: &Registry, pointer: &str) -> Validator {
    let pointer = pointer.replace('{', "%7B").replace('}', "%7D");
    let schema = json!({ "$ref": format!("{URI}#{pointer}/schema") });
    let options = jsonschema::options().with_registry(registry.clone());
    let built = options.should_validate_formats(true).build(&schema);
    built.unwrap_or_else(|error| panic!("{pointer}: {error}"))
}

#[test]
fn every_example_is_as_its_schema_says() {
    let document = document();
    let resource = Resource::from_contents(document.clone()).expect("a document");
    let registry = Registry::try_new(URI, resource).expect("a registry");
    let mut pointers = Vec::new();
    shown(&document["paths"], "/paths", &mut pointers);
    let mut faults = Vec::new();
    for pointer in &pointers {
        let example = document.pointer(&format!("{pointer}/example")).expect("an example");
        for error in validator(&registry, pointer).iter_errors(example) {
            faults.push(format!("{pointer}{}: {error}", error.instance_path));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(100 < pointers.len(), "only {} examples", pointers.len());
}

#[test]
fn the_problems_are_those_of_the_code() {
    let frame: Value = serde_json::from_str(include_str!("../api/_frame.json")).expect("JSON");
    let mut told = frame["problems"].as_object().expect("problems").clone();
    for kind in web::problem::Kind::ALL {
        let (status, slug, title, _) = kind.row();
        assert_eq!(told.remove(slug), Some(json!([status, title])), "{slug}");
    }
    assert!(told.is_empty(), "nobody answers {told:?}");
}
