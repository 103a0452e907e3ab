//! Complaints, told in requests and answers.

mod close;
mod list;
mod race;
mod work;

use serde_json::Value;
use testkit::World;

/// What the customer says in most tests.
const TEXT: &str = "快递晚了三天，客服一直没有回复我";

/// Sends a request of somebody, with a body unless it is empty.
fn send(world: &World, who: &str, request: &str, body: &str) -> http::Response<Vec<u8>> {
    let head = format!("{request}\nauthorization: Bearer {{{who}}}");
    world.send(super::handle, &format!("{head}\n\n{body}"))
}

/// Sends one that must succeed.
#[track_caller]
fn done(world: &World, who: &str, request: &str, body: &str) -> Value {
    let answer = send(world, who, request, body);
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    assert!(answer.status().is_success(), "{request}: {} {text}", answer.status());
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

/// Sends one that must fail and gives its kind and the whole problem.
#[track_caller]
fn refused(world: &World, who: &str, request: &str, body: &str) -> (String, String) {
    let answer = send(world, who, request, body);
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    assert!(!answer.status().is_success(), "{request}: {} {text}", answer.status());
    let problem: Value = serde_json::from_str(&text).unwrap();
    let kind = problem["type"].as_str().unwrap().trim_start_matches("/problems/").to_owned();
    (kind, text)
}

/// Takes in a complaint and gives its id.
fn opened(world: &World, body: &str) -> String {
    let made = done(world, "agent", "POST /v1/complaints", body);
    made["id"].as_str().unwrap().to_owned()
}

/// One of somebody who left nothing.
fn plain(world: &World, text: &str) -> String {
    world.wait_ms(1);
    opened(world, &format!(r#"{{ "text": "{text}" }}"#))
}

/// Does something to a case.
#[track_caller]
fn act(world: &World, id: &str, act: &str, body: &str) -> Value {
    world.wait_ms(1);
    done(world, "agent", &format!("POST /v1/complaints/{id}/{act}"), body)
}

fn get(world: &World, path: &str) -> Value {
    done(world, "agent", &format!("GET /v1/complaints{path}"), "")
}

/// The types of a case's events, without their family.
fn trail(world: &World, id: &str) -> Vec<String> {
    let page = done(world, "viewer", &format!("GET /v1/complaints/{id}/audit?limit=100"), "");
    let items = page["items"].as_array().unwrap();
    let kind =
        |it: &Value| it["type"].as_str().unwrap().trim_start_matches("complaint.").to_owned();
    items.iter().map(kind).collect()
}

#[test]
fn a_complaint_is_taken_in_and_shown_by_its_id_and_its_number() {
    let world = World::with_site();
    let body = format!(
        r#"{{ "text": "{TEXT}", "channel": "phone", "language": "zh-CN",
        "touchpoint_id": "tch_shop", "amount": 12900, "type": "late_delivery",
        "files": [ {{ "name": "a.jpg", "url": "https://files.example/a.jpg" }} ],
        "customer": {{ "name": "李想", "phone": "13800000000" }} }}"#
    );
    let request = "POST /v1/complaints\nidempotency-key: k1";
    let made = done(&world, "agent", request, &body);
    let id = made["id"].as_str().unwrap();
    assert_eq!(made["state"], "open");
    assert_eq!(made["type"], "late_delivery");
    assert_eq!(made["is_joined"], false);
    assert_eq!(made["agent_id"], "agt_lan", "{made}");
    let link = made["link"].as_str().unwrap();
    let token = link.strip_prefix("http://huiyin.test/t/").unwrap();
    assert_eq!(token.len(), 26);
    // What is kept for a repeated request opens nothing, and its answer has the same link.
    let kept = "select count(*) from idempotency where body like '%/t/%'";
    assert_eq!(world.number(kept), 0);
    assert_eq!(done(&world, "agent", request, &body)["link"], link);
    assert_eq!(world.number("select count(*) from complaint"), 1);
    assert_eq!(world.number("select count(*) from case_link"), 1);
    assert_eq!(world.number("select open from agent_load"), 1);

    let number = made["number"].as_str().unwrap().to_lowercase().replace('-', "%20");
    let shown = get(&world, &format!("/{number}"));
    assert_eq!(shown["id"], id);
    assert_eq!(shown["contacts"]["phone"], "13800000000");
    assert_eq!(shown["texts"][0]["text"], TEXT);
    assert_eq!(shown["texts"][0]["files"][0]["name"], "a.jpg");
    assert_eq!(shown["links"][0]["number"], 1);
    assert_eq!(shown["clocks"]["answer"]["state"], "running");
    assert!(shown["clocks"]["answer"]["timeline"].is_array());
    assert_eq!(trail(&world, id), ["opened", "graded", "assigned"]);
    let words = "select count(*) from event where data like '%快递%' or data like '%李想%'
        or data like '%13800000000%'";
    assert_eq!(world.number(words), 0);
    for (who, status) in [("viewer", 403), ("other", 404)] {
        let answer = send(&world, who, &format!("GET /v1/complaints/{id}"), "");
        assert_eq!(answer.status(), status, "{who}");
    }
    let wrong = send(&world, "agent", "GET /v1/complaints/261122-7KQ2M-X", "");
    assert_eq!(wrong.status(), 404);
}

#[test]
fn a_customer_is_named_by_either_id_and_made_if_new() {
    let world = World::with_site();
    let old = world.customer("M1", "core", true);
    let body = r#"{ "text": "一", "customer": { "external_id": "M1" } }"#;
    let made = done(&world, "agent", "POST /v1/complaints", body);
    assert_eq!(made["customer_id"], old.as_str());
    assert_eq!(made["customer_group"], "core");
    let body = r#"{ "text": "二", "customer": { "external_id": "M2", "phone": "139" } }"#;
    let made = done(&world, "agent", "POST /v1/complaints", body);
    let new = made["customer_id"].as_str().unwrap();
    let contact = format!("select count(*) from contact where owner = '{new}' and value = '139'");
    assert_eq!(world.number(&contact), 1);
    assert_eq!(world.number("select count(*) from event where kind = 'customer.created'"), 2);
    let body = format!(r#"{{ "text": "三", "customer_id": "{new}" }}"#);
    let made = done(&world, "agent", "POST /v1/complaints", &body);
    assert_eq!(made["customer_group"], "new");
    assert_eq!(made["is_repeat"], true);
    assert_eq!(world.number("select count(*) from customer"), 2);
}

#[test]
fn who_says_it_again_joins_what_is_open() {
    let world = World::with_site();
    let id = world.customer("M1", "", true);
    let body = |text: &str| format!(r#"{{ "text": "{text}", "customer_id": "{id}" }}"#);
    let first = opened(&world, &body(TEXT));
    let answer = send(&world, "agent", "POST /v1/complaints", &body(&format!("{TEXT}！！")));
    assert_eq!(answer.status(), 200);
    let joined: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!((&joined["id"], &joined["is_joined"]), (&first.as_str().into(), &true.into()));
    assert!(joined.get("link").is_none());
    assert_eq!(trail(&world, &first), ["opened", "graded", "assigned", "joined"]);
    let other = opened(&world, &body("门店的空调坏了，热得没法购物"));
    assert_ne!(other, first);
    assert_eq!(get(&world, &format!("?customer_id={id}"))["items"].as_array().unwrap().len(), 2);
}

#[test]
fn a_response_leads_to_one_complaint() {
    let world = World::with_site();
    let id = world.customer("M1", "core", true);
    let given = testkit::Given { customer_id: &id, group: "core", ..Default::default() };
    let response = world.answered_all(&[(given, 1)]);
    let body = format!(r#"{{ "text": "{TEXT}", "response_id": "{response}" }}"#);
    let made = done(&world, "agent", "POST /v1/complaints", &body);
    assert_eq!(made["customer_id"], id.as_str());
    assert_eq!(made["response_id"], response.as_str());
    assert_eq!(made["channel"], "web");
    let (kind, text) = refused(&world, "agent", "POST /v1/complaints", &body);
    assert_eq!(kind, "invalid-fields");
    assert!(text.contains("/response_id"), "{text}");
}

#[test]
fn every_wrong_field_is_told_at_once_in_both_languages() {
    let world = World::with_site();
    let long = "字".repeat(10_001);
    let body = format!(
        r#"{{ "text": "{long}", "channel": "pigeon", "language": "?",
        "touchpoint_id": "tch_x", "customer_id": "cus_x", "customer": {{}}, "response_id": "rsp_x",
        "amount": -1, "received_at": "soon", "type": "<b>", "source": "page", "grade": "major",
        "files": [ {{ "name": "", "url": "http://x" }} ] }}"#
    );
    let (kind, text) = refused(&world, "agent", "POST /v1/complaints", &body);
    assert_eq!(kind, "invalid-fields");
    for pointer in [
        "/text",
        "/channel",
        "/language",
        "/touchpoint_id",
        "/customer_id",
        "/customer",
        "/response_id",
        "/amount",
        "/received_at",
        "/type",
        "/source",
        "/grade",
        "/files/0/name",
        "/files/0/url",
    ] {
        assert!(text.contains(&format!("\"{pointer}\"")), "{pointer} in {text}");
    }
    let zh = "POST /v1/complaints\naccept-language: zh-CN";
    assert!(refused(&world, "agent", zh, &body).1.contains("须为"));
    for text in ["", " ", "\\u200b\\ufeff", "\\u0000x"] {
        let (kind, _) =
            refused(&world, "agent", "POST /v1/complaints", &format!(r#"{{ "text": "{text}" }}"#));
        assert_eq!(kind, "invalid-fields", "{text}");
    }
    assert_eq!(world.number("select count(*) from complaint"), 0);
    assert_eq!(world.number("select count(*) from case_text"), 0);
}

#[test]
fn hostile_words_are_kept_as_words() {
    let world = World::with_site();
    let text = "'; drop table complaint; -- <script>alert(1)</script> 👩‍👧 Ünï=1+1";
    let id = plain(&world, text);
    assert_eq!(get(&world, &format!("/{id}"))["texts"][0]["text"], text);
}

#[test]
fn strangers_keys_methods_and_broken_disks_are_answered() {
    let world = World::with_site();
    let id = plain(&world, TEXT);
    for (request, status) in [
        ("PUT /v1/complaints".to_owned(), 405),
        (format!("DELETE /v1/complaints/{id}"), 405),
        (format!("GET /v1/complaints/{id}/close"), 405),
        (format!("GET /v1/complaints/{id}/compensate"), 405),
        ("GET /v1/complaints/bulk".to_owned(), 405),
        (format!("POST /v1/complaints/{id}/dance"), 404),
        (format!("GET /v1/complaints/{id}/links/1"), 405),
    ] {
        assert_eq!(send(&world, "agent", &request, "").status(), status, "{request}");
    }
    let nobody = world.send(super::handle, "GET /v1/complaints");
    assert_eq!(nobody.status(), 401);
    for it in ["answer", "close", "merge", "compensate"] {
        let request = format!("POST /v1/complaints/{id}/{it}");
        assert_eq!(send(&world, "viewer", &request, "{}").status(), 403);
        assert_eq!(send(&world, "other", &request, "{}").status(), 404);
    }
    world.break_database();
    let answer = send(&world, "agent", "POST /v1/complaints", r#"{ "text": "x" }"#);
    assert_eq!(answer.status(), 503);
    assert!(world.logged_cause().is_some());
}
