//! Programmes: which survey asks how many customers of each group, and how often.

use app::programme::{day, due_at, newest, zone};
use app::write::{Change, check_version, write};
use app::{auth, entity};
use domain::civil::{date, parse_date};
use domain::id::Kind;
use domain::touchpoint::GROUPS;
use domain::wave::{OPEN_DAYS, OPEN_DAYS_MAX, RECURRENCES, REMINDERS_MAX, SAMPLE_MAX};
use domain::zone::Zone;
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::Entity;
use store::programmes::{self, Programme};
use store::studies::Study;
use web::field::Fields;
use web::lang::{said, said_now};
use web::{Problem, Request, Response, view};

#[derive(Serialize)]
struct ProgrammeView {
    id: String,
    name: String,
    study_id: String,
    recurrence: String,
    /// In the site's zone, as all its days are.
    starts_on: String,
    /// How many of each group a wave is to invite.
    sample: Value,
    remind_after_days: Value,
    open_days: i64,
    is_active: bool,
    /// How many waves it had.
    waves: i64,
    next_wave_at: Option<String>,
    version: i64,
    created_at: String,
    updated_at: String,
}

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
    request.no_query()?;
    write(env, request, &manager, async || {
        let now = env.now();
        let mut fields = request.fields()?;
        let mut it = Programme {
            id: Kind::Programme.id(now, env.random()),
            site_id: manager.site_id.clone(),
            version: 1,
            name: String::new(),
            study_id: fields.text("study_id", 1, 64, ""),
            recurrence: String::new(),
            first_day: i64::MIN,
            sample: "{}".to_owned(),
            remind_after_days: "[]".to_owned(),
            open_days: OPEN_DAYS,
            is_active: true,
            waves: 0,
            last_day: None,
            due_at: None,
            created_at: now,
            updated_at: now,
        };
        let study = env.sql().fetch(Study::by_id(&it.site_id, &it.study_id)).await?;
        if study.is_none() && !it.study_id.is_empty() {
            fields.refuse("study_id", said("must be a study of this site", "须为本站点的问卷"));
        }
        let zone = zone(env, &it.site_id).await?;
        read(&mut fields, &mut it, zone, now);
        fields.done()?;
        it.due_at = due_at(&it, zone);
        let answer = web::created(&format!("/v1/programmes/{}", it.id), &show_one(&it))?;
        let change = Change::new("programme.created", &it.id, 1, data(&it), answer);
        Ok(change.and(programmes::insert(&it).write()))
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
        let mut it = entity::find::<Programme>(env, &manager, id).await?;
        check_version(request, it.version)?;
        let now = env.now();
        it.version += 1;
        it.updated_at = now;
        let mut fields = request.fields()?;
        if fields.take("study_id").is_some_and(|given| given.as_str() != Some(&it.study_id)) {
            fields.refuse("study_id", said("never changes", "不可更改"));
        }
        let zone = zone(env, &it.site_id).await?;
        let was_active = it.is_active;
        read(&mut fields, &mut it, zone, now);
        fields.done()?;
        if it.is_active && !was_active {
            // What was due while it rested is over.
            let missed = newest(&it, zone.day(now) - 1);
            it.last_day = missed.map(i64::from).or(it.last_day);
        }
        it.due_at = due_at(&it, zone);
        let answer = web::response::ok_version(it.version, &show_one(&it))?;
        let change = Change::new("programme.updated", id, it.version, data(&it), answer);
        Ok(change.and(programmes::update(&it).guarded()))
    })
    .await
}

fn read(fields: &mut Fields, it: &mut Programme, zone: Zone, now: i64) {
    it.name = fields.text("name", 1, 80, &it.name);
    it.recurrence = fields.one_of("recurrence", &RECURRENCES, &it.recurrence);
    read_start(fields, it, zone, now);
    read_sample(fields, it);
    it.open_days = fields.integer("open_days", 1, OPEN_DAYS_MAX, Some(it.open_days));
    if let Some(days) = fields.take("remind_after_days") {
        it.remind_after_days = view::text(&days);
    }
    if !are_reminders(&view::json(&it.remind_after_days), it.open_days) {
        let rule = said_now(
            format!(
                "must be up to {REMINDERS_MAX} numbers of days, each more than the one before, \
                 all less than open_days"
            ),
            format!("须为至多 {REMINDERS_MAX} 个逐个递增的天数，且都小于 open_days"),
        );
        fields.refuse("remind_after_days", rule);
    }
    it.is_active = fields.flag("is_active", it.is_active);
}

fn read_start(fields: &mut Fields, it: &mut Programme, zone: Zone, now: i64) {
    if it.version != 1 && !fields.has("starts_on") {
        return;
    }
    let text = fields.text("starts_on", 1, 10, "");
    match parse_date(&text) {
        // It would ask at once, and nobody who names a day that is over means that.
        Some(day) if i64::from(day) != it.first_day && day < zone.day(now) => {
            fields.refuse("starts_on", said("must not lie in the past", "不得早于今天"));
        }
        Some(day) => it.first_day = day.into(),
        None if text.is_empty() => {}
        None => {
            let rule = said("must be a date such as 2027-01-31", "须为日期，例如 2027-01-31");
            fields.refuse("starts_on", rule);
        }
    }
}

fn read_sample(fields: &mut Fields, it: &mut Programme) {
    let Some(mut nested) = fields.object("sample") else {
        if it.version == 1 && !fields.has("sample") {
            fields.refuse("sample", said("is required", "为必填项"));
        }
        return;
    };
    let before = view::object(&it.sample).unwrap_or_default();
    let mut sample = Map::new();
    for group in GROUPS {
        let was = before.get(group).and_then(Value::as_i64).unwrap_or(0);
        let number = nested.integer(group, 0, SAMPLE_MAX, Some(was));
        sample.insert(group.to_owned(), number.into());
    }
    if sample.values().all(|it| it.as_i64() == Some(0)) {
        nested.refuse("new", said("some group must be asked", "至少须抽取一个客户群"));
    }
    fields.absorb(nested);
    it.sample = view::text(&sample);
}

/// Whether these are days on which a wave may remind.
fn are_reminders(days: &Value, open_days: i64) -> bool {
    let Value::Array(days) = days else { return false };
    let mut before = 0;
    let fits = |it: &Value| {
        let day = it.as_i64().unwrap_or(0);
        let fits = before < day && day < open_days;
        before = day;
        fits
    };
    days.len() <= REMINDERS_MAX && days.iter().all(fits)
}

fn data(it: &Programme) -> Value {
    json!({
        "name": it.name,
        "study_id": it.study_id,
        "recurrence": it.recurrence,
        "starts_on": date(day(it.first_day)),
        "sample": view::json(&it.sample),
        "remind_after_days": view::json(&it.remind_after_days),
        "open_days": it.open_days,
        "is_active": it.is_active,
    })
}

fn show_one(it: &Programme) -> ProgrammeView {
    ProgrammeView {
        id: it.id.clone(),
        name: it.name.clone(),
        study_id: it.study_id.clone(),
        recurrence: it.recurrence.clone(),
        starts_on: date(day(it.first_day)),
        sample: view::json(&it.sample),
        remind_after_days: view::json(&it.remind_after_days),
        open_days: it.open_days,
        is_active: it.is_active,
        waves: it.waves,
        next_wave_at: view::time_or_null(it.due_at),
        version: it.version,
        created_at: view::time(it.created_at),
        updated_at: view::time(it.updated_at),
    }
}

#[cfg(test)]
mod tests;
