//! What a site says of languages, and of how long it keeps what is personal.

use serde_json::{Value, json};
use testkit::World;

use super::super::handle;

/// Makes a site, whose path can be named as `{path}`.
fn world() -> World {
    let world = World::with_site();
    world.name("owner", testkit::ADMIN_KEY);
    let made = "POST /v1/sites\nauthorization: Bearer {owner}\n\n{\"name\": \"新店\"}";
    let id = world.json(handle, made)["id"].as_str().unwrap().to_owned();
    world.name("path", &format!("/v1/sites/{id}"));
    world
}

fn change(world: &World, body: &str) -> (u16, Value) {
    let request = format!("PATCH {{path}}\nauthorization: Bearer {{owner}}\n\n{body}");
    let answer = world.send(handle, &request);
    (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap())
}

#[test]
fn a_site_has_languages_and_says_how_long_it_keeps_what_is_personal() {
    let world = world();
    let read = "GET {path}\nauthorization: Bearer {owner}";
    let before = world.json(handle, read);
    assert_eq!(before["languages"], json!(["zh-CN", "en"]));
    assert_eq!(before["retention"], json!({}));
    let (status, told) = change(
        &world,
        r#"{ "languages": ["en", "de", "en"],
             "retention": { "responses": 30, "messages": null } }"#,
    );
    assert_eq!(status, 200);
    assert_eq!(told["languages"], json!(["en", "de"]));
    assert_eq!(told["retention"], json!({ "responses": 30 }));
    assert_eq!(change(&world, r#"{ "name": "鹿鸣二" }"#).1["retention"], told["retention"]);
    let (_, told) = change(&world, r#"{ "retention": { "complaints": 3650 } }"#);
    assert_eq!(world.json(handle, read), told);
    assert_eq!(told["retention"], json!({ "complaints": 3650 }));
    let data: String = world
        .database()
        .query_row(
            "select data from event where kind = 'site.updated' order by version desc limit 1",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert!(data.contains(r#""retention":{"complaints":3650}"#), "{data}");
}

#[test]
fn days_and_languages_that_make_no_sense_are_refused() {
    let world = world();
    let (status, told) = change(
        &world,
        r#"{ "languages": [], "retention": { "responses": 29, "callbacks": 3651, "calls": 30 } }"#,
    );
    assert_eq!(status, 422);
    let pointers: Vec<&str> = told["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["pointer"].as_str().unwrap())
        .collect();
    let expected =
        ["/languages", "/retention/responses", "/retention/callbacks", "/retention/calls"];
    assert_eq!(pointers, expected);
    let (_, told) = change(&world, r#"{ "languages": ["English"] }"#);
    assert_eq!(told["errors"][0]["pointer"], "/languages/0");
}
