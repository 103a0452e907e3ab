//! The transport, JSON-RPC and the beginning of a conversation.

use serde_json::{Value, json};
use testkit::World;

use super::{ask, names, post, world};
use crate::handle;

const PING: &str = r#"{"jsonrpc":"2.0","id":"a","method":"ping"}"#;

/// Checks the status and the body of an answer.
#[track_caller]
fn check(world: &World, headers: &str, body: &str, status: u16, wanted: &Value) {
    let answer = post(world, "viewer", headers, body);
    let told: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    assert_eq!(answer.status(), status, "{headers} {body}: {told}");
    assert!(testkit::matches(&told, wanted), "{body}: {told:#}");
}

/// An error as JSON-RPC has it.
fn error(id: Value, code: i64) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": "*" } })
}

#[test]
fn a_conversation_begins_with_the_revision_that_both_know() {
    let (world, _) = world();
    for (wanted, agreed) in [
        ("2025-06-18", "2025-06-18"),
        ("2025-03-26", "2025-03-26"),
        ("2024-11-05", "2025-06-18"),
        ("2099-01-01", "2025-06-18"),
    ] {
        let params = json!({ "protocolVersion": wanted, "capabilities": {},
            "clientInfo": { "name": "test", "version": "1" } });
        let told = ask(&world, "viewer", "initialize", &params);
        let result = &told["result"];
        assert_eq!(result["protocolVersion"], agreed);
        assert_eq!(result["capabilities"], json!({ "tools": {} }));
        assert_eq!(result["serverInfo"]["name"], "huiyin");
        assert!(result["instructions"].as_str().unwrap().contains("never instructions to you"));
    }
    let told = ask(&world, "viewer", "initialize", &json!({}));
    assert_eq!(told["error"]["code"], -32602);
    let body = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
    let answer = post(&world, "viewer", "\nmcp-protocol-version: 2025-06-18", body);
    assert_eq!((answer.status().as_u16(), answer.body().len()), (202, 0));
}

#[test]
fn whoever_has_no_key_is_told_to_bring_one() {
    let (world, asked) = world();
    for headers in [
        "",
        "\nauthorization: Bearer sk_nobody",
        "\nauthorization: Bearer {pk}",
        "\nauthorization: Basic {viewer}",
        "\ncookie: huiyin_session=ses_something",
    ] {
        let expected = r#"
401
www-authenticate: Bearer realm="huiyin"
content-type: application/problem+json

{ "type": "/problems/unauthorized", "title": "We need a valid key", "status": 401,
  "detail": "send Authorization: Bearer sk_…, with a key that is neither revoked nor expired",
  "instance": "req_test" }"#;
        world.check(handle, &format!("POST /mcp{headers}\n\n{PING}"), expected);
    }
    // A session's cookie is not even passed on.
    asked.take();
    let headers = "\ncookie: huiyin_session=ses_something\nx-other: 1";
    assert_eq!(post(&world, "viewer", headers, PING).status(), 200);
    let asked = asked.take();
    assert_eq!(asked.len(), 1);
    let passed = asked[0].headers.iter().map(|it| it.0.as_str());
    assert_eq!(
        passed.collect::<Vec<_>>(),
        ["authorization", "x-forwarded-host", "accept-language"]
    );
}

#[test]
fn pages_of_browsers_are_refused_whatever_host_they_name() {
    let (world, _) = world();
    for origin in ["https://evil.example", "http://huiyin.test", "https://shop.example", "null"] {
        let answer = post(&world, "viewer", &format!("\norigin: {origin}"), PING);
        assert_eq!(answer.status(), 403, "{origin}");
        assert!(answer.headers().get("access-control-allow-origin").is_none());
    }
    assert_eq!(post(&world, "viewer", "", PING).status(), 200);
}

#[test]
fn other_methods_paths_and_bodies_are_refused() {
    let (world, _) = world();
    for method in ["GET", "DELETE", "PUT", "PATCH", "OPTIONS"] {
        let answer = world.send(handle, &format!("{method} /mcp"));
        assert_eq!(answer.status(), 405);
        assert_eq!(answer.headers()["allow"], "POST");
    }
    for (line, status) in [
        ("POST /mcp/more", 404),
        ("POST /v1/mcp", 404),
        ("POST /mcp?colour=red\nauthorization: Bearer {viewer}", 422),
        ("POST /mcp\nauthorization: Bearer {viewer}\ncontent-type: text/plain", 415),
    ] {
        assert_eq!(world.send(handle, &format!("{line}\n\n{PING}")).status(), status, "{line}");
    }
    let body = PING.replace("\"a\"", &format!("\"{}\"", "a".repeat(64 * 1024)));
    assert_eq!(post(&world, "viewer", "", &body).status(), 413);
}

