//! An assistant finds its way by `/mcp`: from the tools that there are to every one of them.

use std::collections::BTreeMap;

use runner::client::Answer;
use serde_json::{Value, json};

use crate::server::Server;
use crate::site::{Site, header, json, text};

/// A conversation as the holder of a key.
struct Assistant<'a> {
    site: &'a Site,
    who: &'static str,
}

impl Assistant<'_> {
    async fn post(&self, body: &Value) -> Answer {
        let head = format!(
            "POST /mcp\nauthorization: Bearer {{{}}}\ncontent-type: application/json\n\
             accept: application/json, text/event-stream\nmcp-protocol-version: 2025-06-18",
            self.who
        );
        self.site.send_bytes(&head, body.to_string().into()).await
    }

    async fn ask(&self, method: &str, params: Value) -> Value {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let answer = self.post(&body).await;
        assert_eq!(answer.status, 200, "{body}: {}", answer.text());
        assert_eq!(header(&answer, "content-type"), "application/json");
        let told = json(&answer);
        assert!(told["error"].is_null(), "{body}: {told}");
        told["result"].clone()
    }

    /// What a tool tells, its notice taken off.
    async fn call(&self, tool: &str, arguments: &Value) -> Value {
        let told = self.ask("tools/call", json!({ "name": tool, "arguments": arguments })).await;
        assert_eq!(told["isError"], false, "{tool} {arguments}: {told}");
        assert!(!text(&told["content"][0], "text").is_empty());
        let shown = &told["structuredContent"];
        if shown["data"].is_null() { shown.clone() } else { shown["data"].clone() }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_assistant_uses_every_tool_over_what_the_demo_made() {
    let Some(server) = Server::ours("an assistant, who reads what the demo made") else { return };
    server.play_demo().await;
    let site = Site::none(&server);
    let it = Assistant { site: &site, who: "owner" };
    let wanted = json!({ "protocolVersion": "2025-06-18", "capabilities": {},
        "clientInfo": { "name": "journey", "version": "1" } });
    assert_eq!(it.ask("initialize", wanted).await["protocolVersion"], "2025-06-18");
    let note = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    assert_eq!(it.post(&note).await.status, 202);
    let tools = it.ask("tools/list", json!({})).await;
    let sites = it.call("list_sites", &json!({})).await;
    let of_site = text(&sites["items"][0], "id").to_owned();
    let ids = BTreeMap::from([
        ("get_complaint", "list_complaints"),
        ("read_report", "list_reports"),
        ("get_customer_summary", "find_customers"),
        ("get_customer_timeline", "find_customers"),
    ]);
    for tool in tools["tools"].as_array().unwrap() {
        let name = text(tool, "name");
        let mut arguments = json!({});
        if name != "list_sites" {
            arguments["site"] = of_site.as_str().into();
        }
        if let Some(list) = ids.get(name) {
            let found = it.call(list, &arguments).await;
            arguments["id"] = found["items"][0]["id"].clone();
        }
        if name == "get_score" {
            arguments["metric"] = "nps".into();
            arguments["by"] = "touchpoint,channel".into();
        }
        it.call(name, &arguments).await;
    }
    // What a tool tells is what the API tells.
    let arguments = json!({ "site": of_site, "metric": "csat", "by": "week", "compare": "year" });
    let mut told = it.call("get_score", &arguments).await;
    let path = format!("/v1/csat?by=week&compare=year&site={of_site}");
    let mut shown = site.get("owner", &path).await;
    for it in [&mut told, &mut shown] {
        it.as_object_mut().unwrap().remove("as_of");
    }
    assert_eq!(told, shown);
    let listed = it.call("list_complaints", &json!({ "site": of_site, "limit": 1 })).await;
    let more = json!({ "site": of_site, "limit": 1, "after": listed["next"] });
    assert_ne!(it.call("list_complaints", &more).await["items"], listed["items"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_and_whoever_has_no_key_are_refused() {
    let server = Server::any();
    let site = Site::new(&server).await;
    let ping = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
    for (head, status) in [
        ("", 401),
        ("\nauthorization: Bearer {pk}", 401),
        ("\nauthorization: Bearer {viewer}\norigin: https://shop.example", 403),
        ("\nauthorization: Bearer {viewer}\nmcp-protocol-version: 1999-01-01", 400),
        ("\nauthorization: Bearer {viewer}", 200),
    ] {
        let head = format!("POST /mcp\ncontent-type: application/json{head}");
        let answer = site.send_bytes(&head, ping.into()).await;
        assert_eq!(answer.status, status, "{head}: {}", answer.text());
        assert_eq!(header(&answer, "www-authenticate").is_empty(), status != 401);
    }
}

/// The role that a tool is listed for is the one that the API asks for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tools_are_listed_for_those_who_may_use_them() {
    let server = Server::any();
    let site = Site::new(&server).await;
    let names = async |who| {
        let told = Assistant { site: &site, who }.ask("tools/list", json!({})).await;
        let tools = told["tools"].as_array().unwrap().clone();
        // Elsewhere those that write may be there; they want more than an id.
        let reads = tools.iter().filter(|it| it["annotations"]["readOnlyHint"] == true);
        reads.map(|it| text(it, "name").to_owned()).collect::<Vec<_>>()
    };
    let all = names("admin").await;
    for who in ["viewer", "agent", "manager"] {
        let own = names(who).await;
        let it = Assistant { site: &site, who };
        for name in &all {
            let mut arguments = json!({});
            if ["get_complaint", "read_report"].contains(&name.as_str())
                || name.starts_with("get_customer_")
            {
                arguments["id"] = "none_such".into();
            }
            if name == "get_score" {
                arguments["metric"] = "nps".into();
            }
            let params = json!({ "name": name, "arguments": arguments });
            let told = it.ask("tools/call", params).await;
            let said = text(&told["content"][0], "text");
            assert_eq!(said.contains("(HTTP 403)"), !own.contains(name), "{who} {name}: {said}");
        }
    }
}
