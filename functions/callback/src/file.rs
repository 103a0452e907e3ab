//! `…/ics`: a call-back for its customer's calendar.

use app::callback::change::Which;
use app::callback::ics::About;
use app::callback::{change, link_token, offered};
use app::link::{origin, secret};
use ports::{Env, Sql};
use store::call_lists;
use web::{Problem, Request, Response};

/// The call-back that is meant, as iCalendar; 404 if it has no time.
pub(crate) async fn ics(
    env: &impl Env,
    request: &Request,
    site_id: &str,
    which: Which<'_>,
) -> Result<Response, Problem> {
    let (row, terms) = change::find(env, site_id, which).await?;
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
