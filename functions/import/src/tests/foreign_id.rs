//! Ids of another product, told in requests and answers.

use testkit::World;

use crate::handle;

const SURVEY: &str = r#"{ "foreign_id": "clsurvey", "survey_id": "srv_shop",
                          "questions": { "Q-1": "recommend", "cta": "" } }"#;
const KEY: &str = r#"{ "foreign_id": "clenvironment", "key_id": "key_pk" }"#;

fn add(who: &str, key: &str, body: &str) -> String {
    format!(
        "POST /v1/foreign-ids\nauthorization: Bearer {{{who}}}\nidempotency-key: {key}\n\n{body}"
    )
}

fn status(world: &World, request: &str) -> u16 {
    world.send(handle, request).status().as_u16()
}

#[test]
fn an_id_is_added_shown_and_removed() {
    let world = World::with_site();
    let expected = r#"
201
location: *

{ "id": "*", "foreign_id": "clsurvey", "key_id": null, "survey_id": "srv_shop",
  "questions": { "Q-1": "recommend", "cta": "" }, "created_at": "2026-11-22T01:30:00Z" }"#;
    world.check(handle, &add("admin", "one", SURVEY), expected);
    // The same request is the same answer, and another one under its key is refused.
    world.check(handle, &add("admin", "one", SURVEY), expected);
    assert_eq!(status(&world, &add("admin", "one", KEY)), 422);
    assert_eq!(status(&world, &add("admin", "two", KEY)), 201);
    let list = "GET /v1/foreign-ids\nauthorization: Bearer {viewer}";
    let told = world.json(handle, list);
    assert_eq!(told["items"].as_array().unwrap().len(), 2, "{told}");
    let id = told["items"][0]["id"].as_str().unwrap().to_owned();
    let one = |verb: &str, who: &str, rest: &str| {
        format!("{verb} /v1/foreign-ids/{id}{rest}\nauthorization: Bearer {{{who}}}")
    };
    assert_eq!(world.json(handle, &one("GET", "viewer", ""))["id"], told["items"][0]["id"]);
    assert_eq!(status(&world, &one("GET", "other", "")), 404);
    assert_eq!(status(&world, &one("DELETE", "other", "")), 404);
    assert_eq!(status(&world, &one("DELETE", "manager", "")), 403);
    assert_eq!(status(&world, &one("DELETE", "admin", "")), 204);
    assert_eq!(status(&world, &one("GET", "viewer", "")), 404);
    let trail = world.json(handle, &one("GET", "viewer", "/audit/verify"));
    assert_eq!((&trail["events"], &trail["is_intact"]), (&2.into(), &true.into()));
    assert_eq!(world.number("select count(*) from foreign_id"), 1);
}

#[test]
fn an_id_stands_for_one_thing() {
    let world = World::with_site();
    assert_eq!(status(&world, &add("admin", "a", SURVEY)), 201);
    assert_eq!(status(&world, &add("admin", "b", SURVEY)), 409);
    assert_eq!(status(&world, &add("admin", "c", KEY)), 201);
    // Whoever asks names nothing but the environment, so no other site may have it as well.
    let theirs = KEY.replace("key_pk", "key_other_pk");
    assert_eq!(status(&world, &add("other", "d", &theirs)), 409);
}

#[test]
fn every_mistake_is_told() {
    let world = World::with_site();
    world.check(
        handle,
        &add("admin", "a", r#"{ "foreign_id": "srv_x", "colour": 1 }"#),
        r#"
422

{ "type": "*", "title": "*", "status": 422, "instance": "*", "errors": [
  { "pointer": "/foreign_id", "detail": "must not look like an id of ours" },
  { "pointer": "/survey_id", "detail": "give a key_id or a survey_id, and not both" },
  { "pointer": "/colour", "detail": "is not a field we know" } ] }"#,
    );
    world.check(
        handle,
        &add(
            "admin",
            "b",
            r#"{ "foreign_id": "x", "survey_id": "srv_shop", "questions": { "a/b": "none" } }"#,
        ),
        r#"
422

{ "type": "*", "title": "*", "status": 422, "instance": "*", "errors": [
  { "pointer": "/questions/a~1b", "detail": "*" } ] }"#,
    );
    for body in [
        r#"{ "foreign_id": "x", "survey_id": "srv_none" }"#,
        r#"{ "foreign_id": "x", "key_id": "key_admin" }"#,
        r#"{ "foreign_id": "x", "key_id": "key_other_pk" }"#,
        r#"{ "foreign_id": "x", "key_id": "key_pk", "survey_id": "srv_shop" }"#,
        r#"{ "foreign_id": "x", "key_id": "key_pk", "questions": { "a": "why" } }"#,
        r#"{ "foreign_id": "", "key_id": "key_pk" }"#,
    ] {
        assert_eq!(status(&world, &add("admin", "c", body)), 422, "{body}");
    }
    assert_eq!(status(&world, &add("other", "d", SURVEY)), 422, "another site's survey");
}

#[test]
fn whoever_may_not_is_told_so() {
    let world = World::with_site();
    for (request, code) in [
        (add("manager", "a", KEY), 403),
        ("GET /v1/foreign-ids".to_owned(), 401),
        ("PUT /v1/foreign-ids\nauthorization: Bearer {admin}".to_owned(), 405),
        ("PATCH /v1/foreign-ids/fid_1\nauthorization: Bearer {admin}".to_owned(), 405),
        ("GET /v1/foreign-ids/fid_1/else\nauthorization: Bearer {admin}".to_owned(), 404),
    ] {
        assert_eq!(status(&world, &request), code, "{request}");
    }
    world.break_database();
    assert_eq!(status(&world, &add("admin", "a", KEY)), 503);
    assert!(world.logged_cause().is_some());
}
