//! The receivers that journeys send webhooks to do what they are told.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use journeys::receiver::{Authority, Behaviour, Receiver};
use runner::client::Client;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{
    ClientConfig, ClientConnection, DEFAULT_VERSIONS, RootCertStore, StreamOwned,
};

const REQUEST: &[u8] = b"POST /hook HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}";

/// Sends one request and tells what comes back: 64 kB of it, or what came within a second.
fn raw(receiver: &Receiver) -> Result<String, String> {
    let stream = TcpStream::connect(receiver.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    exchange(stream)
}

fn exchange(mut stream: impl Read + Write) -> Result<String, String> {
    stream.write_all(REQUEST).map_err(|it| it.to_string())?;
    let begun = Instant::now();
    let mut told = Vec::new();
    let mut part = [0; 4096];
    loop {
        match stream.read(&mut part) {
            Ok(0) => break,
            Ok(length) => told.extend(&part[..length]),
            Err(error) if told.is_empty() => return Err(error.to_string()),
            Err(_) => break,
        }
        if told.len() >= 65_536 || begun.elapsed() >= Duration::from_secs(1) {
            break;
        }
    }
    Ok(String::from_utf8_lossy(&told).into_owned())
}

fn over_tls(receiver: &Receiver, authority: &Authority) -> Result<String, String> {
    let mut roots = RootCertStore::empty();
    let file = File::open(authority.file()).unwrap();
    for certificate in CertificateDer::pem_reader_iter(BufReader::new(file)) {
        roots.add(certificate.unwrap()).unwrap();
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(DEFAULT_VERSIONS)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let stream = TcpStream::connect(receiver.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    exchange(StreamOwned::new(connection, stream))
}

#[tokio::test]
async fn a_receiver_records_what_comes_and_changes_its_behaviour_at_once() {
    let receiver = Receiver::start(Behaviour::Healthy);
    let base = receiver.url();
    let client = Client::new(base.strip_suffix("/hook").unwrap()).unwrap();
    let send = async |body: &str| {
        let headers = [("webhook-id", "evt_1")];
        client.send("POST", "/hook", &headers, body.to_owned()).await.unwrap()
    };
    let set = async |behaviour: Behaviour| {
        receiver.set(behaviour);
        // The client has to hear that its connection was closed.
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(send("first").await.status, 200);
    assert_eq!(send("second").await.status, 200);
    assert_eq!(receiver.connections(), 1);
    set(Behaviour::Throttle(7)).await;
    let throttled = send("third").await;
    assert_eq!(
        (throttled.status.as_u16(), &throttled.headers["retry-after"]),
        (429, &"7".parse().unwrap())
    );
    set(Behaviour::Redirect("http://b.example/".to_owned())).await;
    assert_eq!(send("").await.headers["location"], "http://b.example/");
    set(Behaviour::Gone).await;
    assert_eq!(send("").await.status, 410);
    set(Behaviour::Flapping).await;
    let flapping = [send("").await, send("").await, send("").await].map(|it| it.status.as_u16());
    assert_eq!(flapping, [500, 200, 500]);
    set(Behaviour::Slow(100)).await;
    let begun = Instant::now();
    assert_eq!(send("").await.status, 200);
    assert!(Duration::from_millis(100) <= begun.elapsed());

    let received = receiver.wait(9, Duration::from_secs(1)).await;
    assert_eq!(received.len(), 9);
    assert_eq!((received[0].method.as_str(), received[0].path.as_str()), ("POST", "/hook"));
    assert_eq!(
        (received[1].header("webhook-id"), &received[1].body[..]),
        ("evt_1", &b"second"[..])
    );
    assert!(received[0].at <= received[1].at && received[1].is_accepted());
    assert!(received[2].status == Some(429) && !received[2].is_accepted());
    receiver.forget();
    assert_eq!(receiver.count(), 0);
}

#[test]
fn a_receiver_breaks_in_every_way_it_is_told_to() {
    let receiver = Receiver::start(Behaviour::Hang);
    let slow = "temporarily unavailable";
    for (behaviour, expected, is_recorded) in [
        (Behaviour::Hang, Err(slow), true),
        (Behaviour::Deaf, Err(slow), false),
        (Behaviour::Reset, Err("reset"), true),
        (Behaviour::Half, Ok("content-length: 8\r\n\r\nhalf"), true),
        (Behaviour::Garbage, Ok("220 mail.example ESMTP\r\n"), true),
        (Behaviour::Trickle, Ok("x"), true),
        (Behaviour::Endless, Ok("xxxxxxxx"), true),
        (Behaviour::Status(503), Ok("ok"), true),
    ] {
        receiver.forget();
        receiver.set(behaviour.clone());
        match (raw(&receiver), expected) {
            (Ok(told), Ok(end)) => assert!(told.ends_with(end), "{behaviour:?}: {told:?}"),
            (Err(told), Err(why)) => assert!(told.contains(why), "{behaviour:?}: {told}"),
            (told, _) => panic!("{behaviour:?}: {told:?}"),
        }
        assert_eq!(receiver.count(), usize::from(is_recorded), "{behaviour:?}");
    }
    let address = receiver.address();
    drop(receiver);
    std::thread::sleep(Duration::from_millis(100));
    assert!(TcpStream::connect(address).is_err(), "it is gone");
}

#[test]
fn a_secure_receiver_has_good_and_bad_certificates() {
    let authority = Authority::new();
    let receiver = Receiver::start_secure(Behaviour::Healthy, &authority);
    assert!(receiver.url().starts_with("https://127.0.0.1:"));
    let told = over_tls(&receiver, &authority).unwrap();
    assert!(told.starts_with("HTTP/1.1 200 ") && told.ends_with("ok"), "{told}");
    for (behaviour, why) in [
        (Behaviour::OtherName, "not valid for name"),
        (Behaviour::UnknownAuthority, "UnknownIssuer"),
    ] {
        receiver.set(behaviour);
        let refused = over_tls(&receiver, &authority).unwrap_err();
        assert!(refused.contains(why), "{refused}");
    }
    assert!(over_tls(&receiver, &Authority::new()).is_err());
    receiver.set(Behaviour::Reset);
    assert!(over_tls(&receiver, &authority).is_err());
    assert_eq!(receiver.received().len(), 2, "a request, and one that met a reset");
}
