//! What whoever holds a link is shown: that view, made by the page that owns it, and nothing else.

use app::cache::KEPT_MS;
use app::link::secret;
use app::pass::Pass;
use app::sealed;
use domain::view::{View, is_id};
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    ETAG, REFERRER_POLICY, VARY,
};
use http::{HeaderName, StatusCode};
use ports::{Answer, Env, Outgoing, Sql, Verb};
use store::shares::{self, Share};
use web::lang::Lang;
use web::response::set;
use web::{Kind, Problem, Request, Response};

use crate::share::{PURPOSE, actor};

/// How long a page may take.
const TIMEOUT_MS: u64 = 20_000;
/// How much of a page is read.
const PAGE_BYTES_MAX: usize = 4 * 1024 * 1024;
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
/// The headers of a page that go on to whoever reads it.
const KEPT_HEADERS: [HeaderName; 5] =
    [CONTENT_TYPE, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_DISPOSITION, ETAG];
/// The files that a figure can be had as.
const FORMATS: [&str; 3] = ["csv", "json", "svg"];

pub(crate) async fn show(
    env: &impl Env,
    request: &Request,
    token: &str,
    is_embedded: bool,
) -> Result<Response, Problem> {
    let secret = secret(env).await?;
    let found = find(env, &secret, token).await?.filter(|it| it.is_embeddable || !is_embedded);
    let Some(share) = found else { return Ok(nothing(pages::lang(request), is_embedded)) };
    if share.state(env.now()) != "open" {
        return Ok(over(pages::lang(request), is_embedded));
    }
    let view = View::read(&share.view, "")
        .map_err(|_| ports::Corrupt(format!("{} shows no page", share.id)))?;
    let place = if is_embedded { "embed" } else { "share" };
    let pass = Pass {
        site_id: share.site_id.clone(),
        actor: actor(&share.id),
        base: format!("/{place}/{token}"),
        is_embedded,
    };
    // Whoever reads it in the same moment comes by the same pass, and what neighbours keep for a
    // moment is kept for all of them.
    let moment = env.now().div_euclid(KEPT_MS) * KEPT_MS;
    let mut headers = vec![("authorization".to_owned(), pass.header(&secret, moment))];
    for name in ["accept-language", "traceparent"] {
        if let Some(value) = request.header(name) {
            headers.push((name.to_owned(), value.to_owned()));
        }
    }
    let answer = ask(env, &view, &extra(request, is_embedded), headers).await?;
    match answer.status {
        200 => Ok(pass_on(answer)),
        404 => Ok(nothing(pages::lang(request), is_embedded)),
        status => Err(Problem::new(Kind::Unavailable)
            .caused_by(format!("the page of {} answered {status}", share.id))),
    }
}

/// The link of a token that is ours.
async fn find(env: &impl Env, secret: &str, token: &str) -> Result<Option<Share>, Problem> {
    let Some(fields) = sealed::open(secret, PURPOSE, token) else { return Ok(None) };
    let [id] = fields.as_slice() else { return Ok(None) };
    Ok(env.sql().fetch(shares::shown(id)).await?)
}

/// Asks the page that owns a view for it; `extra` is what whoever reads it chose.
pub(crate) async fn ask(
    env: &impl Env,
    view: &View,
    extra: &str,
    headers: Vec<(String, String)>,
) -> Result<Answer, Problem> {
    let mut query = String::new();
    // Whoever reads it has the last word on the language.
    let is_chosen = extra.contains("&lang=");
    for (name, value) in view.query.iter().filter(|it| !is_chosen || it.0 != "lang") {
        query.push_str(&format!("&{name}={value}"));
    }
    query.push_str(extra);
    let (owner, path) = (owner(&view.path), &view.path);
    let mark = if query.is_empty() { "" } else { "?" };
    let query = query.strip_prefix('&').unwrap_or("");
    let call = Outgoing {
        verb: Verb::Get,
        url: format!("http://{owner}.spin.internal/dashboard{path}{mark}{query}"),
        headers,
        body: Vec::new(),
        timeout_ms: TIMEOUT_MS,
        answer_bytes_max: PAGE_BYTES_MAX,
    };
    let gone = |why| Problem::new(Kind::Unavailable).caused_by(format!("{owner}: {why:?}"));
    env.call(call).await.map_err(gone)
}

/// The component that a page is of.
fn owner(path: &str) -> &'static str {
    match path.split('/').nth(1).unwrap_or("") {
        "voice" | "complaints" | "callbacks" => "insight",
        "goals" => "goals",
        "reports" => "evaluation",
        _ => "overview",
    }
}

/// What readers may choose: the language, one figure as a file and, in a frame, the theme.
fn extra(request: &Request, is_embedded: bool) -> String {
    let mut extra = String::new();
    let mut put = |name: &str, value: &str| extra.push_str(&format!("&{name}={value}"));
    let given = |name: &str| request.param(name).unwrap_or("");
    let lang = given("lang").to_ascii_lowercase();
    match lang.split('-').next() {
        Some("zh") => put("lang", Lang::Zh.tag()),
        Some("en") => put("lang", Lang::En.tag()),
        _ => {}
    }
    let (card, format) = (given("card"), given("format"));
    if is_id(card) && FORMATS.contains(&format) {
        put("card", card);
        put("format", format);
    }
    let theme = given("theme");
    if is_embedded && ["light", "dark"].contains(&theme) {
        put("theme", theme);
    }
    extra
}

fn pass_on(answer: Answer) -> Response {
    let mut response = Response::new(Vec::new());
    for name in KEPT_HEADERS {
        if let Some(value) = answer.header(name.as_str()) {
            set(&mut response, name, value);
        }
    }
    *response.body_mut() = answer.body;
    set(&mut response, CACHE_CONTROL, "private, no-cache");
    set(&mut response, VARY, "accept-language");
    // The address is the secret.
    set(&mut response, REFERRER_POLICY, "no-referrer");
    set(&mut response, ROBOTS, "noindex");
    response
}

/// What is said of every link that opens nothing, whatever the reason.
fn nothing(lang: Lang, is_embedded: bool) -> Response {
    let heading = lang.of("This link shows nothing", "此链接没有可显示的内容");
    let text = lang.of(
        "Please check that its address is complete, or ask whoever sent it for another one.",
        "请检查地址是否完整，或向发送者索取新的链接。",
    );
    said(StatusCode::NOT_FOUND, lang, heading, text, is_embedded)
}

fn over(lang: Lang, is_embedded: bool) -> Response {
    let heading = lang.of("This link is not valid any more", "此链接已失效");
    let text = lang.of(
        "It has expired or was closed. Please ask whoever sent it for another one.",
        "链接已过期或已被关闭，请向发送者索取新的链接。",
    );
    said(StatusCode::GONE, lang, heading, text, is_embedded)
}

fn said(status: StatusCode, lang: Lang, heading: &str, text: &str, is_embedded: bool) -> Response {
    let mut answer = pages::said_page(status, lang, heading, &[text]);
    set(&mut answer, REFERRER_POLICY, "no-referrer");
    if is_embedded {
        let policy = answer.headers().get(CONTENT_SECURITY_POLICY);
        let policy = policy.and_then(|it| it.to_str().ok()).unwrap_or("");
        // There is nothing in it that a page around it could misuse.
        let policy = policy.replace("frame-ancestors 'none'", "frame-ancestors *");
        set(&mut answer, CONTENT_SECURITY_POLICY, &policy);
    }
    answer
}
