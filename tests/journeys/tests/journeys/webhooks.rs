//! Webhooks over the real components: receivers of every bad kind, a clock that moves, and a
//! process that dies between the commit and the delivery.

mod drill;
mod everyday;
mod hostile;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use journeys::receiver::Received;
use serde_json::{Value, json};

use crate::server::Server;
use crate::site::{Site, items, text};

/// How long something that comes at once may take on a busy machine.
const AT_ONCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(50);

/// A webhook that was made, and what it signs with.
struct Hook {
    id: String,
    secret: String,
}

/// Makes a webhook of a site.
async fn hook(site: &Site, name: &str, url: &str, more: Value) -> Hook {
    let mut body = json!({ "name": name, "url": url });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    let made = site.post("admin", "/v1/webhooks", body).await;
    Hook { id: text(&made, "id").to_owned(), secret: text(&made, "secret").to_owned() }
}

/// Waits until something holds.
async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < AT_ONCE, "{what}");
        tokio::time::sleep(PAUSE).await;
    }
}

/// Lets what is due be delivered.
async fn tick(server: &Server, site: &Site) -> Value {
    let key = server.tick_key.clone().unwrap();
    site.json(&format!("POST /internal/tick/deliver\nauthorization: Bearer {key}")).await
}

/// The ids of the events of a site, in order: all of them, or those of some types.
async fn events(site: &Site, types: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut after = 0;
    loop {
        let of = if types.is_empty() { String::new() } else { format!("&type={types}") };
        let path = format!("/v1/events?after={after}&limit=100{of}");
        let page = site.get("viewer", &path).await;
        for event in items(&page) {
            found.push(text(event, "id").to_owned());
            after = event["sequence"].as_i64().unwrap();
        }
        if page["next"].is_null() {
            return found;
        }
    }
}

/// How often each event came.
fn counts(received: &[Received]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for it in received {
        *counts.entry(it.header("webhook-id").to_owned()).or_default() += 1;
    }
    counts
}

/// Every request is signed right, its id is its event's, and a repetition says the same.
#[track_caller]
fn check_signed(hook: &Hook, received: &[Received]) {
    let verifier = standardwebhooks::Webhook::new(&hook.secret).unwrap();
    let mut bodies: BTreeMap<&str, &[u8]> = BTreeMap::new();
    for it in received {
        let id = it.header("webhook-id");
        // Not by `verify`: the clock of the server moves, that of the verifier does not.
        let at = it.header("webhook-timestamp").parse().unwrap();
        let right = verifier.sign(id, at, &it.body).unwrap();
        let given = it.header("webhook-signature");
        assert!(given.split(' ').any(|it| it == right), "{given} is not {right}");
        let body: Value = serde_json::from_slice(&it.body).unwrap();
        assert_eq!(body["id"], id);
        assert_eq!(*bodies.entry(id).or_insert(&it.body), &it.body[..], "{id} changed");
    }
}
