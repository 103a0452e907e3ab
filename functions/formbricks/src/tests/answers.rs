//! Answers in their shapes, whole and one by one.

use serde_json::{Value, json};

use super::{answers, id, post, publish, put, status, world};
use crate::handle;

#[test]
fn every_shape_of_an_answer_becomes_ours() {
    let world = world();
    let body = r#"{ "surveyId": "clsurvey", "finished": true, "language": "de-DE",
        "data": { "qnps": "7", "stars": 4, "easy": 6, "how": "Im Laden", "what": ["Cups", "Tea"],
          "parts": { "The speed": "4", "price": 2 }, "order": ["Taste", "Cost"], "cups": "2",
          "day": "2026-11-01", "qwhy": "  slow ", "qmail": ["Wei", "Li", "wei@example.com", "", ""],
          "agree": "accepted", "plan": "gold", "qcta": "clicked" },
        "variables": { "plan": "silver", "none": 1 },
        "meta": { "url": "https://shop.example/a", "source": "left out" } }"#;
    id(&world, &post(body));
    let expected = json!({
        "recommend": 7, "stars": 4, "easy": 6, "how": "shop", "what": ["cups", "tea"],
        "parts": { "speed": 4, "price": 2 }, "order": ["taste", "cost"], "cups": 2,
        "day": "2026-11-01", "why": "slow", "mail": true, "agree": true, "plan": "gold",
        "url": "https://shop.example/a",
    });
    assert_eq!(answers(&world), expected);
    let sql = "select count(*) from response where language = 'de'";
    assert_eq!(world.number(sql), 1, "the survey's own language that is nearest");
    let sql = "select count(*) from contact where value = 'wei@example.com'";
    assert_eq!(world.number(sql), 1);
}

#[test]
fn words_of_their_own_stand_with_the_open_option() {
    let world = world();
    let body = r#"{ "surveyId": "clsurvey", "finished": true,
        "data": { "qnps": 7, "how": "By drone" } }"#;
    id(&world, &post(body));
    assert_eq!(answers(&world)["how"], json!({ "other": "By drone" }));
}

#[test]
fn what_was_passed_over_is_no_answer() {
    let world = world();
    let body = r#"{ "surveyId": "clsurvey", "finished": true, "language": "default",
        "data": { "qnps": 0, "stars": "", "how": [], "what": ["", ""], "parts": {},
                  "qwhy": " ", "qmail": ["", "", "", "", ""], "agree": "dismissed",
                  "gone": "", "day": null },
        "meta": { "url": "https://shop.example/an/address/that/is/far/too/long" } }"#;
    id(&world, &post(body));
    assert_eq!(answers(&world), json!({ "recommend": 0 }));
}

#[test]
fn answers_that_come_one_by_one_are_one_response() {
    let world = world();
    let first = r#"{ "surveyId": "clsurvey", "finished": false, "data": { "qnps": 3 } }"#;
    let response = id(&world, &post(first));
    assert_eq!(world.number("select count(*) from partial"), 1);
    let steps = [
        r#"{ "finished": false, "data": { "qmail": "wei@example.com" } }"#,
        r#"{ "finished": false, "data": { "qwhy": "slow", "stars": 2 } }"#,
        r#"{ "finished": false, "data": { "stars": "" } }"#,
        r#"{ "finished": true, "data": { "easy": 2, "plan": "gold" } }"#,
    ];
    for step in steps {
        world.wait_ms(1_000);
        assert_eq!(id(&world, &put(&response, step)), response);
        let kept = "select count(*) from partial where answers like '%example.com%'
                      or held like '%example.com%' or row like '%example.com%'";
        assert_eq!(world.number(kept), 0, "an address lies open in a partial");
    }
    let expected =
        json!({ "recommend": 3, "why": "slow", "mail": true, "easy": 2, "plan": "gold" });
    assert_eq!(answers(&world), expected);
    assert_eq!(world.number("select count(*) from partial"), 0);
    let sql = "select count(*) from contact where value = 'wei@example.com'";
    assert_eq!(world.number(sql), 1, "what was told once was kept until the end");
    assert_eq!(world.number("select count(*) from event where kind = 'response.created'"), 1);
}

#[test]
fn what_was_finished_stays_as_it_is() {
    let world = world();
    let first = r#"{ "surveyId": "clsurvey", "finished": false, "data": { "qnps": 3 } }"#;
    let response = id(&world, &post(first));
    let last = r#"{ "finished": true, "data": { "stars": 5 } }"#;
    let taken = world.json(handle, &put(&response, last));
    // The network lost the answer.
    assert_eq!(world.json(handle, &put(&response, last)), taken);
    for other in [r#"{ "finished": true, "data": { "stars": 1 } }"#, r#"{ "data": {} }"#] {
        world.check(
            handle,
            &put(&response, other),
            r#"
400

{ "code": "bad_request", "message": "Response is already finished",
  "details": { "code": "response_already_finished" } }"#,
        );
    }
    assert_eq!(answers(&world), json!({ "recommend": 3, "stars": 5 }));
}

