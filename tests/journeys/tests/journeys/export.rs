//! A file leaves as it came: what is exported can be imported again and is the same, a long file
//! streams, and one that breaks off does not look whole.

use std::fmt::Write as _;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::server::{Server, date};
use crate::site::{Site, header, json, text};

/// More rows than any page of an export has.
const ROWS: usize = 730;

/// What people write, and what spreadsheets would run.
const TEXTS: [&str; 12] = [
    "=HYPERLINK(\"http://evil.example\",\"好\")",
    "+1 很好",
    "-1",
    "@everyone, \"quoted\"; parted",
    "'tis fine",
    "it's",
    "two\nlines",
    "two\r\n=lines",
    "a\ttab",
    "等了 3 天，\u{1f62d}",
    "＝全角",
    "\\u597d \\ \" ",
];

const DEFINITION: &str = r#"{
  "title": "回访",
  "questions": [
    { "id": "recommend", "type": "nps", "text": "推荐吗？", "touchpoint_id": "{shop}" },
    { "id": "many", "type": "multiple_choice", "text": "哪些？", "options": [
      { "id": "a", "text": "甲" }, { "id": "b", "text": "乙" } ] },
    { "id": "why", "type": "text", "text": "为什么？" }
  ]
}"#;

/// A file of so many rows, written as any other program would write it.
fn file(day: &str) -> Bytes {
    let mut csv = "No,When,Via,Who,NPS,Many,Why\n".to_owned();
    for number in 0..ROWS {
        let why = TEXTS[number % TEXTS.len()].replace('"', "\"\"");
        let (minute, second) = (number / 60, number % 60);
        let many = ["", "a", "a;b"][number % 3];
        let group = ["core", ""][number % 2];
        let nps = number % 11;
        let clock = format!("{day} 09:{minute:02}:{second:02}");
        writeln!(csv, "{number},{clock},app,{group},{nps},{many},\"{why}\"").unwrap();
    }
    Bytes::from(csv)
}

async fn import(site: &Site, study: &str, mapping: Value, csv: Bytes) {
    let put = format!("PUT /v1/studies/{study}/mapping\nauthorization: Bearer {{manager}}");
    site.json(&format!("{put}\n\n{mapping}")).await;
    let head = format!(
        "POST /v1/studies/{study}/import\nauthorization: Bearer {{manager}}\n\
         content-type: text/csv"
    );
    let report = json(&site.send_bytes(&head, csv).await);
    assert_eq!((&report["taken"], &report["refused"]), (&json!(ROWS), &json!(0)), "{report}");
}

/// Everything of a study but what names it, in an order of its own.
async fn told(site: &Site, study: &str) -> Vec<String> {
    let path = format!("/v1/studies/{study}/export?format=jsonl&raw=1");
    let answer = site.send(&format!("GET {path}\nauthorization: Bearer {{manager}}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(header(&answer, "content-type"), "application/jsonl");
    let mut told = Vec::new();
    for line in answer.text().lines() {
        let mut line: Value = serde_json::from_str(line).unwrap();
        for name in ["id", "received_at"] {
            line.as_object_mut().unwrap().remove(name).unwrap();
        }
        told.push(line.to_string());
    }
    told.sort_unstable();
    told
}

async fn with_shop(server: &Server) -> (Site, String) {
    let mut site = Site::new(server).await;
    let body = json!({ "name": "门店", "stage": "purchase" });
    site.make("manager", "shop", "/v1/touchpoints", body).await;
    let day = date(text(&site.get("viewer", "/v1/nps").await, "to"), "-3 days");
    (site, day)
}

fn first_mapping() -> Value {
    json!({ "id": "No", "answered_at": "When", "channel": "Via", "group": "Who",
        "answers": { "recommend": "NPS", "many": "Many", "why": "Why" } })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_exported_can_be_imported_again_and_is_the_same() {
    let server = Server::any();
    let (site, day) = with_shop(&server).await;
    let first = site.publish("first", DEFINITION).await;
    import(&site, &first, first_mapping(), file(&day)).await;

    let path = format!("/v1/studies/{first}/export");
    let answer = site.send(&format!("GET {path}\nauthorization: Bearer {{agent}}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(header(&answer, "content-type"), "text/csv; charset=utf-8");
    assert_eq!(header(&answer, "transfer-encoding"), "chunked", "a long file streams");
    assert!(answer.body.starts_with("\u{feff}id,".as_bytes()));
    assert!(answer.text().contains("\"'=HYPERLINK("));

    let second = site.publish("second", DEFINITION).await;
    let mapping = json!({
        "id": "id", "answered_at": "answered_at (Asia/Shanghai)", "channel": "channel",
        "group": "group", "language": "language",
        "answers": { "recommend": "recommend", "many": "many", "why": "why" } });
    import(&site, &second, mapping, answer.body.clone()).await;
    let of_first = told(&site, &first).await;
    assert_eq!(of_first.len(), ROWS);
    assert_eq!(told(&site, &second).await, of_first);
    server.check_rollups();

    let head = site.send(&format!("HEAD {path}\nauthorization: Bearer {{agent}}")).await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    // Of no day, and so with its length.
    let path = format!("{path}?to={}", date(&day, "-1 day"));
    let none = site.send(&format!("GET {path}\nauthorization: Bearer {{agent}}")).await;
    assert_eq!(none.text().lines().count(), 1, "only the heading");
    assert!(!header(&none, "content-length").is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_breaks_off_does_not_look_whole() {
    let Some(server) = Server::ours("a file that breaks off") else { return };
    let (site, day) = with_shop(&server).await;
    let study = site.publish("first", DEFINITION).await;
    import(&site, &study, first_mapping(), file(&day)).await;
    let get = format!("GET /v1/studies/{study}/export\nauthorization: Bearer {{agent}}");
    assert!(site.try_send(&get).await.is_ok());
    let damage = "update response set answers = '[]'
                  where id = (select max(id) from response)";
    server.database().unwrap().execute(damage, []).unwrap();
    // The head and the first pages went out well; that the rest is missing must be seen.
    assert!(site.try_send(&get).await.is_err());
    // Nobody else is harmed.
    assert_eq!(site.get("viewer", "/v1/nps").await["n"], ROWS);
}
