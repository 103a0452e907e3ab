//! What a survey begins from, and how it comes to a page: templates, the tag, where it was seen.

use app::auth;
use app::entity;
use app::intake::published::origins;
use ports::{Env, Sql};
use serde_json::{Value, json};
use store::sightings::{self, Sighting};
use store::studies::Study;
use web::{Problem, Request, Response, view};

/// Whole definitions to begin from, in the languages that we speak.
const TEMPLATES: &str = include_str!("templates.json");

/// The definitions to begin from. Nothing here is of a site.
pub(crate) async fn templates(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    auth::viewer(env, request).await?;
    request.no_query()?;
    web::ok(&json!({ "items": view::json(TEMPLATES) }))
}

/// The tag of the widget, ready to paste. Its key is in every page that has it, so it is no secret.
pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    request.no_query()?;
    let study: Study = entity::find(env, &viewer, id).await?;
    let site = app::site(env, &viewer.site_id).await?;
    let key = env.sql().fetch(store::keys::of_pages(&site.id, env.now())).await?;
    let origin = app::link::origin(request);
    let script = format!("{origin}/widget.js");
    // Ids and keys are letters, digits and underscores: nothing in them ends an attribute.
    let tag = key.as_ref().map(|key| {
        format!(r#"<script src="{script}" data-key="{key}" data-survey="{}" async></script>"#, id)
    });
    web::ok(&json!({
        "survey_id": study.id,
        "key": key,
        "script": script,
        "page": format!("{origin}/s/{}", study.id),
        "tag": tag,
        "origins": origins(&site.origins),
    }))
}

/// Which pages asked for it, the latest first: no more than are kept of a survey.
pub(crate) async fn sightings(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    request.no_query()?;
    let study: Study = entity::find(env, &viewer, id).await?;
    let found = env.sql().fetch(sightings::list(&study.id)).await?;
    let items: Vec<Value> = found.iter().map(show_one).collect();
    web::ok(&json!({ "items": items }))
}

fn show_one(it: &Sighting) -> Value {
    json!({
        "origin": it.origin,
        "is_listed": it.is_listed,
        "first_at": view::time(it.first_at),
        "seen_at": view::time(it.seen_at),
    })
}
