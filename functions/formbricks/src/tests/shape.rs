//! Bodies, problems and what a browser must hear, as their SDKs read them.

use testkit::World;

use super::{id, post, put, status, world};
use crate::handle;

#[test]
fn a_whole_response_is_told_by_its_id() {
    let world = world();
    let body = r#"{ "surveyId": "clsurvey", "finished": true, "data": { "qnps": 9 },
        "userId": null, "displayId": null, "endingId": "clend", "language": "en",
        "variables": { "total": 3 }, "ttc": { "qnps": 2154.7, "_total": 2154.7 },
        "meta": { "source": "shop", "url": "https://shop.example/", "action": "buy" } }"#;
    world.check(
        handle,
        &post(body),
        r#"
200
access-control-allow-origin: https://shop.example
cache-control: private, no-store

{ "data": { "id": "*", "quotaFull": false } }"#,
    );
    assert_eq!(super::answers(&world)["recommend"], 9);
    let source = "select count(*) from response where source = 'api' and channel = 'web'";
    assert_eq!(world.number(source), 1);
}

#[test]
fn our_own_ids_lead_there_too() {
    let world = world();
    let body = r#"{ "surveyId": "srv_shop", "finished": true, "data": { "recommend": 2 } }"#;
    let request = format!("POST /api/v2/client/{{pk}}/responses\n\n{body}");
    id(&world, &request);
    assert_eq!(super::answers(&world)["recommend"], 2);
}

