//! `/v1/reports`: listed, shown and made.

use app::auth::{self, Manager, Staff};
use app::write::write;
use domain::civil::{date, parse_date};
use domain::report::{DAYS_MAX, Days, Kind};
use http::header::{ACCEPT, VARY};
use ports::{Env, Sql};
use serde_json::{Value, json};
use store::Entity;
use store::departments::Department;
use store::reports::{self, Filter, Report};
use web::field::{Fields, one_of_rule};
use web::lang::{Lang, said, said_now};
use web::response::{bytes, set};
use web::{Problem, Request, Response, view};

use crate::body::department_view;
use crate::make::{Order, change};
use crate::{markdown, tell};

/// The longest name of a special report, in characters.
const NAME_CHARS_MAX: usize = 80;

/// A report that was made, and what it says.
pub(crate) struct Kept {
    /// What is known of it without its body.
    pub(crate) report: Report,
    /// What it says.
    pub(crate) body: Value,
}

/// The newest first.
pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    let mut query = request.query();
    let page = web::page::Page::read(&mut query);
    let read = |text: &str| Kind::parse(text).map(Kind::name);
    let kind = query.parse("kind", read, || one_of_rule(&Kind::NAMES)).unwrap_or("");
    let department_id = query.text("department_id", 64).unwrap_or_default();
    query.done()?;
    let filter = Filter { kind, department_id: &department_id };
    let found = reports::list(&viewer.site_id, filter, &app::rows(&page));
    let found = env.sql().fetch(found).await?;
    let lang = request.lang();
    page.show(found, |it| it.id.clone(), |it| summary(it, lang))
}

/// One, as JSON or as Markdown.
pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    let mut query = request.query();
    let formats = ["json", "md"];
    let read = |text: &str| formats.into_iter().find(|it| *it == text);
    let format = query.parse("format", read, || one_of_rule(&formats));
    // The language of a link; without it that of the reader.
    query.text("lang", 16);
    query.done()?;
    let kept = find(env, &viewer, id).await?;
    let lang = pages::lang(request);
    let wants = request.header(ACCEPT.as_str()).is_some_and(|it| it.contains("text/markdown"));
    let mut answer = if format == Some("md") || format.is_none() && wants {
        let told = tell::told(&kept, lang);
        bytes("text/markdown; charset=utf-8", markdown::text(&told).into_bytes())
    } else {
        let mut shown = summary(&kept.report, lang);
        if let Some(shown) = shown.as_object_mut() {
            shown.remove("made_at");
            // As they were called when it was made.
            for name in ["zone", "site", "department"] {
                let value = kept.body.get(name).cloned().unwrap_or_default();
                shown.insert(name.to_owned(), value);
            }
            let mut body = kept.body;
            if let Some(body) = body.as_object_mut() {
                body.retain(|name, _| !["zone", "site", "department"].contains(&name.as_str()));
            }
            shown.insert("body".to_owned(), body);
        }
        web::response::ok_beside(&shown, "made_at", &view::time(kept.report.made_at))?
    };
    set(&mut answer, VARY, "accept, accept-language");
    Ok(answer)
}

/// A special one, made at once.
pub(crate) async fn create(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    let lang = request.lang();
    write(env, request, &manager, async || {
        let fields = request.fields()?;
        special(env, &manager, fields, |it| {
            web::created(&format!("/v1/reports/{}", it.id), &summary(it, lang))
        })
        .await
    })
    .await
}

/// The change that makes a special report.
pub(crate) async fn special(
    env: &impl Env,
    manager: &Manager,
    fields: Fields,
    answer: impl FnOnce(&Report) -> Result<Response, Problem>,
) -> Result<app::write::Change, Problem> {
    let site = app::site(env, &manager.site_id).await?;
    let today = app::zone(&site.zone)?.day(env.now());
    let order = order(env, &site.id, fields, today).await?;
    change(env, &site, manager, &order, answer).await
}

async fn order(
    env: &impl Env,
    site_id: &str,
    mut fields: Fields,
    today: i32,
) -> Result<Order, Problem> {
    let name = fields.text("name", 1, NAME_CHARS_MAX, "");
    let [first, last] = ["from", "to"].map(|name| day(&mut fields, name));
    let department_id = fields.text("department_id", 0, 64, "");
    let mut department = (String::new(), String::new());
    if !department_id.is_empty() {
        match env.sql().fetch(Department::by_id(site_id, &department_id)).await? {
            Some(it) => department = (it.id, it.name),
            None => {
                let rule = said("must be a department of this site", "须为本站点的部门");
                fields.refuse("department_id", rule);
            }
        }
    }
    if let (Some(first), Some(last)) = (first, last) {
        if last < first {
            fields.refuse("to", said("must not be before from", "不得早于 from"));
        } else if DAYS_MAX <= last - first {
            let rule = said_now(
                format!("must be within {DAYS_MAX} days of to"),
                format!("与 to 相距不得超过 {DAYS_MAX} 天"),
            );
            fields.refuse("from", rule);
        } else if today < last {
            let rule = said_now(
                format!("must not be after today, {}", date(today)),
                format!("不得晚于今天 {}", date(today)),
            );
            fields.refuse("to", rule);
        }
    }
    fields.done()?;
    let days = Days { first: first.unwrap_or(today), last: last.unwrap_or(today) };
    Ok(Order { kind: Kind::Special, days, department, name })
}

/// A date that must be there.
fn day(fields: &mut Fields, name: &str) -> Option<i32> {
    let (was_given, is_text) = (fields.has(name), fields.peek(name).is_none_or(Value::is_string));
    let text = fields.text(name, 0, 10, "");
    let day = parse_date(&text);
    if !is_text {
        // Which is told by now.
    } else if !was_given {
        fields.refuse(name, said("is required", "为必填项"));
    } else if day.is_none() {
        fields.refuse(name, said("must be a date such as 2026-11-22", "须为日期，例如 2026-11-22"));
    }
    day
}

/// The report of an id at the site of whoever asks.
pub(crate) async fn find(env: &impl Env, staff: &Staff, id: &str) -> Result<Kept, Problem> {
    let found = env.sql().fetch(reports::by_id(&staff.site_id, id)).await?;
    let (report, body) = found.ok_or_else(Problem::not_found)?;
    Ok(Kept { report, body: view::json(&body) })
}

/// What a list tells of a report.
fn summary(it: &Report, lang: Lang) -> Value {
    let days = tell::days(it);
    json!({
        "id": it.id,
        "kind": it.kind,
        "title": tell::title(it, &it.department, lang),
        "department": department_view(&(it.department_id.clone(), it.department.clone())),
        "name": view::some(&it.name),
        "from": date(days.first),
        "to": date(days.last),
        "made_at": view::time(it.made_at),
    })
}
