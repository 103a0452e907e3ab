//! Writing once: a change, its event and the answer to its request commit together.

use std::pin::Pin;

use domain::event::{Event, ORIGIN};
use http::header::{ETAG, LOCATION};
use http::{HeaderName, HeaderValue, StatusCode};
use ports::{Committed, Env, Sql, Write};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use store::events;
use store::idempotency::{self, Answer};
use web::problem::{Kind, lost_race};
use web::{Problem, Request, Response, view};

use crate::auth::Staff;

/// A decided change, ready to be committed.
pub struct Change {
    /// The site whose trail it joins, where that is not yet the caller's: a new one.
    pub site_id: Option<String>,
    /// What changed.
    pub subject: String,
    /// The subject's version after the change; 1 is its making.
    pub version: i64,
    /// Such as `touchpoint.updated`.
    pub kind: &'static str,
    /// What changed, without anything personal.
    pub data: Value,
    /// The statements that make it so.
    pub writes: Vec<Write>,
    /// The answer.
    pub answer: Response,
    /// The body to keep for a repeated request, where the answer itself holds a secret.
    pub kept_body: Option<Vec<u8>>,
    /// What to say when one of the guarded `writes` yields no row.
    pub refused: Problem,
    /// What happened to the subject besides, as the versions after `version`.
    pub also: Vec<(&'static str, Value)>,
}

impl Change {
    /// A change of one subject with its answer; `writes` are added by the caller.
    pub fn new(
        kind: &'static str,
        subject: &str,
        version: i64,
        data: Value,
        answer: Response,
    ) -> Change {
        Change {
            site_id: None,
            subject: subject.to_owned(),
            version,
            kind,
            data,
            writes: Vec::new(),
            answer,
            kept_body: None,
            refused: lost_race(),
            also: Vec::new(),
        }
    }

    /// A change of nothing: `writes` bring the events of what they change, made by [`along`].
    pub fn of_others(writes: Vec<Write>, answer: Response) -> Change {
        Change { writes, ..Change::new("", "", 0, Value::Null, answer) }
    }

    /// Adds what happened to the subject besides.
    pub fn then(mut self, kind: &'static str, data: Value) -> Change {
        self.also.push((kind, data));
        self
    }

    /// Adds a statement.
    pub fn and(mut self, write: Write) -> Change {
        self.writes.push(write);
        self
    }

