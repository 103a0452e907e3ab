//! `/v1/nps`, `/v1/csat`, `/v1/ces`: scores with n and interval, over days, cut as you ask.
//!
//! `?from=2026-09-01&to=2026-09-30&by=touchpoint&channel=web&confidence=95`. What is filtered
//! by and what is cut by must together be a grain that is kept; any other combination is
//! refused with a list of those that are possible.

mod cut;

use app::period::Period;
use app::{auth, score};
use domain::civil;
use domain::score::{Metric, Terms};
use http::Method;
use ports::{Env, Sql};
use serde_json::Value;
use store::Entity;
use store::rollups::{self, Counted, Key, Parts, Span};
use store::touchpoints::Touchpoint;
use web::lang::said;
use web::{Problem, Request, Response};

use crate::cut::{By, Cut};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let family = match request.path().as_slice() {
        ["v1", family @ ("nps" | "csat" | "ces")] => (*family).to_owned(),
        _ => return Err(Problem::not_found()),
    };
    if *request.method() != Method::GET {
        return Err(Problem::method_not_allowed("GET, HEAD"));
    }
    show(env, &request, &family).await
}

async fn show(env: &impl Env, request: &Request, family: &str) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    let site = app::site(env, &viewer.site_id).await?;
    let zone = app::zone(&site.zone)?;
    let mut query = request.query();
    let period = Period::read(&mut query, zone.day(env.now()));
    let terms = score::terms(&mut query);
    let (metric, points) = metric(family, &mut query);
    let cut = Cut::read(&mut query);
    query.done()?;
    let cut = cut?;
    let span = Span {
        site_id: &site.id,
        metric: family,
        points: i64::from(points),
        from: period.from.into(),
        to: period.to.into(),
    };
    let found = read(env, &span, &cut).await?;
    let target = target(env, &cut, family, &viewer.site_id).await?;
    let mut shown = score::show(metric, found.total, terms, target);
    if let Some(shown) = shown.as_object_mut() {
        shown.insert("metric".to_owned(), Value::from(family));
        shown.insert("points".to_owned(), Value::from(points));
        shown.insert("from".to_owned(), Value::from(civil::date(period.from)));
        shown.insert("to".to_owned(), Value::from(civil::date(period.to)));
        shown.insert("zone".to_owned(), Value::from(site.zone));
        if let Some(by) = &cut.by {
            let by_day = matches!(by, By::Day);
            shown.insert("parts".to_owned(), show_parts(metric, &found.parts, terms, by_day));
            if !by_day {
                let rest = rest(found.total, &found.parts);
                shown.insert("not_stated".to_owned(), score::show(metric, rest, terms, None));
            }
        }
    }
    web::response::ok_as_of(&shown, env.now())
}

/// The total and its parts, in one statement, so that they add up whatever comes in meanwhile.
async fn read(env: &impl Env, span: &Span<'_>, cut: &Cut) -> Result<Parts, Problem> {
    let total = Key { grain: cut.total.name, a: &cut.a, b: &cut.b };
    let query = match &cut.by {
        None | Some(By::Day) => {
            let days = env.sql().fetch(rollups::by_day(span, &total)).await?;
            let mut sum = [0; 11];
            for day in &days {
                add(&mut sum, &day.counts);
            }
            return Ok(Parts { total: sum, parts: days });
        }
        Some(By::First(grain, b)) => rollups::by_first(span, &total, grain.name, b),
        Some(By::Second(grain, a)) => rollups::by_second(span, &total, grain.name, a),
    };
    Ok(env.sql().fetch(query).await?)
}

/// The metric of a path; ratings of different scales are never mixed.
fn metric(family: &str, query: &mut web::field::Query) -> (Metric, u8) {
    match family {
        "nps" => (Metric::Nps, 10),
        "ces" => (Metric::Ces, 7),
        _ => {
            let read = |text: &str| {
                let points = text.parse().ok()?;
                Metric::csat(points).map(|metric| (metric, points))
            };
            let rule = || said("must be the points of a scale, 2 to 10", "须为量表点数，2 到 10");
            let usual = domain::score::Points::new(5).map(|it| (Metric::Csat(it), 5));
            query.parse("points", read, rule).or(usual).unwrap_or((Metric::Nps, 10))
        }
    }
}

/// Touchpoints have targets for satisfaction, on a scale of 0 to 100.
async fn target(
    env: &impl Env,
    cut: &Cut,
    family: &str,
    site_id: &str,
) -> Result<Option<i64>, Problem> {
    if family != "csat" || cut.total.name != "touchpoint" {
        return Ok(None);
    }
    let found = env.sql().fetch(Touchpoint::by_id(site_id, &cut.a)).await?;
    // A touchpoint that does not exist is no empty score.
    found.map(|it| Some(it.target)).ok_or_else(Problem::not_found)
}

fn show_parts(metric: Metric, parts: &[Counted], terms: Terms, by_day: bool) -> Value {
    parts
        .iter()
        .map(|part| {
            let mut shown = score::show(metric, part.counts, terms, None);
            let key = if by_day {
                civil::date(i32::try_from(part.day).unwrap_or(0))
            } else {
                part.key.clone()
            };
            if let Some(shown) = shown.as_object_mut() {
                shown.insert("key".to_owned(), Value::from(key));
            }
            shown
        })
        .collect::<Vec<_>>()
        .into()
}

fn add(total: &mut [u64; 11], counts: &[u64; 11]) {
    for (sum, count) in total.iter_mut().zip(counts) {
        *sum += count;
    }
}

/// What the total has and no part: answers that did not state what is cut by.
fn rest(total: [u64; 11], parts: &[Counted]) -> [u64; 11] {
    let mut rest = total;
    for part in parts {
        for (left, count) in rest.iter_mut().zip(&part.counts) {
            *left = left.saturating_sub(*count);
        }
    }
    rest
}

#[cfg(test)]
mod tests;
