//! Sends events to the webhooks of every site.
//!
//! | path | method | does |
//! |---|---|---|
//! | `/internal/tick/deliver` | POST | what is due, with the tick key |
//! | `/hurry` | POST | the same; it has no route, so only components of ours can call it |
//!
//! A call leases the webhooks that have work and serves all of them at the same time, so that
//! none waits for another. What follows from a try, and what of it is written, is
//! `domain::retry`'s and `store::deliveries`' business.

mod outlet;
mod send;

use app::tick::check_key;
use domain::destination::Exceptions;
use domain::id::{derived, token};
use futures_util::StreamExt;
use futures_util::lock::Mutex;
use futures_util::stream::FuturesUnordered;
use http::Method;
use ports::{Committed, Env, Sql};
use serde::Serialize;
use store::deliveries;
use web::{Problem, Request, Response, view};

use crate::outlet::{Call, Tally};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Most webhooks of one call.
const OUTLETS_MAX: i64 = 50;
/// Most events of each that are planned at once by the first plan, which is one for all of them.
const PLANNED_FIRST: i64 = 100;

#[derive(Serialize, Default)]
struct Answer {
    /// The kinds of work that were done.
    done: Vec<&'static str>,
    /// How many webhooks had some.
    webhooks: usize,
    /// How many tries there were.
    tried: usize,
    /// How many of them arrived.
    delivered: usize,
    /// When there is work again; null when there is none in sight.
    next_due_at: Option<String>,
}

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match request.path().as_slice() {
        ["internal", "tick", "deliver"] => check_key(env, &request).await?,
        ["hurry"] if *request.method() != Method::POST => {
            return Err(Problem::method_not_allowed("POST"));
        }
        ["hurry"] => {}
        _ => return Err(Problem::not_found()),
    }
    request.no_query()?;
    let mut answer = Answer::default();
    let now = env.now();
    let mut next_due = env.sql().fetch(deliveries::next_due(now)).await?;
    // A call that finds nothing writes nothing.
    if next_due.is_some_and(|it| it <= now) {
        let (webhooks, tally) = work(env).await?;
        answer.done.push("deliver");
        answer.webhooks = webhooks;
        answer.tried = tally.tried;
        answer.delivered = tally.delivered;
        let now = env.now();
        next_due = env.sql().fetch(deliveries::next_due(now)).await?;
        if 0 < webhooks && next_due.is_some_and(|it| it <= now) {
            // The time of this call is over, or there were too many; the work is not.
            env.hurry(app::write::DELIVER);
        }
    }
    answer.next_due_at = view::time_or_null(next_due);
    web::ok(&answer)
}

/// Leases webhooks and serves each until its work or the time of this call is over.
async fn work(env: &impl Env) -> Result<(usize, Tally), Problem> {
    let seed = env.random();
    let call = Call {
        env,
        lease: token("lea_", derived(seed, 0)),
        seed,
        started: env.now(),
        turn: Mutex::default(),
        secret_key: env.setting("secret_key").await.unwrap_or_default(),
        exceptions: Exceptions::parse(
            &env.setting("webhook_allow_private").await.unwrap_or_default(),
        ),
    };
    let lease = call.lease();
    env.sql().rows(deliveries::lease(&lease, OUTLETS_MAX)).await?;
    let outlets = env.sql().fetch(deliveries::leased(lease.name)).await?;
    if outlets.iter().any(|it| it.has_events) {
        let plan = deliveries::plan(&lease, "", PLANNED_FIRST);
        // Refused: every one of them was deleted just now.
        let Committed::Done = env.sql().commit(plan).await? else {
            return Ok((0, Tally::default()));
        };
    }
    let webhooks = outlets.len();
    let mut served: FuturesUnordered<_> = outlets.into_iter().map(|it| call.serve(it)).collect();
    let mut tally = Tally::default();
    let mut failed = None;
    while let Some(one) = served.next().await {
        match one {
            Ok(one) => tally.add(one),
            // The others go on: what they have sent must be recorded.
            Err(problem) => failed = Some(problem),
        }
    }
    failed.map_or(Ok((webhooks, tally)), Err)
}

#[cfg(test)]
mod tests;
