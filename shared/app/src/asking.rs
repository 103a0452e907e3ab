//! Whom a survey may ask, read off its published definition.
//!
//! The definition was checked when it was published. Here it is looked at for a handful of members
//! and not read as a whole, which would make components a fifth larger.

use domain::asking::{EVERYBODY, REST_DAYS_MAX, Rules};
use domain::civil::parse_rfc3339;
use domain::zone::Zone;
use ports::{Env, Sql};
use serde_json::{Value, json};
use store::rests;
use web::{Problem, view};

use crate::intake::guard::Guard;

/// The rules of a definition.
pub fn rules(definition: &str) -> Rules {
    let it = view::json(definition);
    let time = |name: &str| it.get(name).and_then(Value::as_str).and_then(parse_rfc3339);
    let sampling = it.get("sampling").unwrap_or(&Value::Null);
    let rest = sampling.get("rest_days").unwrap_or(&Value::Null);
    let days =
        |name: &str| rest.get(name).and_then(Value::as_i64).unwrap_or(0).clamp(0, REST_DAYS_MAX);
    Rules {
        opens_at: time("opens_at"),
        closes_at: time("closes_at"),
        limit: it.get("response_limit").and_then(Value::as_u64),
        share: sampling.get("percent").and_then(Value::as_f64).map_or(EVERYBODY, share),
        rest_survey_days: days("survey"),
        rest_metric_days: days("metric"),
        rest_any_days: days("any"),
        metrics: metrics(&it),
    }
}

/// The clocks that a survey sets: any, its own, and those of its metrics.
pub fn scopes<'a>(study_id: &'a str, rules: &Rules) -> Vec<&'a str> {
    let mut scopes = vec!["", study_id];
    scopes.extend(rules.metrics.iter().copied());
    scopes
}

/// Counts that a survey of a site was shown to somebody, and begins the clocks of `scopes` anew.
pub async fn shown(
    env: &impl Env,
    guard: &Guard,
    zone: Zone,
    (site_id, study_id): (&str, &str),
    who: &str,
    scopes: &[&str],
) -> Result<(), Problem> {
    let now = env.now();
    let (day, limits) = (zone.day(now), guard.display_limits(now));
    let row = json!([[site_id, study_id, who, day, now, scopes, limits]]);
    let over = rests::over(env.sql().gathered(rests::shown(&view::text(&row))).await?)?;
    if over.contains(who) {
        return Err(guard.too_many(now));
    }
    Ok(())
}

/// A percentage in hundredths.
fn share(percent: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 10,000")]
    let share = (percent * 100.0).round().clamp(0.0, f64::from(EVERYBODY)) as u32;
    share
}

/// The metrics that a survey asks, each once.
fn metrics(definition: &Value) -> Vec<&'static str> {
    let mut metrics = Vec::new();
    let questions = definition.get("questions").and_then(Value::as_array);
    for question in questions.into_iter().flatten() {
        let metric = match question.get("type").and_then(Value::as_str) {
            Some("nps") => "nps",
            Some("rating") => "csat",
            Some("effort") => "ces",
            // Of options it is a choice, of points a score.
            Some("matrix") if question.get("options").is_none_or(is_empty) => "csat",
            _ => continue,
        };
        if !metrics.contains(&metric) {
            metrics.push(metric);
        }
    }
    metrics
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_none_or(Vec::is_empty)
}
