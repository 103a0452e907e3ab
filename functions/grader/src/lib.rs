//! Grades complaints: the one component that carries the words that grades are made by.
//!
//! | path | method | does |
//! |---|---|---|
//! | `/v1/complaints/grade` | POST | grades a text and stores nothing |
//! | `/grade` | POST | the same for other components, by service chaining alone; see `app::grading` |

use app::auth;
use app::grading::judge;
use grade::Policy;
use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let is_outside = match request.path().as_slice() {
        ["v1", "complaints", "grade"] => true,
        ["grade"] => false,
        _ => return Err(Problem::not_found()),
    };
    if *request.method() != Method::POST {
        return Err(Problem::method_not_allowed("POST"));
    }
    let mut fields = request.fields()?;
    let site_id = if is_outside {
        auth::agent(env, &request).await?.site_id.clone()
    } else {
        fields.text("site_id", 1, 64, "")
    };
    let chars_min = usize::from(is_outside);
    web::ok(&judge(fields, chars_min, policy(&site_id))?)
}

fn policy(_site_id: &str) -> (&'static Policy, i64) {
    (Policy::shipped(), 0)
}

#[cfg(test)]
mod tests;
