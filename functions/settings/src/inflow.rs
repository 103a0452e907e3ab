//! What other systems sent: every message as it came, what became of it, and a message to try the
//! rules with.

use domain::role::Role;
use http::{Method, StatusCode};
use pages::html::Html;
use ports::Env;
use serde_json::Value;
use staff::form::{Kind, Select, select};
use staff::tell::{self, at, items, text};
use staff::{Call, Desk, Filled, Form, Input, Refused, Signed, Verb, pretty, word};
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::systems::SOURCES;
use crate::words::MESSAGES;

/// The messages of a source, newest first.
pub(crate) async fn list(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Manager).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let state = request.param("state").unwrap_or("");
    let target = SOURCES.target(&desk, id);
    let mut list = format!("{target}/messages?limit=50");
    for name in ["state", "after"] {
        if let Some(value) = request.param(name).filter(|it| !it.is_empty()) {
            list = format!("{list}&{name}={}", word(value));
        }
    }
    let asked = [("inbound", list), ("inbound", target)];
    let mut told = desk.read(env, request, &asked).await.into_iter();
    let mut next = || told.next().unwrap_or_else(|| Err(Refused::default()));
    let found = match next() {
        Ok(found) => found,
        Err(refused) => return desk.refusal(&refused),
    };
    let source = next().unwrap_or_default();
    let path = SOURCES.page_of(id);
    let here = format!("{path}/messages");
    let title = desk.lang.of("What came", "收到的消息");
    let above = [(path.as_str(), text(&source, "/name"))];
    let mut page = SOURCES.page_about(&desk, request, title, &above);
    let html = &mut page.html;
    desk.begin_query(html, &here, "filters");
    let states = tell::choices(desk.lang, &MESSAGES, desk.lang.of("All", "全部"));
    let label = desk.lang.of("State", "状态");
    select(html, &Select { id: "", name: "state", label, hint: "", wrong: "" }, &states, state);
    html.put("button", &[], desk.lang.of("Show", "显示"));
    html.close();
    if items(&found, "/items").is_empty() {
        page.empty(desk.lang.of(
            "Nothing here. What the other system posts, signed as agreed, shows as soon as it \
             comes.",
            "暂无消息。对方系统按约定签名推送后，会立即显示在这里。",
        ));
    }
    if !items(&found, "/items").is_empty() {
        rows(&mut page.html, &desk, &here, items(&found, "/items"));
    }
    let more = if state.is_empty() { here } else { format!("{here}?state={}", word(state)) };
    desk.more(&mut page.html, &more, text(&found, "/next"));
    Ok(page.live().answer(StatusCode::OK))
}

fn rows(html: &mut Html, desk: &Desk, here: &str, found: &[Value]) {
    html.open("ul", &[("class", "list")]);
    for it in found {
        html.open("li", &[]);
        html.open("h2", &[]);
        let href = desk.href(&format!("{here}/{}", word(text(it, "/id"))));
        let when = tell::moment(desk, text(it, "/received_at"));
        html.put("a", &[("href", &href), ("data-row", "")], &when);
        html.close();
        html.open("p", &[]);
        badge(html, desk, text(it, "/state"));
        if let Some(first) = items(it, "/mistakes").first() {
            html.text(&format!(" {}", text(first, "/detail")));
        }
        html.close();
        html.close();
    }
    html.close();
}

fn badge(html: &mut Html, desk: &Desk, state: &str) {
    let class = match state {
        "mapped" => "badge good",
        "failed" => "badge bad",
        _ => "badge",
    };
    html.put("span", &[("class", class)], tell::of(desk.lang, &MESSAGES, state));
}

/// One message as it came; or it is looked at again.
pub(crate) async fn one(
    env: &impl Env,
    request: &Request,
    id: &str,
    one: &str,
) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Manager).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let target = format!("{}/messages/{}", SOURCES.target(&desk, id), word(one));
    let list = format!("{}/messages", SOURCES.page_of(id));
    let here = format!("{list}/{}", word(one));
    let mut refusal = None;
    if *request.method() == Method::POST {
        let sent = match desk.sent(env, request).await {
            Ok(sent) => sent,
            Err(problem) => return desk.told(problem),
        };
        let again = format!("{target}/replay");
        let call =
            Call { component: "inbound", target: &again, key: sent.key(), ..Call::default() };
        match desk.send(env, request, call).await {
            Ok(_) => return Ok(desk.go(&here, "sent")),
            Err(refused) => refusal = Some(refused),
        }
    }
    let it = match desk.read_one(env, request, ("inbound", &target)).await {
        Ok(it) => it,
        Err(refused) => return desk.refusal(&refused),
    };
    let title = desk.lang.of("A message", "单条消息");
    let above = [(list.as_str(), desk.lang.of("What came", "收到的消息"))];
    let mut page = SOURCES.page_about(&desk, request, title, &above);
    let html = &mut page.html;
    if let Some(refused) = &refusal {
        pages::notes(html, refused.text(), &[]);
    }
    html.open("p", &[]);
    badge(html, &desk, text(&it, "/state"));
    html.text(" ");
    tell::time(html, &desk, text(&it, "/received_at"));
    html.close();
    mistakes(html, &desk, &it);
    json_part(html, "became", desk.lang.of("What became of it", "处理结果"), at(&it, "/became"));
    if text(&it, "/state") != "new" {
        let again = desk.lang.of("Look at it again", "重新处理");
        desk.button(html, &here, "", again);
    }
    // It stands there to the letter, if it is not gone yet.
    html.open("section", &[("class", "panel"), ("aria-labelledby", "body")]);
    html.put("h2", &[("id", "body")], desk.lang.of("As it came", "原始内容"));
    match text(&it, "/body") {
        "" => html.put("p", &[], desk.lang.of("Its content is gone by now.", "内容已清除。")),
        body => html.put("pre", &[("tabindex", "0")], body),
    }
    html.close();
    let status = refusal.and_then(|it| StatusCode::from_u16(it.status).ok());
    Ok(page.answer(status.unwrap_or(StatusCode::OK)))
}

