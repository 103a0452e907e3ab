//! Texts that staff begin from.

use serde_json::Value;
use testkit::World;

use super::super::handle;

const PLAN: &str = r#"{ "name": "补发方案", "kind": "plan",
  "texts": { "zh-CN": "我们今天补发。", "en": "We send a new one today." } }"#;

fn made(world: &World, body: &str) -> String {
    let request = format!("POST /v1/templates\nauthorization: Bearer {{manager}}\n\n{body}");
    world.json(handle, &request)["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_manager_makes_a_template_and_agents_read_it() {
    let world = World::with_site();
    let id = made(&world, PLAN);
    let shown = r#"{ "id": "*", "name": "补发方案", "kind": "plan",
  "texts": { "zh-CN": "我们今天补发。", "en": "We send a new one today." },
  "is_active": true, "version": 1,
  "created_at": "2026-11-22T01:30:00Z", "updated_at": "2026-11-22T01:30:00Z" }"#;
    world.check(
        handle,
        &format!("GET /v1/templates/{id}\nauthorization: Bearer {{agent}}"),
        &format!("\n200\netag: \"v1\"\n\n{shown}"),
    );
    world.check(
        handle,
        "GET /v1/templates?kind=plan&limit=1\nauthorization: Bearer {agent}",
        &format!("\n200\n\n{{ \"items\": [{shown}], \"next\": null }}"),
    );
    for (who, method, status) in [("viewer", "GET", 403), ("agent", "POST", 403)] {
        let request = format!("{method} /v1/templates\nauthorization: Bearer {{{who}}}\n\n{PLAN}");
        assert_eq!(world.send(handle, &request).status(), status, "{who}");
    }
    let theirs = format!("GET /v1/templates/{id}\nauthorization: Bearer {{other}}");
    assert_eq!(world.send(handle, &theirs).status(), 404);
    assert_eq!(world.send(handle, "GET /v1/templates").status(), 401);
    let wrong = "DELETE /v1/templates\nauthorization: Bearer {admin}";
    assert_eq!(world.send(handle, wrong).status(), 405);
}

#[test]
fn a_list_has_pages_and_can_be_of_one_kind() {
    let world = World::with_site();
    for kind in ["plan", "note", "plan", "note", "plan"] {
        made(&world, &format!(r#"{{ "name": "x", "kind": "{kind}", "texts": {{ "en": "y" }} }}"#));
        world.wait_ms(1);
    }
    let get = |target: &str| {
        world.json(handle, &format!("GET {target}\nauthorization: Bearer {{agent}}"))
    };
    let first = get("/v1/templates?kind=plan&limit=2");
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    let next = first["next"].as_str().unwrap();
    let second = get(&format!("/v1/templates?kind=plan&limit=2&after={next}"));
    assert_eq!(second["items"].as_array().unwrap().len(), 1);
    assert_eq!(second["items"][0]["kind"], "plan");
    assert!(second["next"].is_null());
    assert_eq!(get("/v1/templates")["items"].as_array().unwrap().len(), 5);
}

#[test]
fn a_changed_template_is_an_event_and_keeps_what_was_not_named() {
    let world = World::with_site();
    let id = made(&world, PLAN);
    let change = |tag: &str, body: &str| {
        format!(
            "PATCH /v1/templates/{id}\nauthorization: Bearer {{manager}}\nif-match: {tag}\n\n{body}"
        )
    };
    world.check(
        handle,
        &change("\"v1\"", r#"{ "is_active": false, "texts": { "en": "Today." } }"#),
        r#"
200
etag: "v2"

{ "id": "*", "name": "补发方案", "kind": "plan", "texts": { "en": "Today." },
  "is_active": false, "version": 2, "created_at": "*", "updated_at": "*" }"#,
    );
    assert_eq!(world.send(handle, &change("\"v1\"", "{}")).status(), 412);
    let audit = format!("GET /v1/templates/{id}/audit\nauthorization: Bearer {{manager}}");
    let audit = world.json(handle, &audit);
    assert_eq!(audit["items"][0]["data"]["texts"]["zh-CN"], "我们今天补发。");
    assert_eq!(audit["items"][1]["type"], "template.updated");
    assert_eq!(audit["items"][1]["actor_name"], "manager");
}

#[test]
fn a_trail_names_the_agent_or_else_the_key_and_nobody_for_the_rest() {
    let world = World::with_site();
    let id = made(&world, PLAN);
    let name = |at: i64| {
        let audit = format!("GET /v1/templates/{id}/audit\nauthorization: Bearer {{viewer}}");
        world.json(handle, &audit)["items"][usize::try_from(at).unwrap()]["actor_name"].clone()
    };
    assert_eq!(name(0), "manager");
    let belongs = "update api_key set agent_id = 'agt_lan' where id = 'key_manager'";
    world.database().execute(belongs, []).unwrap();
    assert_eq!(name(0), "周岚");
    let request = format!(
        "PATCH /v1/templates/{id}?site=sit_shop\nauthorization: Bearer {}\n\n{{}}",
        testkit::ADMIN_KEY
    );
    assert_eq!(world.send(handle, &request).status(), 200);
    assert!(name(1).is_null());
}

#[test]
fn every_mistake_in_a_template_is_told_at_its_place() {
    let world = World::with_site();
    let post = "POST /v1/templates\nauthorization: Bearer {manager}\n\n";
    world.check(
        handle,
        &format!(r#"{post}{{ "kind": "poem", "texts": {{ "en": " ", "English": "a" }} }}"#),
        r#"
422

{ "type": "/problems/invalid-fields", "title": "*", "status": 422, "instance": "req_test",
  "errors": [
    { "pointer": "/name", "detail": "is required" },
    { "pointer": "/kind", "detail": "must be one of answer, question, plan, solution, note" },
    { "pointer": "/texts/English", "detail": "must be a language tag such as zh-CN or en" },
    { "pointer": "/texts/en", "detail": "must have 1 to 10000 characters" } ] }"#,
    );
    for (texts, pointer) in [("{}", "/texts"), ("null", "/texts"), ("[]", "/texts")] {
        let body = format!(r#"{{ "name": "x", "kind": "note", "texts": {texts} }}"#);
        let answer = world.send(handle, &format!("{post}{body}"));
        let told: Value = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!(told["errors"].as_array().unwrap().len(), 1, "{told}");
        assert_eq!(told["errors"][0]["pointer"], pointer);
    }
}
