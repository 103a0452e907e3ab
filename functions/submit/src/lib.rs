//! `/s/{id}/submit`: takes the form of a survey's page, which `page` has checked.
//!
//! | path | method | does |
//! |---|---|---|
//! | `/s/{id}/submit` | POST | takes the form |
//!
//! It shows nothing. What was taken leads on to the thanks; what was not leads back, form and
//! all, to the page that can say why.

use app::hosted;
use app::hosted::form::{self, Pairs};
use app::hosted::visit::{Visit, value};
use app::intake::published::Published;
use app::intake::{Call, public};
use app::write::request_hash;
use http::header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY};
use http::{Method, StatusCode};
use ports::Env;
use serde_json::Map;
use web::field::Fields;
use web::response::set;
use web::{Kind, Problem, Request, Response};

/// As much as `page` reads.
#[cfg(target_family = "wasm")]
const BODY_BYTES_MAX: usize = 512 * 1024;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

/// Members of a submission that the form carries as they are, and what it calls them.
const CARRIED: [(&str, &str); 3] =
    [("form_token", "form_token"), ("website", "website"), ("link", "l")];

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match (request.path().as_slice(), request.method()) {
        (["s", id, "submit"], &Method::POST) => take(env, &request, id).await,
        (["s", _, "submit"], _) => Err(Problem::method_not_allowed("POST")),
        _ => Err(Problem::not_found()),
    }
}

async fn take(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    if request.media_type().as_deref() != Some("application/x-www-form-urlencoded") {
        return Err(Problem::new(Kind::UnsupportedMediaType));
    }
    let pairs = form::read(request.body()?);
    let hash = request_hash(request)?;
    let elapsed = hosted::elapsed_ms(env, id, value(&pairs, "form_token")).await?;
    let version = value(&pairs, "version").parse().unwrap_or(0);
    let call = Call { request, survey_id: id, key: None, source: "page" };
    let taken = call.with(env, version, async |published| {
        let visit = Visit::sent(&pairs, &published.definition);
        let fields = body(&pairs, published, &visit, elapsed);
        let name = public(value(&pairs, "key"));
        let taken = call.take(env, published, fields, name, hash).await?;
        Ok(taken.map(|it| thanks(id, published.version, &visit, &it.ending)))
    });
    match taken.await {
        Ok(response) => Ok(response),
        Err(problem) => back(id, problem),
    }
}

/// What the form says, as a widget would say it.
fn body(pairs: &Pairs, published: &Published, visit: &Visit, elapsed: Option<i64>) -> Fields {
    let mut members = Map::new();
    let mut put = |name: &str, value| {
        members.insert(name.to_owned(), value);
    };
    put("version", published.version.into());
    put("answers", form::answers(&published.definition, visit, pairs).into());
    put("language", visit.language.as_str().into());
    put("channel", visit.channel.as_str().into());
    if !visit.hidden.is_empty() {
        let mut hidden = Map::new();
        hidden.extend(visit.hidden.iter().map(|(id, value)| (id.clone(), value.as_str().into())));
        put("hidden", hidden.into());
    }
    if let Some(elapsed) = elapsed {
        put("elapsed_ms", elapsed.into());
    }
    for (name, from) in CARRIED {
        let text = value(pairs, from);
        if !text.is_empty() {
            put(name, text.into());
        }
    }
    Fields::new(members)
}

/// On to a page that can be loaded again without sending anything again.
fn thanks(id: &str, version: i64, visit: &Visit, ending: &str) -> Response {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("lang", &visit.language).append_pair("v", &version.to_string());
    if !ending.is_empty() {
        query.append_pair("end", ending);
    }
    to(StatusCode::SEE_OTHER, &format!("/s/{id}/thanks?{}", query.finish()))
}

/// Back to the form, which can say why.
fn back(id: &str, problem: Problem) -> Result<Response, Problem> {
    let said = match problem.kind {
        Kind::IdempotencyKeyReused | Kind::LinkUsed => "taken",
        Kind::LinkExpired => "expired",
        Kind::TooManyRequests => "busy",
        Kind::FormToken => "again",
        // These it finds by itself.
        Kind::NotFound
        | Kind::NotPublished
        | Kind::SurveyClosed
        | Kind::OriginNotAllowed
        | Kind::InvalidFields => "refused",
        // The cause belongs into the log, and nobody can do anything about it there.
        _ => return Err(problem),
    };
    Ok(to(StatusCode::TEMPORARY_REDIRECT, &format!("/s/{id}?said={said}")))
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
