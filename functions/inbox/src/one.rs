//! `/desk/inbox/low/{id}`: one response, whole, and the complaint that may be made of it.

use pages::html::Html;
use ports::{Env, Verb};
use serde_json::Value;
use staff::form::Kind;
use staff::tell::{at, items, text};
use staff::{Call, Desk, Filled, Form, Input, Section, Sent, word};
use web::{Problem, Request, Response};

use crate::part::{self, name};
use crate::{low, words};

/// What staff say of the complaint. Whose it is, and on which channel, the response tells.
fn form(desk: &Desk) -> Form {
    let lang = desk.lang;
    let label = lang.of("What the complaint is", "投诉内容");
    let hint = lang
        .of("It is graded and given to somebody by these words.", "系统将根据这段文字定级并分派。");
    Form::new(vec![Input::new("text", label, Kind::Text).hint(hint).needed()])
}

pub(crate) async fn page(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    (id, sent): (&str, Option<&Sent>),
) -> Result<Response, Problem> {
    let target = format!("/v1/responses/{}", word(id));
    let it = match desk.read_one(env, request, ("response", &target)).await {
        Ok(it) => it,
        Err(refused) => return desk.refusal(&refused),
    };
    let filled = match sent {
        Some(sent) => match complain(env, request, desk, (&it, sent)).await {
            Ok(case) => {
                return Ok(desk.go(&format!("/desk/complaints/{}", word(&case)), "created"));
            }
            Err(filled) => filled,
        },
        None => {
            let mut filled = Filled::default();
            filled.set("text", &begun(desk, &it));
            filled
        }
    };
    let lang = desk.lang;
    let title = part::title(lang, &it);
    let inbox = part::inbox(lang);
    let above = [inbox, (low::PATH, name(lang, "low"))];
    let mut page = desk.page_about(request, Section::Inbox, &title, &above);
    said(&mut page.html, desk, &it);
    acts(&mut page.html, desk, &it, &filled);
    Ok(page.answer(filled.status()))
}

/// Opens a complaint and tells its id: a new one, or the one that its customer has already.
async fn complain(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    (it, sent): (&Value, &Sent),
) -> Result<String, Filled> {
    let form = form(desk);
    let mut body = form.read(desk.lang, sent)?;
    body.insert("response_id".to_owned(), at(it, "/id").clone());
    let touchpoint = at(it, "/scores/0/touchpoint/id");
    if touchpoint.is_string() {
        body.insert("touchpoint_id".to_owned(), touchpoint.clone());
    }
    let body = Value::Object(body);
    let call = Call {
        component: "complaint",
        verb: Verb::Post,
        target: "/v1/complaints",
        body: &body,
        key: sent.key(),
        ..Call::default()
    };
    match desk.send(env, request, call).await {
        Ok(done) => Ok(text(&done.told, "/id").to_owned()),
        Err(refused) => Err(Filled::refused(desk.lang, &form, sent, &refused)),
    }
}

/// What the form begins with: the customer's own words, or else their score.
fn begun(desk: &Desk, it: &Value) -> String {
    let mut words = String::new();
    for answer in items(it, "/answers") {
        if at(answer, "/is_text").as_bool() == Some(true) {
            if !words.is_empty() {
                words.push('\n');
            }
            words.push_str(text(answer, "/answer"));
        }
    }
    if words.is_empty() { part::title(desk.lang, it) } else { words }
}

/// What was answered.
fn said(html: &mut Html, desk: &Desk, it: &Value) {
    let lang = desk.lang;
    html.open("section", &[("class", "panel"), ("aria-labelledby", "said")]);
    html.put("h2", &[("id", "said")], lang.of("What they answered", "客户的回答"));
    part::about(html, desk, it);
    part::scores(html, lang, items(it, "/scores"));
    part::answers(html, it, false);
    for reason in items(it, "/screened") {
        let reason = words::reason(lang, reason.as_str().unwrap_or(""));
        html.put("p", &[("class", "soft")], reason);
    }
    html.close();
}

/// What can be done about it.
fn acts(html: &mut Html, desk: &Desk, it: &Value, filled: &Filled) {
    let lang = desk.lang;
    html.open("section", &[("class", "panel"), ("aria-labelledby", "complain")]);
    html.put("h2", &[("id", "complain")], lang.of("What to do about it", "如何处理"));
    let case = text(it, "/case/id");
    if case.is_empty() {
        let path = format!("{}/{}", low::PATH, word(text(it, "/id")));
        desk.begin_form(html, &path, "");
        form(desk).draw(html, desk, filled);
        let does = lang.of("Open a complaint", "转为投诉");
        html.put("button", &[], does);
        html.close();
    } else {
        html.open("p", &[]);
        let href = desk.href(&format!("/desk/complaints/{}", word(case)));
        let number = text(it, "/case/number");
        let name = match lang {
            web::lang::Lang::En => format!("Complaint {number} was opened of it."),
            web::lang::Lang::Zh => format!("已据此建立投诉 {number}。"),
        };
        html.put("a", &[("href", &href)], &name);
        html.close();
    }
    let looked_at = text(it, "/looked_at");
    if looked_at.is_empty() {
        let does = lang.of("Put aside", "标记已处理");
        desk.begin_form(html, low::PATH, "one");
        let id = text(it, "/id");
        html.void("input", &[("type", "hidden"), ("name", "aside"), ("value", id)]);
        let quiet = [("class", "quiet"), ("data-key", "p"), ("data-does", does)];
        html.put("button", &quiet, does);
        html.close();
    } else {
        html.open("p", &[("class", "soft")]);
        html.text(lang.of("Put aside: ", "已处理："));
        staff::tell::time(html, desk, looked_at);
        html.close();
    }
    html.close();
}
