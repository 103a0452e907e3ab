//! The messages of a source: what came, what became of it, and once more.

use app::ingest::Mistake;
use app::write::{Change, write};
use app::{auth, entity, rows};
use domain::inbound::STATES;
use ports::{Env, Sql};
use serde_json::{Value, json};
use store::inbound::{self, Message};
use store::sources::Source;
use web::field::one_of_rule;
use web::lang::{Lang, said};
use web::{Kind, Problem, Request, Response, view};

use crate::INGEST;

/// Newest first.
pub(crate) async fn list(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    let mut query = request.query();
    let known = |it: &str| Some(it.to_owned()).filter(|it| STATES.contains(&it.as_str()));
    let state = query.parse("state", known, || one_of_rule(&STATES));
    let page = web::page::Page::read(&mut query);
    query.done()?;
    let source = entity::find::<Source>(env, &agent, id).await?;
    let found = match state {
        Some(state) => inbound::list_state(&source.id, &state, &rows(&page)),
        None => inbound::list(&source.id, &rows(&page)),
    };
    let lang = request.lang();
    page.show(env.sql().fetch(found).await?, |it| it.id.clone(), |it| show_one(it, lang))
}

/// One, as it came. An agent's: it may hold personal data.
pub(crate) async fn show(
    env: &impl Env,
    request: &Request,
    id: &str,
    one: &str,
) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    let source = entity::find::<Source>(env, &agent, id).await?;
    let found = env.sql().fetch(inbound::by_id(&source.id, one)).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    let body = env.sql().fetch(inbound::body(one)).await?;
    let mut shown = show_one(&found, request.lang());
    if let Value::Object(members) = &mut shown {
        members.insert("body".to_owned(), json!(body));
    }
    web::ok(&shown)
}

/// Looks at one again.
pub(crate) async fn replay(
    env: &impl Env,
    request: &Request,
    id: &str,
    one: &str,
) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    let answer = write(env, request, &manager, async || {
        let source = entity::find::<Source>(env, &manager, id).await?;
        let found = env.sql().fetch(inbound::by_id(&source.id, one)).await?;
        let it = found.ok_or_else(Problem::not_found)?;
        let refused = Problem::new(Kind::Conflict).with(said(
            "it waits to be looked at already, or nothing is left of it to look at",
            "该消息已在等待处理，或其内容已被清除",
        ));
        if it.state == "new" {
            return Err(refused);
        }
        let location = format!("/v1/sources/{id}/messages/{one}");
        let shown = json!({ "id": one, "state": "new" });
        let answer = web::response::accepted(&location, &shown)?;
        let data = json!({ "source_id": id, "was": it.state });
        let change = Change::new("inbound.replayed", one, it.version + 1, data, answer);
        Ok(change.and(inbound::replay(one, it.version + 1).guarded()).or(refused))
    })
    .await?;
    env.hurry(INGEST);
    Ok(answer)
}

fn show_one(it: &Message, lang: Lang) -> Value {
    let mistakes = view::json(&it.mistakes);
    let mistakes = mistakes.as_array().map(Vec::as_slice).unwrap_or_default();
    let mistakes: Vec<Value> = mistakes.iter().map(|it| Mistake::shown(it, lang)).collect();
    json!({
        "id": it.id,
        "source_id": it.source_id,
        "state": it.state,
        "became": view::json(&it.outcome),
        "mistakes": mistakes,
        "tries": it.tries,
        "received_at": view::time(it.received_at),
        "decided_at": view::time_or_null(it.decided_at),
    })
}
