//! `/v1/callbacks/{id}/ics`, `/v1/bookings/{token}/ics`: a call in its customer's calendar.

use app::auth;
use app::callback::change::{Which, find};
use app::callback::ics::About;
use app::callback::{link_token, offered};
use app::link::{origin, secret};
use domain::id::token_hash;
use ports::{Env, Sql};
use store::call_lists;
use web::{Problem, Request, Response};

/// One of staff's.
pub(crate) async fn of_staff(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    ics(env, request, &agent.site_id, Which::Id(id)).await
}

/// One of whoever holds its private link.
pub(crate) async fn of_holder(
    env: &impl Env,
    request: &Request,
    token: &str,
) -> Result<Response, Problem> {
    ics(env, request, "", Which::Link(token_hash(token))).await
}

/// The call-back that is meant, as iCalendar; 404 if it has no time.
async fn ics(
    env: &impl Env,
    request: &Request,
    site_id: &str,
    which: Which<'_>,
) -> Result<Response, Problem> {
    request.no_query()?;
    let (row, terms) = find(env, site_id, which).await?;
    let site = app::site(env, &row.site_id).await?;
    let service = offered(env, &row.site_id, &row.service_id).await?;
    let contacts = env.sql().fetch(call_lists::contacts(&row)).await?;
    let email = contacts.iter().find(|(kind, _)| kind == "email").map_or("", |it| &it.1);
    // Whoever was erased has no link any more.
    let link = match row.link_hash.is_empty() {
        true => String::new(),
        false => format!("{}/b/{}", origin(request), link_token(&secret(env).await?, &row.id)),
    };
    let about = About {
        row: &row,
        service: service.as_ref().map_or("", |it| &it.0.name),
        offered: &terms,
        site: &site.name,
        host: &request.authority,
        link: &link,
        email,
    };
    about.answer()
}
