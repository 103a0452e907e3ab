//! Sessions of our own pages: a key turned into a cookie that scripts cannot read.

use domain::civil;
use domain::id::{hex, token, token_hash};
use ports::Env;
use serde_json::json;
use store::keys;
use web::{Problem, Request};

use crate::auth::{self, COOKIE, Holder, Staff};
use crate::write::{Change, commit};

/// How long a session lasts: a working day, with some to spare.
const SESSION_MS: i64 = civil::DAY_MS / 2;

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
    let opened = keys::open_session(hash, &holder.key_id, now, now + SESSION_MS);
    let change = Change::new("session.opened", &subject(&hash), 1, json!({}), web::no_content());
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

/// The value of `Set-Cookie` that forgets a session.
pub fn gone(request: &Request) -> String {
    cookie(request, &format!("{COOKIE}=; Max-Age=0"))
}

/// The subject of a session's events: enough of its hash to tell sessions apart.
fn subject(hash: &[u8; 32]) -> String {
    format!("ses_{}", hex(hash).get(..26).unwrap_or_default())
}

/// A cookie of ours. `Secure` wherever a proxy says that the outside is TLS; plain HTTP is for
/// one's own machine.
fn cookie(request: &Request, pair: &str) -> String {
    let is_tls = request.header("x-forwarded-proto") == Some("https");
    let secure = if is_tls { "; Secure" } else { "" };
    format!("{pair}; Path=/; HttpOnly; SameSite=Lax{secure}")
}
