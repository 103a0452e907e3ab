//! `POST /internal/tick/reader`: reads what people wrote, soon after they did. Personal data is
//! hidden first; then a small model says how a comment feels and what it is about, or that a
//! person should look. A comment that is an earlier one hardly changed screens its response out.

use app::tick::tick;
use domain::id::Kind;
use domain::score::{Metric, Verdict};
use ports::{Committed, Env, Sql};
use serde_json::{Value, json};
use store::comments::{self, Unread};
use store::jobs::{self, Job};
use store::{models, studies};
use web::{Problem, Request, Response, view};
use words::model::Model;
use words::redact::redact;
use words::shipped::{sentiment, sentiment_by, topic};
use words::substance::is_substantial;

mod alike;

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// What this component does.
const KINDS: &str = r#"["read"]"#;
/// Responses that are read in one commit.
const BATCH: i64 = 200;
/// Commits of one tick, which leave its lease time to spare.
const BATCHES: usize = 10;
/// How often there is a look for new ones.
const READ_EVERY_MS: i64 = 10_000;
/// A response gets its id before it is committed. Younger ones wait, so that none which commits
/// late is passed over: waiting for the lock ends sooner.
const SETTLED_MS: i64 = 20_000;

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match request.path().as_slice() {
        ["internal", "tick", "reader"] => {}
        _ => return Err(Problem::not_found()),
    }
    tick(env, &request, KINDS, async |job, lease| read_all(env, job, lease).await).await
}

async fn read_all(env: &impl Env, job: &Job, lease: &str) -> Result<(), Problem> {
    let until = Kind::Response.id(env.now() - SETTLED_MS, [0; 16]);
    let mut shelf = Shelf::default();
    for _ in 0..BATCHES {
        let unread = env.sql().fetch(comments::unread(&until, BATCH)).await?;
        if unread.is_empty() {
            let due = env.now() + READ_EVERY_MS;
            env.sql().commit(vec![jobs::again(&job.id, lease, due).guarded()]).await?;
            return Ok(());
        }
        let mut rows = Vec::new();
        let mut writes = vec![jobs::note(&job.id, lease, "{}").guarded()];
        for (at, response) in unread.iter().enumerate() {
            let book = shelf.book(env, response).await?;
            read(response, book, &mut rows);
            let next = unread.get(at + 1);
            if next.is_none_or(|next| next.study_id != response.study_id) {
                writes.push(comments::read_up_to(&response.study_id, &response.id).guarded());
            }
        }
        if !rows.is_empty() {
            writes.push(comments::write(&view::text(&rows)).write());
        }
        writes.extend(alike::screen(env, &unread, &rows).await?);
        // Refused: the lease ran out, and whoever has it now reads on.
        if env.sql().commit(writes).await? != Committed::Done {
            return Ok(());
        }
    }
    env.sql().commit(vec![jobs::again(&job.id, lease, env.now()).guarded()]).await?;
    Ok(())
}

/// What reading a response takes: the survey that it answers, and the models of its site.
struct Book {
    site_id: String,
    study_id: String,
    version: i64,
    asked: Vec<Asked>,
    sentiment: Option<Vec<u8>>,
    topic: Option<Vec<u8>>,
}

/// A question that people answer in words of their own.
struct Asked {
    id: String,
    touchpoint_id: String,
    /// Whether it has options, and words only beside an open one.
    has_options: bool,
}

impl Asked {
    /// The words of an answer; empty if it has none.
    fn words<'a>(&self, answer: &'a Value) -> &'a str {
        match answer {
            Value::String(text) if !self.has_options => Some(text.as_str()),
            Value::Array(chosen) => {
                chosen.iter().map(|it| self.words(it)).find(|it| !it.is_empty())
            }
            Value::Object(map) => map.values().find_map(Value::as_str),
            _ => None,
        }
        .unwrap_or("")
    }
}

