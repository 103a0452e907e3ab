//! `/v1/session`: a key turned into a cookie that scripts cannot read, for our own pages.

use app::auth::{self, COOKIE, Holder, Staff};
use app::write::{Change, write};
use domain::civil;
use domain::id::{hex, token, token_hash};
use http::Method;
use http::header::SET_COOKIE;
use ports::Env;
use serde::Serialize;
use serde_json::json;
use store::keys;
use web::lang::said;
use web::{Kind, Problem, Request, Response, view};

/// How long a session lasts: a working day, with some to spare.
const SESSION_MS: i64 = civil::DAY_MS / 2;

#[derive(Serialize)]
struct SessionView {
    role: &'static str,
    /// The site; null for the admin key, which spans them.
    site_id: Option<String>,
    actor: String,
    /// The agent whose key it is; null for nobody's.
    agent_id: Option<String>,
}

pub(crate) async fn route(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    request.no_query()?;
    match *request.method() {
        Method::GET => web::ok(&show(&auth::holder(env, request).await?)),
        Method::POST => open(env, request).await,
        Method::DELETE => close(env, request).await,
        _ => Err(Problem::method_not_allowed("GET, HEAD, POST, DELETE")),
    }
}

async fn open(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let mut fields = request.fields()?;
    let key = fields.text("key", 1, 200, "");
    fields.done()?;
    let holder = auth::by_token(env, &key).await?.ok_or_else(|| {
        Problem::new(Kind::Unauthorized)
            .with(said("this key is unknown, revoked or expired", "密钥不存在、已吊销或已过期"))
    })?;
    let secret = token("ses_", env.random());
    let hash = token_hash(&secret);
    let mut answer = web::ok(&show(&holder))?;
    *answer.status_mut() = http::StatusCode::CREATED;
    let seconds = SESSION_MS / 1000;
    set_cookie(request, &mut answer, &format!("{COOKIE}={secret}; Max-Age={seconds}"));
    let now = env.now();
    // A session is the holder's own affair: a repeated request opens another one.
    let staff = Staff::new(&holder.site_id, &holder.actor);
    let opened = keys::open_session(hash, &holder.key_id, now, now + SESSION_MS);
    commit(env, &staff, "session.opened", &hash, 1, opened).await?;
    Ok(answer)
}

async fn close(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let holder = auth::holder(env, request).await?;
    let mut answer = web::no_content();
    set_cookie(request, &mut answer, &format!("{COOKIE}=; Max-Age=0"));
    let Some(secret) = auth::session(request) else { return Ok(answer) };
    let hash = token_hash(secret);
    let staff = Staff::new(&holder.site_id, &holder.actor);
    write(env, request, &staff, async || {
        let change = Change::new("session.closed", &subject(&hash), 2, json!({}), answer);
        Ok(change.and(keys::close_session(hash).write()))
    })
    .await
}

async fn commit(
    env: &impl Env,
    staff: &Staff,
    kind: &'static str,
    hash: &[u8; 32],
    version: i64,
    statement: ports::Statement,
) -> Result<(), Problem> {
    let change = Change::new(kind, &subject(hash), version, json!({}), web::no_content());
    app::write::commit(env, staff, change.and(statement.write())).await.map(|_| ())
}

/// The subject of a session's events: enough of its hash to tell sessions apart.
fn subject(hash: &[u8; 32]) -> String {
    format!("ses_{}", hex(hash).get(..26).unwrap_or_default())
}

/// `Secure` wherever a proxy says that the outside is TLS; plain HTTP is for one's own machine.
fn set_cookie(request: &Request, answer: &mut Response, pair: &str) {
    let is_tls = request.header("x-forwarded-proto") == Some("https");
    let secure = if is_tls { "; Secure" } else { "" };
    let cookie = format!("{pair}; Path=/; HttpOnly; SameSite=Lax{secure}");
    web::response::set(answer, SET_COOKIE, &cookie);
}

fn show(holder: &Holder) -> SessionView {
    SessionView {
        role: holder.role.name(),
        site_id: view::some(&holder.site_id).map(str::to_owned),
        actor: holder.actor.clone(),
        agent_id: view::some(&holder.agent_id).map(str::to_owned),
    }
}
