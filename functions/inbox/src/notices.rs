//! `/desk/inbox/notices`: what whoever looks is told, until somebody saw it.

use pages::html::Html;
use ports::{Env, Verb};
use serde_json::{Value, json};
use staff::tell::{at, items, text, time};
use staff::{Call, Desk, Section, Sent, word};
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::part::{self, name, nothing, tabs};
use crate::{ROWS, Told, Wrong, key_of, words};

/// The address of the list.
pub(crate) const PATH: &str = "/desk/inbox/notices";
/// Most things that a digest leads to.
const NAMED_MAX: usize = 10;

/// What asks for them.
pub(crate) fn asked(rows: i64, after: &str) -> String {
    let mut asked = format!("/v1/notices?waiting=true&limit={rows}");
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
        match see(env, request, desk, sent).await {
            Ok(()) => return Ok(desk.go(back(sent), "seen")),
            Err(it) => wrong = it,
        }
    }
    let after = request.param("after").unwrap_or("");
    let read = [("webhook", asked(ROWS, after)), ("response", "/v1/inbox".to_owned())];
    let told = desk.read(env, request, &read).await;
    let [found, counts] = told.as_slice() else { return Err(Problem::not_found()) };
    let title = name(desk.lang, "notices");
    let above = [part::inbox(desk.lang)];
    let mut page = desk.page_about(request, Section::Inbox, title, &above);
    if form.is_none() {
        page = page.live();
    }
    pages::notes(&mut page.html, &wrong.alert, &[]);
    tabs(&mut page.html, desk, "notices", counts.as_ref().unwrap_or(&Value::Null));
    list(&mut page.html, desk, found, "");
    if let Ok(found) = found {
        all(&mut page.html, desk, items(found, "/items"));
        desk.more(&mut page.html, PATH, text(found, "/next"));
    }
    Ok(page.answer(wrong.status))
}

/// Where to go on: to the inbox, if the form stood there.
fn back(sent: &Sent) -> &'static str {
    if sent.get("back") == "inbox" { Section::Inbox.path() } else { PATH }
}

/// Says that some were seen.
async fn see(env: &impl Env, request: &Request, desk: &Desk, sent: &Sent) -> Result<(), Wrong> {
    let one = sent.get("seen");
    let key = key_of(sent, one);
    let target = match one {
        "" => "/v1/notices/seen".to_owned(),
        one => format!("/v1/notices/{}/seen", word(one)),
    };
    let ids: Vec<&str> = sent.all("shown").collect();
    let body = if one.is_empty() { json!({ "ids": ids }) } else { Value::Null };
    let call = Call {
        component: "webhook",
        verb: Verb::Post,
        target: &target,
        body: &body,
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
            "Nothing you have not seen. Deadlines that run out, call-backs that were missed and \
             webhooks that stopped are told here.",
            "没有未读通知。时限将尽、回电错过、webhook 停用等情况会在此提醒。",
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
    html.open("li", &[]);
    let kind = text(it, "/type");
    let said = match text(it, "/text") {
        "" => staff::tell::event(lang, kind),
        said => said,
    };
    let count = staff::tell::count(it, "/data/count");
    let said = match (count, lang) {
        (Some(count), Lang::En) => format!("{count} × {said}"),
        (Some(count), Lang::Zh) => format!("{count} 件：{said}"),
        (None, _) => said.to_owned(),
    };
    html.put("p", &[], &said);
    html.open("p", &[("class", "soft")]);
    time(html, desk, text(it, "/created_at"));
    facts(html, desk, at(it, "/data"));
    html.close();
    html.open("div", &[("class", "row-acts")]);
    ways(html, desk, it);
    let label = lang.of("I have seen it", "知道了");
    let values = [("seen", text(it, "/id")), ("back", back)];
    part::act(html, desk, (PATH, label), &values, is_first && back.is_empty());
    html.close();
    html.close();
}

/// What a notice tells besides: the grade, and when it is due.
fn facts(html: &mut Html, desk: &Desk, data: &Value) {
    let lang = desk.lang;
    let grade = text(data, "/grade");
    if !grade.is_empty() {
        html.text(" · ");
        html.text(staff::tell::of(lang, &pages::words::GRADES, grade));
    }
    let times = [
        ("/due", lang.of("due ", "截止 ")),
        ("/start", lang.of("planned for ", "约定 ")),
        ("/due_by", lang.of("to be kept by ", "最迟 ")),
    ];
    for (pointer, before) in times {
        let moment = text(data, pointer);
        if !moment.is_empty() {
            html.text(" · ");
            html.text(before);
            time(html, desk, moment);
        }
    }
}

/// The ways to what a notice is about: one, or those that a digest names.
fn ways(html: &mut Html, desk: &Desk, it: &Value) {
    let named = items(it, "/data/cases");
    for data in named.iter().take(NAMED_MAX) {
        let ids = [text(data, "/case_id"), text(data, "/callback_id")];
        // A call-back may be about a case: it is told by itself.
        let id = ids.into_iter().rev().find(|it| !it.is_empty()).unwrap_or("");
        way(html, desk, id, data);
    }
    if named.is_empty() {
        way(html, desk, text(it, "/subject"), at(it, "/data"));
    }
}

/// The way to something by its id; none to what nobody has a page for.
fn way(html: &mut Html, desk: &Desk, id: &str, data: &Value) {
    let lang = desk.lang;
    let (path, name) = match id.split('_').next().unwrap_or("") {
        "cmp" => ("/desk/complaints/", lang.of("Complaint", "投诉")),
        "cbk" => ("/desk/callbacks/", lang.of("Call-back", "回电")),
        "whk" if desk.may(domain::role::Role::Manager) => {
            ("/desk/settings/webhooks/", lang.of("Webhook", "webhook"))
        }
        "srv" => ("/desk/surveys/", lang.of("Survey", "问卷")),
        "rpt" => ("/dashboard/reports/", lang.of("Report", "报告")),
        "rsp" => ("/desk/inbox/low/", lang.of("Low score", "低分答卷")),
        _ => return,
    };
    let href = desk.href(&format!("{path}{}", word(id)));
    let name = match text(data, "/number") {
        "" => name.to_owned(),
        number => format!("{name} {number}"),
    };
    html.put("a", &[("href", &href), ("data-row", "")], &name);
}

/// A form by which all that are shown were seen.
fn all(html: &mut Html, desk: &Desk, found: &[Value]) {
    if found.len() < 2 {
        return;
    }
    let lang = desk.lang;
    desk.begin_form(html, PATH, "");
    for it in found {
        let id = text(it, "/id");
        html.void("input", &[("type", "hidden"), ("name", "shown"), ("value", id)]);
    }
    let does = lang.of("I have seen all that are shown", "以上全部知道了");
    html.put("button", &[("data-key", "a"), ("data-does", does)], does);
    html.close();
}
