//! `/v1/sessions`: where somebody is signed in with the key that they hold, and signing out there.

use app::auth::{self, Holder};
use app::session::{current, gone};
use http::header::SET_COOKIE;
use ports::{Env, Sql};
use serde::Serialize;
use store::keys::{self, Session};
use web::field::Query;
use web::lang::said;
use web::page::Page;
use web::{Kind, Problem, Request, Response, view};

/// What no id sorts behind.
const BEYOND: &str = "set";

#[derive(Serialize)]
struct SessionView {
    id: String,
    /// The kind of browser and system; null where nobody knows.
    device: Option<String>,
    opened_at: String,
    expires_at: String,
    is_current: bool,
}

/// The live sessions of the key, the newest first.
pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let holder = keyed(env, request).await?;
    let mut query = request.query();
    let page = Page::read(&mut query);
    let (before, id) = before(&mut query, &page);
    query.done()?;
    let found = keys::sessions(&holder.key_id, env.now(), (before, &id), page.rows());
    let current = current(request);
    let key = |it: &Session| format!("{}.{}", it.opened_at, it.id);
    page.show(env.sql().fetch(found).await?, key, |it| show(it, current == Some(it.hash)))
}

pub(crate) async fn close(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let holder = keyed(env, request).await?;
    request.no_query()?;
    let is_current = app::session::close_one(env, request, &holder, id).await?;
    Ok(closed(request, is_current))
}

/// Signs out everywhere, or with `others=true` everywhere else.
pub(crate) async fn close_all(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let holder = keyed(env, request).await?;
    let mut query = request.query();
    let others = query.parse(
        "others",
        |it| match it {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        || said("must be true or false", "须为 true 或 false"),
    );
    query.done()?;
    let kept = current(request).filter(|_| others == Some(true));
    app::session::close_all(env, &holder, kept).await?;
    Ok(closed(request, kept.is_none()))
}

/// Whoever holds a key, or is signed in with one. A pass is no key.
async fn keyed(env: &impl Env, request: &Request) -> Result<Holder, Problem> {
    let holder = auth::holder(env, request).await?;
    if holder.key_id.is_empty() && !holder.site_id.is_empty() {
        return Err(Problem::new(Kind::Forbidden));
    }
    Ok(holder)
}

/// Where the page begins.
fn before(query: &mut Query, page: &Page) -> (i64, String) {
    if page.after.is_empty() {
        return (i64::MAX, BEYOND.to_owned());
    }
    let parts = page.after.split_once('.');
    let key = parts.and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    key.unwrap_or_else(|| {
        query.refuse("after", said("must be the next of a page", "须为上一页的 next"));
        (i64::MAX, String::new())
    })
}

fn closed(request: &Request, is_current: bool) -> Response {
    let mut answer = web::no_content();
    if is_current {
        web::response::set(&mut answer, SET_COOKIE, &gone(request));
    }
    answer
}

fn show(it: &Session, is_current: bool) -> SessionView {
    SessionView {
        id: it.id.clone(),
        device: view::some(&it.device).map(str::to_owned),
        opened_at: view::time(it.opened_at),
        expires_at: view::time(it.expires_at),
        is_current,
    }
}
