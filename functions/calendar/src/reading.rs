//! `GET /v1/calendars/{id}/reading`: when something would be due, to try a calendar out.

use app::auth;
use domain::case::{Grade, Moment, Step, Tier};
use domain::civil::{parse_rfc3339, rfc3339};
use domain::clock::{Allowance, Clock, Terms, clock};
use ports::Env;
use serde_json::{Value, json};
use web::field::number_rule;
use web::lang::said;
use web::{Problem, Request, Response};

use super::calendar;

const HOUR_MS: i64 = 3_600_000;
/// The most working hours: about a year of them.
const HOURS_MAX: i64 = 2_000;
/// The most working days, for the same time.
const DAYS_MAX: u16 = 250;

pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    let mut query = request.query();
    // A plus that was not encoded arrives as a blank.
    let instant = |it: &str| parse_rfc3339(&it.replace(' ', "+"));
    let from = query.parse("from", instant, || {
        said(
            "must be a time such as 2026-11-22T09:30:00%2B08:00",
            "须为时间，例如 2026-11-22T09:30:00%2B08:00",
        )
    });
    let hours = query.parse(
        "hours",
        |it| it.parse::<i64>().ok().filter(|it| (1..=HOURS_MAX).contains(it)),
        || number_rule(1, HOURS_MAX),
    );
    let days = query.parse(
        "working_days",
        |it| it.parse::<u16>().ok().filter(|it| (1..=DAYS_MAX).contains(it)),
        || number_rule(1, DAYS_MAX.into()),
    );
    let given = ["hours", "working_days"].into_iter().filter(|it| request.param(it).is_some());
    if given.count() != 1 {
        query.refuse(
            "hours",
            said("give either hours or working_days", "须给出 hours 或 working_days 之一"),
        );
    }
    query.done()?;
    let allowance = match days {
        Some(days) => Allowance::WorkingDays(days),
        None => Allowance::Working(hours.unwrap_or(1) * HOUR_MS),
    };
    let calendar = calendar::hours(env, &viewer, id).await?.hours;
    let from = from.unwrap_or_else(|| env.now());
    let mut terms = Terms { grades: [[None; 3]; 4], tiers: [[None; 3]; 2], pauses: [false; 3] };
    let [_, [_, solution, _], ..] = &mut terms.grades;
    *solution = Some(allowance);
    let history = [Moment { at: from, step: Step::Started(Grade::General, Tier::None) }];
    let read = |now| clock(&calendar, &terms, &history, Clock::Solution, now);
    let due = read(from).due;
    let reading = read(due.unwrap_or(from));
    let time = |at| rfc3339(at, calendar.zone.offset_s(at));
    let timeline: Vec<Value> = reading
        .timeline
        .iter()
        .map(|it| json!({ "from": time(it.from), "to": time(it.to), "kind": it.kind.name() }))
        .collect();
    web::response::ok(&json!({
        "zone": calendar.zone.name(),
        "from": time(from),
        "is_open": calendar.is_open(from),
        "working_s": reading.allowance_ms / 1000,
        "due": due.map(time),
        "is_known": reading.is_known,
        "timeline": timeline,
    }))
}
