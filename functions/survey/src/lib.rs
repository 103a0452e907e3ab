//! `/v1/surveys/{id}`: the public side of a survey.
//!
//! | path | method | does |
//! |---|---|---|
//! | `/v1/surveys/{id}` | GET | the published definition, for the widget |
//! | `/v1/surveys/{id}/responses` | POST | takes a response |
//!
//! Callers are visitors' browsers: they hold a publishable key, and the site lists the origins
//! whose pages may embed its surveys.

mod cors;
mod published;

use app::response::{Desk, Draft, row};
use app::write::{key_reused, mark_replayed, request_hash};
use domain::touchpoint::{CHANNELS, GROUPS};
use domain::{UtcMs, civil};
use http::Method;
use ports::{Env, Sql};
use serde::Serialize;
use store::responses::{self, Submission, Taken};
use web::field::Fields;
use web::lang::said;
use web::survey::{Answers, answers, is_language, language_rule};
use web::{Problem, Request, Response, view};

use crate::published::{Published, caller_key};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// The longest that an answer may have waited in a widget's queue.
const ANSWER_AGE_MS_MAX: i64 = 30 * civil::DAY_MS;
/// How often a survey that changes under our hands is read again.
const READS_MAX: usize = 3;
/// How far a visitor's clock may run ahead of ours.
const CLOCK_SKEW_MS_MAX: i64 = 5 * 60 * 1000;

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let result = route(env, &request).await;
    cors::allow(&request, result)
}

async fn route(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    match request.path().as_slice() {
        ["v1", "surveys", id] => match *request.method() {
            Method::GET => show(env, request, id).await,
            Method::OPTIONS => cors::preflight(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, OPTIONS")),
        },
        ["v1", "surveys", id, "responses"] => match *request.method() {
            Method::POST => submit(env, request, id).await,
            Method::OPTIONS => cors::preflight(env, request, id).await,
            _ => Err(Problem::method_not_allowed("POST, OPTIONS")),
        },
        _ => Err(Problem::not_found()),
    }
}

async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let key = caller_key(request)?;
    let mut query = request.query();
    let version = query.parse(
        "version",
        |it| it.parse().ok(),
        || said("must be the number of a version", "须为版本号"),
    );
    query.done()?;
    let published = published::load(env, id, version.unwrap_or(0), key).await?;
    cors::check(request, &published.origins)?;
    published.check_open()?;
    web::ok(&web::survey::show_public(id, published.version, &published.definition))
}

#[derive(Serialize)]
struct TakenView<'a> {
    id: &'a str,
    survey_id: &'a str,
    version: i64,
    answered_at: String,
    received_at: String,
}

async fn submit(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    request.no_query()?;
    let key = caller_key(request)?;
    let name = match request.idempotency_key()? {
        Some(name) => format!("public:{name}"),
        None => domain::id::token("once:", env.random()),
    };
    let fields = request.fields()?;
    let version = published::version(&fields);
    // What is known in this instance may be out of date; the statement that relies on it
    // checks it again and takes nothing if so. Then what is true is read, once.
    if let Some(known) = published::known(id, version, key)
        && let Some(answer) = take(env, request, &known, id, &name, fields.clone(), key).await?
    {
        return Ok(answer);
    }
    for _ in 0..READS_MAX {
        let published = published::load(env, id, version, key).await?;
        cors::check(request, &published.origins)?;
        published.check_open()?;
        if let Some(answer) = take(env, request, &published, id, &name, fields.clone(), key).await?
        {
            published::keep(id, version, key, published);
            return Ok(answer);
        }
        // The site or the survey changed between the two statements: what is it now?
    }
    Err(web::problem::lost_race())
}

