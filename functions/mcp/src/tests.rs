//! The protocol and its tools, told in requests and answers over the components that are asked.

mod calls;
mod neighbours;
mod protocol;
mod tables;

use std::cell::RefCell;
use std::rc::Rc;

use ports::Outgoing;
use serde_json::{Value, json};
use testkit::{ADMIN_KEY, World};
use web::Response;

use crate::handle;

/// What was asked of neighbours.
type Asked = Rc<RefCell<Vec<Outgoing>>>;

/// A world whose components ask each other.
fn world() -> (World, Asked) {
    let world = World::with_site();
    world.name("spanning", ADMIN_KEY);
    let asked = Asked::default();
    let heard = Rc::clone(&asked);
    world.receive(move |world, call| {
        heard.borrow_mut().push(call.clone());
        neighbours::answer(world, call)
    });
    (world, asked)
}

/// Sends a body with the key of a role.
fn post(world: &World, who: &str, headers: &str, body: &str) -> Response {
    let line = format!("POST /mcp\nauthorization: Bearer {{{who}}}{headers}\n\n{body}");
    world.send(handle, &line)
}

/// What a method tells.
#[track_caller]
fn ask(world: &World, who: &str, method: &str, params: &Value) -> Value {
    let body = json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": params });
    let answer = post(world, who, "", &body.to_string());
    let told: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    assert_eq!(answer.status(), 200, "{told}");
    assert_eq!((&told["id"], &told["jsonrpc"]), (&json!(7), &json!("2.0")));
    told
}

/// The result of a tool.
#[track_caller]
fn call(world: &World, who: &str, tool: &str, arguments: &Value) -> Value {
    let params = json!({ "name": tool, "arguments": arguments });
    let told = ask(world, who, "tools/call", &params);
    assert!(told["error"].is_null(), "{told}");
    told["result"].clone()
}

/// The text of a result that worked.
#[track_caller]
fn text(result: &Value) -> &str {
    assert_eq!(result["isError"], false, "{result}");
    result["content"][0]["text"].as_str().unwrap()
}

/// The text of a result that did not.
#[track_caller]
fn fault(result: &Value) -> &str {
    assert_eq!(result["isError"], true, "{result}");
    assert!(result["structuredContent"].is_null());
    result["content"][0]["text"].as_str().unwrap()
}

/// The names of the tools of a role.
fn names(world: &World, who: &str) -> Vec<String> {
    let told = ask(world, who, "tools/list", &json!({}));
    let tools = told["result"]["tools"].as_array().unwrap();
    tools.iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}
