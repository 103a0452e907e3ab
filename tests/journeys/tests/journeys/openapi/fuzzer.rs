//! Schemathesis, which makes up requests from the document alone, against the real components.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value, json};

use crate::property::scene;
use crate::property::wild::Known;
use crate::server::{Server, TICK_KEY, Temporary, leave_out};

/// Requests that it makes up for each operation and phase, unless the environment says so.
const EXAMPLES: &str = "6";
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance,negative_data_rejection";
/// What refuses: 307 leads a browser back to its form, which says what is wrong.
const REFUSALS: &str = "[checks.negative_data_rejection]\n\
    expected-statuses = [307, 400, 401, 403, 404, 405, 406, 409, 410, 413, 415, 422, 428, 429]\n";
const SITE: &str = "#/components/parameters/site";
/// What is not there at all unless somebody turns it on.
const SETTINGS: [(&str, &str); 3] =
    [("formbricks", "on"), ("mcp_writes", "on"), ("metrics_key", METRICS_KEY)];
const METRICS_KEY: &str = "metrics_key_of_the_journeys";
/// Ids of a kind that it is told of.
const IDS_MAX: usize = 4;

/// Where `.ci/run` puts it.
fn schemathesis() -> Option<PathBuf> {
    let target = std::env::var("CARGO_TARGET_DIR")
        .map_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"), PathBuf::from);
    Some(target.join("schemathesis/bin/schemathesis")).filter(|it| it.exists())
}

/// It finds no server error, no answer that is not told of, and nothing taken that is not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::print_stdout, reason = "the figures are for whoever looks")]
async fn a_fuzzer_that_is_not_ours_finds_nothing() {
    let Some(program) = schemathesis() else {
        leave_out("Schemathesis is not here; .ci/run installs it where Python is");
        return;
    };
    let Some(server) = Server::ours_with("Schemathesis", &SETTINGS) else { return };
    let (site, known) = scene(&server).await;
    let runs: [(&[&str], &str); 6] = [
        (&["viewer", "agent", "manager", "admin", "holder"], site.named("admin")),
        (&["publishable", "client"], site.named("pk")),
        (&["owner"], site.named("owner")),
        (&["tick"], TICK_KEY),
        (&["metrics"], METRICS_KEY),
        (&["anybody", "link", "source"], ""),
    ];
    let mut left = operations(testkit::contract::document());
    for (who, key) in runs {
        let (document, count) = part(testkit::contract::document(), who, &known);
        left -= count;
        let state = Temporary::new();
        let path = state.path().join("openapi.json");
        std::fs::write(&path, document.to_string()).unwrap();
        std::fs::write(state.path().join("schemathesis.toml"), REFUSALS).unwrap();
        let mut command = Command::new(&program);
        command.arg("run").arg(&path).arg("--url").arg(&server.base);
        if !key.is_empty() {
            command.args(["--header", &format!("authorization: Bearer {key}")]);
        }
        let examples = std::env::var("HUIYIN_EXAMPLES").unwrap_or_else(|_| EXAMPLES.to_owned());
        command.args(["--max-examples", &examples, "--workers", "1", "--no-color"]);
        command.args(["--phases", "examples,coverage,fuzzing", "--continue-on-failure"]);
        command.args(["--suppress-health-check", "all", "--warnings", "off"]);
        command.args(["--checks", CHECKS]).current_dir(state.path());
        command.env("SCHEMATHESIS_HOOKS", "hooks");
        command.env("PYTHONPATH", Path::new(env!("CARGO_MANIFEST_DIR")).join("schemathesis"));
        let done = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
        let told = String::from_utf8_lossy(&done.stdout).into_owned();
        let last: Vec<&str> = told.lines().filter(|it| !it.is_empty()).collect();
        println!(
            "{count} operations, {who:?}:\n{}",
            last[last.len().saturating_sub(4)..].join("\n")
        );
        assert!(done.status.success(), "{told}\n{}", String::from_utf8_lossy(&done.stderr));
    }
    assert_eq!(left, 0, "operations of whom nobody here is");
}

fn operations(document: &Value) -> usize {
    let paths = document["paths"].as_object().unwrap();
    paths.values().map(|it| it.as_object().map_or(0, Map::len)).sum()
}

/// What these may call, and how many operations that is. Of what is made up little exists: so it
/// is told of ids that do, beside all others.
fn part(document: &Value, who: &[&str], known: &Known) -> (Value, usize) {
    let mut part = document.clone();
    part.as_object_mut().unwrap().remove("webhooks");
    let paths = part["paths"].as_object_mut().unwrap();
    for item in paths.values_mut() {
        let item = item.as_object_mut().unwrap();
        item.retain(|_, it| it["x-who"].as_str().is_some_and(|it| who.contains(&it)));
    }
    paths.retain(|_, it| it.as_object().is_some_and(|it| !it.is_empty()));
    // A key of a site needs no other, and would be refused most others.
    if !who.contains(&"owner") {
        for told in paths.values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut) {
            if let Some(listed) = told["parameters"].as_array_mut() {
                listed.retain(|it| it["$ref"] != SITE);
            }
        }
    }
    for (path, item) in paths.iter_mut() {
        let token = match path.split('/').nth(1) {
            Some("t") => "track",
            Some("b") => "booking",
            Some("share" | "embed") => "share",
            Some("feed") => "feed",
            _ if path.starts_with("/v1/bookings/") => "booking",
            Some("api") => "pk",
            _ => continue,
        };
        for told in item.as_object_mut().unwrap().values_mut() {
            for parameter in told["parameters"].as_array_mut().into_iter().flatten() {
                let is_other = token == "pk" && parameter["name"] != "environment";
                if parameter["in"] == "path" && !is_other {
                    beside(&mut parameter["schema"], known.all(token));
                }
            }
        }
    }
    let count = operations(&part);
    introduce(&mut part, known);
    (part, count)
}

/// Tells every schema of an id which ones there are.
fn introduce(schema: &mut Value, known: &Known) {
    let kind = schema["pattern"].as_str().and_then(|it| it.strip_prefix('^'));
    // The key that it calls with would not last.
    let kind = kind.and_then(|it| it.strip_suffix('_')).filter(|it| *it != "key");
    if let Some(kind) = kind.map(str::to_owned) {
        beside(schema, known.all(&kind));
        return;
    }
    match schema {
        Value::Object(members) => {
            members.values_mut().for_each(|it| introduce(it, known));
            // Of the compatible interface, whose ids look like nothing.
            if let Some(it) = members.get_mut("surveyId").filter(|it| it.is_object()) {
                beside(it, known.all("srv"));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|it| introduce(it, known)),
        _ => {}
    }
}

/// Makes some values likely where others may stand as well.
fn beside(schema: &mut Value, values: &[String]) {
    if !values.is_empty() {
        let some = &values[..values.len().min(IDS_MAX)];
        *schema = json!({ "anyOf": [{ "enum": some }, schema.take()] });
    }
}