/// What is wrong with a message, and where.
fn mistakes(html: &mut Html, desk: &Desk, it: &Value) {
    let all = items(it, "/mistakes");
    if all.is_empty() {
        return;
    }
    html.open("section", &[("class", "panel"), ("aria-labelledby", "mistakes")]);
    html.put("h2", &[("id", "mistakes")], desk.lang.of("What is wrong", "存在的问题"));
    html.open("ul", &[]);
    for it in all {
        let (field, pointer) = (text(it, "/field"), text(it, "/pointer"));
        let place: Vec<&str> = [field, pointer].into_iter().filter(|it| !it.is_empty()).collect();
        let colon = if place.is_empty() { "" } else { desk.lang.of(": ", "：") };
        let line = format!("{}{colon}{}", place.join(" · "), text(it, "/detail"));
        html.put("li", &[], &line);
    }
    html.close();
    html.close();
}

fn json_part(html: &mut Html, id: &str, title: &str, value: &Value) {
    let is_empty = match value {
        Value::Null => true,
        Value::Array(all) => all.is_empty(),
        Value::Object(all) => all.is_empty(),
        _ => false,
    };
    if is_empty {
        return;
    }
    html.open("section", &[("class", "panel"), ("aria-labelledby", id)]);
    html.put("h2", &[("id", id)], title);
    html.put("pre", &[("tabindex", "0")], &pretty(value));
    html.close();
}

/// A message that is mapped and not kept: which rule takes it, and what it reads there.
pub(crate) async fn attempt(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Manager).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let target = SOURCES.target(&desk, id);
    let source = match desk.read_one(env, request, ("inbound", &target)).await {
        Ok(it) => it,
        Err(refused) => return desk.refusal(&refused),
    };
    let label = desk.lang.of("A message as the other system sends it", "对方系统推送的一条消息");
    let hint = desk.lang.of("JSON. Nothing of it is kept.", "JSON 格式，内容不会保存。");
    let form = Form::new(vec![Input::new("message", label, Kind::Json).needed().hint(hint)]);
    let (mut filled, mut told) = (Filled::default(), Value::Null);
    if *request.method() == Method::POST {
        let sent = match desk.sent(env, request).await {
            Ok(sent) => sent,
            Err(problem) => return desk.told(problem),
        };
        filled.pairs.clone_from(&sent.pairs);
        match form.read(desk.lang, &sent) {
            Err(wrong) => filled = wrong,
            Ok(body) => {
                let target = format!("{target}/try");
                let body = body.get("message").unwrap_or(&Value::Null);
                let (component, verb) = ("inbound", Verb::Post);
                let call = Call { component, verb, target: &target, body, ..Call::default() };
                match desk.send(env, request, call).await {
                    Ok(done) => told = done.told,
                    Err(refused) => filled = Filled::refused(desk.lang, &form, &sent, &refused),
                }
            }
        }
    }
    let path = SOURCES.page_of(id);
    let title = desk.lang.of("Try a message", "试运行");
    let above = [(path.as_str(), text(&source, "/name"))];
    let mut page = SOURCES.page_about(&desk, request, title, &above);
    let html = &mut page.html;
    if !told.is_null() {
        outcome(html, &desk, &told);
    }
    html.open("section", &[("class", "panel"), ("aria-label", title)]);
    desk.begin_form(html, &format!("{path}/try"), "");
    form.draw(html, &desk, &filled);
    html.put("button", &[], desk.lang.of("Try it", "试运行"));
    html.close();
    html.close();
    Ok(page.answer(filled.status()))
}

/// What would become of the message.
fn outcome(html: &mut Html, desk: &Desk, told: &Value) {
    let lang = desk.lang;
    let rule = at(told, "/rule").as_u64().map(|it| it.saturating_add(1));
    let said = match (rule, lang) {
        (None, _) => {
            lang.of("No rule takes it: it would be ignored.", "没有规则匹配，将被忽略。").to_owned()
        }
        (Some(rule), Lang::En) => format!("Rule {rule} takes it."),
        (Some(rule), Lang::Zh) => format!("由第 {rule} 条规则处理。"),
    };
    html.open("div", &[("class", "done-note"), ("role", "status")]);
    badge(html, desk, text(told, "/state"));
    html.text(&format!(" {said}"));
    html.close();
    mistakes(html, desk, told);
    let title = lang.of("What would be made", "将生成的内容");
    json_part(html, "items", title, at(told, "/items"));
}
