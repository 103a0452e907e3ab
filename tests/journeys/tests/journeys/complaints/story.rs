//! From a low score to the ledger, with everybody who has a part in it.

use std::time::Duration;

use journeys::receiver::{Behaviour, Receiver};
use serde_json::{Value, json};

use super::{people, policy, tick, trail};
use crate::server::Server;
use crate::site::{Site, items, text};

/// How long something that comes at once may take on a busy machine.
const AT_ONCE: Duration = Duration::from_secs(30);
const MINUTE_MS: u64 = 60_000;
/// What happens in it once, whatever else does.
const STORY: [&str; 11] = [
    "opened",
    "graded",
    "assigned",
    "answered",
    "linked",
    "replied",
    "escalated",
    "compensated",
    "solved",
    "rated",
    "closed",
];

/// Fills in a form of the customer's page, as a browser without scripts does.
async fn fill(site: &Site, path: &str, act: &str, fields: &[(&str, &str)]) {
    let page = site.send(&format!("GET {path}\naccept-language: en")).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let html = page.text();
    let form = form(&html, act);
    let mut body = form.hidden;
    body.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let encoded: Vec<String> =
        body.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let target = &form.action;
    let sent = format!(
        "POST {target}\ncontent-type: application/x-www-form-urlencoded\n\
         sec-fetch-site: same-origin\n\n{}",
        encoded.join("&")
    );
    let answer = site.send(&sent).await;
    assert_eq!(answer.status, 303, "{sent}\n{}", answer.text());
}

struct Form {
    action: String,
    hidden: Vec<(String, String)>,
}

/// The form of a page whose action ends in `act`.
fn form(html: &str, act: &str) -> Form {
    let is_it = |it: &&str| attribute(it, "action").is_some_and(|it| it.ends_with(act));
    let found = html.split("<form").skip(1).find(is_it);
    let form = found.unwrap_or_else(|| panic!("no form {act} in {html}"));
    let form = form.split("</form>").next().unwrap();
    let is_hidden = |it: &&str| attribute(it, "type") == Some("hidden");
    let hidden = form.split("<input").skip(1).filter(is_hidden).map(|it| {
        let value = attribute(it, "value").unwrap_or("");
        (attribute(it, "name").unwrap().to_owned(), value.to_owned())
    });
    Form { action: attribute(form, "action").unwrap().to_owned(), hidden: hidden.collect() }
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let tag = tag.split('>').next()?;
    tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()
}

fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// One act of staff on the case.
async fn act(site: &Site, who: &str, id: &str, act: &str, body: Value) -> Value {
    site.post(who, &format!("/v1/complaints/{id}/{act}"), body).await
}

/// Whom majors are told to, and what makes a case of a low score.
async fn set_up(site: &mut Site, receiver: &Receiver) {
    people(site).await;
    let hook = json!({ "name": "majors", "url": receiver.url(), "types": ["complaint.*"],
        "grades": ["major"], "is_ordered": true });
    site.post("admin", "/v1/webhooks", hook).await;
    let rule = json!({ "metric": "nps", "at_most": 3, "then": "open" });
    policy(site, "intake", json!({ "rules": [rule] })).await;
    let cause = json!({ "kind": "product_defect", "name": "充电器过热 Charger overheats",
        "department_id": site.named("department") });
    site.make("manager", "cause", "/v1/causes", cause).await;
}

/// A score that nobody may overlook, and the case that comes of it.
async fn low_score(server: &Server, site: &Site) -> String {
    let body = json!({ "version": 1, "answers": { "recommend": 1,
        "why": "充电器起火，烧伤了我的手" } });
    assert_eq!(site.submit("low", &body).await.status, 201);
    tick(server, site).await;
    let list = site.get("agent", "/v1/complaints?grade=major").await;
    let [case] = items(&list) else { panic!("one case: {list}") };
    assert_eq!((text(case, "source"), case["tier"].as_i64()), ("survey", Some(1)), "{case}");
    assert_eq!(case["agent_id"], site.named("expert_id"), "{case}");
    assert!(text(case, "response_id").starts_with("rsp_"), "{case}");
    let answer = &case["clocks"]["answer"];
    assert_eq!((text(answer, "state"), answer["allowance_s"].as_i64()), ("running", Some(3600)));
    text(case, "id").to_owned()
}