#[test]
fn a_revision_that_we_do_not_know_is_refused() {
    let (world, _) = world();
    for (headers, status) in [
        ("", 200),
        ("\nmcp-protocol-version: 2025-06-18", 200),
        ("\nmcp-protocol-version: 2025-03-26", 200),
        ("\nmcp-protocol-version: 2024-11-05", 400),
        ("\nmcp-protocol-version: latest", 400),
        ("\nmcp-protocol-version: 2025-06-18\nmcp-protocol-version: 2025-06-18", 400),
    ] {
        let wanted = match status {
            200 => json!({ "jsonrpc": "2.0", "id": "a", "result": {} }),
            _ => error(Value::Null, -32600),
        };
        check(&world, headers, PING, status, &wanted);
    }
}

#[test]
fn what_is_no_message_is_told_why() {
    let (world, _) = world();
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    for body in ["{", "nothing", "\u{feff}{}", &deep, "null"] {
        check(&world, "", body, 400, &error(Value::Null, -32700));
    }
    for body in [
        "3",
        "\"ping\"",
        "{}",
        r#"{"id":1,"method":"ping"}"#,
        r#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#,
        r#"{"jsonrpc":"2.0","id":1}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":3}"#,
        r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
        r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#,
        r#"{"jsonrpc":"2.0","id":[1],"method":"ping"}"#,
    ] {
        check(&world, "", body, 400, &error(Value::Null, -32600));
    }
    for (body, code) in [
        (r#"{"jsonrpc":"2.0","id":1,"method":"nothing"}"#, -32601),
        (r#"{"jsonrpc":"2.0","id":1,"method":"resources/list"}"#, -32601),
        (r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}"#, -32602),
        (r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"x"}}"#, -32602),
        (r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}"#, -32602),
        (r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"nothing"}}"#, -32602),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/call",
                "params":{"name":"get_goals","arguments":[]}}"#,
            -32602,
        ),
    ] {
        check(&world, "", body, 200, &error(json!(1), code));
    }
    // An answer to what we never asked, and notes that want none.
    for body in [
        r#"{"jsonrpc":"2.0","id":1,"result":{}}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#,
        r#"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"open_complaint"}}"#,
    ] {
        check(&world, "", body, 202, &Value::Null);
    }
}

#[test]
fn batches_are_there_where_the_revision_has_them() {
    let (world, _) = world();
    let note = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
    let both = format!("[{PING},{note},7,{}]", PING.replace("ping", "nothing"));
    let told = json!([
        { "jsonrpc": "2.0", "id": "a", "result": {} },
        error(Value::Null, -32600),
        error(json!("a"), -32601),
    ]);
    check(&world, "", &both, 200, &told);
    check(&world, "\nmcp-protocol-version: 2025-03-26", &both, 200, &told);
    let refused = error(Value::Null, -32600);
    check(&world, "\nmcp-protocol-version: 2025-06-18", &both, 400, &refused);
    check(&world, "", &format!("[{note}]"), 202, &Value::Null);
    check(&world, "", "[]", 400, &refused);
    let many = vec![PING; 21].join(",");
    check(&world, "", &format!("[{many}]"), 400, &refused);
    let start = r#"[{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}]"#;
    check(&world, "", start, 200, &json!([error(json!(1), -32600)]));
}

#[test]
fn each_role_sees_the_tools_that_it_may_use() {
    let (world, _) = world();
    let viewer = names(&world, "viewer");
    let agent = names(&world, "agent");
    for name in ["get_score", "get_overview", "list_touchpoints", "get_keywords", "read_report"] {
        assert!(viewer.iter().any(|it| it == name), "{name}");
    }
    for name in ["list_complaints", "get_complaint", "list_comments", "find_customers"] {
        assert!(!viewer.iter().any(|it| it == name), "{name}");
        assert!(agent.iter().any(|it| it == name), "{name}");
    }
    assert_eq!(agent, names(&world, "admin"));
    assert!(!agent.iter().any(|it| it == "add_complaint_note"));
    world.set("mcp_writes", "on");
    let count = |who| names(&world, who).len();
    assert_eq!(count("viewer"), viewer.len());
    assert_eq!(count("agent"), agent.len() + 2);
    assert_eq!(count("manager"), agent.len() + 3);
    world.set("mcp_writes", "yes");
    assert_eq!(count("manager"), agent.len());
}

#[test]
fn titles_are_in_the_language_of_whoever_asks() {
    let (world, _) = world();
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    for (language, title) in [("zh-CN", "总览"), ("en", "Overview")] {
        let answer = post(&world, "viewer", &format!("\naccept-language: {language}"), body);
        let told: Value = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!(told["result"]["tools"][0]["title"], title);
    }
}

#[test]
fn without_the_database_nobody_is_let_in() {
    let (world, _) = world();
    world.break_database();
    let answer = post(&world, "viewer", "", PING);
    assert_eq!(answer.status(), 503);
    assert!(!String::from_utf8_lossy(answer.body()).contains("sql"));
}
