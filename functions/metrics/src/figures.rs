//! Every family, what it is read from, and what it is written as.
//!
//! Labels are ids and words of ours, never a name that somebody gave. So many sites have samples as
//! [`SITES_MAX`] says, in the order of their ids; `huiyin_sites` tells how many there are.

use domain::zone::Zone;
use ports::{Env, Sql};
use serde_json::{Value, json};
use store::gauges::{self, Backlog, Due, Numbers, Site};
use store::migrations;
use web::{Problem, view};

use crate::text::{Family, Format, Kind, Page, tenths};

/// Most sites that have samples of their own: about thirty samples each.
pub(crate) const SITES_MAX: i64 = 50;
/// Most kinds of work that have samples: there are nine.
const KINDS_MAX: usize = 20;

/// Each kind of work and the tick that does it.
const WORK: [(&str, &str); 9] = [
    ("abandon", "/internal/tick"),
    ("alarm", "/internal/tick"),
    ("expire", "/internal/tick"),
    ("rebuild", "/internal/tick"),
    ("digest", "/internal/tick/gist"),
    ("train", "/internal/tick/gist"),
    ("invite", "/internal/tick/invite"),
    ("read", "/internal/tick/reader"),
    ("report", "/internal/tick/report"),
];
/// The ticks that do such work.
const TICKS_OF_WORK: [&str; 5] = [
    "/internal/tick",
    "/internal/tick/gist",
    "/internal/tick/invite",
    "/internal/tick/reader",
    "/internal/tick/report",
];

const BUILD: Family =
    Family { name: "huiyin_build", kind: Kind::Info, help: "The version that answers." };
const SCHEMA: Family = Family::gauge("huiyin_schema_version", "Migrations that the database has.");
const SCHEMA_WANTED: Family =
    Family::gauge("huiyin_schema_wanted", "Migrations that this version needs.");
const BYTES: Family = Family::gauge(
    "huiyin_database_bytes",
    "Size of the database without its write-ahead log; absent where the host does not tell.",
);
const FREE: Family =
    Family::gauge("huiyin_database_free_bytes", "Part of it that holds nothing and is used again.");
const COUNT_MAX: Family = Family::gauge(
    "huiyin_count_limit",
    "Where counting ends: a backlog of this size may be larger. By rows where it looks into them.",
);
const EVENTS: Family = Family {
    name: "huiyin_events",
    kind: Kind::Counter,
    help: "Events since the database was made: everything that was written.",
};
const SITES: Family = Family::gauge("huiyin_sites", "Sites; the first 50 have samples.");
const WORK_DUE: Family =
    Family::gauge("huiyin_jobs_due", "Jobs that are due and that nobody does.");
const LATE: Family = Family::gauge(
    "huiyin_tick_late_seconds",
    "How long the first work of a tick is due; 0 where nothing waits.",
);

/// What is told of the whole database, in the order of [`backlog`].
const BACKLOG: [Family; 9] = [
    Family::gauge("huiyin_webhook_deliveries_due", "Deliveries that wait, retries among them."),
    Family::gauge("huiyin_webhook_deliveries_dead", "Deliveries given up in the last 30 days."),
    Family::gauge(
        "huiyin_webhook_deliveries_oldest_seconds",
        "Age of the oldest event that waits to be delivered; 0 for none.",
    ),
    Family::gauge("huiyin_webhooks_active", "Webhooks that are delivered to."),
    Family::gauge("huiyin_webhooks_failing", "Active webhooks at which nothing arrives."),
    Family::gauge("huiyin_webhooks_disabled", "Webhooks that were given up."),
    Family::gauge(
        "huiyin_webhooks_failing_seconds",
        "How long the one that fails longest does; 0 for none.",
    ),
    Family::gauge("huiyin_inbound_messages_new", "Messages of other systems not yet decided."),
    Family::gauge(
        "huiyin_inbound_messages_oldest_seconds",
        "Age of the oldest of them; 0 for none.",
    ),
];
const INBOUND_FAILED: Family =
    Family::gauge("huiyin_inbound_messages_failed", "Messages that no rule could take.");

/// A family with samples for each site: one for each value of a label, or one without it.
struct PerSite {
    family: Family,
    label: &'static str,
    values: &'static [&'static str],
}

const fn of_site(name: &'static str, help: &'static str) -> PerSite {
    PerSite { family: Family::gauge(name, help), label: "", values: &[""] }
}

const fn by(
    name: &'static str,
    help: &'static str,
    label: &'static str,
    values: &'static [&'static str],
) -> PerSite {
    PerSite { family: Family::gauge(name, help), label, values }
}

