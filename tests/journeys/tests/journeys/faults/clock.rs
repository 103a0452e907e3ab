//! The clock jumps: on by a day, and back by an hour.

use journeys::receiver::{Behaviour, Receiver};
use serde_json::json;

use super::{Load, check_books, reconcile, tell};
use crate::server::{Server, TICK_KEY};
use crate::site::{Site, header, json, text};

const HOUR: u64 = 60 * 60 * 1000;
const DAY: u64 = 24 * HOUR;
const TICKS: [&str; 11] = [
    "",
    "/deliver",
    "/ingest",
    "/promise",
    "/watch",
    "/retention",
    "/callback",
    "/reader",
    "/gist",
    "/invite",
    "/report",
];

/// What time causes, all of it; none of it may fail.
async fn tick(site: &Site) {
    for route in TICKS {
        let line = format!("POST /internal/tick{route}\nauthorization: Bearer {TICK_KEY}");
        site.json(&line).await;
    }
}

/// The status of who is signed in by a cookie.
async fn session(site: &Site, cookie: &str) -> u16 {
    let answer = site.send(&format!("GET /v1/session\ncookie: {cookie}")).await;
    answer.status.as_u16()
}

/// The same keys again are the same responses, and new ones are taken.
async fn write(site: &Site, load: &Load, name: &str) {
    let known: Vec<String> = load.acknowledged().into_keys().collect();
    for key in known {
        // That it is the same id is checked there.
        assert!(load.submit(site, &key).await.unwrap() < 300, "{name}: {key}");
    }
    for number in 0..10 {
        assert_eq!(load.submit(site, &format!("{name}-{number}")).await.unwrap(), 201);
    }
    let head = "POST /v1/departments\nauthorization: Bearer {manager}\nidempotency-key: 科室";
    let head = head.replace("科室", "department");
    site.json(&format!("{head}\n\n{}", json!({ "name": "客服" }))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_jumps_loses_and_doubles_nothing() {
    let Some(server) = Server::ours("a clock that jumps") else { return };
    let site = Site::with_survey(&server).await;
    let load = Load::default();
    let receiver = Receiver::start(Behaviour::Healthy);
    let hook = json!({ "name": "hook", "url": receiver.url(), "types": ["response.*"] });
    site.post("admin", "/v1/webhooks", hook).await;
    let complaint = json!({ "channel": "phone", "text": "The parcel came broken." });
    let complaint = site.post("agent", "/v1/complaints", complaint).await;
    let number = text(&complaint, "id").to_owned();
    let signed = site.send("POST /v1/session\n\n{\"key\": \"{agent}\"}").await;
    let cookie = header(&signed, "set-cookie").split(';').next().unwrap().to_owned();
    assert_eq!((signed.status.as_u16() / 100, json(&signed).is_object()), (2, true));
    write(&site, &load, "now").await;
    tick(&site).await;
    assert_eq!(session(&site, &cookie).await, 200);

    // Back by an hour: what was made is of the future now.
    let real = i64::try_from(server.clock.now().as_millis()).unwrap();
    server.clock.set_ms(real - i64::try_from(HOUR).unwrap());
    write(&site, &load, "back").await;
    tick(&site).await;
    assert_eq!(session(&site, &cookie).await, 200, "who is signed in stays so");
    site.get("agent", &format!("/v1/complaints/{number}")).await;
    let back = receiver.received().len();

    // On by a day: twelve hours after signing in, everybody signs in again.
    server.clock.set_real();
    server.clock.advance_ms(DAY);
    write(&site, &load, "on").await;
    tick(&site).await;
    assert_eq!(session(&site, &cookie).await, 401);
    let told = site.get("agent", &format!("/v1/complaints/{number}")).await;
    assert!(told["id"].is_string(), "{told}");

    // And home again: it is as if nothing had been.
    server.clock.set_real();
    write(&site, &load, "home").await;
    tick(&site).await;
    // What was leased at a wrong time is free when that has come.
    server.clock.advance_ms(DAY + 2 * HOUR);
    tick(&site).await;
    check_books(&server, &site).await;
    let acknowledged = load.acknowledged();
    let all = reconcile(&server.database().unwrap(), &acknowledged);
    assert_eq!(all, acknowledged.len());
    server.check_number("select count(*) from event where kind = 'response.created'", 40);
    let mut heard: Vec<String> =
        receiver.received().iter().map(|it| it.header("webhook-id").to_owned()).collect();
    heard.sort();
    heard.dedup();
    assert_eq!(heard.len(), all, "each event is delivered");
    tell(&format!(
        "clock: {all} of {all} kept and told, {back} of 20 told an hour back; departments {}",
        server.number("select count(*) from department").unwrap()
    ));
}
