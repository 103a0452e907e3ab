//! `/v1/do-not-call`: numbers that are never called. Of each a keyed hash is kept and nothing else,
//! so that nobody reads them here, and yet each is known again.

use app::callback::phone_hash;
use app::callback::read::phone_rule;
use app::link::secret;
use app::write::{Change, write};
use app::{auth, entity};
use domain::id::Kind;
use domain::phone::{Region, e164};
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Value, json};
use store::do_not_call::{self, DoNotCall};
use web::problem::Kind as Fault;
use web::{Problem, Request, Response, view};

#[derive(Serialize)]
struct NumberView {
    id: String,
    actor: String,
    created_at: String,
}

pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    entity::list(env, request, &agent, show_one).await
}

pub(crate) async fn add(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    let hash = read(env, request, &agent.site_id).await?;
    let written = write(env, request, &agent, async || {
        let now = env.now();
        let it = DoNotCall {
            id: Kind::DoNotCall.id(now, env.random()),
            site_id: agent.site_id.clone(),
            version: 1,
            actor: agent.actor.clone(),
            created_at: now,
        };
        let answer = web::created(&format!("/v1/do-not-call/{}", it.id), &show_one(&it))?;
        let data = json!({ "callback_id": Value::Null });
        let change = Change::new("do_not_call.added", &it.id, 1, data, answer);
        let insert = do_not_call::insert(&it.id, &it.site_id, hash, &it.actor, now);
        Ok(change.and(insert.guarded()).or(Problem::new(Fault::Conflict)))
    })
    .await;
    // One that is there already is as good as added.
    match written {
        Err(problem) if problem.kind == Fault::Conflict => {
            let found = env.sql().fetch(do_not_call::of(&agent.site_id, hash)).await?;
            web::response::ok(&show_one(&found.ok_or(problem)?))
        }
        written => written,
    }
}

pub(crate) async fn remove(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    write(env, request, &manager, async || {
        let it = entity::find::<DoNotCall>(env, &manager, id).await?;
        let answer = web::no_content();
        let change = Change::new("do_not_call.removed", &it.id, 2, json!({}), answer);
        Ok(change.and(do_not_call::delete(&it.site_id, &it.id).guarded()))
    })
    .await
}

/// What stands for the number of a request. Without a country code it is one of the site's region.
async fn read(env: &impl Env, request: &Request, site_id: &str) -> Result<[u8; 32], Problem> {
    let mut fields = request.fields()?;
    let text = fields.text("phone", 1, 64, "");
    let region = Region::of_zone(&app::site(env, site_id).await?.zone);
    let number = e164(&text, region);
    if let Err(fault) = number.as_ref()
        && !text.is_empty()
    {
        fields.refuse("phone", phone_rule(*fault));
    }
    fields.done()?;
    Ok(phone_hash(&secret(env).await?, site_id, &number.unwrap_or_default()))
}

fn show_one(it: &DoNotCall) -> NumberView {
    NumberView { id: it.id.clone(), actor: it.actor.clone(), created_at: view::time(it.created_at) }
}
