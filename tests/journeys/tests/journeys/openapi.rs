//! The contract against the real thing: every operation is called, and a fuzzer that is not ours
//! looks for what does not agree.

mod fuzzer;

use serde_json::{Value, json};

use crate::server::{Server, TICK_KEY};
use crate::site::Site;

/// Calls each operation with the example that stands there, or with nothing. Whatever it answers
/// must be told, which `Site::send` checks for every answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_answers_as_it_is_told() {
    let server = Server::any();
    let site = Site::with_survey(&server).await;
    let (mut called, mut taken) = (0, 0);
    for (path, item) in testkit::contract::document()["paths"].as_object().unwrap() {
        for (method, told) in item.as_object().unwrap() {
            let asked = request(&site, method, path, told);
            let answer = site.send(&asked).await;
            assert_ne!(answer.status, 405, "{asked}");
            called += 1;
            taken += u32::from(answer.status.is_success());
        }
    }
    assert!(called > 200 && called / 3 < taken, "{taken} of {called} succeeded");
}

/// A request of an operation by somebody who may make it.
fn request(site: &Site, method: &str, path: &str, told: &Value) -> String {
    let mut path = path.to_owned();
    let mut query = Vec::new();
    for it in told["parameters"].as_array().unwrap() {
        let name = it["name"].as_str().unwrap_or_default();
        let schema = &it["schema"];
        let pattern = schema["pattern"].as_str().unwrap_or_default();
        let value = match (schema["enum"][0].as_str(), pattern) {
            (Some(word), _) => word.to_owned(),
            (None, "^srv_") => site.named("survey").to_owned(),
            (None, "^tch_") => site.named("shop").to_owned(),
            (None, "^sit_") => site.named("site").to_owned(),
            _ => format!("{}none", pattern.trim_start_matches('^')),
        };
        if it["in"] == "path" {
            path = path.replace(&format!("{{{name}}}"), &value);
        } else if it["in"] == "query" && it["required"] == true {
            query.push(format!("{name}={value}"));
        }
    }
    let key = match told["x-who"].as_str().unwrap_or_default() {
        "publishable" => "{pk}",
        "tick" => TICK_KEY,
        "owner" => "{owner}",
        _ => "{admin}",
    };
    let mark = if query.is_empty() { "" } else { "?" };
    let head = format!(
        "{} {path}{mark}{}\nauthorization: Bearer {key}",
        method.to_uppercase(),
        query.join("&"),
    );
    let content = told.pointer("/requestBody/content").and_then(Value::as_object);
    match content.and_then(|it| it.iter().next()) {
        Some((media, it)) if media.ends_with("json") => {
            let example = it.get("example").cloned().unwrap_or_else(|| json!({}));
            format!("{head}\ncontent-type: {media}\n\n{example}")
        }
        Some((media, _)) => format!("{head}\ncontent-type: {media}\n\nx"),
        None => head,
    }
}
