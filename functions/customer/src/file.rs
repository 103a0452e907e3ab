//! `GET …/{id}/export`: all that is kept of a customer, as one JSON file.

use app::write::{Change, commit};
use app::{auth, entity};
use domain::asking::who;
use domain::civil;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use ports::{Env, Sql};
use serde_json::{Value, json};
use store::customer_files::{PARTS, ROWS_MAX, part};
use store::customers::{self, Customer};
use web::{Problem, Request, Response, view};

use crate::customer::{contacts, show_one};

/// Of each part the newest [`ROWS_MAX`] rows; `left_out` names the parts that have more.
pub(crate) async fn export(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    let mut customer = entity::find::<Customer>(env, &manager, id).await?;
    if customer.erased_at.is_some() {
        return Err(Problem::not_found());
    }
    let site_id = &manager.site_id;
    let kept = contacts(env, id).await?;
    let mut body = String::from("{\"customer\":");
    body.push_str(&view::text(&show_one(&customer, Some(kept))));
    // From before they were a customer, by the company's own id.
    let stranger = who(site_id, "customer", &customer.external_id);
    let whos = view::text(&[&stranger, &who(site_id, "customer", id)]);
    let most = usize::try_from(ROWS_MAX).unwrap_or(usize::MAX);
    let mut left_out = Vec::new();
    for (name, text) in PARTS {
        let rows = env.sql().fetch(part(text, id, site_id, &whos)).await?;
        body.push_str(&format!(",\n\"{name}\":["));
        for (at, row) in rows.iter().take(most).enumerate() {
            body.push_str(if at == 0 { "\n" } else { ",\n" });
            body.push_str(row);
        }
        body.push(']');
        if most < rows.len() {
            left_out.push(name);
        }
    }
    body.push_str(&format!(",\n\"left_out\":{}", view::text(&left_out)));
    body.push_str(&format!(",\n\"as_of\":\"{}\"}}\n", view::time(env.now())));
    let mut answer = web::response::bytes("application/json", body.into_bytes());
    let zone = app::zone(&app::site(env, site_id).await?.zone)?;
    let today = civil::date(zone.day(env.now()));
    let attachment = format!("attachment; filename=\"{id}-{today}.json\"");
    web::response::set(&mut answer, CONTENT_DISPOSITION, &attachment);
    let no_store = HeaderValue::from_static("private, no-store");
    answer.headers_mut().insert(CACHE_CONTROL, no_store);
    customer.version += 1;
    customer.updated_at = env.now();
    let data: Value = json!({});
    // Nothing leaves unless the trail says so.
    let change = Change::new("customer.exported", id, customer.version, data, answer);
    commit(env, &manager, change.and(customers::update(&customer).guarded())).await
}
