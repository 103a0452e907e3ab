//! `POST /v1/callbacks/{id}/attempts`: what came of a call.

use app::auth::Staff;
use app::callback::{Work, impossible, together, view};
use app::entity;
use app::write::{Change, check_version, first_event, write};
use domain::UtcMs;
use domain::callback::{Act, Mode, Next, Outcome, State, Tried};
use domain::civil::parse_rfc3339;
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use store::call_attempts::{self, Attempt};
use store::callbacks::Callback;
use store::{call_queue, do_not_call};
use web::field::Fields;
use web::lang::{Said, said};
use web::problem::{Place, lost_race};
use web::service::Offered;
use web::{Problem, Request, Response};

use crate::result::{Conversation, hand_over};
use crate::take::service;
use crate::who::{Who, let_in, named};

/// The longest note, in characters.
const NOTE_CHARS_MAX: usize = 2_000;
/// The longest call, in seconds.
const SECONDS_MAX: i64 = 86_400;
/// How many other calls to a number are given up with it.
const SAME_NUMBER_MAX: i64 = 100;

/// What the agent tells.
struct Told {
    outcome: Outcome,
    started_at: Option<UtcMs>,
    duration_ms: i64,
    note: String,
    is_last: bool,
    agreed: Option<UtcMs>,
    answers: Option<Value>,
}

pub(crate) async fn record(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let let_in = let_in(env, request).await?;
    request.no_query()?;
    let mut fields = request.fields()?;
    let told = Told::read(&mut fields);
    let who = named(env, let_in, fields).await?;
    // Without an outcome there was a mistake, which is told by now.
    let told = told.ok_or_else(Problem::not_found)?;
    write(env, request, &who.by, async || decide(env, request, &who, &told, id).await).await
}

impl Told {
    fn read(fields: &mut Fields) -> Option<Told> {
        let names = Outcome::ALL.map(Outcome::name);
        let outcome = Outcome::parse(&fields.one_of("outcome", &names, ""));
        let started_at = instant(fields, "started_at");
        let duration_ms = fields.integer("duration_s", 0, SECONDS_MAX, Some(0)) * 1000;
        let note = fields.text("note", 0, NOTE_CHARS_MAX, "");
        let is_last = fields.flag("do_not_call", false) || outcome == Some(Outcome::DoNotCall);
        let agreed = instant(fields, "next_at");
        let is_unanswered = matches!(outcome, Some(Outcome::NoAnswer | Outcome::Busy));
        if agreed.is_some() && (!is_unanswered || is_last) {
            let rule = said(
                "needs an outcome after which they are called again",
                "须为需要再次致电的结果",
            );
            fields.refuse("next_at", rule);
        }
        let answers = fields.take("answers");
        if answers.is_some() && outcome != Some(Outcome::Reached) {
            let rule = said("needs the outcome reached", "须为已接通的结果");
            fields.refuse("answers", rule);
        }
        let outcome = outcome?;
        Some(Told { outcome, started_at, duration_ms, note, is_last, agreed, answers })
    }

    /// When the call began, as far as that can be: between the request for it and now.
    fn begun(&self, row: &Callback, now: UtcMs) -> Result<UtcMs, Problem> {
        let Some(at) = self.started_at else {
            return Ok((now - self.duration_ms).max(row.requested_at));
        };
        if at < row.requested_at || now < at {
            let rule = said(
                "must lie between the request for the call and now",
                "须在请求回电之后且不晚于现在",
            );
            return Err(wrong("started_at", rule));
        }
        Ok(at)
    }
}

/// A time of a field, if there is one.
fn instant(fields: &mut Fields, name: &str) -> Option<UtcMs> {
    let text = fields.text(name, 0, 40, "");
    let at = parse_rfc3339(&text);
    if at.is_none() && !text.is_empty() {
        let rule = said(
            "must be a time such as 2026-11-24T10:00:00+08:00",
            "须为时间，例如 2026-11-24T10:00:00+08:00",
        );
        fields.refuse(name, rule);
    }
    at
}