#[test]
fn whatever_is_sent_again_is_one_response() {
    let world = world();
    let display = "POST /api/v1/client/clenvironment/displays\n\n{ \"surveyId\": \"clsurvey\" }";
    let told = world.json(handle, display);
    let display = told["data"]["id"].as_str().unwrap();
    let of = |member: &str| {
        format!(
            r#"{{ "surveyId": "clsurvey", "finished": true, {member}, "data": {{ "qnps": 9 }} }}"#
        )
    };
    for (at, member) in [
        format!(r#""displayId": "{display}""#),
        r#""singleUseId": "once""#.to_owned(),
        r#""ttc": { "qnps": 2154.7 }"#.to_owned(),
    ]
    .iter()
    .enumerate()
    {
        // Right before the end of a window, and right after it.
        world.wait_ms(600_000 - world_ms(&world) % 600_000 - 1);
        let first = world.json(handle, &post(&of(member)));
        world.wait_ms(2);
        let second = world.json(handle, &post(&of(member)));
        assert_eq!(first["data"]["quotaFull"], second["data"]["quotaFull"]);
        let expected = i64::try_from(at).unwrap() + 1;
        assert_eq!(world.number("select count(*) from response"), expected, "{member}");
    }
    // Another answer under the same id is another response, and is refused.
    let other = of(r#""singleUseId": "once""#).replace("9 }", "1 }");
    world.check(
        handle,
        &post(&other),
        "409\n\n{ \"code\": \"conflict\", \"message\": \"*\", \"details\": {} }",
    );
    // Another visitor is another visitor.
    let else_ = post(&of(r#""ttc": { "qnps": 2154.7 }"#));
    let else_ = else_.replacen("\n\n", "\nuser-agent: another\n\n", 1);
    assert_eq!(status(&world, &else_), 200);
    // What has nothing by which it could be known again is taken for a new one.
    let plain = r#"{ "surveyId": "clsurvey", "finished": true, "data": { "qnps": 9 } }"#;
    for _ in 0..2 {
        assert_eq!(status(&world, &post(plain)), 200);
    }
    assert_eq!(world.number("select count(*) from response"), 6);
}

fn world_ms(world: &testkit::World) -> i64 {
    ports::Env::now(world)
}

#[test]
fn a_first_part_that_comes_late_changes_nothing() {
    let world = world();
    let first = r#"{ "surveyId": "clsurvey", "finished": false, "singleUseId": "s",
                     "data": { "qnps": 3 } }"#;
    let response = id(&world, &post(first));
    id(&world, &put(&response, r#"{ "finished": false, "data": { "qnps": 8, "stars": 4 } }"#));
    id(&world, &post(first));
    id(&world, &put(&response, r#"{ "finished": true, "data": { "easy": 1 } }"#));
    id(&world, &post(first));
    assert_eq!(answers(&world), json!({ "recommend": 8, "stars": 4, "easy": 1 }));
}

#[test]
fn what_another_way_does_not_reach_is_left_behind() {
    let world = testkit::World::with_site();
    world.set("formbricks", "on");
    world.set("spam", "off");
    let definition = r#"{ "default_language": "en", "title": { "en": "x" }, "questions": [
        { "id": "score", "type": "nps", "text": { "en": "?" }, "required": true },
        { "id": "bad", "type": "text", "text": { "en": "?" },
          "show_if": { "question": "score", "is": "lt", "value": 7 } } ] }"#;
    publish(&world, definition);
    let first = r#"{ "surveyId": "srv_shop", "finished": false, "data": { "score": 2 } }"#;
    let path = "/api/v1/client/{pk}/responses";
    let response = id(&world, &format!("POST {path}\n\n{first}"));
    for body in [
        r#"{ "finished": false, "data": { "bad": "all of it" } }"#,
        r#"{ "finished": true, "data": { "score": 9 } }"#,
    ] {
        id(&world, &format!("PUT {path}/{response}\n\n{body}"));
    }
    assert_eq!(answers(&world), json!({ "score": 9 }));
}

#[test]
fn an_answer_that_comes_late_keeps_its_time() {
    let world = world();
    let at = |at: &str| {
        format!(
            r#"{{ "surveyId": "clsurvey", "finished": true, "createdAt": "{at}",
                  "data": {{ "qnps": 9 }} }}"#
        )
    };
    id(&world, &post(&at("2026-11-20T08:00:00.000Z")));
    let sql = "select answered_at_ms / 1000 from response";
    assert_eq!(world.number(sql), 1_795_161_600);
    let refused: Value =
        serde_json::from_slice(world.send(handle, &post(&at("2020-11-20T08:00:00.000Z"))).body())
            .unwrap();
    assert_eq!(refused["details"]["createdAt"], "must lie in the last 30 days");
}

#[test]
fn a_response_that_was_given_up_cannot_go_on() {
    let world = world();
    let first = r#"{ "surveyId": "clsurvey", "finished": false, "data": { "qwhy": "slow" } }"#;
    let response = id(&world, &post(first));
    world.wait_ms(24 * 60 * 60 * 1000);
    assert_eq!(status(&world, &put(&response, r#"{ "finished": true, "data": {} }"#)), 404);
}

#[test]
fn two_that_add_at_once_lose_nothing() {
    let world = world();
    let first = r#"{ "surveyId": "clsurvey", "finished": false, "data": { "qnps": 3 } }"#;
    let response = id(&world, &post(first));
    // Equal times: the clock of this world stands still.
    for (step, value) in [("stars", 4), ("easy", 5), ("cups", 6)] {
        let body = format!(r#"{{ "finished": false, "data": {{ "{step}": {value} }} }}"#);
        id(&world, &put(&response, &body));
    }
    let times = "select count(*) from partial where saved_at_ms > 1795311000000";
    assert_eq!(world.number(times), 1, "every state has a time of its own");
    id(&world, &put(&response, r#"{ "finished": true }"#));
    assert_eq!(answers(&world), json!({ "recommend": 3, "stars": 4, "easy": 5, "cups": 6 }));
}
