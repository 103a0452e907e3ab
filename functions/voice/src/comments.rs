//! Comments: list, show, say what one is about.

use app::auth::{self, Staff};
use app::rows;
use app::write::{Change, check_version, write};
use domain::civil;
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Map, Value};
use store::comments::{self, Comment};
use web::field::Fields;
use web::lang::{Said, said};
use web::{Problem, Request, Response, view};

/// Characters of the longest label.
const LABEL_CHARS_MAX: usize = 40;

/// What staff may say of how a comment feels.
const FEELINGS: [&str; 2] = ["negative", "positive"];

#[derive(Serialize)]
pub(crate) struct CommentView {
    id: String,
    response_id: String,
    question_id: String,
    survey_id: String,
    touchpoint_id: Option<String>,
    channel: Option<String>,
    language: String,
    day: String,
    /// What was written, personal data hidden; null in a repeated answer.
    text: Option<String>,
    verdict: Option<String>,
    /// From -1, bad, to 1, good.
    sentiment: f64,
    topic: Option<String>,
    needs_review: bool,
    /// What staff said; the models said the rest.
    said: Vec<&'static str>,
    version: i64,
}

/// Newest first.
pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    // These are the customers' own words: figures alone are for viewers.
    let agent = auth::agent(env, request).await?;
    let mut query = request.query();
    let label = |it: &str| if is_label(it) { Some(it.to_owned()) } else { None };
    let topic = query.parse("topic", label, label_rule);
    let is_true = |it: &str| if it == "true" { Some(()) } else { None };
    let review = query.parse("review", is_true, || said("must be true", "须为 true"));
    if request.param("topic").is_some() && request.param("review").is_some() {
        query.refuse("review", said("goes without a topic", "不可与 topic 同时使用"));
    }
    let page = web::page::Page::read(&mut query);
    query.done()?;
    let site_id = &agent.site_id;
    let found = match (&topic, review) {
        (Some(topic), _) => comments::list_topic(site_id, topic, &rows(&page)),
        (None, Some(())) => comments::list_review(site_id, &rows(&page)),
        (None, None) => comments::list(site_id, &rows(&page)),
    };
    page.show(env.sql().fetch(found).await?, Comment::id, show_one)
}

pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    let found = find(env, &agent, id).await?;
    web::response::ok_version(found.version, &show_one(&found))
}

/// Takes what staff say of a comment. What they say stays whatever the models read later, and
/// it is what the site's own models learn from.
pub(crate) async fn change(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    write(env, request, &agent, async || {
        let mut comment = find(env, &agent, id).await?;
        check_version(request, comment.version)?;
        let data = read(request.fields()?, &mut comment)?;
        comment.version += 1;
        let mut shown = show_one(&comment);
        let answer = web::response::ok_version(comment.version, &shown)?;
        // Kept answers outlive the erasure of a customer, so they hold none of their words.
        shown.text = None;
        let kept = web::ok(&shown)?.into_body();
        // The tick makes the first version, and without an event.
        let version = comment.version - 1;
        let mut change = Change::new("comment.labelled", id, version, Value::Object(data), answer)
            .and(comments::label(&agent.site_id, &comment).guarded());
        change.kept_body = Some(kept);
        Ok(change)
    })
    .await
}

async fn find(env: &impl Env, agent: &Staff, id: &str) -> Result<Comment, Problem> {
    let (response_id, question_id) = id.split_once('.').ok_or_else(Problem::not_found)?;
    let found = comments::by_id(&agent.site_id, response_id, question_id);
    env.sql().fetch(found).await?.ok_or_else(Problem::not_found)
}

/// Reads what is said into the comment; returns what the event tells. Null takes back what was
/// said: nothing is known then until the comment is read again.
fn read(mut fields: Fields, it: &mut Comment) -> Result<Map<String, Value>, Problem> {
    let mut data = Map::new();
    let was_said = it.topic_said || it.sentiment_said;
    if !fields.has("topic") && !fields.has("sentiment") {
        fields.refuse("topic", said("give a topic, a sentiment or both", "请给出主题、情感或两者"));
    }
    if fields.has("topic") {
        match fields.take("topic") {
            Some(Value::String(label)) if is_label(&label) => {
                data.insert("topic".to_owned(), label.as_str().into());
                (it.topic, it.topic_said) = (label, true);
            }
            Some(_) => fields.refuse("topic", label_rule()),
            None => {
                data.insert("topic".to_owned(), Value::Null);
                if it.topic_said {
                    (it.topic, it.topic_said) = (String::new(), false);
                }
            }
        }
    }
    if fields.has("sentiment") {
        let feeling = fields.one_of_or_none("sentiment", &FEELINGS, "");
        data.insert("sentiment".to_owned(), view::some(&feeling).into());
        match feeling.as_str() {
            "negative" => (it.sentiment, it.sentiment_said) = (-100, true),
            "positive" => (it.sentiment, it.sentiment_said) = (100, true),
            _ if it.sentiment_said => (it.sentiment, it.sentiment_said) = (0, false),
            _ => {}
        }
    }
    let is_said = it.topic_said || it.sentiment_said;
    it.needs_review = !is_said && (was_said || it.needs_review);
    fields.done()?;
    Ok(data)
}

/// Whether a text can be a label: one that a model can hold and a query can ask for.
pub(crate) fn is_label(text: &str) -> bool {
    text.len() <= words::model::MAX_LABEL
        && !text.contains(char::is_control)
        && domain::text::clean(text, 1, LABEL_CHARS_MAX) == Ok(text)
}

/// What a label must be.
pub(crate) fn label_rule() -> Said {
    said(
        "must be a label of 1 to 40 characters in 64 bytes of UTF-8, on one line and trimmed",
        "须为 1 到 40 个字符的标签，UTF-8 不超过 64 字节（汉字 21 个），单行且首尾无空白",
    )
}

pub(crate) fn show_one(it: &Comment) -> CommentView {
    let said = [(it.sentiment_said, "sentiment"), (it.topic_said, "topic")];
    CommentView {
        id: it.id(),
        response_id: it.response_id.clone(),
        question_id: it.question_id.clone(),
        survey_id: it.study_id.clone(),
        touchpoint_id: view::some(&it.touchpoint_id).map(str::to_owned),
        channel: view::some(&it.channel).map(str::to_owned),
        language: it.language.clone(),
        day: civil::date(i32::try_from(it.day).unwrap_or_default()),
        text: Some(it.text.clone()),
        verdict: view::some(&it.verdict).map(str::to_owned),
        sentiment: it.sentiment as f64 / 100.0,
        topic: view::some(&it.topic).map(str::to_owned),
        needs_review: it.needs_review,
        said: said.into_iter().filter(|(is_said, _)| *is_said).map(|(_, it)| it).collect(),
        version: it.version,
    }
}
