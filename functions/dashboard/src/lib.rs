//! What a manager looks at, from live aggregates.
//!
//! | path | method | |
//! |---|---|---|
//! | `/v1/dashboard` | GET | what comes first, in one answer |
//! | `/v1/complaint-figures` | GET | what complaints come to, cut as you ask |
//! | `/v1/callback-figures` | GET | what call-backs come to, the same way |

mod callbacks;
mod complaints;
mod cut;

use app::period::Period;
use app::score::Differences;
use app::{auth, cache, score};
use domain::civil;
use domain::score::{Metric, Points, Terms};
use domain::touchpoint::CHANNELS;
use http::Method;
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::Entity;
use store::case_figures;
use store::overview::{self, Line, Overview};
use store::touchpoints::Touchpoint;
use web::{Problem, Request, Response, view};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Most touchpoints that the overview names. A journey has a dozen.
const TOUCHPOINTS_MAX: i64 = 200;

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let what = match request.path().as_slice() {
        ["v1", what @ ("dashboard" | "complaint-figures" | "callback-figures")] => *what,
        _ => return Err(Problem::not_found()),
    };
    if *request.method() != Method::GET {
        return Err(Problem::method_not_allowed("GET, HEAD"));
    }
    match what {
        "complaint-figures" => cut::show::<complaints::Complaints>(env, &request).await,
        "callback-figures" => cut::show::<callbacks::Calls>(env, &request).await,
        _ => cache::recent_anywhere(env, &request, async || overview(env, &request).await).await,
    }
}

async fn overview(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    let site = app::site(env, &viewer.site_id).await?;
    let zone = app::zone(&site.zone)?;
    let mut query = request.query();
    let today = zone.day(env.now());
    let period = Period::read(&mut query, today);
    let terms = score::terms(&mut query, &site);
    query.done()?;
    let channels = view::text(&CHANNELS);
    let before = period.before(false);
    let found = overview::overview(&site.id, &channels, before.span(), period.span());
    let found = env.sql().fetch(found).await?;
    let lines = &found.lines;
    let page = store::Page { after: String::new(), rows: TOUCHPOINTS_MAX };
    let touchpoints = env.sql().fetch(Touchpoint::list(&site.id, &page)).await?;
    let cases = case_figures::overview(&site.id, period.span(), today.into());
    let cases = env.sql().fetch(cases).await?;
    let figures = json!({
        "site": { "id": site.id, "name": site.name },
        "from": civil::date(period.from),
        "to": civil::date(period.to),
        "zone": site.zone,
        "compared": { "from": civil::date(before.from), "to": civil::date(before.to) },
        "scores": scores(&found, terms),
        "touchpoints": by_touchpoint(lines, &touchpoints, terms),
        "channels": by_channel(lines, terms),
        "complaints": complaints::brief(&cases, terms.confidence),
        "callbacks": callbacks::brief(&cases.calls, terms.confidence),
    });
    web::response::ok_as_of(&figures, env.now())
}

/// The three metrics that the overview shows.
fn metrics() -> impl Iterator<Item = (&'static str, Metric)> {
    let csat = Points::new(5).map(|points| ("csat", Metric::Csat(points)));
    [Some(("nps", Metric::Nps)), csat, Some(("ces", Metric::Ces))].into_iter().flatten()
}

/// Each metric of the site: now, against the period before, and day by day.
fn scores(found: &Overview, terms: Terms) -> Value {
    let mut shown = Map::new();
    let mut differences = Differences::default();
    for (name, metric) in metrics() {
        let days = || found.days.iter().filter(|it| it.0 == name).flat_map(|it| &it.1);
        let now = sum(days().map(|(_, counts)| counts));
        let before = found.before.iter().filter(|it| it.metric == name);
        let before = sum(before.map(|it| &it.counts));
        let trend: Vec<Value> = days()
            .map(|(day, counts)| {
                let mut point = score::brief(metric, *counts, terms, None);
                put(&mut point, "day", civil::date(i32::try_from(*day).unwrap_or(0)).into());
                point
            })
            .collect();
        let mut score = score::show(metric, now, terms, None);
        differences.add(metric, now, before, terms);
        put(&mut score, "compared", score::brief(metric, before, terms, None));
        put(&mut score, "trend", Value::Array(trend));
        shown.insert(name.to_owned(), score);
    }
    for ((name, _), difference) in metrics().zip(differences.show(terms)) {
        if let Some(compared) = shown.get_mut(name).and_then(|it| it.get_mut("compared")) {
            put(compared, "difference", difference);
        }
    }
    Value::Object(shown)
}

/// Each touchpoint's satisfaction against its target, those furthest below it first.
fn by_touchpoint(lines: &[Line], touchpoints: &[Touchpoint], terms: Terms) -> Value {
    let mut shown: Vec<(f64, Value)> = touchpoints
        .iter()
        .map(|touchpoint| {
            let mut item = json!({
                "id": touchpoint.id,
                "name": touchpoint.name,
                "stage": touchpoint.stage,
                "is_key": touchpoint.is_key,
            });
            let mut gap = f64::INFINITY;
            for (name, metric) in metrics() {
                let counts = of(lines, ["touchpoint", &touchpoint.id, name]);
                let target = if name == "csat" { Some(touchpoint.target) } else { None };
                let score = score::brief(metric, counts, terms, target);
                if let (Some(target), Some(value)) =
                    (target, score.get("value").and_then(Value::as_f64))
                {
                    #[expect(clippy::cast_precision_loss, reason = "a target is 0 to 100")]
                    let target = target as f64;
                    gap = value - target;
                }
                put(&mut item, name, score);
            }
            (gap, item)
        })
        .collect();
    shown.sort_by(|left, right| left.0.total_cmp(&right.0));
    shown.into_iter().map(|(_, item)| item).collect()
}

fn by_channel(lines: &[Line], terms: Terms) -> Value {
    CHANNELS
        .iter()
        .filter(|channel| lines.iter().any(|it| it.grain == "channel" && it.key == **channel))
        .map(|channel| {
            let mut item = json!({ "channel": channel });
            for (name, metric) in metrics() {
                let counts = of(lines, ["channel", channel, name]);
                put(&mut item, name, score::brief(metric, counts, terms, None));
            }
            item
        })
        .collect()
}

/// The histogram of a grain, a key and a metric.
fn of(lines: &[Line], wanted: [&str; 3]) -> [u64; 11] {
    let is_it = |it: &&Line| [it.grain.as_str(), &it.key, &it.metric] == wanted;
    lines.iter().find(is_it).map_or([0; 11], |it| it.counts)
}

fn sum<'a>(lines: impl Iterator<Item = &'a [u64; 11]>) -> [u64; 11] {
    let mut total = [0; 11];
    for counts in lines {
        for (sum, count) in total.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    total
}

fn put(into: &mut Value, name: &str, value: Value) {
    if let Some(into) = into.as_object_mut() {
        into.insert(name.to_owned(), value);
    }
}

#[cfg(test)]
mod tests;
