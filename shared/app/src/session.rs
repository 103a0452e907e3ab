//! Sessions of our own pages: a key turned into a cookie that scripts cannot read.

use domain::civil;
use domain::event::Event;
use domain::id::{Kind, derived, hex, token, token_hash};
use ports::{Env, Sql};
use serde_json::json;
use store::events;
use store::keys::{self, Session};
use web::{Problem, Request, view};

use crate::auth::{self, COOKIE, Holder, Staff};
use crate::case::batch::event_row;
use crate::write::{Change, DELIVER, commit};

/// How long a session lasts: a working day, with some to spare.
const SESSION_MS: i64 = civil::DAY_MS / 2;
/// How many sessions are closed together.
const SLICE: i64 = 500;

/// Opens a session for a holder, and gives the value of `Set-Cookie`.
pub async fn open(env: &impl Env, request: &Request, holder: &Holder) -> Result<String, Problem> {
    // Somebody of one site who has no key came by a pass. A session without a key is the admin's.
    if holder.key_id.is_empty() && !holder.site_id.is_empty() {
        return Err(Problem::new(web::Kind::Forbidden));
    }
    let secret = token("ses_", env.random());
    let hash = token_hash(&secret);
    let now = env.now();
    // A session is the holder's own affair: a repeated request opens another one.
    let staff = Staff::new(&holder.site_id, &holder.actor);
    let session = Session {
        hash,
        id: subject(&hash),
        device: domain::device::device(request.header("user-agent").unwrap_or("")),
        opened_at: now,
        expires_at: now + SESSION_MS,
    };
    let opened = keys::open_session(&session, &holder.key_id);
    let change = Change::new("session.opened", &session.id, 1, json!({}), web::no_content());
    commit(env, &staff, change.and(opened.write())).await?;
    let seconds = SESSION_MS / 1000;
    Ok(cookie(request, &format!("{COOKIE}={secret}; Max-Age={seconds}")))
}

/// Closes the session that a request comes with, if it comes with one. The answer must tell the
/// browser that it is [`gone`].
pub async fn close(env: &impl Env, request: &Request, holder: &Holder) -> Result<(), Problem> {
    let Some(secret) = auth::session(request) else { return Ok(()) };
    let hash = token_hash(secret);
    let staff = Staff::new(&holder.site_id, &holder.actor);
    let answer = web::no_content();
    let change = Change::new("session.closed", &subject(&hash), 2, json!({}), answer);
    // Whoever asks twice has no session the second time.
    commit(env, &staff, change.and(keys::close_session(hash).write())).await.map(|_| ())
}

/// Closes a live session of a holder's key by its id, and tells whether it was the one that the
/// request comes with: then the browser must be told that it is [`gone`].
pub async fn close_one(
    env: &impl Env,
    request: &Request,
    holder: &Holder,
    id: &str,
) -> Result<bool, Problem> {
    let found = keys::session_of(&holder.key_id, id, env.now());
    let hash = env.sql().fetch(found).await?.ok_or_else(Problem::not_found)?;
    let staff = Staff::new(&holder.site_id, &holder.actor);
    let change = Change::new("session.closed", id, 2, json!({}), web::no_content());
    commit(env, &staff, change.and(keys::close_session(hash).write())).await?;
    Ok(current(request) == Some(hash))
}

/// Closes every session of a holder's key, but for `kept`.
pub async fn close_all(
    env: &impl Env,
    holder: &Holder,
    kept: Option<[u8; 32]>,
) -> Result<(), Problem> {
    let kept = kept.map(|it| it.to_vec()).unwrap_or_default();
    loop {
        let found = keys::all_sessions(&holder.key_id, &kept, SLICE);
        let found = env.sql().fetch(found).await?;
        if !found.is_empty() {
            close_some(env, holder, &found).await?;
        }
        if i64::try_from(found.len()).unwrap_or(0) < SLICE {
            return Ok(());
        }
    }
}

/// Closes sessions in one commit. Of one that somebody else closes meanwhile there is an event
/// already.
async fn close_some(env: &impl Env, holder: &Holder, some: &[[u8; 32]]) -> Result<(), Problem> {
    let (now, seed) = (env.now(), env.random());
    let ids: Vec<String> = some.iter().map(subject).collect();
    let seals = env.sql().fetch(events::seals(&view::text(&ids), 1)).await?;
    let mut happened = Vec::with_capacity(some.len());
    for (subject, previous) in seals {
        let event = Event {
            id: Kind::Event.id(now, derived(seed, happened.len())),
            site_id: holder.site_id.clone(),
            subject,
            version: 2,
            kind: "session.closed",
            actor: holder.actor.clone(),
            at: now,
            data: "{}".to_owned(),
            previous,
        };
        happened.push(event_row(&event));
    }
    let hashes: Vec<String> = some.iter().map(|it| hex(it)).collect();
    let writes = vec![
        events::append_all(&holder.site_id, now, &view::text(&happened)).write(),
        keys::close_sessions(&view::text(&hashes)).write(),
    ];
    // Nothing of it is guarded, so nothing can be refused.
    env.sql().commit(writes).await?;
    env.hurry(DELIVER);
    Ok(())
}

/// The hash of the session that a request comes with.
pub fn current(request: &Request) -> Option<[u8; 32]> {
    auth::session(request).map(token_hash)
}

/// The value of `Set-Cookie` that forgets a session.
pub fn gone(request: &Request) -> String {
    cookie(request, &format!("{COOKIE}=; Max-Age=0"))
}

/// The subject of a session's events: enough of its hash to tell sessions apart.
fn subject(hash: &[u8; 32]) -> String {
    format!("ses_{}", hex(hash).get(..26).unwrap_or_default())
}

/// A cookie of ours. `Secure` wherever a proxy says that the outside is TLS, and of a name that
/// browsers take from this host alone; plain HTTP is for one's own machine.
fn cookie(request: &Request, pair: &str) -> String {
    let (prefix, secure) = if request.is_tls() { (auth::HOST, "; Secure") } else { ("", "") };
    format!("{prefix}{pair}; Path=/; HttpOnly; SameSite=Lax{secure}")
}
