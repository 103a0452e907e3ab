//! `/v1/services`: what can be booked.

use app::case::book::is_built_in;
use app::write::{Change, check_version, write};
use app::{auth, entity};
use domain::id::Kind;
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::services::{self, Service};
use store::{agents, policies};
use web::field::Fields;
use web::lang::said;
use web::service::Offered;
use web::{Problem, Request, Response, view};

pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    entity::list(env, request, &viewer, show_one).await
}

pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    entity::show(env, request, &viewer, id, show_one).await
}

pub(crate) async fn create(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    write(env, request, &manager, async || {
        let now = env.now();
        let it = Service {
            id: Kind::Service.id(now, env.random()),
            site_id: manager.site_id.clone(),
            version: 1,
            is_active: true,
            created_at: now,
            updated_at: now,
            ..Service::default()
        };
        let it = read(env, request.fields()?, it).await?;
        let answer = web::created(&format!("/v1/services/{}", it.id), &show_one(&it))?;
        let change = Change::new("service.created", &it.id, 1, data(&it), answer);
        Ok(change.and(services::insert(&it).write()))
    })
    .await
}

pub(crate) async fn change(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    write(env, request, &manager, async || {
        let mut it = entity::find::<Service>(env, &manager, id).await?;
        check_version(request, it.version)?;
        it.version += 1;
        it.updated_at = env.now();
        let it = read(env, request.fields()?, it).await?;
        let answer = web::response::ok_version(it.version, &show_one(&it))?;
        let change = Change::new("service.updated", id, it.version, data(&it), answer);
        Ok(change.and(services::update(&it).guarded()))
    })
    .await
}

async fn read(env: &impl Env, mut fields: Fields, mut it: Service) -> Result<Service, Problem> {
    it.name = fields.text("name", 1, 80, &it.name);
    it.is_active = fields.flag("is_active", it.is_active);
    let before = Offered::stored(&it.definition);
    let offered = Offered::read(&mut fields, before);
    refuse_unknown(env, &it.site_id, &offered, &mut fields).await?;
    fields.done()?;
    it.definition = view::text(&offered.show());
    Ok(it)
}

/// Notes what a service names that the site does not have.
async fn refuse_unknown(
    env: &impl Env,
    site_id: &str,
    it: &Offered,
    fields: &mut Fields,
) -> Result<(), Problem> {
    let named = [
        ("survey_id", Kind::Survey, it.survey_id.as_str()),
        ("touchpoint_id", Kind::Touchpoint, it.touchpoint_id.as_str()),
    ];
    let ids: Vec<&str> = named.iter().map(|it| it.2).filter(|it| !it.is_empty()).collect();
    let strangers = match ids.is_empty() {
        true => Vec::new(),
        false => env.sql().fetch(policies::strangers(site_id, &view::text(&ids))).await?,
    };
    for (name, kind, id) in named {
        let is_there = id.starts_with(kind.prefix()) && !strangers.iter().any(|it| it == id);
        if !id.is_empty() && !is_there {
            fields.refuse(name, said("must be one of this site", "须属于本站点"));
        }
    }
    let id = it.calendar_id.as_str();
    let is_own = !id.is_empty() && !is_built_in(id);
    if is_own && !env.sql().fetch(agents::has_calendar(site_id, id)).await? {
        let rule = said("must be a calendar of this site", "须为本站点的日历");
        fields.refuse("calendar_id", rule);
    }
    Ok(())
}

fn data(it: &Service) -> Value {
    json!({ "is_active": it.is_active })
}

fn show_one(it: &Service) -> Map<String, Value> {
    let mut shown = Offered::stored(&it.definition).show();
    for (name, value) in [
        ("id", json!(it.id)),
        ("name", json!(it.name)),
        ("is_active", json!(it.is_active)),
        ("version", json!(it.version)),
        ("created_at", json!(view::time(it.created_at))),
        ("updated_at", json!(view::time(it.updated_at))),
    ] {
        shown.insert(name.to_owned(), value);
    }
    shown
}
