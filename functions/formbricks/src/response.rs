//! Responses, which come whole or answer by answer: each is taken once, however often it is sent.

use app::hosted::visit::nearest;
use app::intake::partial::{Before, public};
use app::intake::published::Published;
use app::intake::{Call, guard};
use app::{sealed, vault};
use domain::UtcMs;
use domain::survey::Definition;
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::foreign_ids::Place;
use store::partials::{self, Partial};
use store::responses;
use web::field::Fields;
use web::lang::said;
use web::problem::Place as At;
use web::survey::Told;
use web::{Kind, Problem, Request, Response, view};

use crate::answer::{Given, given};
use crate::place::{self, Names};
use crate::sent::{self, Sent};
use crate::shape;
use crate::token::{Ticket, displayed};

/// What names are derived for.
const ONCE: &str = "formbricks once";
/// Equal bodies of one caller within this time are one that was sent again.
const AGAIN_MS: i64 = 600_000;
/// Where answers stand, in the names of mistakes.
const DATA: &str = "response.data.";
/// How long a name is, which opens a partial as well: nobody guesses it.
const NAME_CHARS: usize = 32;

/// A call that was understood.
struct Handed<'a> {
    call: Call<'a>,
    names: Names,
    ticket: Ticket,
    secret: String,
    sent: Sent,
    /// When the form was given out, if that is known.
    form_at: Option<UtcMs>,
    /// The id that an update names; empty for a new response.
    id: &'a str,
}

/// Takes a new response, or the first answers of one.
pub(crate) async fn create(
    env: &impl Env,
    request: &Request,
    environment: &str,
) -> Result<Response, Problem> {
    let sent = sent::read(request, true)?;
    let place = place::find(env, environment, &sent.survey).await?;
    let survey_id = place::survey_id(&place, &sent.survey).to_owned();
    let secret = guard::secret(env).await?;
    let form_at = displayed(&secret, &survey_id, &sent.display_id);
    let name = name(env, request, &secret, (&place.site_id, &survey_id), &sent).await?;
    let ticket = Ticket {
        survey: sent.survey.clone(),
        survey_id: survey_id.clone(),
        version: 0,
        name,
        issued: form_at.unwrap_or(env.now()),
    };
    let call = call(request, &place, &survey_id);
    let names = Names::of(&place);
    hand_in(env, Handed { call, names, ticket, secret, sent, form_at, id: "" }).await
}

/// Adds to a response, and takes it if it says that it is finished.
pub(crate) async fn update(
    env: &impl Env,
    request: &Request,
    environment: &str,
    id: &str,
) -> Result<Response, Problem> {
    let sent = sent::read(request, false)?;
    let secret = guard::secret(env).await?;
    let ticket = Ticket::open(&secret, id).ok_or_else(|| shape::missing("Response", id))?;
    let place = place::find(env, environment, &ticket.survey).await?;
    let survey_id = ticket.survey_id.clone();
    let call = call(request, &place, &survey_id);
    let names = Names::of(&place);
    let form_at = Some(ticket.issued);
    hand_in(env, Handed { call, names, ticket, secret, sent, form_at, id }).await
}

fn call<'a>(request: &'a Request, place: &Place, survey_id: &'a str) -> Call<'a> {
    Call { request, survey_id, key: Some(place.key_hash), source: "api" }
}

/// The key under which a new response is taken once: by what names it, or else by what it says.
async fn name(
    env: &impl Env,
    request: &Request,
    secret: &str,
    (site_id, survey_id): (&str, &str),
    sent: &Sent,
) -> Result<String, Problem> {
    let of = |[kind, what]: [&str; 2]| {
        let text = [survey_id, kind, what].join("\0");
        let mut name = sealed::digest(secret, ONCE, &text);
        name.truncate(NAME_CHARS);
        name
    };
    if let Some(key) = request.idempotency_key()? {
        return Ok(of(["key", key]));
    }
    if !sent.single_use_id.is_empty() {
        return Ok(of(["single", &sent.single_use_id]));
    }
    if displayed(secret, survey_id, &sent.display_id).is_some() {
        return Ok(of(["display", &sent.display_id]));
    }
    if sent.ttc.is_empty() {
        return Ok(domain::id::hex(&env.random()));
    }
    // Times to the tenth of a millisecond are the same when it is sent again, and never else.
    let caller = [
        request.last_header("spin-client-addr").unwrap_or(""),
        &request.joined_header("x-forwarded-for"),
        request.header("user-agent").unwrap_or(""),
        &domain::id::hex(&sent.hash),
    ]
    .join("\0");
    let window = env.now().div_euclid(AGAIN_MS);
    let at = |window: i64| of([&window.to_string(), &caller]);
    let before = at(window - 1);
    let known = Known::find(env, site_id, survey_id, &before).await?;
    let is_known = known.partial.is_some() || known.taken.is_some();
    Ok(if is_known { before } else { at(window) })
}

