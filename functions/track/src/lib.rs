//! `/t/{token}`: what became of a complaint, as its customer may see it, without signing in.
//!
//! | path | method | does |
//! |---|---|---|
//! | `/t/{token}` | GET | shows the complaint |
//! | `/t/{token}/say`, `/appeal`, `/reopen`, `/rate` | POST | does it, and leads back |
//!
//! Whoever holds the link may do this; it works without JavaScript. A link that is unknown,
//! revoked or too old is answered alike, so nobody learns what exists.

mod draw;
mod promise;
mod sent;

use app::auth::Staff;
use app::case::{Book, Said, Work, impossible};
use app::hosted::form;
use app::intake::guard::Guard;
use app::write::write;
use domain::UtcMs;
use domain::case::State;
use domain::case::act::Act;
use domain::id::token_hash;
use http::header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY};
use http::{Method, StatusCode};
use ports::{Env, Sql};
use serde_json::{Map, Value};
use store::Entity;
use store::case_texts::{self, Link, Text};
use store::cases::Case;
use store::compensations::{self, Compensation};
use store::customers::Customer;
use web::lang::Lang;
use web::response::set;
use web::{Kind, Problem, Request, Response};

use sent::{Note, Sent};

/// A form of the longest text in Chinese, nine bytes a character.
#[cfg(target_family = "wasm")]
const BODY_BYTES_MAX: usize = 128 * 1024;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

/// How often a case that others work on at the same time is read again.
const TRIES: usize = 4;

/// What a customer may do, as the last part of the path.
macro_rules! acts {
    () => {
        "say" | "appeal" | "reopen" | "rate"
    };
}

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match (request.path().as_slice(), request.method()) {
        // A form that was wrong stands at its own address, which people load again.
        (["t", token] | ["t", token, acts!()], &Method::GET) => show(env, &request, token).await,
        (["t", token, act @ acts!()], &Method::POST) => take(env, &request, token, act).await,
        (["t", _], _) => Err(Problem::method_not_allowed("GET, HEAD")),
        (["t", _, acts!()], _) => Err(Problem::method_not_allowed("GET, HEAD, POST")),
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

/// The link behind a token, if it still opens its case.
async fn opened(env: &impl Env, token: &str) -> Result<Option<Link>, Problem> {
    let link = env.sql().fetch(case_texts::link(token_hash(token))).await?;
    let now = env.now();
    Ok(link.filter(|it| it.revoked_at.is_none() && now < it.expires_at))
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

/// Whether the customer of a case may do this now.
fn may(book: &Book, case: &Case, act: Act, now: UtcMs) -> bool {
    let can = State::parse(&case.state).is_some_and(|it| act.from(it).is_some());
    can && match act {
        Act::Rate => case.csat.is_none(),
        Act::Reopen => {
            let since = case.closed_at.or(case.solved_at);
            since.is_some_and(|it| now < it + book.reopen_ms())
        }
        _ => true,
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

/// Takes a form. What is wrong with it is told where it was typed.
async fn take(
    env: &impl Env,
    request: &Request,
    token: &str,
    act: &str,
) -> Result<Response, Problem> {
    if request.media_type().as_deref() != Some("application/x-www-form-urlencoded") {
        return Err(Problem::new(Kind::UnsupportedMediaType));
    }
    // No other page may make a browser send our form.
    app::intake::check_origin(request, &[])?;
    let pairs = form::read(request.body()?);
    let lang = sent::lang(request, &pairs);
    let Some(link) = opened(env, token).await? else { return Ok(nothing(lang)) };
    let sent = Sent::read(act, &pairs);
    let note = match sent.note {
        Note::None => match attempt(env, request, &link, &sent).await? {
            Note::None => return Ok(back(token, lang, &sent)),
            note => note,
        },
        note => note,
    };
    let status = match note {
        Note::Sent | Note::Over => StatusCode::CONFLICT,
        Note::Busy => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let shown = load(env, link).await?;
    Ok(page(env, request, status, (lang, token), &shown, (&sent, note)))
}

/// Does what a form asks for, once for each form that we gave out.
async fn attempt(
    env: &impl Env,
    request: &Request,
    link: &Link,
    sent: &Sent,
) -> Result<Note, Problem> {
    let key = vec![("idempotency-key".to_owned(), sent.key.clone().into_bytes())];
    let body = Ok(request.body()?.to_vec());
    // The form carries its key as a field; a browser sends no header of its own.
    let keyed = Request::new(Method::POST, &request.target, &request.authority, key, body);
    let guard = Guard::of(env, request, false).await?;
    let passed = guard.passed(None, env.now());
    let by = Staff::new(&link.site_id, "public");
    for _ in 0..TRIES {
        let done = write(env, &keyed, &by, async || {
            let book = Book::load(env, &link.site_id).await?;
            let case = env.sql().fetch(Case::by_id(&link.site_id, &link.case_id)).await?;
            let case = case.ok_or_else(Problem::not_found)?;
            if !may(&book, &case, sent.act, env.now()) {
                return Err(impossible());
            }
            let mut work = Work::on(&book, case, env.now())?;
            change(env, &by, &mut work, sent)?;
            for write in passed.writes(&link.site_id, &link.case_id) {
                work.also(write);
            }
            work.settle();
            Ok(work.change(web::no_content()))
        });
        match done.await {
            Ok(_) => return Ok(Note::None),
            Err(it) if it.kind == Kind::IdempotencyKeyReused => return Ok(Note::Sent),
            Err(it) if it.kind == Kind::WrongState => return Ok(Note::Over),
            // Somebody was quicker: what do they leave to do?
            Err(it) if it.kind == Kind::Conflict => {}
            Err(problem) => return Err(problem),
        }
        if guard.held_back(env, &link.site_id, &passed).await?.is_some() {
            return Ok(Note::Busy);
        }
    }
    Err(web::problem::lost_race())
}

/// Moves the case on, and tells of it.
fn change(env: &impl Env, by: &Staff, work: &mut Work<'_>, sent: &Sent) -> Result<(), Problem> {
    let (kind, event) = match sent.act {
        Act::Appeal => ("appeal", "complaint.appealed"),
        Act::Reopen => ("reopening", "complaint.reopened"),
        Act::Rate => ("rating", "complaint.rated"),
        _ => ("customer", "complaint.replied"),
    };
    let mut data = Map::new();
    if !sent.text.is_empty() {
        let said = Said { kind, is_public: true, agent_id: "", text: &sent.text, files: "[]" };
        data = work.say(env, by, said);
    }
    work.act(sent.act)?;
    let mut tell = |name: &str, value: Value| data.insert(name.to_owned(), value);
    match sent.act {
        Act::Reopen => {
            tell("reopened", work.case.reopened.into());
        }
        Act::Rate => {
            work.case.csat = sent.csat;
            work.case.ces = sent.ces;
            tell("csat", sent.csat.into());
            tell("ces", sent.ces.into());
            tell("agent_id", web::view::some(&work.case.agent_id).into());
        }
        _ => {}
    }
    work.happened(event, data);
    Ok(())
}

/// Back to the page, which can be loaded again without sending anything again.
fn back(token: &str, lang: Lang, sent: &Sent) -> Response {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let location = format!("/t/{token}?lang={}&done={}", lang.tag(), sent.name());
    set(&mut response, LOCATION, &location);
    set(&mut response, CACHE_CONTROL, "no-store");
    set(&mut response, REFERRER_POLICY, "same-origin");
    response
}

#[cfg(test)]
mod tests;
