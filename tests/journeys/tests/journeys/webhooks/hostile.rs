//! Receivers of every bad kind beside good ones, while three weeks pass in a minute.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use journeys::receiver::{Behaviour, Received, Receiver};
use serde_json::{Value, json};

use super::{Hook, check_signed, counts, events, hook, tick, until};
use crate::server::Server;
use crate::site::{Site, items, text};

/// What a bad receiver may cost a good one at most: less than one of its timeouts, on a machine
/// that does a lot else.
const FIRST_TRY_WITHIN: Duration = Duration::from_secs(10);
const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A receiver and the webhook that sends to it.
struct Party {
    receiver: Receiver,
    hook: Hook,
}

impl Party {
    async fn new(
        server: &Server,
        site: &Site,
        name: &str,
        behaviour: Behaviour,
        more: Value,
    ) -> Party {
        let receiver = match name {
            "over_tls" | "forged" | "unknown" => {
                Receiver::start_secure(behaviour, &server.authority)
            }
            _ => Receiver::start(behaviour),
        };
        let hook = hook(site, name, &receiver.url(), more).await;
        Party { receiver, hook }
    }

    fn came(&self) -> Vec<Received> {
        self.receiver.received()
    }

    /// What the log tells of a state.
    async fn log(&self, site: &Site, state: &str) -> Vec<Value> {
        let path = format!("/v1/webhooks/{}/deliveries?state={state}&limit=100", self.hook.id);
        items(&site.get("manager", &path).await).to_vec()
    }

