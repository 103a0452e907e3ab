//! A complaint handed to the component `complaint`, which alone carries how cases are opened.
//!
//! The clocks with their zones, who gets a case and why: 150 kB. Every other way in asks it by
//! service chaining.

use domain::case::Source;
use domain::id::hex;
use http::{HeaderName, Method};
use ports::{Env, Outgoing, Sql, Verb};
use serde_json::{Map, Value, json};
use store::Entity;
use store::cases;
use store::customers::{self, Customer};
use web::problem::lost_race;
use web::{Kind, Problem, Request, Response, view};

use super::{Book, Opening, open};
use crate::auth::Staff;
use crate::intake::guard::Passed;
use crate::write::{key_reused, write};

/// Where it takes complaints from other components. No request from outside gets there.
pub const URL: &str = "http://complaint.spin.internal/case";
/// How long that may take: far more than it ever does.
const TIMEOUT_MS: u64 = 10_000;
/// The longest answer.
const ANSWER_BYTES_MAX: usize = 16 * 1024;
/// How often a complaint is tried again that meets another one.
const TRIES: usize = 4;
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// What is handed over.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Who brings it.
    pub by: &'a Staff,
    /// What it is never taken twice under; empty for nothing.
    pub key: &'a str,
    /// What tells a repetition from another complaint under the same key.
    pub hash: [u8; 32],
    /// The complaint.
    pub opening: &'a Opening,
    /// What it is counted by.
    pub passed: &'a Passed,
}

/// What became of it.
#[derive(Clone, Debug, Default)]
pub struct Entered {
    /// The case.
    pub id: String,
    /// Its ticket number.
    pub number: String,
    /// When it is answered at the latest, if that is promised.
    pub answer_due: Option<String>,
    /// Whether its customer had an open one that it joined.
    pub is_joined: bool,
    /// Whether it came before.
    pub is_repeated: bool,
}

/// Hands a complaint over. `None`: it was held back by what it is counted by.
///
/// If nobody answers, this is refused (503): what is not acknowledged is not taken half.
pub async fn enter(env: &impl Env, entry: Entry<'_>) -> Result<Option<Entered>, Problem> {
    let call = Outgoing {
        verb: Verb::Post,
        url: URL.to_owned(),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: view::text(&show(&entry)).into_bytes(),
        timeout_ms: TIMEOUT_MS,
        answer_bytes_max: ANSWER_BYTES_MAX,
    };
    let answer = env.call(call).await.map_err(|why| unavailable(why.name()))?;
    match answer.status {
        200 => {}
        409 => return Err(lost_race()),
        422 => return Err(key_reused()),
        429 => return Ok(None),
        _ => return Err(unavailable("no answer of the kind")),
    }
    let told = std::str::from_utf8(&answer.body).ok().and_then(view::object).unwrap_or_default();
    let text = |name: &str| told.get(name).and_then(Value::as_str).map(str::to_owned);
    let flag = |name: &str| told.get(name).and_then(Value::as_bool).unwrap_or(false);
    Ok(Some(Entered {
        id: text("id").unwrap_or_default(),
        number: text("number").unwrap_or_default(),
        answer_due: text("answer_due"),
        is_joined: flag("is_joined"),
        is_repeated: flag("is_repeated"),
    }))
}

fn unavailable(why: &str) -> Problem {
    Problem::new(Kind::Unavailable).caused_by(format!("complaint: {why}"))
}

fn show(entry: &Entry<'_>) -> Value {
    let it = entry.opening;
    json!({
        "site_id": entry.by.site_id, "actor": entry.by.actor, "agent_id": entry.by.agent_id,
        "key": entry.key, "hash": hex(&entry.hash), "passed": entry.passed.show(),
        "once": it.once, "source": it.source.name(), "channel": it.channel,
        "language": it.language, "touchpoint_id": it.touchpoint_id,
        "customer_id": it.customer_id, "customer_group": it.customer_group,
        "adviser_id": it.adviser_id, "response_id": it.response_id, "type_id": it.type_id,
        "amount": it.amount, "text": it.text, "files": it.files, "contacts": it.contacts,
        "received_at": it.received_at,
    })
}

/// What was handed over, as it arrives.
struct Given {
    by: Staff,
    key: String,
    hash: String,
    opening: Opening,
    passed: Passed,
}

