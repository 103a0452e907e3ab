//! The follow-up of a solved complaint: booked by a rule, moved by the customer, made by an agent,
//! recorded, and counted in the score of its touchpoint.

use serde_json::{Value, json};

use super::{check, supply};
use crate::server::Server;
use crate::site::{Site, items, text};

const HOUR_MS: u64 = 3_600_000;

/// What is asked in the call: the result, the service, the product (R8).
const VISIT: &str = r#"{
  "default_language": "zh-CN", "title": { "zh-CN": "回访" }, "touchpoint_id": "{after_sale}",
  "questions": [
    { "id": "result", "type": "rating", "dimension": "result",
      "text": { "zh-CN": "对处理结果满意吗？", "en": "Are you satisfied with the result?" } },
    { "id": "service", "type": "rating", "dimension": "service",
      "text": { "zh-CN": "对服务满意吗？", "en": "And with the service?" } },
    { "id": "product", "type": "rating", "dimension": "product",
      "text": { "zh-CN": "对产品满意吗？", "en": "And with the product?" } }
  ]
}"#;

async fn tick(server: &Server, site: &Site) -> Value {
    let key = server.tick_key.clone().unwrap();
    site.json(&format!("POST /internal/tick/callback\nauthorization: Bearer {key}")).await
}

async fn act(site: &Site, id: &str, act: &str, body: Value) -> Value {
    site.post("caller", &format!("/v1/callbacks/{id}/{act}"), body).await
}

/// A survey of visits, a rule, a touchpoint, and an agent with a key: `{caller}`.
async fn set_up(site: &mut Site) {
    let body = json!({ "name": "售后 After-sale", "stage": "after_sale", "target": 85 });
    site.make("manager", "after_sale", "/v1/touchpoints", body).await;
    let visit = VISIT.replace("{after_sale}", site.named("after_sale"));
    let visit = site.publish("回访 Visit", &visit).await;
    site.name("visit", &visit);
    let more = json!({ "survey_id": visit, "grace_min": 30, "expires_days": 7 });
    supply(site, 1, more).await;
    let body = json!({ "name": "caller", "kind": "secret", "role": "agent",
        "agent_id": site.named("agent_0") });
    let path = format!("/v1/keys?site={}", site.named("site"));
    let made = site.post("owner", &path, body).await;
    site.name("caller", text(&made, "key"));
    let rule = json!({ "event": "complaint.solved", "purpose": "solved_case",
        "service_id": site.named("service"), "delay_min": 60, "within_min": 4320 });
    site.make("manager", "rule", "/v1/call-rules", rule).await;
}

/// A complaint of somebody with a telephone, solved.
async fn solved_case(site: &mut Site) -> String {
    let body = json!({ "text": "洗衣机送来时门是坏的", "touchpoint_id": site.named("after_sale"),
        "customer": { "external_id": "c-1", "name": "林女士", "phone": "138 0013 8000" } });
    let case = site.post("agent", "/v1/complaints", body).await;
    let id = text(&case, "id").to_owned();
    let said = json!({ "text": "已更换新机。" });
    site.post("agent", &format!("/v1/complaints/{id}/solve"), said).await;
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_follow_up_of_a_solved_complaint_counts_in_the_score() {
    let Some(server) = Server::ours("the follow-up of a complaint") else { return };
    let mut site = Site::new(&server).await;
    set_up(&mut site).await;
    let case = solved_case(&mut site).await;
    for _ in 0..2 {
        tick(&server, &site).await;
    }
    let list = site.get("agent", &format!("/v1/callbacks?case_id={case}")).await;
    let [visit] = items(&list) else { panic!("one call-back: {list}") };
    assert_eq!((text(visit, "mode"), text(visit, "state")), ("visit", "waiting"), "{visit}");
    assert_eq!(text(visit, "purpose"), "solved_case");
    let id = text(visit, "id").to_owned();
    // Too early: the rule waits for an hour.
    let early = "POST /v1/callbacks/next\nauthorization: Bearer {caller}";
    assert_eq!(site.send(early).await.status, 204);
    server.clock.advance_ms(2 * HOUR_MS);
    // Nobody is there at first; the ladder says when it is tried again.
    let next = site.post("caller", "/v1/callbacks/next", json!({})).await;
    let call = &next["callback"];
    assert_eq!((text(call, "id"), text(call, "state")), (id.as_str(), "calling"), "{next}");
    assert!(next.to_string().contains("+8613800138000"), "the agent sees the number: {next}");
    let tried = act(&site, &id, "attempts", json!({ "outcome": "no_answer" })).await;
    assert_eq!(text(&tried, "state"), "waiting", "{tried}");
    server.clock.advance_ms(HOUR_MS);
    let next = site.post("caller", "/v1/callbacks/next", json!({})).await;
    assert_eq!(text(&next["callback"], "id"), id);
    let answers = json!({ "result": 5, "service": 4, "product": 3 });
    let said = json!({ "outcome": "reached", "duration_s": 240, "note": "很满意",
        "answers": answers });
    let reached = act(&site, &id, "attempts", said).await;
    assert_eq!(text(&reached, "state"), "reached", "{reached}");
    assert_eq!(reached["promise"], "kept", "{reached}");
    assert!(text(&reached, "result_id").starts_with("rsp_"), "{reached}");

    // What it left: a response, the touchpoint's score, the figures, the trail.
    let path = format!("/v1/csat?touchpoint={}", site.named("after_sale"));
    let score = site.get("viewer", &path).await;
    assert_eq!(score["n"], 3, "{score}");
    let figures = site.get("viewer", "/v1/callback-figures?by=purpose").await;
    assert!(figures.to_string().contains("solved_case"), "{figures}");
    let trail = site.get("viewer", &format!("/v1/callbacks/{id}/audit/verify")).await;
    assert_eq!(trail["is_intact"], true, "{trail}");
    // The rule never makes a second one.
    tick(&server, &site).await;
    let list = site.get("agent", &format!("/v1/callbacks?case_id={case}")).await;
    assert_eq!(items(&list).len(), 1, "{list}");
    check(&server.database().unwrap());
}
