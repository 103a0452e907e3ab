//! The widget's files, told in requests and answers; its code is run by Node where there is one.
#![expect(clippy::print_stdout, reason = "what was skipped is told plainly")]

use std::path::Path;
use std::process::Command;

use http::StatusCode;
use serde_json::Value;
use testkit::World;

use super::*;

/// The bounds of what a page loads: the widget, and once a survey asks for it, its second module.
const CORE_GZIP_BYTES_MAX: usize = 10_000;
const MORE_GZIP_BYTES_MAX: usize = 8_000;
const COMPLAINT_GZIP_BYTES_MAX: usize = 5_000;
/// The bound of the script of pages of figures, as it is written.
const BOARD_BYTES_MAX: usize = 15_000;

fn get(path: &str) -> Response {
    World::new().send(handle, &format!("GET {path}\n\n"))
}

fn text(response: Response) -> String {
    String::from_utf8(response.into_body()).unwrap()
}

#[track_caller]
fn check_header(response: &Response, name: &str, expected: &str) {
    let actual = response.headers().get(name).map(|it| it.to_str().unwrap());
    assert_eq!(actual, Some(expected), "{name}");
}

fn names() -> Value {
    serde_json::from_slice(get("/widget.json").body()).unwrap()
}

#[test]
fn the_widget_may_be_embedded_and_cached_anywhere() {
    let response = get("/widget.js");
    assert_eq!(response.status(), StatusCode::OK);
    check_header(&response, "content-type", JAVASCRIPT);
    check_header(&response, "cache-control", "public, max-age=300");
    check_header(&response, "access-control-allow-origin", "*");
    check_header(&response, "cross-origin-resource-policy", "cross-origin");
    check_header(&response, "content-length", &response.body().len().to_string());
    let tag = response.headers().get("etag").unwrap().to_str().unwrap();
    let world = World::new();
    let again = world.send(handle, &format!("GET /widget.js\nif-none-match: {tag}\n\n"));
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    check_header(&again, "access-control-allow-origin", "*");
}

#[test]
fn a_hash_in_the_name_is_for_ever_and_stands_in_the_short_one() {
    let names = names();
    for (name, short) in [(&names, "/widget.js"), (&names["more"], "/widget/more.js")] {
        let response = get(name["url"].as_str().unwrap());
        check_header(&response, "cache-control", "public, max-age=31536000, immutable");
        check_header(&response, "access-control-allow-origin", "*");
        assert_eq!(response.body(), get(short).body());
        let integrity = name["integrity"].as_str().unwrap();
        assert!(integrity.starts_with("sha384-") && integrity.len() == 71, "{integrity}");
    }
    // What a page pinned by its hash loads later is pinned as well.
    let core = text(get("/widget.js"));
    let file = names["more"]["url"].as_str().unwrap().strip_prefix("/widget/").unwrap();
    assert!(core.contains(file) && core.contains(names["more"]["integrity"].as_str().unwrap()));
}

#[test]
fn an_old_hash_says_where_the_new_one_stands() {
    World::new().check(
        handle,
        "GET /widget/0123456789ab.js",
        r#"
404

{
  "type": "/problems/not-found",
  "title": "There is nothing here",
  "status": 404,
  "detail": "this version is not here any more; /widget.json names the one that is",
  "instance": "req_test"
}
"#,
    );
}

#[test]
fn whoever_takes_gzip_gets_it() {
    let world = World::new();
    for taken in ["gzip, deflate, br", "br, gzip;q=1.0"] {
        let request = format!("GET /widget.js\naccept-encoding: {taken}\n\n");
        let response = world.send(handle, &request);
        check_header(&response, "content-encoding", "gzip");
        check_header(&response, "vary", "accept-encoding");
        assert_eq!(response.body(), CORE.gzipped);
    }
    for refused in ["br", "gzip;q=0"] {
        let request = format!("GET /widget.js\naccept-encoding: {refused}\n\n");
        let response = world.send(handle, &request);
        assert!(!response.headers().contains_key("content-encoding"), "{refused}");
        assert_eq!(response.body(), CORE.text.as_bytes());
    }
}

#[test]
fn an_error_can_be_traced_to_its_line() {
    let response = get("/widget.js");
    let path = response.headers().get("sourcemap").unwrap().to_str().unwrap().to_owned();
    let map = get(&path);
    assert_eq!(map.status(), StatusCode::OK);
    check_header(&map, "content-type", "application/json");
    check_header(&map, "content-encoding", "gzip");
    assert!(map.body().starts_with(&[0x1f, 0x8b]));
}

#[test]
fn all_that_a_page_loads_stays_small() {
    let (core, more) = (CORE.gzipped.len(), MORE.gzipped.len());
    assert!(core <= CORE_GZIP_BYTES_MAX, "{core} bytes; move what is rare to the second module");
    assert!(more <= MORE_GZIP_BYTES_MAX, "{more} bytes; drop what nobody needs");
    // Nothing else is loaded: one import, no sheet, no picture, no font, no frame, no worker.
    for (script, imports) in [(CORE.text, 2), (MORE.text, 0)] {
        assert_eq!(script.matches("import(").count(), imports, "the module and its short name");
        for other in ["@import", "url(", "'img'", "`img`", "`iframe`", "new Worker", "`script`"] {
            assert!(!script.contains(other), "{other} loads more than the bound counts");
        }
    }
}

