//! The manuals do what they say: every block of `docs/clients.md` and of both READMEs is run
//! against the real components, and what `docs/clients.md` says it prints is compared.
//!
//! The commands of cargo and Spin in the READMEs are read by `tidy`: they build and serve for
//! minutes, and CI runs them itself.

mod readme;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::thread;
use std::time::Duration;

use journeys::receiver::{Behaviour, Receiver};
use serde_json::{Value, json};

use crate::server::{Server, Temporary, leave_out};
use crate::site::{Site, text};

/// What stands between the outputs of two blocks.
const CUT: &str = "--8<--";
/// Set for the process that runs the Rust blocks.
const IS_PROGRAM: &str = "HUIYIN_MANUAL_IS_PROGRAM";

/// The Rust of `docs/clients.md`, as `build.rs` puts it together.
mod rust {
    #![expect(clippy::print_stdout, clippy::unreachable, reason = "a program, as it is printed")]

    include!(concat!(env!("OUT_DIR"), "/clients.rs"));
}

/// A block of code, and what the text after it says that it prints.
struct Block {
    code: String,
    printed: Option<String>,
}

/// The blocks of one language, in their order.
fn blocks(manual: &str, language: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut was_ours = false;
    let mut lines = manual.lines();
    while let Some(line) = lines.next() {
        let Some(fence) = line.strip_prefix("```") else { continue };
        let inner: Vec<&str> = lines.by_ref().take_while(|it| *it != "```").collect();
        let code = inner.join("\n");
        match fence {
            "text" if was_ours => found.last_mut().unwrap().printed = Some(code),
            _ if fence == language => found.push(Block { code, printed: None }),
            _ => {}
        }
        was_ours = fence == language;
    }
    found
}

fn read(of: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(of);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{of}: {error}"))
}

