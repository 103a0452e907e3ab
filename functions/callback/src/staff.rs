//! What staff do: book, look, confirm, move, call off.

use app::auth::{self, Staff};
use app::callback::book::{Desk, book, standing};
use app::callback::change::{self, Deed, Which};
use app::callback::{offered, view};
use app::entity;
use app::link::{origin, secret};
use ports::{Env, Sql};
use serde_json::{Map, Value};
use store::callbacks::Callback;
use store::services::Service;
use store::{call_attempts, call_lists, call_notes};
use web::service::Offered;
use web::{Problem, Request, Response};

/// Books, holds or queues a call.
pub(crate) async fn create(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    let (secret, origin) = (secret(env).await?, origin(request));
    book(env, request, desk(&agent, &secret, &origin), &request.fields()?).await
}

/// Confirms, moves or calls off one.
pub(crate) async fn act(
    env: &impl Env,
    request: &Request,
    id: &str,
    deed: Deed,
) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    let fields = request.fields_or_none()?;
    let desk = desk(&agent, "", "");
    change::act(env, request, desk, (Which::Id(id), deed), &fields).await
}

fn desk<'a>(by: &'a Staff, secret: &'a str, origin: &'a str) -> Desk<'a> {
    Desk { by, is_staff: true, secret, origin }
}

/// Shows one with all that is known of it.
pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    let row: Callback = entity::find(env, &agent, id).await?;
    let (service, offered) = offered(env, &row.site_id, &row.service_id).await?.unwrap_or_default();
    let mut shown = view::show(&row, view::zone(&row));
    shown.extend(standing(env, &offered, &row).await?);
    let attempts = env.sql().fetch(call_attempts::of(&row.id)).await?;
    let attempts = attempts.iter().map(view::show_attempt).collect();
    shown.insert("made".to_owned(), Value::Array(attempts));
    shown.insert("service".to_owned(), told(&service, &offered));
    let note = env.sql().fetch(call_notes::of(&row.id)).await?;
    shown.insert("note".to_owned(), note.map_or(Value::Null, Value::from));
    let mut contacts = Map::new();
    for (kind, value) in env.sql().fetch(call_lists::contacts(&row)).await? {
        contacts.insert(kind, value.into());
    }
    shown.insert("contacts".to_owned(), Value::Object(contacts));
    web::response::ok_version(row.version, &shown)
}

/// What whoever calls must know of the service.
fn told(it: &Service, offered: &Offered) -> Value {
    let (all, mut shown) = (offered.show(), Map::new());
    for name in ["length_min", "quiet", "retries_min", "survey_id", "script"] {
        shown.insert(name.to_owned(), all.get(name).cloned().unwrap_or_default());
    }
    shown.insert("name".to_owned(), it.name.as_str().into());
    shown.into()
}
