//! Grades complaints: the one component that carries the words that grades are made by.
//!
//! | path | method | does |
//! |---|---|---|
//! | `/v1/complaints/grade` | POST | grades a text and stores nothing |
//! | `/v1/policies/grading/simulate` | POST | what the draft would change in past cases |
//! | `/grade`, `/grades` | POST | for other components, by service chaining; see `app::grading` |

mod in_use;
mod simulate;

use app::auth;
use app::grading::{MANY_BYTES_MAX, judge, judge_all};
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(app::grading::MANY_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let path = request.path();
    let is_known = matches!(
        path.as_slice(),
        ["v1", "complaints", "grade"]
            | ["v1", "policies", "grading", "simulate"]
            | ["grade" | "grades"]
    );
    match *request.method() {
        _ if !is_known => Err(Problem::not_found()),
        Method::POST => match path.as_slice() {
            ["v1", "complaints", ..] => try_out(env, &request).await,
            ["v1", ..] => simulate::simulate(env, &request).await,
            ["grades"] => for_imports(env, &request).await,
            _ => for_others(env, &request).await,
        },
        _ => Err(Problem::method_not_allowed("POST")),
    }
}

/// For staff, who may ask what their draft would make of it.
async fn try_out(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    let mut fields = request.fields()?;
    let by = fields.one_of("policy", &["published", "draft"], "published");
    if by == "draft" {
        let policy = in_use::draft(env, &agent.site_id).await?;
        return web::ok(&judge(fields, 1, (&policy, None))?);
    }
    let (policy, version) = in_use::published(env, &agent.site_id).await?;
    web::ok(&judge(fields, 1, (&policy, Some(version)))?)
}

async fn for_others(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let mut fields = request.fields()?;
    let site_id = fields.text("site_id", 1, 64, "");
    let (policy, version) = in_use::published(env, &site_id).await?;
    web::ok(&judge(fields, 0, (&policy, Some(version)))?)
}

async fn for_imports(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let mut fields = request.fields_up_to(MANY_BYTES_MAX)?;
    let site_id = fields.text("site_id", 1, 64, "");
    let (policy, version) = in_use::published(env, &site_id).await?;
    web::ok(&judge_all(fields, (&policy, Some(version)))?)
}

#[cfg(test)]
mod tests;
