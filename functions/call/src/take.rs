//! `POST /v1/callbacks/{id}/take` and `…/release`: an agent takes a call, or lets it go.

use app::callback::{Work, impossible, offered, view};
use app::entity;
use app::write::{check_version, write};
use domain::callback::Act;
use ports::{Env, Sql};
use serde_json::Map;
use store::callbacks::Callback;
use store::do_not_call;
use web::problem::lost_race;
use web::service::Offered;
use web::{Kind, Problem, Request, Response};

use crate::next::taken;
use crate::who::who;

/// Whatever its turn: who is on the phone with somebody may take their call, even at night.
pub(crate) async fn take(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let who = who(env, request).await?;
    write(env, request, &who.by, async || {
        let row: Callback = entity::find(env, &who.by, id).await?;
        check_version(request, row.version)?;
        let listed = do_not_call::has(&row.site_id, &row.phone_hash);
        if env.sql().fetch(listed).await? {
            return Err(Problem::new(Kind::DoNotCall));
        }
        let offered = service(env, &row).await?;
        taken(env, &who, row, &offered).await
    })
    .await
}

/// It goes back to where it was in the queue, for whoever is free.
pub(crate) async fn release(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let who = who(env, request).await?;
    write(env, request, &who.by, async || {
        let row: Callback = entity::find(env, &who.by, id).await?;
        check_version(request, row.version)?;
        let offered = service(env, &row).await?;
        let mut work = Work::on(&offered, row, env.now());
        let holder = work.row.agent_id.clone();
        work.act(Act::Release)?;
        if !who.may_touch(&holder) {
            return Err(impossible());
        }
        work.happened("callback.released", Map::new());
        work.settle();
        let shown = view::show(&work.row, view::zone(&work.row));
        let answer = web::response::ok_version(work.row.version, &shown)?;
        Ok(work.change(answer).or(lost_race()))
    })
    .await
}

/// What the service of a call offers.
pub(crate) async fn service(env: &impl Env, row: &Callback) -> Result<Offered, Problem> {
    let found = offered(env, &row.site_id, &row.service_id).await?;
    Ok(found.map(|it| it.1).unwrap_or_default())
}
