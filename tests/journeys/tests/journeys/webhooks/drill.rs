//! `kill -9` between the commit and the delivery, a hundred times.

use std::time::Duration;

use journeys::receiver::{Behaviour, Receiver};
use serde_json::json;
use tokio::task::JoinSet;

use super::{check_signed, counts, events, hook, tick};
use crate::chance::Chance;
use crate::process::Process;
use crate::server::{Server, Temporary, database, leave_out};
use crate::site::{Site, submission};

const ROUNDS: u64 = 100;
/// The longest between the submissions and the kill.
const ROUND_MS_MAX: u64 = 250;
/// Visitors of a round.
const VISITORS: u64 = 4;
const SEED: u64 = 6;
/// Longer than a lease that a killed process leaves.
const LEASED_MS: u64 = 10 * 60 * 1000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_kills_between_commit_and_delivery_lose_nothing() {
    if std::env::var_os("HUIYIN_URL").is_some() {
        leave_out("the deliveries under kill -9, for want of a process of our own");
        return;
    }
    let state = Temporary::new();
    let mut chance = Chance(SEED);
    let receiver = Receiver::start(Behaviour::Healthy);
    let process = Process::start(&state);
    let site = Site::with_survey(&Server::at(&process.base)).await;
    let hook = hook(&site, "drill", &receiver.url(), json!({ "types": ["response.*"] })).await;
    process.kill();
    let mut cut_off = 0;
    for round in 0..ROUNDS {
        let process = Process::start(&state);
        let site = site.at(&process.base);
        let mut visiting = JoinSet::new();
        for visitor in 0..VISITORS {
            let site = site.clone();
            visiting.spawn(async move {
                let body = json!({ "version": 1, "answers": { "recommend": visitor } });
                let key = format!("visit-{round}-{visitor}");
                // Cut off or not: what counts is what the log of events has.
                drop(site.try_send(&submission(&key, &body.to_string())).await);
            });
        }
        tokio::time::sleep(Duration::from_millis(chance.below(ROUND_MS_MAX))).await;
        process.kill();
        visiting.join_all().await;
        cut_off += u64::from(counts(&receiver.received()).len() < committed(&state));
    }
    let server = Server::over(state);
    let site = site.at(&server.base);
    server.clock.advance_ms(LEASED_MS);
    while tick(&server, &site).await["tried"] != 0 {}
    let received = receiver.received();
    let counts = counts(&received);
    let all = events(&site, "response.*").await;
    let lost: Vec<_> = all.iter().filter(|it| !counts.contains_key(*it)).collect();
    assert!(lost.is_empty(), "{} of {} are lost: {lost:?}", lost.len(), all.len());
    assert!(ROUNDS < all.len() as u64, "hardly any load: {}", all.len());
    // The kills fell on both sides: after some of them all was delivered, after others it was not.
    assert!((1..ROUNDS).contains(&cut_off), "{cut_off} of {ROUNDS}");
    check_signed(&hook, &received);
}

/// How many events the file has that a killed process left.
fn committed(state: &Temporary) -> usize {
    let sql = "select count(*) from event where kind = 'response.created'";
    let count: i64 = database(state).query_row(sql, [], |row| row.get(0)).unwrap();
    usize::try_from(count).unwrap()
}
