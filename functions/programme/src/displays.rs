//! How often a survey was shown.

use app::auth;
use domain::civil::{date, parse_date};
use ports::{Env, Sql};
use serde::Serialize;
use store::rests;
use store::studies::Study;
use web::{Problem, Request, Response};

#[derive(Serialize)]
struct DayView {
    date: String,
    displays: u64,
}

/// How often a survey was shown, day by day.
pub(crate) async fn list(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    let page = request.page()?;
    let study = app::entity::find::<Study>(env, &viewer, id).await?;
    let after = parse_date(&page.after).map_or(i64::MIN, i64::from);
    let found = env.sql().fetch(rests::displays(&study.id, after, page.rows())).await?;
    let name = |it: &(i64, u64)| date(i32::try_from(it.0).unwrap_or_default());
    page.show(found, name, |it| DayView { date: name(it), displays: it.1 })
}

#[cfg(test)]
mod tests;
