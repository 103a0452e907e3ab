//! Requests that nobody honest sends: smuggled paths and hosts, packed and broken bodies, pages
//! behind TLS, and every route asked by nobody.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use bytes::Bytes;
use serde_json::json;

use crate::server::{self, Server};
use crate::site::{Site, header, json, text};
use crate::trouble::paths::{Route, routes};

/// Sends bytes as they are; what comes back, which is nothing where the host hangs up.
fn raw(server: &Server, request: &str) -> String {
    let address = server.base.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ended = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// Every route of the manifest that is public, with something for what varies.
fn public_routes() -> BTreeSet<String> {
    let text = fs::read_to_string(server::manifest()).unwrap();
    let routes = text.lines().filter_map(|it| it.strip_prefix("route = \"")?.strip_suffix('"'));
    let filled = routes.map(|it| {
        let filled = it.split('/').map(|part| match part {
            "..." => "none",
            part if part.starts_with(':') => "none",
            part => part,
        });
        filled.collect::<Vec<_>>().join("/")
    });
    // What no component owns is the host's to answer.
    filled.filter(|it| it != "/none").collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_tells_browsers_what_they_may_do_whoever_asks() {
    let server = Server::any();
    let site = Site::with_survey(&server).await;
    let routes = public_routes();
    assert!(100 < routes.len(), "{routes:?}");
    let mut pages = 0;
    // `site` checks the headers of every answer.
    for path in &routes {
        for who in ["", "\nauthorization: Bearer {admin}", "\naccept-language: zh\norigin: null"] {
            for method in ["GET", "POST", "OPTIONS"] {
                let answer = site.send(&format!("{method} {path}{who}")).await;
                pages += usize::from(header(&answer, "content-type").starts_with("text/html"));
                assert_eq!(header(&answer, "access-control-allow-credentials"), "", "{path}");
                let allowed = header(&answer, "access-control-allow-origin");
                assert!(["", "*"].contains(&allowed), "{method} {path} lets {allowed} in");
                // Scripts, files of the widget and the contract are for every page.
                let is_file = path.starts_with("/widget") || path.ends_with(".js");
                let is_file = is_file || path == "/openapi.json";
                assert!(allowed.is_empty() || is_file, "{method} {path}");
            }
        }
    }
    assert!(30 < pages, "{pages} pages");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_for_neighbours_is_not_there_for_others() {
    let server = Server::any();
    let site = Site::with_survey(&server).await;
    let text = fs::read_to_string(server::manifest()).unwrap();
    let private = text.matches("route = { private = true }").count();
    let paths = ["/case", "/grade", "/grades", "/hurry", "/migrate", "/judge", "/intake"];
    for path in paths {
        for method in ["GET", "POST"] {
            let request = format!(
                "{method} {path} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\
                 content-length: 0\r\n\r\n"
            );
            let answer = raw(&server, &request);
            assert!(answer.starts_with("HTTP/1.1 404"), "{method} {path}: {answer}");
        }
    }
    // A host that claims to be a component, in a header and in the target.
    for component in ["complaint", "grader", "migrate", "form", "a.form"] {
        let host = format!("{component}.spin.internal");
        for line in ["POST /case", &format!("POST http://{host}/case"), "POST /grade"] {
            let request = format!(
                "{line} HTTP/1.1\r\nhost: {host}\r\nspin-client-addr: 0.0.0.0:0\r\n\
                 connection: close\r\ncontent-length: 0\r\n\r\n"
            );
            let answer = raw(&server, &request);
            let is_refused = answer.is_empty() || answer.starts_with("HTTP/1.1 4");
            assert!(is_refused, "{line} to {host}: {answer}");
        }
    }
    assert!(0 < private, "no route is private");
    assert_eq!(site.send("GET /v1/sites").await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_outside_says_where_links_lead() {
    let server = Server::any();
    let mut site = Site::with_survey(&server).await;
    let case = site.post("agent", "/v1/complaints", json!({ "text": "x", "files": [] })).await;
    site.name("case", text(&case, "id"));
    let path = format!("/v1/complaints/{}/links", site.named("case"));
    let key = site.named("agent");
    for (target, host) in [
        (path.clone(), "a.b.spin.internal"),
        (format!("http://casework.spin.internal{path}"), "casework.spin.internal"),
        (path.clone(), "huiyin.example"),
    ] {
        let request = format!(
            "POST {target} HTTP/1.1\r\nhost: {host}\r\nx-forwarded-host: evil.example\r\n\
             forwarded: host=evil.example\r\nx-original-url: /evil\r\n\
             x-http-method-override: DELETE\r\nspin-client-addr: 0.0.0.0:0\r\n\
             authorization: Bearer {key}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        );
        let answer = raw(&server, &request);
        assert!(!answer.contains("evil"), "{target} at {host}: {answer}");
        if host == "huiyin.example" {
            assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
            assert!(answer.contains("http://huiyin.example/t/"), "{answer}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn smuggled_paths_lead_nowhere_else() {
    let server = Server::any();
    let site = Site::with_survey(&server).await;
    let key = site.named("admin");
    for path in [
        "//v1/sites",
        "/v1//sites",
        "/v1/./sites",
        "/v1/x/../sites",
        "/dashboard/../v1/sites",
        "/v1%2Fsites",
        "/v1/%73ites/..",
        "/%2e%2e/v1/sites",
        "/v1/sites%00",
        "/v1/sites%0d%0aset-cookie:%20x=1",
        "/v1/sites;x=1",
        "/v1/sites\\",
        "/V1/SITES",
        "/v1/touchpoints/%ff%fe",
        "/v1/touchpoints/%00",
    ] {
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: h\r\nauthorization: Bearer {key}\r\n\
             connection: close\r\n\r\n"
        );
        let answer = raw(&server, &request);
        assert!(answer.starts_with("HTTP/1.1 40"), "{path}: {answer}");
        assert!(!answer.to_lowercase().contains("\r\nset-cookie"), "{path}: {answer}");
    }
    // Twice is not once: neither of two keys counts, and a method is what it says.
    let two = format!("authorization: Bearer {key}\r\nauthorization: Bearer {key}");
    for (head, status) in [
        (two.as_str(), "401"),
        ("content-length: 0\r\ncontent-length: 5", "400"),
        ("transfer-encoding: chunked\r\ncontent-length: 5", "4"),
        ("x-http-method-override: GET", "401"),
    ] {
        let request =
            format!("GET /v1/sites HTTP/1.1\r\nhost: h\r\nconnection: close\r\n{head}\r\n\r\n");
        let answer = raw(&server, &request);
        let is_refused = answer.is_empty() || answer.starts_with(&format!("HTTP/1.1 {status}"));
        assert!(is_refused, "{head}: {answer}");
    }
    let twice = "GET /v1/keys?site={site}&site=sit_other\nauthorization: Bearer {admin}";
    assert_eq!(site.send(twice).await.status, 422);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_tls_sessions_belong_to_this_host_alone() {
    let server = Server::any();
    let site = Site::with_survey(&server).await;
    let tls = "x-forwarded-proto: https";
    let body = json!({ "key": site.named("viewer") });
    let opened = site.send(&format!("POST /v1/session\n{tls}\n\n{body}")).await;
    let cookie = header(&opened, "set-cookie").to_owned();
    assert!(cookie.starts_with("__Host-huiyin_session=ses_"), "{cookie}");
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure", "; Max-Age=43200"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.to_lowercase().contains("domain"), "{cookie}");
    assert!(header(&opened, "strict-transport-security").starts_with("max-age="));
    let pair = cookie.split(';').next().unwrap();
    let read = |cookie: &str, head: &str| format!("GET /v1/nps\ncookie: {cookie}{head}");
    let with_tls = format!("\n{tls}");
    assert_eq!(site.send(&read(pair, &with_tls)).await.status, 200);
    // Whoever can set a cookie for the domain, or over plain HTTP, cannot set this one.
    let planted = pair.trim_start_matches("__Host-");
    assert_eq!(site.send(&read(planted, &with_tls)).await.status, 401);
    assert_eq!(site.send(&read(planted, "")).await.status, 200, "on one's own machine");
    let host = server.base.trim_start_matches("http://").to_owned();
    let write = |scheme: &str| {
        format!("DELETE /v1/session\ncookie: {pair}{with_tls}\norigin: {scheme}://{host}")
    };
    assert_eq!(site.send(&write("http")).await.status, 403, "a page over plain HTTP");
    let closed = site.send(&write("https")).await;
    assert_eq!(closed.status, 204);
    assert!(header(&closed, "set-cookie").starts_with("__Host-huiyin_session=; Max-Age=0"));
    assert_eq!(header(&site.send("GET /v1/nps").await, "strict-transport-security"), "");
}

/// Bodies that break readers.
fn broken() -> Vec<(&'static str, Bytes)> {
    let wide: Vec<String> = (0..5_000).map(|at| format!("\"k{at}\":1")).collect();
    // Keys that collide in a table of the usual hash, had we one.
    let alike: Vec<String> = (0..5_000).map(|at| format!("\"Ez{at:05}FY\":1")).collect();
    vec![
        ("deep lists", "[".repeat(60_000).into()),
        ("deep objects", r#"{"a":"#.repeat(10_000).into()),
        ("deep and closed", format!("{}{}", "[".repeat(30_000), "]".repeat(30_000)).into()),
        ("a wide object", format!("{{{}}}", wide.join(",")).into()),
        ("keys alike", format!("{{{}}}", alike.join(",")).into()),
        ("a number without end", r#"{"name": 1e400, "version": 1e400}"#.into()),
        ("a number of many digits", format!("{{\"version\": {}}}", "9".repeat(9_000)).into()),
        ("less than nothing", r#"{"version": -0, "name": -0.0}"#.into()),
        ("half a character", r#"{"name": "\ud800", "text": "\udc00"}"#.into()),
        ("a NUL", "{\"name\": \"a\\u0000b\", \"text\": \"a\\u0000b\"}".into()),
        ("no UTF-8", Bytes::from_static(b"{\"name\": \"\xff\xfe\", \"text\": \"\xc0\x80\"}")),
        ("a name twice", r#"{"name": "a", "name": "b", "version": 1, "version": 2}"#.into()),
        ("marks", format!("{{\"name\": \"a{}\"}}", "\u{301}".repeat(20_000)).into()),
        ("turned", "{\"name\": \"\u{202e}gpj.exe\u{2066}\", \"text\": \"\u{202e}\"}".into()),
        ("the end of a script", r#"{"name": "</script><!--", "text": "\u2028]]>"}"#.into()),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::print_stdout, reason = "what is odd is not always wrong: somebody may look")]
async fn no_body_is_too_odd_to_be_answered() {
    let server = Server::any();
    let site = Site::with_survey(&server).await;
    let (mut asked, mut taken) = (0, Vec::new());
    for Route { path, allowed, .. } in routes() {
        let path = path.replace("{shop}", site.named("shop")).replace("{survey}", "srv_none");
        // What was never made is found as little as what is none.
        let path = path.replace(['{', '}'], "_");
        let writes = ["POST", "PUT", "PATCH"];
        for method in allowed.iter().filter(|it| writes.contains(&it.as_str())) {
            for (what, body) in broken() {
                for kind in ["application/json", "application/x-www-form-urlencoded", "text/csv"] {
                    let head = format!(
                        "{method} {path}\nauthorization: Bearer {{admin}}\ncontent-type: {kind}"
                    );
                    // `site` fails where the answer is a failure of ours.
                    let answer = site.send_bytes(&head, body.clone()).await;
                    asked += 1;
                    if answer.status.is_success() && kind == "application/json" {
                        taken.push(format!("{method} {path}: {what}"));
                    }
                }
            }
            let packed = format!(
                "{method} {path}\nauthorization: Bearer {{admin}}\ncontent-encoding: gzip\n\
                 content-type: application/json"
            );
            let answer = site.send_bytes(&packed, Bytes::from_static(b"\x1f\x8b\x08\0")).await;
            assert!(!answer.status.is_success(), "{method} {path} took what is packed");
        }
    }
    assert!(3_000 < asked, "{asked}");
    println!("{asked} asked, taken: {taken:#?}");
    let kept =
        "POST /v1/touchpoints\nauthorization: Bearer {manager}\ncontent-encoding: gzip\n\n{}";
    let refused = site.send(kept).await;
    assert_eq!((refused.status.as_u16(), &json(&refused)["status"]), (415, &json!(415)));
}
