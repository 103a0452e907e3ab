//! `/desk/complaints/new`: what was said on the phone, in a shop or by letter, with the grade that
//! its words would get.

use domain::role::Role;
use http::StatusCode;
use pages::html::Html;
use pages::words::{CHANNELS, TYPES};
use ports::Env;
use serde_json::{Value, json};
use staff::form::Kind;
use staff::tell::{at, choices, text};
use staff::{Call, Desk, Filled, Form, Input, Section, Sent, Signed};
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::case::graded;
use crate::queue::PATH;

/// Languages of our own; customers may have others, which programs can say.
const LANGUAGES: [(&str, &str); 2] = [("zh-CN", "中文"), ("en", "English")];

/// What the page says besides its form.
#[derive(Default)]
struct Extra {
    filled: Filled,
    /// What the words would be graded; null where nobody asked.
    graded: Value,
    /// The case that was opened, with its link; null before.
    opened: Value,
    status: StatusCode,
}

fn form(lang: Lang, touchpoints: &[(String, String)]) -> Form {
    let unknown = lang.of("Not known", "未知");
    let mut places = vec![(String::new(), unknown.to_owned())];
    places.extend_from_slice(touchpoints);
    let mut languages = vec![(String::new(), unknown.to_owned())];
    languages.extend(LANGUAGES.map(|(tag, name)| (tag.to_owned(), name.to_owned())));
    let line = |name: &str, en: &'static str, zh: &'static str| Input::line(name, lang.of(en, zh));
    let own = lang.of("The company’s own number of the customer", "客户编号（本公司系统中的编号）");
    let hint = lang
        .of("A new customer is made if there is none of this number.", "编号不存在时将新建客户。");
    let by_words = lang.of("By the words", "按内容判断");
    Form::new(vec![
        Input::new("text", lang.of("What the customer says", "客户的诉求"), Kind::Text)
            .hint(lang.of("In their words.", "请尽量使用客户原话。"))
            .needed()
            .draft(),
        Input::new(
            "channel",
            lang.of("How they came", "渠道"),
            Kind::Choice(choices(lang, &CHANNELS, unknown)),
        ),
        Input::new("touchpoint_id", lang.of("About what", "触点"), Kind::Choice(places)),
        Input::line("customer/external_id", own).hint(hint),
        line("customer/name", "Name", "姓名"),
        line("customer/phone", "Phone", "电话"),
        line("customer/email", "E-mail", "邮箱"),
        Input::new("language", lang.of("Their language", "客户语言"), Kind::Choice(languages)),
        Input::new("type", lang.of("Type", "类型"), Kind::Choice(choices(lang, &TYPES, by_words))),
    ])
}

pub(crate) async fn show(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let mut extra = Extra::default();
    extra.filled.set("channel", "phone");
    let customer = request.param("customer").unwrap_or("");
    extra.filled.set("customer/external_id", customer);
    draw(env, request, &desk, extra).await
}

/// Takes the form: opens a case, or tells only what grade its words would get.
pub(crate) async fn take(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let sent = match desk.sent(env, request).await {
        Ok(it) => it,
        Err(problem) => return desk.told(problem),
    };
    let form = form(desk.lang, &[]);
    let extra = match sent.get("try") {
        "" => open(env, request, &desk, (&form, &sent)).await,
        _ => try_out(env, request, &desk, (&form, &sent)).await,
    };
    draw(env, request, &desk, extra).await
}

async fn open(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    (form, sent): (&Form, &Sent),
) -> Extra {
    let call = Call { component: "complaint", target: "/v1/complaints", ..Call::default() };
    match desk.submit(env, request, (form, sent), call).await {
        Ok(done) => {
            let status = StatusCode::from_u16(done.status).unwrap_or(StatusCode::OK);
            Extra { opened: done.told, status, ..Extra::default() }
        }
        Err(filled) => Extra { status: filled.status(), filled, ..Extra::default() },
    }
}

async fn try_out(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    (form, sent): (&Form, &Sent),
) -> Extra {
    let body = json!({ "text": sent.get("text").trim() });
    let target = "/v1/complaints/grade";
    let call = Call { component: "grader", target, body: &body, ..Call::default() };
    let mut extra = Extra::default();
    match desk.send(env, request, call).await {
        Ok(done) => {
            extra.graded = done.told;
            extra.filled.pairs.clone_from(&sent.pairs);
        }
        Err(refused) => {
            extra.filled = Filled::refused(desk.lang, form, sent, &refused);
            extra.status = extra.filled.status();
        }
    }
    extra
}

async fn draw(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    extra: Extra,
) -> Result<Response, Problem> {
    let lang = desk.lang;
    let title = lang.of("Take down a complaint", "登记投诉");
    let name = Section::Cases.name();
    let above = [(PATH, name.text(lang))];
    let touchpoints = desk.read_one(env, request, ("admin", "/v1/touchpoints?limit=100")).await;
    let touchpoints = staff::tell::named(&touchpoints.unwrap_or_default(), "");
    let mut page = desk.page_about(request, Section::Cases, title, &above);
    opened(&mut page.html, desk, &extra.opened);
    let html = &mut page.html;
    html.open("section", &[("class", "panel")]);
    desk.begin_form(html, &format!("{PATH}/new"), "");
    form(lang, &touchpoints).draw(html, desk, &extra.filled);
    if !extra.graded.is_null() {
        html.open("div", &[("class", "preview"), ("role", "status")]);
        html.put("h2", &[], lang.of("It would be graded", "预计定级"));
        graded(html, lang, extra.filled.get("text").trim(), &extra.graded);
        html.close();
    }
    html.open("div", &[("class", "row-acts")]);
    html.put("button", &[], lang.of("Open the case", "创建工单"));
    let preview = lang.of("Only show the grade", "仅预览定级");
    html.put("button", &[("name", "try"), ("value", "1"), ("class", "quiet")], preview);
    html.close();
    html.close();
    html.close();
    Ok(page.answer(extra.status))
}

/// The case that was opened, and its private link, which is shown this once.
fn opened(html: &mut Html, desk: &Desk, told: &Value) {
    if told.is_null() {
        return;
    }
    let lang = desk.lang;
    html.open("section", &[("class", "panel"), ("role", "status")]);
    let is_joined = at(told, "/is_joined").as_bool() == Some(true);
    let heading = match is_joined {
        true => lang.of("It joins a complaint that is open already", "已并入该客户未结的投诉"),
        false => lang.of("The complaint was taken down", "投诉已登记"),
    };
    html.put("h2", &[], heading);
    html.open("p", &[]);
    let href = desk.href(&format!("{PATH}/{}", text(told, "/id")));
    html.put("a", &[("href", &href), ("data-row", "")], text(told, "/number"));
    html.text(" ");
    crate::queue::badges(html, lang, told);
    html.close();
    let link = text(told, "/link");
    if !link.is_empty() {
        let words = lang.of(
            "The customer’s own page; its address is shown this once. Give it to them now:",
            "客户专属页面，地址只显示这一次，请立即提供给客户：",
        );
        html.put("p", &[], words);
        html.put("p", &[("class", "code"), ("id", "link")], link);
        let copy =
            [("type", "button"), ("data-copy", "link"), ("hidden", ""), ("data-scripted", "")];
        html.put("button", &copy, lang.of("Copy", "复制"));
    }
    html.close();
}