#[test]
fn it_is_not_there_unless_it_is_set() {
    for (name, value) in [("formbricks", "off"), ("formbricks", ""), ("formbricks", "yes")] {
        let world = world();
        world.set(name, value);
        for request in [
            post(r#"{ "surveyId": "clsurvey", "finished": true, "data": { "qnps": 9 } }"#),
            "GET /api/v1/client/clenvironment/environment".to_owned(),
            "OPTIONS /api/v2/client/clenvironment/responses".to_owned(),
        ] {
            let problem = r#"
404
content-type: application/problem+json

{ "type": "/problems/not-found", "title": "*", "status": 404, "instance": "*" }"#;
            world.check(handle, &request, problem);
        }
    }
}

#[test]
fn mistakes_are_named_as_the_page_names_them() {
    let world = world();
    let wrong = r#"{ "surveyId": "clsurvey", "finished": true, "language": "en",
        "data": { "qnps": 11, "stars": 6, "parts": { "The speed": 9, "Nothing": 1 },
                  "how": ["On foot"], "what": ["Milk"], "day": "today" } }"#;
    let answer = world.send(handle, &post(wrong));
    assert_eq!(answer.status(), 400);
    let body: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(body["code"], "bad_request");
    let details: Vec<&str> =
        body["details"].as_object().unwrap().keys().map(String::as_str).collect();
    // What was typed in beside an open option is one of its answers.
    let expected =
        ["day", "parts", "qnps", "stars", "what"].map(|it| format!("response.data.{it}"));
    assert_eq!(details, expected);
    // What is required is told by their name as well, and what nobody asked.
    world.check(
        handle,
        &post(r#"{ "surveyId": "clsurvey", "finished": true, "data": { "stars": 5 } }"#),
        r#"
400
content-type: application/json

{ "code": "bad_request", "message": "Some fields are not valid",
  "details": { "response.data.qnps": "needs an answer" } }"#,
    );
    world.check(
        handle,
        &post(r#"{ "surveyId": "clsurvey", "finished": false, "data": { "qother": "x" } }"#),
        r#"
400

{ "code": "bad_request", "message": "*",
  "details": { "response.data.qother": "is no question or hidden field of this survey" } }"#,
    );
    assert_eq!(world.number("select count(*) from response"), 0);
}

#[test]
fn a_body_that_is_none_is_told_so() {
    let world = world();
    let fields = r#"
400
content-type: application/json
access-control-allow-origin: https://shop.example

{ "code": "bad_request", "message": "*",
  "details": { "surveyId": "*", "finished": "*", "data": "*" } }"#;
    world.check(handle, &post("{}"), fields);
    let none = r#"
400

{ "code": "bad_request", "message": "*", "details": {} }"#;
    world.check(handle, &post("{"), none);
    world.check(handle, &post("[]"), none);
    let text = "POST /api/v1/client/clenvironment/responses\ncontent-type: text/plain\n\n{}";
    world.check(handle, text, none);
}

#[test]
fn what_is_not_there_is_told_as_a_resource() {
    let world = world();
    let body = r#"{ "surveyId": "clsurvey", "finished": true, "data": { "qnps": 9 } }"#;
    let missing = |what: &str, id: &str| {
        format!(
            r#"
404

{{ "code": "not_found", "message": "*",
  "details": {{ "resource_type": "{what}", "resource_id": "{id}" }} }}"#
        )
    };
    let elsewhere = format!("POST /api/v1/client/clnobody/responses\n\n{body}");
    world.check(handle, &elsewhere, &missing("Workspace", "clnobody"));
    let none = r#"{ "surveyId": "clnone", "finished": true, "data": { "qnps": 9 } }"#;
    world.check(handle, &post(none), &missing("Survey", "clnone"));
    world.check(handle, &put("clresponse", "{}"), &missing("Response", "clresponse"));
    // A secret key is no environment, nor is a revoked one; another site's survey is none.
    for key in ["{admin}", "{other_pk}"] {
        let request = format!("POST /api/v1/client/{key}/responses\n\n{body}");
        assert_eq!(status(&world, &request), 404, "{key}");
    }
    let ours = r#"{ "surveyId": "srv_shop", "finished": true, "data": { "recommend": 9 } }"#;
    let request = format!("POST /api/v1/client/{{other_pk}}/responses\n\n{ours}");
    world.check(handle, &request, &missing("Survey", "srv_shop"));
    world.database().execute("update api_key set revoked_at_ms = 1", []).unwrap();
    world.check(handle, &post(body), &missing("Workspace", "clenvironment"));
}

#[test]
fn a_closed_survey_takes_nothing() {
    let world = world();
    let body = r#"{ "surveyId": "clsurvey", "finished": false, "data": { "qnps": 9 } }"#;
    let response = id(&world, &post(body));
    world.database().execute("update study set state = 'closed'", []).unwrap();
    let closed = r#"
403

{ "code": "forbidden", "message": "*", "details": { "surveyId": "clsurvey" } }"#;
    world.check(handle, &post(body), closed);
    world.check(handle, &put(&response, r#"{ "finished": true }"#), closed);
    let display = "POST /api/v1/client/clenvironment/displays\n\n{ \"surveyId\": \"clsurvey\" }";
    world.check(handle, display, closed);
}

#[test]
fn a_browser_hears_that_it_may() {
    let world = world();
    let preflight = |origin: &str| {
        format!("OPTIONS /api/v2/client/clenvironment/responses/x\norigin: {origin}")
    };
    world.check(
        handle,
        &preflight("https://shop.example"),
        r#"
204
access-control-allow-origin: https://shop.example
access-control-allow-methods: GET, POST, PUT, OPTIONS
access-control-allow-headers: *
vary: origin, accept-language"#,
    );
    let refused = world.send(handle, &preflight("https://other.example"));
    assert_eq!(refused.status(), 403);
    assert!(!refused.headers().contains_key("access-control-allow-origin"));
    let body = r#"{ "surveyId": "clsurvey", "finished": true, "data": { "qnps": 9 } }"#;
    let elsewhere = post(body).replace("shop.example", "other.example");
    let refused = world.send(handle, &elsewhere);
    assert_eq!(refused.status(), 403);
    assert!(!refused.headers().contains_key("access-control-allow-origin"));
    assert_eq!(world.number("select count(*) from response"), 0);
}

#[test]
fn there_is_nothing_to_show_and_an_sdk_is_told_so() {
    let world = world();
    for path in ["/api/v1/client/clenvironment/environment", "/api/v2/client/{pk}/environment"] {
        let told = world.json(handle, &format!("GET {path}\norigin: https://shop.example"));
        let state = &told["data"]["data"];
        assert_eq!(told["data"]["expiresAt"], "2026-11-22T02:30:00Z");
        assert_eq!(state["surveys"], serde_json::json!([]));
        assert_eq!(state["actionClasses"], serde_json::json!([]));
        for name in ["project", "workspace", "settings"] {
            assert_eq!(state[name]["placement"], "bottomRight");
        }
    }
    let elsewhere = "GET /api/v1/client/{pk}/environment\norigin: https://other.example";
    assert_eq!(status(&world, elsewhere), 403);
}

#[test]
fn what_is_not_taken_says_why_once() {
    let world = world();
    for (request, code) in [
        ("POST /api/v2/client/clenvironment/user\n\n{ \"userId\": \"u\" }", 403),
        ("PUT /api/v1/client/clenvironment/contacts/u/attributes\n\n{}", 403),
        ("POST /api/v1/client/clenvironment/storage\n\n{}", 403),
        ("GET /api/v1/client/clenvironment/nothing", 404),
        ("GET /api/v3/client/clenvironment/environment", 404),
        ("DELETE /api/v1/client/clenvironment/responses", 405),
        ("GET /api/v1/client/clenvironment/responses/x", 405),
        ("POST /api/v1/client/clenvironment/environment", 405),
    ] {
        let answer = world.send(handle, request);
        assert_eq!(answer.status().as_u16(), code, "{request}");
        if !request.contains("v3") {
            let body: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
            assert!(body["code"].is_string() && body["details"].is_object(), "{body}");
        }
    }
}

#[test]
fn a_database_that_is_gone_is_no_fault_of_the_page() {
    let world = world();
    world.break_database();
    let body = r#"{ "surveyId": "clsurvey", "finished": true, "data": { "qnps": 9 } }"#;
    world.check(
        handle,
        &post(body),
        r#"
503
retry-after: 1

{ "code": "internal_server_error", "message": "Please try again shortly", "details": {} }"#,
    );
    assert!(world.logged_cause().is_some(), "the cause belongs in the log");
}

#[test]
fn a_full_quota_is_told_with_its_ending() {
    let world: World = World::with_site();
    world.set("formbricks", "on");
    world.set("spam", "off");
    world.publish_with(
        r#""endings": [{ "id": "full", "text": { "zh-CN": "已满" } }],
           "quotas": [{ "id": "fans", "if": { "question": "recommend", "is": "class",
             "value": "promoter" }, "most": 1, "then": "end:full" }]"#,
    );
    let send = |key: &str| {
        let body = r#"{ "surveyId": "srv_shop", "finished": true, "data": { "recommend": 10 } }"#;
        let head = "POST /api/v1/client/{pk}/responses\nidempotency-key";
        world.json(handle, &format!("{head}: {key}\n\n{body}"))
    };
    assert_eq!(send("a")["data"]["quotaFull"], false);
    let full = serde_json::json!({ "id": "fans", "action": "endSurvey", "endingCardId": "full" });
    for _ in 0..2 {
        let told = send("b");
        assert_eq!(told["data"]["quotaFull"], true);
        assert_eq!(told["data"]["quota"], full);
    }
}
