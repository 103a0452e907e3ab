//! A site made through the API, and requests to it, written as text.
//!
//! A transcript is a line with method and target, headers, an empty line and the body, byte for
//! byte; `{name}` stands for what was named. Whatever is asked, the answer must keep the
//! conventions that hold for every answer: see `check_always`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Result;
use bytes::Bytes;
use runner::client::{Answer, Client};
use serde_json::{Value, json};

use crate::server::Server;

/// A page that may embed the surveys of every site here.
pub const ORIGIN: &str = "https://shop.example";
/// Roles, each of which may do what those before it may.
pub const ROLES: [&str; 4] = ["viewer", "agent", "manager", "admin"];

/// What the survey of [`Site::with_survey`] asks.
pub const DEFINITION: &str = r#"{
  "default_language": "zh-CN",
  "title": { "zh-CN": "订单回访", "en": "Your order" },
  "touchpoint_id": "{shop}",
  "questions": [
    { "id": "recommend", "type": "nps", "text": { "zh-CN": "推荐吗？" }, "required": true },
    { "id": "quality", "type": "rating", "touchpoint_id": "{delivery}",
      "text": { "zh-CN": "配送如何？" } },
    { "id": "easy", "type": "effort", "text": { "zh-CN": "方便吗？" } },
    { "id": "many", "type": "multiple_choice", "text": { "zh-CN": "哪些？" }, "options": [
      { "id": "a", "text": { "zh-CN": "甲" } }, { "id": "b", "text": { "zh-CN": "乙" } } ] },
    { "id": "why", "type": "text", "text": { "zh-CN": "为什么？" }, "max_length": 200 }
  ]
}"#;

/// A site, its keys, and whatever a journey gave a name.
#[derive(Clone)]
pub struct Site {
    client: Client,
    names: BTreeMap<String, String>,
}

impl Site {
    /// Nothing yet but the server and its `{owner}`, the admin key.
    pub fn none(server: &Server) -> Site {
        let client = Client::new(&server.base).unwrap();
        let names = BTreeMap::from([("owner".to_owned(), server.admin_key.clone())]);
        Site { client, names }
    }

    /// A new site with `{site}`, `{pk}` and a secret key of each role, such as `{viewer}`.
    pub async fn new(server: &Server) -> Site {
        let mut site = Site::none(server);
        let body = json!({ "name": "鹿鸣 Journeys", "zone": "Asia/Shanghai", "origins": [ORIGIN] });
        let made = site.post("owner", "/v1/sites", body).await;
        site.name("site", text(&made, "id"));
        let of_site = format!("/v1/keys?site={}", site.named("site"));
        let body = json!({ "name": "page", "kind": "publishable" });
        let made = site.post("owner", &of_site, body).await;
        site.name("pk", text(&made, "key"));
        for role in ROLES {
            let body = json!({ "name": role, "kind": "secret", "role": role });
            let made = site.post("owner", &of_site, body).await;
            site.name(role, text(&made, "key"));
        }
        site
    }

    /// A new site with the touchpoints `{shop}` and `{delivery}` and the open `{survey}`.
    pub async fn with_survey(server: &Server) -> Site {
        let mut site = Site::new(server).await;
        for (name, stage) in [("shop", "purchase"), ("delivery", "after_sale")] {
            let body = json!({ "name": name, "stage": stage });
            site.make("manager", name, "/v1/touchpoints", body).await;
        }
        let survey = site.publish("订单 Orders", DEFINITION).await;
        site.name("survey", &survey);
        site
    }

    /// Gives a value a name; `{name}` in later requests stands for it.
    pub fn name(&mut self, name: &str, value: &str) {
        self.names.insert(name.to_owned(), value.to_owned());
    }

    /// What has this name.
    pub fn named(&self, name: &str) -> &str {
        &self.names[name]
    }

    /// Makes something as the holder of a key, gives its id a name and returns it.
    pub async fn make(&mut self, who: &str, name: &str, path: &str, body: Value) -> Value {
        let made = self.post(who, path, body).await;
        self.name(name, text(&made, "id"));
        made
    }

    /// Makes and publishes a survey.
    pub async fn publish(&self, name: &str, definition: &str) -> String {
        let definition: Value = serde_json::from_str(&self.fill(definition)).unwrap();
        let body = json!({ "name": name, "definition": definition });
        let made = self.post("manager", "/v1/studies", body).await;
        let id = text(&made, "id").to_owned();
        self.post("manager", &format!("/v1/studies/{id}/publish"), Value::Null).await;
        id
    }

