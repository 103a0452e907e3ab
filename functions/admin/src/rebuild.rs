//! `/v1/rebuild`: counts the rollups of a site again from its facts and tells what differed.
//! The tick does the work, a day at a time.

use app::auth;
use app::write::{Change, write};
use domain::id::Kind;
use http::Method;
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Value, json};
use store::jobs::{self, Job};
use web::lang::said;
use web::{Problem, Request, Response, view};

#[derive(Serialize)]
struct RebuildView {
    id: String,
    state: &'static str,
    /// Days that were counted again.
    days: i64,
    /// Rows of rollups that differed from the facts; 0 proves that they were right.
    differences: i64,
}

pub(crate) async fn start(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    if *request.method() != Method::POST {
        return Err(Problem::method_not_allowed("POST"));
    }
    let admin = auth::admin(env, request).await?;
    request.no_query()?;
    write(env, request, &admin, async || {
        request.fields_or_none()?.done()?;
        let now = env.now();
        let id = Kind::Job.id(now, env.random());
        let shown = RebuildView { id: id.clone(), state: "due", days: 0, differences: 0 };
        let answer = web::response::accepted(&format!("/v1/rebuild/{id}"), &shown)?;
        let change = Change::new("rebuild.started", &id, 1, json!({}), answer);
        let under_way = Problem::new(web::Kind::Conflict)
            .with(said("a rebuild of this site is under way", "该站点正在重建"));
        Ok(change.and(jobs::insert_rebuild(&id, &admin.site_id, now).guarded()).or(under_way))
    })
    .await
}

pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    if *request.method() != Method::GET {
        return Err(Problem::method_not_allowed("GET, HEAD"));
    }
    let viewer = auth::viewer(env, request).await?;
    request.no_query()?;
    let job = env.sql().fetch(jobs::by_id(&viewer.site_id, id)).await?;
    web::ok(&show_one(&job.ok_or_else(Problem::not_found)?))
}

fn show_one(job: &Job) -> RebuildView {
    let progress = view::json(&job.progress);
    let number = |name: &str| progress.get(name).and_then(Value::as_i64).unwrap_or(0);
    RebuildView {
        id: job.id.clone(),
        state: if job.state == "done" { "done" } else { "due" },
        days: number("days"),
        differences: number("differences"),
    }
}
