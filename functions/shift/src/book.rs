//! Booking a call for a customer: a service, whom, and a time or as soon as possible.

use domain::role::Role;
use domain::zone::Zone;
use http::StatusCode;
use pages::html::{Html, when};
use ports::Env;
use serde_json::Value;
use staff::form::Kind;
use staff::tell::{moment, named, text};
use staff::{Call, Desk, Filled, Form, Input, Refused, Section, Sent, Signed, Verb};
use web::{Problem, Request, Response};

use crate::change::clocks_told;
use crate::sheet::why;
use crate::slots::{self, Wish};
use crate::tell::{above, path, tabs};

/// The address of the page.
const PATH: &str = "/desk/callbacks/new";
/// What stands in place of a time.
const ASAP: &str = "asap";

/// The form; an address may fill it in.
pub(crate) async fn show(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let mut filled = Filled::default();
    for name in ["service_id", "customer", "case_id", "phone", "name", "language", "tz", "day"] {
        if let Some(value) = request.param(name) {
            filled.set(name, value);
        }
    }
    draw(env, request, &desk, &filled).await
}

/// Takes the form: shows times, or books one.
pub(crate) async fn take(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let sent = match desk.sent(env, request).await {
        Ok(sent) => sent,
        Err(problem) => return desk.told(problem),
    };
    if sent.get("do") != "book" {
        let filled = Filled { pairs: sent.pairs, ..Filled::default() };
        return draw(env, request, &desk, &filled).await;
    }
    match book(env, request, &desk, &sent).await {
        Ok(told) => Ok(booked(request, &desk, &told)),
        Err(filled) => draw(env, request, &desk, &filled).await,
    }
}

async fn book(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    sent: &Sent,
) -> Result<Value, Filled> {
    let whole = form(desk, &[]);
    let mut body = whole.read(desk.lang, sent)?;
    let start = sent.get("start");
    if start == ASAP {
        body.insert("mode".to_owned(), ASAP.into());
    } else if !start.is_empty() {
        body.insert("start".to_owned(), start.into());
    }
    let body = Value::Object(body);
    let call = Call {
        component: "callback",
        verb: Verb::Post,
        target: "/v1/callbacks",
        body: &body,
        key: sent.key(),
        ..Call::default()
    };
    let refused: Refused = match desk.send(env, request, call).await {
        Ok(done) => return Ok(done.told),
        Err(refused) => refused,
    };
    let mut all = whole;
    all.inputs.push(Input::line("start", desk.lang.of("When", "时间")));
    let mut filled = Filled::refused(desk.lang, &all, sent, &refused);
    // A case has one open call: there it is.
    if let Some(id) = refused.told.get("callback_id").and_then(Value::as_str) {
        filled.set("open", id);
    }
    Err(filled)
}

/// The fields beside the time.
fn form(desk: &Desk, services: &[(String, String)]) -> Form {
    let lang = desk.lang;
    Form::new(vec![
        Input::new("service_id", lang.of("Service", "服务"), Kind::Choice(services.to_vec()))
            .needed(),
        Input::line("customer", lang.of("Customer", "客户")).hint(lang.of(
            "Their number with us or with you. Phone, language and zone come from their \
             profile.",
            "客户编号（本系统或贵司的）。号码、语言和时区取自客户资料。",
        )),
        Input::line("case_id", lang.of("Complaint", "投诉")).hint(lang.of(
            "The id of an open complaint, if it is about one.",
            "如与投诉有关，请填写未结工单的编号。",
        )),
        Input::line("phone", lang.of("Phone", "电话")).hint(lang.of(
            "Only if it is another one than in the profile.",
            "仅在与资料中的号码不同时填写。",
        )),
        Input::line("name", lang.of("Name", "姓名")),
        Input::new("note", lang.of("Note for whoever calls", "给拨打者的备注"), Kind::Text),
        Input::line("email", lang.of("E-mail", "邮箱")),
        Input::line("language", lang.of("Language", "语言"))
            .hint(lang.of("Such as zh-CN or en", "例如 zh-CN 或 en")),
        Input::line("tz", lang.of("Their time zone", "客户时区")).hint(lang.of(
            "Such as Asia/Shanghai; empty: that of the profile",
            "例如 Asia/Shanghai；留空则取自客户资料",
        )),
    ])
}

