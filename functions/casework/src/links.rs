//! Private links: a new one, and the end of one.

use app::auth;
use app::case::{Book, LINK_MS, Work, link_token};
use app::link::{origin, secret};
use app::write::write;
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::case_texts;
use web::{Problem, Request, Response, view};

use crate::case::{answer, find};

/// Every link of a case.
const ALL: &str = "all";

pub(crate) async fn make(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    let secret = secret(env).await?;
    let mut answer = write(env, request, &agent, async || {
        let case = find(env, &agent, id).await?;
        let links = env.sql().fetch(case_texts::links(&case.id)).await?;
        let number = links.iter().map(|it| it.number).max().unwrap_or(0) + 1;
        let book = Book::load(env, &agent.site_id).await?;
        let mut work = Work::on(&book, case, env.now())?;
        work.link(&secret, number);
        let expires_at = view::time(work.now + LINK_MS);
        let mut data = Map::new();
        data.insert("link".to_owned(), number.into());
        data.insert("expires_at".to_owned(), expires_at.as_str().into());
        work.happened("complaint.linked", data);
        work.settle();
        let id = &work.case.id;
        let shown = json!({ "number": number, "case_id": id, "expires_at": expires_at });
        let answer = web::created(&format!("/v1/complaints/{id}/links/{number}"), &shown)?;
        Ok(work.change(answer))
    })
    .await?;
    // What opens the case is kept nowhere: it is made of the secret again.
    if let Ok(Value::Object(mut shown)) = serde_json::from_slice(answer.body()) {
        let id = shown.get("case_id").and_then(Value::as_str).unwrap_or_default();
        let number = shown.get("number").and_then(Value::as_i64).unwrap_or(0);
        let url = format!("{}/t/{}", origin(request), link_token(&secret, id, number));
        shown.insert("url".to_owned(), url.into());
        *answer.body_mut() = view::text(&shown).into_bytes();
    }
    Ok(answer)
}

pub(crate) async fn revoke(
    env: &impl Env,
    request: &Request,
    id: &str,
    number: &str,
) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    let number: i64 = match number {
        ALL => 0,
        it => it.parse().ok().filter(|it| 0 < *it).ok_or_else(Problem::not_found)?,
    };
    write(env, request, &agent, async || {
        let case = find(env, &agent, id).await?;
        let links = env.sql().fetch(case_texts::links(&case.id)).await?;
        let is_it = |it: &&case_texts::Link| number == 0 || it.number == number;
        if !links.iter().filter(is_it).any(|it| it.revoked_at.is_none()) {
            return Err(Problem::not_found());
        }
        let book = Book::load(env, &agent.site_id).await?;
        let mut work = Work::on(&book, case, env.now())?;
        work.also(case_texts::revoke(&work.case.id, number, work.now).guarded());
        let mut data = Map::new();
        data.insert("link".to_owned(), number.into());
        work.happened("complaint.unlinked", data);
        work.settle();
        let answer = answer(&book, &work.case, work.now)?;
        Ok(work.change(answer))
    })
    .await
}
