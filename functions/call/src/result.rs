//! What was said in a conversation, as a response to the service's survey.
//!
//! The component `response` takes it on the path on which staff enter whatever was answered away
//! from a screen, as the same person: what they may not enter there they may not enter here.

use app::callback::Work;
use app::desk;
use domain::UtcMs;
use ports::{Env, Outgoing, Verb};
use serde_json::{Map, Value, json};
use web::lang::{Said, said_now};
use web::problem::{Mistake, Place};
use web::{Kind, Problem, Request, view};

/// How long it may take to take the answers.
const TIMEOUT_MS: u64 = 10_000;
/// More than a response has.
const ANSWER_BYTES_MAX: usize = 256 * 1024;
/// What tells who asks, handed on as it came.
const HANDED_ON: [&str; 4] = ["authorization", "cookie", "accept-language", "traceparent"];

/// Answers of a conversation.
pub(crate) struct Conversation<'a> {
    /// The survey.
    pub survey_id: &'a str,
    /// Which attempt it was.
    pub number: i64,
    /// Who called.
    pub agent_id: &'a str,
    /// When they talked.
    pub at: UtcMs,
    /// What was answered.
    pub answers: &'a Value,
}

/// Hands the answers over, and gives the id of the response. The same attempt's are taken once.
pub(crate) async fn hand_over(
    env: &impl Env,
    request: &Request,
    work: &Work<'_>,
    it: &Conversation<'_>,
) -> Result<String, Problem> {
    let row = &work.row;
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
    put("source", json!("phone"));
    put("channel", json!("phone"));
    put("agent_id", json!(it.agent_id));
    put("answered_at", json!(view::time(it.at)));
    put("answers", it.answers.clone());
    for (name, value) in [("language", &row.language), ("customer", &row.customer_id)] {
        if !value.is_empty() {
            put(name, json!(value));
        }
    }
    let text = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut headers = vec![
        text("content-type", "application/json"),
        text("idempotency-key", &format!("callback:{}:{}", row.id, it.number)),
        // A session was let in here already; to the other one we are its own pages.
        text("sec-fetch-site", "same-origin"),
    ];
    let given = HANDED_ON.into_iter().filter_map(|it| Some((it, request.header(it)?)));
    headers.extend(given.map(|(name, value)| text(name, value)));
    let call = Outgoing {
        verb: Verb::Post,
        url: format!("{}/{}/responses?site={}", desk::URL, it.survey_id, row.site_id),
        headers,
        body: view::text(&body).into_bytes(),
        timeout_ms: TIMEOUT_MS,
        answer_bytes_max: ANSWER_BYTES_MAX,
    };
    let answer = env.call(call).await.map_err(|why| unavailable(why.name()))?;
    let told = std::str::from_utf8(&answer.body).ok().and_then(view::object).unwrap_or_default();
    match answer.status {
        200 | 201 => {
            let id = told.get("id").and_then(Value::as_str);
            id.map(str::to_owned).ok_or_else(|| unavailable("an answer without an id"))
        }
        404 => Err(Problem::new(Kind::NotPublished)),
        409 => Err(Problem::new(Kind::NotPublished)),
        422 => Err(refused(&told)),
        _ => Err(unavailable(&answer.status.to_string())),
    }
}

/// What was wrong with the answers, at the same places of our own body.
fn refused(told: &Map<String, Value>) -> Problem {
    let errors = told.get("errors").and_then(Value::as_array);
    let mistakes: Vec<Mistake> = errors.into_iter().flatten().map(mistake).collect();
    if mistakes.is_empty() {
        // Other answers were taken under this attempt, whose record then failed.
        return app::write::key_reused();
    }
    Problem::mistakes(mistakes)
}

fn mistake(it: &Value) -> Mistake {
    let text = |name: &str| it.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
    let (pointer, detail) = (text("pointer"), text("detail"));
    let is_ours = pointer == "/answers" || pointer.starts_with("/answers/");
    let place = if is_ours { pointer } else { "/answers".to_owned() };
    // It speaks the caller's language already.
    let detail: Said = said_now(detail.clone(), detail);
    Mistake { place: Place::Pointer(place), detail }
}

fn unavailable(why: &str) -> Problem {
    Problem::new(Kind::Unavailable).caused_by(format!("response: {why}"))
}
