//! `/desk/customers/{id}`: who they are, how it stands with them, and all that happened.

use domain::role::Role;
use http::StatusCode;
use pages::html::{Attribute, Html};
use pages::time::money;
use pages::words::GROUPS;
use ports::Env;
use serde_json::Value;
use staff::tell::{self, at, count, items, text};
use staff::{Desk, Page, Refused, Section, Signed, word};
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::words::{CALL_STATES, LANGUAGES};
use crate::{api_of, called, page_of, timeline};

pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let target = api_of(id);
    let mut happened = format!("{target}/timeline?limit=30");
    if let Some(after) = request.param("after").filter(|it| !it.is_empty()) {
        happened.push_str("&after=");
        happened.push_str(&word(after));
    }
    let read = [
        ("customer", target.clone()),
        ("customer", format!("{target}/summary")),
        ("customer", happened),
        ("admin", "/v1/agents?limit=100".to_owned()),
    ];
    let mut told = desk.read(env, request, &read).await.into_iter();
    let mut next = || told.next().unwrap_or_else(|| Err(Refused::default()));
    let customer = match next() {
        Ok(it) => it,
        Err(refused) => return desk.refusal(&refused),
    };
    let (summary, happened, agents) = (next(), next(), next().unwrap_or_default());
    let title = called(desk.lang, &customer);
    let above = [("/desk/customers", desk.lang.of("Customers", "客户"))];
    let mut page = desk.page_about(request, Section::Customers, &title, &above);
    if !text(&customer, "/erased_at").is_empty() {
        erased(&mut page, &desk, &customer);
        return Ok(page.answer(StatusCode::OK));
    }
    let html = &mut page.html;
    acts(html, &desk, &customer);
    html.open("div", &[("class", "person")]);
    html.open("div", &[]);
    glance(html, &desk, &summary);
    facts(html, &desk, &customer, &tell::named(&agents, ""));
    html.close();
    events(html, &desk, &happened, &page_of(id));
    html.close();
    Ok(page.answer(StatusCode::OK))
}

/// What is left of somebody who was erased.
fn erased(page: &mut Page<'_>, desk: &Desk, customer: &Value) {
    let lang = desk.lang;
    let html = &mut page.html;
    html.open("section", &[("class", "panel")]);
    html.open("p", &[]);
    html.text(lang.of(
        "All that was personal of this customer was erased, on ",
        "该客户的全部个人信息已抹除，时间：",
    ));
    tell::time(html, desk, text(customer, "/erased_at"));
    html.text(lang.of(
        ". What they scored still counts in the figures, without them. This cannot be undone.",
        "。其评分匿名保留在统计中。此操作不可恢复。",
    ));
    html.close();
    let href = desk.href(&format!("{}/history", page_of(text(customer, "/id"))));
    html.open("p", &[]);
    html.put("a", &[("href", &href)], lang.of("History", "变更记录"));
    html.close();
    html.close();
}

/// What can be done for and with them.
fn acts(html: &mut Html, desk: &Desk, customer: &Value) {
    let lang = desk.lang;
    let id = text(customer, "/id");
    let here = page_of(id);
    let new_case = format!("/desk/complaints/new?customer_id={}", word(id));
    let new_call = format!("/desk/callbacks/new?customer_id={}", word(id));
    let (edit, history) = (format!("{here}/edit"), format!("{here}/history"));
    html.open("nav", &[("class", "row-acts"), ("aria-label", lang.of("Actions", "操作"))]);
    for (path, key, label) in [
        (&new_case, "c", lang.of("Take down a complaint", "登记投诉")),
        (&new_call, "b", lang.of("Book a call", "预约回电")),
        (&edit, "e", lang.of("Edit", "编辑")),
        (&history, "h", lang.of("History", "变更记录")),
    ] {
        let href = desk.href(path);
        let way = [("class", "act"), ("href", &*href), ("data-key", key), ("data-does", label)];
        html.put("a", &way, label);
    }
    if desk.may(Role::Manager) {
        let file = desk.api(&format!("{}/export", api_of(id)));
        let label = lang.of("Export all data (JSON)", "导出全部数据（JSON）");
        html.put("a", &[("class", "act"), ("href", &file), ("download", "")], label);
        let erase = desk.href(&format!("{here}/erase"));
        html.put("a", &[("class", "act bad"), ("href", &erase)], lang.of("Erase…", "抹除…"));
    }
    html.close();
}

