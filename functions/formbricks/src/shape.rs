//! Answers and problems in the shape that their SDKs read.

use http::StatusCode;
use http::header::CACHE_CONTROL;
use serde_json::{Map, Value, json};
use web::lang::{Lang, Said};
use web::problem::Place;
use web::{Kind, Problem, Response};

/// What their SDKs look for to know that a robot was suspected.
const SUSPECTED: &str = "recaptcha_verification_failed";

/// An answer with `data`.
pub(crate) fn data(data: &Value) -> Result<Response, Problem> {
    let mut response = web::ok(&json!({ "data": data }))?;
    web::response::set(&mut response, CACHE_CONTROL, "private, no-store");
    Ok(response)
}

/// A problem with members of its own in `details`.
pub(crate) fn told(kind: Kind, detail: Said, details: Value) -> Problem {
    let mut problem = Problem::new(kind).with(detail);
    problem.extra = Some(("details", details));
    problem
}

/// Something that is not there.
pub(crate) fn missing(what: &str, id: &str) -> Problem {
    let mut problem = Problem::not_found();
    problem.extra = Some(("details", json!({ "resource_type": what, "resource_id": id })));
    problem
}

/// The same problem as they would tell it.
pub(crate) fn problem(mut problem: Problem, lang: Lang, is_v2: bool) -> Problem {
    let (status, code) = row(problem.kind);
    let mut details = details(&problem, lang);
    if matches!(problem.kind, Kind::FormToken | Kind::ProofNeeded) {
        details.insert("code".to_owned(), SUSPECTED.into());
    }
    let (_, _, en, zh) = problem.kind.row();
    let title = if lang == Lang::Zh { zh } else { en };
    let message = problem.detail.as_ref().map_or(title, |it| it.text(lang));
    let mut body = json!({ "code": code, "message": message, "details": details });
    if let (StatusCode::TOO_MANY_REQUESTS, true, Some(members)) =
        (status, is_v2, body.as_object_mut())
    {
        members.insert("error".to_owned(), json!({ "code": 429, "message": title }));
    }
    problem.foreign = Some((status, body));
    problem
}

/// Every mistake by its field; an SDK expects an object, be it empty.
fn details(problem: &Problem, lang: Lang) -> Map<String, Value> {
    let mut details = Map::new();
    match &problem.extra {
        Some(("details", Value::Object(members))) => details.clone_from(members),
        Some((name, value)) => {
            details.insert((*name).to_owned(), value.clone());
        }
        None => {}
    }
    for mistake in &problem.mistakes {
        let place = match &mistake.place {
            Place::Pointer(place) => place.trim_start_matches('/'),
            Place::Parameter(name) => name,
            Place::Header(name) => name,
        };
        details.insert(place.to_owned(), mistake.detail.text(lang).into());
    }
    details
}

/// Their status and code of a kind of problem.
fn row(kind: Kind) -> (StatusCode, &'static str) {
    match kind {
        Kind::Unauthorized | Kind::NotFound | Kind::NotPublished => {
            (StatusCode::NOT_FOUND, "not_found")
        }
        Kind::Forbidden | Kind::OriginNotAllowed | Kind::SurveyClosed => {
            (StatusCode::FORBIDDEN, "forbidden")
        }
        Kind::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
        Kind::Conflict | Kind::IdempotencyKeyReused | Kind::LinkUsed => {
            (StatusCode::CONFLICT, "conflict")
        }
        Kind::LinkExpired | Kind::HoldExpired => (StatusCode::GONE, "gone"),
        Kind::BodyTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large"),
        Kind::TooManyRequests => (StatusCode::TOO_MANY_REQUESTS, "too_many_requests"),
        Kind::Internal | Kind::Unavailable => (kind.status(), "internal_server_error"),
        // What is wrong with a request is 400 there, whatever it is.
        _ => (StatusCode::BAD_REQUEST, "bad_request"),
    }
}
