//! Requests that leave a component.

use http::Uri;
use runner::hosts::AllowedHosts;

use crate::host::{probe, probe_with};

fn allows(entry: &str, url: &str) -> bool {
    let mut hosts = AllowedHosts::default();
    hosts.add(entry).unwrap();
    hosts.allow(&url.parse::<Uri>().unwrap())
}

#[test]
fn an_allowed_host_names_scheme_host_and_port() {
    for (entry, url, expected) in [
        ("http://a.example", "http://a.example/x", true),
        ("http://a.example", "http://a.example:80/x", true),
        ("http://a.example", "http://a.example:81/x", false),
        ("http://a.example", "https://a.example/x", false),
        ("http://a.example", "http://b.a.example/x", false),
        ("https://a.example:*", "https://a.example:8443/", true),
        ("*://a.example:8000", "http://a.example:8000/", true),
        ("*://*:*", "https://anything.example:1/", true),
        ("https://*:*", "http://anything.example/", false),
        ("https://*.a.example", "https://b.a.example/", true),
        ("https://*.a.example", "https://a.example/", false),
        ("http://a.example:8000..8002", "http://a.example:8001/", true),
        ("http://a.example:8000..8002", "http://a.example:8002/", false),
        ("http://10.0.0.0/8:*", "http://10.1.2.3:99/", true),
        ("http://10.0.0.0/8:*", "http://11.1.2.3:99/", false),
        ("http://[::1]:8080", "http://[::1]:8080/", true),
    ] {
        assert_eq!(allows(entry, url), expected, "{entry} {url}");
    }
}

#[test]
fn an_allowed_host_that_makes_no_sense_is_refused() {
    for entry in ["a.example", "*://a.example", "ftp://a.example", "http://a*b", "http://a/b/c"] {
        assert!(AllowedHosts::default().add(entry).is_err(), "{entry}");
    }
}

#[tokio::test]
async fn a_host_that_is_not_allowed_is_denied() {
    let probe = probe();
    let denied = probe.text("/do/fetch?url=http://127.0.0.1:9/").await;
    assert!(denied.contains("HttpRequestDenied"), "{denied}");
    let bare = probe.text("/bare/do/fetch?url=http://self.alt/static").await;
    assert!(bare.contains("HttpRequestDenied"), "{bare}");
    let chained = probe.text("/bare/do/fetch?url=http://probe.spin.internal/").await;
    assert!(chained.contains("HttpRequestDenied"), "{chained}");
    assert!(probe.log("stderr").contains("allowed_outbound_hosts"));
}

#[tokio::test]
async fn a_component_reaches_its_own_application_over_the_network() {
    let probe = probe();
    let seen = probe.text("/do/fetch?url=http://self.alt/static").await;
    assert!(seen.starts_with("418 ") && seen.ends_with("short and stout"), "{seen}");
    let seen = probe.text("/do/fetch?url=http://self.alt/bare/x").await;
    assert!(seen.contains("spin-client-addr: 127.0.0.1:"), "{seen}");
}

#[tokio::test]
async fn an_allowed_host_may_come_from_a_variable() {
    let other = probe();
    let port = other.running.addr.port().to_string();
    let given = ("self_port".to_string(), port.clone());
    let probe = probe_with(|options| options.variables.push(given));
    let seen = probe.text(&format!("/do/fetch?url=http://127.0.0.1:{port}/static")).await;
    assert!(seen.ends_with("short and stout"), "{seen}");
}

#[tokio::test]
async fn a_component_calls_another_in_process_and_private_ones_too() {
    let probe = probe();
    // Nobody from outside reaches it.
    assert!(probe.running.routes.iter().all(|(id, _)| id != "hermit"));
    let seen = probe.text("/do/fetch?url=http://hermit.spin.internal/a/b?c=d").await;
    assert!(seen.starts_with("200 OK\nGET http://hermit.spin.internal/a/b?c=d\n"), "{seen}");
    assert!(seen.contains("spin-client-addr: 0.0.0.0:0\n"), "{seen}");
    assert!(seen.contains("spin-path-info: /a/b\n"), "{seen}");
    assert!(seen.contains("spin-full-url: http://localhost/a/b?c=d\n"), "{seen}");
    // A route plays no part.
    let seen = probe.text("/do/fetch?url=http://bare.spin.internal/do/env").await;
    assert_eq!(seen, "200 OK\n[]");
}
