//! `/desk/surveys`: making surveys, publishing them, and what came of them.
//!
//! | path | methods |
//! |---|---|
//! | `/desk/surveys`, `/desk/surveys/new` | GET · GET, POST |
//! | `/desk/surveys/{id}` · `…/publish`, `…/close` | GET · POST |
//! | `/desk/surveys/{id}/edit`, `…/json` | GET, POST |
//! | `/desk/surveys/{id}/order` | POST |
//! | `/desk/surveys/{id}/add`, `…/questions/{question}` | GET, POST |
//! | `/desk/surveys/{id}/preview`, `…/tag` | GET |
//! | `/desk/surveys/{id}/waves`, `…/waves/{programme}` | GET, POST |
//! | `/desk/surveys/{id}/waves/{programme}/{wave}` | GET |
//! | `/desk/surveys/{id}/links`, `…/files` · `…/files/mapping` | GET, POST · POST |

mod edit;
mod fields;
mod files;
mod links;
mod list;
mod merge;
mod one;
mod question;
mod study;
mod tag;
mod waves;
mod whole;
mod words;

use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

/// The longest form: one that brings a file.
#[cfg(target_family = "wasm")]
const BODY_BYTES_MAX: usize = 2 * 1024 * 1024;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    let path = request.path();
    let ["desk", "surveys", rest @ ..] = path.as_slice() else { return Err(Problem::not_found()) };
    match *request.method() {
        Method::GET => show(env, request, rest).await,
        Method::POST => take(env, request, rest).await,
        _ => Err(Problem::method_not_allowed("GET, HEAD, POST")),
    }
}

async fn show(env: &impl Env, request: &Request, rest: &[&str]) -> Result<Response, Problem> {
    match rest {
        [] => list::show(env, request).await,
        [id, "preview"] => whole::preview(env, request, id).await,
        [id, "tag"] => tag::show(env, request, id).await,
        [id, "waves", programme, wave] => waves::wave(env, request, id, (programme, wave)).await,
        ["new"] => list::begin(env, request).await,
        [id] => one::show(env, request, id).await,
        _ => both(env, request, rest).await,
    }
}

async fn take(env: &impl Env, request: &Request, rest: &[&str]) -> Result<Response, Problem> {
    match rest {
        ["new"] => list::begin(env, request).await,
        [id, verb @ ("publish" | "close")] => one::act(env, request, id, verb).await,
        [id, "order"] => edit::order(env, request, id).await,
        [id, "files", "mapping"] => files::map(env, request, id).await,
        _ => both(env, request, rest).await,
    }
}

/// Pages whose form is sent to themselves.
async fn both(env: &impl Env, request: &Request, rest: &[&str]) -> Result<Response, Problem> {
    match rest {
        [id, "edit"] => edit::page(env, request, id).await,
        [id, "json"] => whole::page(env, request, id).await,
        [id, "add"] => question::add(env, request, id).await,
        [id, "questions", question] => question::change(env, request, id, question).await,
        [id, "waves"] => waves::list(env, request, id).await,
        [id, "waves", programme] => waves::programme(env, request, id, programme).await,
        [id, "links"] => links::page(env, request, id).await,
        [id, "files"] => files::page(env, request, id).await,
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
