//! What holds for every endpoint: entity tags, HEAD, traces, versions, pages, locations.
//!
//! That an answer tells its length and its id is checked by `site` for all that is ever sent.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::server::Server;
use crate::site::{Site, fresh, header, items, json, text};

/// Everything that can be read and that stays as it is while nobody writes: the key that may
/// read it, and the path.
const READS: [(&str, &str); 39] = [
    ("owner", "/v1/sites"),
    ("viewer", "/v1/sites"),
    ("viewer", "/v1/sites/{site}"),
    ("viewer", "/v1/sites/{site}/audit"),
    ("admin", "/v1/keys"),
    ("admin", "/v1/keys/{key}"),
    ("viewer", "/v1/keys/{key}/audit"),
    ("viewer", "/v1/session"),
    ("viewer", "/v1/touchpoints"),
    ("viewer", "/v1/touchpoints/{shop}"),
    ("viewer", "/v1/touchpoints/{shop}/audit"),
    ("viewer", "/v1/departments"),
    ("viewer", "/v1/departments/{department}"),
    ("viewer", "/v1/departments/{department}/audit"),
    ("viewer", "/v1/agents"),
    ("viewer", "/v1/agents/{colleague}"),
    ("viewer", "/v1/agents/{colleague}/audit"),
    ("agent", "/v1/customers"),
    ("agent", "/v1/customers?external_id=M1"),
    ("agent", "/v1/customers/{customer}"),
    ("viewer", "/v1/customers/{customer}/audit"),
    ("viewer", "/v1/studies"),
    ("viewer", "/v1/studies/{survey}"),
    ("viewer", "/v1/studies/{survey}/versions"),
    ("manager", "/v1/studies/{survey}/mapping"),
    ("viewer", "/v1/studies/{survey}/audit"),
    ("agent", "/v1/studies/{survey}/responses"),
    ("agent", "/v1/studies/{survey}/responses/{response}"),
    ("viewer", "/v1/studies/{survey}/responses/{response}/audit"),
    ("viewer", "/v1/rebuild/{rebuild}"),
    ("pk", "/v1/surveys/{survey}"),
    ("pk", "/v1/surveys/{survey}?version=1"),
    ("nobody", "/widget.js"),
    ("nobody", "/demo"),
    ("nobody", "/demo?key={pk}&survey={survey}"),
    ("nobody", "/demo/page.js"),
    ("nobody", "/demo/page.css"),
    ("viewer", "/v1/studies/{survey}?site={site}"),
    ("owner", "/v1/studies/{survey}?site={site}"),
];

/// Figures and verdicts, which tell as of when they are.
const FIGURES: [(&str, &str); 11] = [
    ("viewer", "/v1/nps"),
    ("viewer", "/v1/nps?by=day&confidence=99"),
    ("viewer", "/v1/csat?by=touchpoint"),
    ("viewer", "/v1/ces?touchpoint={shop}"),
    ("viewer", "/v1/dashboard"),
    ("viewer", "/v1/dashboard?channel=web&compare=year"),
    ("viewer", "/v1/heatmap?by=channel&metric=nps"),
    ("viewer", "/v1/touchpoints/{shop}/audit/verify"),
    ("viewer", "/v1/customers/{customer}/audit/verify"),
    ("viewer", "/v1/studies/{survey}/audit/verify"),
    ("viewer", "/v1/studies/{survey}/responses/{response}/audit/verify"),
];

