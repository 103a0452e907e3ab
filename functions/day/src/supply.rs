//! `GET /v1/supply`: who is there on each day of a week, and how many calls they have.

use app::auth;
use app::callback::view::local;
use app::case::Book;
use app::{entity, rows};
use domain::civil::{date, parse_date};
use domain::hours::Hours;
use domain::role::Role;
use ports::{Env, Sql};
use serde_json::{Value, json};
use store::Entity;
use store::agents::Agent;
use store::call_queue;
use web::lang::said;
use web::page::Page;
use web::{Problem, Request, Response, view};

use crate::load::open;

/// How many days are told of.
const DAYS: i32 = 7;

/// Managers see everybody, agents themselves.
pub(crate) async fn show(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let (by, role) = auth::agent_as(env, request).await?;
    let mut query = request.query();
    let day = query.parse("from", parse_date, || {
        said("must be a date such as 2026-11-24", "须为日期，例如 2026-11-24")
    });
    let page = Page::read(&mut query);
    query.done()?;
    let book = Book::load(env, &by.site_id).await?;
    let first = day.unwrap_or_else(|| book.zone.day(env.now()));
    let found = match (role < Role::Manager, by.agent_id.as_str()) {
        (false, _) => env.sql().fetch(Agent::list(&by.site_id, &rows(&page))).await?,
        (true, "") => Vec::new(),
        (true, _) => vec![entity::find::<Agent>(env, &by, &by.agent_id).await?],
    };
    let ids: Vec<&str> = found.iter().map(|it| it.id.as_str()).collect();
    let (from, until) = (i64::from(first), i64::from(first + DAYS));
    let booked = call_queue::booked(&view::text(&ids), from, until);
    let booked = env.sql().fetch(booked).await?;
    page.show(found, |it| it.id.clone(), |it| shown(&book, it, first, &booked))
}

/// Somebody's days, on their clocks.
fn shown(book: &Book, agent: &Agent, first: i32, booked: &[(String, i64, i64)]) -> Value {
    let hours = book.hours(&agent.calendar_id).unwrap_or_else(|| Hours::office(book.zone));
    let zone = hours.zone;
    let days = (first..first + DAYS).map(|day| {
        let open = open(&hours, agent, zone.start_of_day(day), zone.start_of_day(day + 1));
        let open: Vec<Value> = open
            .iter()
            .map(|it| json!({ "from": local(it.0, zone), "until": local(it.1, zone) }))
            .collect();
        let is_it = |it: &&(String, i64, i64)| it.0 == agent.id && it.1 == i64::from(day);
        let calls = booked.iter().find(is_it).map_or(0, |it| it.2);
        json!({ "date": date(day), "open": open, "calls": calls })
    });
    json!({
        "agent": { "id": agent.id, "name": agent.name },
        "is_active": agent.is_active,
        "calls_per_day": agent.calls_per_day,
        "tz": zone.name(),
        "days": days.collect::<Vec<_>>(),
    })
}
