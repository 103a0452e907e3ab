//! `/v1/alarms`: what the tick found out of order, newest first, with the numbers that say so.

use app::auth::Staff;
use app::rows;
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::Value;
use store::alarms::{self, Alarm};
use web::field::one_of_rule;
use web::{Problem, Request, Response, view};

#[derive(Serialize)]
struct AlarmView {
    id: String,
    /// `under_target`, `rise` or `surge`.
    kind: String,
    /// `open` or `cleared`.
    state: String,
    metric: String,
    touchpoint_id: Option<String>,
    /// What raised it.
    numbers: Value,
    /// What cleared it.
    cleared_by: Value,
    raised_at: String,
    cleared_at: Option<String>,
}

pub(crate) async fn list(
    env: &impl Env,
    request: &Request,
    viewer: &Staff,
) -> Result<Response, Problem> {
    let mut query = request.query();
    let states = ["open", "cleared"];
    let read = |text: &str| states.into_iter().find(|it| *it == text);
    let state = query.parse("state", read, || one_of_rule(&states)).unwrap_or("");
    let page = web::page::Page::read(&mut query);
    query.done()?;
    let found = env.sql().fetch(alarms::list(&viewer.site_id, state, &rows(&page))).await?;
    page.show(found, |it| it.id.clone(), show_one)
}

fn show_one(alarm: &Alarm) -> AlarmView {
    AlarmView {
        id: alarm.id.clone(),
        kind: alarm.kind.clone(),
        state: if alarm.cleared_at.is_none() { "open" } else { "cleared" }.to_owned(),
        metric: alarm.metric.clone(),
        // That of a surge stands behind the type of its cases.
        touchpoint_id: alarm
            .touchpoint_id
            .rsplit('@')
            .next()
            .and_then(view::some)
            .map(str::to_owned),
        numbers: view::json(&alarm.numbers),
        cleared_by: view::json(&alarm.cleared_by),
        raised_at: view::time(alarm.raised_at),
        cleared_at: view::time_or_null(alarm.cleared_at),
    }
}
