//! Submission: what a visitor answered is checked and taken, once.

use app::intake::{Call, Outcome, content_hash, public, published};
use app::write::mark_replayed;
use ports::Env;
use serde::Serialize;
use web::{Problem, Request, Response, view};

use super::batch;

/// Takes the response of a request's body, or its `responses`.
pub(crate) async fn submit(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    request.no_query()?;
    let key = published::caller_key(request)?;
    let fields = request.fields()?;
    let name = match request.idempotency_key()? {
        Some(name) => public(name),
        None => domain::id::token("once:", env.random()),
    };
    let hash = content_hash(id, &fields);
    let version = published::version(&fields);
    let call = Call { request, survey_id: id, key: Some(key), source: "widget" };
    call.with(env, version, async |published| {
        let fields = fields.clone();
        if fields.has("responses") {
            return batch::take(&call, env, published, fields).await;
        }
        let taken = call.take(env, published, fields, name.clone(), hash).await?;
        taken.map(|it| answer(id, &it)).transpose()
    })
    .await
}

#[derive(Serialize)]
struct TakenView<'a> {
    id: &'a str,
    survey_id: &'a str,
    version: i64,
    answered_at: String,
    received_at: String,
    /// The ending to show; null for the thanks.
    ending: Option<&'a str>,
    /// The quota that was full, or `response_limit`.
    full: Option<&'a str>,
}

/// The answer to a response that was taken, now or by the first request with this key.
fn answer(survey_id: &str, outcome: &Outcome) -> Result<Response, Problem> {
    let taken = &outcome.taken;
    let shown = TakenView {
        id: &taken.id,
        survey_id,
        version: taken.version,
        answered_at: view::time(taken.answered_at),
        received_at: view::time(taken.received_at),
        ending: view::some(&outcome.ending),
        full: view::some(&outcome.full),
    };
    // No Location: a visitor may write a response but not read it.
    let mut answer = web::ok(&shown)?;
    *answer.status_mut() = http::StatusCode::CREATED;
    if outcome.is_repeated {
        mark_replayed(&mut answer);
    }
    Ok(answer)
}