    /// The same site where its server listens now.
    pub fn at(&self, base: &str) -> Site {
        Site { client: Client::new(base).unwrap(), names: self.names.clone() }
    }

    /// Sends a request that is written as text.
    pub async fn send(&self, transcript: &str) -> Answer {
        let sent = self.try_send(transcript).await;
        sent.unwrap_or_else(|error| panic!("{transcript}: {error:#}"))
    }

    /// The same to a server that may go away.
    pub async fn try_send(&self, transcript: &str) -> Result<Answer> {
        let (head, body) = transcript.split_once("\n\n").unwrap_or((transcript.trim_end(), ""));
        let body = Bytes::from(self.fill(body));
        self.try_send_bytes(head, body).await
    }

    /// Sends a request with a body that is not to be touched.
    pub async fn send_bytes(&self, head: &str, body: Bytes) -> Answer {
        let sent = self.try_send_bytes(head, body).await;
        sent.unwrap_or_else(|error| panic!("{head}: {error:#}"))
    }

    /// The same to a server that may go away.
    pub async fn try_send_bytes(&self, head: &str, body: Bytes) -> Result<Answer> {
        let answer = self.exchange(head, body.clone()).await?;
        let (method, target) = head.split_once(' ').expect("GET /…");
        check_always(method, target.lines().next().unwrap_or(""), &answer);
        check_contract(&self.fill(head), &body, &answer);
        Ok(answer)
    }

    /// An answer that may be a failure of ours, where something is broken on purpose.
    pub async fn ask(&self, transcript: &str) -> Result<Answer> {
        let (head, body) = transcript.split_once("\n\n").unwrap_or((transcript.trim_end(), ""));
        self.exchange(head, Bytes::from(self.fill(body))).await
    }

    /// The status of an answer, even of one that no answer should have.
    pub async fn status(&self, transcript: &str) -> u16 {
        let (head, body) = transcript.split_once("\n\n").expect("a body");
        let answer = self.exchange(head, Bytes::from(self.fill(body))).await;
        answer.expect("an answer").status.as_u16()
    }

    async fn exchange(&self, head: &str, body: Bytes) -> Result<Answer> {
        let head = self.fill(head);
        let mut lines = head.lines();
        let (method, target) = lines.next().and_then(|it| it.split_once(' ')).expect("GET /…");
        let headers = lines.map(|it| it.split_once(':').expect("a header"));
        let mut headers: Vec<(&str, &str)> =
            headers.map(|(name, value)| (name.trim(), value.trim())).collect();
        if !body.is_empty() && !headers.iter().any(|(name, _)| *name == "content-type") {
            headers.push(("content-type", "application/json"));
        }
        self.client.send(method, target, &headers, body).await
    }

    /// Sends a request that must succeed and returns its body.
    pub async fn json(&self, transcript: &str) -> Value {
        let answer = self.send(transcript).await;
        assert!(answer.status.is_success(), "{transcript}\n{} {}", answer.status, answer.text());
        json(&answer)
    }

    /// Reads something as the holder of a key.
    pub async fn get(&self, who: &str, path: &str) -> Value {
        self.json(&format!("GET {path}\nauthorization: Bearer {{{who}}}")).await
    }

    /// Writes something as the holder of a key; null is no body.
    pub async fn post(&self, who: &str, path: &str, body: Value) -> Value {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.json(&format!("POST {path}\nauthorization: Bearer {{{who}}}\n\n{body}")).await
    }

    /// Submits answers to `{survey}` as its widget does.
    pub async fn submit(&self, key: &str, body: &Value) -> Answer {
        self.send(&submission(key, &body.to_string())).await
    }

    /// What the API shows of everything that can be written here.
    pub async fn shown(&self) -> BTreeMap<String, String> {
        let mut paths = vec![format!("/v1/sites/{}", self.named("site"))];
        for list in ["keys", "touchpoints", "departments", "agents", "customers", "studies"] {
            paths.push(format!("/v1/{list}?limit=100"));
        }
        if let Some(survey) = self.names.get("survey") {
            for list in ["versions", "audit", "responses"] {
                paths.push(format!("/v1/studies/{survey}/{list}?limit=100"));
            }
        }
        let mut shown = BTreeMap::new();
        for path in paths {
            shown.insert(path.clone(), self.get("admin", &path).await.to_string());
        }
        shown
    }

