//! `/v1/measurements` and `/v1/figures`: counts and durations that other systems measure, and
//! the service standards and rates that they make.
//!
//! | path | method | |
//! |---|---|---|
//! | `/v1/measurements` | POST | takes up to a thousand, all or none, each key once |
//! | `/v1/measurements` | GET | one measure over some days, cut as you ask |
//! | `/v1/figures` | GET | every standard by touchpoint, and the rates |
//!
//! Figures read rollups alone, whatever the number of measurements.

mod figures;
mod reading;
mod record;
mod show;

use app::auth;
use domain::civil;
use http::Method;
use ports::Env;
use serde_json::{Map, Value};
use store::sites::Site;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(record::BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match (request.path().as_slice(), request.method()) {
        (["v1", "measurements"], &Method::POST) => record::record(env, &request).await,
        (["v1", "measurements"], &Method::GET) => {
            let viewer = auth::viewer(env, &request).await?;
            reading::show(env, &request, &app::site(env, &viewer.site_id).await?).await
        }
        (["v1", "measurements"], _) => Err(Problem::method_not_allowed("GET, HEAD, POST")),
        (["v1", "figures"], &Method::GET) => {
            let viewer = auth::viewer(env, &request).await?;
            figures::show(env, &request, &app::site(env, &viewer.site_id).await?).await
        }
        (["v1", "figures"], _) => Err(Problem::method_not_allowed("GET, HEAD")),
        _ => Err(Problem::not_found()),
    }
}

/// Tells the days that a reading is about.
fn frame(shown: &mut Map<String, Value>, period: app::period::Period, site: &Site) {
    shown.insert("from".to_owned(), Value::from(civil::date(period.from)));
    shown.insert("to".to_owned(), Value::from(civil::date(period.to)));
    shown.insert("zone".to_owned(), Value::from(site.zone.as_str()));
}

#[cfg(test)]
mod tests;
