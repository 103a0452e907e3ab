//! What time does to what people said: it is forgotten when its site keeps it no longer.
//!
//! | path | method |
//! |---|---|
//! | `/internal/tick/retention` | POST, with the tick key |
//!
//! Answers, closed complaints, call-backs that ended and messages lose words, contacts and the link
//! to their customer, as if the customer had been erased; scores, times and amounts stay, so the
//! figures stay right. A slice of each kind at a time: what is left is done by the next tick, and
//! of two ticks at once one does it.
//!
//! It also forgets who looked at what, and takes what was said before there was an index of words
//! into that index.

mod expire;
mod index;

use app::tick::check_key;
use domain::civil::DAY_MS;
use ports::{Env, Sql};
use serde_json::{Value, json};
use store::expiry;
use web::{Problem, Request, Response, view};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Who does it, for events.
const ACTOR: &str = "tick";
/// How long it is known who looked at something, and where a survey was seen.
const PRESENCE_MS: i64 = DAY_MS;
const SIGHTING_MS: i64 = 365 * DAY_MS;

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match request.path().as_slice() {
        ["internal", "tick", "retention"] => check_key(env, &request).await?,
        _ => return Err(Problem::not_found()),
    }
    request.no_query()?;
    let expired = expire::all(env).await?;
    let indexed = index::fill(env).await?;
    let has_traces = traces(env).await?;
    let mut done: Vec<Value> = Vec::new();
    for (name, is_done) in
        [("expire", 0 < expired.rows), ("index", 0 < indexed.rows), ("forget", has_traces)]
    {
        if is_done {
            done.push(name.into());
        }
    }
    let has_more = expired.has_more || indexed.has_more;
    web::ok(&json!({
        "done": done,
        "expired": expired.rows,
        "indexed": indexed.rows,
        "next_due_at": view::time_or_null(has_more.then(|| env.now())),
    }))
}

/// What was done.
#[derive(Default)]
struct Done {
    rows: usize,
    /// Whether there may be work left.
    has_more: bool,
}

/// Forgets who looked and where surveys were seen, and tells whether there was any of it.
async fn traces(env: &impl Env) -> Result<bool, Problem> {
    let (presence, sighting) = (env.now() - PRESENCE_MS, env.now() - SIGHTING_MS);
    if env.sql().fetch(expiry::has_traces(presence, sighting)).await?.is_none() {
        return Ok(false);
    }
    let writes = vec![expiry::presence(presence).write(), expiry::sightings(sighting).write()];
    env.sql().commit(writes).await?;
    Ok(true)
}

#[cfg(test)]
mod tests;
