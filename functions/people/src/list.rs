//! `/desk/customers`: whom a search finds, and a way to a new one.

use domain::role::Role;
use http::StatusCode;
use pages::html::{Html, when};
use pages::words::GROUPS;
use ports::Env;
use serde_json::Value;
use staff::tell::{self, items, text};
use staff::{Desk, Section, Signed, word};
use web::{Problem, Request, Response};

use crate::{page_of, words};

/// Customers of one page.
const ROWS: &str = "limit=50";

/// What is looked for.
struct Asked<'a> {
    text: &'a str,
    group: &'a str,
    adviser: &'a str,
    after: &'a str,
}

pub(crate) async fn show(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let of = |name: &str| request.param(name).unwrap_or("").trim();
    let asked =
        Asked { text: of("q"), group: of("group"), adviser: of("adviser_id"), after: of("after") };
    let mut target = format!("/v1/customers?{ROWS}");
    pairs(&mut target, &asked);
    if !asked.after.is_empty() {
        target.push_str("&after=");
        target.push_str(&word(asked.after));
    }
    let read = [("customer", target), ("admin", "/v1/agents?limit=100".to_owned())];
    let mut told = desk.read(env, request, &read).await.into_iter();
    let (found, agents) = (told.next(), told.next());
    let agents = agents.and_then(Result::ok).unwrap_or_default();
    let advisers = tell::named(&agents, desk.lang.of("anybody", "不限"));
    let title = Section::Customers.name();
    let mut page = desk.page(request, Section::Customers, title.text(desk.lang));
    filters(&mut page.html, &desk, &asked, &advisers);
    match found {
        Some(Ok(found)) => draw(&mut page.html, &desk, (&found, &asked), &advisers),
        Some(Err(refused)) if refused.status == 422 => {
            page.html.put("p", &[("class", "wrong"), ("role", "alert")], refused.text());
        }
        Some(Err(refused)) if refused.status != 503 => return desk.refusal(&refused),
        _ => page.empty(desk.lang.of(
            "Customers cannot be reached just now. Try again in a moment.",
            "暂时无法读取客户，请稍后再试。",
        )),
    }
    Ok(page.answer(StatusCode::OK))
}

/// What is looked for, as a query.
fn pairs(target: &mut String, asked: &Asked<'_>) {
    for (name, value) in [("q", asked.text), ("group", asked.group), ("adviser_id", asked.adviser)]
    {
        if !value.is_empty() {
            target.push('&');
            target.push_str(name);
            target.push('=');
            target.push_str(&word(value));
        }
    }
}

fn filters(html: &mut Html, desk: &Desk, asked: &Asked<'_>, advisers: &[(String, String)]) {
    let lang = desk.lang;
    html.open("div", &[("class", "row-acts")]);
    let new = desk.href("/desk/customers/new");
    let does = lang.of("New customer", "新建客户");
    let way = [("href", new.as_str()), ("class", "act"), ("data-key", "n"), ("data-does", does)];
    html.put("a", &way, does);
    html.close();
    desk.begin_query(html, "/desk/customers", "filters people-filters");
    html.open("label", &[("class", "wide")]);
    html.text(lang.of(
        "Customer number, phone, e-mail, name or WeChat",
        "客户编号、手机、邮箱、姓名或微信号",
    ));
    let field = [
        ("type", "search"),
        ("name", "q"),
        ("value", asked.text),
        ("maxlength", "254"),
        ("autocomplete", "off"),
        ("data-key", "/"),
        ("data-does", lang.of("Search", "搜索")),
    ];
    html.void("input", &field);
    html.close();
    let groups = tell::choices(lang, &GROUPS, lang.of("any", "不限"));
    choice(html, "group", lang.of("Group", "客群"), &groups, asked.group);
    choice(html, "adviser_id", lang.of("Adviser", "专属顾问"), advisers, asked.adviser);
    html.put("button", &[], lang.of("Search", "搜索"));
    html.close();
}

fn choice(html: &mut Html, name: &str, label: &str, options: &[(String, String)], chosen: &str) {
    html.open("label", &[]);
    html.text(label);
    html.open("select", &[("name", name)]);
    for (value, text) in options {
        html.put("option", &[("value", value), (when(value == chosen, "selected"), "")], text);
    }
    if !options.iter().any(|it| it.0 == chosen) {
        html.put("option", &[("value", chosen), ("selected", "")], chosen);
    }
    html.close();
    html.close();
}

fn draw(
    html: &mut Html,
    desk: &Desk,
    (found, asked): (&Value, &Asked<'_>),
    advisers: &[(String, String)],
) {
    let lang = desk.lang;
    let next = text(found, "/next");
    let all = items(found, "/items");
    if all.is_empty() {
        html.put("p", &[("class", "nothing"), ("role", "status")], none(desk, asked, next));
    }
    html.open("ul", &[("class", "list people")]);
    for it in all {
        html.open("li", &[]);
        let href = desk.href(&page_of(text(it, "/id")));
        let is_erased = !text(it, "/erased_at").is_empty();
        let number = match text(it, "/external_id") {
            _ if is_erased => lang.of("Erased customer", "已抹除的客户"),
            "" => text(it, "/id"),
            number => number,
        };
        html.put("a", &[("href", &href), ("data-row", "")], number);
        facts(html, desk, it, advisers);
        html.close();
    }
    html.close();
    let mut here = "/desk/customers".to_owned();
    pairs(&mut here, asked);
    // The first of them follows a question mark.
    desk.more(html, &here.replacen('&', "?", 1), next);
}

/// What tells one of a list from others.
fn facts(html: &mut Html, desk: &Desk, it: &Value, advisers: &[(String, String)]) {
    let lang = desk.lang;
    html.open("p", &[("class", "soft")]);
    let group = text(it, "/group");
    if !group.is_empty() {
        html.put("span", &[("class", "badge")], tell::of(lang, &GROUPS, group));
    }
    let adviser = text(it, "/adviser_id");
    if !adviser.is_empty() {
        let colon = lang.of(": ", "：");
        html.text(lang.of(" Adviser", " 专属顾问"));
        html.text(colon);
        html.text(tell::name_of(advisers, adviser));
    }
    let language = text(it, "/language");
    if !language.is_empty() {
        html.text(" · ");
        html.text(tell::of(lang, &words::LANGUAGES, language));
    }
    html.text(lang.of(" · since ", " · 建档 "));
    tell::time(html, desk, text(it, "/created_at"));
    html.close();
}

/// Why nobody is shown, and what brings somebody here.
fn none<'a>(desk: &Desk, asked: &Asked<'_>, next: &str) -> &'a str {
    let lang = desk.lang;
    if !next.is_empty() {
        return lang.of("Nobody so far: look further.", "尚未找到，请继续查看。");
    }
    if asked.text.is_empty() && asked.group.is_empty() && asked.adviser.is_empty() {
        return lang.of(
            "There is no customer yet. They come with what other systems send, with complaints, \
             or you make one here.",
            "暂无客户。其他系统推送数据或有人投诉时会自动建档，也可在此新建。",
        );
    }
    lang.of(
        "Nobody is known by that. Look for the whole number, address or name, or the beginning of \
         the customer number.",
        "没有找到。请输入完整的手机、邮箱、姓名或微信号，或客户编号的开头部分。",
    )
}
