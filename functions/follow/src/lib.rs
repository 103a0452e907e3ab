//! What leads to a call, and what time does to call-backs.
//!
//! | path | method |
//! |---|---|
//! | `/internal/tick/callback` | POST, with the tick key |
//!
//! Rules make visits of what happened and of customers whose turn it is; reminders go out, broken
//! promises are told, what is over ends. Versions and cursors that move in the same commit decide
//! between two ticks at once, so nothing happens twice.

mod made;
mod scan;
mod time;

use app::tick::check_key;
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::call_steps;
use web::{Problem, Request, Response, view};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Who does it, for events.
const ACTOR: &str = "tick";

/// What a tick did, how often.
#[derive(Debug, Default)]
struct Did(Vec<(&'static str, usize)>);

impl Did {
    fn add(&mut self, what: &'static str, number: usize) {
        match self.0.iter_mut().find(|it| it.0 == what) {
            Some(it) => it.1 += number,
            None => self.0.push((what, number)),
        }
    }

    fn take(&mut self, other: Did) {
        for (what, number) in other.0 {
            self.add(what, number);
        }
    }

    fn of(&self, what: &str) -> usize {
        self.0.iter().find(|it| it.0 == what).map_or(0, |it| it.1)
    }
}

/// What is told of each tick, in the order in which it is done.
const TOLD: [&str; 6] = ["released", "reminded", "missed", "expired", "cancelled", "made"];
/// Why nobody was called.
const SKIPPED: [&str; 6] = ["no_phone", "no_consent", "too_late", "do_not_call", "open", "over"];

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match request.path().as_slice() {
        ["internal", "tick", "callback"] => check_key(env, &request).await?,
        _ => return Err(Problem::not_found()),
    }
    request.no_query()?;
    let mut did = Did::default();
    let is_late = time::pass(env, &mut did).await?;
    let has_more = scan::look(env, &mut did).await?;
    let next = env.sql().fetch(call_steps::next_due()).await?.map(|at| at.max(env.now()));
    let mut answer = Map::new();
    let done: Vec<&str> = TOLD.into_iter().filter(|it| 0 < did.of(it)).collect();
    answer.insert("done".to_owned(), json!(done));
    for what in TOLD {
        answer.insert(what.to_owned(), json!(did.of(what)));
    }
    let mut skipped = Map::new();
    for why in SKIPPED {
        skipped.insert(why.to_owned(), json!(did.of(why)));
    }
    answer.insert("skipped".to_owned(), Value::Object(skipped));
    answer.insert("more".to_owned(), json!(is_late || has_more));
    answer.insert("next_due_at".to_owned(), json!(view::time_or_null(next)));
    web::ok(&answer)
}

#[cfg(test)]
mod tests;
