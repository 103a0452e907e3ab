//! Signing in and out, and the sessions that somebody has: `/desk/session…` and `/desk/sessions…`.

use domain::role::Role;
use http::StatusCode;
use http::header::{LOCATION, SET_COOKIE};
use pages::told;
use ports::Env;
use serde_json::{Value, json};
use staff::tell::{items, text};
use staff::{Call, Desk, HOME, Section, Sent, Signed, Verb, sign_in, tell};
use web::lang::Lang;
use web::response::set;
use web::{Problem, Request, Response};

const ADMIN: &str = "admin";
/// The longest address to go on to.
const NEXT_BYTES_MAX: usize = 2000;
/// Whose pages are gone on to.
const PAGES: [&str; 3] = ["/desk", "/dashboard", "/day"];

/// The first page of whoever is signed in.
pub(crate) async fn home(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Viewer).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let first = if desk.may(Role::Agent) { Section::Cases } else { Section::Surveys };
    Ok(desk.go(first.path(), ""))
}

/// Takes the form to sign in.
pub(crate) async fn begin(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let (sent, lang) = match sent(env, request).await {
        Ok(it) => it,
        Err(problem) => return told(pages::lang(request), problem),
    };
    let next = local(sent.get("next"));
    let body = json!({ "key": sent.get("key").trim() });
    let call = Call { component: ADMIN, target: "/v1/session", body: &body, ..Call::default() };
    match staff::send(env, request, lang, call).await {
        Ok(done) => Ok(go_on(&spoken(next, lang), done.header("set-cookie"))),
        Err(refused) if [401, 422].contains(&refused.status) => {
            let wrong =
                lang.of("This key is unknown, revoked or expired", "密钥不存在、已吊销或已过期");
            let csrf = sent.get(app::csrf::FIELD);
            Ok(sign_in(StatusCode::UNAUTHORIZED, lang, csrf, next, wrong))
        }
        Err(refused) => staff::refusal(lang, &refused),
    }
}

/// Takes the form to sign out. A session that is over already is one that is closed.
pub(crate) async fn end(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let lang = match sent(env, request).await {
        Ok((_, lang)) => lang,
        Err(problem) => return told(pages::lang(request), problem),
    };
    let call =
        Call { component: ADMIN, verb: Verb::Delete, target: "/v1/session", ..Call::default() };
    let cookie = match staff::send(env, request, lang, call).await {
        Ok(done) => done.header("set-cookie").to_owned(),
        // Another request of the same session closed it: it is over in either case.
        Err(refused) if [401, 409].contains(&refused.status) => String::new(),
        Err(refused) => return staff::refusal(lang, &refused),
    };
    Ok(go_on(&spoken(HOME, lang), &cookie))
}

/// The form that was sent, and in which language its page was.
async fn sent(env: &impl Env, request: &Request) -> Result<(Sent, Lang), Problem> {
    let sent = staff::sent(env, request).await?;
    let lang = match sent.get("lang") {
        "zh-CN" => Lang::Zh,
        "en" => Lang::En,
        _ => pages::lang(request),
    };
    Ok((sent, lang))
}

fn go_on(to: &str, cookie: &str) -> Response {
    let mut answer = web::no_content();
    *answer.status_mut() = StatusCode::SEE_OTHER;
    set(&mut answer, LOCATION, to);
    if !cookie.is_empty() {
        set(&mut answer, SET_COOKIE, cookie);
    }
    answer
}

/// An address in the language of the form, unless it names one.
fn spoken(to: &str, lang: Lang) -> String {
    let (_, query) = to.split_once('?').unwrap_or((to, ""));
    if query.split('&').any(|it| it.starts_with("lang=")) || to.contains('#') {
        return to.to_owned();
    }
    let mark = if query.is_empty() { '?' } else { '&' };
    format!("{}{mark}lang={}", to.trim_end_matches('?'), lang.tag())
}

/// Where to go on: a page of staff and nowhere else, whatever a form says.
fn local(next: &str) -> &str {
    let path = next.split(['?', '#']).next().unwrap_or("");
    let is_below =
        |home: &str| path.strip_prefix(home).is_some_and(|it| it.is_empty() || it.starts_with('/'));
    let is_page = PAGES.into_iter().any(is_below)
        && path.bytes().all(|it| it.is_ascii_alphanumeric() || b"/_-".contains(&it))
        && !path.contains("//")
        && path.split('/').all(|it| it != "session");
    let is_line = next.len() <= NEXT_BYTES_MAX && next.bytes().all(|it| it.is_ascii_graphic());
    if is_page && is_line { next } else { HOME }
}

