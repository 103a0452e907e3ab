//! What people must know.

use app::auth::{self, Staff};
use app::case::batch::event_row;
use app::write::Change;
use domain::event::Event;
use domain::id::{Kind as Id, derived};
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Value, json};
use store::events;
use store::notices::{self, Notice};
use web::lang::{Lang, said};
use web::page::Page;
use web::{Problem, Request, Response, view};

use crate::act::{Act, act};

/// Most that are seen at once.
const ROWS: usize = 100;
/// No id is longer.
const ID_BYTES_MAX: usize = 64;

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
pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let holder = auth::holder(env, request).await?;
    let role = holder.role;
    let viewer = auth::viewer_as(env, request, holder).await?;
    let mut query = request.query();
    let is_true = |it: &str| if it == "true" { Some(()) } else { None };
    let waiting = query.parse("waiting", is_true, || said("must be true", "须为 true"));
    if waiting.is_some() && request.param("to").is_some() {
        query.refuse("to", said("goes without waiting", "不可与 waiting 同时使用"));
    }
    let to = query.text("to", 64).unwrap_or_default();
    let page = Page::read(&mut query);
    query.done()?;
    let to = if to == "me" { viewer.agent_id.as_str() } else { &to };
    let found = match waiting {
        Some(()) => {
            let whom = app::whom(env, &viewer.agent_id, role).await?;
            notices::waiting(&viewer.site_id, &whom, &page.after, page.rows())
        }
        None => notices::list(&viewer.site_id, to, &page.after, page.rows()),
    };
    let lang = request.lang();
    page.show(env.sql().fetch(found).await?, |it| it.id.clone(), |it| show_one(it, lang))
}

/// Notes that several were seen. Those that somebody saw before, or that are not there, stay as
/// they are.
pub(crate) async fn see_all(
    env: &impl Env,
    request: &Request,
    by: &Staff,
) -> Result<Change, Problem> {
    let mut fields = request.fields()?;
    let rule = || said("must be ids of notices", "须为通知编号");
    if !fields.has("ids") {
        fields.refuse("ids", said("is required", "为必填项"));
    }
    let fits = |it: &str| it.starts_with(Id::Notice.prefix()) && it.len() <= ID_BYTES_MAX;
    let ids = fields.texts("ids", ROWS, fits, &rule);
    fields.done()?;
    let ids = view::text(&ids.unwrap_or_default());
    let found = env.sql().fetch(notices::unseen(&by.site_id, &ids)).await?;
    let (now, seed) = (env.now(), env.random());
    let mut rows = Vec::with_capacity(found.len());
    for (at, (it, previous)) in found.into_iter().enumerate() {
        rows.push(event_row(&Event {
            id: Id::Event.id(now, derived(seed, at)),
            site_id: by.site_id.clone(),
            data: view::text(&json!({ "type": it.kind, "about": it.subject })),
            subject: it.id,
            version: it.version + 1,
            kind: "notice.seen",
            actor: by.actor.clone(),
            at: now,
            previous,
        }));
    }
    let answer = web::ok(&json!({ "seen": rows.len() }))?;
    let rows = view::text(&rows);
    let writes = vec![
        events::append_all(&by.site_id, now, &rows).write(),
        notices::see_all(now, &rows).write(),
    ];
    Ok(Change::of_others(writes, answer))
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
    let (_, en, zh) = TEXTS.into_iter().find(|(it, ..)| match it.strip_suffix(".gone") {
        Some(it) => it == kind && is_gone,
        None => *it == kind,
    })?;
    Some(match lang {
        Lang::En => en,
        Lang::Zh => zh,
    })
}

/// What each kind says, in English and Chinese; the first that fits.
const TEXTS: [(&str, &str, &str); 9] = [
    (
        "webhook.disabled.gone",
        "A webhook was disabled: its receiver answered 410, gone for good.",
        "一个 webhook 已停用：接收方答复 410（已永久移除）。",
    ),
    (
        "webhook.disabled",
        "A webhook was disabled: nothing arrived for five days. Nothing is lost; once the \
         receiver is well, make it active again.",
        "一个 webhook 已停用：连续五天没有送达。事件没有丢失；接收方恢复后请重新启用。",
    ),
    ("case.due", "The time promised to a customer is running out.", "对客户承诺的时限即将用尽。"),
    ("case.late", "The time promised to a customer is over.", "对客户承诺的时限已到。"),
    (
        "case.assigned",
        "A complaint whose time is over was given to you.",
        "一件超时的投诉已转交给您。",
    ),
    (
        "case.to_close",
        "It was solved and not contested: close it, with its cause and remedy.",
        "已解决且客户无异议：请填写原因与措施后结案。",
    ),
    (
        "case.surge",
        "Many complaints are alike: they have a parent now.",
        "出现大量同类投诉：已归入同因主单。",
    ),
    (
        "complaint.offered",
        "A customer who gave a low score may complain: send them the way to the form.",
        "客户给出低分：请将投诉入口发送给客户。",
    ),
    (
        "callback.missed",
        "A promised call-back was missed: call now and say sorry.",
        "一个约定的回电已错过：请立即致电并致歉。",
    ),
];
