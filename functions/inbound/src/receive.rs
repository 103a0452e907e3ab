//! `POST /v1/inbound/{source}`: another system tells what happened there.
//!
//! It is verified before anything is written, stored as it came in one statement, and answered;
//! what becomes of it is decided right after.

use app::ingest::{checked, whos};
use app::write::mark_replayed;
use app::{link, signature, vault};
use domain::id::{Kind, hex, token_hash};
use domain::inbound::kept_until;
use ports::{Env, Sql};
use serde_json::{Value, json};
use signature::Rejected;
use store::inbound::{self, Arrival};
use store::sources::{self, Source};
use web::lang::{said, said_now};
use web::{Kind as Fault, Problem, Request, Response, view};

use crate::INGEST;

/// When to come again where too many wait.
const RETRY_AFTER_S: u32 = 60;

pub(crate) async fn receive(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    request.json_only()?;
    let body = request.body()?;
    let source = env.sql().fetch(sources::claimed(id)).await?;
    let source = source.filter(|it| it.is_active).ok_or_else(Problem::not_found)?;
    verify(env, request, &source, body).await?;
    let (content, message) = read(body)?;
    let now = env.now();
    let ours = Kind::Inbound.id(now, env.random());
    // So that erasing somebody reaches it before anything was made of it.
    let whos = whos(&source.site_id, &checked(&source.rules), &message);
    let arrival = Arrival {
        id: &ours,
        site_id: &source.site_id,
        source_id: id,
        once: &once(request, &source, content, &message),
        now,
        forget_at: kept_until(now, false),
        content,
        whos: &view::text(&whos),
    };
    let stored = inbound::stored(env.sql().rows(inbound::store(&arrival)).await?)?;
    let (taken, state) = stored.ok_or_else(too_many)?;
    let location = format!("/v1/sources/{id}/messages/{taken}");
    let mut answer = web::response::accepted(&location, &json!({ "id": taken, "state": state }))?;
    if taken == ours {
        env.hurry(INGEST);
    } else {
        mark_replayed(&mut answer);
    }
    Ok(answer)
}

/// Refuses what neither the secret nor, for a day, the one before has signed.
async fn verify(
    env: &impl Env,
    request: &Request,
    source: &Source,
    body: &[u8],
) -> Result<(), Problem> {
    let now = env.now();
    let key = link::secret(env).await?;
    let mut rejected = Rejected::Malformed;
    let is_old_good = now < source.old_secret_until;
    for secret in [Some(&source.secret), Some(&source.old_secret).filter(|_| is_old_good)] {
        let Some(secret) = secret.and_then(|it| vault::open(&key, &source.id, it)) else {
            continue;
        };
        match proves(request, source, &secret, body, now.div_euclid(1000)) {
            Ok(()) => return Ok(()),
            Err(why) => rejected = why,
        }
    }
    Err(Problem::new(Fault::Unauthorized).with(match rejected {
        Rejected::Malformed => said(
            "what it is to be verified by is missing or makes no sense",
            "缺少用于验证的签名或令牌，或其格式有误",
        ),
        Rejected::Time => said(
            "it was signed more than five minutes ago, or in the future",
            "签名时间与现在相差超过五分钟",
        ),
        Rejected::Signature => said("the signature or token is not right", "签名或令牌不正确"),
    }))
}

fn proves(
    request: &Request,
    source: &Source,
    secret: &[u8],
    body: &[u8],
    now_s: i64,
) -> Result<(), Rejected> {
    let header = |usual: &str| {
        let name = if source.header.is_empty() { usual } else { &source.header };
        request.header(name).unwrap_or("")
    };
    match source.scheme.as_str() {
        "standard" => {
            let header = |name: &str| request.header(name).unwrap_or("");
            let (id, at) = (header("webhook-id"), header("webhook-timestamp"));
            signature::verify(secret, id, at, header("webhook-signature"), body, now_s)
        }
        "stripe" => signature::stripe(secret, header("stripe-signature"), body, now_s),
        "github" => signature::github(secret, header("x-hub-signature-256"), body),
        _ => {
            let given = if source.header.is_empty() {
                app::auth::bearer(request).unwrap_or("")
            } else {
                header("")
            };
            let secret = std::str::from_utf8(secret).map_err(|_| Rejected::Malformed)?;
            signature::token(secret, given)
        }
    }
}

/// The text of a message, and what it says.
fn read(body: &[u8]) -> Result<(&str, Value), Problem> {
    let content = std::str::from_utf8(body).map_err(|_| {
        Problem::new(Fault::MalformedBody).with(said("must be UTF-8", "须为 UTF-8 编码"))
    })?;
    let message = serde_json::from_slice(body).map_err(|error| {
        Problem::new(Fault::MalformedBody).with(said_now(
            format!("not JSON at line {}, column {}", error.line(), error.column()),
            format!("第 {} 行第 {} 列不是有效的 JSON", error.line(), error.column()),
        ))
    })?;
    Ok((content, message))
}

/// What no other message of the source has: the name that the source says it has once, else the
/// one of its scheme, else all of it. A name that nobody signed is believed only where the token
/// itself is all the proof there is, or, of GitHub, where a forged one gains nothing.
fn once(request: &Request, source: &Source, content: &str, message: &Value) -> String {
    let own = if !source.once_pointer.is_empty() {
        match message.pointer(&source.once_pointer) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(it @ Value::Number(_)) => Some(view::text(it)),
            _ => None,
        }
    } else if !source.once_header.is_empty() {
        request.header(&source.once_header).map(str::to_owned)
    } else {
        None
    };
    let usual = || {
        let name = match source.scheme.as_str() {
            "standard" | "token" => "webhook-id",
            "github" => "x-github-delivery",
            _ => return None,
        };
        request.header(name).map(str::to_owned)
    };
    let name = own.filter(|it| !it.is_empty()).or_else(|| usual().filter(|it| !it.is_empty()));
    hex(&match name {
        Some(name) => token_hash(&["name\0", &name].concat()),
        None => token_hash(&["body\0", content].concat()),
    })
}

fn too_many() -> Problem {
    let mut problem = Problem::new(Fault::TooManyRequests).with(said(
        "too many messages of this source wait to be looked at; send it again later",
        "该来源有过多消息等待处理，请稍后重发",
    ));
    problem.retry_after_s = Some(RETRY_AFTER_S);
    problem
}
