//! Two hundred agents at once on the same few cases, and ticks that overlap.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{people, tick};
use crate::server::Server;
use crate::site::{Site, items, json, text};

const AGENTS: usize = 200;
const CASES: usize = 10;
const TICKS: usize = 8;
const HOUR_MS: u64 = 3_600_000;

/// Takes in a complaint of a stranger.
async fn complain(site: &Site, words: &str) -> String {
    let made = site.post("agent", "/v1/complaints", json!({ "text": words })).await;
    text(&made, "id").to_owned()
}

/// What agent `nth` does to a case: each act in turn.
fn deed(nth: usize) -> (&'static str, Value) {
    match nth % 5 {
        0 => ("note", json!({ "text": format!("note {nth}") })),
        1 => ("answer", json!({ "text": format!("answer {nth}") })),
        2 => ("grade", json!({ "grade": "moderate", "reason": format!("reason {nth}") })),
        3 => ("compensate", json!({ "kind": "coupon", "amount": 4000, "currency": "CNY" })),
        _ => ("solve", json!({ "text": format!("solved {nth}") })),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_agents_lose_no_update_and_break_no_rule() {
    let Some(server) = Server::ours("two hundred agents") else { return };
    let mut site = Site::with_survey(&server).await;
    people(&mut site).await;
    let mut cases = Vec::new();
    for nth in 0..CASES {
        cases.push(complain(&site, &format!("包裹 {nth} 迟了很多天，一直没有人回复")).await);
    }
    let sent: Vec<_> = (0..AGENTS)
        .map(|nth| {
            let (site, id) = (site.clone(), cases[nth % CASES].clone());
            tokio::spawn(async move {
                let (act, body) = deed(nth / CASES);
                let request = format!(
                    "POST /v1/complaints/{id}/{act}\nauthorization: Bearer {{helper}}\n\
                     idempotency-key: deed-{nth}\n\n{body}"
                );
                // Whoever loses a race does it again, as a program does.
                for _ in 0..200 {
                    let answer = site.send(&request).await;
                    if answer.status != 409 || !answer.text().contains("changed") {
                        return (id, act, answer.status.as_u16());
                    }
                }
                panic!("{act} never came through");
            })
        })
        .collect();
    let mut done: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for it in sent {
        let (id, act, status) = it.await.unwrap();
        assert!(matches!(status, 200 | 201 | 403 | 409), "{act}: {status}");
        if status < 300 {
            *done.entry((id, act)).or_default() += 1;
        }
    }
    for id in &cases {
        let case = site.get("agent", &format!("/v1/complaints/{id}")).await;
        let count = |act: &str| done.get(&(id.clone(), act)).copied().unwrap_or(0);
        let texts = case["texts"].as_array().unwrap();
        let said = |kind: &str| texts.iter().filter(|it| it["kind"] == kind).count();
        assert_eq!(said("note"), count("note"), "{case}");
        assert_eq!(said("answer"), count("answer") + count("solve"), "{case}");
        assert_eq!(said("reason"), count("grade"), "{case}");
        let given = case["compensations"].as_array().unwrap();
        assert_eq!(given.len(), count("compensate"), "{case}");
        // No more than an agent may give, however many at once.
        let total: i64 = given.iter().map(|it| it["amount"].as_i64().unwrap()).sum();
        assert!(total <= 20_000, "{total}");
        assert_eq!(count("solve"), 1, "solved once");
        let trail = site.get("viewer", &format!("/v1/complaints/{id}/audit/verify")).await;
        assert_eq!(trail["is_intact"], true, "{trail}");
        assert_eq!(trail["events"], case["version"], "{trail}");
    }
    // Each event once, and the load of whoever had them is what is still open.
    let open = "select count(*) from complaint where state in ('open', 'waiting')";
    let load = "select coalesce(sum(open), 0) from agent_load";
    assert_eq!(server.number(open), server.number(load));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn overlapping_ticks_escalate_once() {
    let Some(server) = Server::ours("ticks that overlap on cases") else { return };
    let mut site = Site::with_survey(&server).await;
    people(&mut site).await;
    for nth in 0..CASES {
        complain(&site, &format!("第 {nth} 次：快递迟到，客服回复太慢")).await;
    }
    // A day and more without a tick: the answer's clock is over.
    server.clock.advance_ms(26 * HOUR_MS);
    let sent: Vec<_> = (0..TICKS)
        .map(|_| {
            let (site, key) = (site.clone(), server.tick_key.clone().unwrap());
            tokio::spawn(async move {
                let asked = format!("POST /internal/tick/promise\nauthorization: Bearer {key}");
                json(&site.send(&asked).await)
            })
        })
        .collect();
    for it in sent {
        it.await.unwrap();
    }
    tick(&server, &site).await;
    // Whatever was missed is told once of each case.
    let escalated = "select count(*) from event where kind = 'complaint.escalated'";
    let cases = "select count(distinct subject) from event where kind = 'complaint.escalated'";
    assert_eq!(server.number(cases), Some(i64::try_from(CASES).unwrap()), "each case");
    assert_eq!(server.number(escalated), server.number(cases), "no case twice");
    let notices = site.get("agent", "/v1/notices?limit=100").await;
    let told = items(&notices).len();
    assert!((1..=5).contains(&told), "a digest and not {told} notices: {notices}");
}