    /// Says what to answer when a guarded statement yields no row.
    pub fn or(mut self, refused: Problem) -> Change {
        self.refused = refused;
        self
    }
}

/// The component that sends events on, once they are committed.
pub const DELIVER: &str = "deliver";

/// How often a change is decided that loses races.
const DECISIONS_MAX: usize = 8;

/// The headers of an answer that a repeated request gets again.
const KEPT_HEADERS: [HeaderName; 2] = [ETAG, LOCATION];

/// Commits what `decide` decides, once for each `Idempotency-Key` of a caller.
///
/// The look-up before only spares a repeated request the work; the claim inside the commit is
/// what makes it happen once.
pub async fn write(
    env: &impl Env,
    request: &Request,
    by: &Staff,
    decide: impl AsyncFnOnce() -> Result<Change, Problem>,
) -> Result<Response, Problem> {
    // Boxed, so that the rest is compiled once and not once for every decision.
    write_decided(env, request, by, Box::pin(decide())).await
}

/// The same for what is not the caller's fault if it loses a race, such as a complaint whose agent
/// somebody else's took: it is decided anew, a few times.
pub async fn write_again(
    env: &impl Env,
    request: &Request,
    by: &Staff,
    decide: impl AsyncFn() -> Result<Change, Problem>,
) -> Result<Response, Problem> {
    for _ in 1..DECISIONS_MAX {
        match write(env, request, by, async || decide().await).await {
            Err(problem) if problem.kind == Kind::Conflict => {}
            done => return done,
        }
    }
    write(env, request, by, async || decide().await).await
}

async fn write_decided(
    env: &impl Env,
    request: &Request,
    by: &Staff,
    decided: Pin<Box<dyn Future<Output = Result<Change, Problem>> + '_>>,
) -> Result<Response, Problem> {
    let key = request.idempotency_key()?;
    let hash = request_hash(request)?;
    if let Some(key) = key
        && let Some(answer) = replay(env, &by.actor, key, hash).await?
    {
        return Ok(answer);
    }
    let change = decided.await?;
    let Some(key) = key else { return commit(env, by, change).await };
    let kept = keep(&change, hash);
    let claim = idempotency::claim(&by.actor, key, &kept, env.now()).guarded();
    match commit_after(env, by, change, Some(claim)).await? {
        Ended::Answered(answer) => Ok(answer),
        // The same key won the race just now; its answer is there.
        Ended::Claimed => replay(env, &by.actor, key, hash).await?.ok_or_else(lost_race),
    }
}

/// Commits a change and its event, whatever was asked before.
pub async fn commit(env: &impl Env, by: &Staff, change: Change) -> Result<Response, Problem> {
    match commit_after(env, by, change, None).await? {
        Ended::Answered(answer) => Ok(answer),
        Ended::Claimed => Err(lost_race()),
    }
}

/// How a commit that a claim precedes ended.
enum Ended {
    Answered(Response),
    Claimed,
}

async fn commit_after(
    env: &impl Env,
    by: &Staff,
    mut change: Change,
    claim: Option<Write>,
) -> Result<Ended, Problem> {
    let mut writes: Vec<Write> = claim.into_iter().collect();
    let claims = writes.len();
    if !change.kind.is_empty() {
        let previous = previous(env, &change).await?;
        append(env, by, &mut change, previous, &mut writes);
    }
    let until = writes.len();
    writes.append(&mut change.writes);
    match env.sql().commit(writes).await? {
        Committed::Done => {
            env.hurry(DELIVER);
            Ok(Ended::Answered(change.answer))
        }
        Committed::Refused(at) if at < claims => Ok(Ended::Claimed),
        Committed::Refused(at) if at < until => Err(lost_race()),
        Committed::Refused(_) => Err(change.refused),
    }
}

/// The statements of a change that goes along with that of another subject, its events first.
/// `previous` is the seal of the version before; its answer is nobody's.
pub fn along(env: &impl Env, by: &Staff, mut change: Change, previous: [u8; 32]) -> Vec<Write> {
    let mut writes = Vec::with_capacity(change.writes.len() + 2);
    append(env, by, &mut change, previous, &mut writes);
    writes.append(&mut change.writes);
    writes
}

/// Appends the events of a change.
fn append(
    env: &impl Env,
    by: &Staff,
    change: &mut Change,
    previous: [u8; 32],
    writes: &mut Vec<Write>,
) {
    let mut event = event(env, by, change, previous);
    writes.push(events::append(&event).guarded());
    for (kind, data) in std::mem::take(&mut change.also) {
        event = Event {
            id: domain::id::Kind::Event.id(event.at, env.random()),
            version: event.version + 1,
            kind,
            data: view::text(&data),
            previous: event.hash(),
            ..event
        };
        writes.push(events::append(&event).guarded());
    }
}

/// What a request asks for, byte for byte.
pub fn request_hash(request: &Request) -> Result<[u8; 32], Problem> {
    let mut hasher = Sha256::new();
    for part in [request.method().as_str().as_bytes(), request.target.as_bytes(), request.body()?] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    Ok(hasher.finalize().into())
}

/// What to say when a key comes back with another request.
pub fn key_reused() -> Problem {
    Problem::new(Kind::IdempotencyKeyReused).with(web::lang::said(
        "repeat the first request unchanged, or use a new Idempotency-Key",
        "请原样重发第一次的请求，或换用新的 Idempotency-Key",
    ))
}

/// Marks an answer as one given before.
pub fn mark_replayed(answer: &mut Response) {
    let mark = HeaderName::from_static("idempotent-replayed");
    answer.headers_mut().insert(mark, HeaderValue::from_static("true"));
}

async fn replay(
    env: &impl Env,
    caller: &str,
    key: &str,
    hash: [u8; 32],
) -> Result<Option<Response>, Problem> {
    let Some(kept) = env.sql().fetch(idempotency::find(caller, key, env.now())).await? else {
        return Ok(None);
    };
    if kept.request_hash != hash {
        return Err(key_reused());
    }
    let status = u16::try_from(kept.status).ok().and_then(|it| StatusCode::from_u16(it).ok());
    let mut answer = if kept.body.is_empty() {
        web::no_content()
    } else {
        web::response::bytes("application/json", kept.body.into_bytes())
    };
    *answer.status_mut() = status.unwrap_or(StatusCode::OK);
    let headers = view::object(&kept.headers).unwrap_or_default();
    for name in KEPT_HEADERS {
        if let Some(value) = headers.get(name.as_str()).and_then(Value::as_str) {
            web::response::set(&mut answer, name, value);
        }
    }
    mark_replayed(&mut answer);
    Ok(Some(answer))
}

fn keep(change: &Change, request_hash: [u8; 32]) -> Answer {
    let mut headers = Map::new();
    for name in KEPT_HEADERS {
        if let Some(value) = change.answer.headers().get(&name).and_then(|it| it.to_str().ok()) {
            headers.insert(name.as_str().to_owned(), Value::from(value));
        }
    }
    let body = change.kept_body.as_ref().unwrap_or(change.answer.body());
    Answer {
        request_hash,
        status: i64::from(change.answer.status().as_u16()),
        headers: view::text(&headers),
        body: String::from_utf8_lossy(body).into_owned(),
        subject: change.subject.clone(),
    }
}

/// The seal of the version before a change.
pub async fn previous(env: &impl Env, change: &Change) -> Result<[u8; 32], Problem> {
    let before = change.version - 1;
    if before == 0 {
        return Ok(ORIGIN);
    }
    env.sql().fetch(events::seal(&change.subject, before)).await?.ok_or_else(lost_race)
}

fn event(env: &impl Env, by: &Staff, change: &Change, previous: [u8; 32]) -> Event {
    let now = env.now();
    Event {
        id: domain::id::Kind::Event.id(now, env.random()),
        site_id: change.site_id.clone().unwrap_or_else(|| by.site_id.clone()),
        subject: change.subject.clone(),
        version: change.version,
        kind: change.kind,
        actor: by.actor.clone(),
        at: now,
        data: view::text(&change.data),
        previous,
    }
}

/// The first event of something that is made along with a change of something else.
pub fn first_event(
    env: &impl Env,
    by: &Staff,
    subject: &str,
    kind: &'static str,
    data: &Value,
) -> Write {
    let now = env.now();
    let event = Event {
        id: domain::id::Kind::Event.id(now, env.random()),
        site_id: by.site_id.clone(),
        subject: subject.to_owned(),
        version: 1,
        kind,
        actor: by.actor.clone(),
        at: now,
        data: view::text(data),
        previous: ORIGIN,
    };
    events::append(&event).guarded()
}

/// Refuses a change of another version than `If-Match` names.
pub fn check_version(request: &Request, version: i64) -> Result<(), Problem> {
    match request.if_match()? {
        Some(wanted) if wanted != version => Err(Problem::new(Kind::PreconditionFailed)),
        _ => Ok(()),
    }
}
