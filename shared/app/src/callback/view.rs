//! Call-backs as JSON.

use domain::callback::{Purpose, State};
use domain::civil;
use domain::zone::Zone;
use serde_json::{Map, Value, json};
use store::call_attempts::Attempt;
use store::callbacks::Callback;
use web::view;

/// Where the clocks of whom we call are.
pub fn zone(it: &Callback) -> Zone {
    Zone::parse(&it.zone).unwrap_or(Zone::UTC)
}

/// An instant on the clocks of a zone.
pub fn local(at: i64, zone: Zone) -> String {
    civil::rfc3339(at, zone.offset_s(at))
}

/// A call-back as lists show it, and as each change of it answers. Its time is on the clocks of
/// the zone.
pub fn show(it: &Callback, zone: Zone) -> Map<String, Value> {
    let mut shown = own(it, zone);
    let some = view::some;
    for (name, value) in [
        ("version", json!(it.version)),
        ("purpose", json!(it.purpose)),
        ("service_id", json!(it.service_id)),
        ("agent_id", json!(some(&it.agent_id))),
        ("case_id", json!(some(&it.case_id))),
        ("order_id", json!(some(order(it)))),
        ("customer_id", json!(some(&it.customer_id))),
        ("response_id", json!(some(&it.response_id))),
        ("touchpoint_id", json!(some(&it.touchpoint_id))),
        ("due_by", instant(it.due_by)),
        ("expires", instant(it.expires)),
        ("attempts", json!(it.attempts)),
        ("until", if it.state == State::Calling.name() { instant(it.lease) } else { Value::Null }),
        ("outcome", json!(some(&it.outcome))),
        ("promise", json!(promise(it.promise))),
        ("result_id", json!(some(&it.result_id))),
    ] {
        shown.insert(name.to_owned(), value);
    }
    shown
}

/// The order that a call is about, which its name ends with; empty for none.
fn order(it: &Callback) -> &str {
    let order = it.once.rsplit(':').next().unwrap_or("");
    if it.purpose == Purpose::PurchaseVisit.name() && order != it.once { order } else { "" }
}

/// What its holder sees of it who has the private link: nothing of us.
pub fn own(it: &Callback, zone: Zone) -> Map<String, Value> {
    let is_held = it.state == State::Held.name();
    let time = |at: i64| if at == 0 { Value::Null } else { local(at, zone).into() };
    let mut shown = Map::new();
    for (name, value) in [
        ("id", json!(it.id)),
        ("mode", json!(it.mode)),
        ("state", json!(it.state)),
        ("language", json!(view::some(&it.language))),
        ("tz", json!(it.zone)),
        ("start", time(it.start)),
        ("end", time(it.end)),
        ("sequence", json!(it.sequence)),
        ("due", instant(it.due)),
        ("hold_expires", if is_held { instant(it.lease) } else { Value::Null }),
        ("requested_at", json!(view::time(it.requested_at))),
        ("ended_at", json!(view::time_or_null(it.ended_at))),
    ] {
        shown.insert(name.to_owned(), value);
    }
    shown
}

/// How it is with the promise.
pub fn promise(decided: i64) -> &'static str {
    match decided {
        1 => "kept",
        2 => "broken",
        _ => "open",
    }
}

/// What came of it when somebody was called.
pub fn show_attempt(it: &Attempt) -> Value {
    json!({
        "number": it.number,
        "outcome": it.outcome,
        "agent_id": view::some(&it.agent_id),
        "started_at": view::time(it.started_at),
        "duration_ms": it.duration_ms,
        "note": view::some(&it.note),
        "at": view::time(it.at),
    })
}

fn instant(at: i64) -> Value {
    if at == 0 { Value::Null } else { view::time(at).into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_on_the_clocks_of_whom_we_call() {
        let row = Callback {
            state: "held".into(),
            zone: "America/New_York".into(),
            start: 1_795_500_000_000,
            end: 1_795_500_900_000,
            lease: 1_795_311_300_000,
            agent_id: "agt_lan".into(),
            promise: 1,
            ..Callback::default()
        };
        let shown = show(&row, zone(&row));
        assert_eq!(shown["start"], "2026-11-24T01:00:00-05:00");
        assert_eq!(shown["end"], "2026-11-24T01:15:00-05:00");
        assert_eq!(shown["hold_expires"], "2026-11-22T01:35:00Z");
        assert_eq!((&shown["promise"], &shown["due"]), (&json!("kept"), &Value::Null));
        assert!(!own(&row, Zone::UTC).contains_key("agent_id"));
    }
}
