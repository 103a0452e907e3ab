//! Links to give away: made here, shown once, kept nowhere.

use domain::role::Role;
use http::{Method, StatusCode};
use ports::Env;
use serde_json::Value;
use staff::form::Kind;
use staff::tell::{items, text};
use staff::{Call, Desk, Filled, Form, Input, Section, Sent, Signed, open};
use web::{Problem, Request, Response};

use crate::study::{Study, api};

/// Makes links.
pub(crate) async fn page(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let desk = match open(env, request, Role::Manager).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let study = match Study::load(env, request, &desk, id).await {
        Ok(study) => study,
        Err(refused) => return desk.refusal(&refused),
    };
    let form = form(&desk);
    let (mut filled, mut made) = (Filled::default(), Value::Null);
    filled.set("single_use", "true");
    filled.set("count", "1");
    if *request.method() == Method::POST {
        let sent = match desk.sent(env, request).await {
            Ok(sent) => sent,
            Err(problem) => return desk.told(problem),
        };
        match make(env, request, &desk, (&study, &form, &sent)).await {
            Ok(told) => made = told,
            Err(refused) => filled = refused,
        }
    }
    let lang = desk.lang;
    let own = study.path("");
    let title = lang.of("Links", "链接");
    let mut page = desk.page_about(request, Section::Surveys, title, &study.above(&own, &desk));
    let html = &mut page.html;
    study.tabs(html, &desk, "/links");
    let mut status = filled.status();
    if !items(&made, "/links").is_empty() {
        show(html, &desk, &made);
        status = StatusCode::CREATED;
    }
    if study.is_open() {
        let path = study.path("/links");
        html.open("section", &[("class", "panel"), ("aria-labelledby", "make")]);
        html.put("h2", &[("id", "make")], lang.of("Make links", "生成链接"));
        desk.begin_form(html, &path, "");
        form.draw(html, &desk, &filled);
        html.put("button", &[], lang.of("Make links", "生成链接"));
        html.close();
        html.close();
        html.open("p", &[]);
        html.text(
            lang.of("Anybody may answer at the page itself: ", "任何人都可以直接在此页面回答："),
        );
        let href = format!("/s/{}", study.id);
        html.put("a", &[("href", &href)], &href);
        html.close();
    } else {
        page.empty(lang.of(
            "Links can be made once the survey is published and open.",
            "问卷发布并开放后即可生成链接。",
        ));
    }
    Ok(page.answer(status))
}

fn form(desk: &Desk) -> Form {
    let lang = desk.lang;
    Form::new(vec![
        Input::new("count", lang.of("How many", "数量"), Kind::Whole).hint(
            lang.of("For anybody who holds one; up to 5,000.", "任何持有者可用，最多 5000 个。"),
        ),
        Input::new(
            "customers",
            lang.of("Or customers, one link each", "或者每位客户一个"),
            Kind::Lines,
        )
        .hint(lang.of(
            "A line each: our id (cus_…) or your own. The answer is then theirs.",
            "每行一位：本系统编号（cus_…）或贵公司编号。回答将记在该客户名下。",
        )),
        Input::new("expires_at", lang.of("Hold until", "有效期至"), Kind::Moment(desk.zone))
            .hint(lang.of("30 days if it is empty.", "留空为 30 天。")),
        Input::new(
            "single_use",
            lang.of("Each holds for one answer", "每个链接只能回答一次"),
            Kind::Flag,
        ),
        Input::line("language", lang.of("Language", "语言")).hint(lang.of(
            "The customer's if it is empty: zh-CN, en.",
            "留空则用客户的语言，例如 zh-CN、en。",
        )),
    ])
}

async fn make(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    (study, form, sent): (&Study, &Form, &Sent),
) -> Result<Value, Filled> {
    let mut body = form.read(desk.lang, sent)?;
    // Either so many, or these.
    let is_named = body.get("customers").is_some_and(|it| !items(it, "").is_empty());
    body.remove(if is_named { "count" } else { "customers" });
    let body = Value::Object(body);
    let target = &api(&study.id, "/links");
    let call =
        Call { component: "programme", target, body: &body, key: sent.key(), ..Call::default() };
    match desk.send(env, request, call).await {
        Ok(done) => Ok(done.told),
        Err(refused) => Err(Filled::refused(desk.lang, form, sent, &refused)),
    }
}

/// The links, which are shown this once.
fn show(html: &mut pages::html::Html, desk: &Desk, made: &Value) {
    let lang = desk.lang;
    html.open("section", &[("class", "panel"), ("role", "status"), ("aria-labelledby", "made")]);
    html.put("h2", &[("id", "made")], lang.of("Here are the links", "链接已生成"));
    html.put(
        "p",
        &[],
        lang.of(
            "Copy them now: they are shown this once and kept nowhere.",
            "请立即复制：链接只显示这一次，系统不保存。",
        ),
    );
    let mut lines = String::new();
    for it in items(made, "/links") {
        let customer = text(it, "/customer_id");
        if !customer.is_empty() {
            lines.push_str(customer);
            lines.push(' ');
        }
        lines.push_str(text(it, "/url"));
        lines.push('\n');
    }
    html.open("div", &[("class", "field")]);
    html.put("label", &[("for", "urls")], lang.of("Links", "链接"));
    html.put("textarea", &[("id", "urls"), ("readonly", ""), ("rows", "8")], &lines);
    html.close();
    let copy = [
        ("type", "button"),
        ("class", "quiet"),
        ("data-copy", "urls"),
        ("hidden", ""),
        ("data-scripted", ""),
    ];
    html.put("button", &copy, lang.of("Copy", "复制"));
    html.open("p", &[("class", "hint")]);
    html.text(lang.of("They hold until ", "有效期至 "));
    staff::tell::time(html, desk, text(made, "/expires_at"));
    html.close();
    html.close();
}
