//! Numbers that are never called. Of each a hash is kept, so nobody reads them here.

use domain::role::Role;
use pages::html::Html;
use ports::Env;
use serde_json::Value;
use staff::tell::{items, text, time};
use staff::{Call, Desk, Filled, Form, Input, Section, Signed, Verb, word};
use web::{Problem, Request, Response};

use crate::sheet::why;
use crate::tell::{above, tabs};

/// The address of the page.
const PATH: &str = "/desk/callbacks/do-not-call";

pub(crate) async fn show(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    draw(env, request, &desk, &Filled::default()).await
}

/// Adds one.
pub(crate) async fn add(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let sent = match desk.sent(env, request).await {
        Ok(sent) => sent,
        Err(problem) => return desk.told(problem),
    };
    let target = "/v1/do-not-call";
    let call = Call { component: "service", verb: Verb::Post, target, ..Call::default() };
    match desk.submit(env, request, (&form(&desk), &sent), call).await {
        Ok(_) => Ok(desk.go(PATH, "saved")),
        Err(filled) => draw(env, request, &desk, &filled).await,
    }
}

/// Takes one off the list again.
pub(crate) async fn remove(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Manager).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let sent = match desk.sent(env, request).await {
        Ok(sent) => sent,
        Err(problem) => return desk.told(problem),
    };
    let target = format!("/v1/do-not-call/{}", word(id));
    let verb = Verb::Delete;
    let call =
        Call { component: "service", verb, target: &target, key: sent.key(), ..Call::default() };
    match desk.send(env, request, call).await {
        Ok(_) => Ok(desk.go(PATH, "removed")),
        Err(refused) => {
            let alert = why(&desk, &refused);
            let filled = Filled { alert, status: refused.status, ..Filled::default() };
            draw(env, request, &desk, &filled).await
        }
    }
}

fn form(desk: &Desk) -> Form {
    let lang = desk.lang;
    Form::new(vec![Input::line("phone", lang.of("Number", "号码")).needed().hint(
        lang.of(
            "Such as 138 0013 8000 or +1 415 555 0100",
            "例如 138 0013 8000 或 +1 415 555 0100",
        ),
    )])
}

async fn draw(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    filled: &Filled,
) -> Result<Response, Problem> {
    let after = word(request.param("after").unwrap_or(""));
    let target = format!("/v1/do-not-call?limit=50&after={after}");
    let listed = match desk.read_one(env, request, ("service", &target)).await {
        Ok(listed) => listed,
        Err(refused) => return desk.refusal(&refused),
    };
    let lang = desk.lang;
    let title = lang.of("Do not call", "禁呼名单");
    let mut page = desk.page_about(request, Section::Calls, title, &above(desk));
    let html = &mut page.html;
    tabs(html, desk, PATH);
    let about = lang.of(
        "Whoever is on this list is never called, and nobody can book a call to them. Of a \
         number a hash is kept and nothing else, so it cannot be read here.",
        "名单上的号码不会被拨打，也无法为其预约回电。系统只保存号码的散列值，因此此处不显示号码。",
    );
    html.put("p", &[("class", "say")], about);
    desk.begin_form(html, PATH, "panel");
    form(desk).draw(html, desk, filled);
    html.put("button", &[], lang.of("Never call it", "加入名单"));
    html.close();
    let found = items(&listed, "/items");
    if found.is_empty() {
        let none = lang.of(
            "The list is empty. Agents put a number on it here, or when a call ends with \
             “never call again”.",
            "名单为空。员工可在此添加，或在通话结果中选择“要求不再致电”。",
        );
        html.put("p", &[("class", "nothing")], none);
    }
    html.open("ul", &[("class", "list")]);
    for it in found {
        row(html, desk, it);
    }
    html.close();
    desk.more(html, PATH, text(&listed, "/next"));
    Ok(page.answer(filled.status()))
}

fn row(html: &mut Html, desk: &Desk, it: &Value) {
    let lang = desk.lang;
    html.open("li", &[]);
    html.open("p", &[]);
    html.text(lang.of("Added ", "加入时间："));
    time(html, desk, text(it, "/created_at"));
    html.text(lang.of(" by ", " · "));
    html.text(&desk.who(it));
    html.close();
    if desk.may(Role::Manager) {
        let path = format!("{PATH}/{}/remove", word(text(it, "/id")));
        desk.button(html, &path, "quiet", lang.of("Take it off the list", "移出名单"));
    }
    html.close();
}
