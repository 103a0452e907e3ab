//! The published SDK itself, `@formbricks/api` 3.0.0, against all of this over HTTP.
//!
//! It is npm's and no part of the repository, so the test runs where it is asked for:
//! `npm install --prefix DIR @formbricks/api@3.0.0` and
//! `FORMBRICKS_SDK=DIR cargo test -p formbricks -- --ignored`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use testkit::World;
use web::Request;

use super::{answers, world};
use crate::handle;

/// What a program does with it; it prints what it was told.
const PROGRAM: &str = r#"
import { FormbricksAPI } from "@formbricks/api";
const [apiHost, environmentId] = process.argv.slice(2);
const { client } = new FormbricksAPI({ apiHost, environmentId });
const surveyId = "clsurvey";
const display = await client.display.create({ surveyId });
const made = await client.response.create({
  surveyId, displayId: display.data.id, finished: false, data: { qnps: 3 }, ttc: { qnps: 812.5 },
});
const responseId = made.data.id;
const step = await client.response.update({ responseId, finished: false, data: { qwhy: "slow" } });
const wrong = await client.response.update({ responseId, finished: true, data: { stars: 9 } });
const last = await client.response.update({ responseId, finished: true, data: { stars: 2 } });
const late = await client.response.update({ responseId, finished: true, data: { stars: 5 } });
const none = await client.response.create({ surveyId: "clnone", finished: true, data: {} });
const told = [display, made, step, wrong, last, late, none];
console.log(JSON.stringify([told.map((it) => it.ok), wrong.error, late.error, none.error]));
"#;

#[test]
#[ignore = "needs node, and the SDK from npm in FORMBRICKS_SDK"]
fn the_published_sdk_goes_on() {
    let directory = PathBuf::from(std::env::var("FORMBRICKS_SDK").unwrap());
    let program = directory.join("huiyin.mjs");
    std::fs::write(&program, PROGRAM).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = format!("http://{}", listener.local_addr().unwrap());
    let child = Command::new("node")
        .args([program.as_os_str(), host.as_ref(), "clenvironment".as_ref()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let world = world();
    for _ in 0..7 {
        serve(&world, listener.accept().unwrap().0);
    }
    let output = child.wait_with_output().unwrap();
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told[0], json!([true, true, true, false, true, false, false]));
    assert_eq!(told[1]["status"], 400);
    assert!(told[1]["details"]["response.data.stars"].is_string(), "{told}");
    assert_eq!(told[2]["details"]["code"], "response_already_finished");
    assert_eq!(told[3]["status"], 404);
    assert_eq!(answers(&world), json!({ "recommend": 3, "why": "slow", "stars": 2 }));
}

/// Answers the one request of a connection.
fn serve(world: &World, stream: TcpStream) {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let mut headers = Vec::new();
    for line in &lines[1..] {
        let (name, value) = line.split_once(':').unwrap();
        headers.push((name.to_ascii_lowercase(), value.trim().as_bytes().to_vec()));
    }
    let length = headers.iter().find(|it| it.0 == "content-length");
    let length = length.map_or(0, |it| String::from_utf8_lossy(&it.1).parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let mut first = lines[0].split(' ');
    let method = first.next().unwrap().parse().unwrap();
    let target = first.next().unwrap();
    let request = Request::new(method, target, "huiyin.test", headers, Ok(body));
    let response = world.answer(handle, request);
    let mut stream = reader.into_inner();
    write!(stream, "HTTP/1.1 {}\r\nconnection: close\r\n", response.status()).unwrap();
    for (name, value) in response.headers() {
        write!(stream, "{name}: {}\r\n", value.to_str().unwrap()).unwrap();
    }
    stream.write_all(b"\r\n").unwrap();
    stream.write_all(response.body()).unwrap();
}
