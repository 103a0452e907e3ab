//! Editing a policy: as a form, as JSON, and putting it in force.

use domain::role::Role;
use http::StatusCode;
use ports::Env;
use serde_json::Value;
use staff::form::{Input, Kind as Takes};
use staff::tell::{items, text};
use staff::{Call, Desk, Filled, Form, Refused, Sent, Verb};
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::edit::{self, Shape, To};
use crate::policy::{Told, ask, path};
use crate::words::Kind;
use crate::{diff, draw, kinds, opened, pretty};

/// Mistakes of a policy that are shown.
const SHOWN: usize = 50;

/// Where to look again if somebody else was faster: at the draft, or if that was published, at
/// what is in force.
fn again(kind: &Kind) -> [(String, &'static str, &'static str); 2] {
    let own = format!("/v1/policies/{}", kind.key);
    [(format!("{own}/draft"), "/definition", "/revision"), (own, "/definition", "/revision")]
}

/// The form of a kind.
pub(crate) async fn edit(
    env: &impl Env,
    request: &Request,
    kind: &Kind,
) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Manager);
    let Some(shape) = kinds::shape(kind.key) else { return desk.nothing() };
    let told = match ask(env, request, &desk, kind).await {
        Ok(told) => told,
        Err(refused) => return desk.refusal(&refused),
    };
    let rows = kinds::rows(shape, told.latest());
    let form = kinds::form(&desk, kind.key, rows, &told.names);
    let filled = edit::filled(&form, shape, told.latest(), told.revision());
    Ok(draw_form(&desk, request, kind, (&form, &filled, rows)))
}

fn draw_form(
    desk: &Desk,
    request: &Request,
    kind: &Kind,
    (form, filled, rows): (&Form, &Filled, usize),
) -> Response {
    let lang = desk.lang;
    let own = path(kind);
    let above = [(own.as_str(), kind.name.text(lang))];
    let mut page = draw::page(desk, request, lang.of("Edit the draft", "编辑草稿"), &above);
    explain(&mut page.html, lang);
    desk.begin_form(&mut page.html, &format!("{own}/edit"), "panel");
    kinds::draw(&mut page.html, desk, kind.key, (form, filled, rows));
    page.html.open("p", &[("class", "row-acts")]);
    draw::send(&mut page.html, lang.of("Save the draft", "保存草稿"));
    if rows != 0 {
        let more = lang.of("Save, and more rows", "保存并继续添加");
        page.html.put("button", &[("name", "more"), ("value", "true")], more);
    }
    page.html.close();
    page.html.close();
    page.answer(filled.status())
}

fn explain(html: &mut pages::html::Html, lang: Lang) {
    let text = lang.of(
        "A draft changes nothing yet: it is checked and kept, and holds once it is published.",
        "草稿不会立即生效：保存时会检查，发布后才开始执行。",
    );
    html.put("p", &[("class", "say")], text);
}

/// Takes the form of a kind.
pub(crate) async fn save(
    env: &impl Env,
    request: &Request,
    kind: &Kind,
) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Manager);
    let Some(shape) = kinds::shape(kind.key) else { return desk.nothing() };
    let sent = match desk.sent(env, request).await {
        Ok(sent) => sent,
        Err(problem) => return desk.told(problem),
    };
    let names = draw::names(env, request, &desk, kinds::wanted(kind.key)).await;
    let rows = kinds::sent_rows(shape, &sent);
    let form = kinds::form(&desk, kind.key, rows, &names);
    match draft(env, request, &desk, kind, (&form, &sent, shape)).await {
        Ok(_) if !sent.get("more").is_empty() => {
            Ok(desk.go(&format!("{}/edit", path(kind)), "drafted"))
        }
        Ok(_) => Ok(desk.go(&path(kind), "drafted")),
        Err(filled) => Ok(draw_form(&desk, request, kind, (&form, &filled, rows))),
    }
}

async fn draft(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    kind: &Kind,
    typed: (&Form, &Sent, Shape),
) -> Result<staff::Done, Filled> {
    let target = format!("/v1/policies/{}/draft", kind.key);
    let again = again(kind);
    let to = To { component: "policy", verb: Verb::Put, target: &target, again: &again };
    edit::submit(env, request, desk, typed, to).await
}

/// The field of a policy as JSON.
fn json_form(lang: Lang) -> Form {
    Form::new(vec![
        Input::new("definition", lang.of("The policy as JSON", "规则 JSON"), Takes::Json).needed(),
    ])
}

