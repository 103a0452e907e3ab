//! The tick: makes the reports that are due, a few at a time, and each once.

use app::auth::Staff;
use app::write::commit;
use domain::report::{self, Days, Kind};
use ports::{Env, Sql};
use serde_json::{Value, json};
use store::jobs::{self, Job};
use store::reports::{self, Missing, Wanting};
use web::{Problem, Request, Response, view};

use crate::make::{Order, change};

/// What this component does.
const KINDS: &str = r#"["report"]"#;
/// Most sites that one tick looks at.
const SITES_MAX: i64 = 50;
/// Most reports that one tick makes: each asks others a dozen times.
const REPORTS_MAX: i64 = 4;
/// How often there is a look for what is due.
pub(crate) const EVERY_MS: i64 = 10 * 60 * 1000;
/// How soon it is tried again when somebody did not answer.
pub(crate) const AGAIN_MS: i64 = 30 * 1000;
/// How long after midnight a day is over: what was begun before is handed in by then.
pub(crate) const NIGHT_MS: i64 = 2 * 60 * 60 * 1000;

/// `POST /internal/tick/report`.
pub(crate) async fn tick(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    app::tick::tick(env, request, KINDS, async |job, lease| all(env, job, lease).await).await
}

/// Looks after some sites, and after all of them again and again.
async fn all(env: &impl Env, job: &Job, lease: &str) -> Result<(), Problem> {
    let progress = view::json(&job.progress);
    let after = progress.get("site").and_then(Value::as_str).unwrap_or("").to_owned();
    let mut is_short = progress.get("is_short").and_then(Value::as_bool) == Some(true);
    let sites = env.sql().fetch(reports::sites(&after, SITES_MAX)).await?;
    let missing = missing(env, &sites).await?;
    let mut failed = None;
    for it in &missing {
        if let Err(problem) = one(env, it).await {
            is_short = true;
            failed = Some((it.site_id.clone(), problem));
            break;
        }
    }
    let is_more = missing.len() == usize::try_from(REPORTS_MAX).unwrap_or(0);
    let is_round = i64::try_from(sites.len()).unwrap_or(0) < SITES_MAX;
    let (next, due) = match &failed {
        // The others are not kept waiting for it.
        Some((site, _)) => (site.as_str(), AGAIN_MS),
        None if is_more => (after.as_str(), 0),
        None if is_round => ("", if is_short { AGAIN_MS } else { EVERY_MS }),
        None => (sites.last().map_or("", |it| it.site_id.as_str()), 0),
    };
    let is_short = is_short && !next.is_empty();
    let progress = view::text(&json!({ "site": next, "is_short": is_short }));
    let go_on = jobs::go_on(&job.id, lease, env.now() + due, &progress);
    env.sql().commit(vec![go_on.guarded()]).await?;
    failed.map_or(Ok(()), |it| Err(it.1))
}

/// Of what is due at some sites, some of what was not made yet.
async fn missing(env: &impl Env, sites: &[Wanting]) -> Result<Vec<Missing>, Problem> {
    let mut due = Vec::new();
    for site in sites {
        let zone = app::zone(&site.zone)?;
        // A site that was filled with what came before has reports of that as well.
        let made = zone.day(site.created_at);
        let first = site.first_day.and_then(|it| i32::try_from(it).ok()).unwrap_or(made);
        for (kind, days) in report::due(zone.day(env.now() - NIGHT_MS), made.min(first)) {
            let is_by_department = i64::from(kind.is_by_department());
            due.push(json!([site.site_id, kind.name(), days.first, days.last, is_by_department]));
        }
    }
    if due.is_empty() {
        return Ok(Vec::new());
    }
    Ok(env.sql().fetch(reports::missing(&view::text(&due), REPORTS_MAX)).await?)
}

async fn one(env: &impl Env, it: &Missing) -> Result<(), Problem> {
    let site = app::site(env, &it.site_id).await?;
    let day = |day: i64| i32::try_from(day).unwrap_or_default();
    let order = Order {
        kind: Kind::parse(&it.kind).unwrap_or(Kind::Week),
        days: Days { first: day(it.first_day), last: day(it.last_day) },
        department: (it.department_id.clone(), it.department.clone()),
        name: String::new(),
    };
    let by = Staff::new(&it.site_id, "tick");
    let (_, change) = change(env, &site, &by, &order).await?;
    match commit(env, &by, change).await {
        // Another tick made it just now.
        Err(problem) if problem.kind == web::Kind::Conflict => Ok(()),
        done => done.map(|_| ()),
    }
}
