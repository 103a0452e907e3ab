//! The time that a call-back takes and gives back.

use domain::callback::State;
use domain::callback::quanta::{moved, of};
use ports::Write;
use serde_json::json;
use store::callbacks::{self, Callback};
use web::view;

/// The statements that follow from a change: taking is refused where somebody else was first.
pub(crate) fn writes(before: Option<&Callback>, after: &Callback, cap: i64) -> Vec<Write> {
    let takes = |it: &&Callback| State::parse(&it.state).is_some_and(State::takes_time);
    let (had, has) = (before.filter(takes), Some(after).filter(takes));
    let mut writes = Vec::with_capacity(4);
    match (had, has) {
        (None, None) => {}
        (None, Some(it)) => {
            writes.push(is_free(it));
            let quanta: Vec<i64> = of(it.from, it.until).collect();
            let take = callbacks::take(&it.agent_id, it.lane, &view::text(&quanta), &it.id);
            writes.push(take.write());
            writes.push(has_all(it));
        }
        (Some(it), None) => writes.push(callbacks::free(&it.id).write()),
        (Some(old), Some(new)) => {
            let place = |it: &Callback| (it.agent_id.clone(), it.lane, it.from, it.until);
            if place(old) != place(new) {
                let (from, to) = (of(old.from, old.until), of(new.from, new.until));
                let is_same_line = (&old.agent_id, old.lane) == (&new.agent_id, new.lane);
                let pairs = if is_same_line { moved(from, to) } else { from.zip(to).collect() };
                let pairs = view::text(&json!(pairs));
                let go = callbacks::move_to(&new.id, &new.agent_id, new.lane, &pairs);
                writes.push(is_free(new));
                writes.push(go.write());
                writes.push(has_all(new));
            }
        }
    }
    let (had, has) = (before.filter(is_counted), Some(after).filter(is_counted));
    let day = |it: &Callback| (it.agent_id.clone(), it.day);
    if had.map(day) != has.map(day) {
        // What is made is made, however many calls that is.
        let cap = if takes(&after) { cap } else { i64::MAX };
        writes.extend(had.map(|it| callbacks::drop_call(&it.agent_id, it.day).write()));
        writes.extend(has.map(|it| callbacks::add_call(&it.agent_id, it.day, cap).guarded()));
    }
    writes
}

/// Whether it is one of the calls of its agent's day: it has its time there, or was made then. One
/// that went back to whoever is free is nobody's.
fn is_counted(it: &&Callback) -> bool {
    let state = State::parse(&it.state).unwrap_or_default();
    let is_somebodys = it.start != 0 && !it.agent_id.is_empty();
    is_somebodys && (state.takes_time() || state == State::Calling || 0 < it.attempts)
}

/// Spares whoever comes too late the wait for the lock.
fn is_free(it: &Callback) -> Write {
    let quanta = of(it.from, it.until);
    callbacks::is_free(&it.agent_id, it.lane, quanta.start, quanta.end, &it.id).early()
}

fn has_all(it: &Callback) -> Write {
    let quanta = of(it.from, it.until);
    callbacks::has_all(&it.id, &it.agent_id, it.lane, quanta.start, quanta.end).guarded()
}