fn wrong(name: &str, rule: Said) -> Problem {
    Problem::invalid(Place::Pointer(format!("/{name}")), rule)
}

async fn decide(
    env: &impl Env,
    request: &Request,
    who: &Who,
    told: &Told,
    id: &str,
) -> Result<Change, Problem> {
    let now = env.now();
    let row: Callback = entity::find(env, &who.by, id).await?;
    check_version(request, row.version)?;
    let offered = service(env, &row).await?;
    let begun = told.begun(&row, now)?;
    check(who, told, &row, &offered, now)?;
    let mut work = Work::on(&offered, row, now);
    let number = work.row.attempts + 1;
    if let Some(answers) = &told.answers {
        let survey_id = offered.survey_id.as_str();
        let (at, agent_id) = (begun, who.agent.id.as_str());
        let conversation = Conversation { survey_id, number, agent_id, at, answers };
        work.row.result_id = hand_over(env, request, &work, &conversation).await?;
    }
    let next = apply(&mut work, told, begun)?;
    // Theirs before others' the next time, too; see `store::call_queue`.
    work.row.agent_id.clone_from(&who.agent.id);
    let agent_id = who.agent.id.as_str();
    let attempt = attempt(env, &who.by, &work.row, told, (agent_id, begun, now));
    tell(&mut work, told, &attempt, next);
    work.also(call_attempts::insert(&attempt).guarded());
    if told.is_last {
        never_again(env, &who.by, &mut work).await?;
    }
    work.settle();
    let shown = view::show(&work.row, view::zone(&work.row));
    let answer = web::created(&format!("/v1/callbacks/{}", work.row.id), &shown)?;
    Ok(work.change(answer).or(lost_race()))
}

/// What can only be checked beside the call itself.
fn check(
    who: &Who,
    told: &Told,
    row: &Callback,
    offered: &Offered,
    now: UtcMs,
) -> Result<(), Problem> {
    let is_calling = row.state == State::Calling.name();
    // Their own call: what two people enter at once would otherwise be two responses.
    let is_theirs = is_calling && row.agent_id == who.agent.id;
    let is_others = is_calling && !who.may_touch(&row.agent_id);
    let can = State::parse(&row.state).and_then(|it| Act::Attempt(told.outcome).from(it));
    if can.is_none() || is_others || (told.answers.is_some() && !is_theirs) {
        return Err(impossible());
    }
    if told.agreed.is_some_and(|it| it <= now || row.expires <= it) {
        let rule = said(
            "must be in the future, before the call is given up",
            "须为将来的时间，且早于放弃回电的时间",
        );
        return Err(wrong("next_at", rule));
    }
    if told.answers.is_some() && offered.survey_id.is_empty() {
        let rule = said("the service has no survey", "该服务未设置问卷");
        return Err(wrong("answers", rule));
    }
    if told.is_last && row.phone_hash.len() != 32 {
        let rule = said("there is no number any more", "号码已不存在");
        return Err(wrong("do_not_call", rule));
    }
    Ok(())
}

/// Does to the call what follows from an attempt, and gives when the next one is.
fn apply(work: &mut Work<'_>, told: &Told, begun: UtcMs) -> Result<Option<UtcMs>, Problem> {
    let is_first = work.row.attempts == 0;
    let is_appointment = work.mode() == Mode::Appointment;
    work.act(Act::Attempt(told.outcome))?;
    let (service, now) = (&work.offered.service, work.now);
    let before = match told.outcome {
        Outcome::NoAnswer => work.row.no_answers,
        Outcome::Busy => work.row.busies,
        _ => 0,
    };
    let next = service.follows(&Tried {
        outcome: told.outcome,
        before,
        now,
        agreed: told.agreed,
        is_last: told.is_last,
        expires: work.row.expires,
        zone: view::zone(&work.row),
    });
    let is_unanswered = matches!(told.outcome, Outcome::NoAnswer | Outcome::Busy);
    let row = &mut work.row;
    row.attempts += 1;
    row.no_answers += i64::from(told.outcome == Outcome::NoAnswer);
    row.busies += i64::from(told.outcome == Outcome::Busy);
    told.outcome.name().clone_into(&mut row.outcome);
    if is_first {
        row.first_attempt = Some(begun);
        row.is_no_show = is_appointment && is_unanswered;
        if row.promise == 0 {
            row.promise = if begun <= row.due_by { 1 } else { 2 };
        }
    }
    match next {
        Next::Again(at) => {
            row.due = at;
            row.place = at;
            Ok(Some(at))
        }
        Next::End(state) => {
            work.enter(state);
            Ok(None)
        }
    }
}

