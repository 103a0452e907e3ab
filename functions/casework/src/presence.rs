//! `…/{id}/presence`: who else looks at a case just now.
//!
//! It is no change of the case: it has no event, takes no `Idempotency-Key`, moves no version, and
//! whoever stops telling is gone after a moment. A page tells it again and again, so that two who
//! have one case open see each other; the version tells that the case changed meanwhile.

use app::auth;
use http::Method;
use ports::{Env, Sql};
use serde_json::{Value, json};
use store::presence::{self, Other};
use web::lang::Lang;
use web::{Problem, Request, Response, view};

use crate::case::find;

/// How long somebody is there who said so. Pages say so every fifteen seconds.
const HERE_MS: i64 = 45_000;

/// Tells who else is there; with `PUT` those know it of whoever asks, too.
pub(crate) async fn meet(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let is_told = match *request.method() {
        Method::GET => false,
        Method::PUT => true,
        _ => return Err(Problem::method_not_allowed("GET, HEAD, PUT")),
    };
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    let case = find(env, &agent, id).await?;
    let now = env.now();
    if is_told {
        let mut fields = request.fields()?;
        let is_writing = fields.flag("is_writing", false);
        fields.done()?;
        let seen = presence::seen(&case.id, &agent.actor, &agent.agent_id, is_writing, now);
        env.sql().commit(vec![seen.write()]).await?;
    }
    let others = presence::others(&case.id, &agent.actor, &agent.agent_id, now - HERE_MS);
    let others = env.sql().fetch(others).await?;
    let lang = request.lang();
    let items: Value = others.iter().map(|it| show(it, lang)).collect();
    web::ok(&json!({ "version": case.version, "items": items }))
}

fn show(it: &Other, lang: Lang) -> Value {
    let name = match it.name.as_str() {
        "" => lang.of("administrator", "管理员"),
        name => name,
    };
    json!({ "name": name, "agent_id": view::some(&it.agent_id), "is_writing": it.is_writing })
}
