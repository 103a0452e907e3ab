//! `/v1/surveys/{id}/partials/{key}`: what a visitor answered so far.

use app::intake::guard::Guard;
use app::intake::partial::{Before, is_key, key};
use app::intake::{Call, check_origin, published};
use http::header::CACHE_CONTROL;
use ports::{Env, Sql};
use serde_json::json;
use store::partials;
use web::lang::said;
use web::problem::Place;
use web::{Problem, Request, Response, view};

/// Saves it. The key is the one under which the whole response will be sent.
pub(crate) async fn save(
    env: &impl Env,
    request: &Request,
    id: &str,
    name: &str,
) -> Result<Response, Problem> {
    request.no_query()?;
    let key = published::caller_key(request)?;
    check_key(name)?;
    let fields = request.fields()?;
    let version = published::version(&fields);
    let call = Call { request, survey_id: id, key: Some(key), source: "widget" };
    call.with(env, version, async |published| {
        call.save(env, published, name, fields.clone(), Before::default()).await
    })
    .await?;
    Ok(web::no_content())
}

/// Gives it back, to go on. Whoever came by a link that holds once names that, too.
pub(crate) async fn show(
    env: &impl Env,
    request: &Request,
    id: &str,
    name: &str,
) -> Result<Response, Problem> {
    let caller = published::caller_key(request)?;
    let mut query = request.query();
    let link = query.text("link", 2_000).unwrap_or_default();
    query.done()?;
    check_key(name)?;
    let published = published::load(env, id, 0, Some(caller)).await?;
    check_origin(request, &published.origins)?;
    let guard = Guard::of(env, request, true).await?;
    let link = if link.is_empty() { None } else { guard.link(id, &link) };
    let key = key(name, &link.unwrap_or_default());
    let found = env.sql().fetch(partials::by_key(id, &key, env.now())).await?;
    let it = found.ok_or_else(Problem::not_found)?;
    let mut answer = web::ok(&json!({
        "version": it.study_version,
        "answers": view::json(&it.answers),
        "hidden": view::json(&it.hidden),
        "language": it.language,
        "at": it.at,
        "saved_at": view::time(it.saved_at),
    }))?;
    web::response::set(&mut answer, CACHE_CONTROL, "no-store");
    Ok(answer)
}

fn check_key(name: &str) -> Result<(), Problem> {
    if is_key(name) {
        return Ok(());
    }
    let rule = said("must be 22 to 64 visible ASCII characters", "须为 22 到 64 个可见 ASCII 字符");
    Err(Problem::invalid(Place::Parameter("key".to_owned()), rule))
}

#[cfg(test)]
mod tests;
