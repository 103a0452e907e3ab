//! `/v1/responses` and `/v1/inbox`: the responses at which somebody should look, and how much
//! waits for somebody.

use app::auth;
use app::write::{Change, check_version, write};
use domain::civil::DAY_MS;
use ports::{Env, Sql};
use serde_json::{Value, json};
use store::looks::{self, Before, Look};
use web::field::one_of_rule;
use web::page::Page;
use web::{Problem, Request, Response, view};

use crate::told::{Survey, show as show_one};

/// How far back anybody is asked to look: what is older is history.
const DAYS: i64 = 30;
/// Up to how much is counted.
const MOST: i64 = 1_000;

/// The low ones, or those that are screened out, at which nobody looked yet. Newest first.
pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    // These are the customers' own words: figures alone are for viewers.
    let agent = auth::agent(env, request).await?;
    let mut query = request.query();
    let kinds = ["low", "screened"];
    let read = |text: &str| kinds.into_iter().find(|it| *it == text);
    let kind = query.parse("kind", read, || one_of_rule(&kinds));
    if request.param("kind").is_none() {
        query.refuse("kind", one_of_rule(&kinds));
    }
    let page = Page::read(&mut query);
    query.done()?;
    let (day, id) = page.after.split_once('.').unwrap_or(("", ""));
    let before = match day.parse() {
        Ok(day) => Before { day, id },
        Err(_) => Before { day: i64::MAX, id: "" },
    };
    let found = if kind == Some("low") { looks::low } else { looks::screened };
    let since = since(env.now());
    let found = env.sql().fetch(found(&agent.site_id, before, since, page.rows())).await?;
    let surveys = surveys(env, &found).await?;
    let lang = request.lang();
    page.show(found, |it| format!("{}.{}", it.day, it.id), |it| show_one(it, &surveys, lang))
}

/// The first day on which an answer is looked at.
fn since(now: i64) -> i64 {
    now / DAY_MS - DAYS
}

/// What they answer, each version once.
async fn surveys(env: &impl Env, found: &[Look]) -> Result<Vec<Survey>, Problem> {
    let mut versions: Vec<(&str, i64)> = Vec::new();
    for it in found {
        let version = (it.study_id.as_str(), it.study_version);
        if !versions.contains(&version) {
            versions.push(version);
        }
    }
    if versions.is_empty() {
        return Ok(Vec::new());
    }
    let asked = env.sql().fetch(looks::asked(&view::text(&versions))).await?;
    Ok(asked.into_iter().map(Survey::read).collect())
}

pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    let found = env.sql().fetch(looks::by_id(&agent.site_id, id)).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    let surveys = surveys(env, std::slice::from_ref(&found)).await?;
    web::response::ok_version(found.version, &show_one(&found, &surveys, request.lang()))
}

/// Puts one aside: somebody looked at it. Whoever says so again hears who is right already.
pub(crate) async fn look(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    request.fields_or_none()?.done()?;
    let found = env.sql().fetch(looks::by_id(&agent.site_id, id)).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    if found.looked_at.is_some() {
        return web::response::ok_version(found.version, &looked(&found));
    }
    write(env, request, &agent, async || {
        let mut it = found;
        check_version(request, it.version)?;
        it.version += 1;
        it.looked_at = Some(env.now());
        it.looked_by.clone_from(&agent.actor);
        let answer = web::response::ok_version(it.version, &looked(&it))?;
        let data = json!({ "survey_id": it.study_id });
        let change = Change::new("response.looked_at", id, it.version, data, answer);
        Ok(change.and(looks::look(&it).guarded()))
    })
    .await
}

/// What is kept for a repeated request outlives an erasure, and so holds no words.
fn looked(it: &Look) -> Value {
    json!({
        "id": it.id,
        "looked_at": view::time_or_null(it.looked_at),
        "looked_by": it.looked_by,
        "version": it.version,
    })
}

/// How much waits for whoever asks.
pub(crate) async fn waiting(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let (agent, role) = auth::agent_as(env, request).await?;
    request.no_query()?;
    let whom = app::whom(env, &agent.agent_id, role).await?;
    let found = looks::waiting(&agent.site_id, &whom, since(env.now()), MOST);
    let it = env.sql().fetch(found).await?.unwrap_or_default();
    web::ok(&json!({
        "notices": it.notices,
        "alarms": it.alarms,
        "low": it.low,
        "screened": it.screened,
        "texts": it.texts,
        "most": MOST,
    }))
}
