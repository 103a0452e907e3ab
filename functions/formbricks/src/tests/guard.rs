//! What keeps robots out stays, and ids that nobody can make.

use serde_json::Value;

use super::{answers, id, post, put, status, world};
use crate::handle;

const DISPLAY: &str =
    "POST /api/v2/client/clenvironment/displays\n\n{ \"surveyId\": \"clsurvey\" }";
const WHOLE: &str = r#"{ "surveyId": "clsurvey", "finished": true, "data": { "qnps": 9 } }"#;

#[test]
fn a_form_is_as_old_as_its_display() {
    let world = world();
    world.set("spam", "honeypot=on age=suspicion proof=suspicion");
    // Nobody knows when it was given out.
    let suspected = r#"
400

{ "code": "bad_request", "message": "*",
  "details": { "code": "recaptcha_verification_failed", "challenge": "*" } }"#;
    world.check(handle, &post(WHOLE), suspected);
    let told = world.json(handle, DISPLAY);
    let display = told["data"]["id"].as_str().unwrap();
    let body = WHOLE.replace("\"data\"", &format!("\"displayId\": \"{display}\", \"data\""));
    // Nobody answers that fast.
    world.check(handle, &post(&body), suspected);
    world.wait_ms(3_000);
    id(&world, &post(&body));
    assert_eq!(answers(&world)["recommend"], 9);
}

#[test]
fn one_that_comes_in_parts_is_as_old_as_its_first() {
    let world = world();
    world.set("spam", "age=on");
    let first = r#"{ "surveyId": "clsurvey", "finished": false, "data": { "qnps": 3 } }"#;
    let response = id(&world, &post(first));
    let last = put(&response, r#"{ "finished": true, "data": {} }"#);
    assert_eq!(status(&world, &last), 400);
    world.wait_ms(3_000);
    id(&world, &last);
}

#[test]
fn whoever_sends_too_many_waits() {
    let world = world();
    world.set("rate_limit", "address=2/60");
    let from = |version: &str| {
        let head = format!("POST /api/{version}/client/clenvironment/responses");
        format!("{head}\nspin-client-addr: 203.0.113.7:1\n\n{WHOLE}")
    };
    for _ in 0..2 {
        id(&world, &from("v1"));
    }
    world.check(
        handle,
        &from("v1"),
        r#"
429
retry-after: *

{ "code": "too_many_requests", "message": "*", "details": {} }"#,
    );
    world.check(
        handle,
        &from("v2"),
        r#"
429

{ "code": "too_many_requests", "message": "*", "details": {},
  "error": { "code": 429, "message": "*" } }"#,
    );
    let display = DISPLAY.replacen("\n\n", "\nspin-client-addr: 203.0.113.7:1\n\n", 1);
    let codes: Vec<u16> = (0..3).map(|_| status(&world, &display)).collect();
    assert_eq!(codes, [200, 200, 429]);
    assert_eq!(world.number("select sum(n) from display"), 2);
}

#[test]
fn an_id_that_was_changed_is_none() {
    let world = world();
    let first = r#"{ "surveyId": "clsurvey", "finished": false, "data": { "qnps": 3 } }"#;
    let response = id(&world, &post(first));
    let told = world.json(handle, DISPLAY);
    let display = told["data"]["id"].as_str().unwrap();
    for at in (0..response.len()).step_by(7) {
        let mut changed = response.clone().into_bytes();
        changed[at] = if changed[at] == b'a' { b'b' } else { b'a' };
        let changed = String::from_utf8(changed).unwrap();
        assert_eq!(status(&world, &put(&changed, "{}")), 404, "{changed}");
    }
    // One kind of id is no other, and one site's is no other's.
    assert_eq!(status(&world, &put(display, "{}")), 404);
    let elsewhere = put(&response, "{}").replace("clenvironment", "{other_pk}");
    let elsewhere = elsewhere.replace("origin: https://shop.example\n", "");
    assert_eq!(status(&world, &elsewhere), 404);
    // Nothing of it stands in the database.
    let kept: String = world
        .database()
        .query_row("select key || answers || hidden || held from partial", [], |row| row.get(0))
        .unwrap();
    assert!(!kept.contains(&response[..20]));
}

#[test]
fn a_display_is_counted_and_known_again() {
    let world = world();
    let told = world.json(handle, DISPLAY);
    let display = told["data"]["id"].as_str().unwrap();
    assert_eq!(world.number("select sum(n) from display"), 1);
    let path = "/api/v1/client/clenvironment/displays";
    let told = world.json(handle, &format!("PUT {path}/{display}\n\n{{ \"responseId\": \"x\" }}"));
    assert_eq!(told["data"]["id"], Value::from(display));
    assert_eq!(status(&world, &format!("PUT {path}/cldisplay\n\n{{}}")), 404);
    assert_eq!(status(&world, &format!("POST {path}\n\n{{}}")), 400);
    let none = format!("POST {path}\n\n{{ \"surveyId\": \"clnone\" }}");
    assert_eq!(status(&world, &none), 404);
    let elsewhere = DISPLAY.replacen("\n\n", "\norigin: https://other.example\n\n", 1);
    assert_eq!(status(&world, &elsewhere), 403);
    assert_eq!(world.number("select sum(n) from display"), 1);
}
