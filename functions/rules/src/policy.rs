//! `/desk/rules/{kind}`: a policy: what is in force, what the next one would change, what was.

use domain::role::Role;
use http::StatusCode;
use pages::html::Html;
use ports::Env;
use serde_json::Value;
use staff::tell::{at, items, text};
use staff::{Desk, Refused};
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::words::{Kind, Names};
use crate::{diff, draw, kinds, opened};

/// What is known of a policy.
pub(crate) struct Told {
    /// What is in force, with its version.
    pub(crate) shown: Value,
    /// What may be next; null for nothing.
    pub(crate) draft: Value,
    pub(crate) names: Names,
}

impl Told {
    /// What is in force.
    pub(crate) fn definition(&self) -> &Value {
        at(&self.shown, "/definition")
    }

    /// What would be in force next; null for nothing.
    pub(crate) fn next(&self) -> &Value {
        at(&self.draft, "/definition")
    }

    /// What somebody who edits begins with.
    pub(crate) fn latest(&self) -> &Value {
        if self.next().is_null() { self.definition() } else { self.next() }
    }

    /// Counts every change.
    pub(crate) fn revision(&self) -> i64 {
        at(&self.shown, "/revision").as_i64().unwrap_or(0)
    }
}

/// Where a kind of policy is.
pub(crate) fn path(kind: &Kind) -> String {
    format!("{}/{}", draw::HOME, kind.key)
}

/// Asks for a policy, its draft, and what they name.
pub(crate) async fn ask(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    kind: &Kind,
) -> Result<Told, Refused> {
    let own = format!("/v1/policies/{}", kind.key);
    let asked = [("policy", own.clone()), ("policy", format!("{own}/draft"))];
    let mut told = desk.read(env, request, &asked).await.into_iter();
    let shown = told.next().unwrap_or_else(|| Err(Refused::default()))?;
    let draft = match told.next() {
        Some(Ok(it)) => it,
        // There is none until somebody writes one.
        _ => Value::Null,
    };
    let names = draw::names(env, request, desk, kinds::wanted(kind.key)).await;
    Ok(Told { shown, draft, names })
}

/// The page of a kind.
pub(crate) async fn show(
    env: &impl Env,
    request: &Request,
    kind: &Kind,
) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Viewer);
    let told = match ask(env, request, &desk, kind).await {
        Ok(told) => told,
        Err(refused) => return desk.refusal(&refused),
    };
    let own = format!("/v1/policies/{}", kind.key);
    let after = request.param("after").map(staff::word).unwrap_or_default();
    let mut list = format!("{own}/versions?limit=20");
    if !after.is_empty() {
        list.push_str(&format!("&after={after}"));
    }
    let versions = desk.read_one(env, request, ("policy", &list)).await.unwrap_or_default();
    let happened = match told.revision() {
        0 => Vec::new(),
        revision => draw::history(env, request, &desk, ("policy", &own), revision).await,
    };
    let lang = desk.lang;
    let mut page = draw::page(&desk, request, kind.name.text(lang), &[]);
    let html = &mut page.html;
    html.put("p", &[("class", "say")], kind.about.text(lang));
    acts(html, &desk, kind, &told);
    draw::panel(html, "force", &in_force(&desk, &told.shown));
    kinds::tell(html, &desk, kind.key, (told.definition(), &told.names));
    html.close();
    if !told.next().is_null() {
        draw::panel(html, "draft", lang.of("What the draft changes", "草稿的改动"));
        let saved = lang.of("Saved ", "保存于 ");
        html.open("p", &[("class", "soft")]);
        html.text(saved);
        staff::tell::time(html, &desk, text(&told.draft, "/updated_at"));
        html.close();
        let found = diff::differences(told.definition(), told.next());
        diff::draw(html, lang, &found, [lang.of("In force", "现行"), lang.of("Draft", "草稿")]);
        html.close();
    }
    list_versions(html, &desk, kind, &versions);
    draw::draw_history(html, &desk, &happened);
    Ok(page.answer(StatusCode::OK))
}

/// Which version is in force since when, as a heading.
fn in_force(desk: &Desk, shown: &Value) -> String {
    let version = at(shown, "/version").as_i64().unwrap_or(0);
    let since = text(shown, "/published_at");
    match (desk.lang, version) {
        (Lang::En, 0) => "In force: what ships".to_owned(),
        (Lang::Zh, 0) => "现行：内置规则".to_owned(),
        (Lang::En, _) => {
            format!("In force: version {version}, since {}", staff::tell::moment(desk, since))
        }
        (Lang::Zh, _) => {
            format!("现行：第 {version} 版，自 {} 起", staff::tell::moment(desk, since))
        }
    }
}

