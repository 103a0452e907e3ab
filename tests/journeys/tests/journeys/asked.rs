//! Whom a survey asks and what it takes: begun and finished later, once by a link, no more than a
//! quota allows, and a wave of invitations from its plan to its answers.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::server::{Server, date, leave_out};
use crate::site::{Site, header, items, json as body, text};

/// A survey with a quota, a limit of its own, and a hidden field.
const DEFINITION: &str = r#"{
  "title": { "zh-CN": "回访", "en": "Visit" },
  "questions": [
    { "id": "recommend", "type": "nps", "text": "推荐吗？", "required": true },
    { "id": "why", "type": "text", "text": "为什么？",
      "show_if": { "question": "recommend", "is": "class", "value": "detractor" } },
    { "id": "mail", "type": "email", "text": "邮箱" }
  ],
  "endings": [{ "id": "full", "text": "名额已满" }],
  "hidden": [{ "id": "order" }],
  "quotas": [{ "id": "on_app", "if": { "channel": "app" }, "most": 2, "then": "end:full" }],
  "sampling": { "percent": 100, "rest_days": { "survey": 30 } }
}"#;

async fn survey(server: &Server) -> (Site, String) {
    let mut site = Site::new(server).await;
    let study = site.publish("asked", DEFINITION).await;
    site.name("survey", &study);
    (site, study)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_begun_is_finished_later_and_counted_once() {
    let server = Server::any();
    let (site, study) = survey(&server).await;
    let key = "7f1c9a52-1c2d-4c7e-9b52-5a1d4f0e6b11";
    let path = format!("/v1/surveys/{study}/partials/{key}");
    let put = |given: &str| {
        format!(
            "PUT {path}\nauthorization: Bearer {{pk}}\n\n\
             {{ \"version\": 1, \"answers\": {given}, \"at\": \"why\" }}"
        )
    };
    assert_eq!(site.status(&put(r#"{ "recommend": 3 }"#)).await, 204);
    assert_eq!(site.status(&put(r#"{ "recommend": 9, "why": "x" }"#)).await, 422, "not reached");
    assert_eq!(site.status(&put(r#"{ "recommend": 3, "why": "等了很久" }"#)).await, 204);
    let kept = site.json(&format!("GET {path}\nauthorization: Bearer {{pk}}")).await;
    assert_eq!(kept["answers"]["why"], "等了很久");
    let stopped = site.get("viewer", &format!("/v1/studies/{study}/dropoff")).await;
    assert_eq!(stopped["questions"][1]["stopped"], 1, "{stopped}");
    let whole = json!({ "version": 1, "hidden": { "order": "A-1" }, "answers": {
        "recommend": 3, "why": "等了很久", "mail": "a@example.com" } });
    for _ in 0..2 {
        let answer = site.submit(key, &whole).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
    }
    let gone = format!("GET {path}\nauthorization: Bearer {{pk}}");
    assert_eq!(site.send(&gone).await.status, 404);
    let done = site.get("viewer", &format!("/v1/studies/{study}/dropoff")).await;
    assert_eq!((&done["finished"], &done["questions"][1]["stopped"]), (&json!(1), &json!(0)));
    let list = site.get("agent", &format!("/v1/studies/{study}/responses")).await;
    let [only] = items(&list) else { panic!("{list}") };
    assert_eq!(only["answers"]["order"], "A-1");
    assert_eq!(only["answers"]["mail"], "a@example.com", "agents may write back");
    let raw = site
        .send(&format!(
            "GET /v1/studies/{study}/export?format=jsonl&raw=1\nauthorization: Bearer {{manager}}"
        ))
        .await;
    assert!(!raw.text().contains("example.com"), "contacts stand in one table");
    server.check_rollups();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quota_holds_and_a_link_holds_once() {
    let server = Server::any();
    let (site, study) = survey(&server).await;
    let answer =
        |channel: &str| json!({ "version": 1, "channel": channel, "answers": { "recommend": 9 } });
    let mut ended = Vec::new();
    for at in 0..3 {
        let taken = body(&site.submit(&format!("app-{at}"), &answer("app")).await);
        ended.push((taken["full"].clone(), taken["ending"].clone()));
    }
    let free = (Value::Null, Value::Null);
    assert_eq!(ended, [free.clone(), free, (json!("on_app"), json!("full"))]);
    assert_eq!(body(&site.submit("web", &answer("web")).await)["full"], Value::Null);
    assert_eq!(site.get("viewer", "/v1/nps").await["n"], 3);

    let today = text(&site.get("viewer", "/v1/nps").await, "to").to_owned();
    let expires_at = format!("{}T00:00:00Z", date(&today, "+30 days"));
    let make = json!({ "count": 2, "expires_at": expires_at });
    let made = site.post("manager", &format!("/v1/studies/{study}/links"), make).await;
    let links = made["links"].as_array().unwrap();
    assert_eq!(links.len(), 2);
    let url = text(&links[0], "url");
    let (_, link) = url.split_once("?l=").unwrap();
    let with = |score: u8| json!({ "version": 1, "link": link, "answers": { "recommend": score } });
    assert_eq!(site.submit("first", &with(10)).await.status, 201);
    let again = site.submit("second", &with(0)).await;
    assert_eq!(again.status, 409, "{}", again.text());
    assert!(again.text().contains("/problems/link-used"), "{}", again.text());
    assert_eq!(site.get("viewer", "/v1/nps").await["n"], 4);
    server.check_rollups();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_asked_rests() {
    let server = Server::any();
    let (site, study) = survey(&server).await;
    let path = format!("/v1/surveys/{study}/eligibility?visitor=v-1&explain=1");
    let ask = format!("GET {path}\nauthorization: Bearer {{pk}}");
    assert_eq!(site.json(&ask).await["eligible"], true);
    let shown = format!(
        "POST /v1/surveys/{study}/displays\nauthorization: Bearer {{pk}}\n\n\
         {{ \"visitor\": \"v-1\" }}"
    );
    assert_eq!(site.status(&shown).await, 204);
    let verdict = site.json(&ask).await;
    assert_eq!(verdict["eligible"], false, "{verdict}");
    let gates = verdict["gates"].as_array().unwrap();
    let failed: Vec<&str> =
        gates.iter().filter(|it| it["passes"] == false).map(|it| text(it, "gate")).collect();
    assert_eq!(failed, ["rest_survey"]);
    let other = ask.replace("v-1", "v-2");
    assert_eq!(site.json(&other).await["eligible"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wave_invites_and_is_answered() {
    let server = Server::any();
    let Some(key) = server.tick_key.clone() else {
        leave_out("waves are opened by the tick: HUIYIN_TICK_KEY is not set");
        return;
    };
    let (site, study) = survey(&server).await;
    for (number, group) in ["core", "core", "new"].iter().enumerate() {
        let customer =
            json!({ "external_id": format!("M{number}"), "group": group, "has_consent": true });
        site.post("agent", "/v1/customers", customer).await;
    }
    let today = text(&site.get("viewer", "/v1/nps").await, "to").to_owned();
    let plan = json!({ "name": "季度", "study_id": study, "recurrence": "quarterly",
        "starts_on": today, "sample": { "core": 2, "new": 2 }, "open_days": 14 });
    let programme = site.post("manager", "/v1/programmes", plan).await;
    let waves = format!("/v1/programmes/{}/waves", text(&programme, "id"));
    let began = Instant::now();
    let (wave, invitations) = loop {
        site.json(&format!("POST /internal/tick/invite\nauthorization: Bearer {key}")).await;
        let list = site.get("viewer", &waves).await;
        if let [wave] = items(&list) {
            let wave = text(wave, "id").to_owned();
            let list = site.get("agent", &format!("/v1/waves/{wave}/invitations")).await;
            if items(&list).len() == 3 {
                break (wave, list);
            }
        }
        assert!(began.elapsed() < Duration::from_secs(90), "no wave: {list}");
        tokio::time::sleep(Duration::from_millis(300)).await;
    };
    let url = text(&items(&invitations)[0], "url");
    let (page, link) = url.split_once("?l=").unwrap();
    let (_, path) = page.split_once("/s/").unwrap();
    let answer = site.send(&format!("GET /s/{path}?l={link}")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(header(&answer, "x-robots-tag"), "noindex");
    let taken = json!({ "version": 1, "link": link, "answers": { "recommend": 10 } });
    assert_eq!(site.submit("by-link", &taken).await.status, 201);
    let cover = site.get("viewer", &format!("/v1/waves/{wave}")).await;
    let answered: i64 =
        cover["groups"].as_array().unwrap().iter().filter_map(|it| it["answered"].as_i64()).sum();
    assert_eq!(answered, 1, "{cover}");
    let missing: i64 =
        cover["groups"].as_array().unwrap().iter().filter_map(|it| it["missing"].as_i64()).sum();
    assert_eq!(missing, 1, "one new customer is missing: {cover}");
}