/// Checks and takes one response. `None`: what `published` says is no longer so.
async fn take(
    env: &impl Env,
    request: &Request,
    published: &Published,
    id: &str,
    name: &str,
    fields: Fields,
    key: [u8; 32],
) -> Result<Option<Response>, Problem> {
    cors::check(request, &published.origins)?;
    let desk = Desk {
        site_id: &published.site_id,
        zone: published.zone,
        study_id: id,
        version: published.version,
        definition: &published.definition,
        actor: "public",
        received_at: env.now(),
    };
    let draft = read(fields, &desk, name, request_hash(request)?)?;
    let (new_id, row) = row(env, &desk, draft);
    let submission = Submission {
        rows: view::text(&[row]),
        site_id: desk.site_id,
        study_id: id,
        received_at: desk.received_at,
        source: "widget",
        actor: desk.actor,
    };
    let statement = responses::submit(&submission, published.site_version, key);
    let rows = env.sql().rows(statement).await?;
    let Some(taken) = responses::taken(rows)?.pop() else { return Ok(None) };
    if taken.id != new_id && taken.request_hash != request_hash(request)? {
        return Err(key_reused());
    }
    answer(id, &taken, taken.id != new_id).map(Some)
}

/// The answer to a response that was taken, now or by the first request with this key.
fn answer(survey_id: &str, taken: &Taken, is_replay: bool) -> Result<Response, Problem> {
    let shown = TakenView {
        id: &taken.id,
        survey_id,
        version: taken.study_version,
        answered_at: view::time(taken.answered_at),
        received_at: view::time(taken.received_at),
    };
    // No Location: a visitor may write a response but not read it.
    let mut answer = web::ok(&shown)?;
    *answer.status_mut() = http::StatusCode::CREATED;
    if is_replay {
        mark_replayed(&mut answer);
    }
    Ok(answer)
}

/// Reads the body of a submission.
fn read(
    mut fields: Fields,
    desk: &Desk<'_>,
    name: &str,
    request_hash: [u8; 32],
) -> Result<Draft, Problem> {
    fields.integer("version", 1, i64::MAX, Some(desk.version));
    let is_empty = fields
        .peek("answers")
        .is_none_or(|it| it.is_null() || it.as_object().is_some_and(serde_json::Map::is_empty));
    let given = match fields.object("answers") {
        Some(mut nested) => {
            let given = answers(desk.definition, &mut nested);
            fields.absorb(nested);
            given
        }
        None => Answers::default(),
    };
    if is_empty {
        fields.refuse("answers", said("needs at least one answer", "至少需要一个回答"));
    }
    let channel = fields.one_of_or_none("channel", &CHANNELS, "web");
    let group = fields.one_of_or_none("group", &GROUPS, "");
    let language = fields.text("language", 0, 35, &desk.definition.default_language);
    if !is_language(&language) {
        fields.refuse("language", language_rule());
    }
    let answered_at = answered_at(&mut fields, desk.received_at);
    fields.done()?;
    Ok(Draft {
        key: name.to_owned(),
        request_hash,
        channel,
        group,
        language,
        customer_id: String::new(),
        agent_id: String::new(),
        answers: given,
        answered_at,
    })
}

/// When it was answered, which an answer given offline tells itself.
fn answered_at(fields: &mut Fields, now: UtcMs) -> UtcMs {
    let text = fields.text("answered_at", 0, 40, "");
    if text.is_empty() {
        return now;
    }
    match civil::parse_rfc3339(&text) {
        // A visitor's clock that runs a little ahead does not answer in our future.
        Some(at) if now - ANSWER_AGE_MS_MAX <= at && at <= now + CLOCK_SKEW_MS_MAX => at.min(now),
        Some(_) => {
            let rule = said("must lie in the last 30 days", "须在最近 30 天之内");
            fields.refuse("answered_at", rule);
            now
        }
        None => {
            let rule = said(
                "must be a time such as 2026-11-22T09:30:00Z",
                "须为时间，例如 2026-11-22T09:30:00Z",
            );
            fields.refuse("answered_at", rule);
            now
        }
    }
}

#[cfg(test)]
mod tests;
