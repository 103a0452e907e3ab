//! `/t/{token}`: what became of a complaint, as its customer may see it, without signing in.
//!
//! | path | method | does |
//! |---|---|---|
//! | `/t/{token}` | GET | shows the complaint |
//! | `/t/{token}` | POST | shows a form again that `reply` did not take, and why |
//!
//! Whoever holds the link may do this; it works without JavaScript. A link that is unknown,
//! revoked or too old is answered alike, so nobody learns what exists. `reply` takes the forms.

mod draw;
mod note;
mod promise;

use app::case::Book;
use app::case::customer::{Sent, may, opened};
use app::hosted::form;
use app::hosted::visit::value;
use domain::UtcMs;
use domain::case::State;
use domain::case::act::Act;
use http::{Method, StatusCode};
use ports::{Env, Sql};
use store::Entity;
use store::case_texts::{self, Link, Text};
use store::cases::Case;
use store::compensations::{self, Compensation};
use store::customers::Customer;
use web::lang::Lang;
use web::{Kind, Problem, Request, Response};

use note::Note;

/// A form of the longest text in Chinese, nine bytes a character.
#[cfg(target_family = "wasm")]
const BODY_BYTES_MAX: usize = 128 * 1024;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match (request.path().as_slice(), request.method()) {
        (["t", token], &Method::GET) => show(env, &request, token).await,
        (["t", token], &Method::POST) => again(env, &request, token).await,
        (["t", _], _) => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        _ => Err(Problem::not_found()),
    }
}

/// All that a page shows.
struct Shown {
    link: Link,
    case: Case,
    book: Book,
    texts: Vec<Text>,
    gifts: Vec<Compensation>,
    /// The zone of the customer, or else of the site.
    zone: domain::zone::Zone,
    /// Where the case stands that this one became part of.
    parent: Option<State>,
}

/// Reads all that a page shows.
async fn load(env: &impl Env, link: Link) -> Result<Shown, Problem> {
    let sql = env.sql();
    let case = sql.fetch(Case::by_id(&link.site_id, &link.case_id)).await?;
    let case = case.ok_or_else(Problem::not_found)?;
    let book = Book::load(env, &link.site_id).await?;
    let texts = sql.fetch(case_texts::of_case(&case.id, true)).await?;
    let gifts = sql.fetch(compensations::of_case(&case.id)).await?;
    let mut zone = book.zone;
    if !case.customer_id.is_empty()
        && let Some(it) = sql.fetch(Customer::by_id(&link.site_id, &case.customer_id)).await?
        && !it.zone.is_empty()
    {
        zone = app::zone(&it.zone)?;
    }
    let mut parent = None;
    if case.state == State::Merged.name() {
        let it = sql.fetch(Case::by_id(&link.site_id, &case.parent_id)).await?;
        parent = it.and_then(|it| State::parse(&it.state));
    }
    Ok(Shown { link, case, book, texts, gifts, zone, parent })
}

impl Shown {
    /// Whether the customer may do this now.
    fn may(&self, act: Act, now: UtcMs) -> bool {
        may(&self.book, &self.case, act, now)
    }
}

async fn show(env: &impl Env, request: &Request, token: &str) -> Result<Response, Problem> {
    let lang = pages::lang(request);
    let Some(link) = opened(env, token).await? else { return Ok(nothing(lang)) };
    let shown = load(env, link).await?;
    let note = Note::done(request.param("done").unwrap_or(""));
    Ok(page(env, request, StatusCode::OK, (lang, token), &shown, (&Sent::default(), note)))
}

/// The page, with what was typed and what is to be said of it.
fn page(
    env: &impl Env,
    request: &Request,
    status: StatusCode,
    (lang, token): (Lang, &str),
    shown: &Shown,
    (sent, note): (&Sent, Note),
) -> Response {
    let url = format!("{}/t/{token}", app::link::origin(request));
    let key = domain::id::token("", env.random());
    let sheet = draw::Sheet { lang, url: &url, key: &key, now: env.now(), shown, sent, note };
    pages::answer(status, lang.tag(), "", sheet.draw())
}

/// What is said of every link that opens nothing.
fn nothing(lang: Lang) -> Response {
    let heading = lang.of("This link opens nothing", "此链接无法打开");
    let text = lang.of(
        "It may be too old, withdrawn or not complete. A link to a complaint holds for 90 days. \
         Whoever took your complaint can give you a new one: tell them your ticket number.",
        "链接可能已过期、被撤销或不完整。投诉链接有效期为 90 天。\
         如需新的链接，请联系受理方，并告知服务单号。",
    );
    pages::said_page(StatusCode::NOT_FOUND, lang, heading, &[text])
}

/// Shows a form that was not taken again, with what is wrong with it where it was typed.
async fn again(env: &impl Env, request: &Request, token: &str) -> Result<Response, Problem> {
    if request.media_type().as_deref() != Some("application/x-www-form-urlencoded") {
        return Err(Problem::new(Kind::UnsupportedMediaType));
    }
    // No other page may make a browser send our form.
    app::intake::check_origin(request, &[])?;
    let pairs = form::read(request.body()?);
    let lang = match value(&pairs, "lang") {
        "zh-CN" => Lang::Zh,
        "en" => Lang::En,
        _ => pages::lang(request),
    };
    let Some(link) = opened(env, token).await? else { return Ok(nothing(lang)) };
    let sent = Sent::read(request.param("act").unwrap_or(""), &pairs);
    let note = Note::of(&sent, request.param("said").unwrap_or(""));
    let shown = load(env, link).await?;
    Ok(page(env, request, note.status(), (lang, token), &shown, (&sent, note)))
}

#[cfg(test)]
mod tests;
