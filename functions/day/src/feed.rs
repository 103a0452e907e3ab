//! `GET /feed/{token}.ics`: the calendar of an agent, for their own calendar program.
//!
//! Such programs keep what they fetch, and show it on locked screens: it says when, what for and
//! which service, and nothing of whom is called.

use app::callback::ics::{of_agent, organizer};
use domain::civil::DAY_MS;
use domain::ics::{Event, Method, calendar};
use domain::id::token_hash;
use http::header::CACHE_CONTROL;
use ports::{Env, Sql};
use store::callbacks::Callback;
use store::{agents, call_queue, services};
use web::response::{bytes, set};
use web::{Problem, Request, Response, view};

/// How far back it goes.
const BACK_MS: i64 = 28 * DAY_MS;
/// Most events.
const EVENTS_MAX: i64 = 2_000;

pub(crate) async fn show(
    env: &impl Env,
    request: &Request,
    name: &str,
) -> Result<Response, Problem> {
    let token = name.strip_suffix(".ics").ok_or_else(Problem::not_found)?;
    let sql = env.sql();
    let agent = sql.fetch(agents::by_feed(token_hash(token))).await?;
    let agent = agent.ok_or_else(Problem::not_found)?;
    let site = app::site(env, &agent.site_id).await?;
    let rows = call_queue::diary(&agent.id, env.now() - BACK_MS, i64::MAX, EVENTS_MAX);
    let rows = sql.fetch(rows).await?;
    let ids = |of: fn(&Callback) -> &str| {
        let mut ids: Vec<&str> = rows.iter().map(of).filter(|it| !it.is_empty()).collect();
        ids.sort_unstable();
        ids.dedup();
        view::text(&ids)
    };
    let services = sql.fetch(services::of_ids(&ids(|it| &it.service_id))).await?;
    let numbers = sql.fetch(call_queue::case_numbers(&ids(|it| &it.case_id))).await?;
    let lang = pages::lang(request);
    let event = |row: &Callback| -> Event {
        let service = services.iter().find(|it| it.id == row.service_id);
        let number = numbers.iter().find(|it| it.0 == row.case_id);
        let service = service.map_or("", |it| &it.name);
        let event = of_agent(lang, row, service, number.map_or("", |it| &it.1));
        Event { organizer: Some(organizer(&site.name, &request.authority)), ..event }
    };
    let events: Vec<Event> = rows.iter().map(event).collect();
    let text = calendar(Method::Publish, lang.of("Calls", "回电日程"), &events);
    let mut response = bytes(Method::Publish.media_type(), text.into_bytes());
    set(&mut response, CACHE_CONTROL, "private, max-age=300");
    Ok(response)
}