/// Reads what a component of ours sent.
fn read(mut told: Map<String, Value>) -> Given {
    let contacts = match told.remove("contacts") {
        Some(Value::Array(pairs)) => pairs.iter().filter_map(pair).collect(),
        _ => Vec::new(),
    };
    let passed = Passed::read(told.get("passed").unwrap_or(&Value::Null));
    let mut text = |name: &str| match told.remove(name) {
        Some(Value::String(text)) => text,
        _ => String::new(),
    };
    let mut by = Staff::new(&text("site_id"), &text("actor"));
    by.agent_id = text("agent_id");
    let (key, hash) = (text("key"), text("hash"));
    let mut opening = Opening {
        once: text("once"),
        source: Source::parse(&text("source")).unwrap_or_default(),
        channel: text("channel"),
        language: text("language"),
        touchpoint_id: text("touchpoint_id"),
        customer_id: text("customer_id"),
        customer_group: text("customer_group"),
        adviser_id: text("adviser_id"),
        response_id: text("response_id"),
        type_id: text("type_id"),
        text: text("text"),
        files: text("files"),
        contacts,
        ..Opening::default()
    };
    opening.amount = told.get("amount").and_then(Value::as_i64);
    opening.received_at = told.get("received_at").and_then(Value::as_i64);
    Given { by, key, hash, opening, passed }
}

fn pair(it: &Value) -> Option<(String, String)> {
    let text = |at: usize| it.get(at).and_then(Value::as_str).map(str::to_owned);
    Some((text(0)?, text(1)?))
}

/// Takes what another component hands over.
pub async fn serve(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let told = std::str::from_utf8(request.body()?).ok().and_then(view::object);
    let told = told.ok_or_else(|| Problem::new(Kind::MalformedBody))?;
    let mut given = read(told);
    let mut headers = Vec::new();
    if !given.key.is_empty() {
        headers.push(("idempotency-key".to_owned(), given.key.clone().into_bytes()));
    }
    // What is repeated is the request from outside, and not the one that reached us.
    let target = format!("/case/{}", given.hash);
    let keyed = Request::new(Method::POST, &target, "complaint", headers, Ok(Vec::new()));
    for _ in 0..TRIES {
        know(env, &mut given).await?;
        let done = write(env, &keyed, &given.by, async || {
            let book = Book::load(env, &given.by.site_id).await?;
            let mut opened = open(env, &book, &given.by, given.opening.clone()).await?;
            let id = opened.work.case.id.clone();
            for write in given.passed.writes(&given.by.site_id, &id) {
                opened.work.also(write);
            }
            let whose = opened.work.case.customer_id.clone();
            if !whose.is_empty() {
                // Whoever is erased at this very moment gets no case.
                let there = customers::are_there(&given.by.site_id, &view::text(&[whose]));
                opened.work.also(there.guarded());
            }
            let case = &opened.work.case;
            // It is kept for a repetition, so it holds no link.
            let told = json!({
                "id": id,
                "number": case.number,
                "answer_due": case.answer_due.map(view::time),
                "is_joined": opened.is_joined,
            });
            Ok(opened.work.change(web::ok(&told)?))
        });
        match done.await {
            Ok(answer) => return tell(&answer),
            Err(it) if it.kind == Kind::Conflict => {}
            Err(problem) => return Err(problem),
        }
        if given.passed.is_held_back(env, &given.by.site_id).await? {
            return Err(Problem::new(Kind::TooManyRequests));
        }
        // Another one of the same customer came first, and this one may join it.
    }
    Err(lost_race())
}

fn tell(answer: &Response) -> Result<Response, Problem> {
    let text = String::from_utf8_lossy(answer.body());
    let mut told = view::object(&text).unwrap_or_default();
    let is_repeated = answer.headers().contains_key(&REPLAYED);
    told.insert("is_repeated".to_owned(), is_repeated.into());
    web::ok(&told)
}

/// Fills in what we know of a customer. Whoever was erased is nobody; and who complains twice of
/// one answer has two complaints, unless the second joins the first.
async fn know(env: &impl Env, given: &mut Given) -> Result<(), Problem> {
    let (site_id, opening) = (&given.by.site_id, &mut given.opening);
    if !opening.once.is_empty() {
        let has_one = env.sql().fetch(cases::by_once(site_id, &opening.once)).await?;
        if has_one.is_some() && given.by.actor == "public" {
            opening.once.clear();
        }
    }
    if opening.customer_id.is_empty() {
        return Ok(());
    }
    let found = env.sql().fetch(Customer::by_id(site_id, &opening.customer_id)).await?;
    match found.filter(|it| it.erased_at.is_none()) {
        Some(customer) => {
            opening.customer_group = customer.group;
            opening.adviser_id = customer.adviser_id;
        }
        None => opening.customer_id.clear(),
    }
    Ok(())
}
