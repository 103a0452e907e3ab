//! What stands beside the database fails: the key-value store, a component, who is called.

use std::fs;
use std::time::{Duration, Instant};

use journeys::receiver::{Behaviour, Receiver};
use rusqlite::Connection;
use serde_json::json;

use super::{Load, read, reconcile, tell, until};
use crate::server::Server;
use crate::site::Site;

/// The longest that an answer may take on a machine that does a lot else.
const SOON: Duration = Duration::from_secs(4);
/// Webhooks to a receiver that hangs.
const HOOKS: usize = 20;
const KEY_VALUE: &str = "sqlite_key_value.db";

/// Everything that a page or a visitor needs, and how long the slowest took.
async fn go_round(site: &Site, load: &Load, name: &str) -> Duration {
    let mut slowest = Duration::ZERO;
    for number in 0..5 {
        for path in ["/v1/dashboard", "/v1/goals", "/v1/nps"] {
            let begun = Instant::now();
            site.get("viewer", path).await;
            slowest = slowest.max(begun.elapsed());
        }
        let begun = Instant::now();
        assert_eq!(load.submit(site, &format!("{name}-{number}")).await.unwrap(), 201);
        slowest = slowest.max(begun.elapsed());
        // Beyond what an instance keeps by itself, so that the store is asked again.
        tokio::time::sleep(Duration::from_millis(1_200)).await;
    }
    slowest
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_key_value_store_everything_works() {
    let Some(server) = Server::ours("a broken key-value store") else { return };
    let site = Site::with_survey(&server).await;
    let load = Load::default();
    let well = go_round(&site, &load, "well").await;
    let path = server.path().unwrap().join(KEY_VALUE);
    let other = Connection::open(&path).unwrap();
    other.execute_batch("begin exclusive").unwrap();
    let locked = go_round(&site, &load, "locked").await;
    other.execute_batch("rollback").unwrap();
    drop(other);
    fs::write(&path, "这不是数据库".repeat(1_000)).unwrap();
    let broken = go_round(&site, &load, "broken").await;
    assert!(locked < SOON && broken < SOON, "{locked:?} {broken:?}");
    let acknowledged = load.acknowledged();
    reconcile(&server.database().unwrap(), &acknowledged);
    tell(&format!(
        "key-value store: the slowest of 20 answers {well:.1?}, locked {locked:.1?}, no database \
         {broken:.1?}; all good, {} kept",
        acknowledged.len()
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trap_in_one_component_is_a_500_there_and_nowhere_else() {
    let Some(server) = Server::ours("a component that traps") else { return };
    let site = Site::with_survey(&server).await;
    let load = Load::default();
    let database = server.database().unwrap();
    // A text that is not UTF-8 costs Spin's host, and so ours, the instance.
    let sql = "update department set name = cast(x'ff' as text)";
    site.post("manager", "/v1/departments", json!({ "name": "客服" })).await;
    assert_eq!(database.execute(sql, []).unwrap(), 1);
    let list = "GET /v1/departments\nauthorization: Bearer {viewer}";
    for number in 0..10 {
        let answer = site.ask(list).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (500, ""));
        assert_eq!(load.submit(&site, &format!("trap-{number}")).await.unwrap(), 201);
        site.get("viewer", "/v1/nps").await;
        // The same component, in its next instance.
        site.get("viewer", "/v1/touchpoints").await;
    }
    database.execute("update department set name = '客服'", []).unwrap();
    site.json(list).await;
    let acknowledged = load.acknowledged();
    reconcile(&database, &acknowledged);
    tell(&format!("trap: 10 of 10 told 500, all others good, {} kept", acknowledged.len()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_that_hangs_holds_up_nobody_else() {
    let Some(server) = Server::ours("a receiver that hangs") else { return };
    let site = Site::with_survey(&server).await;
    let load = Load::default();
    let receiver = Receiver::start(Behaviour::Hang);
    for number in 0..HOOKS {
        let hook = json!({ "name": format!("hook {number}"), "url": receiver.url() });
        site.post("admin", "/v1/webhooks", hook).await;
    }
    assert_eq!(load.submit(&site, "told").await.unwrap(), 201);
    // What the first try leaves leased is tried again a day later, by the tick.
    until("the receiver is called", || receiver.received().len() >= HOOKS).await;
    server.clock.advance_ms(24 * 60 * 60 * 1000);
    let key = server.tick_key.clone().unwrap();
    let ticking = {
        let (site, key) = (site.clone(), key.clone());
        tokio::spawn(async move {
            let begun = Instant::now();
            let tick = format!("POST /internal/tick/deliver\nauthorization: Bearer {key}");
            site.json(&tick).await;
            begun.elapsed()
        })
    };
    let mut slowest = Duration::ZERO;
    let mut rounds = 0;
    while !ticking.is_finished() || rounds == 0 {
        for route in ["", "/promise", "/watch", "/callback", "/reader"] {
            let begun = Instant::now();
            let tick = format!("POST /internal/tick{route}\nauthorization: Bearer {key}");
            site.json(&tick).await;
            slowest = slowest.max(begun.elapsed());
        }
        let begun = Instant::now();
        assert_eq!(load.submit(&site, &format!("while-{rounds}")).await.unwrap(), 201);
        read(&site).await;
        slowest = slowest.max(begun.elapsed());
        rounds += 1;
    }
    let hung = ticking.await.unwrap();
    assert!(slowest < SOON, "{slowest:?}");
    assert!(Duration::from_secs(1) < hung, "nothing hung: {hung:?}");
    reconcile(&server.database().unwrap(), &load.acknowledged());
    tell(&format!(
        "{HOOKS} receivers that hang: their tick ends after {hung:.1?}; the slowest of {} other \
         answers meanwhile {slowest:.1?}",
        rounds * 8
    ));
}
