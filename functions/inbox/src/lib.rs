//! `/desk/inbox`: what waits for somebody to look at it.
//!
//! | path | methods |
//! |---|---|
//! | `/desk/inbox` | GET |
//! | `/desk/inbox/notices` | GET, POST |
//! | `/desk/inbox/alarms` | GET |
//! | `/desk/inbox/low`, `/desk/inbox/low/{id}` | GET, POST |
//! | `/desk/inbox/screened` | GET, POST |
//! | `/desk/inbox/texts` | GET, POST |
//!
//! Each list is a page that is read by `GET` and acts by `POST`; what is done with one thing is one
//! call of the API, in the name of whoever looks.

mod alarms;
mod front;
mod low;
mod notices;
mod one;
mod part;
mod screened;
mod texts;
mod words;

use domain::role::Role;
use http::Method;
use ports::Env;
use staff::{Desk, Refused, Sent, Signed};
use web::{Problem, Request, Response};

/// The longest form.
#[cfg(target_family = "wasm")]
const BODY_BYTES_MAX: usize = 512 * 1024;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

/// Things of one page of a list.
const ROWS: i64 = 25;

/// What a neighbour answered.
type Told = Result<serde_json::Value, Refused>;

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    let path = request.path();
    let ["desk", "inbox", rest @ ..] = path.as_slice() else { return Err(Problem::not_found()) };
    let takes_forms = match rest {
        [] | ["alarms"] => false,
        ["notices" | "low" | "screened" | "texts"] | ["low", _] => true,
        _ => return Err(Problem::not_found()),
    };
    let is_form = *request.method() == Method::POST;
    if is_form && !takes_forms || !is_form && *request.method() != Method::GET {
        let allowed = if takes_forms { "GET, HEAD, POST" } else { "GET, HEAD" };
        return Err(Problem::method_not_allowed(allowed));
    }
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let mut sent = Sent::default();
    if is_form {
        sent = match desk.sent(env, request).await {
            Ok(sent) => sent,
            Err(problem) => return desk.told(problem),
        };
    }
    let form = is_form.then_some(&sent);
    match rest {
        ["notices"] => notices::page(env, request, &desk, form).await,
        ["alarms"] => alarms::page(env, request, &desk).await,
        ["low"] => low::page(env, request, &desk, form).await,
        ["low", id] => one::page(env, request, &desk, (id, form)).await,
        ["screened"] => screened::page(env, request, &desk, form).await,
        ["texts"] => texts::page(env, request, &desk, form).await,
        _ => front::page(env, request, &desk).await,
    }
}

/// What is wrong with a page after a form: what to say, and the status.
#[derive(Debug, Default)]
struct Wrong {
    alert: String,
    status: http::StatusCode,
}

impl Wrong {
    /// Why the API did not do what a form asked for.
    fn of(desk: &Desk, refused: &Refused) -> Wrong {
        let form = staff::Form::default();
        let filled = staff::Filled::refused(desk.lang, &form, &Sent::default(), refused);
        let alert = match refused.status {
            412 => words::overtaken(desk.lang).to_owned(),
            _ => filled.alert.clone(),
        };
        Wrong { alert, status: filled.status() }
    }
}

/// The key of what is done with one thing of a list: the page has one key, each thing its own.
fn key_of(sent: &Sent, id: &str) -> String {
    format!("{}.{id}", sent.key())
}

#[cfg(test)]
mod tests;
