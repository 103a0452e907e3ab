//! What was sent to a webhook: every delivery, and of each every try.

use domain::role::Role;
use http::{Method, StatusCode};
use pages::html::Html;
use ports::Env;
use serde_json::Value;
use staff::form::{Select, select};
use staff::tell::{self, at, items, text};
use staff::{Call, Desk, Signed, Verb, pretty, word};
use web::{Problem, Request, Response};

use crate::systems::WEBHOOKS;
use crate::thing::whole;
use crate::words::{DELIVERIES, ERRORS};

/// The log, newest first; one state of it if the address names one.
pub(crate) async fn list(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Manager).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let state = request.param("state").unwrap_or("");
    let target = WEBHOOKS.target(&desk, id);
    let mut log = format!("{target}/deliveries?limit=50");
    for name in ["state", "after"] {
        if let Some(value) = request.param(name).filter(|it| !it.is_empty()) {
            log = format!("{log}&{name}={}", word(value));
        }
    }
    let asked = [("webhook", log), ("webhook", target)];
    let mut told = desk.read(env, request, &asked).await.into_iter();
    let mut next = || told.next().unwrap_or_else(|| Err(staff::Refused::default()));
    let found = match next() {
        Ok(found) => found,
        Err(refused) => return desk.refusal(&refused),
    };
    let webhook = next().unwrap_or_default();
    let path = WEBHOOKS.page_of(id);
    let here = format!("{path}/log");
    let title = desk.lang.of("What was sent", "发送记录");
    let above = [(path.as_str(), text(&webhook, "/name"))];
    let mut page = WEBHOOKS.page_about(&desk, request, title, &above);
    let html = &mut page.html;
    html.put(
        "p",
        &[],
        desk.lang.of(
            "Kept for 30 days. What was given up can be sent once more.",
            "保留 30 天。已放弃的可再次发送。",
        ),
    );
    desk.begin_query(html, &here, "filters");
    let states = tell::choices(desk.lang, &DELIVERIES, desk.lang.of("All", "全部"));
    let label = desk.lang.of("State", "状态");
    select(html, &Select { id: "", name: "state", label, hint: "", wrong: "" }, &states, state);
    html.put("button", &[], desk.lang.of("Show", "显示"));
    html.close();
    if items(&found, "/items").is_empty() {
        page.empty(desk.lang.of(
            "Nothing here. An event that passes the filters of the webhook shows as soon as it \
             happens; a test shows at once.",
            "暂无记录。符合条件的事件一发生就会显示在这里，也可发送测试。",
        ));
    }
    if !items(&found, "/items").is_empty() {
        rows(&mut page.html, &desk, &here, items(&found, "/items"));
    }
    let next = tell::at(&found, "/next").as_i64().map(|it| it.to_string()).unwrap_or_default();
    let more = if state.is_empty() { here } else { format!("{here}?state={}", word(state)) };
    desk.more(&mut page.html, &more, &next);
    Ok(page.live().answer(StatusCode::OK))
}

fn rows(html: &mut Html, desk: &Desk, here: &str, found: &[Value]) {
    let lang = desk.lang;
    html.open("ul", &[("class", "list")]);
    for it in found {
        let kind = text(it, "/type");
        html.open("li", &[]);
        html.open("h2", &[]);
        let href = desk.href(&format!("{here}/{}", whole(it, "/sequence")));
        html.put("a", &[("href", &href), ("data-row", "")], tell::event(lang, kind));
        html.close();
        html.open("p", &[]);
        badge(html, desk, it);
        html.text(" ");
        tell::time(html, desk, text(it, "/updated_at"));
        html.text(&format!(" · {kind} · {}", tries(desk, it)));
        html.close();
        html.close();
    }
    html.close();
}

fn badge(html: &mut Html, desk: &Desk, it: &Value) {
    let state = text(it, "/state");
    let class = match state {
        "delivered" => "badge good",
        "dead" => "badge bad",
        _ => "badge",
    };
    html.put("span", &[("class", class)], tell::of(desk.lang, &DELIVERIES, state));
}

