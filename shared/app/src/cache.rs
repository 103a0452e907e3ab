//! Answers kept for a moment in the instance that gave them.
//!
//! A dashboard on a wall asks again and again, and so do the pages that show a survey. For
//! [`KEPT_MS`] the same question of the same caller gets the same answer, whose `as_of` says how
//! old it is. Nothing here decides a write; a key that is revoked goes on reading what it read
//! for that long. `Cache-Control: no-cache` asks for a new answer (RFC 9111 §5.2.1.4).

use std::cell::RefCell;

use domain::UtcMs;
use http::HeaderValue;
use http::header::ETAG;
use ports::Env;
use sha2::{Digest, Sha256};
use web::{Problem, Request, Response};

/// How long an answer is kept.
pub const KEPT_MS: i64 = 5_000;
/// Answers kept by one instance. Beyond it, all are forgotten.
const KEPT_MAX: usize = 64;
/// The largest answer that the key-value store is given; portable stores end at 400 kB.
const SHARED_BYTES_MAX: usize = 300_000;

struct Kept {
    question: [u8; 32],
    at: UtcMs,
    answer: Response,
}

thread_local! {
    static KEPT: RefCell<Vec<Kept>> = const { RefCell::new(Vec::new()) };
}

/// The answer to a read: one that this instance gave within [`KEPT_MS`], or a new one.
pub async fn recent(
    env: &impl Env,
    request: &Request,
    ask: impl AsyncFnOnce() -> Result<Response, Problem>,
) -> Result<Response, Problem> {
    let now = env.now();
    kept(request, now, async |_| Ok((now, ask().await?))).await
}

/// The same for JSON that is dear to make: one that any instance gave within [`KEPT_MS`].
///
/// Instances come and go with every hundred requests; the key-value store outlives them.
pub async fn recent_anywhere(
    env: &impl Env,
    request: &Request,
    ask: impl AsyncFnOnce() -> Result<Response, Problem>,
) -> Result<Response, Problem> {
    let now = env.now();
    kept(request, now, async |question| {
        // So many places and no more: nothing has to clear them away.
        let place = format!("answer:{:02x}", question.first().copied().unwrap_or(0));
        if !wants_new(request)
            && let Some(kept) = env.recall(&place).await
            && let Some((at, answer)) = unpack(&kept, question)
            && is_recent(at, now)
        {
            return Ok((at, answer));
        }
        let answer = ask().await?;
        if answer.body().len() <= SHARED_BYTES_MAX {
            env.keep(&place, &pack(question, now, &answer)).await;
        }
        Ok((now, answer))
    })
    .await
}

/// What this instance kept, or else what `find` finds and when that was given.
async fn kept(
    request: &Request,
    now: UtcMs,
    find: impl AsyncFnOnce(&[u8; 32]) -> Result<(UtcMs, Response), Problem>,
) -> Result<Response, Problem> {
    let question = question(request);
    if let Some(answer) = here(request, &question, now) {
        return Ok(answer);
    }
    let (at, answer) = find(&question).await?;
    remember(question, at, now, &answer);
    Ok(answer)
}

fn is_recent(at: UtcMs, now: UtcMs) -> bool {
    (0..KEPT_MS).contains(&(now - at))
}

fn wants_new(request: &Request) -> bool {
    request.header("cache-control").is_some_and(|it| it.contains("no-cache"))
}

fn here(request: &Request, question: &[u8; 32], now: UtcMs) -> Option<Response> {
    if wants_new(request) {
        return None;
    }
    let is_it = |it: &&Kept| it.question == *question && is_recent(it.at, now);
    KEPT.with_borrow(|kept| kept.iter().find(is_it).map(|it| it.answer.clone()))
}

fn remember(question: [u8; 32], at: UtcMs, now: UtcMs, answer: &Response) {
    KEPT.with_borrow_mut(|kept| {
        kept.retain(|it| it.question != question && is_recent(it.at, now));
        if KEPT_MAX <= kept.len() {
            kept.clear();
        }
        kept.push(Kept { question, at, answer: answer.clone() });
    });
}

/// An answer as bytes: its question, when it was given, its tag with the tag's length, its body.
fn pack(question: &[u8; 32], at: UtcMs, answer: &Response) -> Vec<u8> {
    let tag = answer.headers().get(ETAG).map_or(&[][..], HeaderValue::as_bytes);
    // Tags of ours have 36 bytes; a longer one would be cut, and match nothing.
    let tag = tag.get(..tag.len().min(255)).unwrap_or(tag);
    let mut bytes = question.to_vec();
    bytes.extend(at.to_be_bytes());
    bytes.push(u8::try_from(tag.len()).unwrap_or(0));
    bytes.extend(tag);
    bytes.extend(answer.body());
    bytes
}

/// What [`pack`] made of this question's answer; `None` if it is another's.
fn unpack(bytes: &[u8], question: &[u8; 32]) -> Option<(UtcMs, Response)> {
    let (asked, bytes) = bytes.split_first_chunk::<32>()?;
    let (at, bytes) = bytes.split_first_chunk::<8>()?;
    let (length, bytes) = bytes.split_first()?;
    let (tag, body) = bytes.split_at_checked(usize::from(*length))?;
    let mut answer = web::response::bytes("application/json", body.to_vec());
    answer.headers_mut().insert(ETAG, HeaderValue::from_bytes(tag).ok()?);
    (asked == question).then_some((UtcMs::from_be_bytes(*at), answer))
}

/// Everything that an answer to a read depends on, hashed: it may hold a secret.
fn question(request: &Request) -> [u8; 32] {
    let mut hasher = Sha256::new();
    let headers = [
        "authorization",
        "cookie",
        "origin",
        "accept-language",
        "x-forwarded-proto",
        "x-forwarded-host",
    ];
    let headers = headers.iter().map(|name| request.header(name).unwrap_or(""));
    for part in headers.chain([request.authority.as_str(), request.target.as_str()]) {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().into()
}

/// Forgets what this thread kept, as a new instance would not know it; for tests.
#[cfg(not(target_family = "wasm"))]
pub fn forget() {
    KEPT.with_borrow_mut(Vec::clear);
}
