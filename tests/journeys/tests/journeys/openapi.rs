//! The contract against the real thing: every operation is called, and a fuzzer that is not ours
//! looks for what does not agree.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::server::{Server, TICK_KEY, Temporary, leave_out};
use crate::site::Site;

/// Requests that the fuzzer makes up for each operation and phase, unless the environment says so.
const EXAMPLES: &str = "6";

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

/// Where `.ci/run` puts Schemathesis.
fn schemathesis() -> Option<PathBuf> {
    let target = std::env::var("CARGO_TARGET_DIR")
        .map_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"), PathBuf::from);
    Some(target.join("schemathesis/bin/schemathesis")).filter(|it| it.exists())
}

/// Schemathesis finds no server error, no answer that is not told, and nothing taken that is not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::print_stdout, reason = "the figures are for whoever looks")]
async fn a_fuzzer_that_is_not_ours_finds_nothing() {
    let Some(program) = schemathesis() else {
        leave_out("Schemathesis is not here; .ci/run installs it where Python is");
        return;
    };
    let server = Server::any();
    let site = Site::with_survey(&server).await;
    let state = Temporary::new();
    let document = state.path().join("openapi.json");
    std::fs::write(&document, runs_on(testkit::contract::document()).to_string()).unwrap();
    for (who, key) in [("staff", site.named("admin")), ("publishable", site.named("pk"))] {
        let mut command = Command::new(&program);
        command.arg("run").arg(&document).arg("--url").arg(&server.base);
        command.args(["--header", &format!("authorization: Bearer {key}")]);
        let filter = if who == "staff" { "--exclude-by" } else { "--include-by" };
        command.args([filter, "/x-who == publishable"]);
        let examples = std::env::var("HUIYIN_EXAMPLES").unwrap_or_else(|_| EXAMPLES.to_owned());
        command.args(["--max-examples", &examples, "--workers", "2", "--no-color"]);
        command.args(["--phases", "examples,coverage,fuzzing", "--continue-on-failure"]);
        command.args(["--suppress-health-check", "all", "--warnings", "off"]);
        command.args(["--checks", CHECKS]).current_dir(state.path());
        let done = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
        let told = String::from_utf8_lossy(&done.stdout).into_owned();
        println!("{who}:\n{}", told.lines().rev().take(12).collect::<Vec<_>>().join("\n"));
        assert!(done.status.success(), "{told}\n{}", String::from_utf8_lossy(&done.stderr));
    }
}

const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance,negative_data_rejection";

/// The part that the fuzzer runs on: what programs call. Pages are for people, and ticks would run
/// beside each other for nothing.
fn runs_on(document: &Value) -> Value {
    let mut document = document.clone();
    let paths = document["paths"].as_object_mut().unwrap();
    paths.retain(|path, _| path.starts_with("/v1/"));
    document.as_object_mut().unwrap().remove("webhooks");
    document
}
