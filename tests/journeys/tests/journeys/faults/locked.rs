//! Another process has the write lock.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::JoinSet;

use super::{Load, check_unavailable, read, reconcile, recover, tell};
use crate::server::Server;
use crate::site::Site;

/// What is waited for.
const SHORT: Duration = Duration::from_secs(2);
/// The longest until a caller is told to come back, on a machine that does a lot else.
const TOLD_WITHIN: Duration = Duration::from_secs(20);
/// Visitors of one instance and of further ones.
const VISITORS: usize = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_short_lock_is_waited_for() {
    let Some(server) = Server::ours("a short lock of the database") else { return };
    let site = Site::with_survey(&server).await;
    let load = Load::default();
    let other = server.database().unwrap();
    other.execute_batch("begin immediate").unwrap();
    let held = std::thread::spawn(move || {
        std::thread::sleep(SHORT);
        other.execute_batch("commit").unwrap();
    });
    let begun = Instant::now();
    assert_eq!(load.submit(&site, "short").await.unwrap(), 201);
    let took = begun.elapsed();
    held.join().unwrap();
    assert!(SHORT - Duration::from_millis(200) < took, "it was not locked: {took:?}");
    tell(&format!("locked for {SHORT:?}: 201 after {took:.1?}"));
    reconcile(&server.database().unwrap(), &load.acknowledged());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_lock_is_a_503_soon_and_reads_go_on() {
    let Some(server) = Server::ours("a long lock of the database") else { return };
    let site = Site::with_survey(&server).await;
    let load = std::sync::Arc::new(Load::default());
    assert_eq!(load.submit(&site, "before").await.unwrap(), 201);
    let other = server.database().unwrap();
    other.execute_batch("begin immediate").unwrap();
    let begun = Instant::now();
    let mut waiting = JoinSet::new();
    for visitor in 0..VISITORS {
        let (load, site) = (std::sync::Arc::clone(&load), site.clone());
        waiting.spawn(async move {
            if visitor % 2 == 0 {
                let status = load.submit(&site, &format!("locked-{visitor}")).await.unwrap();
                assert_eq!(status, 503);
            } else {
                // Of several statements, so it queues within its instance.
                let body = json!({ "name": format!("部门 {visitor}") });
                let head = "POST /v1/departments\nauthorization: Bearer {manager}";
                check_unavailable(&site.ask(&format!("{head}\n\n{body}")).await.unwrap());
            }
            begun.elapsed()
        });
    }
    let reading = Instant::now();
    read(&site).await;
    let read_in = reading.elapsed();
    assert!(read_in < Duration::from_secs(5), "reads wait for the lock of writes: {read_in:?}");
    let told = waiting.join_all().await.into_iter().max().unwrap();
    assert!(told < TOLD_WITHIN, "they were told after {told:?}");
    other.execute_batch("rollback").unwrap();
    drop(other);
    let recovered = recover(&load, &site).await;
    let refused = load.refused();
    load.send_again(&site, VISITORS).await;
    let acknowledged = load.acknowledged();
    reconcile(&server.database().unwrap(), &acknowledged);
    server.check_number("select count(*) from department", 0);
    tell(&format!(
        "locked: {refused} responses and as many changes told 503 within {told:.1?}, reads in \
         {read_in:.1?}, taken again after {recovered:.1?}, {} of {} kept",
        acknowledged.len(),
        acknowledged.len()
    ));
}
