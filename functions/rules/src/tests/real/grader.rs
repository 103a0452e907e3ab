//! `grader`, as staff ask it.

#[path = "../../../../grader/src/in_use.rs"]
mod in_use;
#[path = "../../../../grader/src/simulate.rs"]
mod simulate;

use app::auth;
use app::grading::judge;
use ports::Env;
use web::{Problem, Request, Response};

pub(crate) async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    if let ["v1", "policies", ..] = request.path().as_slice() {
        return simulate::simulate(env, &request).await;
    }
    let agent = auth::agent(env, &request).await?;
    let mut fields = request.fields()?;
    if fields.one_of("policy", &["published", "draft"], "published") == "draft" {
        let policy = in_use::draft(env, &agent.site_id).await?;
        return web::ok(&judge(fields, 1, (&policy, None))?);
    }
    let (policy, version) = in_use::published(env, &agent.site_id).await?;
    web::ok(&judge(fields, 1, (&policy, Some(version)))?)
}
