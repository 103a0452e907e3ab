//! `/day` as a page, and signing in to it: a session of twelve hours, as `/v1/session` opens it.

use app::auth;
use app::hosted::form;
use app::hosted::visit::value;
use domain::role::Role;
use http::StatusCode;
use http::header::{LOCATION, SET_COOKIE};
use pages::html::Html;
use pages::{Frame, SignIn};
use ports::{Env, Sql};
use store::agents;
use web::lang::Lang;
use web::{Kind, Problem, Request, Response};

use crate::draw::Sheet;
use crate::load::{Day, whose};

/// The day of whoever is signed in; a form to sign in for whoever is not.
pub(crate) async fn show(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let lang = pages::lang(request);
    match day(env, request, lang).await {
        Err(problem) if problem.kind == Kind::Unauthorized => {
            Ok(sign_in_page(StatusCode::UNAUTHORIZED, lang, ""))
        }
        other => other.or_else(|it| pages::told(lang, it)),
    }
}

async fn day(env: &impl Env, request: &Request, lang: Lang) -> Result<Response, Problem> {
    let (by, agent) = whose(env, request).await?;
    // Whoever spans sites names one in each address.
    let site = if request.param("site").is_some() { by.site_id.as_str() } else { "" };
    let Some(agent) = agent else {
        let callers = env.sql().fetch(agents::callers(&by.site_id)).await?;
        let csrf = app::csrf::token(env, request).await;
        let page = choice(lang, site, &callers, &csrf);
        return Ok(pages::answer(StatusCode::OK, lang.tag(), "", page));
    };
    let day = Day::load(env, request, agent).await?;
    let csrf = app::csrf::token(env, request).await;
    let sheet = Sheet { lang, site, now: env.now(), day: &day, csrf: &csrf };
    Ok(pages::answer(StatusCode::OK, lang.tag(), "", sheet.draw()))
}

/// Whose day it is to be, for somebody who has none of their own.
fn choice(lang: Lang, site: &str, callers: &[agents::Agent], csrf: &str) -> Vec<u8> {
    let title = lang.of("Whose day?", "查看谁的日程？");
    let mut html = Frame::of(lang, title).begin();
    let site = if site.is_empty() { String::new() } else { format!("&site={site}") };
    pages::languages(&mut html, lang, "/day", &site);
    html.open("main", &[("class", "card")]);
    html.put("h1", &[], title);
    if callers.is_empty() {
        html.put("p", &[], lang.of("Nobody makes calls here.", "尚无拨打电话的员工。"));
    }
    html.open("ul", &[]);
    for it in callers {
        html.open("li", &[]);
        let address = format!("/day?lang={}&agent={}{site}", lang.tag(), it.id);
        html.put("a", &[("href", &address)], &it.name);
        html.close();
    }
    html.close();
    leave(&mut html, lang, &site, csrf);
    html.done()
}

/// The way to the desk, and the form to sign out. `site` is the end of an address.
pub(crate) fn leave(html: &mut Html, lang: Lang, site: &str, csrf: &str) {
    html.open("p", &[]);
    let desk = format!("/desk/callbacks?lang={}{site}", lang.tag());
    html.put("a", &[("href", &desk), ("class", "link")], lang.of("To the desk", "前往工作台"));
    html.close();
    html.open("form", &[("method", "post"), ("action", "/desk/session/end")]);
    for (name, value) in [("lang", lang.tag()), (app::csrf::FIELD, csrf)] {
        html.void("input", &[("type", "hidden"), ("name", name), ("value", value)]);
    }
    html.put("button", &[("class", "quiet")], lang.of("Sign out", "退出登录"));
    html.close();
}

/// The form to sign in, with what was wrong with the key before.
fn sign_in_page(status: StatusCode, lang: Lang, wrong: &str) -> Response {
    let title = lang.of("Your day", "我的日程");
    SignIn { title, page: "/day", hidden: &[], wrong }.answer(status, lang)
}

/// Takes the form.
pub(crate) async fn sign_in(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let mut lang = pages::lang(request);
    if request.media_type().as_deref() != Some("application/x-www-form-urlencoded") {
        return Err(Problem::new(Kind::UnsupportedMediaType));
    }
    // No other page may sign somebody in here, as somebody else.
    if let Err(problem) = auth::same_site(request) {
        return pages::told(lang, problem);
    }
    let pairs = form::read(request.body()?);
    match value(&pairs, "lang") {
        "zh-CN" => lang = Lang::Zh,
        "en" => lang = Lang::En,
        _ => {}
    }
    let holder = match value(&pairs, "key").trim() {
        "" => None,
        key => auth::by_token(env, key).await?.filter(|it| Role::Agent <= it.role),
    };
    let Some(holder) = holder else {
        let wrong = lang.of(
            "This key is unknown, revoked, expired, or may not make calls",
            "密钥不存在、已吊销、已过期，或无拨打权限",
        );
        return Ok(sign_in_page(StatusCode::UNAUTHORIZED, lang, wrong));
    };
    let cookie = app::session::open(env, request, &holder).await?;
    let mut answer = web::no_content();
    *answer.status_mut() = StatusCode::SEE_OTHER;
    web::response::set(&mut answer, LOCATION, &format!("/day?lang={}", lang.tag()));
    web::response::set(&mut answer, SET_COOKIE, &cookie);
    Ok(answer)
}
