//! `/s/…`: a survey as a page of its own, which works without JavaScript.
//!
//! | path | method | does |
//! |---|---|---|
//! | `/s/{id}` | GET | shows the survey as a form |
//! | `/s/{id}` | POST | takes the form, and shows what is wrong with it |
//! | `/s/{id}/thanks` | GET | says what follows the answers |
//!
//! Reading never writes, so whoever opens a link before its receiver, as scanners of mails do,
//! has not voted. Where scripts run, the widget takes the place of the form; its component has
//! the style, too.

mod control;
mod draw;
mod form;
mod html;
mod visit;
mod words;

use app::intake::published::{self, Published};
use app::intake::{Call, public};
use app::sealed;
use app::write::request_hash;
use domain::UtcMs;
use domain::civil;
use domain::survey::{Definition, Question};
use http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, LOCATION, REFERRER_POLICY, VARY,
};
use http::{HeaderName, Method, StatusCode};
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use web::field::Fields;
use web::problem::Place;
use web::response::{bytes, set};
use web::{Kind, Problem, Request, Response};

use draw::{Form, Sheet};
use form::Pairs;
use visit::{Visit, value};
use words::{Words, fill, say};

/// A form of many long answers in Chinese, nine bytes a character.
#[cfg(target_family = "wasm")]
const BODY_BYTES_MAX: usize = 512 * 1024;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

/// Nothing but our own files, and forms that go nowhere else.
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; \
    style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match (request.path().as_slice(), request.method()) {
        (["s", id] | ["s", id, "thanks"], &Method::GET) => read(env, &request, id).await,
        (["s", id], &Method::POST) => take(env, &request, id).await,
        (["s", _], _) => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        (["s", _, "thanks"], _) => Err(Problem::method_not_allowed("GET, HEAD")),
        _ => Err(Problem::not_found()),
    }
}

/// A page, with the headers that all have.
fn page(status: StatusCode, language: &str, body: Vec<u8>) -> Response {
    let mut response = bytes("text/html; charset=utf-8", body);
    *response.status_mut() = status;
    // Every form has a key of its own, and an address may hold a token.
    set(&mut response, CACHE_CONTROL, "no-store");
    set(&mut response, CONTENT_LANGUAGE, language);
    set(&mut response, CONTENT_SECURITY_POLICY, POLICY);
    // Not `no-referrer`: a form would then come with the origin "null".
    set(&mut response, REFERRER_POLICY, "same-origin");
    set(&mut response, VARY, "accept-language");
    set(&mut response, ROBOTS, "noindex");
    response
}

/// A page that only says something.
fn told(status: StatusCode, language: &str, text: &str) -> Response {
    let sheet = Sheet { id: "", language, title: text, script: &[] };
    page(status, language, sheet.say(text))
}

/// The language of ours for somebody whose survey we cannot show.
fn own_language(request: &Request) -> &'static str {
    let accepted = visit::accepted(request.header("accept-language").unwrap_or(""));
    let wanted = request.param("lang").into_iter().chain(accepted);
    let of = |it: &str| match words::base(it).as_str() {
        "zh" => Some("zh-CN"),
        "ar" => Some("ar"),
        "en" => Some("en"),
        _ => None,
    };
    let mut found = wanted.filter_map(of);
    found.next().unwrap_or("en")
}

/// Why no answers are taken now, as a page.
fn not_now(published: &Published, language: &str, now: UtcMs) -> Option<Response> {
    let words = words::of(language);
    let definition = &published.definition;
    if !published.is_open || definition.closes_at.is_some_and(|it| it <= now) {
        return Some(told(StatusCode::GONE, language, words.closed));
    }
    let opens = definition.opens_at.filter(|it| now < *it)?;
    let day = civil::date(published.zone.day(opens));
    Some(told(StatusCode::NOT_FOUND, language, &fill(words.soon, &[&day])))
}

/// What goes wrong that a visitor can understand, as a page.
fn explained(problem: Problem, language: &str) -> Result<Response, Problem> {
    let words = words::of(language);
    let (status, text) = match problem.kind {
        Kind::NotFound | Kind::NotPublished => (StatusCode::NOT_FOUND, words.unknown),
        Kind::SurveyClosed => (StatusCode::GONE, words.closed),
        Kind::IdempotencyKeyReused => (StatusCode::CONFLICT, words.taken),
        Kind::OriginNotAllowed => (StatusCode::FORBIDDEN, words.refused),
        // The cause belongs into the log, and nobody can do anything about it here.
        _ => return Err(problem),
    };
    Ok(told(status, language, text))
}

