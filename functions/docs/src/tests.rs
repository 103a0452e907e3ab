//! The document and its pages, told in requests and answers.

use std::collections::BTreeMap;
use std::io::Read as _;

use flate2::read::GzDecoder;
use serde_json::Value;
use testkit::World;

use super::*;

fn get(target: &str) -> Response {
    World::new().send(handle, &format!("GET {target}\n\n"))
}

fn text(response: Response) -> String {
    String::from_utf8(response.into_body()).unwrap()
}

#[track_caller]
fn check_header(response: &Response, name: &str, expected: &str) {
    let actual = response.headers().get(name).map(|it| it.to_str().unwrap());
    assert_eq!(actual, Some(expected), "{name}");
}

#[test]
fn the_document_may_be_read_anywhere_and_is_asked_for_again_by_its_tag() {
    let response = get("/openapi.json");
    assert_eq!(response.status(), StatusCode::OK);
    check_header(&response, "content-type", "application/json");
    check_header(&response, "cache-control", "public, max-age=300");
    check_header(&response, "access-control-allow-origin", "*");
    check_header(&response, "vary", "accept-encoding");
    let tag = response.headers().get("etag").unwrap().to_str().unwrap().to_owned();
    assert!(!tag.starts_with("W/"), "{tag}");
    let document: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["paths"]["/openapi.json"]["get"]["operationId"], "readContract");
    let again = format!("GET /openapi.json\nif-none-match: {tag}\n\n");
    let again = World::new().send(handle, &again);
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert!(again.body().is_empty());
}

#[test]
fn whoever_takes_gzip_gets_the_same_compressed() {
    for target in ["/openapi.json", "/docs?lang=zh-CN", "/docs/style.css", "/docs/script.js"] {
        let plain = get(target);
        assert!(!plain.headers().contains_key("content-encoding"), "{target}");
        let asked = format!("GET {target}\naccept-encoding: gzip, br\n\n");
        let packed = World::new().send(handle, &asked);
        check_header(&packed, "content-encoding", "gzip");
        assert_ne!(packed.headers().get("etag"), plain.headers().get("etag"), "{target}");
        assert!(packed.body().len() < plain.body().len(), "{target}");
        let mut inflated = Vec::new();
        GzDecoder::new(packed.body().as_slice()).read_to_end(&mut inflated).unwrap();
        assert_eq!(&inflated, plain.body(), "{target}");
    }
}

/// Every page by its address, such as `/docs/events?lang=en`.
fn pages_by_address() -> BTreeMap<String, String> {
    let world = World::new();
    let mut found = BTreeMap::new();
    for (name, _, _) in PAGES {
        for lang in ["en", "zh-CN"] {
            let path = if *name == "index" { String::new() } else { format!("/{name}") };
            let address = format!("/docs{path}?lang={lang}");
            let page = world.send(handle, &format!("GET {address}\n\n"));
            found.insert(address, text(page));
        }
    }
    found
}

#[test]
fn the_first_page_leads_to_every_operation_in_both_languages() {
    let document: Value = serde_json::from_slice(get("/openapi.json").body()).unwrap();
    let pages = pages_by_address();
    let mut count = 0;
    for item in document["paths"].as_object().unwrap().values() {
        for told in item.as_object().unwrap().values() {
            let (id, tag) = (&told["operationId"], &told["tags"][0]);
            let (id, tag) = (id.as_str().unwrap(), tag.as_str().unwrap());
            for lang in ["en", "zh-CN"] {
                let address = format!("/docs/{tag}?lang={lang}");
                let index = &pages[&format!("/docs?lang={lang}")];
                assert!(index.contains(&format!("\"{address}#{id}\"")), "{id}");
                assert!(pages[&address].contains(&format!(" id=\"{id}\"")), "{id}");
            }
            count += 1;
        }
    }
    assert!(5 <= count, "{count}");
}

