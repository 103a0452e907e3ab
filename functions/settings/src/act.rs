//! What can be done with a thing beside changing it: each is one call, asked again where it counts.

use domain::role::Role;
use http::StatusCode;
use pages::html::Html;
use ports::Env;
use serde_json::Value;
use staff::tell::text;
use staff::{Call, Desk, Filled, Section, Signed, Verb};
use web::{Problem, Request, Response, view};

use crate::thing::{Scene, Thing, Two, draw_one, scene};

/// Something that can be done.
pub(crate) struct Act {
    /// Its word in addresses.
    pub word: &'static str,
    /// Who may do it.
    pub role: Role,
    /// What is sent, and below which of the thing's addresses.
    pub verb: Verb,
    /// The same.
    pub path: &'static str,
    /// The body as JSON; empty for none.
    pub body: &'static str,
    /// What the button says.
    pub label: Two,
    /// What is said before it is done; with no text it is done at once.
    pub warning: Two,
    /// Where in the answer something stands that is shown once; empty for nothing.
    pub once: &'static str,
    /// What the next page says was done.
    pub done: &'static str,
    /// Whether the thing is gone then.
    pub is_end: bool,
    /// Whether there is anything to do.
    pub fits: fn(&Value, domain::UtcMs) -> bool,
}

/// The buttons of what can be done.
pub(crate) fn draw(html: &mut Html, scene: &Scene<'_>, (thing, id): (&Thing, &str)) {
    let desk = scene.desk;
    let fits = |it: &&Act| desk.may(it.role) && (it.fits)(&scene.it, desk.now);
    if !thing.acts.iter().any(|it| fits(&it)) {
        return;
    }
    let version = view::text(scene.it.get("version").unwrap_or(&Value::Null));
    html.open("div", &[("class", "row-acts acts")]);
    for it in thing.acts.iter().filter(fits) {
        let path = format!("{}/{}", thing.page_of(id), it.word);
        let label = it.label.text(desk.lang);
        if it.warning.0.is_empty() {
            desk.button_with(html, &path, "quiet", label, &[("version", &version)]);
        } else {
            html.put("a", &[("href", &desk.href(&path))], label);
        }
    }
    html.close();
}

