//! The responses of a study, as staff read them.

use app::write::{Change, check_version, write};
use app::{auth, rows};
use domain::screen::{self, Reason, reasons};
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Value, json};
use store::responses::{self, Response as Row};
use web::{Problem, Request, Response, view};

#[derive(Serialize)]
pub(crate) struct ResponseView {
    id: String,
    survey_version: i64,
    source: String,
    channel: Option<String>,
    group: Option<String>,
    language: String,
    customer_id: Option<String>,
    agent_id: Option<String>,
    answers: Value,
    answered_at: String,
    received_at: String,
    /// Whether it counts in the figures.
    is_counted: bool,
    /// Why it was screened out, even if staff overruled that.
    screened: Vec<&'static str>,
    version: i64,
}

/// Newest first.
pub(crate) async fn list(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    // Comments are the customers' own words: figures alone are for viewers.
    let agent = auth::agent(env, request).await?;
    let page = request.page()?;
    let study = crate::study::find(env, &agent, id).await?;
    let found = env.sql().fetch(responses::list(&study.id, &rows(&page))).await?;
    page.show(found, |it| it.id.clone(), show_one)
}

pub(crate) async fn show(
    env: &impl Env,
    request: &Request,
    id: &str,
    response_id: &str,
) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    let study = crate::study::find(env, &agent, id).await?;
    let found = env.sql().fetch(responses::by_id(&study.id, response_id)).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    web::response::ok_version(found.version, &show_one(&found))
}

/// Takes a response out of the figures, or back into them against what was screened.
pub(crate) async fn change(
    env: &impl Env,
    request: &Request,
    id: &str,
    response_id: &str,
) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    write(env, request, &manager, async || {
        let study = crate::study::find(env, &manager, id).await?;
        let found = env.sql().fetch(responses::by_id(&study.id, response_id)).await?;
        let mut row = found.ok_or_else(Problem::not_found)?;
        check_version(request, row.version)?;
        let mut fields = request.fields()?;
        let is_counted = fields.flag("is_counted", row.counted);
        fields.done()?;
        row.version += 1;
        row.counted = is_counted;
        let kind = if is_counted { "response.overruled" } else { "response.screened" };
        if !is_counted {
            row.screened = screen::with(&row.screened, Reason::Staff);
        }
        let answer = web::response::ok_version(row.version, &show_one(&row))?;
        let data = json!({ "is_counted": is_counted, "screened": reasons(&row.screened) });
        let mut change = Change::new(kind, response_id, row.version, data, answer);
        // What is kept for a repeated request outlives an erasure, and so holds no words.
        row.answers = "null".to_owned();
        change.kept_body = Some(view::text(&show_one(&row)).into_bytes());
        Ok(change.and(responses::recount(&study.id, &row).guarded()))
    })
    .await
}

pub(crate) fn show_one(row: &Row) -> ResponseView {
    ResponseView {
        id: row.id.clone(),
        survey_version: row.study_version,
        source: row.source.clone(),
        channel: view::some(&row.channel).map(str::to_owned),
        group: view::some(&row.group).map(str::to_owned),
        language: row.language.clone(),
        customer_id: view::some(&row.customer_id).map(str::to_owned),
        agent_id: view::some(&row.agent_id).map(str::to_owned),
        answers: view::json(&row.answers),
        answered_at: view::time(row.answered_at),
        received_at: view::time(row.received_at),
        is_counted: row.counted,
        screened: reasons(&row.screened),
        version: row.version,
    }
}
