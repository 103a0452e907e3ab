//! Grading, told in requests and answers.

use serde_json::{Value, json};
use store::case_texts::{self, Text};
use store::cases::{self, Case};
use store::policies::{self, Policy};
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
fn imports_ask_for_many_at_once() {
    let world = World::with_site();
    let items = json!([{ "text": "充电器起火，烧伤了我的手", "amount": null }, { "text": "谢谢" }]);
    let body = json!({ "site_id": "sit_shop", "items": items });
    let found = world.json(super::handle, &format!("POST /grades\n\n{body}"));
    assert_eq!(found["items"][0]["grade"], "major");
    assert_eq!(found["items"][1]["grade"], "none");
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

/// A policy by which only squeaks are bad.
const SQUEAKS: &str = r#"{ "rules": [
    { "id": "squeak", "grade": "major", "weight": 90, "zh": ["吱吱"], "en": ["squeak*"] }],
    "types": [{ "id": "noise", "need": "product", "department": "lab", "zh": ["吱吱"] }] }"#;

/// Writes the site's grading policy as the component `policy` does.
fn policy(world: &World, draft: &str, published: i64) {
    let it = Policy {
        id: "pol_g".to_owned(),
        site_id: "sit_shop".to_owned(),
        kind: "grading".to_owned(),
        version: 1,
        draft: draft.to_owned(),
        published,
        updated_at: testkit::START,
    };
    world.run(policies::insert(&it));
    if 0 < published {
        world.run(policies::publish(&it, SQUEAKS));
    }
}

/// A case that came in on a day with these words.
fn case(world: &World, id: &str, site_id: &str, day: i64, text: &str) {
    world.run(cases::insert(&Case {
        id: id.to_owned(),
        site_id: site_id.to_owned(),
        version: 1,
        number: format!("n-{id}"),
        once: id.to_owned(),
        state: "open".to_owned(),
        grade: "general".to_owned(),
        urgency: "normal".to_owned(),
        source: "staff".to_owned(),
        grading: "{}".to_owned(),
        assigned: "{}".to_owned(),
        received_day: day,
        ..Case::default()
    }));
    world.run(case_texts::insert(&Text {
        case_id: id.to_owned(),
        id: format!("nte_{id}"),
        kind: "complaint".to_owned(),
        text: text.to_owned(),
        files: "[]".to_owned(),
        ..Text::default()
    }));
}

#[test]
fn a_site_grades_by_what_it_published_and_may_try_its_draft() {
    let path = "/v1/complaints/grade";
    let world = World::with_site();
    let squeak = json!({ "text": "The chair squeaks" });
    let grade = |world: &World, body: &Value| asked(world, path, body)["grade"].clone();
    assert_eq!(grade(&world, &squeak), "none");
    policy(&world, SQUEAKS, 0);
    assert_eq!(grade(&world, &squeak), "none", "a draft is not in force");
    let tried = asked(&world, path, &json!({ "text": "The chair squeaks", "policy": "draft" }));
    assert_eq!((&tried["grade"], &tried["type"]), (&json!("major"), &json!("noise")));
    assert_eq!(tried["grading"]["policy_version"], Value::Null);

    let world = World::with_site();
    policy(&world, "", 1);
    for _ in 0..2 {
        let found = asked(&world, path, &squeak);
        assert_eq!(
            (&found["grade"], &found["grading"]["policy_version"]),
            (&json!("major"), &json!(1))
        );
    }
    assert_eq!(grade(&world, &json!({ "text": "It caught fire" })), "none", "it is not their rule");
    let body = json!({ "site_id": "sit_other", "text": "It caught fire" });
    let other = world.json(super::handle, &format!("POST /grade\n\n{body}"));
    assert_eq!(other["grade"], "major", "another site has what ships");
    let request = format!(
        "POST {path}\nauthorization: Bearer {{agent}}\n\n{}",
        json!({ "text": "a", "policy": "draft" })
    );
    assert_eq!(world.send(super::handle, &request).status(), 409, "there is no draft");
}

fn simulated(world: &World, body: &Value) -> Value {
    let line = "POST /v1/policies/grading/simulate\nauthorization: Bearer {manager}";
    world.json(super::handle, &format!("{line}\n\n{body}"))
}

#[test]
fn a_draft_is_tried_on_past_cases_and_changes_none() {
    let world = World::with_site();
    policy(&world, SQUEAKS, 0);
    case(&world, "cmp_a", "sit_shop", 20_000, "The chair squeaks");
    case(&world, "cmp_b", "sit_shop", 20_001, "充电器起火，烧伤了我的手");
    case(&world, "cmp_c", "sit_shop", 20_002, "服务非常好，谢谢");
    case(&world, "cmp_d", "sit_other", 20_001, "The chair squeaks");
    let found = simulated(&world, &json!({}));
    assert_eq!(
        (&found["cases"], &found["changed"], &found["is_all"]),
        (&json!(3), &json!(2), &json!(true))
    );
    let [burnt, squeaked] = found["changes"].as_array().unwrap().as_slice() else { panic!() };
    assert_eq!(
        (&burnt["id"], &burnt["from"], &burnt["to"]),
        (&json!("cmp_b"), &json!("major"), &json!("none"))
    );
    assert_eq!(
        (&squeaked["number"], &squeaked["from"], &squeaked["to"]),
        (&json!("n-cmp_a"), &json!("none"), &json!("major"))
    );
    assert_eq!(
        (&squeaked["grade"], &squeaked["matched"][0]["span"]),
        (&json!("general"), &json!([10, 17]))
    );
    assert_eq!(burnt["matched"], json!([]));
    assert_eq!(
        found["grades"]["major"],
        json!({ "none": 1, "general": 0, "moderate": 0, "major": 0 })
    );
    assert!(!found.to_string().contains("chair"), "no words of customers");

    let some = simulated(&world, &json!({ "since": "2024-10-05", "limit": 1 }));
    assert_eq!(
        (&some["cases"], &some["changed"], &some["is_all"]),
        (&json!(1), &json!(0), &json!(false))
    );
    let one = simulated(&world, &json!({ "since": "2024-10-05", "until": "2024-10-05" }));
    assert_eq!((&one["cases"], &one["changes"][0]["id"]), (&json!(1), &json!("cmp_b")));
    assert_eq!(world.number("select count(*) from complaint where version > 1"), 0);
}

#[test]
fn a_simulation_wants_a_draft_and_a_manager() {
    let world = World::with_site();
    let path = "/v1/policies/grading/simulate";
    let send = |role: &str, body: &str| {
        let request = format!("POST {path}\nauthorization: Bearer {{{role}}}\n\n{body}");
        world.send(super::handle, &request).status().as_u16()
    };
    assert_eq!(send("manager", ""), 409);
    assert_eq!(send("agent", ""), 403);
    assert_eq!(send("manager", r#"{ "since": "soon", "limit": 501, "x": 1 }"#), 422);
    assert_eq!(send("manager", r#"{ "since": "2026-02-02", "until": "2026-02-01" }"#), 422);
    let get = format!("GET {path}\nauthorization: Bearer {{manager}}");
    assert_eq!(world.send(super::handle, &get).status(), 405);
    world.break_database();
    assert_eq!(send("manager", ""), 503);
}
