//! `/v1/slots`: when somebody can be called.

use app::auth;
use app::callback::book::show_slot;
use app::callback::read::{day_or_time, zone_rule};
use app::callback::supply::{Supply, Wish};
use app::callback::{offered, view::zone as zone_of};
use app::cors;
use app::intake::{check_origin, published};
use domain::civil::{self, DAY_MS};
use domain::id::token_hash;
use domain::zone::Zone;
use http::Method;
use ports::{Env, Sql};
use serde_json::{Value, json};
use store::callbacks::{self, Callback};
use store::{services, sites::Site};
use web::field::{Query, number_rule};
use web::lang::{said, said_now};
use web::service::Offered;
use web::survey::{is_language, language_rule};
use web::{Problem, Request, Response, view};

/// The most slots of one answer, and those of one that names no limit.
const LIMIT_MAX: i64 = 2_000;
const LIMIT: i64 = 500;
/// How many days are looked at, at most and unless told.
const DAYS_MAX: i64 = 62;
const DAYS: i64 = 7;

/// What is asked for.
struct Asked {
    service_id: String,
    zone: Option<Zone>,
    from: i64,
    until: i64,
    agent_id: String,
    language: String,
    limit: usize,
}

pub(crate) async fn handle(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    match *request.method() {
        Method::OPTIONS => {
            let result = preflight(env, request).await;
            cors::allow(request, result)
        }
        Method::GET if auth::bearer(request).is_some_and(|it| it.starts_with("pk_")) => {
            let result = of_page(env, request).await;
            cors::allow(request, result)
        }
        Method::GET => {
            let viewer = auth::viewer(env, request).await?;
            let site = app::site(env, &viewer.site_id).await?;
            list(env, &site, request.query(), None, true).await
        }
        _ => Err(Problem::method_not_allowed("GET, HEAD, OPTIONS")),
    }
}

/// It carries no key, so the service alone says whose origins count.
async fn preflight(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let ids = view::text(&[request.param("service").unwrap_or_default()]);
    let found = env.sql().fetch(services::of_ids(&ids)).await?;
    let service = found.first().ok_or_else(Problem::not_found)?;
    cors::preflight_of(request, &app::site(env, &service.site_id).await?.origins)
}

/// What a page of the site's may see.
async fn of_page(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let site_id = published::site_of(env, published::caller_key(request)?).await?;
    let site = app::site(env, &site_id).await?;
    check_origin(request, &published::origins(&site.origins))?;
    list(env, &site, request.query(), None, false).await
}

/// What a page of ours shows; with the token of a call-back, what that one could move to.
pub(crate) async fn offer(
    env: &impl Env,
    site_id: &str,
    query: Query,
    token: &str,
) -> Result<Response, Problem> {
    let mut row = None;
    if !token.is_empty() {
        let found = env.sql().fetch(callbacks::by_link(token_hash(token))).await?;
        let found = found.filter(|it| site_id.is_empty() || it.site_id == site_id);
        row = Some(found.ok_or_else(Problem::not_found)?);
    }
    let site_id = row.as_ref().map_or(site_id, |it| &it.site_id);
    let site = app::site(env, site_id).await?;
    list(env, &site, query, row.as_ref(), false).await
}

async fn list(
    env: &impl Env,
    site: &Site,
    mut query: Query,
    row: Option<&Callback>,
    is_staff: bool,
) -> Result<Response, Problem> {
    let home = row.map(zone_of).or_else(|| Zone::parse(&site.zone)).unwrap_or(Zone::UTC);
    let mut asked = read(&mut query, home, env.now(), is_staff);
    if let Some(row) = row {
        asked.service_id.clone_from(&row.service_id);
        asked.language.clone_from(&row.language);
    }
    let found = offered(env, &site.id, &asked.service_id).await?;
    let is_meant = |offered: &Offered| is_staff || row.is_some() || offered.is_public;
    // What was booked can be moved, even where it is not offered any more.
    let found = found.filter(|(it, offered)| (it.is_active || row.is_some()) && is_meant(offered));
    if found.is_none() {
        let rule = said("must be a service that can be booked", "须为可预约的服务");
        query.refuse("service", rule);
    }
    query.done()?;
    let offered = found.map(|it| it.1).unwrap_or_default();
    let zone = asked.zone.unwrap_or(home);
    let wish = Wish {
        agent_id: asked.agent_id,
        language: asked.language,
        zone: row.map_or(zone, zone_of),
        except: row.map_or_else(String::new, |it| it.id.clone()),
        is_staff,
    };
    let window = (asked.from, asked.until);
    let supply = Supply::load(env, &site.id, &offered, window, &wish).await?;
    let mut slots = supply.slots(asked.limit + 1);
    let next = slots.get(asked.limit).map(|it| view::time(it.start));
    slots.truncate(asked.limit);
    let items: Vec<Value> = slots.iter().map(|it| show_slot(it, zone, is_staff)).collect();
    web::ok(&json!({
        "service_id": asked.service_id, "tz": zone.name(), "items": items, "next": next,
    }))
}

fn read(query: &mut Query, home: Zone, now: i64, is_staff: bool) -> Asked {
    let service_id = query.text("service", 64).unwrap_or_default();
    let zone = query.parse("tz", Zone::parse, zone_rule);
    let clocks = zone.unwrap_or(home);
    let from = day_or_time(query, "from", clocks, 0).unwrap_or(now);
    let until = day_or_time(query, "to", clocks, 1).unwrap_or(from + DAYS * DAY_MS);
    if until <= from {
        query.refuse("to", said("must be later than from", "须晚于 from"));
    } else if (DAYS_MAX + 1) * DAY_MS < until - from {
        query.refuse(
            "to",
            said_now(
                format!("must lie at most {DAYS_MAX} days after from"),
                format!("距 from 不得超过 {DAYS_MAX} 天"),
            ),
        );
    }
    let after = query.parse("after", civil::parse_rfc3339, || {
        said("must be the next of a page", "须为上一页的 next")
    });
    let limit = query.parse(
        "limit",
        |it| it.parse::<i64>().ok().filter(|it| (1..=LIMIT_MAX).contains(it)),
        || number_rule(1, LIMIT_MAX),
    );
    let language =
        query.parse("language", |it| is_language(it).then(|| it.to_owned()), language_rule);
    // Whom a customer talks to is ours to say.
    let agent_id = if is_staff { query.text("agent", 64) } else { None };
    Asked {
        service_id,
        zone,
        from: from.max(after.unwrap_or(from)),
        until,
        agent_id: agent_id.unwrap_or_default(),
        language: language.unwrap_or_default(),
        limit: usize::try_from(limit.unwrap_or(LIMIT)).unwrap_or(0),
    }
}