/// A policy as JSON, of whatever kind.
pub(crate) async fn json(
    env: &impl Env,
    request: &Request,
    kind: &Kind,
) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Manager);
    let told = match ask(env, request, &desk, kind).await {
        Ok(told) => told,
        Err(refused) => return desk.refusal(&refused),
    };
    let mut filled = Filled { version: told.revision(), ..Filled::default() };
    filled.set("definition", &pretty::pretty(told.latest()));
    Ok(draw_json(&desk, request, kind, (&filled, &[])))
}

fn draw_json(
    desk: &Desk,
    request: &Request,
    kind: &Kind,
    (filled, mistakes): (&Filled, &[(String, String)]),
) -> Response {
    let lang = desk.lang;
    let own = path(kind);
    let above = [(own.as_str(), kind.name.text(lang))];
    let heading = lang.of("Edit the draft as JSON", "以 JSON 编辑草稿");
    let mut page = draw::page(desk, request, heading, &above);
    explain(&mut page.html, lang);
    let form = json_form(lang);
    let html = &mut page.html;
    desk.begin_form(html, &format!("{own}/json"), "panel json");
    form.alert(html, lang, filled);
    if !mistakes.is_empty() {
        let heads = [lang.of("Place", "位置"), lang.of("What is wrong there", "问题")];
        draw::table(html, lang.of("Mistakes", "错误"), &heads);
        for (place, rule) in mistakes.iter().take(SHOWN) {
            html.open("tr", &[]);
            html.open("th", &[("scope", "row")]);
            html.put("code", &[], place);
            html.close();
            html.put("td", &[], rule);
            html.close();
        }
        draw::end_table(html);
    }
    for it in &form.inputs {
        form.draw_one(html, desk, filled, it);
    }
    form.version(html, filled);
    draw::send(html, lang.of("Save the draft", "保存草稿"));
    html.close();
    page.answer(filled.status())
}

/// Takes a policy as JSON.
pub(crate) async fn save_json(
    env: &impl Env,
    request: &Request,
    kind: &Kind,
) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Manager);
    let sent = match desk.sent(env, request).await {
        Ok(sent) => sent,
        Err(problem) => return desk.told(problem),
    };
    let lang = desk.lang;
    let form = json_form(lang);
    let body = match form.read(lang, &sent) {
        Ok(mut body) => body.remove("definition").unwrap_or_default(),
        Err(mut filled) => {
            if let Some(at) = broken(sent.get("definition")) {
                let near = lang.of("this is where it breaks off: ", "此处有误：");
                filled.refuse(lang, "definition", &format!("{near}{at}"));
            }
            return Ok(draw_json(&desk, request, kind, (&filled, &[])));
        }
    };
    let target = format!("/v1/policies/{}/draft", kind.key);
    let call = Call {
        component: "policy",
        verb: Verb::Put,
        target: &target,
        body: &body,
        key: sent.key(),
        version: sent.version(),
        ..Call::default()
    };
    let refused = match desk.send(env, request, call).await {
        Ok(_) => return Ok(desk.go(&path(kind), "drafted")),
        Err(refused) => refused,
    };
    let mut filled = Filled::refused(lang, &form, &sent, &refused);
    let mistakes = mistakes(&refused);
    if !mistakes.is_empty() {
        filled.alert = String::new();
        let rule = lang.of("see the places above", "请见上方列出的位置");
        filled.refuse(lang, "definition", rule);
    }
    if refused.status == 412 {
        stale(env, request, &desk, kind, (&form, &sent, &mut filled)).await;
    }
    Ok(draw_json(&desk, request, kind, (&filled, &mistakes)))
}

/// Says what somebody else saved meanwhile, not as a whole but where it differs.
async fn stale(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    kind: &Kind,
    (form, sent, filled): (&Form, &Sent, &mut Filled),
) {
    let told = ask(env, request, desk, kind).await.ok();
    let now = told.as_ref().map(|it| it.latest().clone()).unwrap_or_default();
    let version = told.as_ref().map_or(0, Told::revision);
    desk.meanwhile(filled, (form, sent), &edit::versioned(serde_json::json!({}), version));
    let typed = web::view::json(sent.get("definition"));
    let mut text = String::new();
    for it in diff::differences(&typed, &now).iter().take(SHOWN) {
        let line = format!("{} {}; ", it.place, web::view::text(&it.now));
        text.push_str(&line);
    }
    filled.meanwhile = vec![("definition".to_owned(), text)];
}

