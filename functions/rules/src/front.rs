//! `/desk/rules`: everything that decides, and what each is for.

use domain::role::Role;
use http::StatusCode;
use pages::html::Html;
use ports::Env;
use serde_json::Value;
use staff::tell::{at, items, text};
use staff::{Desk, Refused, Section};
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::calendars::{self, known};
use crate::policy::{path, version_name};
use crate::words::{KINDS, Kind};
use crate::{call_rules, draw, opened, services};

/// The overview.
pub(crate) async fn show(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Viewer);
    let mut asked: Vec<(&str, String)> = Vec::with_capacity(KINDS.len() + 3);
    for it in &KINDS {
        asked.push(("policy", format!("/v1/policies/{}", it.key)));
    }
    asked.push(("calendar", "/v1/calendars?limit=100".to_owned()));
    asked.push(("service", "/v1/services?limit=100".to_owned()));
    asked.push(("service", "/v1/call-rules?limit=100".to_owned()));
    let told = desk.read(env, request, &asked).await;
    let lang = desk.lang;
    let settings = Section::Settings;
    let name = settings.name();
    let above = [(settings.path(), name.text(lang))];
    let mut page = desk.page_about(request, settings, lang.of("Rules", "规则"), &above);
    let html = &mut page.html;
    let about = lang.of(
        "What decides about complaints and calls. A policy is drafted, tried, then published; every \
         version is kept.",
        "决定投诉与回电如何处理的规则。规则先存草稿、试算，再发布；每一版都会保留。",
    );
    html.put("p", &[("class", "say")], about);
    draw::panel(html, "policies", lang.of("Complaints", "投诉"));
    html.open("ul", &[("class", "ruled")]);
    for (it, told) in KINDS.iter().zip(&told) {
        policy(html, &desk, it, told);
    }
    html.close();
    html.close();
    let mut rest = told.get(KINDS.len()..).unwrap_or(&[]).iter();
    draw::panel(html, "time", lang.of("Working time", "工作时间"));
    html.open("ul", &[("class", "ruled")]);
    let way = (calendars::PATH, calendars::title(lang));
    let about = lang.of(
        "When people are at work, with holidays and make-up days.",
        "工作时间，含法定节假日与调休补班。",
    );
    counted(html, &desk, way, (about, rest.next()));
    html.close();
    html.close();
    draw::panel(html, "calls", lang.of("Call-backs", "回电"));
    html.open("ul", &[("class", "ruled")]);
    let about =
        lang.of("What customers can book, and how it is called.", "客户可以预约什么、如何回拨。");
    let way = (services::THING.page, (services::THING.title)(lang));
    counted(html, &desk, way, (about, rest.next()));
    let about = lang.of("What leads to a call by itself.", "哪些事项会自动安排回访。");
    let way = (call_rules::THING.page, (call_rules::THING.title)(lang));
    counted(html, &desk, way, (about, rest.next()));
    html.close();
    html.close();
    Ok(page.answer(StatusCode::OK))
}

fn policy(html: &mut Html, desk: &Desk, kind: &Kind, told: &Result<Value, Refused>) {
    let lang = desk.lang;
    html.open("li", &[]);
    html.open("h3", &[]);
    let href = desk.href(&path(kind));
    html.put("a", &[("href", &href), ("data-row", "")], kind.name.text(lang));
    html.close();
    html.put("p", &[], kind.about.text(lang));
    html.open("p", &[("class", "soft")]);
    match told {
        Ok(told) => {
            let version = at(told, "/version").as_i64().unwrap_or(0);
            html.text(&version_name(lang, version));
            let since = text(told, "/published_at");
            if !since.is_empty() {
                html.text(lang.of(", since ", "，自 "));
                staff::tell::time(html, desk, since);
                html.text(lang.of("", " 起"));
            }
            if at(told, "/has_draft").as_bool() == Some(true) {
                html.text(" ");
                html.put("span", &[("class", "badge")], lang.of("a draft waits", "有待发布草稿"));
            }
        }
        Err(refused) => html.text(gone(lang, refused)),
    }
    html.close();
    html.close();
}

/// What to say where something cannot be told.
fn gone(lang: Lang, refused: &Refused) -> &str {
    match refused.text() {
        "" => lang.of("This cannot be reached just now.", "暂时无法读取。"),
        text => text,
    }
}

fn counted(
    html: &mut Html,
    desk: &Desk,
    (path, name): (&str, &str),
    (about, told): (&str, Option<&Result<Value, Refused>>),
) {
    let lang = desk.lang;
    html.open("li", &[]);
    html.open("h3", &[]);
    html.put("a", &[("href", &desk.href(path)), ("data-row", "")], name);
    html.close();
    html.put("p", &[], about);
    html.open("p", &[("class", "soft")]);
    match told {
        Some(Ok(told)) => {
            let found = items(told, "/items");
            let mut names: Vec<&str> =
                found.iter().map(|it| text(it, "/name")).filter(|it| !it.is_empty()).collect();
            names.truncate(5);
            let many = found.len();
            let more = if text(told, "/next").is_empty() { "" } else { "+" };
            html.text(&match (lang, many) {
                (Lang::En, 0) => "None of your own yet".to_owned(),
                (Lang::Zh, 0) => "暂无自建".to_owned(),
                (Lang::En, _) => format!("{many}{more} of your own"),
                (Lang::Zh, _) => format!("自建 {many}{more} 个"),
            });
            if !names.is_empty() {
                html.text(lang.of(": ", "："));
                html.text(&names.join(lang.of(", ", "、")));
            }
            if let Some(warning) = found.iter().find_map(|it| known(desk, it)) {
                html.text(" · ");
                html.put("span", &[("class", "late")], &warning);
            }
        }
        Some(Err(refused)) => html.text(gone(lang, refused)),
        None => {}
    }
    html.close();
    html.close();
}