/// Whether a text is what is expected, where `…` stands for anything.
fn is_like(text: &str, expected: &str) -> bool {
    let mut parts = expected.split('…');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, inner)) = parts.split_last() else { return rest.is_empty() };
    for part in inner {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

/// Checks what a program printed, block by block.
#[track_caller]
fn check_printed(blocks: &[Block], done: &Output) {
    let (out, err) = (&done.stdout, &done.stderr);
    let (out, err) = (String::from_utf8_lossy(out), String::from_utf8_lossy(err));
    assert!(done.status.success(), "{out}\n{err}");
    let printed: Vec<&str> = out.split(CUT).map(str::trim).collect();
    assert_eq!(printed.len(), blocks.len(), "{out}\n{err}");
    for (block, printed) in blocks.iter().zip(printed) {
        let expected = block.printed.as_ref().expect("each block says what it prints");
        assert!(
            is_like(printed, expected.trim()),
            "docs/clients.md says\n{expected}\nbut\n{}\nprints\n{printed}\n{err}",
            block.code
        );
    }
}

/// Runs a program on a site of its own; `None` if what runs it is not here.
async fn run(server: &Server, mut program: Command) -> Option<Output> {
    let mut site = Site::with_survey(server).await;
    for score in [9, 10, 10, 8, 3, 9] {
        let body = json!({ "source": "interview", "answers": { "recommend": score } });
        site.post("agent", "/v1/studies/{survey}/responses", body).await;
    }
    let folder = Temporary::new();
    let secret = delivery(server, &mut site, folder.path()).await;
    let program = program
        .env("HUIYIN_URL", flaky(&server.base))
        .env("HUIYIN_KEY", site.named("manager"))
        .env("HUIYIN_SURVEY", site.named("survey"))
        .env("HUIYIN_TOUCHPOINT", site.named("shop"))
        .env("HUIYIN_WEBHOOK_SECRET", secret)
        .current_dir(folder.path());
    let done = program.output();
    if done.as_ref().is_err_and(|it| it.kind() == std::io::ErrorKind::NotFound) {
        leave_out(&format!("the blocks of docs/clients.md for {:?}", program.get_program()));
        return None;
    }
    Some(done.unwrap())
}

/// Lets a webhook come whose secret was just changed, so that it is signed twice; keeps it in
/// `delivery.json` and gives the old secret, which is the second of the two.
async fn delivery(server: &Server, site: &mut Site, folder: &Path) -> String {
    let receiver = Receiver::start(Behaviour::Healthy);
    let body = json!({ "name": "manual", "url": receiver.url(), "types": ["response.*"] });
    let made = site.make("admin", "hook", "/v1/webhooks", body).await;
    let secret = text(&made, "secret").to_owned();
    site.post("admin", "/v1/webhooks/{hook}/rotate", Value::Null).await;
    site.post("admin", "/v1/webhooks/{hook}/test", Value::Null).await;
    for _ in 0..600 {
        if 0 < receiver.count() {
            break;
        }
        if let Some(key) = &server.tick_key {
            site.json(&format!("POST /internal/tick/deliver\nauthorization: Bearer {key}")).await;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let received = receiver.received();
    let it = received.first().expect("a delivery");
    let signatures = it.header("webhook-signature");
    assert_eq!(signatures.split(' ').count(), 2, "{signatures}");
    let names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    let headers: Value = names.iter().map(|name| (*name, json!(it.header(name)))).collect();
    let kept = json!({ "headers": headers, "body": String::from_utf8_lossy(&it.body) });
    fs::write(folder.join("delivery.json"), kept.to_string()).unwrap();
    secret
}

/// A proxy that answers its first request with 503 and lets all others through, so that a client
/// that does not wait and repeat fails.
fn flaky(base: &str) -> String {
    let Some(target) = base.strip_prefix("http://").map(str::to_owned) else {
        return base.to_owned();
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for (count, client) in listener.incoming().map_while(Result::ok).enumerate() {
            if count == 0 {
                refuse(client);
                continue;
            }
            let Ok(server) = TcpStream::connect(&target) else { return };
            for (mut from, mut to) in
                [(client.try_clone().unwrap(), server.try_clone().unwrap()), (server, client)]
            {
                thread::spawn(move || {
                    // Whoever goes away first ends it for the other.
                    let _ = std::io::copy(&mut from, &mut to);
                    let _ = to.shutdown(std::net::Shutdown::Both);
                });
            }
        }
    });
    format!("http://{address}")
}

fn refuse(mut client: TcpStream) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && client.read(&mut byte).is_ok_and(|it| it == 1) {
        head.push(byte[0]);
    }
    let answer = "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\n\
                  connection: close\r\n\r\n";
    client.write_all(answer.as_bytes()).unwrap();
}

/// Runs the blocks of a language that an interpreter reads from a file.
async fn check_script(language: &str, (program, ending): (&str, &str), cut: &str) {
    let server = Server::any();
    let blocks = blocks(&read("docs/clients.md"), language);
    assert!(7 <= blocks.len(), "{language}: {}", blocks.len());
    let code: Vec<&str> = blocks.iter().map(|it| it.code.as_str()).collect();
    let folder = Temporary::new();
    let file = folder.path().join(format!("client.{ending}"));
    fs::write(&file, code.join(&format!("\n{cut}\n"))).unwrap();
    let mut command = Command::new(program);
    command.arg(&file);
    if let Some(done) = run(&server, command).await {
        check_printed(&blocks, &done);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_commands_of_the_clients_manual_print_what_it_says() {
    check_script("sh", ("bash", "sh"), &format!("echo '{CUT}'")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_javascript_of_the_clients_manual_prints_what_it_says() {
    check_script("js", ("node", "mjs"), &format!("console.log('{CUT}');")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_python_of_the_clients_manual_prints_what_it_says() {
    check_script("python", ("python3", "py"), &format!("print('{CUT}')")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_rust_of_the_clients_manual_prints_what_it_says() {
    let server = Server::any();
    // A process of its own, which reads its environment as a client would.
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "manuals::as_a_program", "--nocapture"]).env(IS_PROGRAM, "1");
    let mut done = run(&server, command).await.expect("this program");
    let out = String::from_utf8_lossy(&done.stdout).into_owned();
    // Around it stands what the harness says.
    let ours = out.split(CUT).collect::<Vec<_>>();
    if let [_, inner @ .., _] = ours.as_slice() {
        done.stdout = inner.join(CUT).into_bytes();
    }
    check_printed(&blocks(&read("docs/clients.md"), "rust"), &done);
}

/// What the test above starts; otherwise it does nothing.
#[test]
fn as_a_program() {
    if std::env::var_os(IS_PROGRAM).is_some() {
        let mut out = std::io::stdout();
        writeln!(out, "{CUT}").unwrap();
        rust::run().unwrap();
        writeln!(out, "{CUT}").unwrap();
    }
}

#[test]
fn what_is_printed_is_compared_piece_by_piece() {
    for (text, expected, is_so) in [
        ("a b c", "a b c", true),
        ("a b c", "a…c", true),
        ("a b c", "…b…", true),
        ("a b c", "a b", false),
        ("a b c", "…b", false),
        ("a b c", "a…d…c", false),
    ] {
        assert_eq!(is_like(text, expected), is_so, "{text:?} {expected:?}");
    }
}
