//! Bookings as JSON, for pages of the site's own, and what they have in common with our form.

use app::cors;
use app::intake::guard::{self, Guard, Passed};
use app::intake::{body, check_origin, published};
use http::header::{CACHE_CONTROL, CONTENT_LANGUAGE};
use http::{HeaderValue, Method, StatusCode};
use ports::{Committed, Env, Sql};
use serde_json::{Map, Value, json};
use store::Entity;
use store::services::Service;
use store::sites::Site;
use web::field::Fields;
use web::lang::said;
use web::response::set;
use web::service::Offered;
use web::{Kind, Problem, Request, Response};

use crate::chain::{self, Told};
use crate::{BODY_BYTES_MAX, guarded};

/// What the public may say of a booking; the rest is for staff.
const MEMBERS: [&str; 9] =
    ["mode", "start", "tz", "hold", "phone", "name", "email", "language", "touchpoint_id"];
/// What the public is told of one.
const TOLD: [&str; 11] = [
    "id",
    "mode",
    "state",
    "service_id",
    "language",
    "tz",
    "start",
    "end",
    "hold_expires",
    "position",
    "estimate",
];
/// More services than anybody chooses from.
const SERVICES_MAX: i64 = 200;

/// Something that customers may book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bookable {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) length_min: i64,
}

/// What customers may book at a site.
pub(crate) async fn bookable(env: &impl Env, site_id: &str) -> Result<Vec<Bookable>, Problem> {
    let page = store::Page { after: String::new(), rows: SERVICES_MAX };
    let services = env.sql().fetch(Service::list(site_id, &page)).await?;
    let open = services.into_iter().filter(|it| it.is_active).filter_map(|it| {
        let offered = Offered::stored(&it.definition);
        let length_min = offered.service.length_min;
        offered.is_public.then_some(Bookable { id: it.id, name: it.name, length_min })
    });
    Ok(open.collect())
}

/// Answers what pages of the site's ask.
pub(crate) async fn route(
    env: &impl Env,
    request: &Request,
    id: &str,
    rest: &[&str],
) -> Result<Response, Problem> {
    match (request.method(), rest) {
        (&Method::OPTIONS, [] | ["challenge"]) => {
            let site = app::site(env, id).await?;
            cors::preflight_of(request, &site.origins)
        }
        (&Method::GET, []) => needs(env, request, id).await,
        (&Method::POST, []) => post(env, request, id).await,
        (&Method::GET, ["challenge"]) => {
            guard::challenge(env, request, domain::id::Kind::Site, id).await
        }
        (_, []) => Err(Problem::method_not_allowed("GET, HEAD, POST, OPTIONS")),
        (_, ["challenge"]) => Err(Problem::method_not_allowed("GET, HEAD, OPTIONS")),
        _ => Err(Problem::not_found()),
    }
}

/// The site, for the holder of one of its publishable keys on a page that it lists.
async fn site_of(env: &impl Env, request: &Request, id: &str) -> Result<Site, Problem> {
    let site_id = published::site_of(env, published::caller_key(request)?).await?;
    // Another site does not exist for this key.
    if site_id != id {
        return Err(Problem::not_found());
    }
    let site = app::site(env, id).await?;
    check_origin(request, &published::origins(&site.origins))?;
    Ok(site)
}

/// What a form needs before it is sent.
async fn needs(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    request.no_query()?;
    let site = site_of(env, request, id).await?;
    let services: Vec<Value> = bookable(env, id)
        .await?
        .iter()
        .map(|it| json!({ "id": it.id, "name": it.name, "length_min": it.length_min }))
        .collect();
    let mut shown = json!({ "site": site.name, "tz": site.zone, "services": services });
    let of = guarded(id);
    let Some(needs) = guard::needs(env, &of).await? else { return web::ok(&shown) };
    if let Some(members) = shown.as_object_mut() {
        let spam = json!({
            "honeypot": needs.means.honeypot.name(),
            "age": needs.means.age.name(),
            "proof": needs.means.proof.name(),
            "challenge": guard::challenge_path(&of),
        });
        members.insert("spam".to_owned(), spam);
    }
    web::response::ok_beside(&shown, "form_token", &needs.form_token)
}