/// The mistakes that the API tells, each with its place.
fn mistakes(refused: &Refused) -> Vec<(String, String)> {
    let told = Value::Object(refused.told.clone());
    let all = items(&told, "/errors").iter();
    all.map(|it| (text(it, "/pointer").to_owned(), text(it, "/detail").to_owned())).collect()
}

/// The words before the place at which JSON cannot be read any more.
fn broken(typed: &str) -> Option<String> {
    let error = serde_json::from_slice::<Value>(typed.as_bytes()).err()?;
    let line = typed.lines().nth(error.line().saturating_sub(1))?;
    let shown: String = line.trim().chars().take(60).collect();
    Some(format!("{} · {shown}", error.line()))
}

/// What will be different once the draft is published.
pub(crate) async fn confirm(
    env: &impl Env,
    request: &Request,
    kind: &Kind,
) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Manager);
    confirmed(env, request, &desk, kind, "").await
}

async fn confirmed(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    kind: &Kind,
    wrong: &str,
) -> Result<Response, Problem> {
    let lang = desk.lang;
    let told = match ask(env, request, desk, kind).await {
        Ok(told) => told,
        Err(refused) => return desk.refusal(&refused),
    };
    let own = path(kind);
    let above = [(own.as_str(), kind.name.text(lang))];
    let heading = lang.of("Publish the draft?", "发布草稿？");
    let mut page = draw::page(desk, request, heading, &above);
    let html = &mut page.html;
    pages::notes(html, wrong, &[]);
    if told.next().is_null() {
        let none = lang.of("There is no draft: edit the policy first.", "没有草稿，请先编辑规则。");
        page.empty(none);
        return Ok(page.answer(StatusCode::OK));
    }
    draw::panel(html, "differs", lang.of("What will be different", "将有以下变化"));
    let found = diff::differences(told.definition(), told.next());
    diff::draw(html, lang, &found, [lang.of("In force", "现行"), lang.of("Draft", "草稿")]);
    html.put("p", &[], effect(lang, kind.key));
    desk.begin_form(html, &format!("{own}/publish"), "");
    let version = Filled { version: told.revision(), ..Filled::default() };
    Form::default().version(html, &version);
    draw::send(html, lang.of("Publish it now", "立即发布"));
    html.close();
    html.close();
    draw::panel(html, "next", lang.of("The draft", "草稿"));
    kinds::tell(html, desk, kind.key, (told.next(), &told.names));
    html.close();
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::CONFLICT };
    Ok(page.answer(status))
}

/// What publishing does to cases that are there.
fn effect(lang: Lang, kind: &str) -> &'static str {
    match kind {
        "promise" | "ladder" => lang.of(
            "Open cases follow it: their clocks are reckoned anew within minutes.",
            "未结投诉随之调整：数分钟内重新计算时限。",
        ),
        "grading" => lang.of(
            "New complaints are graded by it. Those that are there keep their grade.",
            "新投诉按此分级；已有投诉的等级不变。",
        ),
        _ => lang.of("It holds for whatever comes in from now on.", "自发布起对新进事项生效。"),
    }
}

/// Puts the draft in force, if it is still the one that was seen.
pub(crate) async fn publish(
    env: &impl Env,
    request: &Request,
    kind: &Kind,
) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Manager);
    let sent = match desk.sent(env, request).await {
        Ok(sent) => sent,
        Err(problem) => return desk.told(problem),
    };
    let target = format!("/v1/policies/{}/publish", kind.key);
    let (key, version) = (sent.key(), sent.version());
    let call = Call { component: "policy", target: &target, key, version, ..Call::default() };
    let refused = match desk.send(env, request, call).await {
        Ok(_) => return Ok(desk.go(&path(kind), "published")),
        Err(refused) => refused,
    };
    let wrong = match refused.status {
        412 => desk.lang.of(
            "Somebody else changed the draft meanwhile. This is what it says now: look again, then \
             publish.",
            "其间他人修改了草稿，现内容如下。请重新确认后再发布。",
        ),
        409 | 422 => refused.text(),
        _ => return desk.refusal(&refused),
    };
    let mut wrong = wrong.to_owned();
    if let Some((place, _)) = mistakes(&refused).first() {
        wrong = format!("{place} {wrong}");
    }
    confirmed(env, request, &desk, kind, &wrong).await
}