/// The specialist answers within the hour and asks something; the customer replies on the page,
/// whose path is returned.
async fn talk(server: &Server, site: &Site, id: &str) -> String {
    server.clock.advance_ms(50 * MINUTE_MS);
    let said = json!({ "text": "We are sorry. Which model is it?", "asks": true });
    let case = act(site, "expert", id, "answer", said).await;
    let answer = &case["clocks"]["answer"];
    assert_eq!((text(&case, "state"), text(answer, "state")), ("waiting", "met"), "{case}");
    assert_eq!(answer["was_late"], false, "{case}");
    let link = act(site, "expert", id, "links", Value::Null).await;
    let url = text(&link, "url");
    let path = url[url.find("/t/").unwrap()..].to_owned();
    server.clock.advance_ms(120 * MINUTE_MS);
    fill(site, &path, "/say", &[("text", "It is the <b>X-20</b> & it was new")]).await;
    let page = site.send(&format!("GET {path}\naccept-language: zh-CN")).await.text();
    assert!(page.contains("&lt;b&gt;X-20&lt;/b&gt; &amp; it was new"), "{page}");
    let case = site.get("agent", &format!("/v1/complaints/{id}")).await;
    assert_eq!(text(&case, "state"), "open");
    path
}

/// Escalated, compensated, solved, rated and closed.
async fn settle(site: &Site, id: &str, path: &str) {
    let said = json!({ "reason": "recall?", "skill": "safety" });
    act(site, "expert", id, "escalate", said).await;
    let refund = json!({ "kind": "refund", "amount": 19900, "currency": "CNY" });
    act(site, "manager", id, "compensate", refund).await;
    act(site, "expert", id, "solve", json!({ "text": "Replaced and refunded." })).await;
    let early = format!("POST /v1/complaints/{id}/close\nauthorization: Bearer {{expert}}\n\n{{}}");
    assert_eq!(site.send(&early).await.status, 422, "closed without a cause");
    let rating = [("csat", "4"), ("ces", "6"), ("text", "Kind people")];
    fill(site, path, "/rate", &rating).await;
    let closing = json!({ "cause": { "kind": "product_defect", "cause_id": site.named("cause"),
        "detail": "batch 7" }, "remedy": "batch recalled" });
    let case = act(site, "expert", id, "close", closing).await;
    assert_eq!(text(&case, "state"), "closed");
    assert_eq!(case["clocks"]["closing"]["was_late"], false, "{case}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_low_score_becomes_a_case_that_is_closed_for_good() {
    let Some(server) = Server::ours("the story of a complaint") else { return };
    let mut site = Site::with_survey(&server).await;
    let receiver = Receiver::start(Behaviour::Healthy);
    set_up(&mut site, &receiver).await;
    let id = low_score(&server, &site).await;
    let path = talk(&server, &site, &id).await;
    settle(&site, &id, &path).await;

    // What it left: the ledger, the figures, the trail, the webhooks.
    let today = text(&site.get("viewer", "/v1/nps").await, "to").to_owned();
    let month = &today[..7];
    let ranking = site.get("viewer", &format!("/v1/causes/ranking?month={month}")).await;
    let first = &items(&ranking)[0];
    assert_eq!((first["id"].as_str(), first["n"].as_i64()), (Some(site.named("cause")), Some(1)));
    let told = site.get("viewer", "/v1/dashboard").await;
    assert_eq!(told["complaints"]["received"], 1, "{told}");
    assert_eq!(told["complaints"]["open"], 0, "{told}");
    let trail = trail(&site, &id).await;
    for kind in STORY {
        let kind = format!("complaint.{kind}");
        assert_eq!(trail.iter().filter(|it| **it == kind).count(), 1, "{kind} in {trail:?}");
    }
    let verdict = site.get("viewer", &format!("/v1/complaints/{id}/audit/verify")).await;
    assert_eq!(verdict["is_intact"], true, "{verdict}");
    assert_eq!(received(&receiver, trail.len()).await, trail, "the webhook is told in order");
}

/// What a receiver was told, each event once: one that was on its way when the clock jumped comes
/// again.
async fn received(receiver: &Receiver, wanted: usize) -> Vec<String> {
    for number in wanted.. {
        let came = receiver.wait(number, AT_ONCE).await;
        let (mut ids, mut kinds) = (Vec::new(), Vec::new());
        for it in &came {
            let body: Value = serde_json::from_slice(&it.body).unwrap();
            if !ids.contains(&body["id"]) {
                ids.push(body["id"].clone());
                kinds.push(text(&body, "type").to_owned());
            }
        }
        if kinds.len() == wanted {
            return kinds;
        }
    }
    Vec::new()
}
