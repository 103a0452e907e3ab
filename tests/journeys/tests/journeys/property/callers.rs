//! Who calls, what they send, and what no answer may be.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use runner::client::{Answer, Client};
use serde_json::Value;

use super::wild::{self, Call, Known, Words};
use crate::chance::Chance;
use crate::server::Server;
use crate::site::header;

/// How many of the last calls are kept, to be told when one fails.
const HISTORY_MAX: usize = 256;
/// How long between two ticks.
const TICK: Duration = Duration::from_millis(300);
/// Between two looks at a clock that others read, the most that it is moved.
const MOVED_MS_MAX: u64 = 20 * 60_000;
/// What the clock makes happen.
const TICKS: [&str; 11] = [
    "",
    "/deliver",
    "/ingest",
    "/promise",
    "/callback",
    "/watch",
    "/retention",
    "/reader",
    "/gist",
    "/invite",
    "/report",
];

/// The keys of the first site.
const STAFF: [&str; 4] =
    ["Bearer {viewer}", "Bearer {agent}", "Bearer {manager}", "Bearer {admin}"];

/// What another site cannot know of the first one.
const SECRETS: [&str; 10] =
    ["viewer", "agent", "manager", "admin", "owner", "sk", "track", "booking", "share", "feed"];

/// What all callers share.
pub(super) struct Run {
    words: Words,
    until: Instant,
    is_over: AtomicBool,
    failure: Mutex<Option<String>>,
    history: Mutex<VecDeque<Call>>,
    statuses: Mutex<BTreeMap<u16, u64>>,
    /// Held by whoever calls, and alone by whoever moves the clock: no host's clock jumps by
    /// minutes within a call, and what is signed for a minute would be refused.
    moment: tokio::sync::RwLock<()>,
    /// How many were sent.
    pub(super) sent: AtomicU64,
    /// The ids of what was acknowledged as made.
    pub(super) made: Mutex<BTreeSet<String>>,
    /// Every id that only the first site knows.
    own: Mutex<BTreeSet<String>>,
    repeated: AtomicU64,
}

impl Run {
    pub(super) fn new(words: Words, until: Instant) -> Run {
        Run {
            words,
            until,
            is_over: AtomicBool::new(false),
            failure: Mutex::default(),
            history: Mutex::default(),
            statuses: Mutex::default(),
            moment: tokio::sync::RwLock::default(),
            sent: AtomicU64::new(0),
            made: Mutex::default(),
            own: Mutex::default(),
            repeated: AtomicU64::new(0),
        }
    }

    /// The first thing that went wrong.
    pub(super) fn failure(&self) -> Option<String> {
        self.failure.lock().unwrap().clone()
    }

    /// The last calls.
    pub(super) fn history(&self) -> Vec<Call> {
        self.history.lock().unwrap().iter().cloned().collect()
    }

    /// How often which status was answered, and how often a write was repeated.
    pub(super) fn told(&self) -> String {
        let statuses = self.statuses.lock().unwrap();
        let statuses = statuses.iter().map(|(status, n)| format!("{status} × {n}"));
        let statuses: Vec<String> = statuses.collect();
        let repeated = self.repeated.load(Ordering::Relaxed);
        format!("{}; {repeated} writes repeated", statuses.join(", "))
    }

    fn fail(&self, what: String) {
        self.failure.lock().unwrap().get_or_insert(what);
        self.is_over.store(true, Ordering::SeqCst);
    }

    fn note(&self, call: &Call, status: u16) {
        self.sent.fetch_add(1, Ordering::Relaxed);
        *self.statuses.lock().unwrap().entry(status).or_default() += 1;
        let mut history = self.history.lock().unwrap();
        history.push_back(call.clone());
        if HISTORY_MAX < history.len() {
            history.pop_front();
        }
    }
}

/// Most bytes of a target: beyond 65,534 neither our client nor Spin knows what to do with it.
const TARGET_BYTES_MAX: usize = 65_000;

/// Who calls.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Holders of secret keys of the first site.
    Staff,
    /// Whoever has no secret key.
    Public,
    /// An admin of the other site, who tries the ids of the first.
    Foreign,
    /// Time, which goes on and ticks.
    Clock,
}

/// One of them.
pub(super) struct Caller {
    kind: Kind,
    known: Known,
    chance: Chance,
}

/// An answer to what was really sent.
pub(super) struct Sent {
    pub(super) target: String,
    pub(super) body: String,
    pub(super) answer: Answer,
}