/// What can be done with it.
fn acts(html: &mut Html, desk: &Desk, kind: &Kind, told: &Told) {
    let (lang, own) = (desk.lang, path(kind));
    let mut ways: Vec<(&str, String, &str)> = Vec::with_capacity(5);
    let may = desk.may(Role::Manager);
    if may && kinds::shape(kind.key).is_some() {
        ways.push(("e", format!("{own}/edit"), lang.of("Edit", "编辑")));
    }
    if may {
        ways.push(("x", format!("{own}/json"), lang.of("Edit as JSON", "以 JSON 编辑")));
    }
    if may && !told.next().is_null() {
        ways.push(("p", format!("{own}/publish"), lang.of("Publish the draft", "发布草稿")));
    }
    if kind.key == "grading" && may && !told.next().is_null() {
        let does = lang.of("Try the draft on past cases", "用历史投诉试算草稿");
        ways.push(("s", format!("{own}/simulate"), does));
    }
    if kind.key == "grading" && desk.may(Role::Agent) {
        ways.push(("t", format!("{own}/try"), lang.of("Try a text", "试评一段文字")));
    }
    if ways.is_empty() {
        return;
    }
    html.open("p", &[("class", "row-acts")]);
    for (key, path, does) in ways {
        let href = desk.href(&path);
        html.put("a", &[("href", &href), ("data-key", key), ("data-does", does)], does);
    }
    html.close();
    if kind.key == "grading" && may && told.next().is_null() {
        let hint = lang.of(
            "Save a draft to try it on past cases before it is published.",
            "先保存草稿，即可在发布前用历史投诉试算。",
        );
        html.put("p", &[("class", "soft")], hint);
    }
}

fn list_versions(html: &mut Html, desk: &Desk, kind: &Kind, versions: &Value) {
    let lang = desk.lang;
    draw::panel(html, "versions", lang.of("Versions", "版本"));
    html.open("ul", &[("class", "history")]);
    for it in items(versions, "/items") {
        let number = at(it, "/version").as_i64().unwrap_or(0);
        html.open("li", &[]);
        let href = desk.href(&format!("{}/versions/{number}", path(kind)));
        html.put("a", &[("href", &href)], &version_name(lang, number));
        html.text(" · ");
        staff::tell::time(html, desk, text(it, "/published_at"));
        html.close();
    }
    if text(versions, "/next").is_empty() {
        html.open("li", &[]);
        let href = desk.href(&format!("{}/versions/0", path(kind)));
        html.put("a", &[("href", &href)], &version_name(lang, 0));
        html.close();
    }
    html.close();
    desk.more(html, &path(kind), text(versions, "/next"));
    html.close();
}

/// What a version is called.
pub(crate) fn version_name(lang: Lang, number: i64) -> String {
    match (lang, number) {
        (Lang::En, 0) => "What ships".to_owned(),
        (Lang::Zh, 0) => "内置规则".to_owned(),
        (Lang::En, _) => format!("Version {number}"),
        (Lang::Zh, _) => format!("第 {number} 版"),
    }
}

/// One version, and how it differs from another one: `with`, or else the one before it.
pub(crate) async fn version(
    env: &impl Env,
    request: &Request,
    kind: &Kind,
    number: &str,
) -> Result<Response, Problem> {
    let desk = opened!(env, request, Role::Viewer);
    let lang = desk.lang;
    let Ok(number) = number.parse::<i64>() else { return desk.nothing() };
    let with = request.param("with").and_then(|it| it.trim().parse::<i64>().ok());
    let with = with.unwrap_or(if number == 0 { 0 } else { number - 1 });
    let own = format!("/v1/policies/{}/versions", kind.key);
    let asked = [("policy", format!("{own}/{number}")), ("policy", format!("{own}/{with}"))];
    let mut told = desk.read(env, request, &asked).await.into_iter();
    let it = match told.next() {
        Some(Ok(it)) => it,
        Some(Err(refused)) => return desk.refusal(&refused),
        None => return desk.nothing(),
    };
    let other = told.next().and_then(Result::ok);
    let names = draw::names(env, request, &desk, kinds::wanted(kind.key)).await;
    let own = path(kind);
    let above = [(own.as_str(), kind.name.text(lang))];
    let name = version_name(lang, number);
    let mut page = draw::page(&desk, request, &name, &above);
    let html = &mut page.html;
    let since = text(&it, "/published_at");
    if !since.is_empty() {
        html.open("p", &[("class", "soft")]);
        html.text(lang.of("Published ", "发布于 "));
        staff::tell::time(html, &desk, since);
        html.close();
    }
    draw::panel(html, "differs", lang.of("What differs", "差异"));
    desk.begin_query(html, &format!("{own}/versions/{number}"), "asking");
    let field = pages::Field {
        name: "with",
        label: lang.of("Compared with version", "与哪一版比较"),
        hint: lang.of("0 is what ships", "0 为内置规则"),
        value: &with.to_string(),
        wrong: if other.is_none() {
            lang.of("there is no such version", "没有这一版")
        } else {
            ""
        },
        kind: "text",
        ..pages::Field::default()
    };
    pages::field(html, &field);
    html.put("button", &[("class", "quiet")], lang.of("Compare", "比较"));
    html.close();
    if let Some(other) = &other {
        let found = diff::differences(at(other, "/definition"), at(&it, "/definition"));
        diff::draw(html, lang, &found, [&version_name(lang, with), &name]);
    }
    html.close();
    draw::panel(html, "said", lang.of("What it says", "内容"));
    kinds::tell(html, &desk, kind.key, (at(&it, "/definition"), &names));
    html.close();
    Ok(page.answer(StatusCode::OK))
}
