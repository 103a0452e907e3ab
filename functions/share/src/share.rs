//! Links as managers make, read and close them.

use app::auth::{self, Manager};
use app::link::{origin, secret};
use app::pass::Pass;
use app::write::{Change, check_version, write, write_again};
use app::{entity, sealed};
use domain::UtcMs;
use domain::civil::DAY_MS;
use domain::id::Kind;
use domain::view::View;
use ports::Env;
use serde::Serialize;
use serde_json::{Value, json};
use store::shares::{self, Share};
use web::field::Fields;
use web::lang::said;
use web::{Problem, Request, Response, view};

use crate::{show, words};

/// The longest address that is read.
const VIEW_CHARS_MAX: usize = 2_000;
/// The longest life of a link.
const DAYS_MAX: i64 = 366;
/// What the token of a link is sealed for.
pub(crate) const PURPOSE: &str = "share";

#[derive(Serialize)]
struct ShareView {
    id: String,
    name: String,
    view: String,
    is_embeddable: bool,
    state: &'static str,
    created_by: String,
    created_at: String,
    expires_at: String,
    revoked_at: Option<String>,
    version: i64,
}

pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    let now = env.now();
    let page = request.page()?;
    let found = of_page(env, &manager.site_id, &app::rows(&page)).await?;
    page.show(found, |it| it.id.clone(), |it| show_one(it, now))
}

/// The links of a site, page by page.
pub(crate) async fn of_page(
    env: &impl Env,
    site_id: &str,
    page: &store::Page,
) -> Result<Vec<Share>, Problem> {
    use ports::Sql;
    Ok(env.sql().fetch(<Share as store::Entity>::list(site_id, page)).await?)
}

pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    let it = entity::find::<Share>(env, &manager, id).await?;
    web::response::ok_version(it.version, &show_one(&it, env.now()))
}

pub(crate) async fn create(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    let secret = secret(env).await?;
    let mut answer = write(env, request, &manager, async || {
        let it = read(env, request, &manager, &secret).await?;
        let location = format!("/v1/shares/{}", it.id);
        let answer = web::created(&location, &show_one(&it, it.created_at))?;
        let data = json!({
            "name": it.name,
            "view": it.view,
            "is_embeddable": it.is_embeddable,
            "expires_at": view::time(it.expires_at),
        });
        let change = Change::new("share.created", &it.id, 1, data, answer);
        Ok(change.and(shares::insert(&it).write()))
    })
    .await?;
    // What opens the view is kept nowhere: it is made of the secret again.
    if let Ok(Value::Object(mut shown)) = serde_json::from_slice(answer.body()) {
        let id = shown.get("id").and_then(Value::as_str).unwrap_or_default();
        let token = sealed::seal(&secret, PURPOSE, &[id]);
        let origin = origin(request);
        let is_embeddable = shown.get("is_embeddable").and_then(Value::as_bool) == Some(true);
        let embed = is_embeddable.then(|| format!("{origin}/embed/{token}"));
        shown.insert("url".to_owned(), format!("{origin}/share/{token}").into());
        shown.insert("embed_url".to_owned(), embed.into());
        *answer.body_mut() = view::text(&shown).into_bytes();
    }
    Ok(answer)
}

pub(crate) async fn revoke(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    write_again(env, request, &manager, async || close(env, request, &manager, id).await).await
}

/// What closes a link; whatever is closed stays as it is.
async fn close(
    env: &impl Env,
    request: &Request,
    manager: &Manager,
    id: &str,
) -> Result<Change, Problem> {
    let it = entity::find::<Share>(env, manager, id).await?;
    check_version(request, it.version)?;
    if it.revoked_at.is_some() {
        return Ok(Change::of_others(Vec::new(), web::no_content()));
    }
    let version = it.version + 1;
    let change = Change::new("share.revoked", &it.id, version, json!({}), web::no_content());
    Ok(change.and(shares::revoke(&it.id, version, env.now()).guarded()))
}

async fn read(
    env: &impl Env,
    request: &Request,
    manager: &Manager,
    secret: &str,
) -> Result<Share, Problem> {
    let now = env.now();
    let mut fields = request.fields()?;
    let name = fields.text("name", 1, 80, "");
    let view = read_view(&mut fields, &manager.site_id);
    let days = fields.integer("expires_in_days", 1, DAYS_MAX, None);
    let is_embeddable = fields.flag("is_embeddable", false);
    let it = Share {
        id: Kind::Share.id(now, env.random()),
        site_id: manager.site_id.clone(),
        version: 1,
        name,
        view: view.to_string(),
        is_embeddable,
        created_by: manager.actor.clone(),
        created_at: now,
        expires_at: now + days * DAY_MS,
        revoked_at: None,
    };
    // Only a page about one thing may be missing, and the page itself knows best.
    if view.path.rfind('/').is_some_and(|it| 0 < it) && !is_there(env, &it, &view, secret).await? {
        fields.refuse("view", said("there is no such page", "没有这个页面"));
    }
    fields.done()?;
    Ok(it)
}

async fn is_there(env: &impl Env, it: &Share, view: &View, secret: &str) -> Result<bool, Problem> {
    let pass = Pass { site_id: it.site_id.clone(), actor: actor(&it.id), ..Pass::default() };
    let headers = vec![("authorization".to_owned(), pass.header(secret, env.now()))];
    match show::ask(env, view, "", headers).await?.status {
        200 => Ok(true),
        404 => Ok(false),
        status => Err(Problem::new(web::Kind::Unavailable).caused_by(format!("answered {status}"))),
    }
}

/// Who a pass for a link says that it is.
pub(crate) fn actor(id: &str) -> String {
    format!("share:{id}")
}

fn read_view(fields: &mut Fields, site_id: &str) -> View {
    // What comes first has an empty address.
    if !fields.has("view") {
        fields.refuse("view", said("is required", "为必填项"));
        return View::default();
    }
    let address = fields.text("view", 0, VIEW_CHARS_MAX, "");
    View::read(&address, site_id).unwrap_or_else(|faults| {
        for it in &faults {
            fields.refuse("view", words::fault(it));
        }
        View::default()
    })
}

fn show_one(it: &Share, now: UtcMs) -> ShareView {
    ShareView {
        id: it.id.clone(),
        name: it.name.clone(),
        view: it.view.clone(),
        is_embeddable: it.is_embeddable,
        state: it.state(now),
        created_by: it.created_by.clone(),
        created_at: view::time(it.created_at),
        expires_at: view::time(it.expires_at),
        revoked_at: view::time_or_null(it.revoked_at),
        version: it.version,
    }
}
