//! `/v1/foreign-ids`: what another product calls a publishable key or a survey of ours, so that
//! pages that were made for it need not be touched; `formbricks` answers them.

use app::write::{Change, write};
use app::{auth, entity, mapping};
use domain::id::Kind;
use domain::survey::QUESTIONS_MAX;
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::Entity;
use store::foreign_ids::{self, ForeignId};
use store::keys::Key;
use store::studies;
use web::field::Fields;
use web::lang::said;
use web::problem::Kind as Fault;
use web::{Problem, Request, Response, view};

/// The longest id that another product gives.
const ID_CHARS_MAX: usize = 64;

#[derive(Serialize)]
struct ForeignIdView {
    id: String,
    foreign_id: String,
    /// The publishable key that it stands for.
    key_id: Option<String>,
    /// The survey that it stands for.
    survey_id: Option<String>,
    /// Question ids of the other product and ours; an empty one is left out.
    questions: Value,
    created_at: String,
}

pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    entity::list(env, request, &viewer, show_one).await
}

pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    entity::show(env, request, &viewer, id, show_one).await
}

pub(crate) async fn add(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let admin = auth::admin(env, request).await?;
    write(env, request, &admin, async || {
        let it = read(env, request, &admin.site_id).await?;
        let data = json!({
            "foreign_id": it.foreign_id,
            "key_id": it.key_id,
            "survey_id": it.study_id,
        });
        let answer = web::created(&format!("/v1/foreign-ids/{}", it.id), &show_one(&it))?;
        let change = Change::new("foreign_id.added", &it.id, 1, data, answer);
        let taken = Problem::new(Fault::Conflict).with(said(
            "this id stands for something already; remove that first",
            "该编号已被使用，请先删除原有对应关系",
        ));
        Ok(change.and(foreign_ids::insert(&it).guarded()).or(taken))
    })
    .await
}

pub(crate) async fn remove(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let admin = auth::admin(env, request).await?;
    request.no_query()?;
    write(env, request, &admin, async || {
        let it = entity::find::<ForeignId>(env, &admin, id).await?;
        let data = json!({ "foreign_id": it.foreign_id });
        let change = Change::new("foreign_id.removed", &it.id, 2, data, web::no_content());
        Ok(change.and(foreign_ids::delete(&it.site_id, &it.id).guarded()))
    })
    .await
}

async fn read(env: &impl Env, request: &Request, site_id: &str) -> Result<ForeignId, Problem> {
    let mut fields = request.fields()?;
    let foreign_id = fields.text("foreign_id", 1, ID_CHARS_MAX, "");
    let key_id = fields.text("key_id", 0, ID_CHARS_MAX, "");
    let study_id = fields.text("survey_id", 0, ID_CHARS_MAX, "");
    // What is ours already cannot stand for something else.
    if ["pk_", "srv_"].iter().any(|it| foreign_id.starts_with(it)) {
        fields
            .refuse("foreign_id", said("must not look like an id of ours", "不得形如本系统的编号"));
    }
    let given = fields.object("questions").map(|mut it| it.rest()).unwrap_or_default();
    let mut questions = "{}".to_owned();
    if key_id.is_empty() == study_id.is_empty() {
        let rule =
            said("give a key_id or a survey_id, and not both", "请给出 key_id 或 survey_id 之一");
        fields.refuse("survey_id", rule);
    } else if study_id.is_empty() {
        let key = env.sql().fetch(Key::by_id(site_id, &key_id)).await?;
        if key.is_none_or(|it| it.kind != "publishable" || it.revoked_at.is_some()) {
            let rule = said("must be a publishable key that is live", "须为有效的公开密钥");
            fields.refuse("key_id", rule);
        }
        if !given.is_empty() {
            fields.refuse("questions", said("belongs to a survey", "仅适用于问卷"));
        }
    } else {
        check_survey(env, site_id, &study_id, &given, &mut fields).await?;
        questions = view::text(&given);
    }
    fields.done()?;
    let now = env.now();
    Ok(ForeignId {
        id: Kind::ForeignId.id(now, env.random()),
        site_id: site_id.to_owned(),
        foreign_id,
        key_id,
        study_id,
        questions,
        created_at: now,
        version: 1,
    })
}

/// Checks that the survey is published here, and that each question is one that it asks or tells.
async fn check_survey(
    env: &impl Env,
    site_id: &str,
    study_id: &str,
    given: &Map<String, Value>,
    fields: &mut Fields,
) -> Result<(), Problem> {
    let public = env.sql().fetch(studies::public(study_id, 0)).await?;
    let Some(public) = public.filter(|it| it.site_id == site_id) else {
        fields.refuse("survey_id", said("must be a survey that was published", "须为已发布的问卷"));
        return Ok(());
    };
    if 2 * QUESTIONS_MAX < given.len() {
        fields.refuse("questions", said("must be 100 at most", "最多 100 项"));
    }
    let definition = mapping::definition(&public.definition)
        .ok_or_else(|| ports::Corrupt("a published definition is not JSON".to_owned()))?;
    for (theirs, ours) in given {
        let is_known = ours.as_str().is_some_and(|ours| {
            ours.is_empty()
                || definition.question(ours).is_some()
                || definition.hidden.iter().any(|it| it.id == ours)
        });
        if !is_known {
            let rule = said(
                "must be a question or hidden field of the survey, or empty to leave it out",
                "须为该问卷的题目或隐藏字段；留空则忽略",
            );
            fields.refuse(&format!("questions/{}", web::field::escape(theirs)), rule);
        }
    }
    Ok(())
}

fn show_one(it: &ForeignId) -> ForeignIdView {
    ForeignIdView {
        id: it.id.clone(),
        foreign_id: it.foreign_id.clone(),
        key_id: view::some(&it.key_id).map(str::to_owned),
        survey_id: view::some(&it.study_id).map(str::to_owned),
        questions: view::json(&it.questions),
        created_at: view::time(it.created_at),
    }
}
