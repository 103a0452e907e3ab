//! `/desk/inbox/low`: responses with low scores at which nobody looked yet.

use pages::html::Html;
use ports::{Env, Verb};
use serde_json::Value;
use staff::tell::{items, text};
use staff::{Call, Desk, Section, Sent, word};
use web::{Problem, Request, Response};

use crate::part::{self, name, nothing, tabs};
use crate::{ROWS, Told, Wrong, key_of, words};

/// The address of the list.
pub(crate) const PATH: &str = "/desk/inbox/low";

/// What asks for those of a kind, `low` or `screened`.
pub(crate) fn asked(kind: &str, rows: i64, after: &str) -> String {
    let mut asked = format!("/v1/responses?kind={kind}&limit={rows}");
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
    form: Option<&Sent>,
) -> Result<Response, Problem> {
    let mut wrong = Wrong::default();
    if let Some(sent) = form {
        match put_aside(env, request, desk, sent).await {
            Ok(()) => return Ok(desk.go(back(sent, PATH), "seen")),
            Err(it) => wrong = it,
        }
    }
    let after = request.param("after").unwrap_or("");
    let read = [("response", asked("low", ROWS, after)), ("response", "/v1/inbox".to_owned())];
    let told = desk.read(env, request, &read).await;
    let [found, counts] = told.as_slice() else { return Err(Problem::not_found()) };
    let title = name(desk.lang, "low");
    let above = [part::inbox(desk.lang)];
    let mut page = desk.page_about(request, Section::Inbox, title, &above);
    if form.is_none() {
        page = page.live();
    }
    pages::notes(&mut page.html, &wrong.alert, &[]);
    tabs(&mut page.html, desk, "low", counts.as_ref().unwrap_or(&Value::Null));
    list(&mut page.html, desk, found, "");
    if let Ok(found) = found {
        desk.more(&mut page.html, PATH, text(found, "/next"));
    }
    Ok(page.answer(wrong.status))
}

/// Where to go on: to the inbox, if the form stood there.
pub(crate) fn back<'a>(sent: &Sent, list: &'a str) -> &'a str {
    if sent.get("back") == "inbox" { Section::Inbox.path() } else { list }
}

/// Says that somebody looked at a response and there is nothing more to do.
pub(crate) async fn put_aside(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    sent: &Sent,
) -> Result<(), Wrong> {
    let id = sent.get("aside");
    let key = key_of(sent, id);
    let target = format!("/v1/responses/{}/looked-at", word(id));
    let call = Call {
        component: "response",
        verb: Verb::Post,
        target: &target,
        key: &key,
        ..Call::default()
    };
    let done = desk.send(env, request, call).await;
    done.map(|_| ()).map_err(|it| Wrong::of(desk, &it))
}

/// The list; `back` is where its forms lead.
pub(crate) fn list(html: &mut Html, desk: &Desk, told: &Told, back: &str) {
    let lang = desk.lang;
    let found = match told {
        Ok(found) => items(found, "/items"),
        Err(refused) => return nothing(html, &words::gap(lang, refused)),
    };
    if found.is_empty() {
        let none = lang.of(
            "No low score waits. What customers rate low in the next days comes here, and goes \
             when somebody puts it aside or opens a complaint.",
            "没有待处理的低分。客户之后给出的低分会出现在这里，标记已处理或转为投诉后即移出。",
        );
        return nothing(html, none);
    }
    html.open("ul", &[("class", "list")]);
    for (at, it) in found.iter().enumerate() {
        row(html, desk, it, (back, at == 0));
    }
    html.close();
}

fn row(html: &mut Html, desk: &Desk, it: &Value, (back, is_first): (&str, bool)) {
    let lang = desk.lang;
    let href = desk.href(&format!("{PATH}/{}", word(text(it, "/id"))));
    html.open("li", &[]);
    html.open("p", &[]);
    html.put("a", &[("href", &href), ("data-row", "")], &part::title(lang, it));
    html.close();
    let scores = items(it, "/scores");
    let is_low = |it: &&Value| staff::tell::at(it, "/is_low").as_bool() == Some(true);
    let rest: Vec<Value> = scores.iter().skip(1).filter(is_low).cloned().collect();
    part::scores(html, lang, &rest);
    part::answers(html, it, true);
    part::about(html, desk, it);
    html.open("div", &[("class", "row-acts")]);
    if staff::tell::at(it, "/case").is_null() {
        let href = format!("{href}#complain");
        html.put("a", &[("href", &href)], lang.of("Open a complaint", "转为投诉"));
    }
    aside(html, desk, it, (back, is_first && back.is_empty()));
    html.close();
    html.close();
}

/// A form that puts a response aside.
pub(crate) fn aside(html: &mut Html, desk: &Desk, it: &Value, (back, has_key): (&str, bool)) {
    let values = [("aside", text(it, "/id")), ("back", back)];
    let path = if back == "screened" { crate::screened::PATH } else { PATH };
    let label = desk.lang.of("Put aside", "标记已处理");
    part::act(html, desk, (path, label), &values, has_key);
}
