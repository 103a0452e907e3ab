//! From a survey on a page to a score on a dashboard: the product's main job, from nothing.

use serde_json::{Value, json};

use crate::server::Server;
use crate::site::{DEFINITION, ORIGIN, ROLES, Site, fresh, header, items, submission, text};

/// Answers to recommend, quality and easy, and the channel that they came on.
type Given = (u8, Option<u8>, Option<u8>, Option<&'static str>);

const FIRST: [Given; 6] = [
    (10, Some(5), Some(7), Some("web")),
    (9, Some(5), Some(6), Some("web")),
    (9, Some(4), Some(6), Some("web")),
    (7, Some(3), Some(5), Some("web")),
    (8, Some(2), Some(4), Some("app")),
    (3, Some(1), Some(2), Some("app")),
];
const SECOND: [Given; 6] = [
    (10, Some(5), Some(7), Some("app")),
    (10, Some(5), Some(7), Some("app")),
    (2, Some(1), Some(1), Some("app")),
    (9, Some(4), Some(6), Some("app")),
    (6, Some(2), Some(3), Some("app")),
    (8, None, None, None),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_survey_on_a_page_becomes_a_score_on_a_dashboard() {
    let server = Server::any();
    let mut site = Site::none(&server);
    configure(&mut site).await;
    hire(&mut site).await;
    publish(&mut site).await;
    show(&site).await;
    for metric in ["nps", "csat", "ces"] {
        assert_eq!(site.get("viewer", &format!("/v1/{metric}")).await["n"], 0, "{metric}");
    }
    answer(&site, &FIRST).await;
    check_first(&site).await;
    answer(&site, &SECOND).await;
    check_second(&site).await;
    check_dashboard(&site).await;
    check_responses(&site).await;
    check_trails(&site).await;
    close(&site).await;
    server.check_number("select count(*) from response", 12);
    server.check_number("select count(*) from event where kind = 'response.created'", 12);
    server.check_rollups();
}

/// The owner of the server makes a site and its keys.
async fn configure(site: &mut Site) {
    let body = json!({ "name": "鹿鸣咖啡", "zone": "Asia/Shanghai", "origins": [ORIGIN] });
    let made = site.make("owner", "site", "/v1/sites", body).await;
    assert_eq!((&made["version"], &made["origins"]), (&json!(1), &json!([ORIGIN])));
    let body = json!({ "name": "page", "kind": "publishable" });
    let made = site.make("owner", "pk_id", "/v1/keys?site={site}", body).await;
    site.name("pk", text(&made, "key"));
    assert!(site.named("pk").starts_with("pk_"));
    for role in ROLES {
        let body = json!({ "name": role, "kind": "secret", "role": role });
        let made = site.make("owner", "key", "/v1/keys?site={site}", body).await;
        site.name(role, text(&made, "key"));
        assert!(site.named(role).starts_with("sk_"));
        let again = site.get("owner", "/v1/keys/{key}?site={site}").await;
        assert_eq!(again["key"], Value::Null, "a secret key is shown once");
    }
    let session = site.get("viewer", "/v1/session").await;
    assert_eq!((text(&session, "role"), text(&session, "site_id")), ("viewer", site.named("site")));
}

/// Managers name touchpoints and people; agents know customers.
async fn hire(site: &mut Site) {
    let body = json!({ "name": "门店 Shop", "stage": "purchase", "is_key": true });
    let made = site.make("manager", "shop", "/v1/touchpoints", body).await;
    assert_eq!((&made["target"], &made["standards"]["human_pick_up"]), (&json!(95), &json!(300)));
    let body = json!({ "name": "配送 Delivery", "stage": "after_sale", "target": 60 });
    site.make("manager", "delivery", "/v1/touchpoints", body).await;
    let body = json!({ "name": "客服 Care" });
    site.make("manager", "department", "/v1/departments", body).await;
    let body = json!({
        "name": "周岚", "department_id": site.named("department"), "skills": ["退款", "english"],
    });
    site.make("manager", "colleague", "/v1/agents", body).await;
    let contacts = json!({ "name": "李想", "phone": "+8613800000000" });
    let body = json!({ "external_id": "M0001", "group": "core", "has_consent": true,
        "adviser_id": site.named("colleague"), "contacts": contacts });
    let made = site.make("agent", "customer", "/v1/customers", body).await;
    assert_eq!(made["contacts"], contacts);
}

/// A manager writes a survey and publishes it.
async fn publish(site: &mut Site) {
    let definition: Value = serde_json::from_str(DEFINITION).unwrap();
    let body = json!({ "name": "订单回访", "definition": definition });
    let made = site.make("manager", "survey", "/v1/studies", body).await;
    assert_eq!((text(&made, "state"), &made["published_version"]), ("draft", &Value::Null));
    let early =
        format!("GET /v1/surveys/{{survey}}\norigin: {ORIGIN}\nauthorization: Bearer {{pk}}");
    assert_eq!(site.send(&early).await.status, 404, "a draft is nobody's business");
    let made = site.post("manager", "/v1/studies/{survey}/publish", Value::Null).await;
    assert_eq!((text(&made, "state"), &made["published_version"]), ("open", &json!(1)));
}

/// The page asks whether it may, and what to ask.
async fn show(site: &Site) {
    let asked = format!("OPTIONS /v1/surveys/{{survey}}/responses\norigin: {ORIGIN}");
    let may = site.send(&asked).await;
    assert_eq!(may.status, 204);
    assert_eq!(header(&may, "access-control-allow-origin"), ORIGIN);
    assert!(header(&may, "access-control-allow-headers").contains("idempotency-key"));
    let asked =
        format!("GET /v1/surveys/{{survey}}\norigin: {ORIGIN}\nauthorization: Bearer {{pk}}");
    let shown = site.send(&asked).await;
    assert_eq!(shown.status, 200);
    assert_eq!(header(&shown, "access-control-allow-origin"), ORIGIN);
    assert!(header(&shown, "vary").contains("origin"));
    assert!(header(&shown, "access-control-expose-headers").contains("request-id"));
    let told = shown.text();
    assert!(!told.contains(site.named("shop")), "what a question is for is not public: {told}");
    let definition: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(definition["languages"], json!(["zh-CN", "en"]));
    assert_eq!(definition["questions"].as_array().unwrap().len(), 5);
}

/// Visitors answer.
async fn answer(site: &Site, given: &[Given]) {
    for (recommend, quality, easy, channel) in given {
        let mut answers = json!({ "recommend": recommend, "why": "咖啡很好，送得慢" });
        if let Some(quality) = quality {
            answers["quality"] = json!(quality);
        }
        if let Some(easy) = easy {
            answers["easy"] = json!(easy);
        }
        let body = json!({
            "version": 1, "language": "zh-CN", "channel": channel, "answers": answers,
        });
        let taken = site.submit(&fresh("visit"), &body).await;
        assert_eq!(taken.status, 201, "{}", taken.text());
        assert_eq!(header(&taken, "access-control-allow-origin"), ORIGIN);
    }
}

/// Three promoters and one detractor of six; three of six satisfied; efforts that sum to 30.
async fn check_first(site: &Site) {
    check(site, "/v1/nps", 6, json!(33.3)).await;
    check(site, "/v1/csat", 6, json!(50.0)).await;
    check(site, "/v1/ces", 6, json!(5.0)).await;
    // Fewer than five answers are people, not a figure.
    check(site, "/v1/nps?channel=web", 4, Value::Null).await;
    check(site, "/v1/nps?touchpoint={delivery}", 0, Value::Null).await;
}

/// Now six promoters and three detractors of twelve; six of eleven; efforts that sum to 54.
async fn check_second(site: &Site) {
    let nps = check(site, "/v1/nps", 12, json!(25.0)).await;
    let counts = json!({ "0": 0, "1": 0, "2": 1, "3": 1, "4": 0, "5": 0, "6": 1, "7": 1, "8": 2,
        "9": 3, "10": 3 });
    assert_eq!(nps["distribution"], counts);
    let csat = check(site, "/v1/csat?touchpoint={delivery}", 11, json!(54.5)).await;
    assert_eq!((&csat["target"], &csat["met"]), (&json!(60), &json!(false)));
    check(site, "/v1/ces?touchpoint={shop}", 11, json!(4.91)).await;
    check(site, "/v1/nps?channel=app", 7, json!(0.0)).await;
    check(site, "/v1/csat?touchpoint={delivery}&channel=app", 7, json!(42.9)).await;
    let by_channel = site.get("viewer", "/v1/nps?by=channel").await;
    assert_eq!(parts(&by_channel), [("app".to_owned(), 7), ("web".to_owned(), 4)]);
    assert_eq!(by_channel["not_stated"]["n"], 1);
    let by_touchpoint = site.get("viewer", "/v1/csat?by=touchpoint").await;
    assert_eq!(parts(&by_touchpoint), [(site.named("delivery").to_owned(), 11)]);
    let by_day = site.get("viewer", "/v1/ces?by=day").await;
    let days = parts(&by_day);
    assert_eq!(days.iter().map(|(_, n)| n).sum::<u64>(), 11);
    assert_eq!(days.last().unwrap().0, text(&by_day, "to"), "today is in the site's zone");
    check(site, "/v1/nps?survey={survey}", 12, json!(25.0)).await;
    check(site, "/v1/csat?question=quality", 11, json!(54.5)).await;
}

async fn check(site: &Site, path: &str, n: u64, value: Value) -> Value {
    let shown = site.get("viewer", path).await;
    assert_eq!((&shown["n"], &shown["value"]), (&json!(n), &value), "{path}");
    shown
}

/// The key and n of each part.
fn parts(shown: &Value) -> Vec<(String, u64)> {
    let parts = shown["parts"].as_array().unwrap();
    let part = |it: &Value| (text(it, "key").to_owned(), it["n"].as_u64().unwrap());
    parts.iter().map(part).collect()
}

async fn check_dashboard(site: &Site) {
    let shown = site.get("viewer", "/v1/dashboard").await;
    assert_eq!(text(&shown["site"], "id"), site.named("site"));
    for (metric, n, value) in [("nps", 12, 25.0), ("csat", 11, 54.5), ("ces", 11, 4.91)] {
        let score = &shown["scores"][metric];
        assert_eq!((&score["n"], &score["value"]), (&json!(n), &json!(value)), "{metric}");
        assert_eq!(score["compared"]["n"], 0);
        assert_eq!(score["trend"].as_array().unwrap().last().unwrap()["day"], shown["to"]);
    }
    // The one below its target comes first.
    let touchpoints = shown["touchpoints"].as_array().unwrap();
    let [delivery, shop] = touchpoints.as_slice() else { panic!("{touchpoints:?}") };
    assert_eq!(text(delivery, "id"), site.named("delivery"));
    assert_eq!(
        (&delivery["csat"]["value"], &delivery["csat"]["met"]),
        (&json!(54.5), &json!(false))
    );
    assert_eq!((&shop["nps"]["n"], &shop["ces"]["n"]), (&json!(12), &json!(11)));
    let channels = shown["channels"].as_array().unwrap();
    let channels: Vec<_> = channels.iter().map(|it| (&it["channel"], &it["nps"]["n"])).collect();
    assert_eq!(channels, [(&json!("web"), &json!(4)), (&json!("app"), &json!(7))]);
}

/// Agents read what was written, newest first; viewers do not.
async fn check_responses(site: &Site) {
    let list = site.get("agent", "/v1/studies/{survey}/responses").await;
    let found = items(&list);
    assert_eq!(found.len(), 12);
    assert!(found.iter().all(|it| it["answers"]["why"] == "咖啡很好，送得慢"));
    assert_eq!((&found[0]["channel"], &found[0]["source"]), (&Value::Null, &json!("widget")));
    let viewer = "GET /v1/studies/{survey}/responses\nauthorization: Bearer {viewer}";
    assert_eq!(site.send(viewer).await.status, 403);
    let response = text(&found[0], "id");
    let path = format!("/v1/studies/{{survey}}/responses/{response}");
    assert_eq!(site.get("agent", &path).await, found[0]);
    let trail = site.get("viewer", &format!("{path}/audit")).await;
    assert_eq!(text(&items(&trail)[0], "type"), "response.created");
    assert!(!trail.to_string().contains("咖啡"), "what people wrote stays out of the log");
    assert_eq!(site.get("viewer", &format!("{path}/audit/verify")).await["is_intact"], true);
}

async fn check_trails(site: &Site) {
    for (path, events) in [
        ("/v1/studies/{survey}", 2),
        ("/v1/touchpoints/{shop}", 1),
        ("/v1/departments/{department}", 1),
        ("/v1/agents/{colleague}", 1),
        ("/v1/customers/{customer}", 1),
        ("/v1/keys/{pk_id}", 1),
    ] {
        let verdict = site.get("viewer", &format!("{path}/audit/verify")).await;
        let expected = (&json!(true), &json!(events), &Value::Null);
        assert_eq!((&verdict["is_intact"], &verdict["events"], &verdict["broken_at"]), expected);
    }
}

/// A closed survey takes nothing, not even on an instance that knew it open.
async fn close(site: &Site) {
    let closed = site.post("manager", "/v1/studies/{survey}/close", Value::Null).await;
    assert_eq!(text(&closed, "state"), "closed");
    for version in [r#""version": 1, "#, ""] {
        let body = format!(r#"{{ {version}"answers": {{ "recommend": 9 }} }}"#);
        let late = site.send(&submission(&fresh("late"), &body)).await;
        assert_eq!(late.status, 409);
        assert!(late.text().contains("/problems/survey-closed"), "{}", late.text());
        assert_eq!(header(&late, "access-control-allow-origin"), ORIGIN, "the widget reads why");
    }
    check(site, "/v1/nps", 12, json!(25.0)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_making_of_a_site_is_in_its_own_trail() {
    let server = Server::any();
    let site = Site::new(&server).await;
    let trail = site.get("viewer", "/v1/sites/{site}/audit").await;
    assert_eq!(text(&items(&trail)[0], "type"), "site.created");
    let change =
        "PATCH /v1/sites/{site}\nauthorization: Bearer {admin}\n\n{\"name\": \"鹿鸣 Lumen\"}";
    assert_eq!(site.json(change).await["version"], 2);
    let verdict = site.get("viewer", "/v1/sites/{site}/audit/verify").await;
    assert_eq!((&verdict["is_intact"], &verdict["events"]), (&json!(true), &json!(2)), "{verdict}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_version_is_asked_at_once_and_the_old_one_is_still_answered() {
    let server = Server::any();
    let site = Site::with_survey(&server).await;
    let old = json!({ "version": 1, "answers": { "recommend": 9, "easy": 5 } });
    assert_eq!(site.submit(&fresh("old"), &old).await.status, 201);
    let change = r#"PATCH /v1/studies/{survey}
authorization: Bearer {manager}

{ "definition": { "title": "新", "questions": [
    { "id": "recommend", "type": "nps", "text": "推荐吗？" } ] } }"#;
    site.json(change).await;
    let new = json!({ "answers": { "recommend": 9, "easy": 5 } });
    assert_eq!(site.submit(&fresh("draft"), &new).await.status, 201, "a draft changes nothing");
    site.post("manager", "/v1/studies/{survey}/publish", Value::Null).await;
    let unknown = site.submit(&fresh("new"), &new).await;
    assert_eq!(unknown.status, 422);
    assert!(unknown.text().contains("/answers/easy"), "{}", unknown.text());
    let new = json!({ "answers": { "recommend": 9 } });
    let taken = crate::site::json(&site.submit(&fresh("new"), &new).await);
    assert_eq!(taken["version"], 2);
    let taken = crate::site::json(&site.submit(&fresh("old"), &old).await);
    assert_eq!(taken["version"], 1, "whoever has the page open still answers what it asks");
    let none = json!({ "version": 3, "answers": { "recommend": 9 } });
    assert_eq!(site.submit(&fresh("none"), &none).await.status, 404);
    assert_eq!(site.get("viewer", "/v1/ces").await["n"], 3);
    assert_eq!(site.get("viewer", "/v1/nps").await["n"], 4);
    server.check_rollups();
}

// Without the header a browser hides the answer, and the widget takes it for a broken network:
// it would send the same again for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_can_read_why_it_was_refused() {
    let server = Server::any();
    let site = Site::with_survey(&server).await;
    let good = r#"{ "version": 1, "answers": { "recommend": 9 } }"#;
    assert_eq!(site.send(&submission("page", good)).await.status, 201);
    let long = format!("{good}{}", " ".repeat(64 * 1024));
    let post = |key: &str, body: &str| submission(key, body);
    for (asked, status) in [
        (post("page", "{"), 400),
        (post("page", good).replace("{pk}", "pk_nobody"), 401),
        (post("page", good).replace("{survey}", "srv_none"), 404),
        (post("page", good).replace("POST", "PUT"), 405),
        (post("page", &long), 413),
        (post("page", good).replace("\n\n", "\ncontent-type: text/plain\n\n"), 415),
        (post("page", "{}"), 422),
        (post("page", &good.replace('9', "8")), 422),
        (format!("GET /v1/surveys/{{survey}}/x/y\norigin: {ORIGIN}"), 404),
    ] {
        let answer = site.send(&asked).await;
        let told = format!("{status}: {} {:?}", answer.status, answer.headers);
        assert_eq!(answer.status, status, "{told}");
        assert_eq!(header(&answer, "access-control-allow-origin"), ORIGIN, "{told}");
        assert!(header(&answer, "vary").contains("origin"), "{told}");
        assert!(header(&answer, "vary").contains("accept-language"), "{told}");
    }
    let get = format!("GET /v1/surveys/{{survey}}\norigin: {ORIGIN}\nauthorization: Bearer {{pk}}");
    let tag = header(&site.send(&get).await, "etag").to_owned();
    let unchanged = site.send(&format!("{get}\nif-none-match: {tag}")).await;
    assert_eq!(unchanged.status, 304);
    assert_eq!(header(&unchanged, "access-control-allow-origin"), ORIGIN);
}
