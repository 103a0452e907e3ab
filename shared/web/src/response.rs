//! Answers put together.

use domain::UtcMs;
use http::header::{CONTENT_TYPE, ETAG, LOCATION};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::problem::{Kind, Problem};
use crate::view;

/// An answer with its whole body.
pub type Response = http::Response<Vec<u8>>;

/// 200 with a view.
pub fn ok(view: &impl Serialize) -> Result<Response, Problem> {
    json(StatusCode::OK, view)
}

/// 200 with a view of something that has versions; `If-Match` takes the tag back.
pub fn ok_version(version: i64, view: &impl Serialize) -> Result<Response, Problem> {
    let mut response = ok(view)?;
    set(&mut response, ETAG, &format!("\"v{version}\""));
    Ok(response)
}

/// 200 with figures as they are now. Their tag leaves the instant out: the same figures a
/// moment later are the same figures, which is what a weak tag says (RFC 9110 §8.8.1).
pub fn ok_as_of(figures: &Value, now: UtcMs) -> Result<Response, Problem> {
    ok_beside(figures, "as_of", &view::time(now))
}

/// 200 with a view and one member more, which its weak tag leaves out. Neither the name nor the
/// value may need an escape.
pub fn ok_beside(shown: &Value, name: &str, value: &str) -> Result<Response, Problem> {
    let mut response = ok(shown)?;
    let hash = Sha256::digest(response.body());
    let tag = domain::id::hex(hash.get(..16).unwrap_or_default());
    // Put into the text: a second one would cost as much as all the rest.
    let body = response.body_mut();
    if body.pop() == Some(b'}') {
        if 1 < body.len() {
            body.push(b',');
        }
        for part in ["\"", name, "\":\"", value, "\"}"] {
            body.extend_from_slice(part.as_bytes());
        }
    }
    set(&mut response, ETAG, &format!("W/\"{tag}\""));
    Ok(response)
}

/// 201 with a view and the path where it can be read again.
pub fn created(location: &str, view: &impl Serialize) -> Result<Response, Problem> {
    let mut response = json(StatusCode::CREATED, view)?;
    set(&mut response, LOCATION, location);
    Ok(response)
}

/// 202 with a view and the path where progress can be read.
pub fn accepted(location: &str, view: &impl Serialize) -> Result<Response, Problem> {
    let mut response = json(StatusCode::ACCEPTED, view)?;
    set(&mut response, LOCATION, location);
    Ok(response)
}

/// 204.
pub fn no_content() -> Response {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// Bytes of a media type.
pub fn bytes(media_type: &'static str, body: Vec<u8>) -> Response {
    let mut response = Response::new(body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

/// Sets a header whose value we made; one that is not a header value is left out.
pub fn set(response: &mut Response, name: http::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

fn json(status: StatusCode, view: &impl Serialize) -> Result<Response, Problem> {
    let body =
        serde_json::to_vec(view).map_err(|error| Problem::new(Kind::Internal).caused_by(error))?;
    let mut response = bytes("application/json", body);
    *response.status_mut() = status;
    Ok(response)
}
