//! `/desk/inbox`: how much waits, and the first of each.

use pages::html::Html;
use ports::Env;
use serde_json::Value;
use staff::tell::{items, text};
use staff::{Desk, Section, word};
use web::{Problem, Request, Response};

use crate::part::{LISTS, count, nothing};
use crate::{Told, alarms, low, notices, screened, texts, words};

/// How many of each are shown.
const FIRST: i64 = 3;
/// How many reports.
const REPORTS: i64 = 3;

pub(crate) async fn page(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
) -> Result<Response, Problem> {
    let read = [
        ("response", "/v1/inbox".to_owned()),
        ("webhook", notices::asked(FIRST, "")),
        ("nps", alarms::asked(FIRST, "")),
        ("response", low::asked("low", FIRST, "")),
        ("response", low::asked("screened", FIRST, "")),
        ("voice", format!("/v1/comments?review=true&limit={FIRST}")),
        ("evaluation", reports(desk)),
        ("admin", alarms::TOUCHPOINTS.to_owned()),
    ];
    let told = desk.read(env, request, &read).await;
    let [counts, told_notices, told_alarms, told_low, told_screened, told_texts, made, places] =
        told.as_slice()
    else {
        return Err(Problem::not_found());
    };
    let null = &Value::Null;
    let counts = counts.as_ref().unwrap_or(null);
    let title = Section::Inbox.name();
    let mut page = desk.page(request, Section::Inbox, title.text(desk.lang)).live();
    let html = &mut page.html;
    for (at, (path, list, _)) in LISTS.iter().enumerate() {
        begin(html, desk, at, counts);
        match *list {
            "notices" => notices::list(html, desk, told_notices, "inbox"),
            "alarms" => alarms::list(html, desk, told_alarms, places.as_ref().unwrap_or(null)),
            "low" => low::list(html, desk, told_low, "inbox"),
            "screened" => screened::list(html, desk, told_screened),
            _ => texts::first(html, desk, told_texts),
        }
        end(html, desk, path);
        if at == 1 {
            told_reports(html, desk, made);
        }
    }
    Ok(page.answer(http::StatusCode::OK))
}

/// What asks for the reports of the week: those of the reader's department, if they have one.
fn reports(desk: &Desk) -> String {
    let mut asked = format!("/v1/reports?kind=week&limit={REPORTS}");
    if !desk.department_id.is_empty() {
        asked.push_str("&department_id=");
        asked.push_str(&word(&desk.department_id));
    }
    asked
}

/// Begins the part of a list, with how much waits in it.
fn begin(html: &mut Html, desk: &Desk, at: usize, counts: &Value) {
    let Some((_, list, name)) = LISTS.get(at) else { return };
    html.open("section", &[("class", "inbox"), ("aria-labelledby", list)]);
    html.open("h2", &[("id", list)]);
    html.text(name.text(desk.lang));
    let count = count(counts, list);
    if !count.is_empty() {
        html.text(" ");
        html.put("span", &[("class", "badge")], &count);
    }
    html.close();
}

/// Ends it, with the way to all of it.
fn end(html: &mut Html, desk: &Desk, path: &str) {
    let list = LISTS.iter().find(|it| it.0 == path);
    let name = list.map_or("", |it| it.2.text(desk.lang));
    html.open("p", &[("class", "more")]);
    let all = format!("{}{name}", desk.lang.of("All: ", "全部："));
    html.put("a", &[("href", &desk.href(path))], &all);
    html.close();
    html.close();
}

/// The reports of the week.
fn told_reports(html: &mut Html, desk: &Desk, told: &Told) {
    let lang = desk.lang;
    html.open("section", &[("class", "inbox"), ("aria-labelledby", "reports")]);
    html.put("h2", &[("id", "reports")], lang.of("Reports of the week", "周报"));
    match told {
        Err(refused) => nothing(html, &words::gap(lang, refused)),
        Ok(found) if items(found, "/items").is_empty() => {
            let none = lang.of(
                "There is no report yet. Each Monday one of the week before is made.",
                "尚无报告。每周一会生成上一周的周报。",
            );
            nothing(html, none);
        }
        Ok(found) => {
            html.open("ul", &[("class", "list")]);
            for it in items(found, "/items") {
                html.open("li", &[]);
                let href = desk.href(&format!("/dashboard/reports/{}", word(text(it, "/id"))));
                html.put("a", &[("href", &href), ("data-row", "")], text(it, "/title"));
                html.close();
            }
            html.close();
        }
    }
    html.open("p", &[("class", "more")]);
    let href = desk.href("/dashboard/reports");
    html.put("a", &[("href", &href)], lang.of("All reports", "全部报告"));
    html.close();
    html.close();
}
