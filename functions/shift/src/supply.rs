//! Who is there in a week, and how many calls they have.

use domain::civil::{date, parse_date};
use domain::role::Role;
use http::StatusCode;
use pages::html::Html;
use ports::Env;
use serde_json::Value;
use staff::tell::{at, items, text};
use staff::{Desk, Section, Signed, word};
use web::{Problem, Request, Response};

use crate::tell::{above, clock, tabs, zone};

/// The address of the page.
const PATH: &str = "/desk/supply";
/// A week has so many days.
const WEEK: i32 = 7;

pub(crate) async fn show(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let today = desk.zone.day(desk.now);
    let first = request.param("from").and_then(parse_date).unwrap_or(today);
    let (from, after) = (date(first), word(request.param("after").unwrap_or("")));
    let target = format!("/v1/supply?from={from}&limit=50&after={after}");
    let told = match desk.read_one(env, request, ("day", &target)).await {
        Ok(told) => told,
        Err(refused) => return desk.refusal(&refused),
    };
    let lang = desk.lang;
    let title = lang.of("Who is there", "人员排班");
    let mut page = desk.page_about(request, Section::Calls, title, &above(&desk));
    let html = &mut page.html;
    tabs(html, &desk, PATH);
    weeks(html, &desk, (first, today));
    let found = items(&told, "/items");
    if found.is_empty() {
        let none = lang.of(
            "Nobody is here yet. Agents are made in the settings; here they get their \
             hours and how many calls they make.",
            "尚无人员。请先在设置中添加员工，再在这里安排其工作时间和回电数量。",
        );
        html.put("p", &[("class", "nothing")], none);
    } else {
        table(html, &desk, found, first);
    }
    desk.more(html, &format!("{PATH}?from={from}"), text(&told, "/next"));
    if desk.may(Role::Manager) {
        html.open("p", &[]);
        let href = desk.href("/desk/rules/calendars");
        html.put("a", &[("href", &href)], lang.of("Calendars and holidays", "工作日历与节假日"));
        html.close();
    }
    Ok(page.answer(StatusCode::OK))
}

fn weeks(html: &mut Html, desk: &Desk, (first, today): (i32, i32)) {
    let lang = desk.lang;
    html.open("p", &[("class", "row-acts")]);
    for (to, name) in [
        (first.saturating_sub(WEEK), lang.of("Week before", "前一周")),
        (today, lang.of("From today", "从今天起")),
        (first.saturating_add(WEEK), lang.of("Week after", "后一周")),
    ] {
        let to = desk.href(&format!("{PATH}?from={}", date(to)));
        html.put("a", &[("href", &to)], name);
    }
    html.close();
}

fn table(html: &mut Html, desk: &Desk, found: &[Value], first: i32) {
    let lang = desk.lang;
    let label = lang.of("Hours and calls of the week", "一周的工作时间与回电");
    let scroll =
        [("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", label)];
    html.open("div", &scroll);
    html.open("table", &[("class", "week")]);
    html.open("thead", &[]);
    html.open("tr", &[]);
    html.put("th", &[("scope", "col")], lang.of("Agent", "员工"));
    for day in first..first.saturating_add(WEEK) {
        let (weekday, named) = pages::time::day(lang, day, desk.zone.day(desk.now));
        html.open("th", &[("scope", "col")]);
        html.text(weekday);
        html.void("br", &[]);
        html.text(&named);
        html.close();
    }
    html.close();
    html.close();
    html.open("tbody", &[]);
    for it in found {
        row(html, desk, it);
    }
    html.close();
    html.close();
    html.close();
}

fn row(html: &mut Html, desk: &Desk, it: &Value) {
    let lang = desk.lang;
    let most = at(it, "/calls_per_day").as_i64().unwrap_or(0);
    html.open("tr", &[]);
    html.open("th", &[("scope", "row")]);
    let href = desk.href(&format!("{PATH}/{}", word(text(it, "/agent/id"))));
    html.put("a", &[("href", &href), ("data-row", "")], text(it, "/agent/name"));
    if at(it, "/is_active").as_bool() == Some(false) {
        html.text(" ");
        html.put("span", &[("class", "badge")], lang.of("not at work", "停用"));
    }
    html.close();
    let zone = zone(it).unwrap_or(desk.zone);
    for day in items(it, "/days") {
        html.open("td", &[]);
        let open = items(day, "/open");
        for span in open {
            let (from, until) =
                (clock(zone, text(span, "/from")), clock(zone, text(span, "/until")));
            html.put("div", &[], &format!("{from}–{until}"));
        }
        if open.is_empty() {
            html.put("div", &[("class", "soft")], lang.of("away", "不在"));
        }
        let calls = at(day, "/calls").as_i64().unwrap_or(0);
        if 0 < most || 0 < calls {
            let said = match lang {
                web::lang::Lang::En => format!("{calls} of {most} calls"),
                web::lang::Lang::Zh => format!("回电 {calls}/{most}"),
            };
            html.put("div", &[("class", "soft")], &said);
        }
        html.close();
    }
    html.close();
}