/// A site with one of everything.
async fn furnished(server: &Server) -> Site {
    let mut site = Site::with_survey(server).await;
    site.name("nobody", "");
    let key = json!({ "name": "second", "kind": "publishable" });
    site.make("admin", "key", "/v1/keys", key).await;
    site.make("manager", "department", "/v1/departments", json!({ "name": "客服" })).await;
    site.make("manager", "colleague", "/v1/agents", json!({ "name": "沈一诺" })).await;
    site.make("agent", "customer", "/v1/customers", json!({ "external_id": "M1" })).await;
    let mapping = "PUT /v1/studies/{survey}/mapping\nauthorization: Bearer {manager}";
    site.json(&format!("{mapping}\n\n{{\"answers\": {{\"recommend\": \"NPS\"}}}}")).await;
    let body = json!({ "version": 1, "answers": { "recommend": 9, "quality": 4, "easy": 6 } });
    let taken = json(&site.submit(&fresh("furnish"), &body).await);
    site.name("response", text(&taken, "id"));
    let done = server.rebuild(&site).await;
    site.name("rebuild", text(&done, "id"));
    site
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_unchanged_is_not_sent_again() {
    let server = Server::any();
    let site = furnished(&server).await;
    let mut wrong = Vec::new();
    for (who, path) in READS {
        match tag(&site, who, path).await {
            Ok(tag) => wrong.extend(sent_again(&site, who, path, &tag).await),
            Err(error) => wrong.push(error),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unchanged_figures_are_not_sent_again() {
    let server = Server::any();
    let site = furnished(&server).await;
    let mut tags = Vec::new();
    for (who, path) in FIGURES {
        tags.push((who, path, tag(&site, who, path).await.unwrap()));
    }
    // Not even when the clock has moved on: nothing but the time of asking is another.
    let first = site.get("viewer", "/v1/nps").await;
    let second = |it: &Value| it["as_of"].as_str().map(|it| it[..19].to_owned());
    let begun = Instant::now();
    while second(&site.get("viewer", "/v1/nps").await) == second(&first) {
        assert!(begun.elapsed() < Duration::from_secs(10), "the clock stands still");
    }
    let mut wrong = Vec::new();
    for (who, path, tag) in tags {
        wrong.extend(sent_again(&site, who, path, &tag).await);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The tag of what can be read, or what is wrong with it.
async fn tag(site: &Site, who: &str, path: &str) -> Result<String, String> {
    let answer = site.send(&format!("GET {path}\nauthorization: Bearer {{{who}}}")).await;
    let tag = header(&answer, "etag").to_owned();
    let is_tagged = opaque(&tag).starts_with('"') && !header(&answer, "cache-control").is_empty();
    if answer.status == 200 && is_tagged {
        return Ok(tag);
    }
    Err(format!("{path}: {} {:?}", answer.status, answer.headers))
}

/// A tag without the mark of a weak one: for reads, both compare alike (RFC 9110 §13.1.2).
fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

/// Reads again with a tag that should still be right; what is wrong.
async fn sent_again(site: &Site, who: &str, path: &str, tag: &str) -> Option<String> {
    let get = format!("GET {path}\nauthorization: Bearer {{{who}}}\nif-none-match:");
    let strong = opaque(tag).to_owned();
    let weak = format!("W/{strong}");
    for tags in [format!("\"x\", {tag}"), strong, weak, "*".to_owned()] {
        let again = site.send(&format!("{get} {tags}")).await;
        if again.status != 304 || header(&again, "etag") != tag {
            return Some(format!("{path}: {} for {tags}: {}", again.status, again.text()));
        }
    }
    let other = site.send(&format!("{get} \"other\"")).await;
    (other.status != 200).then(|| format!("{path}: {} for another tag", other.status))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn head_is_get_without_the_body() {
    let server = Server::any();
    let site = furnished(&server).await;
    for (who, path) in READS.into_iter().chain(FIGURES) {
        let rest = format!("{path}\nauthorization: Bearer {{{who}}}");
        let get = site.send(&format!("GET {rest}")).await;
        let head = site.send(&format!("HEAD {rest}")).await;
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        assert_eq!(header(&head, "content-type"), header(&get, "content-type"), "{path}");
        if !FIGURES.iter().any(|it| it.1 == path) {
            for name in ["content-length", "etag", "cache-control"] {
                assert_eq!(header(&head, name), header(&get, name), "{path} {name}");
            }
        }
    }
    for path in ["/v1/touchpoints/tch_none", "/v1/sites"] {
        let head = site.send(&format!("HEAD {path}")).await;
        assert!(head.status == 401 && head.body.is_empty(), "{path}: {}", head.status);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trace_is_passed_back_if_it_is_one() {
    let server = Server::any();
    let site = furnished(&server).await;
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    for (who, path) in READS.into_iter().chain(FIGURES) {
        let get = format!("GET {path}\nauthorization: Bearer {{{who}}}\ntraceparent");
        assert_eq!(header(&site.send(&format!("{get}: {trace}")).await, "traceparent"), trace);
        let bad = site.send(&format!("{get}: 00-{}-b7ad6b7169203331-01", "0".repeat(32))).await;
        assert_eq!((header(&bad, "traceparent"), bad.status.as_u16()), ("", 200), "{path}");
    }
    for request in ["GET /v1/nps", "POST /internal/tick", "DELETE /v1/sites", "PUT /widget.js"] {
        let refused = site.send(&format!("{request}\ntraceparent: {trace}")).await;
        assert!(refused.status.is_client_error());
        assert_eq!(header(&refused, "traceparent"), trace, "{request}: problems are traced too");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_a_stale_version_is_refused_and_a_fresh_one_taken() {
    let server = Server::any();
    let site = furnished(&server).await;
    let mapping = "{\"answers\": {\"recommend\": \"N\"}}";
    for (who, request, body) in [
        ("admin", "PATCH /v1/sites/{site}", "{\"name\": \"新\"}"),
        ("manager", "PATCH /v1/touchpoints/{shop}", "{\"name\": \"新\"}"),
        ("manager", "PATCH /v1/departments/{department}", "{\"name\": \"新\"}"),
        ("manager", "PATCH /v1/agents/{colleague}", "{\"name\": \"新\"}"),
        ("agent", "PATCH /v1/customers/{customer}", "{\"group\": \"core\"}"),
        ("manager", "PATCH /v1/studies/{survey}", "{\"name\": \"新\"}"),
        ("manager", "PUT /v1/studies/{survey}/mapping", mapping),
        ("manager", "POST /v1/studies/{survey}/publish", ""),
        ("manager", "POST /v1/studies/{survey}/close", ""),
        ("manager", "DELETE /v1/customers/{customer}", ""),
        ("admin", "DELETE /v1/keys/{key}", ""),
    ] {
        let (method, path) = request.split_once(' ').unwrap();
        let read = path.trim_end_matches("/publish").trim_end_matches("/close");
        let get = format!("GET {read}\nauthorization: Bearer {{admin}}");
        let tag = header(&site.send(&get).await, "etag").to_owned();
        assert!(tag.starts_with("\"v"), "{path}: {tag}");
        let before = server.written(&[&site]).await;
        let change = format!("{method} {path}\nauthorization: Bearer {{{who}}}\nif-match:");
        for stale in ["\"v0\"", "\"v99\"", "\"nonsense\"", &format!("W/{tag}")] {
            let refused = site.send(&format!("{change} {stale}\n\n{body}")).await;
            assert_eq!(refused.status, 412, "{request} if-match: {stale}");
            assert_eq!(json(&refused)["type"], "/problems/precondition-failed");
        }
        assert_eq!(server.written(&[&site]).await, before, "{request}");
        let taken = site.send(&format!("{change} {tag}\n\n{body}")).await;
        assert!(taken.status.is_success(), "{request}: {} {}", taken.status, taken.text());
        // What is erased has a receipt, which is no version of it.
        if taken.status == 200 && !request.starts_with("DELETE") {
            let now = header(&site.send(&get).await, "etag").to_owned();
            assert_ne!(now, tag);
            assert_eq!(header(&taken, "etag"), now, "{request}");
        }
        let again = site.send(&format!("{change} {tag}\n\n{body}")).await;
        assert_eq!(again.status, 412, "{request}: the tag is stale now");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_made_is_where_its_location_says() {
    let server = Server::any();
    let site = Site::new(&server).await;
    let study = json!({ "name": "s", "definition": { "title": "t", "questions": [
        { "id": "q", "type": "nps", "text": "?" } ] } });
    for (path, body) in [
        ("/v1/keys", json!({ "name": "k", "kind": "publishable" })),
        ("/v1/touchpoints", json!({ "name": "t", "stage": "retention" })),
        ("/v1/departments", json!({ "name": "d" })),
        ("/v1/agents", json!({ "name": "a" })),
        ("/v1/customers", json!({ "external_id": "c", "contacts": { "name": "n" } })),
        ("/v1/studies", study),
        ("/v1/rebuild", json!({})),
    ] {
        let made =
            site.send(&format!("POST {path}\nauthorization: Bearer {{admin}}\n\n{body}")).await;
        assert!(made.status == 201 || made.status == 202, "{path}: {}", made.text());
        let found = site.get("admin", header(&made, "location")).await;
        assert_eq!(found, json(&made), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_list_is_walked_page_by_page() {
    let server = Server::any();
    let site = furnished(&server).await;
    for number in 2..=5 {
        let name = format!("{number}");
        for (path, body) in [
            ("/v1/touchpoints", json!({ "name": name, "stage": "pre_sale" })),
            ("/v1/departments", json!({ "name": name })),
            ("/v1/agents", json!({ "name": name })),
            ("/v1/customers", json!({ "external_id": format!("M{number}") })),
            ("/v1/studies/{survey}/publish", Value::Null),
        ] {
            site.post("admin", path, body).await;
        }
        site.publish(&name, crate::site::DEFINITION).await;
        let body = json!({ "version": 1, "answers": { "recommend": number } });
        assert_eq!(site.submit(&fresh("page"), &body).await.status, 201);
    }
    for (path, least) in [
        ("/v1/keys", 6),
        ("/v1/touchpoints", 6),
        ("/v1/departments", 5),
        ("/v1/agents", 5),
        ("/v1/customers", 5),
        ("/v1/studies", 5),
        ("/v1/studies/{survey}/versions", 5),
        ("/v1/studies/{survey}/responses", 5),
        ("/v1/studies/{survey}/audit", 7),
        ("/v1/sites", 1),
    ] {
        walk(&site, path, least).await;
    }
    for limit in ["0", "101", "-1", "many", ""] {
        let bad = format!("GET /v1/keys?limit={limit}\nauthorization: Bearer {{admin}}");
        assert_eq!(site.send(&bad).await.status, 422, "limit={limit}");
    }
}

/// Walks a list by one, two and three, and compares with the list in one piece.
async fn walk(site: &Site, path: &str, least: usize) {
    let whole = site.get("admin", &format!("{path}?limit=100")).await;
    assert_eq!(whole["next"], Value::Null);
    let whole = items(&whole);
    assert!(least <= whole.len(), "{path}: {}", whole.len());
    for limit in 1..=3 {
        let mut walked = Vec::new();
        let mut after = String::new();
        loop {
            let page = site.get("admin", &format!("{path}?limit={limit}{after}")).await;
            assert!(!items(&page).is_empty(), "{path}: no page is empty");
            walked.extend(items(&page).to_vec());
            let Some(next) = page["next"].as_str() else { break };
            assert_eq!(items(&page).len(), limit, "{path}");
            after = format!("&after={next}");
        }
        assert_eq!(walked, whole, "{path} by {limit}");
    }
    let ids: BTreeSet<String> = whole.iter().map(Value::to_string).collect();
    assert_eq!(ids.len(), whole.len(), "{path}: nothing comes twice");
}
