//! Studies: create, list, show, change, publish, close.

use app::auth::{self, Staff};
use app::entity;
use app::write::{Change, check_version, write};
use domain::id::Kind;
use domain::survey::{Ask, Definition};
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Value, json};
use store::studies::{self, Published, Study};
use web::field::Fields;
use web::lang::said;
use web::page::Page;
use web::{Problem, Request, Response, view};

#[derive(Serialize)]
struct StudyView {
    id: String,
    name: String,
    state: String,
    /// The number of the newest published version; null before the first.
    published_version: Option<i64>,
    /// The definition being worked on.
    definition: Value,
    version: i64,
    created_at: String,
    updated_at: String,
}

#[derive(Serialize)]
struct PublishedView {
    version: i64,
    definition: Value,
    published_at: String,
}

pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    entity::list(env, request, &viewer, show_one).await
}

pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    entity::show(env, request, &viewer, id, show_one).await
}

/// The study of this id at the site of `staff`.
pub(crate) async fn find(env: &impl Env, staff: &Staff, id: &str) -> Result<Study, Problem> {
    entity::find(env, staff, id).await
}

pub(crate) async fn create(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    write(env, request, &manager, async || {
        let now = env.now();
        let study = Study {
            id: Kind::Survey.id(now, env.random()),
            site_id: manager.site_id.clone(),
            version: 1,
            name: String::new(),
            state: "draft".to_owned(),
            published: 0,
            draft: String::new(),
            mapping: String::new(),
            created_at: now,
            updated_at: now,
        };
        let study = read(env, request.fields()?, study).await?;
        let answer = web::created(&format!("/v1/studies/{}", study.id), &show_one(&study))?;
        let change = Change::new("study.created", &study.id, 1, json!({}), answer);
        Ok(change.and(studies::insert(&study).write()))
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
        let study = next(env, request, &manager, id).await?;
        let study = read(env, request.fields()?, study).await?;
        let answer = web::response::ok_version(study.version, &show_one(&study))?;
        let change = Change::new("study.updated", id, study.version, json!({}), answer);
        Ok(change.and(studies::update(&study).guarded()))
    })
    .await
}

/// The next version of a study, still to be changed.
pub(crate) async fn next(
    env: &impl Env,
    request: &Request,
    staff: &Staff,
    id: &str,
) -> Result<Study, Problem> {
    let mut study = find(env, staff, id).await?;
    check_version(request, study.version)?;
    study.version += 1;
    study.updated_at = env.now();
    Ok(study)
}

async fn read(env: &impl Env, mut fields: Fields, mut study: Study) -> Result<Study, Problem> {
    study.name = fields.text("name", 1, 80, &study.name);
    if let Some(mut nested) = fields.object("definition") {
        let definition = define(env, &study.site_id, &mut nested).await?;
        fields.absorb(nested);
        study.draft = view::text(&web::survey::show(&definition));
    } else if study.draft.is_empty() {
        fields.refuse("definition", said("is required", "为必填项"));
    }
    fields.done()?;
    Ok(study)
}

/// Reads a definition and notes everything that is wrong with it.
async fn define(env: &impl Env, site_id: &str, fields: &mut Fields) -> Result<Definition, Problem> {
    let definition = web::survey::read(fields);
    web::survey::check(&definition, fields);
    let mut named = vec![("touchpoint_id".to_owned(), definition.touchpoint_id.as_str())];
    for (at, question) in definition.questions.iter().enumerate() {
        named.push((format!("questions/{at}/touchpoint_id"), &question.touchpoint_id));
        if let Ask::Matrix { rows, .. } = &question.kind {
            for (row, it) in rows.iter().enumerate() {
                let at = format!("questions/{at}/rows/{row}/touchpoint_id");
                named.push((at, &it.touchpoint_id));
            }
        }
    }
    named.retain(|it| !it.1.is_empty());
    let ids: Vec<&str> = named.iter().map(|it| it.1).collect();
    let query = store::touchpoints::unknown(site_id, &view::text(&ids));
    let unknown = env.sql().fetch(query).await?;
    for (at, id) in named {
        if unknown.iter().any(|it| it == id) {
            let rule = said("must be a touchpoint of this site", "须为本站点的触点");
            fields.refuse(&at, rule);
        }
    }
    Ok(definition)
}