    fn fill(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, value) in &self.names {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }
}

/// A submission to `{survey}` as text.
pub fn submission(key: &str, body: &str) -> String {
    format!(
        "POST /v1/surveys/{{survey}}/responses\nauthorization: Bearer {{pk}}\n\
         origin: {ORIGIN}\nidempotency-key: {key}\n\n{body}"
    )
}

/// A name that no other request of any run has.
pub fn fresh(what: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let since = std::time::UNIX_EPOCH.elapsed().unwrap().as_micros();
    format!("{what}-{since}-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

/// The body of an answer.
#[track_caller]
pub fn json(answer: &Answer) -> Value {
    if answer.body.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(&answer.body).unwrap_or_else(|_| panic!("no JSON: {}", answer.text()))
}

/// A text of a body.
#[track_caller]
pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no text {name} in {value}"))
}

/// The items of a list.
#[track_caller]
pub fn items(list: &Value) -> &[Value] {
    list["items"].as_array().unwrap_or_else(|| panic!("no list: {list}"))
}

/// A header of an answer; empty for none.
pub fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", |it| it.to_str().unwrap())
}

/// What holds for every answer: it is no failure of ours, it has an id, it tells its length
/// unless it is an export.
#[track_caller]
fn check_always(method: &str, target: &str, answer: &Answer) {
    let status = answer.status;
    let told = format!("{method} {target}: {status} {:?} {}", answer.headers, answer.text());
    assert!(!status.is_server_error(), "{told}");
    assert!(header(answer, "request-id").starts_with("req_"), "no request-id: {told}");
    check_guards(answer, &told);
    if status == 204 || status == 304 {
        assert!(answer.body.is_empty(), "a body: {told}");
        return;
    }
    let length = header(answer, "content-length").parse::<usize>().ok();
    // An export has no end that anybody knows when it begins.
    if length.is_none() && target.contains("/export") {
        return;
    }
    assert!(length.is_some(), "no content-length: {told}");
    if method != "HEAD" {
        assert_eq!(length, Some(answer.body.len()), "{told}");
    }
}

/// What is taken and what is answered is as the contract says.
fn check_contract(head: &str, body: &Bytes, answer: &Answer) {
    let mut lines = head.lines();
    let (method, target) = lines.next().and_then(|it| it.split_once(' ')).expect("GET /…");
    let Ok(method) = http::Method::from_bytes(method.as_bytes()) else { return };
    if method == http::Method::HEAD {
        return;
    }
    let headers = lines.filter_map(|it| it.split_once(':'));
    let headers = headers
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().as_bytes().to_vec()));
    let mut headers: Vec<(String, Vec<u8>)> = headers.collect();
    if !headers.iter().any(|(name, _)| name == "content-type") {
        headers.push(("content-type".to_owned(), b"application/json".to_vec()));
    }
    let asked = web::Request::new(method, target, "huiyin.test", headers, Ok(body.to_vec()));
    let mut answered = web::Response::new(answer.body.to_vec());
    *answered.status_mut() = answer.status;
    *answered.headers_mut() = answer.headers.clone();
    let faults = testkit::contract::faults(&asked, &[], &answered);
    assert!(faults.is_empty(), "{head}\n{}: {faults:#?}\n{}", answer.status, answer.text());
}

/// What every answer says to browsers.
#[track_caller]
fn check_guards(answer: &Answer, told: &str) {
    assert_eq!(header(answer, "x-content-type-options"), "nosniff", "{told}");
    assert_eq!(header(answer, "server"), "", "{told}");
    for name in ["cache-control", "referrer-policy", "cross-origin-resource-policy"] {
        assert!(!header(answer, name).is_empty(), "no {name}: {told}");
    }
    let policy = header(answer, "content-security-policy");
    for rule in ["default-src 'none'", "base-uri 'none'", "frame-ancestors "] {
        assert!(policy.contains(rule), "no {rule}: {told}");
    }
    assert!(!policy.contains("unsafe"), "{told}");
    if header(answer, "content-type").starts_with("text/html") {
        for name in ["permissions-policy", "cross-origin-opener-policy"] {
            assert!(!header(answer, name).is_empty(), "no {name}: {told}");
        }
        assert!(policy.contains("form-action "), "{told}");
    }
}
