//! Signing in to the pages of figures, and out: a session of twelve hours, as `/v1/session`
//! opens it.

use app::auth;
use app::hosted::form;
use app::hosted::visit::value;
use http::StatusCode;
use http::header::{LOCATION, SET_COOKIE};
use ports::Env;
use web::lang::Lang;
use web::response::set;
use web::{Kind, Problem, Request, Response};

const HOME: &str = "/dashboard";
/// The longest address to go on to.
const NEXT_BYTES_MAX: usize = 2000;

/// Takes the form to sign in.
pub(crate) async fn begin(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let (pairs, lang) = match sent(env, request).await {
        Ok(sent) => sent,
        Err(problem) => return board::told(pages::lang(request), problem),
    };
    let next = local(value(&pairs, "next"));
    let holder = match value(&pairs, "key").trim() {
        "" => None,
        key => auth::by_token(env, key).await?,
    };
    let Some(holder) = holder else {
        let wrong =
            lang.of("This key is unknown, revoked or expired", "密钥不存在、已吊销或已过期");
        let csrf = value(&pairs, app::csrf::FIELD);
        return Ok(board::sign_in(StatusCode::UNAUTHORIZED, lang, csrf, next, wrong));
    };
    let cookie = app::session::open(env, request, &holder).await?;
    Ok(go_on(next, &cookie))
}

/// Takes the form to sign out. A session that is over already is one that is closed.
pub(crate) async fn end(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let lang = match sent(env, request).await {
        Ok((_, lang)) => lang,
        Err(problem) => return board::told(pages::lang(request), problem),
    };
    let home = format!("{HOME}?lang={}", lang.tag());
    match auth::holder(env, request).await {
        Ok(holder) => app::session::close(env, request, &holder).await?,
        Err(problem) if problem.kind == Kind::Unauthorized => {}
        Err(problem) => return Err(problem),
    }
    Ok(go_on(&home, &app::session::gone(request)))
}

/// What a form of ours says, and in which language its page was.
async fn sent(env: &impl Env, request: &Request) -> Result<(form::Pairs, Lang), Problem> {
    if request.media_type().as_deref() != Some("application/x-www-form-urlencoded") {
        return Err(Problem::new(Kind::UnsupportedMediaType));
    }
    let pairs = form::read(request.body()?);
    app::csrf::check(env, request, value(&pairs, app::csrf::FIELD)).await?;
    let lang = match value(&pairs, "lang") {
        "zh-CN" => Lang::Zh,
        "en" => Lang::En,
        _ => pages::lang(request),
    };
    Ok((pairs, lang))
}

fn go_on(to: &str, cookie: &str) -> Response {
    let mut answer = web::no_content();
    *answer.status_mut() = StatusCode::SEE_OTHER;
    set(&mut answer, LOCATION, to);
    set(&mut answer, SET_COOKIE, cookie);
    answer
}

/// Where to go on: a page of figures and nowhere else, whatever a form says.
fn local(next: &str) -> &str {
    let path = next.split(['?', '#']).next().unwrap_or("");
    let below = path.strip_prefix(HOME);
    let is_page = below.is_some_and(|it| it.is_empty() || it.starts_with('/'))
        && path.bytes().all(|it| it.is_ascii_alphanumeric() || b"/_-".contains(&it))
        && !path.contains("//")
        && !path.starts_with("/dashboard/session");
    let is_line = next.len() <= NEXT_BYTES_MAX && next.bytes().all(|it| it.is_ascii_graphic());
    if is_page && is_line { next } else { HOME }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn it_goes_on_to_a_page_of_figures_and_nowhere_else() {
        for kept in [
            "/dashboard",
            "/dashboard?lang=en&period=7d",
            "/dashboard/touchpoints/tch_1?site=sit_1",
            "/dashboard/voice",
        ] {
            assert_eq!(local(kept), kept);
        }
        for refused in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/dashboard",
            "/dashboards",
            "/dashboard/../v1/keys",
            "/dashboard/%2e%2e/v1",
            "/dashboard//evil.example",
            "/dashboard\\@evil.example",
            "/dashboard?x=\r\nset-cookie: a=b",
            "/dashboard/session/end",
            "/v1/keys",
        ] {
            assert_eq!(local(refused), "/dashboard", "{refused:?}");
        }
    }
}