/// What there is under a name.
struct Known {
    partial: Option<Partial>,
    /// The hash of the request that was taken, and the cell that it found full.
    taken: Option<([u8; 32], String)>,
}

impl Known {
    async fn find(
        env: &impl Env,
        site_id: &str,
        survey_id: &str,
        name: &str,
    ) -> Result<Known, Problem> {
        let key = public(name);
        let partial = env.sql().fetch(partials::by_key(survey_id, &key, env.now())).await?;
        // What is finished is no partial any more.
        let taken = match partial {
            Some(_) => None,
            None => env.sql().fetch(responses::taken(site_id, &key)).await?,
        };
        Ok(Known { partial, taken })
    }
}

async fn hand_in(env: &impl Env, it: Handed<'_>) -> Result<Response, Problem> {
    let result = it.call.with(env, it.ticket.version, async |published| {
        let (site_id, name) = (&published.site_id, &it.ticket.name);
        let known = Known::find(env, site_id, it.call.survey_id, name).await?;
        if let Some((hash, cell)) = &known.taken {
            return it.repeated(published, hash, cell).map(Some);
        }
        if known.partial.is_none() && !it.id.is_empty() {
            return Err(shape::missing("Response", it.id));
        }
        it.add(env, published, known.partial.unwrap_or_default()).await
    });
    result.await.map_err(|problem| it.explain(problem))
}

impl Handed<'_> {
    /// The answer where the response is finished already.
    fn repeated(
        &self,
        published: &Published,
        hash: &[u8; 32],
        cell: &str,
    ) -> Result<Response, Problem> {
        let is_first_part = self.id.is_empty() && !self.sent.is_finished;
        if *hash == self.sent.hash || is_first_part {
            let full = cell.strip_prefix("quota:").unwrap_or(cell);
            return self.answer(published, full);
        }
        if self.id.is_empty() {
            let rule = said("another response came under this id", "该编号已用于另一份答卷");
            return Err(shape::told(Kind::Conflict, rule, json!({})));
        }
        Err(finished())
    }

    /// Puts what was sent to what was known, and takes it or saves it.
    async fn add(
        &self,
        env: &impl Env,
        published: &Published,
        partial: Partial,
    ) -> Result<Option<Response>, Problem> {
        let definition = &published.definition;
        let mut told = Fields::default();
        let new = given(definition, &self.names, &self.sent, &mut told);
        // They are named as they came, so nothing needs to be looked up again.
        if let Err(mut problem) = told.done() {
            each(&mut problem, |name| format!("{DATA}{name}"));
            return Err(problem);
        }
        let seen = Some(partial.saved_at);
        let before = self.before(&partial);
        // The first part may come late, after those that followed it.
        let is_late = self.id.is_empty() && !self.sent.is_finished;
        let mut all = if is_late { merge(new, before) } else { merge(before, new) };
        let language = self.language(definition, &partial);
        keep_reached(definition, language, &mut all);
        let mut members = self.members(published, language, &all);
        if self.sent.is_finished {
            self.finish(&mut members, &all);
            let (name, hash) = (public(&self.ticket.name), self.sent.hash);
            let taken = self.call.take(env, published, Fields::new(members), name, hash).await?;
            return taken.map(|it| self.answer(published, &it.full)).transpose();
        }
        let at = definition.questions.iter().rfind(|it| all.answers.contains_key(&it.id));
        members.extend(at.map(|it| ("at".to_owned(), Value::from(it.id.as_str()))));
        let before = Before { saved_at: seen, held: self.held(env, definition, &all) };
        let (name, fields) = (&self.ticket.name, Fields::new(members));
        let saved = self.call.save(env, published, name, fields, before).await;
        // It was finished while this was on its way.
        let saved = saved.map_err(|it| if it.kind == Kind::Conflict { finished() } else { it })?;
        saved.map(|()| self.answer(published, "")).transpose()
    }

    /// What was answered before, with the ways to reach who answered.
    fn before(&self, partial: &Partial) -> Given {
        let mut answers = view::object(&partial.answers).unwrap_or_default();
        let held = vault::open(&self.secret, &self.ticket.name, &partial.held);
        let held = held.and_then(|it| String::from_utf8(it).ok());
        answers.extend(held.and_then(|it| view::object(&it)).unwrap_or_default());
        Given { answers, hidden: view::object(&partial.hidden).unwrap_or_default() }
    }

    /// Ways to reach who answers: a page sends them once, and not again at the end.
    fn held(&self, env: &impl Env, definition: &Definition, all: &Given) -> String {
        let mut held = Map::new();
        for question in definition.questions.iter().filter(|it| it.kind.is_contact()) {
            held.extend(all.answers.get(&question.id).map(|it| (question.id.clone(), it.clone())));
        }
        if held.is_empty() {
            return String::new();
        }
        let random = [env.random(), env.random()];
        vault::seal(&self.secret, &self.ticket.name, random, view::text(&held).as_bytes())
    }

    fn language<'a>(&self, definition: &'a Definition, partial: &Partial) -> &'a str {
        nearest(definition, &[&self.sent.language, &partial.language])
    }

    /// The body as `survey` and `form` take it.
    fn members(&self, published: &Published, language: &str, all: &Given) -> Map<String, Value> {
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| {
            members.insert(name.to_owned(), value);
        };
        put("version", published.version.into());
        put("language", language.into());
        put("channel", channel(&published.definition).into());
        put("answers", all.answers.clone().into());
        if !all.hidden.is_empty() {
            put("hidden", all.hidden.clone().into());
        }
        if let Some(at) = self.form_at {
            let token = guard::form_token(&self.secret, self.call.survey_id, at);
            put("form_token", token.into());
        }
        members
    }

    /// Adds what is only said at the end.
    fn finish(&self, members: &mut Map<String, Value>, all: &Given) {
        let theirs = all.answers.keys().map(|it| self.names.theirs(it));
        if let Some(ms) = self.sent.elapsed_ms(theirs) {
            members.insert("elapsed_ms".to_owned(), ms.into());
        }
        for (name, text) in [("answered_at", &self.sent.at), ("proof", &self.sent.proof)] {
            if !text.is_empty() {
                members.insert(name.to_owned(), text.as_str().into());
            }
        }
    }

    /// The id of the response, and whether what it counts in is full.
    fn answer(&self, published: &Published, full: &str) -> Result<Response, Problem> {
        let id = self.ticket.seal(&self.secret, published.version);
        let id = if self.id.is_empty() { &id } else { self.id };
        if full.is_empty() {
            return shape::data(&json!({ "id": id, "quotaFull": false }));
        }
        let mut quota = json!({ "id": full, "action": "endSurvey" });
        let found = published.definition.quotas.iter().find(|it| it.id == full);
        let ending = found.and_then(|it| it.then.strip_prefix("end:"));
        if let (Some(ending), Some(members)) = (ending, quota.as_object_mut()) {
            members.insert("endingCardId".to_owned(), ending.into());
        }
        shape::data(&json!({ "id": id, "quotaFull": true, "quota": quota }))
    }

    /// A problem in the page's words.
    fn explain(&self, mut problem: Problem) -> Problem {
        match problem.kind {
            Kind::IdempotencyKeyReused if !self.id.is_empty() => return finished(),
            Kind::NotFound if problem.extra.is_none() => {
                return shape::missing("Survey", &self.ticket.survey);
            }
            Kind::SurveyClosed => {
                problem.extra = Some(("surveyId", self.ticket.survey.as_str().into()));
            }
            _ => {}
        }
        each(&mut problem, |place| {
            let mut parts = place.split('/');
            match (parts.next().unwrap_or(""), parts.next()) {
                ("answers", Some(id)) => format!("{DATA}{}", self.names.theirs(id)),
                ("hidden", Some(id)) => format!("{DATA}{}", self.names.theirs(id)),
                ("answers", None) => DATA.trim_end_matches('.').to_owned(),
                ("answered_at", _) => "createdAt".to_owned(),
                _ => place.to_owned(),
            }
        });
        problem
    }
}

