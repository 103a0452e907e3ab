//! What an agent needs to make a call: whom, what about, what to say, what came of it before.

use app::callback::view::{show, show_attempt, zone};
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::Entity;
use store::call_attempts;
use store::call_notes;
use store::call_queue;
use store::callbacks::Callback;
use store::case_texts;
use store::cases::Case;
use web::service::Offered;
use web::{Problem, view};

/// How many of the last attempts are told.
const ATTEMPTS_MAX: usize = 10;
/// How much of a complaint is told, in characters.
const SUMMARY_CHARS: usize = 500;

/// All of it.
pub(crate) async fn hand(
    env: &impl Env,
    row: &Callback,
    offered: &Offered,
) -> Result<Value, Problem> {
    let attempts = env.sql().fetch(call_attempts::of(&row.id)).await?;
    let skipped = attempts.len().saturating_sub(ATTEMPTS_MAX);
    let attempts: Vec<Value> = attempts.iter().skip(skipped).map(show_attempt).collect();
    Ok(json!({
        "callback": show(row, zone(row)),
        "until": view::time(row.lease),
        "contacts": contacts(env, row).await?,
        "note": env.sql().fetch(call_notes::of(&row.id)).await?,
        "script": view::some(&offered.script),
        "survey_id": view::some(&offered.survey_id),
        "attempts": attempts,
        "case": case(env, row).await?,
    }))
}

/// Their number and name: as they gave them for this call, or else as we know them.
async fn contacts(env: &impl Env, row: &Callback) -> Result<Value, Problem> {
    let owners = [&row.id, &row.customer_id, &row.case_id];
    let known = env.sql().fetch(call_queue::contacts(&view::text(&owners))).await?;
    let mut shown = Map::new();
    for kind in ["phone", "name"] {
        let of = |owner: &&String| {
            known.iter().find(|it| it.0 == **owner && it.1 == kind).map(|it| it.2.as_str())
        };
        shown.insert(kind.to_owned(), json!(owners.iter().find_map(of)));
    }
    Ok(Value::Object(shown))
}

/// The complaint that it is about.
async fn case(env: &impl Env, row: &Callback) -> Result<Value, Problem> {
    if row.case_id.is_empty() {
        return Ok(Value::Null);
    }
    let Some(case) = env.sql().fetch(Case::by_id(&row.site_id, &row.case_id)).await? else {
        return Ok(Value::Null);
    };
    let texts = env.sql().fetch(case_texts::of_case(&case.id, true)).await?;
    let first = texts.first().map(|it| it.text.chars().take(SUMMARY_CHARS).collect::<String>());
    Ok(json!({
        "id": case.id, "number": case.number, "state": case.state, "grade": case.grade,
        "text": first,
    }))
}
