//! The list of surveys, and the page on which one begins.

use domain::role::Role;
use http::{Method, StatusCode};
use pages::html::{Html, when};
use ports::Env;
use serde_json::{Value, json};
use staff::form::Kind;
use staff::tell::{at, count, items, named, number, of, plain, text};
use staff::{Call, Desk, Filled, Form, Input, Refused, Section, Sent, Signed, open, word};
use web::{Problem, Request, Response};

use crate::merge::aimed;
use crate::study::{STUDY, Study};
use crate::words;

const HERE: &str = "/desk/surveys";
const NEW: &str = "/desk/surveys/new";
/// The scores of a survey, with the components and addresses that tell them.
const SCORES: [(&str, &str); 3] =
    [("NPS", "/v1/nps?by=survey"), ("CSAT", "/v1/csat?by=survey"), ("CES", "/v1/ces?by=survey")];

/// The surveys of the site.
pub(crate) async fn show(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = match open(env, request, Role::Viewer).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let lang = desk.lang;
    let after = request.param("after").unwrap_or("");
    let mut asked = vec![
        (STUDY, format!("/v1/studies?limit=50&after={}", word(after))),
        ("admin", "/v1/touchpoints?limit=100".to_owned()),
    ];
    asked.extend(SCORES.iter().map(|it| ("nps", it.1.to_owned())));
    let mut told = desk.read(env, request, &asked).await.into_iter();
    let surveys = match told.next().unwrap_or_else(|| Err(Refused::default())) {
        Ok(it) => it,
        Err(refused) => return desk.refusal(&refused),
    };
    let rest: Vec<Value> = told.map(Result::unwrap_or_default).collect();
    let (touchpoints, scores) = rest.split_first().map_or((&Value::Null, &rest[..]), |it| it);
    let places = named(touchpoints, "");
    let mut page = desk.page(request, Section::Surveys, Section::Surveys.name().text(lang));
    if desk.may(Role::Manager) {
        page.html.open("p", &[("class", "row-acts")]);
        let does = lang.of("New survey", "新建问卷");
        let href = desk.href(NEW);
        page.html.put("a", &[("href", &href), ("data-key", "n"), ("data-does", does)], does);
        page.html.close();
    }
    let found = items(&surveys, "/items");
    if found.is_empty() {
        page.empty(lang.of(
            "There is no survey yet. Managers make one from a template in a minute; then it is a \
             page of its own, and a tag for your site.",
            "还没有问卷。经理可用模板一分钟建好一份，随后即可作为独立页面打开，或用代码放到网站上。",
        ));
    }
    page.html.open("ul", &[("class", "list")]);
    for it in found {
        row(&mut page.html, &desk, it, (&places, scores));
    }
    page.html.close();
    desk.more(&mut page.html, HERE, text(&surveys, "/next"));
    Ok(page.answer(StatusCode::OK))
}

fn row(html: &mut Html, desk: &Desk, it: &Value, facts: (&[(String, String)], &[Value])) {
    let (lang, study) = (desk.lang, Study::of(it));
    html.open("li", &[]);
    html.open("h2", &[]);
    html.put("a", &[("href", &desk.href(&study.path(""))), ("data-row", "")], &study.name);
    html.text(" ");
    badge(html, desk, &study);
    html.close();
    let mut parts = vec![study.say(desk, at(&study.definition, "/title")).to_owned()];
    if study.published != 0 {
        parts.push(format!("{}{}", lang.of("version ", "第 "), study.published));
        if let (web::Lang::Zh, Some(last)) = (lang, parts.last_mut()) {
            last.push_str(" 版");
        }
    }
    let place = text(&study.definition, "/touchpoint_id");
    if !place.is_empty() {
        parts.push(staff::tell::name_of(facts.0, place).to_owned());
    }
    html.put("p", &[("class", "soft")], &parts.join(" · "));
    let mut scores = Vec::with_capacity(SCORES.len());
    for ((name, _), told) in SCORES.iter().zip(facts.1) {
        let own = items(told, "/parts").iter().find(|it| text(it, "/key") == study.id);
        if let Some(own) = own {
            scores.push(score(desk, name, own));
        }
    }
    if !scores.is_empty() {
        let days = lang.of("Last 30 days: ", "近 30 天：");
        html.put("p", &[], &format!("{days}{}", scores.join(" · ")));
    }
    html.close();
}

/// A score in a few words: `NPS 41.7 (120 answers)`.
fn score(desk: &Desk, name: &str, told: &Value) -> String {
    let value = number(told, "/value").map_or_else(|| "–".to_owned(), plain);
    let n = count(told, "/n").unwrap_or(0);
    match desk.lang {
        web::Lang::En => format!("{name} {value} ({n} answers)"),
        web::Lang::Zh => format!("{name} {value}（{n} 条回答）"),
    }
}

/// The state of a survey.
pub(crate) fn badge(html: &mut Html, desk: &Desk, study: &Study) {
    let class = if study.is_open() { "badge good" } else { "badge" };
    html.put("span", &[("class", class)], of(desk.lang, &words::STATES, &study.state));
}