/// Books.
async fn post(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    site_of(env, request, id).await?;
    let mut fields = request.fields_up_to(BODY_BYTES_MAX)?;
    let pass = body::pass(&mut fields);
    let asked = asked(env, id, &mut fields).await?;
    fields.done()?;
    let guard = Guard::of(env, request, true).await?;
    let passed = guard.admit_case(&guarded(id), &pass, env.now())?;
    let key = request.idempotency_key()?.unwrap_or("");
    count(env, id, (&guard, &passed), key).await?;
    let service_id = asked.get("service_id").cloned();
    // Whatever a page makes up, it is as long as keys between components may be.
    let key = match key {
        "" => String::new(),
        key => domain::id::hex(&domain::id::token_hash(key)),
    };
    let key = key.as_str();
    let mut told = chain::book(env, request.lang(), with(asked, id, key)).await?;
    told.body.insert("service_id".to_owned(), service_id.into());
    answer(request, told)
}

/// What a booking says, with the service it is of.
async fn asked(
    env: &impl Env,
    site_id: &str,
    fields: &mut Fields,
) -> Result<Map<String, Value>, Problem> {
    let mut asked = Map::new();
    for name in MEMBERS {
        if let Some(value) = fields.take(name) {
            asked.insert(name.to_owned(), value);
        }
    }
    let service_id = fields.text("service_id", 1, 64, "");
    let is_one = bookable(env, site_id).await?.iter().any(|it| it.id == service_id);
    if !is_one && !service_id.is_empty() {
        let rule = said("must be a service that can be booked here", "须为可在此预约的服务");
        fields.refuse("service_id", rule);
    }
    asked.insert("service_id".to_owned(), service_id.into());
    Ok(asked)
}

/// What is handed over: a booking, of which site, and under which key it is made once.
pub(crate) fn with(mut asked: Map<String, Value>, site_id: &str, key: &str) -> Map<String, Value> {
    for (name, value) in [("site_id", site_id), ("key", key)] {
        asked.insert(name.to_owned(), value.into());
    }
    asked
}

/// Counts a try, also one whose time turns out to be gone: otherwise robots could ask for free
/// times for as long as they like.
pub(crate) async fn count(
    env: &impl Env,
    site_id: &str,
    (guard, passed): (&Guard, &Passed),
    subject: &str,
) -> Result<(), Problem> {
    let writes = passed.writes(site_id, subject);
    if writes.is_empty() || env.sql().commit(writes).await? == Committed::Done {
        return Ok(());
    }
    Err(match guard.held_back(env, site_id, passed).await? {
        Some(it) if it.kind == Kind::ProofNeeded => guard::ask_proof(&guarded(site_id)),
        Some(it) => it,
        None => guard.too_many(env.now()),
    })
}

/// What `callback` said, as the public may know it.
fn answer(request: &Request, told: Told) -> Result<Response, Problem> {
    let status = StatusCode::from_u16(told.status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    if !status.is_success() {
        return Ok(refused(request, status, &told));
    }
    let mut shown = Map::new();
    for name in TOLD {
        if let Some(value) = told.body.get(name) {
            shown.insert(name.to_owned(), value.clone());
        }
    }
    if let Some(token) = told.token() {
        let link = format!("{}/b/{token}", app::link::origin(request));
        shown.insert("link".to_owned(), link.into());
    }
    let mut response = web::ok(&Value::Object(shown))?;
    *response.status_mut() = status;
    // The link is for its receiver alone.
    set(&mut response, CACHE_CONTROL, "no-store");
    if told.is_repeated {
        app::write::mark_replayed(&mut response);
    }
    Ok(response)
}

/// A problem, passed on as it came.
fn refused(request: &Request, status: StatusCode, told: &Told) -> Response {
    let body = web::view::text(&told.body).into_bytes();
    let mut response = web::response::bytes("application/problem+json", body);
    *response.status_mut() = status;
    set(&mut response, CACHE_CONTROL, "no-store");
    let language = HeaderValue::from_static(request.lang().tag());
    response.headers_mut().insert(CONTENT_LANGUAGE, language);
    response
}
