//! How instances are reused, and what a failing one costs.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::task::JoinHandle;

use crate::host::{Probe, probe, probe_with};

// One after the other: one that has just begun computes, and its instance takes no other then.
async fn spaced(
    probe: &Arc<Probe>,
    count: usize,
    path: &'static str,
) -> Vec<JoinHandle<Option<u64>>> {
    let mut requests = Vec::new();
    for _ in 0..count {
        let probe = Arc::clone(probe);
        let request = async move { probe.instance(path).await.map(|(instance, _)| instance) };
        requests.push(tokio::spawn(request));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    requests
}

async fn all(requests: Vec<JoinHandle<Option<u64>>>) -> Vec<Option<u64>> {
    let mut instances = Vec::new();
    for request in requests {
        instances.push(request.await.unwrap());
    }
    instances
}

#[tokio::test]
async fn an_instance_serves_128_requests_in_all() {
    let probe = probe();
    let mut counts = Vec::new();
    for _ in 0..130 {
        let (_, count) = probe.instance("/do/count").await.unwrap();
        counts.push(count);
    }
    let expected = (1..=128).chain(1..=2).collect::<Vec<_>>();
    assert_eq!(counts, expected);
}

#[tokio::test]
async fn an_instance_serves_16_requests_at_once() {
    let probe = Arc::new(probe());
    let mut counts = BTreeMap::new();
    for instance in all(spaced(&probe, 17, "/do/sleep?ms=4000").await).await {
        *counts.entry(instance.unwrap()).or_insert(0) += 1;
    }
    let mut counts = counts.into_values().collect::<Vec<_>>();
    counts.sort();
    assert_eq!(counts, [1, 16]);
}

#[tokio::test]
async fn an_instance_goes_after_one_idle_second() {
    let probe = probe();
    let (first, _) = probe.instance("/do/count").await.unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let (second, _) = probe.instance("/do/count").await.unwrap();
    assert_eq!(first, second);
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let (third, _) = probe.instance("/do/count").await.unwrap();
    assert_ne!(second, third);
}

#[tokio::test]
async fn beyond_the_most_instances_a_request_is_a_500_at_once() {
    let probe = Arc::new(probe_with(|options| options.instances_max = 2));
    let waiting = spaced(&probe, 32, "/do/sleep?ms=6000").await;
    let start = Instant::now();
    assert_eq!(probe.get("/do/sleep?ms=6000").await.status, 500);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert_eq!(all(waiting).await.into_iter().flatten().count(), 32);
}

#[tokio::test]
async fn a_panic_takes_its_instance_and_every_request_in_it() {
    let probe = Arc::new(probe());
    let (before, _) = probe.instance("/do/count").await.unwrap();
    let neighbours = spaced(&probe, 5, "/do/sleep?ms=5000").await;
    let start = Instant::now();
    let answer = probe.get("/do/panic").await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (500, 0));
    // An empty body names no instance.
    assert_eq!(all(neighbours).await, [None; 5]);
    assert!(start.elapsed() < Duration::from_secs(4));
    let (after, count) = probe.instance("/do/count").await.unwrap();
    assert_ne!(before, after);
    assert_eq!(count, 1);
    assert!(probe.log("stderr").contains("a component's panic"));
}

#[tokio::test]
async fn an_error_of_the_handler_is_an_empty_500_and_costs_no_instance() {
    let probe = probe();
    let (before, _) = probe.instance("/do/count").await.unwrap();
    let answer = probe.get("/do/fail").await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (500, 0));
    assert!(probe.log("stderr").contains("a handler's error"));
    let (after, _) = probe.instance("/do/count").await.unwrap();
    assert_eq!(before, after);
}

#[tokio::test]
async fn work_goes_on_after_the_answer() {
    let probe = probe();
    let start = Instant::now();
    assert_eq!(probe.text("/do/afterwards?ms=2000").await, "later");
    assert!(start.elapsed() < Duration::from_millis(1500));
    assert_eq!(probe.text("/do/get?key=afterwards").await, "none");
    // Past the second that ends an idle instance.
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert_eq!(probe.text("/do/get?key=afterwards").await, "done");
}

#[tokio::test]
async fn a_busy_component_slows_the_others_down_but_does_not_stop_them() {
    let probe = Arc::new(probe());
    probe.text("/bare").await;
    let busy = (0..4).map(|_| {
        let probe = Arc::clone(&probe);
        tokio::spawn(async move { probe.text("/do/loop?ms=3000").await })
    });
    let busy = busy.collect::<Vec<_>>();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let start = Instant::now();
    probe.text("/bare").await;
    assert!(start.elapsed() < Duration::from_millis(1500), "{:?}", start.elapsed());
    for busy in busy {
        assert_eq!(busy.await.unwrap(), "looped");
    }
}

#[tokio::test]
async fn what_a_component_says_goes_to_its_logs() {
    let probe = probe();
    probe.text("/do/print?text=hello").await;
    assert_eq!(probe.log("stdout"), "out hello\n");
    assert_eq!(probe.log("stderr"), "err hello\n");
}

#[tokio::test]
async fn a_component_sees_only_its_own_environment() {
    let probe = probe();
    assert_eq!(probe.text("/do/env").await, r#"[("PROBE", "yes")]"#);
    assert_eq!(probe.text("/bare/do/env").await, "[]");
}