/// The page on which a survey begins: what it begins from, its name, its touchpoint.
pub(crate) async fn begin(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = match open(env, request, Role::Manager).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let asked =
        [(STUDY, "/v1/studies/templates".into()), ("admin", "/v1/touchpoints?limit=100".into())];
    let mut told = desk.read(env, request, &asked).await.into_iter();
    let templates = match told.next().unwrap_or_else(|| Err(Refused::default())) {
        Ok(it) => it,
        Err(refused) => return desk.refusal(&refused),
    };
    let touchpoints = told.next().and_then(Result::ok).unwrap_or_default();
    let form = form(&desk, &touchpoints);
    let mut filled = Filled::default();
    if *request.method() == Method::POST {
        let sent = match desk.sent(env, request).await {
            Ok(sent) => sent,
            Err(problem) => return desk.told(problem),
        };
        match make(env, request, &desk, (&form, &sent, &templates)).await {
            Ok(id) => return Ok(desk.go(&format!("{HERE}/{id}/edit"), "created")),
            Err(refused) => filled = refused,
        }
    } else {
        filled.set("template", request.param("template").unwrap_or("nps"));
        filled.set("default_language", desk.lang.of("en", "zh-CN"));
    }
    let lang = desk.lang;
    let above = [(HERE, lang.of("Surveys", "问卷"))];
    let title = lang.of("New survey", "新建问卷");
    let mut page = desk.page_about(request, Section::Surveys, title, &above);
    desk.begin_form(&mut page.html, NEW, "");
    form.alert(&mut page.html, lang, &filled);
    choose(&mut page.html, &desk, &filled, &templates);
    for input in form.inputs.iter().filter(|it| it.name() != "template") {
        form.draw_one(&mut page.html, &desk, &filled, input);
    }
    page.html.put("button", &[], lang.of("Make the draft", "创建草稿"));
    page.html.close();
    Ok(page.answer(filled.status()))
}

/// What to begin from, one of several, each with what it is for.
fn choose(html: &mut Html, desk: &Desk, filled: &Filled, templates: &Value) {
    let wrong = filled.wrong("template");
    let class = if wrong.is_empty() { "field templates" } else { "field templates bad" };
    html.open("fieldset", &[("class", class), ("id", "template")]);
    html.put("legend", &[], desk.lang.of("Begin from", "从哪里开始"));
    if !wrong.is_empty() {
        html.put("p", &[("class", "error")], wrong);
    }
    let own = desk.lang.of("/en", "/zh");
    for it in items(templates, "/items") {
        let id = text(it, "/id");
        let (field, hint) = (format!("template-{id}"), format!("template-{id}-about"));
        html.open("div", &[("class", "template")]);
        html.open("label", &[("for", &field), ("class", "tick")]);
        let attributes = [
            ("type", "radio"),
            ("id", field.as_str()),
            ("name", "template"),
            ("value", id),
            ("aria-describedby", hint.as_str()),
            (when(filled.get("template") == id, "checked"), ""),
        ];
        html.void("input", &attributes);
        html.text(text(at(it, "/name"), own));
        html.close();
        html.put("p", &[("class", "hint"), ("id", &hint)], text(at(it, "/about"), own));
        html.close();
    }
    html.close();
}

fn form(desk: &Desk, touchpoints: &Value) -> Form {
    let lang = desk.lang;
    let name =
        Input::line("name", lang.of("Name", "名称"))
            .hint(lang.of(
                "What your team calls it; customers do not see it.",
                "供内部辨认，客户看不到。",
            ))
            .needed();
    let none = lang.of("None", "无");
    let touchpoint = Input::new(
        "touchpoint_id",
        lang.of("Touchpoint", "触点"),
        Kind::Choice(named(touchpoints, none)),
    )
    .hint(lang.of("What it asks about.", "问卷所评价的触点。"));
    let languages =
        vec![("zh-CN".to_owned(), "中文".to_owned()), ("en".to_owned(), "English".to_owned())];
    let language = Input::new(
        "default_language",
        lang.of("First language", "首选语言"),
        Kind::Choice(languages),
    )
    .hint(lang.of(
        "Shown where a translation is missing. Templates come in both.",
        "没有译文时显示这种语言。模板含两种语言。",
    ));
    let template = Input::line("template", lang.of("Begin from", "从哪里开始"));
    Form::new(vec![template, name, touchpoint, language])
}

/// Makes the survey, and tells its id.
async fn make(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    (form, sent, templates): (&Form, &Sent, &Value),
) -> Result<String, Filled> {
    let body = form.read(desk.lang, sent)?;
    let chosen =
        items(templates, "/items").iter().find(|it| text(it, "/id") == sent.get("template"));
    let Some(chosen) = chosen else {
        let mut filled = Filled { pairs: sent.pairs.clone(), status: 422, ..Filled::default() };
        let rule = desk.lang.of("must be one of these", "请选择其中一个");
        filled.refuse(desk.lang, "template", rule);
        return Err(filled);
    };
    let mut definition = at(chosen, "/definition").clone();
    if let Some(members) = definition.as_object_mut() {
        for name in ["touchpoint_id", "default_language"] {
            if let Some(value) = body.get(name) {
                members.insert(name.to_owned(), value.clone());
            }
        }
    }
    let body = json!({ "name": body.get("name"), "definition": definition });
    let call = Call { component: STUDY, target: "/v1/studies", ..Call::default() };
    match desk.send(env, request, Call { body: &body, key: sent.key(), ..call }).await {
        Ok(done) => Ok(text(&done.told, "/id").to_owned()),
        Err(refused) => {
            let study = Study { definition, ..Study::default() };
            let refused = aimed(&refused, (desk, &study), form, |it| Some(it.to_owned()));
            Err(Filled::refused(desk.lang, form, sent, &refused))
        }
    }
}
