//! `/v1/session`: a key turned into a cookie that scripts cannot read, for our own pages.

use app::auth::{self, Holder};
use http::Method;
use http::header::SET_COOKIE;
use ports::{Env, Sql};
use serde::Serialize;
use store::Entity;
use web::lang::said;
use web::{Kind, Problem, Request, Response, view};

#[derive(Serialize)]
struct SessionView {
    role: &'static str,
    /// The site; null for the admin key, which spans them.
    site_id: Option<String>,
    actor: String,
    /// The agent whose key it is; null for nobody's.
    agent_id: Option<String>,
}

/// What somebody who is there already can be told of themselves.
#[derive(Serialize)]
struct WhoView {
    #[serde(flatten)]
    session: SessionView,
    /// The site; null for the admin key where it names none.
    site: Option<SiteView>,
    /// The agent; null for nobody's key.
    agent: Option<AgentView>,
}

#[derive(Serialize)]
struct SiteView {
    id: String,
    name: String,
    zone: String,
}

#[derive(Serialize)]
struct AgentView {
    id: String,
    name: String,
    department_id: Option<String>,
}

pub(crate) async fn route(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    request.no_query()?;
    match *request.method() {
        Method::GET => who(env, request).await,
        Method::POST => open(env, request).await,
        Method::DELETE => close(env, request).await,
        _ => Err(Problem::method_not_allowed("GET, HEAD, POST, DELETE")),
    }
}

/// Who asks: their role, and by name their site and who they are. The admin key may name a site.
async fn who(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let holder = auth::holder(env, request).await?;
    let site_id = match (holder.site_id.as_str(), request.param("site")) {
        ("", named) => named.unwrap_or(""),
        (own, Some(named)) if named != own => return Err(Problem::not_found()),
        (own, _) => own,
    };
    let mut told = WhoView { session: show(&holder), site: None, agent: None };
    if !site_id.is_empty() {
        let it = app::site(env, site_id).await?;
        told.site = Some(SiteView { id: it.id, name: it.name, zone: it.zone });
    }
    if !holder.agent_id.is_empty() {
        let found = store::agents::Agent::by_id(site_id, &holder.agent_id);
        told.agent = env.sql().fetch(found).await?.map(|it| AgentView {
            id: it.id,
            name: it.name,
            department_id: view::some(&it.department_id).map(str::to_owned),
        });
    }
    web::ok(&told)
}

async fn open(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let mut fields = request.fields()?;
    let key = fields.text("key", 1, 200, "");
    fields.done()?;
    let holder = auth::by_token(env, &key).await?.ok_or_else(|| {
        Problem::new(Kind::Unauthorized)
            .with(said("this key is unknown, revoked or expired", "密钥不存在、已吊销或已过期"))
    })?;
    let mut answer = web::ok(&show(&holder))?;
    *answer.status_mut() = http::StatusCode::CREATED;
    let opened = app::session::open(env, request, &holder).await?;
    web::response::set(&mut answer, SET_COOKIE, &opened);
    Ok(answer)
}

async fn close(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let holder = auth::holder(env, request).await?;
    let mut answer = web::no_content();
    web::response::set(&mut answer, SET_COOKIE, &app::session::gone(request));
    app::session::close(env, request, &holder).await?;
    Ok(answer)
}

fn show(holder: &Holder) -> SessionView {
    SessionView {
        role: holder.role.name(),
        site_id: view::some(&holder.site_id).map(str::to_owned),
        actor: holder.actor.clone(),
        agent_id: view::some(&holder.agent_id).map(str::to_owned),
    }
}