const METRICS: &[&str] = &["nps", "csat", "ces"];

/// As `gauges::complaints` tells them.
const COMPLAINTS: [PerSite; 5] = [
    by("huiyin_complaints", "Complaints that are not solved.", "state", &["open", "waiting"]),
    of_site("huiyin_complaints_to_review", "Of the days with open ones: with a doubtful grade."),
    of_site("huiyin_complaints_unassigned", "Open complaints that are nobody's."),
    of_site("huiyin_complaints_overdue", "Complaints with a running clock that is over."),
    by(
        "huiyin_complaints_by_grade",
        "Complaints that are not solved, the most pressing 2000 of a site.",
        "grade",
        &["none", "general", "moderate", "major"],
    ),
];
/// As `gauges::callbacks` tells them.
const CALLBACKS: [PerSite; 4] = [
    of_site("huiyin_callbacks_open", "Call-backs that are not over."),
    of_site("huiyin_callbacks_overdue", "Of them, those whose promise is broken."),
    of_site("huiyin_callbacks_waiting", "Call-backs that wait in the queue."),
    of_site("huiyin_callbacks_due", "Of them, those that may be made now."),
];
/// As `gauges::looks` tells them.
const LOOKS: [PerSite; 4] = [
    of_site("huiyin_alarms_open", "Alarms that did not clear."),
    of_site("huiyin_low_scores_unseen", "Low scores at which nobody looked."),
    of_site("huiyin_responses_screened_unseen", "Responses screened out, not looked at."),
    of_site("huiyin_comments_to_review", "Comments that were read without certainty."),
];
/// As `gauges::scores` tells them; promoters and detractors follow.
const SCORES: [PerSite; 2] = [
    by("huiyin_scores_today", "Scores of today, in the zone of the site.", "metric", METRICS),
    by("huiyin_scores_30_days", "Scores of thirty days with today.", "metric", METRICS),
];
const NPS: Family = Family::gauge(
    "huiyin_nps",
    "Net promoter score of thirty days with today, -100 to 100; absent under the minimum.",
);

/// Everything, as text.
pub(crate) async fn all(env: &impl Env, format: Format) -> Result<String, Problem> {
    let now = env.now();
    let mut page = Page::new(format);
    let backlog = env.sql().fetch(gauges::backlog()).await?.unwrap_or_default();
    host(env, &mut page, &backlog).await?;
    for (family, value) in BACKLOG.iter().zip(waiting(&backlog, now)) {
        one(&mut page, family, value);
    }
    one(&mut page, &INBOUND_FAILED, backlog.inbound_failed);
    work(env, &mut page, now).await?;
    let first = store::Page { after: String::new(), rows: SITES_MAX };
    let sites = env.sql().fetch(gauges::sites(&first)).await?;
    let ids: Vec<&str> = sites.iter().map(|it| it.id.as_str()).collect();
    let ids = view::text(&json!(ids));
    let found = env.sql().fetch(gauges::complaints(&ids, now)).await?;
    per_site(&mut page, &sites, &COMPLAINTS, &found);
    let found = env.sql().fetch(gauges::callbacks(&ids, now)).await?;
    per_site(&mut page, &sites, &CALLBACKS, &found);
    let found = env.sql().fetch(gauges::looks(&ids)).await?;
    per_site(&mut page, &sites, &LOOKS, &found);
    let days: Vec<Value> = sites.iter().map(|it| json!([it.id, today(it, now)])).collect();
    let found = env.sql().fetch(gauges::scores(&view::text(&json!(days)))).await?;
    per_site(&mut page, &sites, &SCORES, &found);
    page.begin(&NPS);
    for (site, numbers) in sites.iter().zip(&found) {
        if let Some(score) = nps(site, numbers) {
            page.sample(&NPS, &[("site", &site.id)], &tenths(score));
        }
    }
    Ok(page.end())
}

/// What is running, and on what.
async fn host(env: &impl Env, page: &mut Page, backlog: &Backlog) -> Result<(), Problem> {
    page.begin(&BUILD);
    page.sample(&BUILD, &[("version", env!("CARGO_PKG_VERSION"))], "1");
    let version = env.sql().fetch(gauges::schema_version()).await?;
    one(page, &SCHEMA, version.unwrap_or(0));
    one(page, &SCHEMA_WANTED, i64::try_from(migrations::NUMBER).unwrap_or(0));
    // Another database may refuse to tell; everything else is still worth telling.
    let bytes = env.sql().fetch(gauges::page_bytes()).await.unwrap_or_default();
    let pages = env.sql().fetch(gauges::pages()).await.unwrap_or_default();
    let free = env.sql().fetch(gauges::free_pages()).await.unwrap_or_default();
    for (family, pages) in [(&BYTES, pages), (&FREE, free)] {
        if let Some((pages, bytes)) = pages.zip(bytes) {
            one(page, family, pages.saturating_mul(bytes));
        }
    }
    page.begin(&COUNT_MAX);
    page.sample(&COUNT_MAX, &[("by", "index")], &gauges::COUNT_MAX.to_string());
    page.sample(&COUNT_MAX, &[("by", "row")], &gauges::LOOK_MAX.to_string());
    one(page, &EVENTS, backlog.events);
    one(page, &SITES, backlog.sites);
    Ok(())
}