    async fn state(&self, site: &Site) -> (String, Option<String>) {
        let shown = site.get("manager", &format!("/v1/webhooks/{}", self.hook.id)).await;
        (text(&shown, "state").to_owned(), shown["reason"].as_str().map(str::to_owned))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_arrives_at_good_receivers_whatever_the_bad_ones_do() {
    let Some(server) = Server::ours("receivers of every bad kind") else { return };
    let site = Site::with_survey(&server).await;
    let none = || json!({});
    let good = Party::new(&server, &site, "good", Behaviour::Healthy, none()).await;
    let tls = Party::new(&server, &site, "over_tls", Behaviour::Healthy, none()).await;
    let elsewhere = Receiver::start(Behaviour::Healthy);
    let bad = [
        ("slow", Behaviour::Slow(2000)),
        ("hanging", Behaviour::Hang),
        ("resetting", Behaviour::Reset),
        ("half", Behaviour::Half),
        ("garbage", Behaviour::Garbage),
        ("endless", Behaviour::Endless),
        ("redirecting", Behaviour::Redirect(elsewhere.url())),
        ("failing", Behaviour::Status(500)),
        ("forged", Behaviour::OtherName),
        ("unknown", Behaviour::UnknownAuthority),
    ];
    let mut parties = BTreeMap::new();
    for (name, behaviour) in bad {
        let few = json!({ "types": ["response.*"] });
        parties.insert(name, Party::new(&server, &site, name, behaviour, few).await);
    }
    let gone = Party::new(&server, &site, "gone", Behaviour::Gone, none()).await;
    let busy = Party::new(&server, &site, "busy", Behaviour::Throttle(7200), none()).await;
    let in_order = json!({ "is_ordered": true, "types": ["department.*"] });
    let flapping = Party::new(&server, &site, "flapping", Behaviour::Flapping, in_order).await;

    submit_at_once(&site, [&good, &tls]).await;
    change_departments(&site).await;
    // Some tries were under way when the first was told to stay away.
    let [held, gone_at] = [&busy, &gone].map(|it| it.came().len());
    assert!((1..=10).contains(&held) && (1..=10).contains(&gone_at), "{held}, {gone_at}");

    let hanging = &parties["hanging"].receiver;
    let four_days = pass_days(&server, &site, hanging, || assert_eq!(busy.came().len(), held));
    four_days.await;
    busy.receiver.set(Behaviour::Healthy);
    flapping.receiver.set(Behaviour::Healthy);
    settle(&server, &site, &[&busy, &flapping, &parties["slow"], &good, &tls]).await;

    let all = events(&site, "").await;
    for party in [&good, &tls, &busy] {
        check_complete(&party.came(), &all, &party.hook);
        check_signed(&party.hook, &party.came());
    }
    let responses = events(&site, "response.*").await;
    check_complete(&parties["slow"].came(), &responses, &parties["slow"].hook);
    let departments = events(&site, "department.*").await;
    check_complete(&flapping.came(), &departments, &flapping.hook);
    check_order(&flapping.came());
    assert!(counts(&flapping.came()).values().any(|it| 1 < *it), "it never flapped");
    assert_eq!(elsewhere.received().len(), 0, "a redirect was followed");
    assert_eq!(parties["forged"].came().len(), 0, "something was told to a forger");
    assert_eq!(gone.came().len(), gone_at, "who is gone was tried again");
    check_gone(&site, &gone).await;
    check_dead(&server, &site, &parties).await;
}

/// Each event is there at the good ones at once, while others hang.
async fn submit_at_once(site: &Site, good: [&Party; 2]) {
    let [first, second] = good;
    let mut latest = Duration::ZERO;
    for number in 0..5 {
        let begun = Instant::now();
        let before = [first.came().len(), second.came().len()];
        let body = json!({ "version": 1, "answers": { "recommend": number } });
        assert_eq!(site.submit(&format!("visit-{number}"), &body).await.status, 201);
        until("a good receiver waits", async || {
            first.came().len() > before[0] && second.came().len() > before[1]
        })
        .await;
        latest = latest.max(begun.elapsed());
    }
    assert!(latest < FIRST_TRY_WITHIN, "a good receiver waited {latest:?}");
}

/// Four days pass: the first steps of the schedule, then hour by hour.
async fn pass_days(server: &Server, site: &Site, hanging: &Receiver, check_first_hours: impl Fn()) {
    let mut passed = 0;
    let hours = std::iter::repeat_n(HOUR, 4 * 24);
    for step in [6 * SECOND, 6 * MINUTE, 34 * MINUTE].into_iter().chain(hours) {
        // Whoever hangs is waited for just twice: a timeout is real time.
        if 6 * MINUTE < passed {
            hanging.set(Behaviour::Reset);
        }
        server.clock.advance_ms(step);
        passed += step;
        for _ in 0..2 {
            tick(server, site).await;
        }
        if passed < 2 * HOUR {
            check_first_hours();
        }
    }
}

/// Departments that change again and again, so that order matters.
async fn change_departments(site: &Site) {
    for name in ["一", "二", "三"] {
        let made = site.post("manager", "/v1/departments", json!({ "name": name })).await;
        let id = text(&made, "id");
        for number in 0..4 {
            site.json(&format!(
                "PATCH /v1/departments/{id}\nauthorization: Bearer {{manager}}\n\n\
                 {{\"name\": \"{name} {number}\"}}"
            ))
            .await;
        }
    }
}

/// Ticks until nothing is due for these.
async fn settle(server: &Server, site: &Site, parties: &[&Party]) {
    for _ in 0..60 {
        tick(server, site).await;
        let mut due = 0;
        for party in parties {
            due += party.log(site, "due").await.len();
        }
        if due == 0 {
            return;
        }
        server.clock.advance_ms(HOUR);
    }
    panic!("something is due for ever");
}

/// All that happened since the webhook was made came, in whatever order.
#[track_caller]
fn check_complete(received: &[Received], all: &[String], hook: &Hook) {
    let counts = counts(received);
    let first = received.iter().map(|it| it.header("webhook-id")).min().unwrap();
    let missing: Vec<_> =
        all.iter().filter(|it| first <= it.as_str() && !counts.contains_key(*it)).collect();
    assert!(missing.is_empty(), "{} misses {missing:?}", hook.id);
}

/// No version of a subject is tried before the one before it arrived.
#[track_caller]
fn check_order(received: &[Received]) {
    let mut newest: BTreeMap<String, i64> = BTreeMap::new();
    for it in received {
        let body: Value = serde_json::from_slice(&it.body).unwrap();
        let version = body["version"].as_i64().unwrap();
        let before = newest.entry(text(&body, "subject").to_owned()).or_insert(0);
        let is_next = version == *before + 1 || version == *before;
        assert!(is_next, "version {version} after {before} of {}", body["subject"]);
        *before = version;
    }
}

/// Who is gone is disabled, and people are told.
async fn check_gone(site: &Site, gone: &Party) {
    assert_eq!(gone.state(site).await, ("disabled".to_owned(), Some("gone".to_owned())));
    let notices = site.get("viewer", "/v1/notices").await;
    let told = items(&notices).iter().any(|it| it["subject"] == gone.hook.id.as_str());
    assert!(told, "{notices}");
}

/// What never arrived is dead after ten tries; after five days the webhook is disabled, and it
/// goes on where it stopped once it is mended.
async fn check_dead(server: &Server, site: &Site, parties: &BTreeMap<&str, Party>) {
    for name in ["resetting", "half", "garbage", "redirecting", "failing", "forged"] {
        let dead = parties[name].log(site, "dead").await;
        assert!(!dead.is_empty(), "{name} has no dead letters");
        let sequence = dead[0]["sequence"].as_i64().unwrap();
        let path = format!("/v1/webhooks/{}/deliveries/{sequence}", parties[name].hook.id);
        let told = site.get("manager", &path).await;
        assert_eq!(told["attempts"].as_array().map(Vec::len), Some(10), "{name}: {told}");
    }
    server.clock.advance_ms(2 * DAY);
    let failing = &parties["failing"];
    let body = json!({ "version": 1, "answers": { "recommend": 9 } });
    site.submit("visit-late", &body).await;
    let disabled = ("disabled".to_owned(), Some("failing".to_owned()));
    until("who failed for five days is not disabled", async || {
        tick(server, site).await;
        failing.state(site).await == disabled
    })
    .await;
    failing.receiver.set(Behaviour::Healthy);
    let id = &failing.hook.id;
    site.json(&format!(
        "PATCH /v1/webhooks/{id}\nauthorization: Bearer {{admin}}\n\n{{\"state\": \"active\"}}"
    ))
    .await;
    let since = json!({ "since": "2020-01-01T00:00:00Z", "only": "failed" });
    site.post("admin", &format!("/v1/webhooks/{id}/replay"), since).await;
    settle(server, site, &[failing]).await;
    let all = events(site, "response.*").await;
    check_complete(&failing.came(), &all, &failing.hook);
    check_signed(&failing.hook, &failing.came());
}
