//! The tag that puts a survey on a site: ready to paste, with a look at whether it arrived.

use domain::role::Role;
use http::StatusCode;
use pages::html::Html;
use ports::Env;
use serde_json::Value;
use staff::form::Kind;
use staff::tell::{at, choices, items, text};
use staff::{Desk, Filled, Form, Input, Refused, Section, Signed, open};
use web::{Problem, Request, Response};

use crate::study::{STUDY, Study, api};
use crate::words;

/// The attributes that whoever pastes the tag may choose, by the name of their field.
const OPTIONS: [&str; 9] =
    ["mode", "label", "url", "after", "scroll", "event", "click", "exit", "channel"];

/// Shows the page.
pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let desk = match open(env, request, Role::Viewer).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let asked = [(STUDY, api(id, "")), (STUDY, api(id, "/tag")), (STUDY, api(id, "/sightings"))];
    let mut told = desk.read(env, request, &asked).await.into_iter();
    let study = match told.next().unwrap_or_else(|| Err(Refused::default())) {
        Ok(it) => Study::of(&it),
        Err(refused) => return desk.refusal(&refused),
    };
    let told: Vec<Value> = told.map(Result::unwrap_or_default).collect();
    let (tag, seen) = match told.as_slice() {
        [tag, seen] => (tag, seen),
        _ => (&Value::Null, &Value::Null),
    };
    let lang = desk.lang;
    let own = study.path("");
    let title = lang.of("Put it on a site", "放到网站");
    let mut page = desk.page_about(request, Section::Surveys, title, &study.above(&own, &desk));
    study.tabs(&mut page.html, &desk, "/tag");
    if !study.is_open() {
        page.empty(lang.of(
            "The survey is not open: the tag can be pasted now, and shows something once it is \
             published.",
            "问卷尚未开放：可以先粘贴代码，发布后才会显示内容。",
        ));
    }
    let mut filled = Filled::default();
    for name in OPTIONS {
        if let Some(value) = request.param(name).filter(|it| !it.is_empty()) {
            filled.set(name, value);
        }
    }
    let html = &mut page.html;
    html.open("div", &[("class", "two")]);
    html.open("div", &[]);
    paste(html, &desk, tag, &filled);
    choose(html, &desk, &study, &filled);
    html.close();
    html.open("div", &[]);
    arrived(html, &desk, &study, seen);
    origins(html, &desk, tag);
    html.close();
    html.close();
    Ok(page.answer(StatusCode::OK))
}

/// The tag with what was chosen.
fn paste(html: &mut Html, desk: &Desk, told: &Value, filled: &Filled) {
    let lang = desk.lang;
    html.open("section", &[("class", "panel"), ("aria-labelledby", "tag")]);
    html.put("h2", &[("id", "tag")], lang.of("The tag", "代码"));
    let key = text(told, "/key");
    if key.is_empty() {
        html.open("p", &[]);
        html.text(lang.of(
            "The site has no publishable key yet; the tag needs one. ",
            "站点还没有公开密钥，代码需要它。",
        ));
        if desk.may(Role::Admin) {
            let href = desk.href("/desk/settings/keys");
            html.put("a", &[("href", &href)], lang.of("Make one", "创建密钥"));
        } else {
            html.text(lang.of("An administrator makes one.", "请管理员创建。"));
        }
        html.close();
        html.close();
        return;
    }
    html.put(
        "p",
        &[],
        lang.of(
            "Paste it before the end of every page that may show the survey.",
            "粘贴到需要显示问卷的每个网页中 </body> 之前。",
        ),
    );
    html.put("pre", &[("id", "tag-text"), ("tabindex", "0")], &written(told, filled));
    let copy = [
        ("type", "button"),
        ("class", "quiet"),
        ("data-copy", "tag-text"),
        ("hidden", ""),
        ("data-scripted", ""),
        ("data-key", "c"),
        ("data-does", lang.of("Copy the tag", "复制代码")),
    ];
    html.put("button", &copy, lang.of("Copy", "复制"));
    html.close();
}

/// The tag as it is pasted.
fn written(told: &Value, filled: &Filled) -> String {
    let mut attributes = vec![
        ("src".to_owned(), text(told, "/script")),
        ("data-key".to_owned(), text(told, "/key")),
        ("data-survey".to_owned(), text(told, "/survey_id")),
    ];
    for name in OPTIONS {
        let value = filled.get(name).trim();
        if !value.is_empty() {
            // Its moment is there or not; the others say what.
            let value = if name == "exit" { "" } else { value };
            attributes.push((format!("data-{name}"), value));
        }
    }
    let mut attributes: Vec<(&str, &str)> = attributes.iter().map(|it| (&*it.0, it.1)).collect();
    attributes.push(("async", ""));
    let mut tag = Html::default();
    tag.put("script", &attributes, "");
    String::from_utf8_lossy(tag.so_far()).replace("=\"\"", "")
}

