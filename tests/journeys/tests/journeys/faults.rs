//! Drills of faults: what callers see, that nothing acknowledged is lost, and that it recovers.
//!
//! `docs/reliability.md` has a row for each. What must be a failure of ours is asked past the
//! conventions that hold for every other answer.

mod broken;
mod clock;
mod disk;
mod locked;
mod neighbours;
mod restore;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use runner::client::Answer;
use rusqlite::Connection;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::site::{ORIGIN, Site, header, json, submission, text};

/// How long a service may take to be itself again.
const RECOVERED_WITHIN: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(100);

/// What visitors sent, and what they were told.
#[derive(Default)]
struct Load {
    next: AtomicUsize,
    is_over: AtomicBool,
    /// Keys that were acknowledged, and with which id.
    acknowledged: Mutex<BTreeMap<String, String>>,
    /// Keys that were answered 503.
    refused: Mutex<Vec<String>>,
}

impl Load {
    /// Sends one response; the answer must be good, or one that says to come again.
    async fn submit(&self, site: &Site, key: &str) -> anyhow::Result<u16> {
        let body = json!({ "version": 1, "answers": { "recommend": 9, "quality": 4 } });
        let answer = site.ask(&submission(key, &body.to_string())).await?;
        if answer.status.is_success() {
            let id = text(&json(&answer), "id").to_owned();
            let mut all = self.acknowledged.lock().unwrap();
            let known = all.entry(key.to_owned()).or_insert_with(|| id.clone());
            assert_eq!(*known, id, "{key} was acknowledged twice, differently");
        } else {
            check_unavailable(&answer);
            self.refused.lock().unwrap().push(key.to_owned());
        }
        Ok(answer.status.as_u16())
    }

    /// Visitors who send one response after the other until it is over or nobody listens.
    fn begin(self: &Arc<Load>, site: &Site, visitors: usize) -> JoinSet<()> {
        let mut working = JoinSet::new();
        for _ in 0..visitors {
            let (load, site) = (Arc::clone(self), site.clone());
            working.spawn(async move {
                while !load.is_over.load(Ordering::Relaxed) {
                    let key = format!("load-{}", load.next.fetch_add(1, Ordering::Relaxed));
                    if load.submit(&site, &key).await.is_err() {
                        return;
                    }
                }
            });
        }
        working
    }

    fn acknowledged(&self) -> BTreeMap<String, String> {
        self.acknowledged.lock().unwrap().clone()
    }

    fn refused(&self) -> usize {
        self.refused.lock().unwrap().len()
    }

    /// Sends again what was refused: the same keys must be taken now, or have been already.
    async fn send_again(&self, site: &Site, most: usize) {
        let again: Vec<String> = self.refused.lock().unwrap().drain(..).take(most).collect();
        for key in again {
            assert!(self.submit(site, &key).await.unwrap() < 300, "{key}");
        }
    }
}

/// Checks a 503: when to come back, and nothing of the inside.
#[track_caller]
fn check_unavailable(answer: &Answer) {
    let told = format!("{} {:?} {}", answer.status, answer.headers, answer.text());
    assert_eq!(answer.status, 503, "{told}");
    assert_eq!(header(answer, "content-type"), "application/problem+json", "{told}");
    assert_eq!(header(answer, "retry-after"), "1", "{told}");
    assert_eq!(header(answer, "cache-control"), "no-store", "{told}");
    let body = json(answer);
    assert_eq!(body["type"], "/problems/unavailable", "{told}");
    assert!(body["detail"].is_null() && body["errors"].is_null(), "{told}");
    for inside in ["sqlite", "database", "disk", "locked", "malformed"] {
        assert!(!answer.text().to_lowercase().contains(inside), "{told}");
    }
}

/// Each acknowledged response is there once under its id; gives how many are there in all.
#[track_caller]
fn reconcile(database: &Connection, acknowledged: &BTreeMap<String, String>) -> usize {
    let integrity: String =
        database.query_row("pragma integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(integrity, "ok");
    let sql = "select substr(idempotency_key, length('public:') + 1), id from response";
    let mut statement = database.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?))).unwrap();
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for (key, id) in rows.map(Result::unwrap) {
        assert!(found.insert(key.clone(), id).is_none(), "{key} is there twice");
    }
    let lost: Vec<_> =
        acknowledged.iter().filter(|(key, id)| found.get(*key) != Some(*id)).collect();
    assert!(lost.is_empty(), "{} of {} are lost: {lost:?}", lost.len(), acknowledged.len());
    found.len()
}

/// Waits until one more response is taken, and tells how long that took.
async fn recover(load: &Load, site: &Site) -> Duration {
    let begun = Instant::now();
    // Short: a longer key may open something, and is kept hashed.
    let key = format!("again-{}", load.next.fetch_add(1, Ordering::Relaxed));
    loop {
        match load.submit(site, &key).await {
            Ok(status) if status < 300 => return begun.elapsed(),
            _ => assert!(begun.elapsed() < RECOVERED_WITHIN, "it does not recover"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What a visitor and a viewer read, which must be there.
async fn read(site: &Site) {
    site.get("viewer", "/v1/nps").await;
    let form = "GET /v1/surveys/{survey}\nauthorization: Bearer {pk}";
    site.json(&format!("{form}\norigin: {ORIGIN}")).await;
}

/// Waits until something holds.
async fn until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < RECOVERED_WITHIN, "{what}");
        tokio::time::sleep(PAUSE).await;
    }
}

/// What the facts say is what is maintained, and what was told of each survey is unbroken.
async fn check_books(server: &crate::server::Server, site: &Site) {
    let rebuilt = server.rebuild(site).await;
    assert_eq!(rebuilt["differences"], 0, "{rebuilt}");
    let verdict = site.get("viewer", "/v1/studies/{survey}/audit/verify").await;
    assert_eq!(verdict["is_intact"], Value::Bool(true), "{verdict}");
    let list = site.get("agent", "/v1/studies/{survey}/responses?limit=20").await;
    for response in crate::site::items(&list) {
        let id = text(response, "id");
        let path = format!("/v1/studies/{{survey}}/responses/{id}/audit/verify");
        assert_eq!(site.get("viewer", &path).await["is_intact"], true, "{id}");
    }
}

/// Prints a figure, for `docs/reliability.md`.
fn tell(what: &str) {
    // A closed stdout is no reason to fail.
    let _ = writeln!(std::io::stdout(), "{what}");
}
