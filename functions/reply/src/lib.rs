//! `/t/{token}/…`: what a customer does to their complaint by its private link.
//!
//! | path | method | does |
//! |---|---|---|
//! | `/t/{token}/say` | POST | says more |
//! | `/t/{token}/appeal` | POST | does not agree that it is solved |
//! | `/t/{token}/reopen` | POST | opens it again |
//! | `/t/{token}/rate` | POST | rates how it was handled, once |
//!
//! It shows nothing. What was taken leads back to the page; what was not leads there as well, form
//! and all, since `track` can say why.

use app::auth::Staff;
use app::case::customer::{ACTS, Sent, may, opened};
use app::case::{Book, Said, Work, impossible};
use app::hosted::form;
use app::hosted::visit::value;
use app::intake::guard::Guard;
use app::write::write;
use domain::case::act::Act;
use http::header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY};
use http::{Method, StatusCode};
use ports::{Env, Sql};
use serde_json::{Map, Value};
use store::Entity;
use store::case_texts::Link;
use store::cases::Case;
use web::response::set;
use web::{Kind, Problem, Request, Response};

/// As much as `track` reads.
#[cfg(target_family = "wasm")]
const BODY_BYTES_MAX: usize = 128 * 1024;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

/// How often a case that others work on at the same time is read again.
const TRIES: usize = 4;

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match (request.path().as_slice(), request.method()) {
        // Whatever else is no token of ours, and has no business in an address.
        (["t", token, _], _) if !token.bytes().all(|it| it.is_ascii_alphanumeric()) => {
            Err(Problem::not_found())
        }
        (["t", _, act], _) if ACTS.iter().all(|it| it.0 != *act) => Err(Problem::not_found()),
        (["t", token, act], &Method::POST) => take(env, &request, token, act).await,
        (["t", _, _], _) => Err(Problem::method_not_allowed("POST")),
        _ => Err(Problem::not_found()),
    }
}

/// Why a form was not taken, as `track` is told.
enum Not {
    /// Something is wrong with it.
    Wrong,
    /// It was sent before, saying something else.
    Sent,
    /// It cannot be done any more.
    Over,
    /// Too much came from there.
    Busy,
}

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
    let sent = Sent::read(act, &pairs);
    let link = opened(env, token).await?;
    let not = match link {
        Some(link) if sent.is_good() => attempt(env, request, &link, &sent).await?,
        _ => Some(Not::Wrong),
    };
    let said = match not {
        None => {
            // Nothing else than our own languages gets into an address.
            let lang = if value(&pairs, "lang") == "zh-CN" { "zh-CN" } else { "en" };
            let location = format!("/t/{token}?lang={lang}&done={act}");
            return Ok(to(StatusCode::SEE_OTHER, &location));
        }
        Some(Not::Wrong) => "wrong",
        Some(Not::Sent) => "sent",
        Some(Not::Over) => "over",
        Some(Not::Busy) => "busy",
    };
    let location = format!("/t/{token}?act={act}&said={said}");
    Ok(to(StatusCode::TEMPORARY_REDIRECT, &location))
}

/// Does what a form asks for, once for each form that we gave out.
async fn attempt(
    env: &impl Env,
    request: &Request,
    link: &Link,
    sent: &Sent,
) -> Result<Option<Not>, Problem> {
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
            Ok(_) => return Ok(None),
            Err(it) if it.kind == Kind::IdempotencyKeyReused => return Ok(Some(Not::Sent)),
            Err(it) if it.kind == Kind::WrongState => return Ok(Some(Not::Over)),
            // Somebody was quicker: what do they leave to do?
            Err(it) if it.kind == Kind::Conflict => {}
            Err(problem) => return Err(problem),
        }
        if guard.held_back(env, &link.site_id, &passed).await?.is_some() {
            return Ok(Some(Not::Busy));
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

fn to(status: StatusCode, location: &str) -> Response {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = status;
    set(&mut response, LOCATION, location);
    set(&mut response, CACHE_CONTROL, "no-store");
    set(&mut response, REFERRER_POLICY, "same-origin");
    response
}

#[cfg(test)]
mod tests;