/// How it stands with them now.
fn glance(html: &mut Html, desk: &Desk, summary: &Result<Value, Refused>) {
    let lang = desk.lang;
    html.open("section", &[("class", "panel"), ("aria-labelledby", "glance")]);
    html.put("h2", &[("id", "glance")], lang.of("At a glance", "概览"));
    let Ok(told) = summary else {
        unreachable_now(html, desk);
        html.close();
        return;
    };
    html.open("dl", &[("class", "facts")]);
    let number = |pointer: &str| count(told, pointer).unwrap_or(0);
    let (open, all) = (number("/open_complaints"), number("/complaints"));
    let cases = match lang {
        Lang::En => format!("{open} open of {all}"),
        Lang::Zh => format!("共 {all} 件，处理中 {open} 件"),
    };
    fact(html, lang.of("Complaints", "投诉"), &cases);
    next_call(html, desk, told);
    let last = at(told, "/last_response");
    let scores = timeline::scores(desk, last);
    if scores.is_empty() {
        fact(html, lang.of("Last scores", "最近评分"), lang.of("none yet", "暂无"));
    } else {
        html.put("dt", &[], lang.of("Last scores", "最近评分"));
        html.open("dd", &[]);
        html.text(&scores);
        html.text(lang.of(", ", "，"));
        tell::time(html, desk, text(last, "/answered_at"));
        html.close();
    }
    orders(html, desk, told);
    html.close();
    html.close();
}

fn next_call(html: &mut Html, desk: &Desk, told: &Value) {
    let lang = desk.lang;
    let call = at(told, "/next_callback");
    html.put("dt", &[], lang.of("Next call", "下次回电"));
    html.open("dd", &[]);
    if call.is_null() {
        html.text(lang.of("none", "无"));
    } else {
        let href = desk.href(&format!("/desk/callbacks/{}", word(text(call, "/id"))));
        let when = if text(call, "/start").is_empty() { "/due" } else { "/start" };
        let when = match text(call, when) {
            "" => String::new(),
            time => format!(" · {}", tell::moment(desk, time)),
        };
        let state = tell::of(lang, &CALL_STATES, text(call, "/state"));
        html.put("a", &[("href", &href)], &format!("{state}{when}"));
    }
    html.close();
}

/// Recency, frequency and money.
fn orders(html: &mut Html, desk: &Desk, told: &Value) {
    let lang = desk.lang;
    let totals = items(told, "/orders");
    if totals.is_empty() {
        fact(html, lang.of("Orders", "订单"), lang.of("none yet", "暂无"));
    }
    for it in totals {
        let number = |pointer: &str| at(it, pointer).as_i64().unwrap_or(0);
        let (orders, days) = (number("/orders"), number("/days_since"));
        let sum = money(number("/amount"), text(it, "/currency"));
        let said = match (lang, days) {
            (Lang::En, 0) => format!("{orders} for {sum}, the last one today"),
            (Lang::En, 1) => format!("{orders} for {sum}, the last one a day ago"),
            (Lang::En, _) => format!("{orders} for {sum}, the last one {days} days ago"),
            (Lang::Zh, 0) => format!("{orders} 单，共 {sum}，最近一单在今天"),
            (Lang::Zh, _) => format!("{orders} 单，共 {sum}，最近一单在 {days} 天前"),
        };
        fact(html, lang.of("Orders", "订单"), &said);
    }
}

fn fact(html: &mut Html, name: &str, value: &str) {
    html.put("dt", &[], name);
    html.put("dd", &[], value);
}

/// Who they are.
fn facts(html: &mut Html, desk: &Desk, it: &Value, advisers: &[(String, String)]) {
    let lang = desk.lang;
    html.open("section", &[("class", "panel"), ("aria-labelledby", "who")]);
    html.put("h2", &[("id", "who")], lang.of("Profile", "客户资料"));
    html.open("dl", &[("class", "facts")]);
    let none = lang.of("not known", "未知");
    let known = |said: &str| if said.is_empty() { none.to_owned() } else { said.to_owned() };
    fact(html, lang.of("Customer number", "客户编号"), &known(text(it, "/external_id")));
    let call = [("data-key", "p"), ("data-does", lang.of("Call them", "拨打电话"))];
    let phone = ("tel:", text(it, "/contacts/phone"));
    contact(html, lang.of("Phone", "手机"), phone, none, &call);
    let email = ("mailto:", text(it, "/contacts/email"));
    contact(html, lang.of("E-mail", "邮箱"), email, none, &[]);
    fact(html, lang.of("WeChat", "微信号"), &known(text(it, "/contacts/wechat")));
    let group = tell::of(lang, &GROUPS, text(it, "/group"));
    fact(html, lang.of("Group", "客群"), if group.is_empty() { none } else { group });
    let adviser = match text(it, "/adviser_id") {
        "" => lang.of("nobody", "无"),
        id => tell::name_of(advisers, id),
    };
    fact(html, lang.of("Adviser", "专属顾问"), adviser);
    let language = tell::of(lang, &LANGUAGES, text(it, "/language"));
    fact(html, lang.of("Language", "语言"), &known(language));
    let zone = match text(it, "/zone") {
        "" => lang.of("that of the site", "同站点"),
        zone => zone,
    };
    fact(html, lang.of("Time zone", "时区"), zone);
    let consent = match at(it, "/has_consent").as_bool() {
        Some(true) => lang.of("may be asked for feedback", "同意接受满意度回访"),
        _ => lang.of("did not agree to be asked", "未同意接受回访"),
    };
    fact(html, lang.of("Consent", "授权"), consent);
    html.put("dt", &[], lang.of("Since", "建档时间"));
    html.open("dd", &[]);
    tell::time(html, desk, text(it, "/created_at"));
    html.close();
    html.close();
    html.close();
}

