//! What has to hold of every answer, and of a world after every run.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use http::Method;
use serde_json::Value;
use testkit::World;
use web::{Request, Response};

use crate::wild::Call;

/// The catalogue: status, type, and the titles in English and Chinese.
const PROBLEMS: &str = include_str!("../../golden/problems.txt");

/// A header of an answer; empty for none.
fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).and_then(|it| it.to_str().ok()).unwrap_or("")
}

/// Judges an answer.
pub fn answer(call: &Call, answer: &Response, cause: &str) {
    let status = answer.status().as_u16();
    let body = String::from_utf8_lossy(answer.body());
    let told = || format!("{call:?}\n{status} {:?} {cause}\n{body}", answer.headers());
    assert!(status < 500, "a failure of ours: {}", told());
    assert_eq!(header(answer, "x-content-type-options"), "nosniff", "{}", told());
    assert!(header(answer, "request-id").starts_with("req_"), "{}", told());
    let kind = header(answer, "content-type");
    if matches!(status, 204 | 304) {
        assert!(body.is_empty(), "a body: {}", told());
        return;
    }
    if kind.starts_with("application/problem+json") {
        problem(status, &body, &told());
        return;
    }
    // A page tells what was wrong as a page, and JSON-RPC as an error of its own.
    let is_page = kind.starts_with("text/html");
    let is_rpc = kind == "application/json" && body.contains("\"jsonrpc\":\"2.0\"");
    assert!(status < 400 || is_page || is_rpc, "a refusal without a reason: {}", told());
    if is_page {
        let is_passed_on = status < 400 && 300 <= status;
        assert!(is_passed_on || body.starts_with("<!doctype html>"), "{}", told());
        assert_eq!(body.matches("<script>").count(), 0, "a script that is not ours: {}", told());
    }
    if kind == "application/json" {
        assert!(serde_json::from_str::<Value>(&body).is_ok(), "no JSON: {}", told());
    }
    if !body.is_empty() {
        assert!(!kind.is_empty(), "of no type: {}", told());
    }
}

fn problem(status: u16, body: &str, told: &str) {
    static KNOWN: OnceLock<BTreeSet<&str>> = OnceLock::new();
    let known =
        KNOWN.get_or_init(|| PROBLEMS.lines().filter_map(|it| it.split(" |").next()).collect());
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    assert!(400 <= status, "{told}");
    assert_eq!(body["status"], status, "{told}");
    let kind = format!("{status} {}", body["type"].as_str().unwrap_or(""));
    assert!(known.contains(kind.as_str()), "not in the catalogue: {told}");
    let is_told = |name: &str| body[name].as_str().is_some_and(|it| !it.is_empty());
    assert!(is_told("title") && is_told("instance"), "{told}");
    for it in body["errors"].as_array().into_iter().flatten() {
        assert!(it["detail"].as_str().is_some_and(|it| !it.is_empty()), "{told}");
        let places = ["pointer", "parameter", "header"];
        assert_eq!(places.iter().filter(|at| it[**at].is_string()).count(), 1, "{told}");
    }
}

/// Whether an answer must be the same when it is asked for again at once.
pub fn is_repeatable(call: &Call, answer: &Response) -> bool {
    let is_json = header(answer, "content-type") == "application/json";
    // What is signed anew each time, or is an event itself.
    let fresh = ["challenge", "/surveys/", "/export"];
    let is_fresh = fresh.iter().any(|it| call.target.contains(it));
    call.method == "GET" && answer.status() == 200 && is_json && !is_fresh
}

/// Compares an answer with the next one to the same question.
pub fn again(call: &Call, first: &Response, second: &Response) {
    let text = |it: &Response| String::from_utf8_lossy(it.body()).into_owned();
    assert_eq!(first.status(), second.status(), "{call:?}");
    assert_eq!(text(first), text(second), "the same question, another answer: {call:?}");
}

/// Checks a world after a run.
pub fn invariants(world: &World, since: i64) {
    for sql in [
        "select count(*) from (select * from rollup_fact except select * from rollup)",
        "select count(*) from (select * from rollup where n <> 0
           except select * from rollup_fact)",
    ] {
        assert_eq!(world.number(sql), 0, "a rollup is not what counting gives: {sql}");
    }
    let touched = format!("select distinct site_id, subject from event where {since} < seq");
    let touched: Vec<(String, String)> = {
        let database = world.database();
        let mut statement = database.prepare(&touched).expect("events");
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.expect("events").map(|it| it.expect("an event")).collect()
    };
    for (site, subject) in touched {
        let key = if site == "sit_other" { "sk_other" } else { "sk_admin" };
        if !["sit_other", "sit_shop"].contains(&site.as_str()) {
            continue;
        }
        let headers = vec![("authorization".to_owned(), format!("Bearer {key}").into_bytes())];
        let request = Request::new(Method::GET, "/test/x/audit/verify", "h", headers, Ok(vec![]));
        let verify = async |env: &World, it: Request| {
            app::audit::trail(env, &it, &subject, &["verify"]).await
        };
        let verdict = world.answer(verify, request);
        // Who revoked the key of this run cannot ask.
        if verdict.status() == 200 {
            let verdict: Value = serde_json::from_slice(verdict.body()).expect("a verdict");
            assert_eq!(verdict["is_intact"], true, "{verdict}");
        }
    }
}