/// Does it; or asks whether it is meant.
pub(crate) async fn ask(
    env: &impl Env,
    request: &Request,
    (thing, id): (&'static Thing, &str),
    act: &'static Act,
) -> Result<Response, Problem> {
    let is_sent = *request.method() == http::Method::POST;
    let desk = match staff::open(env, request, act.role).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let scene = match scene(env, request, &desk, (thing, Some(id))).await {
        Ok(scene) => scene,
        Err(refused) => return desk.refusal(&refused),
    };
    if !is_sent {
        if act.warning.0.is_empty() {
            return Ok(desk.go(&thing.page_of(id), ""));
        }
        return Ok(confirm(request, &scene, (thing, id), act));
    }
    let sent = match desk.sent(env, request).await {
        Ok(sent) => sent,
        Err(problem) => return desk.told(problem),
    };
    let body = view::json(act.body);
    let target = format!("{}{}", thing.target(&desk, id), act.path);
    let (key, version) = (sent.key(), sent.version());
    let (component, verb) = (thing.component, act.verb);
    let call = Call { component, verb, target: &target, body: &body, key, version, media_type: "" };
    let done = match desk.send(env, request, call).await {
        Ok(done) => done,
        Err(refused) => {
            let form = (thing.form)(&scene);
            let mut filled = Filled::of(&form, &scene.it);
            filled.pairs.retain(|it| !thing.unshown.contains(&&*it.0));
            filled.status = refused.status;
            filled.alert = match (refused.status, refused.text()) {
                (412, _) => desk.lang.of(
                    "Somebody else changed this meanwhile. Look at it again, then do it.",
                    "其间他人已更改，请查看最新内容后再操作。",
                ),
                (_, "") => desk.lang.of(
                    "This cannot be reached just now. Nothing was changed.",
                    "暂时无法处理，尚未作任何更改。",
                ),
                (_, said) => said,
            }
            .to_owned();
            return Ok(draw_one(request, &scene, (thing, id), (&form, &filled)));
        }
    };
    let path = if act.is_end { thing.page.to_owned() } else { thing.page_of(id) };
    let secret = if act.once.is_empty() { "" } else { text(&done.told, act.once) };
    if secret.is_empty() {
        return Ok(desk.go(&path, act.done));
    }
    let name = text(&scene.it, "/name");
    Ok(show_once(request, &desk, (thing, name, &path), (act.once, secret)))
}

/// The page that asks whether it is meant.
fn confirm(
    request: &Request,
    scene: &Scene<'_>,
    (thing, id): (&Thing, &str),
    act: &Act,
) -> Response {
    let desk = scene.desk;
    let (label, name) = (act.label.text(desk.lang), text(&scene.it, "/name"));
    let path = thing.page_of(id);
    let mut page = thing.page_about(desk, request, label, &[(&path, name)]);
    let html = &mut page.html;
    html.open("section", &[("class", "panel"), ("aria-labelledby", "what")]);
    html.put("h2", &[("id", "what")], name);
    html.put("p", &[], act.warning.text(desk.lang));
    desk.begin_form(html, &format!("{path}/{}", act.word), "");
    let version = view::text(scene.it.get("version").unwrap_or(&Value::Null));
    html.void("input", &[("type", "hidden"), ("name", "version"), ("value", &version)]);
    html.open("div", &[("class", "row-acts")]);
    html.put("button", &[("class", if act.is_end { "danger" } else { "" })], label);
    html.put("a", &[("href", &desk.href(&path))], desk.lang.of("Leave it as it is", "不作更改"));
    html.close();
    html.close();
    html.close();
    page.answer(StatusCode::OK)
}

/// The page that shows a secret, this once.
pub(crate) fn show_once(
    request: &Request,
    desk: &Desk,
    (thing, name, path): (&Thing, &str, &str),
    (what, secret): (&str, &str),
) -> Response {
    let lang = desk.lang;
    let title = match what {
        "/url" => lang.of("The address of the calendar", "日历地址"),
        _ if secret.starts_with("pk_") => lang.of("The key is there", "密钥已创建"),
        _ => lang.of("Copy the secret now", "请立即复制密钥"),
    };
    let about = match what {
        "/url" => lang.of(
            "Any calendar program can subscribe to it. Whoever has it sees the calls: keep it to \
             yourself. It is shown this once; a new one replaces it.",
            "可在任何日历应用中订阅。持有此地址者可查看回电安排，请妥善保管。地址只显示这一次，\
             重新生成后旧地址即失效。",
        ),
        _ if secret.starts_with("pk_") => lang.of(
            "A publishable key stands in web pages and is no secret. You find it here again.",
            "公开密钥用于网页，不是机密，随时可在此查看。",
        ),
        _ => lang.of(
            "It is shown this once and kept nowhere: put it where it is used, or hand it over in a \
             safe way. If it is lost, make a new one.",
            "密钥只显示这一次，系统不保存原文。请立即填入使用它的系统，或以安全方式交给对方；\
             遗失后只能重新生成。",
        ),
    };
    let mut page = thing.page_about(desk, request, title, &[]);
    let html = &mut page.html;
    html.open("section", &[("class", "panel"), ("role", "status"), ("aria-labelledby", "what")]);
    html.put("h2", &[("id", "what")], name);
    html.put("p", &[], about);
    html.put("pre", &[("class", "code"), ("id", "secret"), ("tabindex", "0")], secret);
    html.open("div", &[("class", "row-acts")]);
    let copy = [
        ("type", "button"),
        ("class", "quiet"),
        ("data-copy", "secret"),
        ("data-scripted", ""),
        ("hidden", ""),
    ];
    html.put("button", &copy, lang.of("Copy", "复制"));
    let section = Section::Settings.path();
    let on = if path.is_empty() { section } else { path };
    html.put("a", &[("href", &desk.href(on))], lang.of("I have it, go on", "已复制，继续"));
    html.close();
    html.close();
    page.answer(StatusCode::CREATED)
}