/// A contact that a phone or a mail program can take, if it is written so that one can.
fn contact(
    html: &mut Html,
    name: &str,
    (scheme, value): (&str, &str),
    none: &str,
    keys: &[Attribute<'_>],
) {
    html.put("dt", &[], name);
    html.open("dd", &[]);
    let address: String = match scheme {
        "tel:" => value.chars().filter(|it| it.is_ascii_digit() || *it == '+').collect(),
        _ => value.to_owned(),
    };
    let is_plain = address.bytes().all(|it| it.is_ascii_alphanumeric() || b"+.@_-".contains(&it));
    if value.is_empty() {
        html.text(none);
    } else if is_plain && 2 < address.len() {
        let href = format!("{scheme}{address}");
        let mut way = vec![("href", href.as_str())];
        way.extend_from_slice(keys);
        html.put("a", &way, value);
    } else {
        html.text(value);
    }
    html.close();
}

fn unreachable_now(html: &mut Html, desk: &Desk) {
    let said = desk.lang.of(
        "This cannot be shown just now. Load the page again in a moment.",
        "暂时无法显示，请稍后刷新页面。",
    );
    html.put("p", &[("class", "nothing")], said);
}

/// All that happened, the newest first.
fn events(html: &mut Html, desk: &Desk, happened: &Result<Value, Refused>, here: &str) {
    let lang = desk.lang;
    html.open("section", &[("class", "happened"), ("aria-labelledby", "happened")]);
    html.put("h2", &[("id", "happened")], lang.of("What happened", "往来记录"));
    match happened {
        Ok(told) if items(told, "/items").is_empty() => {
            let said = lang.of(
                "Nothing yet. Answers to surveys, complaints, calls, orders, messages and \
                 invitations of this customer will stand here.",
                "暂无记录。该客户的问卷、投诉、回电、订单、消息和邀请都会显示在这里。",
            );
            html.put("p", &[("class", "nothing")], said);
        }
        Ok(told) => {
            timeline::draw(html, desk, told);
            desk.more(html, here, text(told, "/next"));
        }
        Err(refused) if refused.status == 422 => {
            html.put("p", &[("class", "wrong"), ("role", "alert")], refused.text());
        }
        Err(_) => unreachable_now(html, desk),
    }
    html.close();
}

/// Every change of them, oldest first.
pub(crate) async fn history(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let (here, target) = (page_of(id), api_of(id));
    let mut audit = format!("{target}/audit?limit=100");
    if let Some(after) = request.param("after").filter(|it| !it.is_empty()) {
        audit.push_str("&after=");
        audit.push_str(&word(after));
    }
    let mut told =
        desk.read(env, request, &[("customer", target), ("customer", audit)]).await.into_iter();
    let (customer, trail) = match (told.next(), told.next()) {
        (Some(Ok(customer)), Some(Ok(trail))) => (customer, trail),
        (Some(Err(refused)), _) | (_, Some(Err(refused))) => return desk.refusal(&refused),
        _ => return desk.nothing(),
    };
    let name = called(desk.lang, &customer);
    let above = [("/desk/customers", desk.lang.of("Customers", "客户")), (&here, &name)];
    let title = desk.lang.of("History", "变更记录");
    let mut page = desk.page_about(request, Section::Customers, title, &above);
    let html = &mut page.html;
    html.open("section", &[("class", "panel")]);
    desk.history(html, items(&trail, "/items"));
    desk.more(html, &format!("{here}/history"), text(&trail, "/next"));
    html.close();
    Ok(page.answer(StatusCode::OK))
}