#[test]
fn the_reader_is_asked_for_the_language() {
    let asked = "GET /docs\naccept-language: zh-CN, en;q=0.5\n\n";
    let response = World::new().send(handle, asked);
    check_header(&response, "content-language", "zh-CN");
    check_header(&response, "vary", "accept-language, accept-encoding");
    assert!(text(response).contains("<h1>回音 API</h1>"));
    let response = get("/docs");
    check_header(&response, "content-language", "en");
    check_header(&response, "content-security-policy", pages::SCRIPTED);
    check_header(&response, "cache-control", "public, max-age=300");
    assert!(text(response).contains("<h1>The API of Huiyin</h1>"));
}

#[test]
fn no_page_breaks_its_own_policy_or_leads_nowhere() {
    let pages = pages_by_address();
    let ids: BTreeMap<&str, Vec<&str>> =
        pages.iter().map(|(address, it)| (address.as_str(), attributes(it, "id"))).collect();
    for (address, page) in &pages {
        for inline in ["<style", " style=", "<script>", " onclick=", "src=\"http"] {
            assert!(!page.contains(inline), "{address}: {inline}");
        }
        let mut once = ids[address.as_str()].clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), ids[address.as_str()].len(), "{address}: an id stands twice");
        for link in attributes(page, "href") {
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let path = if path.is_empty() { address } else { path };
            match ids.get(path) {
                Some(there) => {
                    let is_there = anchor.is_empty() || there.contains(&anchor);
                    assert!(is_there, "{address}: {link} is not there");
                }
                None => {
                    let others = ["data:,", "/docs/style.css", "/openapi.json"];
                    assert!(others.contains(&path), "{address}: {link} is not there");
                }
            }
        }
    }
}

/// The values of an attribute of a page.
fn attributes<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let begin = format!(" {name}=\"");
    page.split(begin.as_str()).skip(1).filter_map(|it| it.split('"').next()).collect()
}

#[test]
fn everything_that_the_contract_says_is_said_in_chinese() {
    let document = text(get("/openapi.json"));
    let chinese = include_str!("../build/zh.json");
    let chinese: BTreeMap<String, String> = serde_json::from_str(chinese).unwrap();
    for (english, chinese) in &chinese {
        let told = Value::from(english.as_str()).to_string();
        assert!(document.contains(&told), "functions/docs/build/zh.json: unused: {english}");
        assert_eq!(english.matches('`').count() % 2, chinese.matches('`').count() % 2, "{english}");
    }
    for (address, page) in pages_by_address() {
        let left = page.split("<p lang=\"en\">").nth(1).and_then(|it| it.split("</p>").next());
        assert_eq!(left, None, "{address}: translate it in functions/docs/build/zh.json");
    }
}

#[test]
fn every_event_and_every_problem_has_its_place() {
    let document: Value = serde_json::from_slice(get("/openapi.json").body()).unwrap();
    let events = text(get("/docs/events"));
    for kind in document["webhooks"].as_object().unwrap().keys() {
        assert!(events.contains(&format!("id=\"{kind}\"")), "{kind}");
    }
    let problems = text(get("/docs/problems?lang=zh-CN"));
    for line in include_str!("../../../tests/golden/problems.txt").lines() {
        let kind = line.split_whitespace().nth(1).unwrap();
        assert!(problems.contains(&format!("<code>{kind}</code>")), "{kind}");
    }
    assert!(problems.contains("部分字段无效"));
}

#[test]
fn a_part_that_does_not_exist_is_told_on_a_page() {
    let response = get("/docs/nothing?lang=zh-CN");
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(text(response).contains("API 没有这个部分"));
}

#[test]
fn other_methods_and_paths_are_problems() {
    World::new().check(
        handle,
        "POST /openapi.json",
        r#"
405
allow: GET, HEAD
content-type: application/problem+json

{
  "type": "/problems/method-not-allowed",
  "title": "This cannot be done here",
  "status": 405,
  "instance": "req_test"
}
"#,
    );
    assert_eq!(get("/docs/a/b").status(), StatusCode::NOT_FOUND);
}
