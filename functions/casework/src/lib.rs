//! `/v1/complaints/{id}`: what staff do with a complaint, up to its closing.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/complaints/{id or number}` | GET, PATCH |
//! | `…/{id}/answer`, `/note`, `/grade`, `/assign`, `/escalate` | POST |
//! | `…/{id}/solve`, `/close`, `/reopen` | POST |
//! | `…/{id}/compensate`, `/merge` | POST |
//! | `…/{id}/links`, `…/{id}/links/{number}` | POST · DELETE |
//! | `…/{id}/presence` | GET, PUT |
//! | `/v1/complaints/bulk` | POST |
//! | `…/{id}/audit`, `…/{id}/audit/verify` | GET |

mod audit;
mod bulk;
mod case;
mod compensate;
mod deed;
mod links;
mod merge;
mod presence;

use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    let path = request.path();
    let ["v1", "complaints", rest @ ..] = path.as_slice() else {
        return Err(Problem::not_found());
    };
    let is_post = *request.method() == Method::POST;
    match rest {
        ["bulk"] if is_post => bulk::bulk(env, request).await,
        [id, "audit", what @ ..] => audit::trail(env, request, id, what).await,
        [id, "presence"] => presence::meet(env, request, id).await,
        [id, "links", number] => match *request.method() {
            Method::DELETE => links::revoke(env, request, id, number).await,
            _ => Err(Problem::method_not_allowed("DELETE")),
        },
        [id, "links"] if is_post => links::make(env, request, id).await,
        [id, "compensate"] if is_post => compensate::compensate(env, request, id).await,
        [id, "merge"] if is_post => merge::merge(env, request, id).await,
        [id, act] if is_post && deed::ACTS.contains(act) => case::act(env, request, id, act).await,
        ["bulk"] | [_, "links" | "compensate" | "merge"] => {
            Err(Problem::method_not_allowed("POST"))
        }
        [_, act] if deed::ACTS.contains(act) => Err(Problem::method_not_allowed("POST")),
        [id] => match *request.method() {
            Method::GET => case::show(env, request, id).await,
            Method::PATCH => case::change(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, PATCH")),
        },
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
