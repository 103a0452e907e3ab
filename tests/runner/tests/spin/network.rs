//! Requests that go over the network: TLS, kept connections, failures, blocked networks, clock.

use std::{
    fs,
    io::{BufReader, Read as _, Write as _},
    net::TcpListener,
    path::PathBuf,
    time::Duration,
};

use runner::{Clock, networks::Blocked};

use crate::{
    host::{Probe, Temporary, options, probe, probe_with},
    peer::{Authority, Peer, answer, read_head},
};

async fn fetch(probe: &Probe, url: &str) -> String {
    probe.text(&format!("/do/fetch?url={url}")).await
}

fn trusting(authority: &Authority) -> Probe {
    let file = authority.file();
    probe_with(|options| options.trusted_ca_files.push(file))
}

fn configured(directory: &Temporary, config: &str) -> Probe {
    let path = written(directory, config);
    probe_with(|options| options.runtime_config = Some(path))
}

fn written(directory: &Temporary, config: &str) -> PathBuf {
    let path = directory.path().join("runtime-config.toml");
    fs::write(&path, config).unwrap();
    path
}

#[tokio::test]
async fn a_server_with_a_trusted_certificate_is_reached_over_tls() {
    let authority = Authority::new();
    let peer = Peer::secure(authority.server("localhost"));
    let probe = trusting(&authority);
    for _ in 0..3 {
        assert_eq!(fetch(&probe, &peer.url("https")).await, "200 OK\nhello");
    }
    assert_eq!(peer.connections(), 1);
    let by_address = Peer::secure(authority.server("127.0.0.1"));
    let url = format!("https://{}/", by_address.address);
    assert_eq!(fetch(&probe, &url).await, "200 OK\nhello");
}

#[tokio::test]
async fn a_server_that_cannot_prove_its_name_is_not() {
    let (known, unknown) = (Authority::new(), Authority::new());
    let probe = trusting(&known);
    for (server, error) in [
        (Peer::secure(unknown.server("localhost")), "TlsCertificateError"),
        (Peer::secure(known.server("other.example")), "TlsCertificateError"),
        // It speaks HTTP where TLS is expected.
        (Peer::start(|mut stream| stream.write_all(b"HTTP/1.1 400 What\r\n\r\n")), "TlsProtocol"),
        (Peer::start(|_| Ok(())), "ConnectionTerminated"),
    ] {
        let seen = fetch(&probe, &server.url("https")).await;
        assert!(seen.contains(error), "{error}: {seen}");
    }
}

#[tokio::test]
async fn the_runtime_configuration_names_whom_to_trust_for_a_component_and_a_host() {
    let authority = Authority::new();
    let peer = Peer::secure(authority.server("localhost"));
    let directory = Temporary::new();
    fs::copy(authority.file(), directory.path().join("corp.pem")).unwrap();
    for (component, expected) in [("probe", "hello"), ("bare", "TlsCertificateError")] {
        let config = format!(
            "[[client_tls]]\ncomponent_ids = [\"{component}\"]\nhosts = [\"localhost\"]\n\
             ca_roots_file = \"corp.pem\"\n"
        );
        let seen = fetch(&configured(&directory, &config), &peer.url("https")).await;
        assert!(seen.contains(expected), "{component}: {seen}");
    }
}

