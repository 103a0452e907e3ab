//! `/v1/policies/{kind}`: what is in force, what comes next, and what was.

use app::auth::{self, Staff};
use app::case::book::is_built_in;
use app::write::{Change, check_version, write};
use domain::id::Kind;
use domain::id::hex;
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use store::agents;
use store::policies::{self, Policy, Version};
use web::field::Fields;
use web::lang::{Said, said};
use web::problem::Kind as Fault;
use web::{Problem, Request, Response, view};

use super::BYTES_MAX;
use super::kinds::{self, Named};

/// Kinds by which open cases have their due times and steps.
const CLOCKED: [&str; 2] = ["promise", "ladder"];

/// The policy of a kind, if the site ever wrote one.
pub(crate) async fn find(
    env: &impl Env,
    site_id: &str,
    kind: &str,
) -> Result<Option<Policy>, Problem> {
    Ok(env.sql().fetch(policies::of_kind(site_id, kind)).await?)
}

pub(crate) async fn show(
    env: &impl Env,
    request: &Request,
    kind: &str,
) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    request.no_query()?;
    let found = find(env, &viewer.site_id, kind).await?;
    let version = match &found {
        Some(it) if 0 < it.published => {
            env.sql().fetch(policies::version(&it.id, it.published)).await?
        }
        _ => None,
    };
    let mut shown = show_version(kind, version.as_ref());
    let has_draft = found.as_ref().is_some_and(|it| !it.draft.is_empty());
    shown.insert("has_draft".to_owned(), Value::from(has_draft));
    let revision = found.map_or(0, |it| it.version);
    shown.insert("revision".to_owned(), Value::from(revision));
    web::response::ok_version(revision, &shown)
}

pub(crate) async fn draft(
    env: &impl Env,
    request: &Request,
    kind: &str,
) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    request.no_query()?;
    let found = find(env, &viewer.site_id, kind).await?;
    let it = found.filter(|it| !it.draft.is_empty()).ok_or_else(Problem::not_found)?;
    web::response::ok_version(it.version, &show_draft(&it))
}

/// Keeps a draft, in place of the one before.
pub(crate) async fn write_draft(
    env: &impl Env,
    request: &Request,
    kind: &str,
) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    write(env, request, &manager, async || {
        let now = env.now();
        let found = find(env, &manager.site_id, kind).await?;
        let is_new = found.is_none();
        let mut it = found.unwrap_or_else(|| Policy {
            id: Kind::Policy.id(now, env.random()),
            site_id: manager.site_id.clone(),
            kind: kind.to_owned(),
            version: 0,
            draft: String::new(),
            published: 0,
            updated_at: now,
        });
        check_version(request, it.version)?;
        let members = request.fields_up_to(BYTES_MAX)?.rest();
        it.draft = view::text(&members);
        check(env, &manager, kind, members).await?;
        it.version += 1;
        it.updated_at = now;
        let answer = web::response::ok_version(it.version, &show_draft(&it))?;
        let data = json!({ "kind": kind, "digest": digest(&it.draft) });
        let change = Change::new("policy.drafted", &it.id, it.version, data, answer);
        let row = if is_new { policies::insert(&it) } else { policies::update(&it) };
        Ok(change.and(row.guarded()))
    })
    .await
}

/// Makes the draft what the site goes by.
pub(crate) async fn publish(
    env: &impl Env,
    request: &Request,
    kind: &str,
) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    write(env, request, &manager, async || {
        request.fields_or_none()?.done()?;
        let found = find(env, &manager.site_id, kind).await?;
        let mut it = found.filter(|it| !it.draft.is_empty()).ok_or_else(no_draft)?;
        check_version(request, it.version)?;
        // What it names may be gone since it was written.
        check(env, &manager, kind, view::object(&it.draft).unwrap_or_default()).await?;
        it.version += 1;
        it.published += 1;
        it.updated_at = env.now();
        let definition = std::mem::take(&mut it.draft);
        let data = json!({
            "kind": kind, "number": it.published, "digest": digest(&definition),
        });
        let writes = [policies::update(&it).guarded(), policies::publish(&it, &definition).write()];
        let version = Version { number: it.published, definition, published_at: it.updated_at };
        let mut shown = show_version(kind, Some(&version));
        shown.insert("has_draft".to_owned(), Value::from(false));
        shown.insert("revision".to_owned(), Value::from(it.version));
        let answer = web::response::ok_version(it.version, &shown)?;
        let mut change = Change::new("policy.published", &it.id, it.version, data, answer);
        change.writes.extend(writes);
        if CLOCKED.contains(&kind) {
            change = change.and(policies::wake_cases(&it.site_id, it.updated_at).write());
        }
        Ok(change)
    })
    .await
}

