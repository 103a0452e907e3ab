//! Submission: what a visitor answered is checked and taken, once.

use app::response::{Desk, Draft, Taken, fingerprint, row, screened, taken_before};
use app::write::{key_reused, mark_replayed, request_hash};
use domain::id::hex;
use domain::touchpoint::{CHANNELS, GROUPS};
use domain::{UtcMs, civil};
use ports::{Env, Sql};
use serde::Serialize;
use store::responses::{self, Submission};
use web::field::Fields;
use web::lang::said;
use web::survey::{Answers, Told, answers, hidden, is_language, language_rule};
use web::{Problem, Request, Response, view};

use super::published::{self, Published, caller_key};
use super::{batch, cors};

/// The longest that an answer may have waited in a widget's queue.
const ANSWER_AGE_MS_MAX: i64 = 30 * civil::DAY_MS;
/// The longest time with the form in sight that is told.
const ELAPSED_MS_MAX: i64 = civil::DAY_MS;
/// How often a survey that changes under our hands is read again.
const READS_MAX: usize = 3;
/// How far a visitor's clock may run ahead of ours.
const CLOCK_SKEW_MS_MAX: i64 = 5 * 60 * 1000;

/// Takes the response of a request's body, or its `responses`.
pub(crate) async fn submit(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    request.no_query()?;
    let key = caller_key(request)?;
    let fields = request.fields()?;
    let name = match request.idempotency_key()? {
        Some(name) => public(name),
        None => domain::id::token("once:", env.random()),
    };
    let version = published::version(&fields);
    let call = Call { request, id, key, name, fields };
    // What is known in this instance may be out of date; the statement that relies on it
    // checks it again and takes nothing if so. Then what is true is read, once.
    if let Some(known) = published::known(id, version, key)
        && let Some(answer) = call.take(env, &known).await?
    {
        return Ok(answer);
    }
    for _ in 0..READS_MAX {
        let published = published::load(env, id, version, key).await?;
        cors::check(request, &published.origins)?;
        published.check_open()?;
        if let Some(answer) = call.take(env, &published).await? {
            published::keep(id, version, key, published);
            return Ok(answer);
        }
        // The site or the survey changed between the two statements: what is it now?
    }
    Err(web::problem::lost_race())
}

/// The key of a response as the database keeps it: those of imports are others.
pub(crate) fn public(name: &str) -> String {
    format!("public:{name}")
}

/// One call, as far as it can be understood without its survey.
pub(crate) struct Call<'a> {
    pub(crate) request: &'a Request,
    pub(crate) id: &'a str,
    key: [u8; 32],
    name: String,
    fields: Fields,
}

impl Call<'_> {
    /// Checks and takes what was submitted. `None`: what `published` says is no longer so.
    async fn take(
        &self,
        env: &impl Env,
        published: &Published,
    ) -> Result<Option<Response>, Problem> {
        cors::check(self.request, &published.origins)?;
        let desk = Desk {
            site_id: &published.site_id,
            zone: published.zone,
            study_id: self.id,
            version: published.version,
            definition: &published.definition,
            actor: "public",
            received_at: env.now(),
        };
        let fields = self.fields.clone();
        if fields.has("responses") {
            batch::take(self, env, published, &desk, fields).await
        } else {
            self.take_one(env, published, &desk, fields).await
        }
    }

    async fn take_one(
        &self,
        env: &impl Env,
        published: &Published,
        desk: &Desk<'_>,
        fields: Fields,
    ) -> Result<Option<Response>, Problem> {
        let hash = request_hash(self.request)?;
        let draft = read(fields, desk, self.name.clone(), hash)?;
        let answered_at = draft.answered_at;
        let (id, row) = row(desk, draft, [env.random(), env.random()]);
        let Some(before) = self.store(env, published, desk, view::text(&[row])).await? else {
            return Ok(None);
        };
        if let Some(first) = before.into_iter().find(|it| it.instead_of == id) {
            if first.request_hash != hex(&hash) {
                return Err(key_reused());
            }
            let mut answer = answer(self.id, &first)?;
            mark_replayed(&mut answer);
            return Ok(Some(answer));
        }
        let taken = Taken {
            instead_of: String::new(),
            id,
            request_hash: String::new(),
            version: desk.version,
            answered_at,
            received_at: desk.received_at,
        };
        answer(self.id, &taken).map(Some)
    }

    /// Stores rows and tells which of them were taken before.
    pub(crate) async fn store(
        &self,
        env: &impl Env,
        published: &Published,
        desk: &Desk<'_>,
        rows: String,
    ) -> Result<Option<Vec<Taken>>, Problem> {
        let submission = Submission {
            rows,
            site_id: desk.site_id,
            study_id: desk.study_id,
            source: "widget",
            actor: desk.actor,
        };
        // A key lives by the second, so that requests of one second are alike and can be one.
        let now = desk.received_at - desk.received_at.rem_euclid(1000);
        let statement = responses::submit(&submission, published.site_version, self.key, now);
        let rows = env.sql().gathered(statement).await?;
        Ok(responses::taken_before(rows)?.map(|it| taken_before(&it)))
    }
}