/// Sends a call with every name in it filled in.
pub(super) async fn send(server: &Server, known: &Known, call: &Call) -> Result<Sent> {
    let client = Client::new(&server.base)?;
    let mut target = String::new();
    for it in known.fill(&call.target).bytes() {
        let is_plain = it.is_ascii_alphanumeric() || b"/?&=%-_.~:,+*".contains(&it);
        if is_plain {
            target.push(char::from(it));
        } else {
            target.push_str(&format!("%{it:02X}"));
        }
    }
    target.truncate(TARGET_BYTES_MAX);
    let body = known.fill(&call.body);
    let mut headers: Vec<(String, String)> = Vec::new();
    for (name, value) in &call.headers {
        let is_name = name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
        // What frames a message is the client's own business.
        let is_framing = ["host", "content-length", "connection", "transfer-encoding", "upgrade"];
        if is_name && !name.is_empty() && !is_framing.contains(&name.as_str()) {
            let value = known.fill(value);
            headers.push((name.clone(), value.chars().filter(|it| !it.is_control()).collect()));
        }
    }
    if !body.is_empty() && call.header("content-type").is_empty() {
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
    }
    let headers: Vec<(&str, &str)> =
        headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = client.send(&call.method, &target, &headers, body.clone()).await?;
    Ok(Sent { target, body, answer })
}

/// What no answer may be.
pub(super) fn fault(answer: &Answer) -> Option<&'static str> {
    let status = answer.status;
    let kind = header(answer, "content-type");
    let is_json = kind == "application/json" || kind == "application/problem+json";
    if status.is_server_error() {
        return Some("a failure of ours");
    }
    // The host answers what no component owns from its manifest.
    let is_hosts = status == 404 && answer.headers.get("request-id").is_none();
    if !is_hosts && !header(answer, "request-id").starts_with("req_") {
        return Some("no request-id");
    }
    let is_json = is_json && !answer.body.is_empty();
    if is_json && serde_json::from_slice::<Value>(&answer.body).is_err() {
        return Some("no JSON");
    }
    let is_page = kind.starts_with("text/html");
    let is_refused = status.is_client_error() && !answer.body.is_empty();
    // JSON-RPC has reasons of its own.
    let is_rpc = answer.text().contains("\"jsonrpc\"");
    if is_refused && !is_page && !is_rpc && kind != "application/problem+json" {
        return Some("a refusal without a reason");
    }
    None
}

/// The ids in a text.
fn ids(text: &str) -> impl Iterator<Item = &str> {
    text.split(|it: char| !it.is_ascii_alphanumeric() && it != '_').filter(|it| {
        it.split_once('_').is_some_and(|(prefix, rest)| prefix.len() == 3 && rest.len() == 26)
    })
}

