//! Cases as JSON.

use domain::case::read_history;
use domain::clock::{Clock, Reading};
use serde_json::{Map, Value, json};
use store::case_texts::{Link, Text};
use store::cases::Case;
use store::compensations::Compensation;
use web::view;

use super::{Promise, dues};

/// A case as lists show it, and as each change of it answers.
pub fn show(promise: &Promise, it: &Case, now: i64) -> Map<String, Value> {
    let mut shown = Map::new();
    let some = view::some;
    for (name, value) in [
        ("id", json!(it.id)),
        ("number", json!(it.number)),
        ("version", json!(it.version)),
        ("state", json!(it.state)),
        ("grade", json!(it.grade)),
        ("tier", json!(it.tier)),
        ("urgency", json!(it.urgency)),
        ("need", json!(some(&it.need))),
        ("type", json!(some(&it.type_id))),
        ("grading", view::json(&it.grading)),
        ("source", json!(it.source)),
        ("channel", json!(some(&it.channel))),
        ("language", json!(some(&it.language))),
        ("touchpoint_id", json!(some(&it.touchpoint_id))),
        ("department_id", json!(some(&it.department_id))),
        ("agent_id", json!(some(&it.agent_id))),
        ("assigned", view::json(&it.assigned)),
        ("customer_id", json!(some(&it.customer_id))),
        ("customer_group", json!(some(&it.customer_group))),
        ("response_id", json!(some(&it.response_id))),
        ("parent_id", json!(some(&it.parent_id))),
        ("amount", json!(it.amount)),
        ("is_repeat", json!(it.is_repeat)),
        ("is_first_contact", json!(it.is_first_contact)),
        ("reopened", json!(it.reopened)),
        ("cause", cause(it)),
        ("rating", rating(it)),
        ("clocks", clocks(promise, it, now, false)),
        ("received_at", json!(view::time(it.received_at))),
        ("answered_at", json!(view::time_or_null(it.answered_at))),
        ("solved_at", json!(view::time_or_null(it.solved_at))),
        ("closed_at", json!(view::time_or_null(it.closed_at))),
        ("updated_at", json!(view::time(it.updated_at))),
    ] {
        shown.insert(name.to_owned(), value);
    }
    shown
}

fn cause(it: &Case) -> Value {
    if it.cause_kind.is_empty() {
        return Value::Null;
    }
    json!({ "kind": it.cause_kind, "cause_id": view::some(&it.cause_id) })
}

fn rating(it: &Case) -> Value {
    if it.csat.is_none() && it.ces.is_none() {
        return Value::Null;
    }
    json!({ "csat": it.csat, "ces": it.ces })
}

/// What the three clocks of a case show; with `is_whole` everything that they did as well.
pub fn clocks(promise: &Promise, it: &Case, now: i64, is_whole: bool) -> Value {
    let history = read_history(&it.history).unwrap_or_default();
    let readings = dues::readings(promise, &history, now);
    let mut shown = Map::new();
    for (at, (clock, reading)) in Clock::ALL.into_iter().zip(&readings).enumerate() {
        // What was late under another policy was late.
        let was_late = reading.was_late || it.late >> at & 1 == 1;
        shown.insert(clock.name().to_owned(), show_clock(reading, was_late, is_whole));
    }
    Value::Object(shown)
}

fn show_clock(it: &Reading, was_late: bool, is_whole: bool) -> Value {
    let mut shown = json!({
        "state": it.state.name(),
        "due": view::time_or_null(it.due),
        "remaining_s": it.remaining_ms.div_euclid(1000),
        "allowance_s": it.allowance_ms / 1000,
        "was_late": was_late,
        "is_working_time": it.is_working_time,
        "is_calendar_known": it.is_known,
    });
    if is_whole && let Some(shown) = shown.as_object_mut() {
        let stretch = |it: &domain::clock::Stretch| {
            json!({ "from": view::time(it.from), "to": view::time(it.to), "kind": it.kind.name(),
                "round": it.round })
        };
        shown.insert("timeline".to_owned(), it.timeline.iter().map(stretch).collect());
    }
    shown
}

/// Something that was said. Words that were erased are null.
pub fn show_text(it: &Text) -> Value {
    let text = if it.salt.is_empty() { None } else { Some(it.text.as_str()) };
    json!({
        "id": it.id,
        "case_id": it.case_id,
        "kind": it.kind,
        "is_public": it.is_public,
        "actor": it.actor,
        "agent_id": view::some(&it.agent_id),
        "text": text,
        "files": view::json(&it.files),
        "at": view::time(it.at),
    })
}

/// A compensation.
pub fn show_compensation(it: &Compensation) -> Value {
    json!({
        "id": it.id,
        "kind": it.kind,
        "amount": it.amount,
        "currency": it.currency,
        "reference": view::some(&it.reference),
        "actor": it.actor,
        "at": view::time(it.at),
    })
}

/// A private link, without what opens the case.
pub fn show_link(it: &Link) -> Value {
    json!({
        "number": it.number,
        "expires_at": view::time(it.expires_at),
        "revoked_at": view::time_or_null(it.revoked_at),
    })
}
