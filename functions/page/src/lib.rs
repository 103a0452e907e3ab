//! `/s/…`: a survey as a page of its own, which works without JavaScript.
//!
//! | path | method | does |
//! |---|---|---|
//! | `/s/{id}` | GET | shows the survey as a form |
//! | `/s/{id}` | POST | checks the form, and shows what is wrong with it |
//! | `/s/{id}/thanks` | GET | says what follows the answers |
//!
//! A good form goes on to `submit`, which takes it. Reading never writes, so whoever opens a link
//! before its receiver, as scanners of mails do, has not voted. Where scripts run, the widget
//! takes the place of the form; its component has the style, too.

use app::hosted;
use app::hosted::form::{self, Pairs};
use app::hosted::visit::{self, Visit, value};
use app::intake::published::{self, Published};
use domain::UtcMs;
use domain::civil;
use domain::survey::{Definition, Question};
use http::header::LOCATION;
use http::{Method, StatusCode};
use paper::words::{self, Words, fill, say};
use paper::{Form, Sheet};
use ports::{Env, Sql};
use web::field::Fields;
use web::problem::Place;
use web::response::set;
use web::{Kind, Problem, Request, Response};

/// A form of many long answers in Chinese, nine bytes a character.
#[cfg(target_family = "wasm")]
const BODY_BYTES_MAX: usize = 512 * 1024;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match (request.path().as_slice(), request.method()) {
        (["s", id] | ["s", id, "thanks"], &Method::GET) => read(env, &request, id).await,
        (["s", id], &Method::POST) => check(env, &request, id).await,
        (["s", _], _) => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        (["s", _, "thanks"], _) => Err(Problem::method_not_allowed("GET, HEAD")),
        _ => Err(Problem::not_found()),
    }
}

/// A page, with the headers that all have.
fn page(status: StatusCode, language: &str, body: Vec<u8>) -> Response {
    pages::answer(status, language, pages::SCRIPTED, body)
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
    let of = |it: &str| match visit::base(it).as_str() {
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
    let form = Form {
        definition: &published.definition,
        version: published.version,
        visit: &visit,
        key: &domain::id::token("", env.random()),
        form_token: &hosted::form_token(env, id).await?,
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
    let mut script = Vec::with_capacity(9 + visit.hidden.len());
    script.push(("src".to_owned(), "/widget.js".to_owned()));
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

/// Checks a form. A good one goes on to where it is taken, with all that it holds (RFC 9110
/// §15.4.8); whatever that says against it leads back to here.
async fn check(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    if request.media_type().as_deref() != Some("application/x-www-form-urlencoded") {
        return Err(Problem::new(Kind::UnsupportedMediaType));
    }
    let pairs = form::read(request.body()?);
    let version = value(&pairs, "version").parse().unwrap_or(0);
    let language = match value(&pairs, "lang") {
        "" => own_language(request),
        language => language,
    };
    let found = published::load(env, id, version, None).await;
    let published = match found.and_then(|it| from_here(request).map(|()| it)) {
        Ok(published) => published,
        Err(problem) => return explained(problem, language),
    };
    let visit = Visit::sent(&pairs, &published.definition);
    if let Some(response) = not_now(&published, &visit.language, env.now()) {
        return Ok(response);
    }
    let words = words::of(&visit.language);
    let alert = match request.param("said") {
        Some("taken") => return Ok(told(StatusCode::CONFLICT, &visit.language, words.taken)),
        Some("expired") => return Ok(told(StatusCode::GONE, &visit.language, words.expired)),
        Some("busy") => words.busy,
        Some("again") => words.again,
        Some(_) => words.refused,
        None => "",
    };
    let wrong = wrong(&published.definition, words, &visit, &pairs);
    let is_empty = form::answers(&published.definition, &visit, &pairs).is_empty();
    let alert = if is_empty && wrong.is_empty() && alert.is_empty() { words.any } else { alert };
    if alert.is_empty() && wrong.is_empty() {
        let mut response = page(StatusCode::TEMPORARY_REDIRECT, &visit.language, Vec::new());
        set(&mut response, LOCATION, &format!("/s/{id}/submit"));
        return Ok(response);
    }
    // A form that is mended is as old as it was, unless that is what is wrong.
    let token = match request.param("said") {
        Some("again") => hosted::form_token(env, id).await?,
        _ => value(&pairs, "form_token").to_owned(),
    };
    let status = match request.param("said") {
        Some("busy") => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let form = Form {
        definition: &published.definition,
        version: published.version,
        visit: &visit,
        // Nothing was taken under the key, so what is sent next may have it.
        key: value(&pairs, "key"),
        form_token: &token,
        kept: &pairs,
        wrong,
        alert,
        // The widget would begin anew.
        script: Vec::new(),
    };
    Ok(drawn(status, id, &form))
}

/// No other page may make a browser send our form.
fn from_here(request: &Request) -> Result<(), Problem> {
    app::intake::check_origin(request, &[])
}

/// The questions whose answers are wrong, each with what is wrong.
fn wrong<'a>(
    definition: &'a Definition,
    words: &'static Words,
    visit: &Visit,
    pairs: &Pairs,
) -> Vec<(&'a Question, &'static str)> {
    let mut fields = Fields::new(form::answers(definition, visit, pairs));
    web::survey::answers(definition, &form::told(visit), &mut fields);
    let Err(problem) = fields.done() else { return Vec::new() };
    let mut wrong = Vec::new();
    for question in &definition.questions {
        let names = |it: &Place| match it {
            Place::Pointer(pointer) => pointer.split('/').nth(1) == Some(question.id.as_str()),
            _ => false,
        };
        if problem.mistakes.iter().any(|it| names(&it.place)) {
            wrong.push((question, words.wrong(question, form::is_answered(question, pairs))));
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
