//! `/v1/reviews`: what was thought of a cause in the review of a quarter (风险研判).

use app::write::{Change, check_version, write};
use app::{auth, entity};
use domain::id::Kind;
use domain::trend::Step;
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Value, json};
use store::Entity;
use store::agents::Agent;
use store::causes::Cause;
use store::reviews::{self, Review};
use web::field::Fields;
use web::lang::said;
use web::problem::Kind as Fault;
use web::{Problem, Request, Response, view};

use crate::{date, day, quarter_rule, span};

/// The longest note, in characters.
const NOTE_CHARS_MAX: usize = 4000;

#[derive(Serialize)]
pub(crate) struct ReviewView {
    id: String,
    quarter: String,
    cause_id: String,
    note: String,
    owner_id: Option<String>,
    due: Option<String>,
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
    write(env, request, &manager, async || {
        let now = env.now();
        let mut fields = request.fields()?;
        let it = Review {
            id: Kind::Review.id(now, env.random()),
            site_id: manager.site_id.clone(),
            version: 1,
            quarter: fields.text("quarter", 1, 7, ""),
            cause_id: fields.text("cause_id", 1, 64, ""),
            note: String::new(),
            owner_id: String::new(),
            due_day: None,
            created_at: now,
            updated_at: now,
        };
        if !it.quarter.is_empty() && span(Step::Quarter, &it.quarter).is_none() {
            fields.refuse("quarter", quarter_rule());
        }
        let cause = Cause::by_id(&it.site_id, &it.cause_id);
        if !it.cause_id.is_empty() && env.sql().fetch(cause).await?.is_none() {
            let rule = said("must be a cause of this site", "须为本站点的根源");
            fields.refuse("cause_id", rule);
        }
        let it = read(env, fields, it).await?;
        let answer = web::created(&format!("/v1/reviews/{}", it.id), &show_one(&it))?;
        let change = Change::new("review.created", &it.id, 1, data(&it), answer);
        let taken = Problem::new(Fault::Conflict).with(said(
            "this cause was reviewed in this quarter already: change that review",
            "该根源本季度已有研判：请修改该研判",
        ));
        Ok(change.and(reviews::insert(&it).guarded()).or(taken))
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
        let mut it = entity::find::<Review>(env, &manager, id).await?;
        check_version(request, it.version)?;
        it.version += 1;
        it.updated_at = env.now();
        let it = read(env, request.fields()?, it).await?;
        let answer = web::response::ok_version(it.version, &show_one(&it))?;
        let change = Change::new("review.updated", id, it.version, data(&it), answer);
        Ok(change.and(reviews::update(&it).guarded()))
    })
    .await
}

async fn read(env: &impl Env, mut fields: Fields, mut it: Review) -> Result<Review, Problem> {
    it.note = fields.text("note", 1, NOTE_CHARS_MAX, &it.note);
    it.owner_id = fields.text("owner_id", 0, 64, &it.owner_id);
    it.due_day = day(&mut fields, "due", it.due_day);
    if !it.owner_id.is_empty() {
        let found = Agent::by_id(&it.site_id, &it.owner_id);
        if env.sql().fetch(found).await?.is_none() {
            fields.refuse("owner_id", said("must be an agent of this site", "须为本站点的员工"));
        }
    }
    fields.done()?;
    Ok(it)
}

/// The note is people's own words, so it is no part of the event.
fn data(it: &Review) -> Value {
    json!({
        "quarter": it.quarter,
        "cause_id": it.cause_id,
        "owner_id": it.owner_id,
        "due": date(it.due_day),
    })
}

pub(crate) fn show_one(it: &Review) -> ReviewView {
    ReviewView {
        id: it.id.clone(),
        quarter: it.quarter.clone(),
        cause_id: it.cause_id.clone(),
        note: it.note.clone(),
        owner_id: view::some(&it.owner_id).map(str::to_owned),
        due: date(it.due_day),
        version: it.version,
        created_at: view::time(it.created_at),
        updated_at: view::time(it.updated_at),
    }
}
