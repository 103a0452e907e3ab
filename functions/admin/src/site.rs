//! `/v1/sites`: one company's or brand's data, apart from every other.

use app::write::{Change, check_version, write};
use app::{auth, rows};
use domain::id::Kind;
use domain::score::MINIMUM_N;
use domain::zone::Zone;
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Value, json};
use store::sites::{self, Site};
use web::field::Fields;
use web::lang::{Said, said};
use web::survey::{is_language, language_rule};
use web::{Problem, Request, Response, view};

/// Most origins of one site.
const ORIGINS_MAX: usize = 50;
/// The most answers that a site may ask for before it shows a score.
const MINIMUM_N_MAX: i64 = 1_000;
/// Most dimensions that have a weight of their own.
const DIMENSIONS_MAX: usize = 50;
/// The heaviest weight: shares of a hundred are common.
const WEIGHT_MAX: i64 = 1_000;
/// Longest name of a site, in characters.
const NAME_CHARS_MAX: usize = 80;
/// The languages of a site that names none, and the most that it may name.
const LANGUAGES: &str = r#"["zh-CN","en"]"#;
const LANGUAGES_MAX: usize = 10;
/// What is kept for some days alone, and how many.
const KEPT: [&str; 4] = ["responses", "complaints", "callbacks", "messages"];
const KEPT_DAYS_MIN: i64 = 30;
const KEPT_DAYS_MAX: i64 = 3650;

#[derive(Serialize)]
struct SiteView {
    id: String,
    name: String,
    zone: String,
    origins: Value,
    minimum_n: i64,
    weights: Value,
    languages: Value,
    /// How many days each kind of personal data is kept; what is not named is kept.
    retention: Value,
    version: i64,
    created_at: String,
    updated_at: String,
}

pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let holder = auth::holder(env, request).await?;
    let page = request.page()?;
    let found = env.sql().fetch(sites::list(&holder.site_id, &rows(&page))).await?;
    page.show(found, |it| it.id.clone(), show_one)
}

pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let holder = auth::holder(env, request).await?;
    request.no_query()?;
    // Another site's data does not exist for a key.
    if !holder.site_id.is_empty() && holder.site_id != id {
        return Err(Problem::not_found());
    }
    let site = app::site(env, id).await?;
    web::response::ok_version(site.version, &show_one(&site))
}

pub(crate) async fn create(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let owner = auth::owner(env, request).await?;
    write(env, request, &owner, async || {
        let now = env.now();
        let zone = env.setting("default_zone").await.unwrap_or_default();
        let mut fields = request.fields()?;
        let site = Site {
            id: Kind::Site.id(now, env.random()),
            version: 1,
            name: String::new(),
            zone,
            origins: "[]".to_owned(),
            minimum_n: i64::try_from(MINIMUM_N).unwrap_or(i64::MAX),
            weights: "{}".to_owned(),
            languages: LANGUAGES.to_owned(),
            retention: "{}".to_owned(),
            created_at: now,
            updated_at: now,
        };
        let site = read(&mut fields, site);
        fields.done()?;
        let answer = web::created(&format!("/v1/sites/{}", site.id), &show_one(&site))?;
        let mut change = Change::new("site.created", &site.id, 1, data(&site), answer);
        change.site_id = Some(site.id.clone());
        Ok(change.and(sites::insert(&site).write()))
    })
    .await
}

pub(crate) async fn change(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let holder = auth::holder(env, request).await?;
    let staff = if holder.site_id.is_empty() {
        auth::owner(env, request).await?.of(id)
    } else {
        (*auth::admin(env, request).await?).clone()
    };
    if staff.site_id != id {
        return Err(Problem::not_found());
    }
    write(env, request, &staff, async || {
        let mut site = app::site(env, id).await?;
        check_version(request, site.version)?;
        let mut fields = request.fields()?;
        site.version += 1;
        site.updated_at = env.now();
        let site = read(&mut fields, site);
        fields.done()?;
        let answer = web::response::ok_version(site.version, &show_one(&site))?;
        let change = Change::new("site.updated", id, site.version, data(&site), answer);
        Ok(change.and(sites::update(&site).guarded()))
    })
    .await
}

fn read(fields: &mut Fields, mut site: Site) -> Site {
    site.name = fields.text("name", 1, NAME_CHARS_MAX, &site.name);
    site.zone = fields.text("zone", 1, 64, &site.zone);
    if Zone::parse(&site.zone).is_none() {
        fields.refuse(
            "zone",
            said(
                "must be an IANA zone such as Asia/Shanghai",
                "须为 IANA 时区，例如 Asia/Shanghai",
            ),
        );
    }
    if let Some(origins) = fields.texts("origins", ORIGINS_MAX, is_origin, &origin_rule) {
        site.origins = view::text(&origins);
    }
    if let Some(mut weights) = fields.object("weights") {
        let mut read = serde_json::Map::new();
        for name in weights.names().into_iter().take(DIMENSIONS_MAX) {
            let weight = weights.integer(&name, 0, WEIGHT_MAX, None);
            read.insert(name, weight.into());
        }
        fields.absorb(weights);
        site.weights = view::text(&read);
    }
    if let Some(languages) = fields.texts("languages", LANGUAGES_MAX, is_language, &language_rule) {
        if languages.is_empty() {
            fields.refuse("languages", said("must have at least one", "至少须有一种"));
        }
        site.languages = view::text(&languages);
    }
    if let Some(mut kept) = fields.object("retention") {
        let mut read = serde_json::Map::new();
        for name in KEPT {
            // Null is what is not named.
            if kept.peek(name).is_some_and(|it| !it.is_null()) {
                let days = kept.integer(name, KEPT_DAYS_MIN, KEPT_DAYS_MAX, None);
                read.insert(name.to_owned(), days.into());
            } else {
                kept.take(name);
            }
        }
        fields.absorb(kept);
        site.retention = view::text(&read);
    }
    site.minimum_n = fields.integer("minimum_n", 1, MINIMUM_N_MAX, Some(site.minimum_n));
    site
}

/// Whether this is an origin as browsers send it: scheme and host, and a port if not the usual.
fn is_origin(text: &str) -> bool {
    let Some((scheme, host)) = text.split_once("://") else { return false };
    let fits = |it: char| {
        it.is_ascii_lowercase() || it.is_ascii_digit() || matches!(it, '.' | '-' | ':' | '[' | ']')
    };
    matches!(scheme, "http" | "https") && (1..=255).contains(&host.len()) && host.chars().all(fits)
}

fn origin_rule() -> Said {
    said(
        "must be an origin such as https://shop.example, in lower case and without a path",
        "须为来源，例如 https://shop.example，小写且不带路径",
    )
}

fn data(site: &Site) -> Value {
    json!({
        "name": site.name,
        "zone": site.zone,
        "origins": view::json(&site.origins),
        "minimum_n": site.minimum_n,
        "weights": view::json(&site.weights),
        "languages": view::json(&site.languages),
        "retention": view::json(&site.retention),
    })
}

fn show_one(site: &Site) -> SiteView {
    SiteView {
        id: site.id.clone(),
        name: site.name.clone(),
        zone: site.zone.clone(),
        origins: view::json(&site.origins),
        minimum_n: site.minimum_n,
        weights: view::json(&site.weights),
        languages: view::json(&site.languages),
        retention: view::json(&site.retention),
        version: site.version,
        created_at: view::time(site.created_at),
        updated_at: view::time(site.updated_at),
    }
}
