//! Grading, told in requests and answers.

use serde_json::{Value, json};
use testkit::World;

fn asked(world: &World, path: &str, body: &Value) -> Value {
    let request = format!("POST {path}\nauthorization: Bearer {{agent}}\n\n{body}");
    world.json(super::handle, &request)
}

#[test]
fn a_text_is_graded_with_its_reasons_and_nothing_is_stored() {
    let world = World::with_site();
    let text = "充电器起火，烧伤了我的手";
    let found = asked(&world, "/v1/complaints/grade", &json!({ "text": text }));
    assert_eq!((&found["grade"], &found["need"]), (&json!("major"), &json!("product")), "{found}");
    let grading = &found["grading"];
    assert_eq!((&grading["policy_version"], &grading["by"]), (&json!(0), &json!("policy")));
    let first = &grading["matched"][0];
    let end = text.chars().count() as i64;
    let span = [first["span"][0].as_i64().unwrap(), first["span"][1].as_i64().unwrap()];
    assert!(span[0] < span[1] && span[1] <= end, "{first}");
    assert_eq!(world.number("select count(*) from complaint"), 0);
    // What an amount and earlier complaints say counts, too.
    let body = json!({ "text": "修了还是坏的", "amount": 600_000 });
    assert_eq!(asked(&world, "/v1/complaints/grade", &body)["grade"], "major");
    let praise = json!({ "text": "服务非常好，谢谢你们" });
    assert_eq!(asked(&world, "/v1/complaints/grade", &praise)["grade"], "none");
}

#[test]
fn other_components_ask_without_a_key_and_even_for_no_words() {
    let world = World::with_site();
    let body = json!({ "site_id": "sit_shop", "text": "", "amount": null, "earlier": 0 });
    let found = world.json(super::handle, &format!("POST /grade\n\n{body}"));
    assert_eq!(found["grade"], "none");
}

#[test]
fn bad_input_is_told_at_once_and_strangers_are_sent_away() {
    let world = World::with_site();
    let path = "/v1/complaints/grade";
    let wrong = json!({ "text": "", "amount": -1, "earlier": "two", "x": 1 });
    let request = format!("POST {path}\nauthorization: Bearer {{agent}}\n\n{wrong}");
    let answer = world.send(super::handle, &request);
    assert_eq!(answer.status(), 422);
    let told: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(told["errors"].as_array().unwrap().len(), 4, "{told}");
    let long = json!({ "text": "坏".repeat(10_001) });
    let request = format!("POST {path}\nauthorization: Bearer {{agent}}\n\n{long}");
    assert_eq!(world.send(super::handle, &request).status(), 422);
    let body = json!({ "text": "坏了" });
    assert_eq!(world.send(super::handle, &format!("POST {path}\n\n{body}")).status(), 401);
    let viewer = format!("POST {path}\nauthorization: Bearer {{viewer}}\n\n{body}");
    assert_eq!(world.send(super::handle, &viewer).status(), 403);
    let get = format!("GET {path}\nauthorization: Bearer {{agent}}");
    assert_eq!(world.send(super::handle, &get).status(), 405);
}
