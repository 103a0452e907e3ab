//! The client API of Formbricks, answered by what is here: pages that were made for it go on.
//!
//! | path, after `/api/v1/client/{environment}` or `/api/v2/…` | methods |
//! |---|---|
//! | `/responses` · `/responses/{id}` | POST · PUT |
//! | `/displays` · `/displays/{id}` | POST · PUT |
//! | `/environment` | GET |
//!
//! `{environment}` is a publishable key, or a foreign id that stands for one (`/v1/foreign-ids`).
//! Origins, rates and what keeps robots out are those of `survey` and `form`; bodies and problems
//! are as their SDKs know them. It is there only if the setting `formbricks` says so.

mod answer;
mod display;
mod place;
mod response;
mod sent;
mod shape;
mod state;
mod token;

use app::cors;
use http::Method;
use ports::Env;
use web::lang::said;
use web::{Kind, Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    if env.setting("formbricks").await.as_deref() != Some("on") {
        return Err(Problem::not_found());
    }
    let path = request.path();
    let ["api", version @ ("v1" | "v2"), "client", environment, rest @ ..] = path.as_slice() else {
        return Err(Problem::not_found());
    };
    let result = route(env, &request, environment, rest).await;
    let is_v2 = *version == "v2";
    let result = result.map_err(|problem| shape::problem(problem, request.lang(), is_v2));
    cors::allow(&request, result)
}

async fn route(
    env: &impl Env,
    request: &Request,
    environment: &str,
    rest: &[&str],
) -> Result<Response, Problem> {
    match (request.method(), rest) {
        (&Method::OPTIONS, _) => {
            let place = place::find(env, environment, "").await?;
            cors::preflight_of(request, &place.origins)
        }
        (&Method::POST, ["responses"]) => response::create(env, request, environment).await,
        (&Method::PUT, ["responses", id]) => response::update(env, request, environment, id).await,
        (&Method::POST, ["displays"]) => display::create(env, request, environment).await,
        (&Method::PUT, ["displays", id]) => display::update(env, request, environment, id).await,
        (&Method::GET, ["environment"]) => state::show(env, request, environment).await,
        (_, ["responses" | "displays"]) => Err(Problem::method_not_allowed("POST, OPTIONS")),
        (_, ["responses" | "displays", _]) => Err(Problem::method_not_allowed("PUT, OPTIONS")),
        (_, ["environment"]) => Err(Problem::method_not_allowed("GET, HEAD, OPTIONS")),
        (_, ["storage", ..]) => Err(refused(said("files are not taken here", "此处不接收文件"))),
        (_, ["user" | "people" | "contacts" | "identify" | "update" | "actions", ..]) => {
            Err(refused(said(
                "a page cannot say who its visitor is; send them a personal link",
                "网页不能自行声明访客身份，请使用个人链接",
            )))
        }
        _ => Err(Problem::not_found()),
    }
}

/// What their SDKs take for an answer, and do not try again.
fn refused(detail: web::lang::Said) -> Problem {
    Problem::new(Kind::Forbidden).with(detail)
}

#[cfg(test)]
mod tests;
