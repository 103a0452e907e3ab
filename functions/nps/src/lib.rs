//! `/v1/nps`, `/v1/csat`, `/v1/ces`, `/v1/index`, `/v1/drivers`, `/v1/alarms`: scores with n and
//! interval, over days, cut and compared as you ask.
//!
//! `?from=2026-09-01&to=2026-09-30&by=touchpoint&channel=web&compare=previous&confidence=95`.
//! What is filtered by and what is cut by must together be a grain that is kept; any other
//! combination is refused with a list of those that are possible.

mod alarms;
mod cut;
mod drivers;
mod family;
mod index;

use app::auth;
use app::period::Period;
use domain::civil;
use domain::score::Terms;
use http::Method;
use ports::{Env, Sql};
use serde_json::{Map, Value};
use store::rollups::{self, Named};
use store::sites::Site;
use web::field::Query;
use web::{Problem, Request, Response, view};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let path = request.path();
    let ["v1", what] = path.as_slice() else { return Err(Problem::not_found()) };
    if !["nps", "csat", "ces", "index", "drivers", "alarms"].contains(what) {
        return Err(Problem::not_found());
    }
    if *request.method() != Method::GET {
        return Err(Problem::method_not_allowed("GET, HEAD"));
    }
    let viewer = auth::viewer(env, &request).await?;
    if *what == "alarms" {
        return alarms::list(env, &request, &viewer).await;
    }
    let site = app::site(env, &viewer.site_id).await?;
    let mut query = request.query();
    let asked = Asked::read(env, &mut query, &site)?;
    let shown = match *what {
        "index" => index::show(env, query, &site, &asked).await?,
        "drivers" => drivers::show(env, query, &site, &asked).await?,
        family => family::show(env, query, &site, &asked, family).await?,
    };
    web::response::ok_as_of(&Value::Object(asked.frame(shown, &site)), env.now())
}

/// What every reading of scores is asked.
struct Asked {
    period: Period,
    before: Option<Period>,
    terms: Terms,
}

impl Asked {
    fn read(env: &impl Env, query: &mut Query, site: &Site) -> Result<Asked, Problem> {
        let zone = app::zone(&site.zone)?;
        let period = Period::read(query, zone.day(env.now()));
        let before = period.compared(query);
        Ok(Asked { period, before, terms: app::score::terms(query, site) })
    }

    /// Adds the days that a reading is about.
    fn frame(&self, mut shown: Map<String, Value>, site: &Site) -> Map<String, Value> {
        days(&mut shown, self.period);
        shown.insert("zone".to_owned(), Value::from(site.zone.as_str()));
        shown
    }
}

/// Tells a period's first and last day.
fn days(shown: &mut Map<String, Value>, period: Period) {
    shown.insert("from".to_owned(), Value::from(civil::date(period.from)));
    shown.insert("to".to_owned(), Value::from(civil::date(period.to)));
}

/// What people call things, by id.
struct Names(Vec<Named>);

impl Names {
    /// Of one `survey`, its weights and targets as well; empty for none.
    async fn read(
        env: &impl Env,
        site: &Site,
        ids: &[String],
        survey: &str,
    ) -> Result<Names, Problem> {
        if ids.is_empty() {
            return Ok(Names(Vec::new()));
        }
        Ok(Names(env.sql().fetch(rollups::names(&site.id, &view::text(&ids), survey)).await?))
    }

    fn get(&self, id: &str) -> Option<&str> {
        self.find(id).map(|it| it.name.as_str())
    }

    fn find(&self, id: &str) -> Option<&Named> {
        self.0.iter().find(|it| it.id == id)
    }
}

fn add(total: &mut [u64; 11], counts: &[u64; 11]) {
    for (sum, count) in total.iter_mut().zip(counts) {
        *sum = sum.saturating_add(*count);
    }
}

#[cfg(test)]
mod tests;
