//! One webhook: plan what happened, send what is due, record what became of it, again and again.

use app::auth::Staff;
use app::vault;
use app::write::{Change, commit};
use domain::UtcMs;
use domain::destination::Exceptions;
use domain::id::{Kind, derived};
use domain::retry::{Reason, State, Verdict};
use futures_util::StreamExt;
use futures_util::lock::Mutex;
use futures_util::stream::FuturesUnordered;
use ports::{Committed, Env, Sql};
use serde_json::{Value, json};
use store::deliveries::{self, Due, Health, Lease, Outlet};
use store::notices;
use web::{Kind as Fault, Problem, view};

use crate::send::{Keys, TRY_MS, attempt};

/// How long after its beginning a call begins further tries.
const STARTS_MS: i64 = 12_000;
/// How long an outlet is held after a commit: beyond the end of what may follow until the next.
const LEASE_MS: i64 = STARTS_MS + TRY_MS.cast_signed() + 18_000;
/// Most events of an outlet that are planned at once.
const PLANNED_MAX: i64 = 500;
/// Most deliveries of an outlet that are recorded at once.
const BATCH: usize = 100;
/// Most tries of an outlet at the same time.
const AT_ONCE: usize = 10;

/// A call, and what all of its webhooks share.
pub(crate) struct Call<'a, E> {
    pub(crate) env: &'a E,
    pub(crate) lease: String,
    pub(crate) started: UtcMs,
    /// Whose turn it is at the database. All of them at once would hold fifty connections and
    /// wait for each other anyway.
    pub(crate) turn: Mutex<()>,
    pub(crate) secret_key: String,
    pub(crate) exceptions: Exceptions,
}

/// What was done.
#[derive(Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) tried: usize,
    pub(crate) delivered: usize,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Tally) {
        self.tried += other.tried;
        self.delivered += other.delivered;
    }
}

/// A webhook at work.
struct Work {
    outlet: Outlet,
    seed: [u8; 16],
    keys: Option<Keys>,
    failing_since: Option<UtcMs>,
    /// Until when it asked us to stay away.
    hold_until: UtcMs,
    /// When it is probed next, if it fails.
    probe_at: UtcMs,
    disabled: Option<Reason>,
    tally: Tally,
}

impl Work {
    fn health(&self) -> Health {
        let probe_at = self.failing_since.map_or(0, |_| self.probe_at);
        Health { failing_since: self.failing_since, not_before: self.hold_until.max(probe_at) }
    }

    /// Learns from a try.
    fn learn(&mut self, verdict: &Verdict) {
        let is_delivered = verdict.state == State::Delivered;
        self.tally.tried += 1;
        self.tally.delivered += usize::from(is_delivered);
        self.failing_since = verdict.failing_since;
        self.hold_until = self.hold_until.max(verdict.hold_until);
        self.probe_at = if is_delivered { 0 } else { self.probe_at.max(verdict.probe_at) };
        self.disabled = self.disabled.or(verdict.disabled);
    }
}

