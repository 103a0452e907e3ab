//! `/desk/inbox/alarms`: what the figures say is out of order.

use pages::html::Html;
use ports::Env;
use serde_json::Value;
use staff::tell::{at, items, number, plain, text, time};
use staff::{Desk, Section, word};
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::part::{self, name, nothing, tabs};
use crate::{ROWS, Told, words};

/// The address of the list.
const PATH: &str = "/desk/inbox/alarms";
/// What tells the names of touchpoints.
pub(crate) const TOUCHPOINTS: &str = "/v1/touchpoints?limit=100";

/// What asks for them.
pub(crate) fn asked(rows: i64, after: &str) -> String {
    let mut asked = format!("/v1/alarms?state=open&limit={rows}");
    if !after.is_empty() {
        asked.push_str("&after=");
        asked.push_str(&word(after));
    }
    asked
}

pub(crate) async fn page(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
) -> Result<Response, Problem> {
    let after = request.param("after").unwrap_or("");
    let read = [
        ("nps", asked(ROWS, after)),
        ("response", "/v1/inbox".to_owned()),
        ("admin", TOUCHPOINTS.to_owned()),
    ];
    let told = desk.read(env, request, &read).await;
    let [found, counts, touchpoints] = told.as_slice() else { return Err(Problem::not_found()) };
    let null = &Value::Null;
    let title = name(desk.lang, "alarms");
    let above = [part::inbox(desk.lang)];
    let mut page = desk.page_about(request, Section::Inbox, title, &above).live();
    tabs(&mut page.html, desk, "alarms", counts.as_ref().unwrap_or(null));
    list(&mut page.html, desk, found, touchpoints.as_ref().unwrap_or(null));
    if let Ok(found) = found {
        desk.more(&mut page.html, PATH, text(found, "/next"));
    }
    Ok(page.answer(http::StatusCode::OK))
}

pub(crate) fn list(html: &mut Html, desk: &Desk, told: &Told, touchpoints: &Value) {
    let lang = desk.lang;
    let found = match told {
        Ok(found) => items(found, "/items"),
        Err(refused) => return nothing(html, &words::gap(lang, refused)),
    };
    if found.is_empty() {
        let none = lang.of(
            "No alarm is open. A touchpoint surely under its target, far more low scores than \
             usual, or many complaints about the same raise one.",
            "当前没有告警。触点明显低于目标、低分异常增多或出现大量同类投诉时会在此告警。",
        );
        return nothing(html, none);
    }
    html.open("ul", &[("class", "list")]);
    for it in found {
        row(html, desk, it, touchpoints);
    }
    html.close();
}

fn row(html: &mut Html, desk: &Desk, it: &Value, touchpoints: &Value) {
    let lang = desk.lang;
    html.open("li", &[]);
    html.put("p", &[], words::alarm(lang, text(it, "/kind")));
    let numbers = facts(lang, it);
    if !numbers.is_empty() {
        html.put("p", &[], &numbers);
    }
    html.open("p", &[("class", "soft")]);
    html.text(lang.of("since ", "始于 "));
    time(html, desk, text(it, "/raised_at"));
    html.text(" · ");
    html.text(words::metric(lang, text(it, "/metric")));
    html.close();
    html.open("div", &[("class", "row-acts")]);
    let id = text(it, "/touchpoint_id");
    let known = items(touchpoints, "/items").iter().find(|it| text(it, "/id") == id);
    let (path, name) = match (id, known) {
        ("", _) => ("/dashboard".to_owned(), lang.of("The whole site", "全站")),
        (id, Some(it)) => (format!("/dashboard/touchpoints/{}", word(id)), text(it, "/name")),
        (id, None) => {
            (format!("/dashboard/touchpoints/{}", word(id)), lang.of("The touchpoint", "该触点"))
        }
    };
    html.put("a", &[("href", &desk.href(&path)), ("data-row", "")], name);
    let parent = text(it, "/numbers/parent_id");
    if !parent.is_empty() {
        let href = desk.href(&format!("/desk/complaints/{}", word(parent)));
        let number = text(it, "/numbers/number");
        html.put("a", &[("href", &href)], &format!("{}{number}", lang.of("Parent ", "主单 ")));
    }
    html.close();
    html.close();
}

/// The numbers that raised it, in a sentence.
fn facts(lang: Lang, it: &Value) -> String {
    let numbers = at(it, "/numbers");
    let of = |pointer: &str| number(numbers, pointer).map(plain);
    match text(it, "/kind") {
        "under_target" => match (of("/value"), of("/target"), of("/n")) {
            (Some(value), Some(target), Some(n)) => match lang {
                Lang::En => format!("{value}% of {n} answers; the target is {target}%."),
                Lang::Zh => format!("{n} 份回答中为 {value}%，目标 {target}%。"),
            },
            _ => String::new(),
        },
        "rise" => match (of("/low_answers"), of("/expected")) {
            (Some(low), Some(expected)) => match lang {
                Lang::En => format!("{low} low scores in a day; about {expected} are usual."),
                Lang::Zh => format!("一天内 {low} 个低分，平常约 {expected} 个。"),
            },
            _ => String::new(),
        },
        "surge" => match (of("/count"), of("/within_hours"), of("/usual")) {
            (Some(count), Some(hours), Some(usual)) => match lang {
                Lang::En => format!("{count} within {hours} hours; {usual} are usual."),
                Lang::Zh => format!("{hours} 小时内 {count} 件，平常 {usual} 件。"),
            },
            _ => String::new(),
        },
        _ => String::new(),
    }
}
