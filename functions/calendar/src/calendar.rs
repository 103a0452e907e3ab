//! `/v1/calendars`: working hours of a site's own, and those that ship.

use app::auth::Staff;
use app::case::book::{self, is_built_in};
use app::write::{Change, check_version, write};
use app::{auth, entity};
use domain::id::Kind;
use ports::{Corrupt, Env};
use serde_json::{Map, Value};
use store::calendars::{self, Calendar};
use store::policies;
use web::hours::WorkingHours;
use web::lang::said;
use web::{Problem, Request, Response, view};

use super::BYTES_MAX;

/// The longest name, in characters.
const NAME_CHARS_MAX: usize = 80;

pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    entity::list(env, request, &viewer, show_one).await
}

pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    if !is_built_in(id) {
        return entity::show(env, request, &viewer, id, show_one).await;
    }
    request.no_query()?;
    let mut shown = hours(env, &viewer, id).await?.show();
    shown.insert("id".to_owned(), Value::from(id));
    let name = match id {
        book::OFFICE => said("Office hours", "办公时间"),
        book::CHINA_OFFICE => said("Office hours in China", "中国办公时间"),
        _ => said("Around the clock", "全天候"),
    };
    shown.insert("name".to_owned(), Value::from(name.text(request.lang())));
    shown.insert("is_built_in".to_owned(), Value::from(true));
    web::response::ok(&shown)
}

/// The hours of a calendar that ships or is the site's own.
pub(crate) async fn hours(
    env: &impl Env,
    staff: &Staff,
    id: &str,
) -> Result<WorkingHours, Problem> {
    if is_built_in(id) {
        let zone = app::zone(&app::site(env, &staff.site_id).await?.zone)?;
        return book::built_in(id, zone).map(WorkingHours::of).ok_or_else(Problem::not_found);
    }
    stored(&entity::find::<Calendar>(env, staff, id).await?)
}

/// The hours of a row.
pub(crate) fn stored(it: &Calendar) -> Result<WorkingHours, Problem> {
    WorkingHours::stored(&it.definition)
        .ok_or_else(|| Corrupt("a calendar has no hours".to_owned()).into())
}

pub(crate) async fn create(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    write(env, request, &manager, async || {
        let mut fields = request.fields_up_to(BYTES_MAX)?;
        let name = fields.text("name", 1, NAME_CHARS_MAX, "");
        let hours = WorkingHours::read(&mut fields, None);
        fields.done()?;
        let now = env.now();
        let it = Calendar {
            id: Kind::Calendar.id(now, env.random()),
            site_id: manager.site_id.clone(),
            version: 1,
            name,
            definition: view::text(&hours.show()),
            created_at: now,
            updated_at: now,
        };
        let answer = web::created(&format!("/v1/calendars/{}", it.id), &show_one(&it))?;
        let change = Change::new("calendar.created", &it.id, 1, data(&it, &hours), answer);
        Ok(change.and(calendars::insert(&it).write()))
    })
    .await
}

pub(crate) async fn change(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    write(env, request, &manager, async || {
        let mut it = entity::find::<Calendar>(env, &manager, id).await?;
        check_version(request, it.version)?;
        let mut fields = request.fields_up_to(BYTES_MAX)?;
        it.name = fields.text("name", 1, NAME_CHARS_MAX, &it.name);
        let hours = WorkingHours::read(&mut fields, Some(stored(&it)?));
        fields.done()?;
        changed(env, it, &hours)
    })
    .await
}

/// The change of a calendar to other hours. What is due may be due at another time by them.
pub(crate) fn changed(
    env: &impl Env,
    mut it: Calendar,
    hours: &WorkingHours,
) -> Result<Change, Problem> {
    it.version += 1;
    it.updated_at = env.now();
    it.definition = view::text(&hours.show());
    let answer = web::response::ok_version(it.version, &show_one(&it))?;
    let change = Change::new("calendar.updated", &it.id, it.version, data(&it, hours), answer);
    let wake = policies::wake_cases(&it.site_id, it.updated_at).write();
    Ok(change.and(calendars::update(&it).guarded()).and(wake))
}

/// Everything but the exceptions, which can be hundreds: of those their number.
fn data(it: &Calendar, hours: &WorkingHours) -> Value {
    let mut data = hours.show();
    data.insert("name".to_owned(), Value::from(it.name.as_str()));
    data.insert("exceptions".to_owned(), Value::from(hours.hours.exceptions.len()));
    Value::Object(data)
}

fn show_one(it: &Calendar) -> Map<String, Value> {
    let mut shown = view::object(&it.definition).unwrap_or_default();
    for (name, value) in [
        ("id", Value::from(it.id.as_str())),
        ("name", Value::from(it.name.as_str())),
        ("is_built_in", Value::from(false)),
        ("version", Value::from(it.version)),
        ("created_at", Value::from(view::time(it.created_at))),
        ("updated_at", Value::from(view::time(it.updated_at))),
    ] {
        shown.insert(name.to_owned(), value);
    }
    shown
}
