//! Work that time causes: who may start it, and how it is leased.
//!
//! Each component that does such work has a path of its own under `/internal/tick`, since what
//! reads texts and what counts figures do not fit in one. Safe to call at any rate from anywhere
//! with the key: work is leased, so two ticks at once never do the same.

use domain::id::{is_same, token};
use http::Method;
use ports::{Env, Sql};
use serde::Serialize;
use store::jobs::{self, Job};
use web::lang::said;
use web::{Kind, Problem, Request, Response, view};

use crate::write::DELIVER;

/// How long a tick may hold its work before another may take it.
pub const LEASE_MS: i64 = 30_000;
/// Most jobs of one tick.
const JOBS_MAX: i64 = 10;

#[derive(Serialize, Default)]
struct Ticked {
    /// The kinds of work that were done.
    done: Vec<String>,
    /// When there is work again; null when there is none in sight.
    next_due_at: Option<String>,
}

/// Refuses whoever is not the one that makes us tick, everything but a POST, and any query.
pub async fn check_key(env: &impl Env, request: &Request) -> Result<(), Problem> {
    if *request.method() != Method::POST {
        return Err(Problem::method_not_allowed("POST"));
    }
    let ours = env.setting("tick_key").await.filter(|it| !it.is_empty());
    let theirs = crate::auth::bearer(request);
    let is_right = ours.zip(theirs).is_some_and(|(ours, theirs)| is_same(&ours, theirs));
    if !is_right {
        return Err(Problem::new(Kind::Unauthorized).with(said(
            "send Authorization: Bearer and the tick key",
            "请发送 Authorization: Bearer 与 tick 密钥",
        )));
    }
    request.no_query()
}

/// Does what is due of some kinds, a JSON array. `work` is given a job and its lease.
pub async fn tick(
    env: &impl Env,
    request: &Request,
    kinds: &str,
    work: impl AsyncFn(&Job, &str) -> Result<(), Problem>,
) -> Result<Response, Problem> {
    check_key(env, request).await?;
    let now = env.now();
    let lease = token("lea_", env.random());
    let due = jobs::lease(now, now + LEASE_MS, &lease, kinds, JOBS_MAX);
    let mut ticked = Ticked::default();
    for job in env.sql().fetch(due).await? {
        work(&job, &lease).await?;
        ticked.done.push(job.kind);
    }
    if !ticked.done.is_empty() {
        // Much of such work is an event, and somebody may wait for it.
        env.hurry(DELIVER);
    }
    ticked.next_due_at = view::time_or_null(env.sql().fetch(jobs::next_due(kinds)).await?);
    web::ok(&ticked)
}
