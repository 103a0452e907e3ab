//! `/v1/keys`: publishable keys for web pages, secret ones for staff and systems.

use app::write::{Change, check_version, write};
use app::{auth, entity};
use domain::civil;
use domain::id::{Kind, token, token_hash};
use domain::role::Role;
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::json;
use store::Entity;
use store::agents::Agent;
use store::keys::{self, Key};
use web::field::Fields;
use web::lang::said;
use web::{Problem, Request, Response, view};

#[derive(Serialize)]
struct KeyView {
    id: String,
    name: String,
    kind: String,
    role: Option<String>,
    /// The agent whose it is.
    agent_id: Option<String>,
    /// A publishable key; a secret one is shown once, when it is made.
    key: Option<String>,
    version: i64,
    created_at: String,
    expires_at: Option<String>,
    revoked_at: Option<String>,
}

pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let admin = auth::admin(env, request).await?;
    entity::list(env, request, &admin, show_one).await
}

pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let admin = auth::admin(env, request).await?;
    entity::show(env, request, &admin, id, show_one).await
}

pub(crate) async fn create(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let admin = auth::admin(env, request).await?;
    write(env, request, &admin, async || {
        let now = env.now();
        let mut fields = request.fields()?;
        let name = fields.text("name", 1, 80, "");
        let kind = fields.one_of("kind", &["publishable", "secret"], "");
        let role =
            if kind == "secret" { fields.one_of("role", &Role::NAMES, "") } else { String::new() };
        let agent_id = agent_id(env, &admin, &mut fields, &kind).await?;
        let expires_at = expires_at(&mut fields, now);
        fields.done()?;
        let prefix = if kind == "secret" { "sk_" } else { "pk_" };
        let secret = token(prefix, env.random());
        let key = Key {
            id: Kind::Key.id(now, env.random()),
            site_id: admin.site_id.clone(),
            version: 1,
            name,
            public: if kind == "publishable" { secret.clone() } else { String::new() },
            kind,
            role,
            agent_id,
            created_at: now,
            expires_at,
            revoked_at: None,
        };
        let kept = show_one(&key);
        let shown = KeyView { key: Some(secret.clone()), ..show_one(&key) };
        let location = format!("/v1/keys/{}", key.id);
        let data = json!({ "kind": key.kind, "role": key.role, "agent_id": key.agent_id });
        let mut change =
            Change::new("key.created", &key.id, 1, data, web::created(&location, &shown)?);
        // A repeated request learns that the key was made, not what it is.
        change.kept_body = Some(web::created(&location, &kept)?.into_body());
        Ok(change.and(keys::insert(&key, token_hash(&secret)).write()))
    })
    .await
}

/// The agent whose key it shall be: only a secret one is somebody's.
async fn agent_id(
    env: &impl Env,
    admin: &auth::Admin,
    fields: &mut Fields,
    kind: &str,
) -> Result<String, Problem> {
    let id = fields.text("agent_id", 0, 64, "");
    if id.is_empty() {
        return Ok(id);
    }
    let found = env.sql().fetch(Agent::by_id(&admin.site_id, &id)).await?;
    if found.is_none() || kind != "secret" {
        let rule = said(
            "must be an agent of this site, and the key a secret one",
            "须为本站点的客服，且密钥须为私密密钥",
        );
        fields.refuse("agent_id", rule);
    }
    Ok(id)
}

fn expires_at(fields: &mut Fields, now: i64) -> Option<i64> {
    let text = fields.text("expires_at", 0, 40, "");
    if text.is_empty() {
        return None;
    }
    let at = civil::parse_rfc3339(&text).filter(|it| now < *it);
    if at.is_none() {
        let rule = said(
            "must be a time in the future such as 2027-01-31T00:00:00+08:00",
            "须为将来的时间，例如 2027-01-31T00:00:00+08:00",
        );
        fields.refuse("expires_at", rule);
    }
    at
}

pub(crate) async fn revoke(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let admin = auth::admin(env, request).await?;
    request.no_query()?;
    write(env, request, &admin, async || {
        let key = entity::find::<Key>(env, &admin, id).await?;
        check_version(request, key.version)?;
        if key.revoked_at.is_some() {
            return Err(Problem::not_found());
        }
        let version = key.version + 1;
        let change = Change::new("key.revoked", id, version, json!({}), web::no_content());
        Ok(change.and(keys::revoke(id, version, env.now()).guarded()))
    })
    .await
}

fn show_one(key: &Key) -> KeyView {
    KeyView {
        id: key.id.clone(),
        name: key.name.clone(),
        kind: key.kind.clone(),
        role: view::some(&key.role).map(str::to_owned),
        agent_id: view::some(&key.agent_id).map(str::to_owned),
        key: view::some(&key.public).map(str::to_owned),
        version: key.version,
        created_at: view::time(key.created_at),
        expires_at: view::time_or_null(key.expires_at),
        revoked_at: view::time_or_null(key.revoked_at),
    }
}