/// The form, or what follows it.
async fn read(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let is_end = request.path().len() == 3;
    let version = request.param("v").filter(|_| is_end);
    let version = version.and_then(|it| it.parse().ok()).unwrap_or(0);
    let published = match published::load(env, id, version, None).await {
        Ok(published) => published,
        Err(problem) => return explained(problem, own_language(request)),
    };
    let visit = Visit::of(request, &published.definition);
    if is_end {
        return Ok(end(request, id, &published.definition, &visit));
    }
    if let Some(response) = not_now(&published, &visit.language, env.now()) {
        return Ok(response);
    }
    let key = env.sql().fetch(store::keys::of_pages(&published.site_id, env.now())).await?;
    let secret = secret(env).await?;
    let form = Form {
        definition: &published.definition,
        version: published.version,
        visit: &visit,
        key: &domain::id::token("", env.random()),
        form_token: &form_token(&secret, id, env.now()),
        kept: &tapped(&published.definition, visit.score),
        wrong: Vec::new(),
        alert: "",
        script: key.map(|it| script(id, &it, &visit)).unwrap_or_default(),
    };
    Ok(drawn(StatusCode::OK, id, &form))
}

/// The page with a form.
fn drawn(status: StatusCode, id: &str, form: &Form<'_>) -> Response {
    let language = form.visit.language.as_str();
    let definition = form.definition;
    let (title, _) = say(&definition.title, language, &definition.default_language);
    let is_wrong = !form.wrong.is_empty() || !form.alert.is_empty();
    let title = match is_wrong {
        true => fill(words::of(language).error, &[title]),
        false => title.to_owned(),
    };
    let sheet = Sheet { id, language, title: &title, script: &form.script };
    page(status, language, sheet.form(form))
}

/// The script that takes over, as attributes of its tag.
fn script(id: &str, key: &str, visit: &Visit) -> Vec<(String, String)> {
    let mut script = Vec::with_capacity(8 + visit.hidden.len());
    let mut put = |name: &str, value: &str| {
        if !value.is_empty() {
            script.push((format!("data-{name}"), value.to_owned()));
        }
    };
    put("key", key);
    put("survey", id);
    put("mode", "page");
    put("target", "#survey");
    put("language", &visit.language);
    put("channel", &visit.channel);
    put("link", &visit.link);
    put("score", &visit.score.map(|it| it.to_string()).unwrap_or_default());
    for (id, value) in &visit.hidden {
        put(&format!("hidden-{}", id.replace('_', "-")), value);
    }
    script
}

/// The score that was tapped, filled in where the first score is asked for.
fn tapped(definition: &Definition, score: Option<i64>) -> Pairs {
    let Some(score) = score else { return Pairs::new() };
    let is_scored = |it: &&Question| it.kind.scale().is_some() && !is_matrix(it);
    let Some(question) = definition.questions.iter().find(is_scored) else { return Pairs::new() };
    vec![(form::name(question), score.to_string())]
}

fn is_matrix(question: &Question) -> bool {
    matches!(question.kind, domain::survey::Ask::Matrix { .. })
}

/// When a form was given out, sealed.
fn form_token(secret: &str, id: &str, now: UtcMs) -> String {
    let second = now - now.rem_euclid(1000);
    sealed::seal(secret, "form", &[id, &second.to_string()])
}

async fn secret(env: &impl Env) -> Result<String, Problem> {
    let secret = env.setting("secret_key").await.filter(|it| !it.is_empty());
    secret.ok_or_else(|| Problem::new(Kind::Internal).caused_by("secret_key is not set"))
}

/// How long the form was in sight, which without scripts only we can tell.
fn elapsed(secret: &str, id: &str, token: &str, now: UtcMs) -> Option<i64> {
    let fields = sealed::open(secret, "form", token)?;
    match fields.as_slice() {
        [of, since] if of == id => {
            let since = since.parse::<UtcMs>().ok()?;
            Some((now - since).clamp(0, civil::DAY_MS))
        }
        _ => None,
    }
}

