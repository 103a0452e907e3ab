//! Complaints, told in requests and answers.

mod chained;
mod list;
mod race;
mod search;

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

fn get(world: &World, path: &str) -> Value {
    done(world, "agent", &format!("GET /v1/complaints{path}"), "")
}

/// The types of a case's events, without their family.
fn trail(world: &World, id: &str) -> Vec<String> {
    let sql = "select substr(kind, 11) from event where subject = ?1 order by version";
    let database = world.database();
    let mut prepared = database.prepare(sql).unwrap();
    let kinds = prepared.query_map([id], |row| row.get(0)).unwrap();
    kinds.map(|it| it.unwrap()).collect()
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

    let contact = format!("select count(*) from contact where owner = '{id}'");
    assert_eq!(world.number(&contact), 2, "a stranger's stand with the case");
    let files = "select count(*) from case_text where files like '%a.jpg%'";
    assert_eq!(world.number(files), 1);
    assert_eq!(trail(&world, id), ["opened", "graded", "assigned"]);
    let words = "select count(*) from event where data like '%快递%' or data like '%李想%'
        or data like '%13800000000%'";
    assert_eq!(world.number(words), 0);
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
    plain(&world, text);
    let kept: String =
        world.database().query_row("select text from case_text", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, text);
}

#[test]
fn strangers_keys_methods_and_broken_disks_are_answered() {
    let world = World::with_site();
    let put = send(&world, "agent", "PUT /v1/complaints", "");
    assert_eq!(put.status(), 405);
    assert_eq!(world.send(super::handle, "GET /v1/complaints").status(), 401);
    assert_eq!(send(&world, "viewer", "GET /v1/complaints", "").status(), 403);
    let body = r#"{ "text": "x" }"#;
    assert_eq!(send(&world, "viewer", "POST /v1/complaints", body).status(), 403);
    let request = "POST /v1/complaints\nidempotency-key: k";
    done(&world, "agent", request, body);
    let (kind, _) = refused(&world, "agent", request, r#"{ "text": "y" }"#);
    assert_eq!(kind, "idempotency-key-reused");
    world.break_database();
    assert_eq!(send(&world, "agent", "POST /v1/complaints", body).status(), 503);
    assert!(world.logged_cause().is_some());
}