/// What may be chosen.
fn choose(html: &mut Html, desk: &Desk, study: &Study, filled: &Filled) {
    let lang = desk.lang;
    let line = |name: &str, en, zh| Input::line(name, lang.of(en, zh));
    let usual = lang.of("As usual", "默认");
    let form = Form::new(vec![
        Input::new(
            "mode",
            lang.of("How it stands", "显示方式"),
            Kind::Choice(choices(lang, &words::MODES, usual)),
        ),
        line("label", "Words of the button", "按钮文字"),
        line("url", "Only at these addresses", "仅在这些地址").hint("/checkout/* /cart"),
        line("after", "After so many seconds", "停留多少秒后"),
        line("scroll", "After so many percent were seen", "浏览到百分之几后"),
        line("event", "When the page tells this event", "网页发出此事件时").hint("order-done"),
        line("click", "When this is pressed", "点击此元素时").hint(".feedback"),
        Input::new(
            "exit",
            lang.of("When the pointer leaves at the top", "鼠标从顶部离开时"),
            Kind::Flag,
        ),
        Input::new(
            "channel",
            lang.of("Channel", "渠道"),
            Kind::Choice(choices(lang, &pages::words::CHANNELS, usual)),
        ),
    ]);
    html.open("section", &[("class", "panel"), ("aria-labelledby", "options")]);
    html.put("h2", &[("id", "options")], lang.of("How and when", "如何显示、何时显示"));
    html.put("p", &[("class", "hint")], lang.of(
        "With nothing chosen there is a button. Conditions open it by themselves, at most once a \
         page view and only for those who may be asked.",
        "不作选择时显示一个按钮。设置条件后会自动弹出，每次浏览最多一次，且只对可以询问的访客。",
    ));
    desk.begin_query(html, &study.path("/tag"), "");
    for input in &form.inputs {
        form.draw_one(html, desk, filled, input);
    }
    html.put("button", &[], lang.of("Show the tag", "生成代码"));
    html.close();
    html.close();
}

/// Which pages asked for it. Where scripts run, it keeps itself new.
fn arrived(html: &mut Html, desk: &Desk, study: &Study, seen: &Value) {
    let lang = desk.lang;
    let found = items(seen, "/items");
    let newest = found.iter().map(|it| text(it, "/seen_at")).max().unwrap_or("");
    let api = desk.api(&api(&study.id, "/sightings"));
    html.open(
        "section",
        &[
            ("class", "panel"),
            ("id", "arrived"),
            ("aria-labelledby", "seen"),
            ("data-sightings", &api),
            ("data-seen", newest),
        ],
    );
    html.put("h2", &[("id", "seen")], lang.of("Did it arrive?", "是否生效"));
    html.open("div", &[("role", "status")]);
    let listed = found.iter().filter(|it| at(it, "/is_listed").as_bool() == Some(true));
    if listed.clone().next().is_none() {
        html.put(
            "p",
            &[],
            lang.of(
                "Not yet: no page has asked for the survey. Open a page that has the tag.",
                "尚未：还没有网页请求过这份问卷。请打开一个已粘贴代码的网页。",
            ),
        );
    }
    html.open("ul", &[("class", "seen")]);
    for it in listed {
        html.open("li", &[]);
        html.put("span", &[("class", "badge good")], lang.of("arrived", "已生效"));
        html.text(" ");
        html.text(text(it, "/origin"));
        html.text(lang.of(", ", "，"));
        ago(html, desk, text(it, "/seen_at"));
        html.close();
    }
    for it in found.iter().filter(|it| at(it, "/is_listed").as_bool() == Some(false)) {
        html.open("li", &[]);
        html.put("span", &[("class", "badge bad")], lang.of("refused", "已拒绝"));
        html.text(" ");
        html.text(text(it, "/origin"));
        html.text(lang.of(", ", "，"));
        ago(html, desk, text(it, "/seen_at"));
        html.text(lang.of(
            ": its page has the tag, but the site does not list this origin.",
            "：该网页有代码，但站点未列出此来源。",
        ));
        html.close();
    }
    html.close();
    html.close();
    html.open("p", &[]);
    let here = desk.href(&study.path("/tag"));
    html.put("a", &[("href", &here)], lang.of("Look again", "再看一次"));
    html.close();
    html.put(
        "p",
        &[("class", "hint")],
        lang.of("Each page is noted once an hour.", "每个来源每小时记录一次。"),
    );
    html.close();
}

/// How long ago something was.
fn ago(html: &mut Html, desk: &Desk, time: &str) {
    let at = domain::civil::parse_rfc3339(time).unwrap_or(desk.now);
    let since = desk.now.saturating_sub(at).max(0);
    let said = match (since < 60_000, desk.lang) {
        (true, lang) => lang.of("just now", "刚刚").to_owned(),
        (false, web::Lang::En) => format!("{} ago", pages::time::span(desk.lang, since)),
        (false, web::Lang::Zh) => format!("{}前", pages::time::span(desk.lang, since)),
    };
    html.put("time", &[("datetime", time)], &said);
}

/// Whose pages may show it.
fn origins(html: &mut Html, desk: &Desk, told: &Value) {
    let lang = desk.lang;
    html.open("section", &[("class", "panel"), ("aria-labelledby", "origins")]);
    html.put("h2", &[("id", "origins")], lang.of("Sites that may show it", "可以显示的网站"));
    let found = items(told, "/origins");
    if found.is_empty() {
        html.put(
            "p",
            &[],
            lang.of(
                "None yet: browsers refuse the survey on every site until its origin is listed.",
                "还没有：来源列出之前，浏览器会在所有网站上拒绝显示问卷。",
            ),
        );
    }
    html.open("ul", &[]);
    for it in found {
        html.put("li", &[], it.as_str().unwrap_or(""));
    }
    html.close();
    html.open("p", &[]);
    let href = desk.href("/desk/settings/site");
    let way = lang.of("Change the list", "修改名单");
    if desk.may(Role::Admin) {
        html.put("a", &[("href", &href)], way);
    } else {
        html.text(lang.of("An administrator can change the list.", "管理员可以修改名单。"));
    }
    html.close();
    html.close();
}
