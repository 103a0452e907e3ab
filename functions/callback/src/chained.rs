//! What pages of ours ask for by service chaining. Nothing from outside gets here: a page has
//! checked whose form it is, and that not too many come.

use app::auth::Staff;
use app::callback::book::{Desk, book, standing, waiting};
use app::callback::offered;
use app::link::secret;
use domain::id::{hex, token_hash};
use domain::zone::Zone;
use http::Method;
use http::header::CACHE_CONTROL;
use ports::{Env, Sql};
use serde_json::Value;
use store::callbacks;
use web::field::Query;
use web::request::IDEMPOTENCY_KEY_CHARS_MAX;
use web::{Fields, Problem, Request, Response, view};

use crate::slots;

/// Answers `/callback/{name}`.
pub(crate) async fn handle(
    env: &impl Env,
    request: &Request,
    name: &str,
) -> Result<Response, Problem> {
    let mut fields = request.fields()?;
    let site_id = fields.text("site_id", 1, 64, "");
    if name == "slots" {
        let token = fields.text("token", 0, 64, "");
        return slots::offer(env, &site_id, query(fields), &token).await;
    }
    if name == "queue" {
        return queue(env, &site_id, fields).await;
    }
    let key = fields.text("key", 0, IDEMPOTENCY_KEY_CHARS_MAX, "");
    let mut headers = Vec::new();
    if !key.is_empty() {
        // Keys of two sites are two keys.
        let key = hex(&token_hash(&format!("{site_id} {key}")));
        headers.push(("idempotency-key".to_owned(), key.into_bytes()));
    }
    let content = view::text(&fields.clone().rest()).into_bytes();
    let keyed = Request::new(Method::POST, "/callback/book", "callback", headers, Ok(content));
    let by = Staff::new(&site_id, "public");
    let secret = secret(env).await?;
    let desk = Desk { by: &by, is_staff: false, secret: &secret, origin: "" };
    let mut answer = book(env, &keyed, desk, &fields).await?;
    web::response::set(&mut answer, CACHE_CONTROL, "no-store");
    Ok(answer)
}

/// Where somebody stands in the queue: who has a token, or who would ask for a service now.
async fn queue(env: &impl Env, site_id: &str, mut fields: Fields) -> Result<Response, Problem> {
    let mut text = |name: &str| fields.text(name, 0, 64, "");
    let (token, service_id) = (text("token"), text("service_id"));
    let (tz, language) = (text("tz"), text("language"));
    fields.done()?;
    let mut row = None;
    if !token.is_empty() {
        let found = env.sql().fetch(callbacks::by_link(token_hash(&token))).await?;
        row = Some(found.filter(|it| it.site_id == site_id).ok_or_else(Problem::not_found)?);
    }
    let service_id = row.as_ref().map_or(&service_id, |it| &it.service_id);
    let found = offered(env, site_id, service_id).await?;
    let found = found.filter(|(it, own)| row.is_some() || (it.is_active && own.is_public));
    let (service, offered) = found.ok_or_else(Problem::not_found)?;
    let row = row.unwrap_or_else(|| {
        let zone = Zone::parse(&tz).unwrap_or(Zone::UTC);
        waiting(env, (&service, &offered), zone, language)
    });
    web::ok(&standing(env, &offered, &row).await?)
}

/// What is asked for in JSON, as it is in an address; an empty text asks for nothing.
fn query(mut fields: Fields) -> Query {
    let mut pairs = Vec::new();
    for (name, value) in fields.rest() {
        let name = if name == "service_id" { "service".to_owned() } else { name };
        match value {
            Value::Null => {}
            Value::String(text) if text.is_empty() => {}
            Value::String(text) => pairs.push((name, text)),
            other => pairs.push((name, view::text(&other))),
        }
    }
    Query::new(pairs)
}
