//! The audit trail of one subject: `GET …/audit` and `GET …/audit/verify`.

use domain::event::ORIGIN;
use http::Method;
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Value, json};
use store::events::{self, Logged};
use store::keys;
use web::{Problem, Request, Response, view};

use crate::auth::{self, Viewer};

/// Most events that one check walks through. A subject has a few dozen.
const VERIFIED_MAX: i64 = 10_000;

#[derive(Serialize)]
struct EventView {
    id: String,
    version: i64,
    r#type: String,
    actor: String,
    /// What people call whoever did it: the agent, or else the key. Null where it was no key.
    actor_name: Option<String>,
    timestamp: String,
    data: Value,
    hash: String,
}

/// Whether the events of a subject are intact.
#[derive(Serialize)]
pub struct Verdict<'a> {
    /// Whose.
    pub subject: &'a str,
    /// How many events were checked.
    pub events: usize,
    /// Whether every seal holds.
    pub is_intact: bool,
    /// The first version that is missing or was tampered with.
    pub broken_at: Option<i64>,
}

/// Answers what comes after `…/audit`: the events, or with `/verify` whether they are intact.
pub async fn trail(
    env: &impl Env,
    request: &Request,
    subject: &str,
    what: &[&str],
) -> Result<Response, Problem> {
    if *request.method() != Method::GET {
        return Err(Problem::method_not_allowed("GET, HEAD"));
    }
    let viewer = auth::viewer(env, request).await?;
    match what {
        [] => list(env, request, &viewer, subject).await,
        ["verify"] => verify(env, request, &viewer, subject).await,
        _ => Err(Problem::not_found()),
    }
}

/// The events of a subject, oldest first.
async fn list(
    env: &impl Env,
    request: &Request,
    viewer: &Viewer,
    subject: &str,
) -> Result<Response, Problem> {
    let page = request.page()?;
    let after = page.after.parse().unwrap_or(0);
    let query = events::of(&viewer.site_id, subject, after, page.rows());
    let found = env.sql().fetch(query).await?;
    if found.is_empty() && after == 0 {
        return Err(Problem::not_found());
    }
    let names = names(env, viewer, &found).await?;
    page.show(found, |it| it.version.to_string(), |it| show(it, &names))
}

/// What people call those who did it.
async fn names(
    env: &impl Env,
    viewer: &Viewer,
    found: &[Logged],
) -> Result<Vec<(String, String)>, Problem> {
    let mut keys: Vec<&str> = Vec::new();
    for key in found.iter().filter_map(|it| it.actor.strip_prefix("key:")) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    Ok(env.sql().fetch(keys::holders(&viewer.site_id, &view::text(&keys))).await?)
}

/// Walks the chain from its origin and says whether every seal holds.
async fn verify(
    env: &impl Env,
    request: &Request,
    viewer: &Viewer,
    subject: &str,
) -> Result<Response, Problem> {
    request.no_query()?;
    let (_, verdict) = walked(env, viewer, subject).await?;
    web::response::ok_as_of(&json!(verdict), env.now())
}

/// The events of a subject, and whether the chain of them is intact.
pub async fn walked<'a>(
    env: &impl Env,
    viewer: &Viewer,
    subject: &'a str,
) -> Result<(Vec<Logged>, Verdict<'a>), Problem> {
    let found = env.sql().fetch(events::of(&viewer.site_id, subject, 0, VERIFIED_MAX)).await?;
    if found.is_empty() {
        return Err(Problem::not_found());
    }
    let broken_at = first_broken(&found);
    let is_intact = broken_at.is_none();
    let verdict = Verdict { subject, events: found.len(), is_intact, broken_at };
    Ok((found, verdict))
}

/// The first version that is missing or whose seal does not follow from the one before.
fn first_broken(events: &[Logged]) -> Option<i64> {
    let mut previous = ORIGIN;
    for (expected, event) in (1..).zip(events) {
        if event.version != expected || event.sealed().hash(&previous) != event.hash {
            return Some(expected);
        }
        previous = event.hash;
    }
    None
}

fn show(event: &Logged, names: &[(String, String)]) -> EventView {
    let key = event.actor.strip_prefix("key:");
    let name = names.iter().find(|(id, _)| Some(id.as_str()) == key);
    EventView {
        id: event.id.clone(),
        version: event.version,
        r#type: event.kind.clone(),
        actor: event.actor.clone(),
        actor_name: name.map(|it| it.1.clone()),
        timestamp: view::time(event.at),
        data: view::json(&event.data),
        hash: domain::id::hex(&event.hash),
    }
}
