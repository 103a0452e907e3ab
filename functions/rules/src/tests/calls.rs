//! Call-back services and call rules.

use ports::Verb;
use serde_json::json;

use super::{ESCAPED, HOSTILE, Stage, has, location, text};

const SERVICES: &str = "/desk/rules/services";
const RULES: &str = "/desk/rules/call-rules";

#[test]
fn a_service_is_made_and_changed_with_lists_in_a_line() {
    let stage = Stage::new("manager");
    has(&stage.page(&format!("{SERVICES}?lang=en")), &["There is no service yet"]);
    let new = format!("{SERVICES}/new");
    has(&stage.page(&format!("{new}?lang=en")), &["What is left empty is as it ships.", ESCAPED]);
    let filled = [
        ("name", HOSTILE),
        ("is_active", "true"),
        ("length_min", "20"),
        ("quiet/from", "22:00"),
        ("quiet/until", "08:00"),
        ("reminders_min", "1440, 30"),
        ("retries_min/no_answer", "15 60"),
        ("retries_min/busy", ""),
        ("skills", "退换货\n英语"),
        ("calendar_id", "china_office"),
        ("survey_id", ""),
        ("touchpoint_id", "tch_shop"),
    ];
    let answer = stage.post(&new, &format!("{new}?lang=en"), &filled);
    assert_eq!(answer.status(), 303, "{}", text(&answer));
    let (verb, target, body) = stage.last();
    assert_eq!((verb, target.as_str()), (Verb::Post, "/v1/services"));
    assert_eq!(
        body,
        json!({
            "name": HOSTILE, "is_active": true, "is_public": false, "length_min": 20,
            "quiet": { "from": "22:00", "until": "08:00" }, "reminders_min": [1440, 30],
            "retries_min": { "no_answer": [15, 60], "busy": [] }, "skills": ["退换货", "英语"],
            "calendar_id": "china_office", "survey_id": "", "touchpoint_id": "tch_shop"
        }),
        "what a page does not know it does not send"
    );
    let list = stage.page(&format!("{SERVICES}?lang=en"));
    has(&list, &[ESCAPED, "20 minutes, booked 1 hour to 30 days ahead"]);
    let own = location(&answer).split('?').next().unwrap().to_owned();
    let page = stage.page(&format!("{own}?lang=en"));
    has(&page, &["value=\"1440 30\"", "value=\"15 60\"", "Something can be booked.", ESCAPED]);

    let answer =
        stage.post(&own, &format!("{own}?lang=en"), &[("name", "B"), ("is_public", "true")]);
    assert_eq!(location(&answer), format!("{own}?lang=en&done=saved"));
    let (verb, _, body) = stage.last();
    assert_eq!(
        (verb, &body["quiet"], &body["is_active"]),
        (Verb::Patch, &json!(null), &json!(false))
    );
    assert_eq!(stage.header("if-match").as_deref(), Some("\"v1\""));
}

#[test]
fn what_is_wrong_with_a_service_stands_beside_its_field() {
    let stage = Stage::new("manager");
    let new = format!("{SERVICES}/new");
    let filled = [("name", "A"), ("reminders_min", "soon 30")];
    let answer = stage.post(&new, &format!("{new}?lang=en"), &filled);
    assert_eq!(answer.status(), 422);
    has(&text(&answer), &["this is none: soon", "value=\"soon 30\""]);
    assert!(stage.made.borrow().is_empty());
    let filled = [
        ("name", "A"),
        ("length_min", "7"),
        ("retries_min/busy", "0"),
        ("quiet/from", "22:00"),
        ("survey_id", "srv_none"),
    ];
    let answer = stage.post(&new, &format!("{new}?lang=zh"), &filled);
    assert_eq!(answer.status(), 422);
    let page = text(&answer);
    has(&page, &["须为 5 分钟的整数倍", "须属于本站点", "value=\"srv_none\" selected"]);
    has(&page, &["href=\"#retries_min/busy\"", "href=\"#quiet/until\""]);
}

#[test]
fn a_call_rule_says_what_it_waits_for() {
    let stage = Stage::new("manager");
    let service = stage.api("POST /v1/services", &json!({ "name": HOSTILE }).to_string());
    let service = service["id"].as_str().unwrap();
    let new = format!("{RULES}/new");
    let filled = [
        ("event", "customer"),
        ("service_id", service),
        ("is_active", "true"),
        ("delay_min", "60"),
        ("within_min", "1500"),
        ("every_days", "30"),
        ("groups", "core"),
        ("groups", "existing"),
    ];
    let answer = stage.post(&new, &format!("{new}?lang=en"), &filled);
    assert_eq!(answer.status(), 303, "{}", text(&answer));
    let (_, target, body) = stage.last();
    assert_eq!(
        (target.as_str(), &body["groups"]),
        ("/v1/call-rules", &json!(["core", "existing"]))
    );
    let page = stage.page(&format!("{RULES}?lang=en"));
    has(&page, &[ESCAPED, "called from 1 hour to 1 day 1 hour after it, every 30 days"]);
    has(&stage.page(&format!("{RULES}?lang=zh")), &["核心客户定期回访", "仅限：核心客户、老客户"]);
    let own = location(&answer).split('?').next().unwrap().to_owned();
    let filled = [("event", "customer"), ("service_id", "svc_none"), ("delay_min", "x")];
    let page = text(&stage.post(&own, &format!("{own}?lang=en"), &filled));
    has(&page, &["must be a whole number", "value=\"x\""]);
    let filled = [("event", "customer"), ("service_id", "svc_none")];
    let page = text(&stage.post(&own, &format!("{own}?lang=en"), &filled));
    has(&page, &["must be a service of this site", "value=\"svc_none\" selected"]);
}