fn one(page: &mut Page, family: &Family, value: i64) {
    page.begin(family);
    page.sample(family, &[], &value.to_string());
}

/// The values of [`BACKLOG`].
fn waiting(it: &Backlog, now: i64) -> [i64; 9] {
    [
        it.deliveries_due,
        it.deliveries_dead,
        age_s(it.deliveries_oldest, now),
        it.webhooks_active,
        it.webhooks_failing,
        it.webhooks_disabled,
        age_s(it.failing_since, now),
        it.inbound_new,
        age_s(it.inbound_oldest, now),
    ]
}

/// Whole seconds since an instant; 0 for none, and for one to come.
fn age_s(since: i64, now: i64) -> i64 {
    if since == 0 { 0 } else { (now - since).max(0) / 1000 }
}

/// Work that is due: how much of each kind, and how long the first of each tick waits.
async fn work(env: &impl Env, page: &mut Page, now: i64) -> Result<(), Problem> {
    let mut due = env.sql().fetch(gauges::jobs(now)).await?;
    // Nothing happened yet in this database, and no tick came: one second is the least
    // that is late.
    due.iter_mut().filter(|it| it.since == 0).for_each(|it| it.since = now - 1000);
    page.begin(&WORK_DUE);
    for (kind, _) in WORK {
        let jobs = due.iter().find(|it| it.kind == kind).map_or(0, |it| it.jobs);
        page.sample(&WORK_DUE, &[("kind", kind)], &jobs.to_string());
    }
    // A kind that this list does not know is still a backlog.
    let is_unknown = |it: &&Due| !WORK.iter().any(|(kind, _)| *kind == it.kind);
    for it in due.iter().filter(is_unknown).take(KINDS_MAX) {
        page.sample(&WORK_DUE, &[("kind", &it.kind)], &it.jobs.to_string());
    }
    let since = env.sql().fetch(gauges::since(now)).await?.unwrap_or_default();
    page.begin(&LATE);
    for tick in TICKS_OF_WORK {
        let of_tick = |it: &&Due| WORK.contains(&(it.kind.as_str(), tick));
        let since = due.iter().filter(of_tick).map(|it| it.since).min().unwrap_or(0);
        page.sample(&LATE, &[("route", tick)], &age_s(since, now).to_string());
    }
    for (tick, since) in [
        ("/internal/tick/deliver", since.deliver),
        ("/internal/tick/ingest", since.ingest),
        ("/internal/tick/promise", since.promise),
        ("/internal/tick/callback", since.callback),
        ("/internal/tick/watch", since.watch),
    ] {
        page.sample(&LATE, &[("route", tick)], &age_s(since, now).to_string());
    }
    Ok(())
}

/// Writes families whose numbers stand in one row for each site, in their order.
fn per_site(page: &mut Page, sites: &[Site], families: &[PerSite], found: &Numbers) {
    let mut from = 0;
    for it in families {
        page.begin(&it.family);
        for (site, numbers) in sites.iter().zip(found) {
            for (value, number) in it.values.iter().zip(numbers.iter().skip(from)) {
                let labels = [("site", site.id.as_str()), (it.label, *value)];
                let labels = labels.get(..1 + usize::from(!it.label.is_empty())).unwrap_or(&[]);
                page.sample(&it.family, labels, &number.to_string());
            }
        }
        from += it.values.len();
    }
}

/// The day that a site has now.
fn today(site: &Site, now: i64) -> i32 {
    Zone::parse(&site.zone).unwrap_or(Zone::SHANGHAI).day(now)
}

/// Tenths of the net promoter score, out of a row of `gauges::scores`; nothing where the site
/// withholds it.
fn nps(site: &Site, numbers: &[i64]) -> Option<i64> {
    let &[_, _, _, n, _, _, promoters, detractors] = numbers else { return None };
    if n == 0 || n < site.minimum_n {
        return None;
    }
    let balance = 1000 * (promoters - detractors);
    Some((balance + balance.signum() * n / 2) / n)
}