/// The published versions, newest first.
pub(crate) async fn versions(
    env: &impl Env,
    request: &Request,
    kind: &str,
) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    let page = request.page()?;
    let before = page.after.parse().unwrap_or(i64::MAX);
    let found = match find(env, &viewer.site_id, kind).await? {
        Some(it) => env.sql().fetch(policies::versions(&it.id, before, page.rows())).await?,
        None => Vec::new(),
    };
    page.show(
        found,
        |it| it.number.to_string(),
        |it| json!({ "version": it.number, "published_at": view::time(it.published_at) }),
    )
}

/// One of them; 0 is what ships.
pub(crate) async fn version(
    env: &impl Env,
    request: &Request,
    kind: &str,
    number: &str,
) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    request.no_query()?;
    let number: i64 = number.parse().map_err(|_| Problem::not_found())?;
    if number == 0 {
        return web::response::ok(&show_version(kind, None));
    }
    let it = find(env, &viewer.site_id, kind).await?.ok_or_else(Problem::not_found)?;
    let found = env.sql().fetch(policies::version(&it.id, number)).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    web::response::ok(&show_version(kind, Some(&found)))
}

/// Refuses a policy that cannot be, or that names what is not there.
async fn check(
    env: &impl Env,
    staff: &Staff,
    kind: &str,
    members: Map<String, Value>,
) -> Result<(), Problem> {
    let mut fields = Fields::new(members);
    let named = kinds::read(kind, &mut fields);
    let (calendars, others): (Vec<Named>, Vec<Named>) =
        named.into_iter().partition(|it| it.kind == Kind::Calendar);
    for it in calendars.iter().take(1).filter(|it| !is_built_in(&it.id)) {
        if !env.sql().fetch(agents::has_calendar(&staff.site_id, &it.id)).await? {
            fields.refuse(&it.at, unknown_rule());
        }
    }
    let ids: Vec<&str> = others.iter().map(|it| it.id.as_str()).collect();
    let strangers = if ids.is_empty() {
        Vec::new()
    } else {
        env.sql().fetch(policies::strangers(&staff.site_id, &view::text(&ids))).await?
    };
    for it in &others {
        if !it.id.starts_with(it.kind.prefix()) || strangers.contains(&it.id) {
            fields.refuse(&it.at, said("is not one of this site", "不属于本站点"));
        }
    }
    fields.done()
}

fn no_draft() -> Problem {
    Problem::new(Fault::Conflict).with(said(
        "there is no draft to publish: write one first",
        "没有可发布的草稿，请先保存草稿",
    ))
}

fn digest(definition: &str) -> String {
    hex(&Sha256::digest(definition.as_bytes()))
}

fn show_version(kind: &str, version: Option<&Version>) -> Map<String, Value> {
    let definition = match version {
        Some(it) => view::json(&it.definition),
        None => kinds::shipped(kind),
    };
    let mut shown = Map::new();
    for (name, value) in [
        ("kind", Value::from(kind)),
        ("version", Value::from(version.map_or(0, |it| it.number))),
        ("definition", definition),
        ("published_at", Value::from(version.map(|it| view::time(it.published_at)))),
    ] {
        shown.insert(name.to_owned(), value);
    }
    shown
}

fn show_draft(it: &Policy) -> Value {
    json!({
        "kind": it.kind,
        "revision": it.version,
        "published": it.published,
        "definition": view::json(&it.draft),
        "updated_at": view::time(it.updated_at),
    })
}

/// What to say of an id that is no calendar of the site.
fn unknown_rule() -> Said {
    said(
        "must be a calendar of this site, office, china_office or around_the_clock",
        "须为本站点的日历，或 office、china_office、around_the_clock",
    )
}
