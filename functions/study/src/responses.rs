//! One response of a study, as staff read and overrule it.

use app::response::{join_contacts, show as show_one};
use app::write::{Change, check_version, write};
use app::{auth, entity};
use domain::screen::{self, Reason, reasons};
use ports::{Env, Sql};
use serde_json::json;
use store::responses;
use store::studies::Study;
use web::{Problem, Request, Response, view};

pub(crate) async fn show(
    env: &impl Env,
    request: &Request,
    id: &str,
    response_id: &str,
) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    let study = entity::find::<Study>(env, &agent, id).await?;
    let found = env.sql().fetch(responses::by_id(&study.id, response_id)).await?;
    let mut found = found.ok_or_else(Problem::not_found)?;
    join_contacts(env, std::slice::from_mut(&mut found)).await?;
    web::response::ok_version(found.version, &show_one(&found))
}

/// Takes a response out of the figures, or back into them against what was screened.
pub(crate) async fn change(
    env: &impl Env,
    request: &Request,
    id: &str,
    response_id: &str,
) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    write(env, request, &manager, async || {
        let study = entity::find::<Study>(env, &manager, id).await?;
        let found = env.sql().fetch(responses::by_id(&study.id, response_id)).await?;
        let mut row = found.ok_or_else(Problem::not_found)?;
        check_version(request, row.version)?;
        join_contacts(env, std::slice::from_mut(&mut row)).await?;
        let mut fields = request.fields()?;
        let is_counted = fields.flag("is_counted", row.counted);
        fields.done()?;
        row.version += 1;
        row.counted = is_counted;
        let kind = if is_counted { "response.overruled" } else { "response.screened" };
        if !is_counted {
            row.screened = screen::with(&row.screened, Reason::Staff);
            // Whoever takes it out, or leaves it out, has looked at it.
            row.looked_at = row.looked_at.or(Some(env.now()));
            if row.looked_by.is_empty() {
                row.looked_by.clone_from(&manager.actor);
            }
        }
        let answer = web::response::ok_version(row.version, &show_one(&row))?;
        let data = json!({ "is_counted": is_counted, "screened": reasons(&row.screened) });
        let mut change = Change::new(kind, response_id, row.version, data, answer);
        // What is kept for a repeated request outlives an erasure, and so holds no words.
        row.answers = "null".to_owned();
        change.kept_body = Some(view::text(&show_one(&row)).into_bytes());
        Ok(change.and(responses::recount(&study.id, &row).guarded()))
    })
    .await
}
