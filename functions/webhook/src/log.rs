//! What became of each event at a webhook.

use app::event_view::EventView;
use app::write::Change;
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::json;
use store::delivery_log::{self, Attempt, Delivery, Wanted};
use store::events;
use store::webhooks::{self, Webhook};
use web::field::one_of_rule;
use web::page::Page;
use web::{Problem, Request, Response, view};

use crate::{event, types};

/// The most deliveries that one call looks at.
const LOOK_MAX: i64 = 5_000;
/// The most tries that are shown, the newest of them.
const ATTEMPTS_MAX: i64 = 100;
/// The states of a delivery, as in JSON.
const STATES: [&str; 4] = ["due", "delivered", "dead", "dropped"];

#[derive(Serialize)]
struct DeliveryView<'a> {
    sequence: i64,
    event_id: &'a str,
    r#type: &'a str,
    subject: &'a str,
    state: &'a str,
    /// How many tries there were.
    tries: i64,
    /// The status of the last answer; null where none came.
    status: Option<i64>,
    /// When the next try is due; null when there is none to come.
    next_try_at: Option<String>,
    updated_at: String,
    /// The event as it is sent, of one that is looked at alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<EventView<'a>>,
    /// Its tries, newest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts: Option<Vec<AttemptView<'a>>>,
}

#[derive(Serialize)]
struct Log<'a> {
    items: Vec<DeliveryView<'a>>,
    /// The `after` of the next page; null on the last.
    next: Option<i64>,
}

#[derive(Serialize)]
struct AttemptView<'a> {
    number: i64,
    at: String,
    duration_ms: i64,
    status: Option<i64>,
    error: Option<&'a str>,
    /// The beginning of it.
    answer: &'a str,
}

/// What of the log is asked for.
pub(crate) struct Asked {
    page: Page,
    before: i64,
    state: Option<&'static str>,
    types: String,
}

/// Reads what of the log is asked for.
pub(crate) fn read(request: &Request) -> Result<Asked, Problem> {
    let mut query = request.query();
    let types = types::of_query(&mut query);
    let state = query.parse(
        "state",
        |it| STATES.into_iter().find(|state| *state == it),
        || one_of_rule(&STATES),
    );
    let page = Page::read(&mut query);
    let after = event::read_after(&mut query, &page);
    query.done()?;
    let before = if page.after.is_empty() { i64::MAX } else { after };
    Ok(Asked { page, before, state, types })
}

/// Newest first.
pub(crate) async fn list(
    env: &impl Env,
    webhook: &Webhook,
    asked: &Asked,
) -> Result<Response, Problem> {
    let Asked { page, before, state, types } = asked;
    let wanted = Wanted {
        before: *before,
        state: state.unwrap_or(""),
        types,
        look: LOOK_MAX,
        rows: page.rows(),
    };
    let asked = match state {
        Some(_) => delivery_log::list_in(&webhook.id, &wanted),
        None => delivery_log::list(&webhook.id, &wanted),
    };
    let mut found = env.sql().fetch(asked).await?;
    let shown = usize::try_from(page.limit).unwrap_or(0);
    let is_more = shown < found.deliveries.len();
    found.deliveries.truncate(shown);
    let next = match found.deliveries.last() {
        Some(last) if is_more => Some(last.sequence),
        _ => found.until.filter(|_| found.looked_at == LOOK_MAX),
    };
    web::ok(&Log { items: found.deliveries.iter().map(show_one).collect(), next })
}

pub(crate) async fn show(
    env: &impl Env,
    webhook: &Webhook,
    sequence: &str,
) -> Result<Response, Problem> {
    let sequence = sequence.parse().map_err(|_| Problem::not_found())?;
    let delivery = env.sql().fetch(delivery_log::by_sequence(&webhook.id, sequence)).await?;
    let delivery = delivery.deliveries.first().ok_or_else(Problem::not_found)?;
    let event = env.sql().fetch(events::by_sequence(&webhook.site_id, sequence)).await?;
    let event = event.events.first().ok_or_else(Problem::not_found)?;
    let attempts = delivery_log::attempts(&webhook.id, sequence, ATTEMPTS_MAX);
    let attempts = env.sql().fetch(attempts).await?;
    web::ok(&DeliveryView {
        event: Some(EventView::from(event)),
        attempts: Some(attempts.iter().map(show_attempt).collect()),
        ..show_one(delivery)
    })
}

/// Has a delivery tried once more, at once.
pub(crate) async fn retry(env: &impl Env, it: &Webhook, sequence: &str) -> Result<Change, Problem> {
    let sequence = sequence.parse().map_err(|_| Problem::not_found())?;
    let mut delivery = env.sql().fetch(delivery_log::by_sequence(&it.id, sequence)).await?;
    let mut delivery = delivery.deliveries.pop().ok_or_else(Problem::not_found)?;
    let now = it.updated_at;
    let data = json!({
        "sequence": sequence,
        "event_id": delivery.event_id,
        "was": delivery.state,
    });
    "due".clone_into(&mut delivery.state);
    delivery.due_at = now;
    delivery.updated_at = now;
    let location = format!("/v1/webhooks/{}/deliveries/{sequence}", it.id);
    let answer = web::response::accepted(&location, &show_one(&delivery))?;
    let change = Change::new("webhook.retried", &it.id, it.version, data, answer);
    Ok(change
        .and(webhooks::update(it).guarded())
        .and(delivery_log::retry(&it.id, sequence, now).guarded())
        .and(delivery_log::wake(&it.id, now).write()))
}

fn show_one(it: &Delivery) -> DeliveryView<'_> {
    DeliveryView {
        sequence: it.sequence,
        event_id: &it.event_id,
        r#type: &it.kind,
        subject: &it.subject,
        state: &it.state,
        tries: it.tries,
        status: some(it.status),
        next_try_at: (it.state == "due").then(|| view::time(it.due_at)),
        updated_at: view::time(it.updated_at),
        event: None,
        attempts: None,
    }
}

fn show_attempt(it: &Attempt) -> AttemptView<'_> {
    AttemptView {
        number: it.number,
        at: view::time(it.at),
        duration_ms: it.duration_ms,
        status: some(it.status),
        error: view::some(&it.error),
        answer: &it.answer,
    }
}

/// A status, unless none came.
fn some(status: i64) -> Option<i64> {
    Some(status).filter(|it| *it != 0)
}
