//! The catalogue of events.

use serde_json::Value;
use testkit::World;

fn document(world: &World) -> Value {
    world.json(crate::handle, "GET /v1/events/types\nauthorization: Bearer {viewer}")
}

#[test]
fn every_type_has_a_summary_in_two_languages_a_schema_and_an_example_that_fits() {
    let world = World::with_site();
    let document = document(&world);
    assert_eq!(document["openapi"], "3.1.0");
    let types = document["webhooks"].as_object().unwrap();
    assert!(60 <= types.len(), "{}", types.len());
    assert!(document == testkit::document(), "what was packed comes out as it was");
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

#[test]
fn whoever_may_not_look_does_not_see_it() {
    let world = World::with_site();
    for (request, status) in [
        ("GET /v1/events/types", 401),
        ("GET /v1/events/types\nauthorization: Bearer {pk}", 401),
        ("POST /v1/events/types\nauthorization: Bearer {admin}\n\n{}", 405),
        ("GET /v1/events/types?x=1\nauthorization: Bearer {viewer}", 422),
    ] {
        assert_eq!(world.send(crate::handle, request).status(), status, "{request}");
    }
}
