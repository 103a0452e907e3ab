//! Routes, headers and the paths that Spin keeps for itself.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};

use runner::routes::Router;

use crate::host::{probe, raw};

fn route(routes: &[&'static str], path: &str) -> Option<&'static str> {
    let mut router = Router::default();
    for route in routes {
        router.add(route, *route).unwrap();
    }
    router.find(path).map(|found| found.route.target)
}

#[test]
fn an_exact_route_beats_a_wildcard() {
    for routes in [["/one", "/..."], ["/...", "/one"]] {
        assert_eq!(route(&routes, "/one"), Some("/one"));
        assert_eq!(route(&routes, "/two"), Some("/..."));
    }
    assert_eq!(route(&["/one/...", "/one"], "/one"), Some("/one"));
}

#[test]
fn the_longest_prefix_wins_in_any_order() {
    let mut routes = ["/...", "/one/...", "/one/two/..."];
    for _ in 0..3 {
        assert_eq!(route(&routes, "/one/two/three"), Some("/one/two/..."));
        assert_eq!(route(&routes, "/one/three"), Some("/one/..."));
        assert_eq!(route(&routes, "/onetwo"), Some("/..."));
        routes.rotate_left(1);
    }
}

#[test]
fn a_named_segment_is_one_segment_and_yields_to_an_exact_one() {
    let routes = ["/a/:id", "/a/me", "/a/:id/b"];
    assert_eq!(route(&routes, "/a/me"), Some("/a/me"));
    assert_eq!(route(&routes, "/a/7"), Some("/a/:id"));
    assert_eq!(route(&routes, "/a/7/b"), Some("/a/:id/b"));
    assert_eq!(route(&routes, "/a/7/c"), None);
    assert_eq!(route(&routes, "/a"), None);
}

#[test]
fn one_component_takes_paths_below_another_ones_wildcard() {
    let mut routes = ["/v1/surveys/...", "/v1/surveys/:id/eligibility", "/v1/surveys/:id/displays"];
    for _ in 0..3 {
        let eligibility = route(&routes, "/v1/surveys/srv_1/eligibility");
        assert_eq!(eligibility, Some("/v1/surveys/:id/eligibility"));
        assert_eq!(route(&routes, "/v1/surveys/srv_1/responses"), Some("/v1/surveys/..."));
        assert_eq!(route(&routes, "/v1/surveys/srv_1"), Some("/v1/surveys/..."));
        // What is longer than the pattern is the wildcard's again.
        let more = route(&routes, "/v1/surveys/srv_1/displays/7");
        assert_eq!(more, Some("/v1/surveys/..."));
        routes.rotate_left(1);
    }
}

#[test]
fn a_wildcard_matches_its_own_base_too() {
    assert_eq!(route(&["/a/..."], "/a"), Some("/a/..."));
    assert_eq!(route(&["/a/..."], "/a/"), Some("/a/..."));
    assert_eq!(route(&["/a/..."], "/ab"), None);
}

#[tokio::test]
async fn the_last_of_two_equal_routes_wins() {
    let probe = probe();
    // The other component would have been denied its database.
    assert!(probe.text("/twice").await.contains("spin-matched-route: /twice"));
    let owners = probe.running.routes.iter().filter(|(_, route)| route == "/twice");
    assert_eq!(owners.map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["probe"]);
}

#[tokio::test]
async fn no_route_is_an_empty_404_and_the_well_known_paths_are_spins() {
    let state = crate::host::Temporary::new();
    let manifest = state.path().join("spin.toml");
    let text = "spin_manifest_version = 2\n[application]\nname = \"little\"\nversion = \"7\"\n\
                [[trigger.http]]\nroute = \"/a\"\nid = \"a\"\nstatic_response = { body = \"a\" }\n";
    std::fs::write(&manifest, text).unwrap();
    let little = crate::host::probe_with(|options| {
        options.manifest = manifest;
        options.variables.clear();
    });
    let missing = little.get("/b").await;
    assert_eq!((missing.status.as_u16(), missing.text().as_str()), (404, ""));
    assert_eq!(little.text("/a").await, "a");
    assert_eq!(little.text("/.well-known/spin/health").await, "OK");
    let info = little.get("/.well-known/spin/info").await;
    assert_eq!(info.headers["content-type"], "application/json");
    assert_eq!(info.text(), r#"{"name":"little","version":"7"}"#);
    assert_eq!(little.get("/.well-known/spin/other").await.status, 404);
}

#[tokio::test]
async fn a_static_response_needs_no_component() {
    let probe = probe();
    let answer = probe.get("/static").await;
    assert_eq!(answer.status, 418);
    assert_eq!(answer.headers["content-type"], "text/plain");
    assert_eq!(answer.text(), "short and stout");
}

#[tokio::test]
async fn a_path_is_passed_whole_and_unnormalised() {
    let probe = probe();
    for path in ["//inst", "/../inst", "/%00", "/a%2Fb/../c//", "/x?y=%20&z"] {
        let seen = probe.text(path).await;
        let expected = format!("GET {}{path}\n", probe.running.base());
        assert!(seen.starts_with(&expected), "{path}: {seen}");
    }
}

#[tokio::test]
async fn spins_headers_come_after_the_clients() {
    let probe = probe();
    let forged = [("spin-client-addr", "6.6.6.6:1"), ("spin-path-match-id", "forged")];
    let answer = probe.client.send("GET", "/users/7/posts/x%20y?q=1", &forged, "").await.unwrap();
    let seen = answer.text();
    let values = |name: &str| {
        let values = seen.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        values.map(str::to_string).collect::<Vec<_>>()
    };
    let [first, last] = <[String; 2]>::try_from(values("spin-client-addr")).unwrap();
    assert_eq!(first, "6.6.6.6:1");
    assert!(last.starts_with("127.0.0.1:"), "{last}");
    assert_eq!(values("spin-path-match-id"), ["forged", "7"]);
    assert_eq!(values("spin-path-match-post"), ["x%20y"]);
    assert_eq!(values("spin-path-info"), [""]);
    let url = format!("{}/users/7/posts/x%20y?q=1", probe.running.base());
    assert_eq!(values("spin-full-url"), [url]);
    for name in ["spin-matched-route", "spin-raw-component-route", "spin-component-route"] {
        assert_eq!(values(name), ["/users/:id/posts/:post"]);
    }
    assert_eq!(values("spin-base-path"), ["/"]);
}

#[tokio::test]
async fn the_rest_of_a_wildcard_is_the_path_info() {
    let probe = probe();
    for (path, rest) in [
        ("/bare", ""),
        ("/bare/", "/"),
        ("/bare/a", "/a"),
        ("/bare/a/", "/a/"),
        ("/bare/a//b", "/a//b"),
    ] {
        let seen = probe.text(path).await;
        assert!(seen.contains(&format!("spin-path-info: {rest}\n")), "{path}: {seen}");
        assert!(seen.contains("spin-component-route: /bare\n"), "{path}: {seen}");
        assert!(seen.contains("spin-matched-route: /bare/...\n"), "{path}: {seen}");
    }
}

#[tokio::test]
async fn hop_by_hop_headers_do_not_reach_the_component() {
    let probe = probe();
    let headers = [
        ("connection", "keep-alive"),
        ("keep-alive", "timeout=5"),
        ("proxy-connection", "keep-alive"),
        ("proxy-authorization", "Basic x"),
        ("upgrade", "h2c"),
        ("x-kept", "yes"),
    ];
    let seen = probe.client.send("GET", "/x", &headers, "").await.unwrap().text();
    for (name, _) in headers {
        assert_eq!(seen.contains(&format!("\n{name}: ")), name == "x-kept", "{name}: {seen}");
    }
    assert!(!seen.contains("\nhost: "), "{seen}");
}

#[test]
fn a_request_without_a_host_or_for_an_inner_one_is_cut_off() {
    let probe = probe();
    let address = probe.running.addr;
    for host in ["", "Host: probe.spin.internal\r\n", "Host: probe.spin.internal:80\r\n"] {
        let request = format!("GET /x HTTP/1.1\r\n{host}\r\n");
        assert_eq!(raw(address, request.as_bytes()), "", "{host}");
    }
    // Before a route is taken nobody asks for the host.
    let health =
        raw(address, b"GET /.well-known/spin/health HTTP/1.1\r\nConnection: close\r\n\r\n");
    assert!(health.starts_with("HTTP/1.1 200 "), "{health}");
}

#[test]
fn a_header_that_is_not_utf8_is_a_500() {
    let probe = probe();
    let request = b"GET /do/count HTTP/1.1\r\nHost: a\r\nX: \xff\r\nConnection: close\r\n\r\n";
    let response = raw(probe.running.addr, request);
    assert!(response.starts_with("HTTP/1.1 500 "), "{response}");
}

#[test]
fn without_tcp_nodelay_an_answer_without_a_length_waits_for_the_clients_acknowledgement() {
    let probe = probe();
    let slowest = |path: &str| {
        let mut stream = TcpStream::connect(probe.running.addr).unwrap();
        stream.set_nodelay(true).unwrap();
        let mut times = (0..20).map(|_| {
            let start = Instant::now();
            write!(stream, "GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
            let mut response = Vec::new();
            let mut buffer = [0; 4096];
            while !response.ends_with(b"0\r\n\r\n") && !response.ends_with(b"no wait") {
                let count = stream.read(&mut buffer).unwrap();
                response.extend_from_slice(&buffer[..count]);
            }
            start.elapsed()
        });
        let mut times = times.by_ref().collect::<Vec<_>>();
        times.sort();
        times[15]
    };
    assert!(Duration::from_millis(30) <= slowest("/do/chunked"));
    assert!(slowest("/do/whole") < Duration::from_millis(30));
}

#[tokio::test]
async fn large_bodies_go_both_ways() {
    let probe = probe();
    let comment = format!("select '{}'", "x".repeat(3 << 20));
    let seen = probe.sql(&comment).await;
    assert!(seen.contains("text of 3145728"), "{}", seen.len());
    let columns = format!("select {} as a", "1 +".repeat(900) + " 1");
    assert!(probe.sql(&columns).await.contains("901"));
}
