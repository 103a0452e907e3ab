//! `calendar`.

#[path = "../../../../calendar/src/calendar.rs"]
mod calendar;
#[path = "../../../../calendar/src/days.rs"]
mod days;
#[path = "../../../../calendar/src/reading.rs"]
mod reading;

use app::audit;
use app::case::book::is_built_in;
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

const BYTES_MAX: usize = 256 * 1024;

pub(crate) async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    let is_get = *request.method() == Method::GET;
    match request.path().as_slice() {
        ["v1", "calendars"] if is_get => calendar::list(env, request).await,
        ["v1", "calendars"] => calendar::create(env, request).await,
        ["v1", "calendars", id] if is_get => calendar::show(env, request, id).await,
        ["v1", "calendars", id] if !is_built_in(id) => calendar::change(env, request, id).await,
        ["v1", "calendars", id, "days"] if is_get => days::show(env, request, id).await,
        ["v1", "calendars", id, "days"] => days::load(env, request, id).await,
        ["v1", "calendars", id, "reading"] => reading::show(env, request, id).await,
        ["v1", "calendars", id, "audit", what @ ..] => audit::trail(env, request, id, what).await,
        _ => Err(Problem::not_found()),
    }
}
