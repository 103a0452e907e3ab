//! What `callback` is asked by service chaining: it knows the supply and writes the bookings.

use domain::civil::{parse_rfc3339, rfc3339};
use ports::{Env, Outgoing, Verb};
use serde_json::{Map, Value, json};
use web::lang::Lang;
use web::{Kind, Problem, view};

/// Where it is.
const BASE: &str = "http://callback.spin.internal";
/// How long an answer may take: far more than it ever does.
const TIMEOUT_MS: u64 = 10_000;
/// The longest answer: the slots of a week.
const ANSWER_BYTES_MAX: usize = 512 * 1024;
/// More than any week has.
const SLOTS_MAX: i64 = 2_000;

/// What it answered.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) body: Map<String, Value>,
    /// Whether it did this before, for an equal request.
    pub(crate) is_repeated: bool,
}

/// A time that can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) start: i64,
    pub(crate) end: i64,
}

/// Where somebody stands who waits.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Turn {
    /// How many are before them.
    pub(crate) position: Option<i64>,
    /// When they are expected to be called.
    pub(crate) estimate: Option<i64>,
}

/// Whose slots, and of when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) site_id: &'a str,
    pub(crate) service_id: &'a str,
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) zone: &'a str,
    pub(crate) language: &'a str,
    /// Of a call-back whose own time counts as free; empty for none.
    pub(crate) token: &'a str,
}

/// The free slots between two instants.
pub(crate) async fn slots(
    env: &impl Env,
    it: Wanted<'_>,
    lang: Lang,
) -> Result<Vec<Slot>, Problem> {
    let asked = json!({
        "site_id": it.site_id, "service_id": it.service_id, "from": rfc3339(it.from, 0),
        "to": rfc3339(it.to, 0), "tz": it.zone, "language": it.language, "token": it.token,
        "limit": SLOTS_MAX,
    });
    let told = post(env, "/callback/slots", "", lang, &asked).await?;
    match told.status {
        200 => Ok(listed(&told.body, "items")),
        // A service that was withdrawn meanwhile, or days that it does not reach, have none.
        404 | 422 => Ok(Vec::new()),
        _ => Err(unavailable("no answer of the kind")),
    }
}

/// Where somebody stands in the queue; without a token whoever would ask now.
pub(crate) async fn turn(env: &impl Env, it: Wanted<'_>, lang: Lang) -> Result<Turn, Problem> {
    let asked = json!({
        "site_id": it.site_id, "service_id": it.service_id, "tz": it.zone,
        "language": it.language, "token": it.token,
    });
    let told = post(env, "/callback/queue", "", lang, &asked).await?;
    match told.status {
        200 => Ok(Turn {
            position: told.body.get("position").and_then(Value::as_i64),
            estimate: instant(told.body.get("estimate")),
        }),
        404 | 422 => Ok(Turn::default()),
        _ => Err(unavailable("no answer of the kind")),
    }
}

/// Books; see `POST /v1/callbacks`.
pub(crate) async fn book(
    env: &impl Env,
    lang: Lang,
    body: Map<String, Value>,
) -> Result<Told, Problem> {
    post(env, "/callback/book", "", lang, &Value::Object(body)).await
}

/// Does something to a call-back by its private link.
pub(crate) async fn act(
    env: &impl Env,
    (token, act): (&str, &str),
    key: &str,
    lang: Lang,
    body: &Value,
) -> Result<Told, Problem> {
    post(env, &format!("/v1/bookings/{token}/{act}"), key, lang, body).await
}

async fn post(
    env: &impl Env,
    path: &str,
    key: &str,
    lang: Lang,
    body: &Value,
) -> Result<Told, Problem> {
    let mut headers = vec![
        ("content-type".to_owned(), "application/json".to_owned()),
        ("accept-language".to_owned(), lang.tag().to_owned()),
    ];
    if !key.is_empty() {
        headers.push(("idempotency-key".to_owned(), key.to_owned()));
    }
    let call = Outgoing {
        verb: Verb::Post,
        url: format!("{BASE}{path}"),
        headers,
        body: view::text(body).into_bytes(),
        timeout_ms: TIMEOUT_MS,
        answer_bytes_max: ANSWER_BYTES_MAX,
    };
    let answer = env.call(call).await.map_err(|why| unavailable(why.name()))?;
    if !(200..500).contains(&answer.status) {
        return Err(unavailable("it failed"));
    }
    let body = std::str::from_utf8(&answer.body).ok().and_then(view::object).unwrap_or_default();
    let is_repeated = answer.header("idempotent-replayed").is_some();
    Ok(Told { status: answer.status, body, is_repeated })
}

/// Nothing was acknowledged, so it may be sent again.
fn unavailable(why: &str) -> Problem {
    Problem::new(Kind::Unavailable).caused_by(format!("callback: {why}"))
}

/// Slots as they stand in an answer.
fn listed(body: &Map<String, Value>, name: &str) -> Vec<Slot> {
    let listed = body.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let slot =
        |it: &Value| Some(Slot { start: instant(it.get("start"))?, end: instant(it.get("end"))? });
    listed.iter().filter_map(slot).collect()
}

fn instant(told: Option<&Value>) -> Option<i64> {
    told.and_then(Value::as_str).and_then(parse_rfc3339)
}

impl Told {
    /// The last part of the type of a problem; empty if it is none.
    pub(crate) fn problem(&self) -> &str {
        let kind = self.body.get("type").and_then(Value::as_str).unwrap_or("");
        kind.strip_prefix("/problems/").unwrap_or("")
    }

    /// What the log may tell of an answer that nobody expected: no word of whoever booked.
    pub(crate) fn unexpected(&self) -> Problem {
        unavailable(&format!("answered {} {}", self.status, self.problem()))
    }

    /// What is wrong with a field, in the language that was asked for.
    pub(crate) fn wrong(&self, pointer: &str) -> Option<&str> {
        let errors = self.body.get("errors").and_then(Value::as_array)?;
        let is_at = |it: &&Value| it.get("pointer").and_then(Value::as_str) == Some(pointer);
        errors.iter().find(is_at)?.get("detail").and_then(Value::as_str)
    }

    /// The nearest free slots, where one is gone.
    pub(crate) fn nearest(&self) -> Vec<Slot> {
        listed(&self.body, "slots")
    }

    /// The token of the private link.
    pub(crate) fn token(&self) -> Option<&str> {
        let text = |name: &str| self.body.get(name).and_then(Value::as_str);
        // An address of theirs would name them, and nobody gets there from outside.
        let token = text("token").or_else(|| text("link")?.rsplit('/').next())?;
        let is_plain = !token.is_empty() && token.bytes().all(|it| it.is_ascii_alphanumeric());
        is_plain.then_some(token)
    }
}
