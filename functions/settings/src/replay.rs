//! Sending once more what happened in some time: first how much that is, then doing it.

use domain::role::Role;
use http::Method;
use ports::Env;
use serde_json::Value;
use staff::form::{Kind, local};
use staff::tell::text;
use staff::{Call, Desk, Filled, Form, Input, Sent, Signed, Verb};
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::systems::WEBHOOKS;
use crate::thing::whole;

/// How far back the form begins.
const BACK_MS: i64 = 24 * 3_600_000;

fn form(desk: &Desk) -> Form {
    let of = |en: &str, zh: &str| desk.lang.of(en, zh).to_owned();
    let which = vec![
        ("failed".to_owned(), of("What never arrived", "未送达的")),
        ("all".to_owned(), of("Everything that passes the filters", "符合条件的全部")),
    ];
    Form::new(vec![
        Input::new("since", of("From", "开始时间"), Kind::Moment(desk.zone)).needed(),
        Input::new("until", of("Until", "结束时间"), Kind::Moment(desk.zone))
            .hint(of("Empty: now.", "留空表示现在。")),
        Input::new("only", of("What", "范围"), Kind::Choice(which)),
        Input::new("types", of("Only these events", "仅限这些事件"), Kind::Lines).hint(of(
            "One type to a line, such as complaint.opened or response.*; none is all of them.",
            "每行一个类型，例如 complaint.opened 或 response.*；留空为全部。",
        )),
    ])
}

/// The form; what it would send; or, once that was looked at, the sending.
pub(crate) async fn ask(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Manager).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let form = form(&desk);
    let target = WEBHOOKS.target(&desk, id);
    let webhook = match desk.read_one(env, request, ("webhook", &target)).await {
        Ok(it) => it,
        Err(refused) => return desk.refusal(&refused),
    };
    let (mut filled, mut counted) = (Filled::default(), Value::Null);
    if *request.method() == Method::POST {
        let sent = match desk.sent(env, request).await {
            Ok(sent) => sent,
            Err(problem) => return desk.told(problem),
        };
        let is_dry = sent.get("act") != "send";
        match send(env, request, &desk, (&form, &sent), (&target, is_dry)).await {
            Ok(_) if !is_dry => return Ok(desk.go(&WEBHOOKS.page_of(id), "sent")),
            Ok(told) => {
                counted = told;
                filled.pairs.clone_from(&sent.pairs);
            }
            Err(refused) => filled = refused,
        }
    } else {
        filled.set("since", &local(desk.zone, desk.now.saturating_sub(BACK_MS)));
    }
    Ok(draw(request, &desk, (id, &webhook), (&form, &filled), &counted))
}

async fn send(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    (form, sent): (&Form, &Sent),
    (target, is_dry): (&str, bool),
) -> Result<Value, Filled> {
    let mut body = form.read(desk.lang, sent)?;
    if is_dry {
        body.insert("dry_run".to_owned(), true.into());
    }
    let (body, target) = (Value::Object(body), format!("{target}/replay"));
    // A dry run changes nothing: its key is left for the sending.
    let key = if is_dry { "" } else { sent.key() };
    let (component, verb) = ("webhook", Verb::Post);
    let call = Call { component, verb, target: &target, body: &body, key, ..Call::default() };
    match desk.send(env, request, call).await {
        Ok(done) => Ok(done.told),
        Err(refused) => Err(desk.refused(env, request, (form, sent), &refused, call).await),
    }
}

fn draw(
    request: &Request,
    desk: &Desk,
    (id, webhook): (&str, &Value),
    (form, filled): (&Form, &Filled),
    counted: &Value,
) -> Response {
    let lang = desk.lang;
    let path = WEBHOOKS.page_of(id);
    let title = lang.of("Send once more", "重放");
    let above = [(path.as_str(), text(webhook, "/name"))];
    let mut page = WEBHOOKS.page_about(desk, request, title, &above);
    let html = &mut page.html;
    html.put(
        "p",
        &[],
        lang.of(
            "What happened in some time is sent again. Receivers know repetitions by their id.",
            "将一段时间内的事件再次发送；接收方可凭编号识别重复。",
        ),
    );
    html.open("section", &[("class", "panel"), ("aria-label", title)]);
    if !counted.is_null() {
        let events = whole(counted, "/events");
        let at_least = counted.get("is_all") == Some(&Value::Bool(false));
        let said = match (lang, at_least) {
            (Lang::En, false) => format!("That is {events} events."),
            (Lang::En, true) => format!("That is {events} events or more."),
            (Lang::Zh, false) => format!("共 {events} 个事件。"),
            (Lang::Zh, true) => format!("至少 {events} 个事件。"),
        };
        html.put("p", &[("class", "done-note"), ("role", "status")], &said);
    }
    desk.begin_form(html, &format!("{path}/replay"), "");
    form.draw(html, desk, filled);
    html.open("div", &[("class", "row-acts")]);
    let count = [("name", "act"), ("value", "count")];
    html.put("button", &count, lang.of("Count first", "先统计数量"));
    if !counted.is_null() {
        let send = [("name", "act"), ("value", "send"), ("class", "danger")];
        html.put("button", &send, lang.of("Send them", "发送"));
    }
    html.close();
    html.close();
    html.close();
    page.answer(filled.status())
}