async fn draw(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    filled: &Filled,
) -> Result<Response, Problem> {
    let lang = desk.lang;
    let asked = ("service", "/v1/services?limit=100");
    let services = match desk.read_one(env, request, asked).await {
        Ok(services) => services,
        Err(refused) => return desk.refusal(&refused),
    };
    let services = named(&services, lang.of("Choose…", "请选择……"));
    let wish = Wish {
        service_id: filled.get("service_id"),
        language: filled.get("language"),
        tz: filled.get("tz"),
        day: filled.get("day"),
    };
    let slots = match wish.service_id {
        "" => None,
        _ => Some(slots::read(env, request, desk, &wish).await),
    };
    let title = lang.of("Book a call", "预约回电");
    let mut page = desk.page_about(request, Section::Calls, title, &above(desk));
    let html = &mut page.html;
    tabs(html, desk, PATH);
    if services.len() < 2 {
        let none = lang.of(
            "There is no service yet that can be booked. Managers make one in the rules.",
            "尚无可预约的服务，经理可在规则中创建。",
        );
        html.put("p", &[("class", "nothing")], none);
    }
    let form = form(desk, &services);
    desk.begin_form(html, PATH, "panel calls");
    alert(html, desk, &form, filled);
    let (first, rest) = form.inputs.split_at(1);
    Form::new(first.to_vec()).fields(html, desk, filled);
    time(html, desk, filled, slots.as_ref());
    Form::new(rest.to_vec()).fields(html, desk, filled);
    let book = lang.of("Book it", "预约");
    html.put("button", &[("name", "do"), ("value", "book")], book);
    html.close();
    Ok(page.answer(filled.status()))
}

fn alert(html: &mut Html, desk: &Desk, form: &Form, filled: &Filled) {
    let mut all = form.clone();
    all.inputs.push(Input::line("start", desk.lang.of("When", "时间")));
    all.alert(html, desk.lang, filled);
    let open = filled.get("open");
    if !open.is_empty() {
        html.open("p", &[]);
        let href = desk.href(&path(open));
        html.put("a", &[("href", &href)], desk.lang.of("To the open call", "查看未完成的回电"));
        html.close();
    }
}

/// As soon as possible, or one of the free times of some days.
fn time(html: &mut Html, desk: &Desk, filled: &Filled, slots: Option<&Result<Value, Refused>>) {
    let (lang, wrong) = (desk.lang, filled.wrong("start"));
    let (first, _) = slots::days(desk, filled.get("day"));
    let day = domain::civil::date(first);
    let label = lang.of("Free times from which day on", "从哪天起查看空闲时段");
    let kind = "date";
    let field = pages::Field { name: "day", label, value: &day, kind, ..pages::Field::default() };
    pages::field(html, &field);
    let times = [("name", "do"), ("value", "times"), ("class", "second")];
    html.put("button", &times, lang.of("Show times", "查看时段"));
    let class = if wrong.is_empty() { "field" } else { "field bad" };
    html.open("fieldset", &[("class", class), ("id", "start"), ("tabindex", "-1")]);
    html.put("legend", &[], lang.of("When", "时间"));
    if !wrong.is_empty() {
        html.put("p", &[("class", "error")], wrong);
    }
    html.open("div", &[("class", "times wide")]);
    html.open("label", &[]);
    let chosen = filled.get("start");
    let checked = (when(chosen == ASAP, "checked"), "");
    html.void("input", &[("type", "radio"), ("name", "start"), ("value", ASAP), checked]);
    html.put("span", &[], lang.of("As soon as possible", "尽快"));
    html.close();
    html.close();
    match slots {
        Some(Ok(slots)) => {
            let zone = Zone::parse(text(slots, "/tz")).unwrap_or(desk.zone);
            clocks_told(html, desk, zone);
            slots::draw(html, desk, slots, zone, chosen);
        }
        Some(Err(refused)) => html.put("p", &[("class", "wrong")], &why(desk, refused)),
        None => {
            let first = lang.of(
                "Choose a service, then show its free times.",
                "请先选择服务，再查看其空闲时段。",
            );
            html.put("p", &[("class", "soft")], first);
        }
    }
    html.close();
}

/// It is booked: when, and the link for the customer, which is told this once.
fn booked(request: &Request, desk: &Desk, told: &Value) -> Response {
    let lang = desk.lang;
    let title = lang.of("The call is booked", "回电已预约");
    let mut page = desk.page_about(request, Section::Calls, title, &above(desk));
    let html = &mut page.html;
    html.open("section", &[("class", "panel"), ("role", "status")]);
    let (start, estimate) = (text(told, "/start"), text(told, "/estimate"));
    let said = match (start, estimate) {
        ("", "") => {
            lang.of("They wait for whoever is free.", "已进入队列，等待空闲人员。").to_owned()
        }
        ("", at) => format!(
            "{}{}",
            lang.of("They are called at about ", "预计致电时间："),
            moment(desk, at)
        ),
        (at, _) => moment(desk, at),
    };
    html.put("p", &[("class", "when")], &said);
    html.open("div", &[("class", "field")]);
    let label =
        lang.of("The customer’s own page, told this once", "客户的专属页面（仅显示这一次）");
    html.put("label", &[("for", "link")], label);
    let hint = lang.of(
        "Whoever holds it can move the call or call it off: give it to the customer alone.",
        "持有此链接即可改约或取消，请仅提供给客户本人。",
    );
    html.put("p", &[("class", "hint")], hint);
    let link = text(told, "/link");
    html.void("input", &[("id", "link"), ("type", "text"), ("readonly", ""), ("value", link)]);
    html.close();
    html.open("p", &[]);
    let href = desk.href(&path(text(told, "/id")));
    html.put("a", &[("href", &href)], lang.of("To the call", "查看回电"));
    html.close();
    html.close();
    page.answer(StatusCode::CREATED)
}