async fn take(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let expected = "application/x-www-form-urlencoded";
    if request.media_type().as_deref() != Some(expected) {
        return Err(Problem::new(Kind::UnsupportedMediaType));
    }
    let pairs = form::read(request.body()?);
    let hash = request_hash(request)?;
    let secret = secret(env).await?;
    let elapsed = elapsed(&secret, id, value(&pairs, "form_token"), env.now());
    let version = value(&pairs, "version").parse().unwrap_or(0);
    let call = Call { request, survey_id: id, key: None, source: "page" };
    let taken = call.with(env, version, async |published| {
        let visit = Visit::sent(&pairs, &published.definition);
        if let Some(response) = not_now(published, &visit.language, env.now()) {
            return Ok(Some(response));
        }
        let name = public(value(&pairs, "key"));
        let answers = form::answers(&published.definition, &visit, &pairs);
        let ending = form::ending(&published.definition, &visit, &answers);
        let fields = body(&pairs, published, &visit, answers, elapsed);
        match call.take(env, published, fields, name, hash).await {
            Ok(taken) => Ok(taken.map(|_| sent_on(id, published.version, &visit, &ending))),
            Err(problem) => {
                let form_token = form_token(&secret, id, env.now());
                put_again(id, published, &visit, &pairs, &form_token, problem).map(Some)
            }
        }
    });
    match taken.await {
        Ok(response) => Ok(response),
        Err(problem) => {
            let language = match value(&pairs, "lang") {
                "" => own_language(request),
                language => language,
            };
            explained(problem, language)
        }
    }
}

/// What the form says, as a widget would say it.
fn body(
    pairs: &Pairs,
    published: &Published,
    visit: &Visit,
    answers: Map<String, Value>,
    elapsed: Option<i64>,
) -> Fields {
    let mut members = Map::new();
    members.insert("version".to_owned(), published.version.into());
    members.insert("answers".to_owned(), answers.into());
    members.insert("language".to_owned(), visit.language.as_str().into());
    members.insert("channel".to_owned(), visit.channel.as_str().into());
    if !visit.hidden.is_empty() {
        let mut hidden = Map::new();
        hidden.extend(visit.hidden.iter().map(|(id, value)| (id.clone(), json!(value))));
        members.insert("hidden".to_owned(), hidden.into());
    }
    if let Some(elapsed) = elapsed {
        members.insert("elapsed_ms".to_owned(), elapsed.into());
    }
    for (name, from) in PASSED {
        let text = value(pairs, from);
        if !text.is_empty() {
            members.insert(name.to_owned(), text.into());
        }
    }
    Fields::new(members)
}

/// Members of a submission that the form carries as they are.
const PASSED: [(&str, &str); 0] = [];

/// Leads on to a page that can be loaded again without sending anything again.
fn sent_on(id: &str, version: i64, visit: &Visit, ending: &str) -> Response {
    let mut response = page(StatusCode::SEE_OTHER, &visit.language, Vec::new());
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("lang", &visit.language).append_pair("v", &version.to_string());
    if !ending.is_empty() {
        query.append_pair("end", ending);
    }
    set(&mut response, LOCATION, &format!("/s/{id}/thanks?{}", query.finish()));
    response
}

/// The form with what was filled in, and what is wrong with it.
fn put_again(
    id: &str,
    published: &Published,
    visit: &Visit,
    pairs: &Pairs,
    form_token: &str,
    problem: Problem,
) -> Result<Response, Problem> {
    let words = words::of(&visit.language);
    let definition = &published.definition;
    let wrong = wrong(definition, words, pairs, &problem);
    let alert = match problem.kind {
        Kind::InvalidFields if wrong.is_empty() => words.any,
        Kind::InvalidFields => "",
        Kind::TooManyRequests => words.busy,
        _ => return Err(problem),
    };
    let form = Form {
        definition,
        version: published.version,
        visit,
        // Nothing was taken under the key, so what is sent next may have it.
        key: value(pairs, "key"),
        form_token,
        kept: pairs,
        wrong,
        alert,
        // The widget would begin anew.
        script: Vec::new(),
    };
    Ok(drawn(problem.kind.status(), id, &form))
}

/// The questions whose answers a problem names, each with what is wrong.
fn wrong<'a>(
    definition: &'a Definition,
    words: &'static Words,
    pairs: &Pairs,
    problem: &Problem,
) -> Vec<(&'a Question, &'static str)> {
    let mut wrong = Vec::new();
    for question in &definition.questions {
        let names = |it: &Place| match it {
            Place::Pointer(pointer) => {
                let mut parts = pointer.split('/').skip(1);
                parts.next() == Some("answers") && parts.next() == Some(question.id.as_str())
            }
            _ => false,
        };
        if problem.mistakes.iter().any(|it| names(&it.place)) {
            let is_given = form::is_answered(question, pairs);
            wrong.push((question, words.wrong(question, is_given)));
        }
    }
    wrong
}

/// The page after the answers.
fn end(request: &Request, id: &str, definition: &Definition, visit: &Visit) -> Response {
    let wanted = request.param("end").unwrap_or("");
    let ending = definition.endings.iter().find(|it| it.id == wanted);
    let (title, _) = say(&definition.title, &visit.language, &definition.default_language);
    let sheet = Sheet { id, language: &visit.language, title, script: &[] };
    page(StatusCode::OK, &visit.language, sheet.end(definition, ending))
}

#[cfg(test)]
mod tests;
