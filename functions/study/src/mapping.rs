//! How the columns of a CSV become responses of a study, shown and replaced.

use app::write::{Change, check_version, write};
use app::{auth, entity, mapping};
use domain::survey::Definition;
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::studies::{self, Study};
use web::lang::said;
use web::{Problem, Request, Response, view};

pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    let study: Study = entity::find(env, &manager, id).await?;
    if study.mapping.is_empty() {
        return Err(Problem::not_found()
            .with(said("PUT a mapping here first", "请先用 PUT 在此保存列映射")));
    }
    web::response::ok_version(study.version, &web::view::json(&study.mapping))
}

pub(crate) async fn replace(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    write(env, request, &manager, async || {
        let mut study: Study = entity::find(env, &manager, id).await?;
        check_version(request, study.version)?;
        study.version += 1;
        study.updated_at = env.now();
        let mut fields = request.fields()?;
        let Some(definition) = newest(env, &study.id, &study.draft).await? else {
            return Err(Problem::new(web::Kind::NotPublished));
        };
        let mut given = fields.clone().rest();
        drop_nulls(&mut given);
        mapping::read(&mut fields, &definition);
        fields.done()?;
        study.mapping = view::text(&given);
        let shown = web::view::json(&study.mapping);
        let answer = web::response::ok_version(study.version, &shown)?;
        let change = Change::new("study.mapped", id, study.version, json!({}), answer);
        Ok(change.and(studies::update(&study).guarded()))
    })
    .await
}

/// What is null is as good as absent, and is not kept.
fn drop_nulls(members: &mut Map<String, Value>) {
    members.retain(|_, it| !it.is_null());
    for it in members.values_mut() {
        if let Value::Object(nested) = it {
            drop_nulls(nested);
        }
    }
}

/// The newest definition: the published one, or the draft before the first.
async fn newest(
    env: &impl Env,
    study_id: &str,
    draft: &str,
) -> Result<Option<Definition>, Problem> {
    let public = env.sql().fetch(studies::public(study_id, 0)).await?;
    let text = public.map_or_else(|| draft.to_owned(), |it| it.definition);
    Ok(mapping::definition(&text))
}
