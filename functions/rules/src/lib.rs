//! `/desk/rules`: calendars, policies and services: what decides about cases and calls.
//!
//! | path | methods |
//! |---|---|
//! | `/desk/rules` | GET |
//! | `/desk/rules/calendars`, `…/new`, `…/{id}` | GET · GET, POST · GET |
//! | `/desk/rules/calendars/{id}/edit`, `…/days`, `…/remove` | GET, POST · GET, POST · POST |
//! | `/desk/rules/services`, `…/new`, `…/{id}` | GET · GET, POST · GET, POST |
//! | `/desk/rules/call-rules`, `…/new`, `…/{id}` | GET · GET, POST · GET, POST |
//! | `/desk/rules/{kind}`, `…/versions/{number}` | GET |
//! | `/desk/rules/{kind}/edit`, `…/json`, `…/publish` | GET, POST |
//! | `/desk/rules/grading/simulate`, `…/try` | GET, POST |

mod calendar;
mod calendars;
mod call_rules;
mod days;
mod diff;
mod drafting;
mod draw;
mod edit;
mod front;
mod hours;
mod kinds;
mod order;
mod policy;
mod pretty;
mod services;
mod simulate;
mod thing;
mod words;
mod year;

use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

/// The longest form: a grading policy, whose Chinese words are three times as long in a form.
#[cfg(target_family = "wasm")]
const BODY_BYTES_MAX: usize = 1024 * 1024;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

/// Opens a page for whoever has a role, or answers instead.
macro_rules! opened {
    ($env:expr, $request:expr, $role:expr) => {
        match staff::open($env, $request, $role).await? {
            staff::Signed::In(desk) => desk,
            staff::Signed::Out(answer) => return Ok(answer),
        }
    };
}
pub(crate) use opened;

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    let path = request.path();
    let ["desk", "rules", rest @ ..] = path.as_slice() else { return Err(Problem::not_found()) };
    let is_post = match *request.method() {
        Method::GET => false,
        Method::POST => true,
        _ => return Err(Problem::method_not_allowed("GET, HEAD, POST")),
    };
    match (rest, is_post) {
        ([], false) => front::show(env, request).await,
        (["calendars", rest @ ..], _) => of_calendars(env, request, (rest, is_post)).await,
        (["services", rest @ ..], _) => match (rest, is_post) {
            ([], false) => services::list(env, request).await,
            _ => of_things(env, request, &services::THING, (rest, is_post)).await,
        },
        (["call-rules", rest @ ..], _) => match (rest, is_post) {
            ([], false) => call_rules::list(env, request).await,
            _ => of_things(env, request, &call_rules::THING, (rest, is_post)).await,
        },
        ([kind, rest @ ..], _) => match words::kind(kind) {
            Some(kind) => of_policy(env, request, kind, (rest, is_post)).await,
            None => Err(Problem::not_found()),
        },
        _ => Err(Problem::method_not_allowed("GET, HEAD")),
    }
}

async fn of_calendars(
    env: &impl Env,
    request: &Request,
    rest: (&[&str], bool),
) -> Result<Response, Problem> {
    match rest {
        ([], false) => calendars::list(env, request).await,
        (["new"], false) => calendars::new(env, request).await,
        (["new"], true) => calendars::create(env, request).await,
        ([id], false) => calendar::show(env, request, id).await,
        ([id, "edit"], false) => calendars::change(env, request, id).await,
        ([id, "edit"], true) => calendars::save(env, request, id).await,
        ([id, "days"], false) => days::show(env, request, id).await,
        ([id, "days"], true) => days::take(env, request, id).await,
        ([id, "remove"], true) => calendar::remove(env, request, id).await,
        ([_, "remove"], false) => Err(Problem::method_not_allowed("POST")),
        ([] | [_], true) => Err(Problem::method_not_allowed("GET, HEAD")),
        _ => Err(Problem::not_found()),
    }
}

async fn of_things(
    env: &impl Env,
    request: &Request,
    thing: &thing::Thing,
    rest: (&[&str], bool),
) -> Result<Response, Problem> {
    match rest {
        (["new"], false) => thing.begin(env, request).await,
        (["new"], true) => thing.create(env, request).await,
        ([id], false) => thing.show(env, request, id).await,
        ([id], true) => thing.save(env, request, id).await,
        ([], true) => Err(Problem::method_not_allowed("GET, HEAD")),
        _ => Err(Problem::not_found()),
    }
}

async fn of_policy(
    env: &impl Env,
    request: &Request,
    kind: &words::Kind,
    rest: (&[&str], bool),
) -> Result<Response, Problem> {
    let is_grading = kind.key == "grading";
    match rest {
        ([], false) => policy::show(env, request, kind).await,
        (["versions", number], false) => policy::version(env, request, kind, number).await,
        (["edit"], false) => drafting::edit(env, request, kind).await,
        (["edit"], true) => drafting::save(env, request, kind).await,
        (["json"], false) => drafting::json(env, request, kind).await,
        (["json"], true) => drafting::save_json(env, request, kind).await,
        (["publish"], false) => drafting::confirm(env, request, kind).await,
        (["publish"], true) => drafting::publish(env, request, kind).await,
        (["simulate"], false) if is_grading => simulate::ask(env, request).await,
        (["simulate"], true) if is_grading => simulate::simulate(env, request).await,
        (["try"], false) if is_grading => simulate::ask_text(env, request).await,
        (["try"], true) if is_grading => simulate::grade(env, request).await,
        ([] | ["versions", _], true) => Err(Problem::method_not_allowed("GET, HEAD")),
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