impl Caller {
    pub(super) fn new(kind: Kind, mut known: Known, chance: Chance) -> Caller {
        if kind == Kind::Foreign {
            // Ids are no secret; keys and links are.
            for name in SECRETS {
                known.forget(name);
            }
        }
        Caller { kind, known, chance }
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.chance.below(bound.max(1) as u64)).unwrap_or_default()
    }

    /// Calls until the time is over or something is wrong.
    pub(super) async fn call(&mut self, server: &Server, run: &Run) {
        while Instant::now() < run.until && !run.is_over.load(Ordering::SeqCst) {
            if self.kind == Kind::Clock {
                self.tick(server, run).await;
                continue;
            }
            let Some(call) = self.next(run) else { continue };
            self.try_one(server, run, &call).await;
        }
    }

    async fn tick(&mut self, server: &Server, run: &Run) {
        tokio::time::sleep(TICK).await;
        {
            let _alone = run.moment.write().await;
            server.clock.advance_ms(self.chance.below(MOVED_MS_MAX));
        }
        let path = TICKS[self.below(TICKS.len())];
        let mut call = Call { method: "POST".to_owned(), ..Call::default() };
        call.target = format!("/internal/tick{path}");
        call.set("authorization", "Bearer {tick}");
        self.try_one(server, run, &call).await;
    }

    /// A seed, changed or as it is.
    fn next(&mut self, run: &Run) -> Option<Call> {
        let mut chance = |bound: usize| {
            usize::try_from(self.chance.below(bound.max(1) as u64)).unwrap_or_default()
        };
        let mut calls = vec![run.words.call(&mut chance)?.clone()];
        if chance(2) == 0 {
            wild::mutate(&mut calls, &run.words, &mut chance);
        }
        let mut call = calls.into_iter().next()?;
        let who = match self.kind {
            Kind::Foreign => "Bearer {other}",
            Kind::Public if chance(2) == 0 => "Bearer {pk}",
            Kind::Public => "",
            _ if chance(4) == 0 => STAFF[chance(STAFF.len())],
            _ => return self.own(call),
        };
        call.set("authorization", who);
        self.own(call)
    }

    /// Without what would end the run for everybody: the keys that others still call with.
    fn own(&mut self, mut call: Call) -> Option<Call> {
        let ends = call.method == "DELETE" && call.target.contains("/keys");
        if ends {
            return None;
        }
        let is_write = call.method == "POST" && call.target.starts_with("/v1/");
        if is_write && call.header("idempotency-key").is_empty() && self.below(2) == 0 {
            let key = format!("run-{:016x}", self.chance.below(u64::MAX));
            call.set("idempotency-key", &key);
        }
        Some(call)
    }

    async fn try_one(&mut self, server: &Server, run: &Run, call: &Call) {
        let _moment = run.moment.read().await;
        let sent = match send(server, &self.known, call).await {
            Ok(sent) => sent,
            Err(error) => return run.fail(format!("{call:?}: {error:#}")),
        };
        run.note(call, sent.answer.status.as_u16());
        let told = sent.answer.text();
        let tell = |what: &str| {
            let id = header(&sent.answer, "request-id");
            let logged = server.logged();
            let logged = logged.lines().find(|it| !id.is_empty() && it.contains(id));
            let told = format!("{told}\n{}", logged.unwrap_or(""));
            format!(
                "{what}: {call:?}\n{} {}\n{} {told}",
                sent.target, sent.body, sent.answer.status
            )
        };
        if let Some(what) = fault(&sent.answer) {
            return run.fail(tell(what));
        }
        match self.kind {
            Kind::Foreign if !is_public(&sent.target) => {
                let own = run.own.lock().unwrap();
                let is_asked = |it: &str| sent.target.contains(it) || sent.body.contains(it);
                if let Some(id) = ids(&told).find(|it| own.contains(*it) && !is_asked(it)) {
                    return run.fail(tell(&format!("another site sees {id}")));
                }
            }
            Kind::Staff if is_of_site(call) => {
                run.own.lock().unwrap().extend(ids(&told).map(str::to_owned));
                self.known.learn(&told);
            }
            _ => {}
        }
        if sent.answer.status == 201 && call.method == "POST" {
            self.acknowledged(server, run, call, &sent).await;
        }
    }

    /// Notes what was made, and asks for it again under the same key.
    async fn acknowledged(&mut self, server: &Server, run: &Run, call: &Call, sent: &Sent) {
        let body: Value = serde_json::from_slice(&sent.answer.body).unwrap_or_default();
        if let Some(id) = body["id"].as_str() {
            run.made.lock().unwrap().insert(id.to_owned());
        }
        if !call.header("idempotency-key").starts_with("run-") {
            return;
        }
        let Ok(again) = send(server, &self.known, call).await else { return };
        // What was learned in between fills in something else.
        if again.target != sent.target || again.body != sent.body {
            return;
        }
        run.repeated.fetch_add(1, Ordering::Relaxed);
        run.note(call, again.answer.status.as_u16());
        if again.answer.status != sent.answer.status || !is_same(&body, &again.answer) {
            let (first, second) = (sent.answer.text(), again.answer.text());
            run.fail(format!("another answer to the same key: {call:?}\n{first}\n{second}"));
        }
    }
}

/// Whether an answer says the same again; secrets are told once.
fn is_same(first: &Value, again: &Answer) -> bool {
    let again: Value = serde_json::from_slice(&again.body).unwrap_or_default();
    match (first.as_object(), again.as_object()) {
        (Some(first), Some(again)) => {
            again.iter().all(|(name, it)| it.is_null() || first.get(name) == Some(it))
        }
        _ => *first == again,
    }
}

/// Whether anybody may read what is there, or whoever holds the link that it is.
fn is_public(target: &str) -> bool {
    let pages = ["/book/", "/b/", "/c/", "/t/", "/s/", "/share/", "/embed/", "/feed/"];
    let calls = ["/v1/surveys/", "/v1/sites/", "/v1/bookings/", "/v1/events/types"];
    pages.iter().chain(&calls).any(|it| target.starts_with(it))
}

/// Whether an answer tells of the first site alone.
fn is_of_site(call: &Call) -> bool {
    STAFF.contains(&call.header("authorization"))
}