#[derive(Serialize)]
struct TakenView<'a> {
    id: &'a str,
    survey_id: &'a str,
    version: i64,
    answered_at: String,
    received_at: String,
}

/// The answer to a response that was taken, now or by the first request with this key.
fn answer(survey_id: &str, taken: &Taken) -> Result<Response, Problem> {
    let shown = TakenView {
        id: &taken.id,
        survey_id,
        version: taken.version,
        answered_at: view::time(taken.answered_at),
        received_at: view::time(taken.received_at),
    };
    // No Location: a visitor may write a response but not read it.
    let mut answer = web::ok(&shown)?;
    *answer.status_mut() = http::StatusCode::CREATED;
    Ok(answer)
}

/// Reads the body of a submission.
pub(crate) fn read(
    mut fields: Fields,
    desk: &Desk<'_>,
    key: String,
    request_hash: [u8; 32],
) -> Result<Draft, Problem> {
    fields.integer("version", 1, i64::MAX, Some(desk.version));
    let is_empty = fields
        .peek("answers")
        .is_none_or(|it| it.is_null() || it.as_object().is_some_and(serde_json::Map::is_empty));
    let told = told(desk, &mut fields);
    let given = match fields.object("answers") {
        Some(mut nested) => {
            let given = answers(desk.definition, &told, &mut nested);
            fields.absorb(nested);
            given
        }
        None => Answers::default(),
    };
    if is_empty {
        fields.refuse("answers", said("needs at least one answer", "至少需要一个回答"));
    }
    let answered_at = answered_at(&mut fields, desk.received_at);
    let elapsed = fields.integer("elapsed_ms", 0, ELAPSED_MS_MAX, Some(-1));
    fields.done()?;
    let fingerprint = fingerprint(desk, &given);
    let screened = screened(desk, &given, &told.language, Some(elapsed).filter(|it| 0 <= *it));
    Ok(Draft {
        key,
        request_hash,
        channel: told.channel,
        group: told.group,
        language: told.language,
        customer_id: String::new(),
        agent_id: String::new(),
        fingerprint,
        screened,
        answers: given,
        answered_at,
    })
}

/// What is told beside the answers.
fn told(desk: &Desk<'_>, fields: &mut Fields) -> Told {
    let mut told = Told {
        channel: fields.one_of_or_none("channel", &CHANNELS, "web"),
        group: fields.one_of_or_none("group", &GROUPS, ""),
        language: fields.text("language", 0, 35, &desk.definition.default_language),
        ..Told::default()
    };
    if !is_language(&told.language) {
        fields.refuse("language", language_rule());
    }
    if let Some(mut nested) = fields.object("hidden") {
        told.hidden = hidden(desk.definition, &mut nested);
        fields.absorb(nested);
    }
    told
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
