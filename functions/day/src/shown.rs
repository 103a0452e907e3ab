//! `GET /v1/day`: the day as JSON.

use app::callback::view::{local, show, show_attempt};
use ports::Env;
use serde_json::{Map, Value, json};
use store::callbacks::Callback;
use web::lang::said;
use web::problem::Place;
use web::service::Offered;
use web::{Problem, Request, Response, view};

use crate::load::{Day, whose};

pub(crate) async fn json(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let (_, agent) = whose(env, request).await?;
    let mut query = request.query();
    query.text("agent", 64);
    query.text("date", 10);
    query.done()?;
    let agent = agent.ok_or_else(|| {
        let place = Place::Parameter("agent".to_owned());
        Problem::invalid(place, said("name an agent", "请指明员工"))
    })?;
    let day = Day::load(env, request, agent).await?;
    let all = |rows: &[Callback]| rows.iter().map(|it| shown(&day, it)).collect::<Vec<_>>();
    let open = day
        .open
        .iter()
        .map(|it| json!({ "from": local(it.0, day.zone), "until": local(it.1, day.zone) }));
    let done = day.done.iter().map(|it| {
        let mut shown = show_attempt(it);
        let row = day.call(&it.callback_id);
        let contact = |kind| row.map(|row| day.contact(row, kind)).and_then(view::some);
        if let Some(shown) = shown.as_object_mut() {
            shown.insert("callback_id".to_owned(), json!(it.callback_id));
            shown.insert("purpose".to_owned(), json!(row.map(|it| &it.purpose)));
            shown.insert("name".to_owned(), json!(contact("name")));
            shown.insert("phone".to_owned(), json!(contact("phone")));
        }
        shown
    });
    web::response::ok(&json!({
        "agent": { "id": day.agent.id, "name": day.agent.name },
        "date": day.date(),
        "tz": day.zone.name(),
        "open": open.collect::<Vec<_>>(),
        "appointments": all(&day.appointments),
        "waiting": all(&day.waiting),
        "done": done.collect::<Vec<_>>(),
    }))
}

/// A call with what stands beside it. Its time is on the agent's clocks.
fn shown(day: &Day, row: &Callback) -> Map<String, Value> {
    let mut shown = show(row, day.zone);
    let service = day.service(row);
    let offered = service.map(|it| Offered::stored(&it.definition)).unwrap_or_default();
    for (name, value) in [
        ("service", json!(service.map(|it| &it.name))),
        ("name", json!(view::some(day.contact(row, "name")))),
        ("phone", json!(view::some(day.contact(row, "phone")))),
        ("case_number", json!(view::some(day.number(row)))),
        ("script", json!(view::some(&offered.script))),
        ("tried", day.tried(row).map(show_attempt).collect()),
    ] {
        shown.insert(name.to_owned(), value);
    }
    shown
}
