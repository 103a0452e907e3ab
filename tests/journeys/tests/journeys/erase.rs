//! A customer who is erased is gone from every table, every answer and the file itself; the
//! figures that they helped to make stay.

use std::fs;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::server::Server;
use crate::site::{Site, header, items, json, text};

/// What nobody may find any more.
const PERSONAL: [&str; 4] = ["李想想", "li.xiangxiang@example.com", "M-4711", "我是李想想本人"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erased_customer_leaves_figures_and_nothing_else() {
    let server = Server::any();
    let mut site = Site::with_survey(&server).await;
    let [name, email, number, comment] = PERSONAL;
    let make = format!(
        "POST /v1/customers\nauthorization: Bearer {{agent}}\nidempotency-key: customer-1\n\n{}",
        json!({ "external_id": number, "group": "core", "has_consent": true,
            "contacts": { "name": name, "email": email } })
    );
    let made = site.json(&make).await;
    site.name("customer", text(&made, "id"));
    let put = "PUT /v1/studies/{survey}/mapping\nauthorization: Bearer {manager}";
    let mapping =
        json!({ "customer": "who", "answers": { "recommend": "nps", "why": "why", "many": "m" } });
    site.json(&format!("{put}\n\n{mapping}")).await;
    let rows: String = (0..6).map(|_| format!("{number},9,{comment},a\n")).collect();
    let head = "POST /v1/studies/{survey}/import\nauthorization: Bearer {manager}\n\
                content-type: text/csv";
    let csv = Bytes::from(format!("who,nps,why,m\n{rows}"));
    assert_eq!(json(&site.send_bytes(head, csv).await)["taken"], 6);
    let complaint = json!({ "text": format!("{comment}，充电器坏了"), "customer_id":
        site.named("customer"), "files": [] });
    let made = site.post("agent", "/v1/complaints", complaint).await;
    site.name("case", text(&made, "id"));
    let answer = json!({ "text": format!("您好 {name}，我们会处理") });
    site.post("agent", "/v1/complaints/{case}/answer", answer).await;
    let figures = site.get("viewer", "/v1/nps?by=group").await;
    assert_eq!((&figures["n"], &figures["parts"][0]["key"]), (&json!(6), &json!("core")));

    let erase = "DELETE /v1/customers/{customer}\nauthorization: Bearer";
    assert_eq!(site.send(&format!("{erase} {{agent}}")).await.status, 403);
    let receipt = site.json(&format!("{erase} {{manager}}")).await;
    let counted = &receipt["erased"];
    assert_eq!([&counted["responses"], &counted["complaints"], &counted["contacts"]], [6, 1, 2]);
    assert_eq!(site.send(&format!("{erase} {{manager}}")).await.status, 404);
    check_answers(&site, &make).await;
    let mut after = site.get("viewer", "/v1/nps?by=group").await;
    after["as_of"] = figures["as_of"].clone();
    assert_eq!(after, figures, "the figures stay");
    server.rebuild(&site).await;
    server.check_rollups();
    check_file(&server);
}

/// No answer tells of them, not even the one that is kept for a repeated request.
async fn check_answers(site: &Site, make: &str) {
    let again = site.send(make).await;
    assert_eq!(header(&again, "idempotent-replayed"), "true", "nobody is made a second time");
    let told = [
        again.text(),
        site.get("agent", "/v1/customers/{customer}").await.to_string(),
        site.get("agent", "/v1/customers").await.to_string(),
        site.get("agent", "/v1/customers?external_id=M-4711").await.to_string(),
        site.get("agent", "/v1/studies/{survey}/responses").await.to_string(),
        site.get("viewer", "/v1/customers/{customer}/audit").await.to_string(),
        site.get("agent", "/v1/complaints/{case}").await.to_string(),
        site.get("agent", "/v1/complaints").await.to_string(),
        site.get("viewer", "/v1/complaints/{case}/audit").await.to_string(),
    ];
    for (at, told) in told.iter().enumerate() {
        for word in PERSONAL {
            assert!(!told.contains(word), "{at}: {word} in {told}");
        }
    }
    let list = site.get("agent", "/v1/studies/{survey}/responses").await;
    for response in items(&list) {
        assert_eq!(response["customer_id"], Value::Null);
    }
    for subject in ["customers/{customer}", "complaints/{case}"] {
        let verdict = site.get("viewer", &format!("/v1/{subject}/audit/verify")).await;
        assert_eq!(verdict["is_intact"], true, "{subject}");
    }
}

/// No byte of theirs is left in the file: what is deleted is overwritten.
#[track_caller]
fn check_file(server: &Server) {
    let Some(database) = server.database() else { return };
    let checkpoint = "pragma wal_checkpoint(truncate)";
    database.query_row(checkpoint, [], |row| row.get::<_, i64>(0)).unwrap();
    let bytes = fs::read(database.path().unwrap()).unwrap();
    for word in PERSONAL {
        let found = bytes.windows(word.len()).filter(|it| *it == word.as_bytes()).count();
        assert_eq!(found, 0, "{word} is still in the file");
    }
}