#[tokio::test]
async fn a_component_learns_why_there_is_no_answer() {
    let probe = probe();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let refused = fetch(&probe, &format!("http://localhost:{}/", nobody.port())).await;
    assert!(refused.contains("ConnectionRefused"), "{refused}");
    let unknown = fetch(&probe, "http://nowhere.invalid/").await;
    assert!(unknown.contains("DnsError"), "{unknown}");
    let says = |bytes: &'static [u8]| {
        Peer::start(move |stream| {
            let mut stream = BufReader::new(stream);
            read_head(&mut stream)?;
            stream.get_mut().write_all(bytes)
        })
    };
    for (peer, error) in [
        (says(b""), "ConnectionTerminated"),
        (says(b"SMTP says hello\r\n\r\n"), "HttpProtocolError"),
        (says(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"), "HttpResponseIncomplete"),
        // Closed with the request unread, which resets.
        (Peer::start(|stream| stream.peek(&mut [0]).map(drop)), "ConnectionTerminated"),
    ] {
        let seen = fetch(&probe, &peer.url("http")).await;
        assert!(seen.contains(error), "{error}: {seen}");
    }
}

#[tokio::test]
async fn a_connection_is_kept_a_while_and_a_dead_one_harms_nobody() {
    let probe = probe();
    let peer = Peer::good();
    for _ in 0..3 {
        assert_eq!(fetch(&probe, &peer.url("http")).await, "200 OK\nhello");
    }
    assert_eq!(peer.connections(), 1);
    assert!(peer.ends_within(Duration::from_secs(10)), "it is kept for ever");
    assert_eq!(fetch(&probe, &peer.url("http")).await, "200 OK\nhello");
    assert_eq!(peer.connections(), 2);

    // It closes without a word after every answer.
    let curt = Peer::start(|stream| answer(stream, 1));
    for count in 1..=3 {
        assert_eq!(fetch(&probe, &curt.url("http")).await, "200 OK\nhello");
        assert!(curt.ends_within(Duration::from_secs(5)));
        assert_eq!(curt.connections(), count);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn an_answer_left_unread_closes_its_connection() {
    let probe = probe();
    let endless = Peer::start(|stream| {
        let mut stream = BufReader::new(stream);
        read_head(&mut stream)?;
        stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
        loop {
            stream.get_mut().write_all(&[b'x'; 4096])?;
        }
    });
    let seen = probe.text(&format!("/do/glance?url={}", endless.url("http"))).await;
    assert!(seen.ends_with(" bytes"), "{seen}");
    assert!(endless.ends_within(Duration::from_secs(3)), "it is still being read");

    // The rest would come later: whoever does not want it must not wait for it either.
    let slow = Peer::start(|stream| {
        let mut stream = BufReader::new(stream);
        read_head(&mut stream)?;
        stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf")?;
        stream.read_to_end(&mut Vec::new()).map(drop)
    });
    assert_eq!(probe.text(&format!("/do/glance?url={}", slow.url("http"))).await, "4 bytes");
    assert!(slow.ends_within(Duration::from_secs(3)), "it is kept");
}

#[tokio::test]
async fn an_answer_that_does_not_come_or_stops_is_given_up_with_its_connection() {
    let probe = probe();
    let silent = Peer::start(|mut stream| stream.read_to_end(&mut Vec::new()).map(drop));
    let stopping = Peer::start(|stream| {
        let mut stream = BufReader::new(stream);
        read_head(&mut stream)?;
        stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf")?;
        stream.read_to_end(&mut Vec::new()).map(drop)
    });
    // It takes the connection and never says anything of TLS.
    let deaf = Peer::start(|mut stream| stream.read_to_end(&mut Vec::new()).map(drop));
    for (peer, scheme) in [(silent, "http"), (stopping, "http"), (deaf, "https")] {
        let seen = probe.text(&format!("/do/post?ms=300&url={}", peer.url(scheme))).await;
        assert!(seen.contains("ConnectionReadTimeout"), "{seen}");
        assert!(peer.ends_within(Duration::from_secs(3)), "{seen}");
    }
}

#[tokio::test]
async fn a_blocked_address_is_out_of_reach_by_whatever_name() {
    let directory = Temporary::new();
    // The file that operators are told to use.
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/runtime-config.toml");
    let probe = probe_with(|options| options.runtime_config = Some(PathBuf::from(file)));
    let peer = Peer::good();
    for url in [peer.url("http"), peer.url("https"), "http://self.alt/static".to_string()] {
        let seen = fetch(&probe, &url).await;
        assert!(seen.contains("DestinationIpProhibited"), "{url}: {seen}");
    }
    assert_eq!(peer.connections(), 0);
    // Calls between components need no network.
    let seen = fetch(&probe, "http://hermit.spin.internal/").await;
    assert!(seen.starts_with("200 OK\n"), "{seen}");

    let others = "[outbound_networking]\nblock_networks = [\"10.0.0.0/8\"]\n";
    let probe = configured(&directory, others);
    assert_eq!(fetch(&probe, &peer.url("http")).await, "200 OK\nhello");
}

#[test]
fn private_is_whatever_is_not_public_in_every_spelling() {
    let mut blocked = Blocked::default();
    blocked.add("private").unwrap();
    for address in [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.0.9",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.9.9",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:0:127.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "2001::1",
        "2001:db8::1",
        "3fff::1",
        "100::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ] {
        assert!(blocked.contains(address.parse().unwrap()), "{address}");
    }
    for address in [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "198.20.0.1",
        "223.255.255.255",
        "::ffff:1.1.1.1",
        "64:ff9b::1.1.1.1",
        "2002:101:101::1",
        "2606:4700::1111",
        "2400:3200::1",
    ] {
        assert!(!blocked.contains(address.parse().unwrap()), "{address}");
    }
}

#[test]
fn a_network_is_blocked_where_ipv6_leads_to_it_too() {
    let mut blocked = Blocked::default();
    blocked.add("1.2.3.4/16").unwrap();
    blocked.add("2600::/32").unwrap();
    for (address, expected) in [
        ("1.2.255.1", true),
        ("1.3.0.1", false),
        ("::ffff:1.2.0.1", true),
        ("64:ff9b::1.2.0.1", true),
        ("2600:0:1::", true),
        ("2600:1::", false),
        ("127.0.0.1", false),
    ] {
        assert_eq!(blocked.contains(address.parse().unwrap()), expected, "{address}");
    }
    for entry in ["public", "10.0.0.0", "10.0.0.0/33", "::/129", "10.0.0/8", "", "a/8", "::1/-1"] {
        assert!(blocked.add(entry).is_err(), "{entry}");
    }
}

#[test]
fn a_runtime_configuration_that_cannot_be_followed_ends_the_start() {
    let tls = |written: &str| format!("[[client_tls]]\ncomponent_ids = [\"a\"]\n{written}");
    let networking = |written: &str| format!("[outbound_networking]\n{written}");
    for (config, told) in [
        (networking("block_networks = [\"intranet\"]"), "intranet"),
        (networking("blocked_networks = [\"private\"]"), "blocked_networks"),
        ("[outbound]\nblock_networks = []".to_string(), "outbound"),
        ("[[client_tls]]\ncomponent_ids = []\nhosts = [\"a\"]".to_string(), "component_ids"),
        (tls("hosts = [\"a:1\"]"), "hosts"),
        (tls("hosts = [\"a\"]\nca_roots_file = \"none.pem\""), "none.pem"),
        (tls("hosts = [\"a\"]\nca_use_webpki_roots = false"), "nobody"),
        (tls("hosts = [\"a\"]\nclient_cert_file = \"a.pem\""), "client_cert_file"),
    ] {
        let state = Temporary::new();
        let mut options = options(&state);
        options.runtime_config = Some(written(&state, &config));
        let error = runner::serve(options).expect_err(&config);
        assert!(format!("{error:#}").contains(told), "{config}: {error:#}");
    }
}

#[tokio::test]
async fn tests_move_the_wall_clock_and_nothing_else() {
    let clock = Clock::default();
    let given = clock.clone();
    let probe = probe_with(|options| options.clock = Some(given));
    let shown = async || {
        let text = probe.text("/do/clock").await;
        let (standard, seconds) = text.split_once(' ').unwrap();
        (standard.parse::<u64>().unwrap(), seconds.parse::<u64>().unwrap())
    };
    let day_ms = 24 * 3_600_000;
    let (before, before_s) = shown().await;
    clock.advance_ms(day_ms);
    let (after, after_s) = shown().await;
    assert!((day_ms..day_ms + 60_000).contains(&(after - before)), "{before} {after}");
    assert!((86_400..86_460).contains(&(after_s - before_s)), "{before_s} {after_s}");
    assert!(u128::from(after) <= clock.now().as_millis());

    let begun = std::time::Instant::now();
    let sleep = probe.get("/do/sleep?ms=300");
    let moved = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        clock.advance_ms(day_ms);
    };
    tokio::join!(sleep, moved);
    assert!(Duration::from_millis(290) <= begun.elapsed(), "{:?}", begun.elapsed());
}