/// The sessions that somebody has.
pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Viewer).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let told = match desk.read_one(env, request, (ADMIN, "/v1/sessions?limit=100")).await {
        Ok(it) => it,
        Err(refused) => return desk.refusal(&refused),
    };
    let lang = desk.lang;
    let title = lang.of("Where you are signed in", "登录状态");
    let mut page = desk.page(request, Section::Own, title);
    let about = lang.of(
        "Each device on which somebody signed in with your key. End those that you do not know, \
         and have the key replaced.",
        "使用您的密钥登录的所有设备。如有不认识的，请结束其登录并更换密钥。",
    );
    page.html.put("p", &[("class", "say")], about);
    let found = items(&told, "/items");
    if found.is_empty() {
        page.empty(lang.of(
            "None: you came with a key instead of a session.",
            "暂无：您是直接使用密钥访问的。",
        ));
    }
    page.html.open("ul", &[("class", "list")]);
    for it in found {
        row(&mut page.html, &desk, it);
    }
    page.html.close();
    everywhere(&mut page.html, &desk, found.len());
    Ok(page.answer(StatusCode::OK))
}

fn row(html: &mut pages::html::Html, desk: &Desk, it: &Value) {
    let lang = desk.lang;
    let is_current = tell::at(it, "/is_current").as_bool() == Some(true);
    html.open("li", &[]);
    let device = match text(it, "/device") {
        "" => lang.of("An unknown device", "未知设备"),
        device => device,
    };
    html.open("h2", &[]);
    html.text(device);
    if is_current {
        html.text(" ");
        html.put("span", &[("class", "badge good")], lang.of("this one", "当前设备"));
    }
    html.close();
    html.open("p", &[("class", "soft")]);
    html.text(lang.of("Signed in ", "登录于 "));
    tell::time(html, desk, text(it, "/opened_at"));
    html.text(lang.of(", ends ", "，到期于 "));
    tell::time(html, desk, text(it, "/expires_at"));
    html.close();
    if !is_current {
        let path = format!("/desk/sessions/{}/end", staff::word(text(it, "/id")));
        html.open("div", &[("class", "row-acts")]);
        desk.button(html, &path, "quiet", lang.of("End this one", "结束此登录"));
        html.close();
    }
    html.close();
}

/// The ways out: of all others, or of all.
fn everywhere(html: &mut pages::html::Html, desk: &Desk, count: usize) {
    let lang = desk.lang;
    html.open("div", &[("class", "row-acts")]);
    if 1 < count {
        let others = lang.of("End all others", "结束其他所有登录");
        desk.button_with(html, "/desk/sessions/end", "", others, &[("others", "true")]);
    }
    let all = lang.of("Sign out everywhere", "退出所有设备");
    desk.button(html, "/desk/sessions/end", "danger", all);
    html.close();
}

/// Ends one session, or with an empty id all others or all.
pub(crate) async fn close(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Viewer).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let sent = match desk.sent(env, request).await {
        Ok(it) => it,
        Err(problem) => return desk.told(problem),
    };
    let is_all = id.is_empty() && sent.get("others").is_empty();
    let target = match id {
        "" if is_all => "/v1/sessions".to_owned(),
        "" => "/v1/sessions?others=true".to_owned(),
        id => format!("/v1/sessions/{}", staff::word(id)),
    };
    let call = Call {
        component: ADMIN,
        verb: Verb::Delete,
        target: &target,
        key: sent.key(),
        ..Call::default()
    };
    match desk.send(env, request, call).await {
        Ok(done) if is_all => Ok(go_on(&spoken(HOME, desk.lang), done.header("set-cookie"))),
        // One that is over is one that was ended.
        Ok(_) => Ok(desk.go("/desk/sessions", "signed-out")),
        Err(refused) if refused.status == 404 => Ok(desk.go("/desk/sessions", "signed-out")),
        Err(refused) => desk.refusal(&refused),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_on_to_a_page_of_staff_and_nowhere_else() {
        for kept in [
            "/desk",
            "/desk?lang=en",
            "/desk/complaints?q=a%20b&site=sit_1",
            "/desk/complaints/261122-7KQ2M-X",
            "/desk/sessions",
            "/dashboard/voice",
            "/day?date=2026-11-22",
        ] {
            assert_eq!(local(kept), kept);
        }
        for refused in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/desk",
            "/desks",
            "/days",
            "/desk/../v1/keys",
            "/desk/%2e%2e/v1",
            "/desk//evil.example",
            "/desk\\@evil.example",
            "/desk?x=\r\nset-cookie: a=b",
            "/desk/session/end",
            "/desk/session",
            "/dashboard/session/end",
            "/day/session",
            "/v1/keys",
        ] {
            assert_eq!(local(refused), "/desk", "{refused:?}");
        }
        let long = format!("/desk?{}", "x".repeat(NEXT_BYTES_MAX));
        assert_eq!(local(&long), "/desk");
    }

    #[test]
    fn it_goes_on_in_the_language_of_the_form() {
        assert_eq!(spoken("/desk", Lang::Zh), "/desk?lang=zh-CN");
        assert_eq!(spoken("/desk?", Lang::En), "/desk?lang=en");
        assert_eq!(spoken("/desk/inbox?of=me", Lang::En), "/desk/inbox?of=me&lang=en");
        assert_eq!(spoken("/desk?lang=en", Lang::Zh), "/desk?lang=en");
    }
}