#[test]
fn the_widget_works_under_a_strict_policy() {
    let banned = [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        ".style.",
        ".style=",
        "cssText",
        "`style`",
        "<style",
    ];
    for script in [CORE.text, MORE.text] {
        for word in banned {
            assert!(!script.contains(word), "{word} needs 'unsafe-…' or invites markup");
        }
    }
    assert_eq!(CORE.text.matches("window.huiyin=").count(), 1);
    assert!(CORE.text.starts_with("(()=>{"), "all names are in one function");
}

#[test]
fn the_demo_page_has_a_strict_policy() {
    let response = get("/demo?key=pk_1&survey=srv_1&lang=en");
    assert_eq!(response.status(), StatusCode::OK);
    check_header(&response, "content-type", HTML);
    check_header(
        &response,
        "content-security-policy",
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; \
         img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    let page = text(response);
    for inline in ["<style", " style=", "<script>", " onclick="] {
        assert!(!page.contains(inline), "{inline} breaks the page's own policy");
    }
    check_header(&get("/demo/page.js"), "content-type", JAVASCRIPT);
    check_header(&get("/demo/page.css"), "content-type", CSS);
    check_header(&get("/s/page.css"), "content-type", CSS);
}

#[test]
fn the_complaint_dialog_is_small_and_may_be_embedded_anywhere() {
    let response = get("/complaint.js");
    check_header(&response, "content-type", JAVASCRIPT);
    check_header(&response, "access-control-allow-origin", "*");
    check_header(&response, "cache-control", "public, max-age=300");
    let gzipped = World::new().send(handle, "GET /complaint.js\naccept-encoding: gzip\n\n");
    check_header(&gzipped, "content-encoding", "gzip");
    let size = gzipped.body().len();
    println!("complaint.js: {size} bytes gzipped");
    assert!(size <= COMPLAINT_GZIP_BYTES_MAX, "{size}");
    for inline in ["eval(", "innerHTML", "Function("] {
        assert!(!text(get("/complaint.js")).contains(inline), "{inline}");
    }
}

#[test]
fn the_files_of_pages_are_kept_for_ever_under_their_hashes() {
    for (path, media_type, expected) in [
        (pages::STYLE_PATH, CSS, pages::STYLE),
        (pages::BOARD_STYLE_PATH, CSS, pages::BOARD_STYLE),
        (pages::BOARD_SCRIPT_PATH, JAVASCRIPT, pages::BOARD_SCRIPT),
    ] {
        let response = get(path);
        check_header(&response, "content-type", media_type);
        check_header(&response, "cache-control", "public, max-age=31536000, immutable");
        assert_eq!(text(response), expected, "{path}");
    }
    for path in ["/style/000000000000.css", "/script/000000000000.js", "/script/"] {
        assert_eq!(get(path).status(), StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!pages::STYLE.contains(".tile"), "customers' pages carry nothing of figures");
}

#[test]
fn the_script_of_figures_is_small_and_makes_no_code_of_text() {
    let script = pages::BOARD_SCRIPT;
    assert!(script.len() <= BOARD_BYTES_MAX, "{}", script.len());
    for inline in ["eval(", "innerHTML", "Function(", "import("] {
        assert!(!script.contains(inline), "{inline}");
    }
}

#[test]
fn every_text_of_the_demo_page_is_in_both_languages() {
    let page = text(get("/demo"));
    let count = |class: &str| page.matches(&format!("class=\"{class}\"")).count();
    assert_eq!(count("zh"), count("en"));
}

#[test]
fn other_methods_and_paths_are_problems() {
    World::new().check(
        handle,
        "POST /widget.js",
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
    for path in ["/demo/other", "/widget.js/x", "/demo/page.js/x", "/widget", "/widget/a/b"] {
        assert_eq!(get(path).status(), StatusCode::NOT_FOUND, "{path}");
    }
}

/// Runs a program in this directory. `None`, told plainly: it is not here.
fn run(program: &str, arguments: &[&str]) -> Option<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    match Command::new(program).args(arguments).current_dir(here).output() {
        Ok(output) => {
            let told = String::from_utf8_lossy(&output.stdout).into_owned();
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{program} {arguments:?}:\n{told}\n{errors}");
            Some(told)
        }
        Err(error) => {
            println!("SKIPPED: {program} {}: {error}", arguments.join(" "));
            None
        }
    }
}

#[test]
fn the_sources_do_what_they_should() {
    // Among them tests/golden/logic.json, the table that the server's logic is held to as well.
    let Some(told) = run("node", &["--test", "--test-reporter=tap", "tests/"]) else { return };
    let passed = told.lines().find_map(|it| it.strip_prefix("# pass ")).unwrap();
    assert!(150 < passed.parse::<u32>().unwrap(), "{told}");
}

#[test]
fn the_sources_fit_their_types() {
    let compiler = "node_modules/typescript/bin/tsc";
    if !Path::new(env!("CARGO_MANIFEST_DIR")).join(compiler).is_file() {
        println!("SKIPPED: the types of the widget: run `npm ci` in functions/widget first");
        return;
    }
    run("node", &[compiler, "--noEmit"]);
}

#[test]
fn the_catalogue_of_events_is_there_for_anybody() {
    let world = World::new();
    let document = world.json(handle, "GET /v1/events/types");
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["webhooks"]["response.created"].is_object());
    assert_eq!(world.send(handle, "POST /v1/events/types").status(), 405);
}
