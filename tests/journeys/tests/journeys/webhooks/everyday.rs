//! What an engineer does in the first hour: make a webhook, see it work, pause it, replay, replace
//! its secret; and let another system tell us something that goes out again.

use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use journeys::receiver::{Behaviour, Receiver};
use serde_json::{Value, json};

use super::{AT_ONCE, Hook, check_signed, events, hook, until};
use crate::server::Server;
use crate::site::{Site, items, json, submission, text};

/// What another system sends us, and how it is to be understood.
const RULES: &str = r#"[
  { "when": [{ "pointer": "/type", "is": "order.completed" }], "to": "order",
    "fields": { "external_id": "/data/number", "customer": "/data/buyer",
      "amount": { "pointer": "/data/total", "scale": 100 }, "currency": { "value": "CNY" },
      "completed_at": "/data/paid_at" } },
  { "when": [{ "pointer": "/type", "is": "call.ended" }], "to": "measurement",
    "fields": { "name": { "value": "human_pick_up" }, "seconds": "/data/waited",
      "key": "/data/id" } }
]"#;

async fn change(site: &Site, hook: &Hook, body: Value) {
    let id = &hook.id;
    let asked = format!("PATCH /v1/webhooks/{id}\nauthorization: Bearer {{admin}}\n\n{body}");
    site.json(&asked).await;
}

async fn submit(site: &Site, key: &str) {
    let body = json!({ "version": 1, "answers": { "recommend": 7 } });
    assert_eq!(site.submit(key, &body).await.status, 201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_is_tried_paused_replayed_and_gets_a_new_secret() {
    let Some(server) = Server::ours("webhooks from day to day") else { return };
    let site = Site::with_survey(&server).await;
    let receiver = Receiver::start(Behaviour::Healthy);
    let hook = hook(&site, "CRM", &receiver.url(), json!({ "types": ["response.*"] })).await;
    let path = format!("/v1/webhooks/{}", hook.id);

    site.post("admin", &format!("{path}/test"), Value::Null).await;
    let came = receiver.wait(1, AT_ONCE).await;
    let body: Value = serde_json::from_slice(&came[0].body).unwrap();
    assert_eq!(body["type"], "webhook.tested");
    check_signed(&hook, &came);

    change(&site, &hook, json!({ "state": "paused" })).await;
    submit(&site, "while-paused").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(receiver.count(), 1, "a paused webhook was sent something");
    change(&site, &hook, json!({ "state": "active" })).await;
    receiver.wait(2, AT_ONCE).await;

    let first = site.post("admin", &format!("{path}/rotate"), Value::Null).await;
    submit(&site, "with-both").await;
    let came = receiver.wait(3, AT_ONCE).await;
    assert_eq!(came[2].header("webhook-signature").split(' ').count(), 2);
    check_signed(&hook, &came[2..]);
    let new = Hook { id: hook.id.clone(), secret: text(&first, "secret").to_owned() };
    check_signed(&new, &came[2..]);
    server.clock.advance_ms(25 * 60 * 60 * 1000);
    submit(&site, "a-day-later").await;
    let came = receiver.wait(4, AT_ONCE).await;
    assert_eq!(came[3].header("webhook-signature").split(' ').count(), 1);
    check_signed(&new, &came[3..]);

    // The test is one of them.
    let all = 1 + events(&site, "response.*").await.len();
    let since = json!({ "since": "2020-01-01T00:00:00Z", "dry_run": true });
    let told = site.post("manager", &format!("{path}/replay"), since).await;
    assert_eq!(told["events"], all, "{told}");
    let since = json!({ "since": "2020-01-01T00:00:00Z" });
    site.post("manager", &format!("{path}/replay"), since).await;
    receiver.wait(4 + all, AT_ONCE).await;

    until("the log is late", async || {
        let log = site.get("manager", &format!("{path}/deliveries?state=delivered")).await;
        items(&log).len() == all
    })
    .await;
    let log = site.get("manager", &format!("{path}/deliveries?type=response.created")).await;
    let sequence = items(&log)[0]["sequence"].as_i64().unwrap();
    let one = site.get("manager", &format!("{path}/deliveries/{sequence}")).await;
    assert_eq!(one["attempts"][0]["status"], 200, "{one}");
    assert_eq!(one["attempts"][0]["answer"], "ok", "{one}");
    let verdict = site.get("viewer", &format!("{path}/audit/verify")).await;
    assert_eq!(verdict["is_intact"], true);
}

/// Posts what another system signed.
async fn tell(site: &Site, source: &str, secret: &str, id: &str, body: &Value) -> u16 {
    let signer = standardwebhooks::Webhook::new(secret).unwrap();
    let at = i64::try_from(UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap();
    let body = body.to_string();
    let signature = signer.sign(id, at, body.as_bytes()).unwrap();
    let head = format!(
        "POST /v1/inbound/{source}\nwebhook-id: {id}\nwebhook-timestamp: {at}\n\
         webhook-signature: {signature}\ncontent-type: application/json"
    );
    site.send_bytes(&head, Bytes::from(body)).await.status.as_u16()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_system_tells_is_taken_once_and_goes_out_again() {
    let Some(server) = Server::ours("what comes in") else { return };
    let site = Site::with_survey(&server).await;
    let receiver = Receiver::start(Behaviour::Healthy);
    let types = json!({ "types": ["order.completed", "measurement.recorded"] });
    let hook = hook(&site, "back", &receiver.url(), types).await;
    // Any secret of the right length.
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let rules: Value = serde_json::from_str(RULES).unwrap();
    let made = json!({ "name": "Shop", "verify": { "scheme": "standard" }, "secret": secret,
        "rules": rules });
    let source = site.post("admin", "/v1/sources", made).await;
    let source = text(&source, "id");
    let order = json!({ "type": "order.completed", "data": { "number": "A-1", "buyer": "c-1",
        "total": "19.90", "paid_at": server_time(&site).await } });
    for _ in 0..3 {
        assert_eq!(tell(&site, source, secret, "msg_1", &order).await, 202);
    }
    let call = json!({ "type": "call.ended", "data": { "id": "call-1", "waited": 42 } });
    assert_eq!(tell(&site, source, secret, "msg_2", &call).await, 202);
    let forged = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    assert_eq!(tell(&site, source, forged, "msg_3", &order).await, 401);

    let came = receiver.wait(2, AT_ONCE).await;
    check_signed(&hook, &came);
    let orders = site.get("agent", "/v1/orders").await;
    assert_eq!(items(&orders).len(), 1, "{orders}");
    assert_eq!(items(&orders)[0]["amount"], 1990, "{orders}");
    let figures = site.get("viewer", "/v1/measurements?name=human_pick_up").await;
    assert_eq!(figures["n"], 1, "{figures}");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(receiver.count(), 2, "something was told twice");
}

/// What time it is there.
async fn server_time(site: &Site) -> String {
    let answer = site.send(&submission("now", r#"{"version":1,"answers":{"recommend":9}}"#)).await;
    text(&json(&answer), "received_at").to_owned()
}
