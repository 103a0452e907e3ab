//! `/v1/studies`: the staff side of surveys.
//!
//! | path | methods |
//! |---|---|
//! | `/v1/studies`, `/v1/studies/{id}` | GET, POST · GET, PATCH |
//! | `/v1/studies/templates` | GET |
//! | `/v1/studies/validate` | POST |
//! | `/v1/studies/{id}/publish`, `/close` | POST |
//! | `/v1/studies/{id}/dropoff` | GET |
//! | `/v1/studies/{id}/versions` | GET |
//! | `/v1/studies/{id}/mapping` | GET, PUT |
//! | `/v1/studies/{id}/tag`, `/v1/studies/{id}/sightings` | GET |
//! | `/v1/studies/{id}/responses/{id}` | GET, PATCH |
//! | `/v1/studies/{id}/audit`, `/audit/verify`, and of a response | GET |

mod mapping;
mod responses;
mod study;
mod tag;

use app::audit;
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    let path = request.path();
    let ["v1", "studies", rest @ ..] = path.as_slice() else { return Err(Problem::not_found()) };
    let method = request.method();
    match rest {
        [] => match *method {
            Method::GET => study::list(env, request).await,
            Method::POST => study::create(env, request).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        },
        ["templates"] => match *method {
            Method::GET => tag::templates(env, request).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
        ["validate"] => match *method {
            Method::POST => study::validate(env, request).await,
            _ => Err(Problem::method_not_allowed("POST")),
        },
        [id] => match *method {
            Method::GET => study::show(env, request, id).await,
            Method::PATCH => study::change(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, PATCH")),
        },
        [id, "responses", response] => match *method {
            Method::GET => responses::show(env, request, id, response).await,
            Method::PATCH => responses::change(env, request, id, response).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, PATCH")),
        },
        [id, verb @ ("publish" | "close")] => match (method, *verb) {
            (&Method::POST, "publish") => study::publish(env, request, id).await,
            (&Method::POST, _) => study::close(env, request, id).await,
            _ => Err(Problem::method_not_allowed("POST")),
        },
        [subject, "audit", what @ ..] | [_, "responses", subject, "audit", what @ ..] => {
            audit::trail(env, request, subject, what).await
        }
        [id, "mapping"] => match *method {
            Method::GET => mapping::show(env, request, id).await,
            Method::PUT => mapping::replace(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD, PUT")),
        },
        [id, "dropoff"] => match *method {
            Method::GET => study::drop_off(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
        [id, what @ ("tag" | "sightings")] => match (method, *what) {
            (&Method::GET, "tag") => tag::show(env, request, id).await,
            (&Method::GET, _) => tag::sightings(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
        [id, "versions"] => match *method {
            Method::GET => study::versions(env, request, id).await,
            _ => Err(Problem::method_not_allowed("GET, HEAD")),
        },
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
