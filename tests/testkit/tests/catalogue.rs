//! The catalogue of events holds what the code can write.

use std::fs;
use std::path::{Path, PathBuf};

use domain::event::{Event, ORIGIN};
use domain::id::Kind;
use ports::Env;
use testkit::World;

/// A world in which something happened.
fn world(kind: &'static str, data: &str) -> World {
    let world = World::with_site();
    let (now, random) = (world.now(), world.random());
    world.run(store::events::append(&Event {
        id: Kind::Event.id(now, random),
        site_id: "sit_shop".into(),
        subject: "dep_1".into(),
        version: 1,
        kind,
        actor: "admin".into(),
        at: now,
        data: data.into(),
        previous: ORIGIN,
    }));
    world
}

#[test]
fn a_world_with_an_event_as_the_catalogue_says_ends_well() {
    drop(world("department.created", r#"{ "name": "客服" }"#));
}

#[test]
#[should_panic = "is not in the catalogue"]
fn a_world_with_an_event_of_no_known_type_fails() {
    drop(world("department.painted", "{}"));
}

#[test]
#[should_panic = "is a required property"]
fn a_world_with_an_event_that_tells_too_little_fails() {
    drop(world("department.created", "{}"));
}

#[test]
#[should_panic = "'manager' was unexpected"]
fn a_world_with_an_event_that_tells_too_much_fails() {
    drop(world("department.created", r#"{ "name": "客服", "manager": "周岚" }"#));
}

/// Every file of Rust below a folder that is no test.
fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() && name != "tests" {
            sources(&path, into);
        } else if name.ends_with(".rs") && name != "tests.rs" {
            into.push(path);
        }
    }
}

#[test]
fn every_type_that_stands_in_the_code_is_in_the_catalogue() {
    let document = testkit::document();
    let types = document["webhooks"].as_object().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    for folder in ["functions", "shared/app/src", "shared/store/src"] {
        sources(&root.join(folder), &mut files);
    }
    let mut found = 0;
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        for quoted in code.split('"') {
            let Some((family, name)) = quoted.split_once('.') else { continue };
            let is_word = |it: &str| it.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
            let is_known = |it: &str| types.keys().any(|kind| kind.split('.').next() == Some(it));
            // A file of ours is no type.
            let is_file = matches!(name, "js" | "css");
            if !name.is_empty() && !is_file && is_word(family) && is_word(name) && is_known(family)
            {
                assert!(types.contains_key(quoted), "{quoted} in {}", file.display());
                found += 1;
            }
        }
    }
    assert!(50 <= found, "{found}");
}

#[test]
fn every_type_has_a_summary_in_two_languages_a_schema_and_an_example_that_fits() {
    let document = testkit::document();
    assert_eq!(document["openapi"], "3.1.0");
    let types = document["webhooks"].as_object().unwrap();
    assert!(60 <= types.len(), "{}", types.len());
    for (kind, path) in types {
        let post = &path["post"];
        assert!(post["summary"].as_str().is_some_and(|it| it.ends_with('.')), "{kind}");
        let zh = post["x-summary-zh"].as_str().unwrap_or_default();
        assert!(zh.ends_with('。') && !zh.is_ascii(), "{kind}");
        let example = &post["requestBody"]["content"]["application/json"]["example"];
        assert_eq!(example["type"], kind.as_str());
        assert_eq!(testkit::faults(example), Vec::<String>::new(), "{kind}");
        let mut other = example.clone();
        other["subject"] = "evt_".into();
        assert_ne!(testkit::faults(&other), Vec::<String>::new(), "{kind}");
        other = example.clone();
        other["data"]["name_of_a_person"] = "x".into();
        assert_ne!(testkit::faults(&other), Vec::<String>::new(), "{kind}");
    }
}
