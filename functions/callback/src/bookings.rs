//! `/v1/bookings/{token}`: a call-back of whoever holds its private link.

use app::auth::Staff;
use app::callback::book::{Desk, standing};
use app::callback::change::{self, Deed, Which};
use app::callback::view;
use domain::callback::State;
use domain::id::token_hash;
use http::Method;
use http::header::{CACHE_CONTROL, REFERRER_POLICY};
use ports::Env;
use serde_json::{Value, json};
use store::callbacks::Callback;
use web::{Problem, Request, Response};

/// Answers what comes after a token. Whoever has none learns nothing, and nothing is kept.
pub(crate) async fn handle(
    env: &impl Env,
    request: &Request,
    token: &str,
    rest: &[&str],
) -> Result<Response, Problem> {
    let mut result = route(env, request, token, rest).await;
    let headers = match &mut result {
        Ok(response) => response.headers_mut(),
        Err(problem) => &mut problem.headers,
    };
    headers.insert(CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, http::HeaderValue::from_static("no-referrer"));
    result
}

async fn route(
    env: &impl Env,
    request: &Request,
    token: &str,
    rest: &[&str],
) -> Result<Response, Problem> {
    let which = Which::Link(token_hash(token));
    let deed = match rest {
        [] => None,
        [name] => Some(Deed::parse(name).ok_or_else(Problem::not_found)?),
        _ => return Err(Problem::not_found()),
    };
    match (deed, request.method()) {
        (None, &Method::GET) => show(env, request, which).await,
        (None, _) => Err(Problem::method_not_allowed("GET, HEAD")),
        (Some(deed), &Method::POST) => act(env, request, which, deed).await,
        (Some(_), _) => Err(Problem::method_not_allowed("POST")),
    }
}

async fn show(env: &impl Env, request: &Request, which: Which<'_>) -> Result<Response, Problem> {
    request.no_query()?;
    let (row, offered) = change::find(env, "", which).await?;
    let mut shown = view::own(&row, view::zone(&row));
    shown.extend(standing(env, &offered, &row).await?);
    let named = app::callback::offered(env, &row.site_id, &row.service_id).await?;
    let service = named.map(|(it, offered)| {
        json!({ "id": it.id, "name": it.name, "length_min": offered.service.length_min })
    });
    shown.insert("service".to_owned(), json!(service));
    shown.insert("may".to_owned(), may(&row, env.now()));
    web::ok(&shown)
}

/// What its holder can do to it.
fn may(row: &Callback, now: i64) -> Value {
    let state = State::parse(&row.state).unwrap_or_default();
    let acts: &[&str] = match state {
        State::Held if now < row.lease => &["confirm", "move", "cancel"],
        State::Booked | State::Waiting => &["move", "cancel"],
        State::Held | State::Calling => &["cancel"],
        _ => &[],
    };
    json!(acts)
}

async fn act(
    env: &impl Env,
    request: &Request,
    which: Which<'_>,
    deed: Deed,
) -> Result<Response, Problem> {
    request.no_query()?;
    let fields = request.fields_or_none()?;
    let (row, _) = change::find(env, "", which).await?;
    let by = Staff::new(&row.site_id, "public");
    let desk = Desk { by: &by, is_staff: false, secret: "", origin: "" };
    change::act(env, request, desk, (which, deed), &fields).await
}