impl<E: Env> Call<'_, E> {
    /// The lease as it is prolonged now.
    pub(crate) fn lease(&self) -> Lease<'_> {
        let now = self.env.now();
        Lease { name: &self.lease, now, until: now + LEASE_MS }
    }

    fn goes_on(&self) -> bool {
        self.env.now() < self.started + STARTS_MS
    }

    /// Serves one webhook until its work or the time is over, or somebody else has taken it.
    /// `seed` is the chance of all of its tries, so that the host is not asked for each.
    pub(crate) async fn serve(&self, outlet: Outlet, seed: [u8; 16]) -> Result<Tally, Problem> {
        let keys = self.keys(&outlet);
        let mut work = Work {
            seed,
            keys,
            failing_since: outlet.failing_since,
            outlet,
            hold_until: 0,
            probe_at: 0,
            disabled: None,
            tally: Tally::default(),
        };
        loop {
            let due = self.due(&work).await?;
            let is_little = due.len() < BATCH;
            let rows = self.send(&mut work, due).await;
            let is_held = self.record(&work, &rows).await?;
            if let Some(reason) = work.disabled {
                self.disable(&work.outlet, reason).await?;
            }
            let Some(has_events) = is_held else { break };
            if has_events && is_little && !self.plan(&work.outlet).await? {
                break;
            }
        }
        Ok(work.tally)
    }

    /// Opens the secrets of a webhook; nothing when `secret_key` is another than it was.
    fn keys(&self, outlet: &Outlet) -> Option<Keys> {
        let open = |text: &str| vault::open(&self.secret_key, &outlet.webhook_id, text);
        let old = open(&outlet.old_secret).map(|it| (it, outlet.old_secret_until));
        let headers = open(&outlet.headers)?;
        let headers = view::object(std::str::from_utf8(&headers).ok()?)?;
        Some(Keys { secret: open(&outlet.secret)?, old, headers })
    }

    /// Plans the next events of a webhook. Tells whether it is still held.
    async fn plan(&self, outlet: &Outlet) -> Result<bool, Problem> {
        let _turn = self.turn.lock().await;
        let plan = deliveries::plan(&self.lease(), &outlet.webhook_id, PLANNED_MAX);
        Ok(self.env.sql().commit(plan).await? == Committed::Done)
    }

    async fn due(&self, work: &Work) -> Result<Vec<Due>, Problem> {
        let it = &work.outlet;
        // What waits for a receiver that fails is not wasted on it.
        let is_probe = work.failing_since.is_some() || work.keys.is_none();
        let most = if is_probe { 1 } else { i64::try_from(BATCH).unwrap_or(1) };
        let _turn = self.turn.lock().await;
        let now = self.env.now();
        Ok(self.env.sql().fetch(deliveries::due(&it.webhook_id, it.is_ordered, now, most)).await?)
    }

    /// Sends what is due, some at a time; after one that fails, no more are begun. Returns the
    /// tries as they are recorded.
    async fn send(&self, work: &mut Work, due: Vec<Due>) -> Vec<Value> {
        let (env, exceptions) = (self.env, &self.exceptions);
        let seed = derived(work.seed, work.tally.tried);
        let outlet = work.outlet.clone();
        let keys = work.keys.take();
        let mut left = due.into_iter().enumerate();
        let mut under_way = FuturesUnordered::new();
        let mut rows = Vec::new();
        let mut has_failed = false;
        loop {
            while under_way.len() < AT_ONCE && !has_failed && self.goes_on() {
                let Some((at, due)) = left.next() else { break };
                let random = derived(seed, at);
                under_way.push(attempt(env, exceptions, &outlet, keys.as_ref(), due, random));
            }
            let Some(tried) = under_way.next().await else { break };
            let verdict = tried.judge(work.failing_since);
            has_failed |= verdict.state != State::Delivered;
            work.learn(&verdict);
            rows.push(tried.row(verdict.state, verdict.due_at));
        }
        drop(under_way);
        work.keys = keys;
        rows
    }

    /// Records tries, and gives the outlet back if nothing is left to do now. Tells whether there
    /// are events to plan if it is still held.
    ///
    /// If somebody else has it, nothing is recorded: they make these tries again.
    async fn record(&self, work: &Work, rows: &[Value]) -> Result<Option<bool>, Problem> {
        let _turn = self.turn.lock().await;
        let it = &work.outlet;
        let lease = self.lease();
        let mut writes = Vec::new();
        if !rows.is_empty() {
            let rows = view::text(&rows);
            writes.extend(deliveries::record(&it.webhook_id, lease.now, &rows));
        }
        let goes_on = self.goes_on() && work.disabled.is_none();
        writes.push(deliveries::settle(it, &lease, work.health(), goes_on).guarded());
        if self.env.sql().commit(writes).await? != Committed::Done {
            return Ok(None);
        }
        Ok(self.env.sql().fetch(deliveries::held(&it.webhook_id, lease.name)).await?)
    }

    /// Disables a webhook, unless it changed meanwhile: then it may not deserve it any more.
    async fn disable(&self, outlet: &Outlet, reason: Reason) -> Result<(), Problem> {
        let _turn = self.turn.lock().await;
        let (env, id) = (self.env, &outlet.webhook_id);
        let now = env.now();
        let by = Staff::new(&outlet.site_id, "tick");
        let since = outlet.failing_since.unwrap_or(now);
        let data = json!({ "reason": reason.name(), "since": view::time(since) });
        let notice = Kind::Notice.id(now, env.random());
        let text = view::text(&data);
        let kind = "webhook.disabled";
        let notice = notices::notify(&notice, &outlet.site_id, kind, id, &text, now);
        let mut change = Change::new(kind, id, outlet.version + 1, data, web::no_content());
        let [webhook, stop] = deliveries::disable(id, outlet.version, reason.name(), now);
        change.writes = vec![webhook, stop, notice.write()];
        match commit(env, &by, change).await {
            Err(problem) if problem.kind != Fault::Conflict => Err(problem),
            _ => Ok(()),
        }
    }
}
