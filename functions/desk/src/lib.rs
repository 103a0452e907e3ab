//! `/desk`: signing in, sessions, and the complaints that staff work on.
//!
//! | path | methods |
//! |---|---|
//! | `/desk` | GET |

use domain::role::Role;
use http::{Method, StatusCode};
use ports::Env;
use staff::{Section, Signed};
use web::{Problem, Request, Response};

/// The longest form.
#[cfg(target_family = "wasm")]
const BODY_BYTES_MAX: usize = 512 * 1024;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    match (request.path().as_slice(), request.method()) {
        (["desk"], &Method::GET) => show(env, request).await,
        _ => Err(Problem::not_found()),
    }
}

async fn show(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let title = Section::Cases.name();
    let mut page = desk.page(request, Section::Cases, title.text(desk.lang));
    page.empty(desk.lang.of("There is nothing here yet.", "暂无内容。"));
    Ok(page.answer(StatusCode::OK))
}

#[cfg(test)]
mod tests;