/// The row of the attempt.
fn attempt(
    env: &impl Env,
    by: &Staff,
    row: &Callback,
    told: &Told,
    (agent_id, begun, now): (&str, UtcMs, UtcMs),
) -> Attempt {
    let salt = if told.note.is_empty() { Vec::new() } else { env.random().to_vec() };
    Attempt {
        callback_id: row.id.clone(),
        number: row.attempts,
        outcome: told.outcome.name().to_owned(),
        actor: by.actor.clone(),
        agent_id: agent_id.to_owned(),
        started_at: begun,
        duration_ms: told.duration_ms,
        note: told.note.clone(),
        salt,
        at: now,
    }
}

/// The events of an attempt. Of the note they have a salted digest, so that it can be erased and
/// their chain stays whole.
fn tell(work: &mut Work<'_>, told: &Told, attempt: &Attempt, next: Option<UtcMs>) {
    let mut data = Map::new();
    let mut put = |name: &str, value: Value| data.insert(name.to_owned(), value);
    put("number", attempt.number.into());
    put("outcome", told.outcome.name().into());
    put("duration_ms", told.duration_ms.into());
    put("next_at", json!(web::view::time_or_null(next)));
    if !attempt.note.is_empty() {
        let digest: [u8; 32] =
            Sha256::new().chain_update(&attempt.salt).chain_update(&attempt.note).finalize().into();
        put("digest", domain::id::hex(&digest).into());
    }
    work.happened("callback.attempted", data);
    let mut data = Map::new();
    match work.state() {
        State::Reached => {
            let response = web::view::some(&work.row.result_id).map(str::to_owned);
            data.insert("response_id".to_owned(), json!(response));
            work.happened("callback.reached", data);
        }
        State::Failed => {
            data.insert("outcome".to_owned(), told.outcome.name().into());
            work.happened("callback.failed", data);
        }
        _ => {}
    }
}

/// Puts the number on the list of those that are not called, and gives up whatever else was to be
/// called there.
async fn never_again(env: &impl Env, by: &Staff, work: &mut Work<'_>) -> Result<(), Problem> {
    let (site_id, now) = (work.row.site_id.clone(), work.now);
    let hash = <[u8; 32]>::try_from(work.row.phone_hash.as_slice()).unwrap_or_default();
    if !env.sql().fetch(do_not_call::has(&site_id, &hash)).await? {
        let id = domain::id::Kind::DoNotCall.id(now, env.random());
        work.also(do_not_call::insert(&id, &site_id, hash, &by.actor, now).guarded());
        let data = json!({ "callback_id": work.row.id });
        work.also(first_event(env, by, &id, "do_not_call.added", &data));
    }
    let found = call_queue::of_phone(&site_id, &hash, SAME_NUMBER_MAX);
    let found = env.sql().fetch(found).await?;
    // What they offer does not matter to what ends.
    let offered = Offered::default();
    let mut others = Vec::with_capacity(found.len());
    for row in found.into_iter().filter(|it| it.id != work.row.id) {
        let mut other = Work::on(&offered, row, now);
        other.enter(State::Failed);
        let mut data = Map::new();
        data.insert("outcome".to_owned(), Outcome::DoNotCall.name().into());
        other.happened("callback.failed", data);
        other.settle();
        others.push(other);
    }
    for write in together(env, by, others).await? {
        work.also(write);
    }
    Ok(())
}
