//! A thousand who want the same ten slots, all at once.

use std::collections::BTreeMap;

use serde_json::json;

use super::{booking, check, free, supply};
use crate::process::Process;
use crate::server::{Server, Temporary, database, leave_out, soon};
use crate::site::{Site, json, text};

const CALLERS: usize = 1_000;
const SLOTS: usize = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_bookings_of_ten_slots_sell_each_once() {
    if std::env::var_os("HUIYIN_URL").is_some() {
        leave_out("a thousand bookings at once, for want of a process of our own");
        return;
    }
    let state = Temporary::new();
    let process = Process::start(&state);
    let mut site = Site::new(&Server::at(&process.base)).await;
    supply(&mut site, 1, json!({})).await;
    let slots = free(&site, &soon("+2 days"), &soon("+3 days"), SLOTS).await;
    assert_eq!(slots.len(), SLOTS);
    let sent: Vec<_> = (0..CALLERS)
        .map(|nth| {
            let (site, start) = (site.clone(), slots[nth % SLOTS].clone());
            tokio::spawn(async move {
                let answer = site.send(&booking(&start, nth, &json!({}))).await;
                (start, answer)
            })
        })
        .collect();
    let (mut sold, mut lost) = (BTreeMap::new(), 0);
    for it in sent {
        let (start, answer) = it.await.unwrap();
        match answer.status.as_u16() {
            201 => *sold.entry(start).or_insert(0) += 1,
            409 => {
                lost += 1;
                let told = json(&answer);
                assert!(text(&told, "type").ends_with("/slot-taken"), "{told}");
                assert!(!told["slots"].as_array().unwrap().is_empty(), "{told}");
            }
            other => panic!("{other}: {}", answer.text()),
        }
    }
    assert_eq!(lost, CALLERS - SLOTS);
    assert_eq!(sold.len(), SLOTS, "each slot is sold");
    assert!(sold.values().all(|it| *it == 1), "and once: {sold:?}");
    check(&database(&state));
    let left = free(&site, &soon("+2 days"), &soon("+3 days"), 2_000).await;
    assert!(slots.iter().all(|it| !left.contains(it)), "what is sold is not offered");
}
