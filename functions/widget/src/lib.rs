//! `/widget.js`, the survey widget for any page, and `/demo`, an invented shop that uses it.
//!
//! The files are plain and served as they stand, but for the widget's comments. Entity tags,
//! lengths and 304 are made by `web`.

use http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY,
};
use http::{HeaderName, Method};
use ports::Env;
use web::response::{bytes, set};
use web::{Problem, Request, Response};

/// No request of ours has a body; more than this is not even read.
#[cfg(target_family = "wasm")]
const BODY_BYTES_MAX: usize = 1024;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "application/javascript; charset=utf-8";

/// The widget in the order in which its parts need each other. One function holds them all,
/// so that the page sees no name of ours but `huiyin`.
const WIDGET: &str = concat!(
    "(() => {\n'use strict';\nconst CSS = `\n",
    include_str!("widget.css"),
    "`;\n",
    include_str!("queue.js"),
    include_str!("fields.js"),
    include_str!("widget.js"),
    "})();\n",
);

/// What the demo page may do: as strict as the strictest customer's page, to prove that the
/// widget works there.
const DEMO_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; \
    style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Answers one request; nothing but the path decides.
pub async fn handle(_env: &impl Env, request: Request) -> Result<Response, Problem> {
    let file: fn() -> Response = match request.path().as_slice() {
        ["widget.js"] => widget,
        ["demo"] => demo,
        // Of the pages of `page`, which has enough to carry.
        ["s", "page.css"] => || page_file(CSS, include_str!("page.css")),
        ["demo", "page.js"] => || page_file(JAVASCRIPT, include_str!("demo.js")),
        ["demo", "page.css"] => || page_file(CSS, include_str!("demo.css")),
        _ => return Err(Problem::not_found()),
    };
    // HEAD arrives as GET.
    match *request.method() {
        Method::GET => Ok(file()),
        _ => Err(Problem::method_not_allowed("GET, HEAD")),
    }
}

fn widget() -> Response {
    let mut response = bytes(JAVASCRIPT, without_comments(WIDGET).into_bytes());
    // An hour: a mended widget reaches every page the same day.
    set(&mut response, CACHE_CONTROL, "public, max-age=3600");
    set(&mut response, ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    // For pages that isolate themselves with COEP.
    set(&mut response, RESOURCE_POLICY, "cross-origin");
    response
}

fn demo() -> Response {
    let mut response = page_file(HTML, include_str!("demo.html"));
    set(&mut response, CONTENT_SECURITY_POLICY, DEMO_POLICY);
    // The address carries a key; it is a public one, but nobody else's business.
    set(&mut response, REFERRER_POLICY, "same-origin");
    response
}

fn page_file(media_type: &'static str, text: &str) -> Response {
    let mut response = bytes(media_type, text.as_bytes().to_vec());
    set(&mut response, CACHE_CONTROL, "public, no-cache");
    response
}

/// Leaves out indentation, empty lines and whole-line comments: a seventh of the bytes, and
/// the reason why the sources can afford to explain themselves. Lines stay lines, so that no
/// statement changes its meaning.
fn without_comments(source: &str) -> String {
    let mut short = String::with_capacity(source.len());
    for line in source.lines().map(str::trim) {
        if !line.is_empty() && !is_comment(line) {
            short.push_str(line);
            short.push('\n');
        }
    }
    short
}

/// Whether a trimmed line is nothing but a comment. `*{…}` is a rule of CSS.
fn is_comment(line: &str) -> bool {
    line == "*" || ["//", "/*", "*/", "* "].iter().any(|it| line.starts_with(it))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use http::StatusCode;
    use testkit::World;

    use super::*;

    /// The bound of `design.md` §7.
    const WIDGET_GZIP_BYTES_MAX: usize = 10_000;

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

    #[test]
    fn the_widget_may_be_embedded_and_cached_anywhere() {
        let response = get("/widget.js");
        assert_eq!(response.status(), StatusCode::OK);
        check_header(&response, "content-type", JAVASCRIPT);
        check_header(&response, "cache-control", "public, max-age=3600");
        check_header(&response, "access-control-allow-origin", "*");
        check_header(&response, "cross-origin-resource-policy", "cross-origin");
        check_header(&response, "content-length", &response.body().len().to_string());
        let tag = response.headers().get("etag").unwrap().to_str().unwrap();
        World::new().check(
            handle,
            &format!("GET /widget.js\nif-none-match: {tag}\n\n"),
            "304\naccess-control-allow-origin: *\n",
        );
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
    fn every_text_of_the_demo_page_is_in_both_languages() {
        let page = text(get("/demo"));
        let count = |class: &str| page.matches(&format!("class=\"{class}\"")).count();
        assert_eq!(count("zh"), count("en"));
    }

    #[test]
    fn other_methods_and_paths_are_problems() {
        let world = World::new();
        world.check(
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
        for path in ["/demo/other", "/widget.js/x", "/demo/page.js/x"] {
            let response = get(path);
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn the_widget_stays_small() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(get("/widget.js").body()).unwrap();
        let gzipped = encoder.finish().unwrap().len();
        assert!(gzipped <= WIDGET_GZIP_BYTES_MAX, "{gzipped} bytes; drop what nobody needs");
    }

    #[test]
    fn the_widget_works_under_a_strict_policy() {
        let script = text(get("/widget.js"));
        let banned = [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
            ".style.",
            ".style =",
            "cssText",
            "'style'",
            "<style",
        ];
        for word in banned {
            assert!(!script.contains(word), "{word} needs 'unsafe-…' or invites markup");
        }
        assert_eq!(script.matches("window.huiyin =").count(), 1);
        assert!(script.starts_with("(() => {\n") && script.ends_with("})();\n"));
    }

    #[test]
    fn the_widget_speaks_both_languages() {
        // The words stand as `name: '…'` between `zh: {`, `en: {` and the end of `WORDS`.
        let (zh, rest) = WIDGET.split_once("zh: {").unwrap().1.split_once("en: {").unwrap();
        let en = rest.split_once("};").unwrap().0;
        let names = |block: &str| {
            let is_name = |it: &&str| {
                it.strip_suffix(':').is_some_and(|it| it.bytes().all(|it| it.is_ascii_lowercase()))
            };
            let mut names: Vec<String> =
                block.split_whitespace().filter(is_name).map(str::to_owned).collect();
            names.sort();
            names
        };
        assert!(10 < names(zh).len());
        assert_eq!(names(zh), names(en));
    }

    #[test]
    fn only_comments_and_indentation_are_left_out() {
        let source =
            "/*\n * Why.\n */\n*{color:red}\n  // Because.\n\n  a(); // kept\n  b('//');\n";
        assert_eq!(without_comments(source), "*{color:red}\na(); // kept\nb('//');\n");
    }
}