/// The questions of a definition that are answered in words. It was checked when it was
/// published, so the few members that matter here are taken as they are.
fn asked(definition: &Value) -> Vec<Asked> {
    let text = |it: &Value, name: &str| {
        it.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let questions = definition.get("questions").and_then(Value::as_array);
    let mut asked = Vec::new();
    for question in questions.into_iter().flatten() {
        let has_options = match text(question, "type").as_str() {
            "text" => false,
            "single_choice" | "multiple_choice" => true,
            _ => continue,
        };
        let mut touchpoint_id = text(question, "touchpoint_id");
        if touchpoint_id.is_empty() {
            touchpoint_id = text(definition, "touchpoint_id");
        }
        asked.push(Asked { id: text(question, "id"), touchpoint_id, has_options });
    }
    asked
}

/// The books of one tick.
#[derive(Default)]
struct Shelf {
    books: Vec<Book>,
}

impl Shelf {
    async fn book(&mut self, env: &impl Env, it: &Unread) -> Result<&Book, Problem> {
        let is_it = |book: &Book| book.study_id == it.study_id && book.version == it.study_version;
        if !self.books.iter().any(is_it) {
            let public = studies::public(&it.study_id, it.study_version);
            let public = env.sql().fetch(public).await?;
            let asked = public.map(|it| asked(&view::json(&it.definition)));
            let own = self.books.iter().find(|book| book.site_id == it.site_id);
            let (sentiment, topic) = match own {
                Some(book) => (book.sentiment.clone(), book.topic.clone()),
                None => (
                    env.sql().fetch(models::weights(&it.site_id, "sentiment")).await?,
                    env.sql().fetch(models::weights(&it.site_id, "topic")).await?,
                ),
            };
            self.books.push(Book {
                site_id: it.site_id.clone(),
                study_id: it.study_id.clone(),
                version: it.study_version,
                asked: asked.unwrap_or_default(),
                sentiment,
                topic,
            });
        }
        let found = self.books.iter().find(|book| is_it(book));
        found.ok_or_else(|| ports::Corrupt("a book that was just put there is gone".into()).into())
    }
}

/// Reads every open answer of a response.
fn read(response: &Unread, book: &Book, rows: &mut Vec<Value>) {
    let Some(answers) = view::object(&response.answers) else { return };
    for question in &book.asked {
        let text = answers.get(&question.id).map_or("", |it| question.words(it));
        if !is_substantial(text) {
            continue;
        }
        let text = redact(text);
        let verdict = verdict(&response.scores);
        let (feeling, feeling_unsure) = feeling(book, &text);
        let (about, about_unsure) = about(book, &text);
        rows.push(json!({
            "site_id": response.site_id,
            "response_id": response.id,
            "question_id": question.id,
            "study_id": response.study_id,
            "touchpoint_id": question.touchpoint_id,
            "channel": response.channel,
            "language": response.language,
            "day": response.day,
            "text": text,
            "verdict": verdict,
            "sentiment": feeling,
            "topic": about,
            // A score says how it feels better than any model.
            "needs_review": u8::from(about_unsure || feeling_unsure && verdict.is_empty()),
            "counted": u8::from(response.counted),
        }));
    }
}

/// How a text feels, in hundredths, and whether that is unsure.
fn feeling(book: &Book, text: &str) -> (i64, bool) {
    let own = book.sentiment.as_deref().and_then(Model::parse);
    let found = own.map_or_else(|| sentiment(text), |model| sentiment_by(&model, text));
    #[expect(clippy::cast_possible_truncation, reason = "from -100 to 100")]
    let hundredths = (found.score * 100.0).round().clamp(-100.0, 100.0) as i64;
    (hundredths, found.needs_review)
}

/// What a text is about, if that is sure enough, and whether it is not.
fn about(book: &Book, text: &str) -> (String, bool) {
    let (label, is_unsure) = match book.topic.as_deref().and_then(Model::parse) {
        Some(model) => {
            let verdict = model.classify(text);
            (verdict.label.to_owned(), verdict.needs_review)
        }
        None => {
            let topic = topic(text);
            (topic.label.to_owned(), topic.needs_review)
        }
    };
    (if is_unsure { String::new() } else { label }, is_unsure)
}

/// What the scores of a response say together: its overall verdict, or else its worst score.
fn verdict(scores: &str) -> &'static str {
    let Value::Array(scores) = view::json(scores) else { return "" };
    let mut found: Option<Verdict> = None;
    for score in &scores {
        let number = |at: usize| score.get(at).and_then(Value::as_u64).unwrap_or(0);
        let points = u8::try_from(number(1)).unwrap_or(0);
        let metric = match score.get(0).and_then(Value::as_str) {
            Some("nps") => Some(Metric::Nps),
            Some("ces") => Some(Metric::Ces),
            _ => Metric::csat(points),
        };
        let Some(metric) = metric else { continue };
        let own = metric.verdict(u8::try_from(number(2)).unwrap_or(0));
        if number(3) == 1 {
            found = Some(own);
            break;
        }
        found = match (found, own) {
            (Some(Verdict::Low), _) | (_, Verdict::Low) => Some(Verdict::Low),
            (Some(Verdict::Middle), _) | (_, Verdict::Middle) => Some(Verdict::Middle),
            _ => Some(Verdict::High),
        };
    }
    match found {
        Some(Verdict::Low) => "low",
        Some(Verdict::High) => "high",
        Some(Verdict::Middle) | None => "",
    }
}

#[cfg(test)]
mod tests;
