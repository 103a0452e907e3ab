//! What people must know.

use app::auth::{self, Viewer};
use app::write::Change;
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Value, json};
use store::notices::{self, Notice};
use web::lang::Lang;
use web::{Problem, Request, Response, view};

use crate::act::{Act, act};

#[derive(Serialize)]
struct NoticeView {
    id: String,
    r#type: String,
    /// In the caller's language.
    text: Option<&'static str>,
    subject: String,
    data: Value,
    created_at: String,
    seen_at: Option<String>,
}

/// Newest first.
pub(crate) async fn list(
    env: &impl Env,
    request: &Request,
    viewer: &Viewer,
) -> Result<Response, Problem> {
    let page = request.page()?;
    let query = notices::list(&viewer.site_id, &page.after, page.rows());
    let lang = request.lang();
    page.show(env.sql().fetch(query).await?, |it| it.id.clone(), |it| show_one(it, lang))
}

/// Says that somebody knows. Whoever says so again hears who is right already.
pub(crate) async fn ask(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.fields_or_none()?.done()?;
    let found = env.sql().fetch(notices::by_id(&agent.site_id, id)).await?;
    match found.first() {
        Some(it) if it.seen_at.is_some() => web::ok(&show_one(it, request.lang())),
        _ => act(env, request, id, Act::See).await,
    }
}

/// Notes that it was seen.
pub(crate) async fn see(
    env: &impl Env,
    request: &Request,
    site_id: &str,
    id: &str,
) -> Result<Change, Problem> {
    let mut found = env.sql().fetch(notices::by_id(site_id, id)).await?;
    let mut it = found.pop().ok_or_else(Problem::not_found)?;
    it.version += 1;
    it.seen_at = Some(env.now());
    let answer = web::ok(&show_one(&it, request.lang()))?;
    let data = json!({ "type": it.kind, "about": it.subject });
    let change = Change::new("notice.seen", id, it.version, data, answer);
    Ok(change.and(notices::see(&it).guarded()))
}

fn show_one(it: &Notice, lang: Lang) -> NoticeView {
    let data = view::json(&it.data);
    NoticeView {
        id: it.id.clone(),
        r#type: it.kind.clone(),
        text: text(&it.kind, &data, lang),
        subject: it.subject.clone(),
        data,
        created_at: view::time(it.created_at),
        seen_at: view::time_or_null(it.seen_at),
    }
}

/// What a notice says to a person.
fn text(kind: &str, data: &Value, lang: Lang) -> Option<&'static str> {
    let is_gone = data.get("reason").and_then(Value::as_str) == Some("gone");
    Some(match (kind, is_gone, lang) {
        ("webhook.disabled", true, Lang::En) => {
            "A webhook was disabled: its receiver answered 410, gone for good."
        }
        ("webhook.disabled", true, Lang::Zh) => {
            "一个 webhook 已停用：接收方答复 410（已永久移除）。"
        }
        ("webhook.disabled", false, Lang::En) => {
            "A webhook was disabled: nothing arrived for five days. Nothing is lost; once the \
             receiver is well, make it active again."
        }
        ("webhook.disabled", false, Lang::Zh) => {
            "一个 webhook 已停用：连续五天没有送达。事件没有丢失；接收方恢复后请重新启用。"
        }
        _ => return None,
    })
}