/// How often it was tried and what came of it last.
fn tries(desk: &Desk, it: &Value) -> String {
    let tries = whole(it, "/tries");
    let word = match (desk.lang, tries.as_str()) {
        (web::lang::Lang::En, "1") => "1 try".to_owned(),
        (web::lang::Lang::En, _) => format!("{tries} tries"),
        (web::lang::Lang::Zh, _) => format!("已发送 {tries} 次"),
    };
    match at(it, "/status").as_i64() {
        Some(status) => format!("{word} · {status}"),
        None => word,
    }
}

/// One delivery with every try; or one more try.
pub(crate) async fn one(
    env: &impl Env,
    request: &Request,
    id: &str,
    sequence: &str,
) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Manager).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let target = format!("{}/deliveries/{}", WEBHOOKS.target(&desk, id), word(sequence));
    let path = WEBHOOKS.page_of(id);
    let here = format!("{path}/log/{}", word(sequence));
    let mut refusal = None;
    if *request.method() == Method::POST {
        let sent = match desk.sent(env, request).await {
            Ok(sent) => sent,
            Err(problem) => return desk.told(problem),
        };
        let retry = format!("{target}/retry");
        let call = Call {
            component: "webhook",
            target: &retry,
            key: sent.key(),
            verb: Verb::Post,
            ..Call::default()
        };
        match desk.send(env, request, call).await {
            Ok(_) => return Ok(desk.go(&here, "sent")),
            Err(refused) => refusal = Some(refused),
        }
    }
    let it = match desk.read_one(env, request, ("webhook", &target)).await {
        Ok(it) => it,
        Err(refused) => return desk.refusal(&refused),
    };
    let log = format!("{path}/log");
    let title = desk.lang.of("A delivery", "单次发送");
    let above = [(log.as_str(), desk.lang.of("What was sent", "发送记录"))];
    let mut page = WEBHOOKS.page_about(&desk, request, title, &above);
    if let Some(refused) = &refusal {
        pages::notes(&mut page.html, refused.text(), &[]);
    }
    delivery(&mut page.html, &desk, &it);
    let again = desk.lang.of("Send it once more now", "立即重新发送");
    desk.button(&mut page.html, &here, "", again);
    attempts(&mut page.html, &desk, &it);
    page.html.open("section", &[("class", "panel"), ("aria-labelledby", "event")]);
    page.html.put("h2", &[("id", "event")], desk.lang.of("What is sent", "发送内容"));
    page.html.put("pre", &[("tabindex", "0")], &pretty(at(&it, "/event")));
    page.html.close();
    let status = refusal.and_then(|it| StatusCode::from_u16(it.status).ok());
    Ok(page.answer(status.unwrap_or(StatusCode::OK)))
}

fn delivery(html: &mut Html, desk: &Desk, it: &Value) {
    let lang = desk.lang;
    html.open("section", &[("class", "panel"), ("aria-labelledby", "what")]);
    html.put("h2", &[("id", "what")], tell::event(lang, text(it, "/type")));
    html.open("p", &[]);
    badge(html, desk, it);
    html.text(&format!(" {}", tries(desk, it)));
    html.close();
    html.open("dl", &[("class", "facts")]);
    for (label, value) in [
        (lang.of("Type", "类型"), text(it, "/type").to_owned()),
        (lang.of("About", "对象"), text(it, "/subject").to_owned()),
        (lang.of("Next try", "下次发送"), tell::moment(desk, text(it, "/next_try_at"))),
    ] {
        if !value.is_empty() {
            html.put("dt", &[], label);
            html.put("dd", &[], &value);
        }
    }
    html.close();
    html.close();
}

fn attempts(html: &mut Html, desk: &Desk, it: &Value) {
    let lang = desk.lang;
    html.put("h2", &[], lang.of("Every try", "每次发送"));
    html.open("ol", &[("class", "list"), ("reversed", "")]);
    for it in items(it, "/attempts") {
        html.open("li", &[]);
        html.open("p", &[]);
        tell::time(html, desk, text(it, "/at"));
        let came = match (at(it, "/status").as_i64(), text(it, "/error")) {
            (Some(status), _) => format!("{} {status}", lang.of("answered", "应答")),
            (None, error) => tell::of(lang, &ERRORS, error).to_owned(),
        };
        html.text(&format!(" · {came} · {} ms", whole(it, "/duration_ms")));
        html.close();
        let answer = text(it, "/answer");
        if !answer.is_empty() {
            html.put("pre", &[("tabindex", "0")], answer);
        }
        html.close();
    }
    html.close();
}