/// Gives every mistake in a body another name.
fn each(problem: &mut Problem, name: impl Fn(&str) -> String) {
    for mistake in &mut problem.mistakes {
        if let At::Pointer(place) = &mut mistake.place
            && let Some(own) = place.strip_prefix('/')
        {
            *place = name(own);
        }
    }
}

fn finished() -> Problem {
    // Their SDKs know it by this code, and forget the response.
    let details = json!({ "code": "response_already_finished" });
    let detail = said("Response is already finished", "该答卷已提交完成");
    shape::told(Kind::WrongState, detail, details)
}

/// The first answers with the second over them, but for those that were taken back.
fn merge(first: Given, second: Given) -> Given {
    let mut all = first;
    all.answers.extend(second.answers);
    all.hidden.extend(second.hidden);
    all.answers.retain(|_, it| !it.is_null());
    all.hidden.retain(|_, it| it.as_str() != Some(""));
    all
}

/// Leaves out what the path does not reach: whoever went back and on another way left it behind.
fn keep_reached(definition: &Definition, language: &str, all: &mut Given) {
    let mut hidden = Vec::with_capacity(all.hidden.len());
    for (id, value) in &all.hidden {
        hidden.push((id.clone(), value.as_str().unwrap_or("").to_owned()));
    }
    let told = Told {
        hidden,
        language: language.to_owned(),
        channel: channel(definition).to_owned(),
        ..Told::default()
    };
    let path = web::survey::path(definition, &told, &all.answers);
    for (at, question) in definition.questions.iter().enumerate() {
        if path.reached.get(at) != Some(&true) {
            all.answers.remove(&question.id);
        }
    }
}

/// Answers of pages come on the web, or on whatever the survey takes.
fn channel(definition: &Definition) -> &str {
    let channels = &definition.channels;
    let is_web = channels.is_empty() || channels.iter().any(|it| it == "web");
    if is_web { "web" } else { channels.first().map_or("web", String::as_str) }
}