/// Tells what is wrong with a definition, and what is missing, and stores nothing.
pub(crate) async fn validate(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    let mut fields = request.fields()?;
    let definition = define(env, &viewer.site_id, &mut fields).await?;
    let lang = request.lang();
    let mistakes = match fields.done() {
        Ok(()) => Vec::new(),
        Err(problem) => problem.into_parts().mistakes,
    };
    let errors: Vec<Value> = mistakes.iter().map(|it| it.body(lang)).collect();
    let warnings = web::survey::warnings(&definition, lang);
    web::ok(&json!({ "valid": errors.is_empty(), "errors": errors, "warnings": warnings }))
}

pub(crate) async fn publish(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    write(env, request, &manager, async || {
        request.fields_or_none()?.done()?;
        let mut study = next(env, request, &manager, id).await?;
        study.state = "open".to_owned();
        study.published += 1;
        let answer = web::response::ok_version(study.version, &show_one(&study))?;
        let data = json!({ "published_version": study.published });
        let change = Change::new("study.published", id, study.version, data, answer);
        Ok(change.and(studies::update(&study).guarded()).and(studies::publish(&study).write()))
    })
    .await
}

pub(crate) async fn close(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    write(env, request, &manager, async || {
        request.fields_or_none()?.done()?;
        let mut study = next(env, request, &manager, id).await?;
        if study.published == 0 {
            return Err(Problem::new(web::Kind::NotPublished));
        }
        study.state = "closed".to_owned();
        let answer = web::response::ok_version(study.version, &show_one(&study))?;
        let change = Change::new("study.closed", id, study.version, json!({}), answer);
        Ok(change.and(studies::update(&study).guarded()))
    })
    .await
}

pub(crate) async fn versions(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    let page: Page = request.page()?;
    let study = find(env, &viewer, id).await?;
    let after = page.after.parse().unwrap_or(0);
    let found = env.sql().fetch(studies::versions(&study.id, after, page.rows())).await?;
    page.show(
        found,
        |it| it.number.to_string(),
        |it: &Published| PublishedView {
            version: it.number,
            definition: view::json(&it.definition),
            published_at: view::time(it.published_at),
        },
    )
}

/// Where visitors stop: at which question of the newest version, and how many finish, of those of
/// whom something was saved on the way. Nothing is counted here.
pub(crate) async fn drop_off(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    request.no_query()?;
    let study = find(env, &viewer, id).await?;
    let public = env.sql().fetch(studies::public(id, 0)).await?;
    let definition = public.map_or(Value::Null, |it| view::json(&it.definition));
    let found = env.sql().fetch(store::partials::drop_off(id, study.published)).await?;
    let of = |name: &str| found.iter().find(|it| it.0 == name).map_or(0, |it| it.1);
    let mut questions = Vec::new();
    for question in definition.get("questions").and_then(Value::as_array).into_iter().flatten() {
        let name = question.get("id").and_then(Value::as_str).unwrap_or("");
        questions.push(json!({ "id": name, "stopped": of(name) }));
    }
    let version = study.published;
    web::ok(&json!({
        "survey_id": id, "version": version, "finished": of(""), "questions": questions,
    }))
}

fn show_one(study: &Study) -> StudyView {
    StudyView {
        id: study.id.clone(),
        name: study.name.clone(),
        state: study.state.clone(),
        published_version: if study.published == 0 { None } else { Some(study.published) },
        definition: view::json(&study.draft),
        version: study.version,
        created_at: view::time(study.created_at),
        updated_at: view::time(study.updated_at),
    }
}
