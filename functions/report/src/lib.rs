//! Complaints of the public: handed in as JSON by a page of the site's, or on a form of ours.
//!
//! | path | methods | does |
//! |---|---|---|
//! | `/v1/sites/{site}/complaints` | GET, POST | what a form needs · takes a complaint |
//! | `/v1/sites/{site}/complaints/challenge` | GET | a challenge, to prove some work |
//! | `/c/{site}` | GET, POST | the same as a page, which works without JavaScript |
//! | `/c/{site}/thanks` | GET | what follows a complaint that joined an earlier one |
//!
//! Callers of the first two hold a publishable key, and the site lists their pages' origins.

mod form;
mod take;

use app::cors;
use app::intake::guard::{self, Guard};
use app::intake::{check_origin, content_hash, published};
use domain::case::Source;
use http::header::CACHE_CONTROL;
use http::{Method, StatusCode};
use ports::Env;
use serde_json::json;
use store::sites::Site;
use web::{Problem, Request, Response};

/// A form of the longest text in Chinese, nine bytes a character; or of emoji escaped in JSON.
const BODY_BYTES_MAX: usize = 144 * 1024;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match (request.path().as_slice(), request.method()) {
        (["v1", "sites", id, "complaints", rest @ ..], _) => {
            let result = route(env, &request, id, rest).await;
            cors::allow(&request, result)
        }
        (["c", id], &Method::GET) => form::show(env, &request, id).await,
        (["c", id], &Method::POST) => form::take(env, &request, id).await,
        (["c", id, "thanks"], &Method::GET) => form::thanks(env, &request, id).await,
        (["c", _], _) => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        (["c", _, "thanks"], _) => Err(Problem::method_not_allowed("GET, HEAD")),
        _ => Err(Problem::not_found()),
    }
}

async fn route(
    env: &impl Env,
    request: &Request,
    id: &str,
    rest: &[&str],
) -> Result<Response, Problem> {
    match (request.method(), rest) {
        (&Method::OPTIONS, [] | ["challenge"]) => {
            let site = app::site(env, id).await?;
            cors::preflight_of(request, &site.origins)
        }
        (&Method::GET, []) => needs(env, request, id).await,
        (&Method::POST, []) => post(env, request, id).await,
        (&Method::GET, ["challenge"]) => {
            guard::challenge(env, request, domain::id::Kind::Site, id).await
        }
        (_, []) => Err(Problem::method_not_allowed("GET, HEAD, POST, OPTIONS")),
        (_, ["challenge"]) => Err(Problem::method_not_allowed("GET, HEAD, OPTIONS")),
        _ => Err(Problem::not_found()),
    }
}

/// The site, for the holder of one of its publishable keys on a page that it lists.
async fn site_of(env: &impl Env, request: &Request, id: &str) -> Result<Site, Problem> {
    let site_id = published::site_of(env, published::caller_key(request)?).await?;
    // Another site does not exist for this key.
    if site_id != id {
        return Err(Problem::not_found());
    }
    let site = app::site(env, id).await?;
    check_origin(request, &published::origins(&site.origins))?;
    Ok(site)
}

/// What a form needs before it is sent.
async fn needs(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    request.no_query()?;
    let site = site_of(env, request, id).await?;
    let mut shown = json!({ "site": site.name, "text_chars_max": app::case::TEXT_CHARS_MAX });
    let Some(needs) = guard::needs(env, id).await? else { return web::ok(&shown) };
    if let Some(members) = shown.as_object_mut() {
        let spam = json!({
            "honeypot": needs.means.honeypot.name(),
            "age": needs.means.age.name(),
            "proof": needs.means.proof.name(),
            "challenge": guard::challenge_path(id),
        });
        members.insert("spam".to_owned(), spam);
    }
    web::response::ok_beside(&shown, "form_token", &needs.form_token)
}

/// Takes a complaint as JSON.
async fn post(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let site = site_of(env, request, id).await?;
    let fields = request.fields_up_to(BODY_BYTES_MAX)?;
    // What gets past the guard may differ from try to try.
    let mut content = fields.clone();
    content.take("form_token");
    let hash = content_hash(id, &content);
    let complaint = take::read(env, request, &site, fields).await?;
    let guard = Guard::of(env, request, true).await?;
    let passed = guard.admit_case(id, &complaint.pass, env.now())?;
    let opening = complaint.opening(Source::Widget);
    let key = (request.idempotency_key()?.unwrap_or(""), hash);
    let taken = take::take(env, &site, (&guard, &passed), key, &opening).await?;
    let mut shown = json!({ "number": taken.number, "is_joined": taken.is_joined });
    if let Some(members) = shown.as_object_mut()
        && !taken.is_joined
    {
        let token = take::link(env, &taken).await?;
        let url = format!("{}/t/{token}", app::link::origin(request));
        members.insert("url".to_owned(), url.into());
        members.insert("promise".to_owned(), json!({ "answer_due": taken.answer_due }));
    }
    let mut response = web::ok(&shown)?;
    if !taken.is_joined {
        *response.status_mut() = StatusCode::CREATED;
    }
    // The link is for its receiver alone.
    web::response::set(&mut response, CACHE_CONTROL, "no-store");
    if taken.is_repeated {
        app::write::mark_replayed(&mut response);
    }
    Ok(response)
}

#[cfg(test)]
mod tests;
