//! Signing in: who calls, and the value that lets them in.
//!
//! A function that needs a manager takes a [`Manager`]; there is no other way to get one than
//! [`manager`]. Every key belongs to one site; the admin key spans them and names the site in
//! the query, `?site=sit_…`.

use std::ops::Deref;

use domain::id::{is_same, token_hash};
use domain::role::Role;
use http::Method;
use ports::{Env, Sql};
use store::keys::{self, Key};
use web::lang::{said, said_now};
use web::problem::{Kind, Place};
use web::{Problem, Request};

use crate::pass::Pass;

/// The cookie that carries a session.
pub const COOKIE: &str = "huiyin_session";
/// What its name begins with behind TLS: no other host and no plain HTTP can set such a cookie
/// (RFC 6265bis §4.1.3.2), so nobody can give somebody a session of their own.
pub const HOST: &str = "__Host-";

/// Whoever holds a live secret key or session.
#[derive(Clone, Debug)]
pub struct Holder {
    /// Who, for events: `admin` or `key:key_…`.
    pub actor: String,
    /// The key's id; empty for the admin key.
    pub key_id: String,
    /// The key's site; empty for the admin key, which spans them.
    pub site_id: String,
    /// What they may do.
    pub role: Role,
    /// Whose key it is; empty for nobody's.
    pub agent_id: String,
}

/// A holder let in to one site.
#[derive(Clone, Debug)]
pub struct Staff {
    /// The site.
    pub site_id: String,
    /// Who, for events.
    pub actor: String,
    /// The agent whose key they hold; empty for a system's or the admin's.
    pub agent_id: String,
}

impl Staff {
    /// Somebody who is no agent, at a site.
    pub fn new(site_id: &str, actor: &str) -> Staff {
        Staff { site_id: site_id.to_owned(), actor: actor.to_owned(), agent_id: String::new() }
    }
}

macro_rules! grant {
    ($(#[$doc:meta])* $name:ident, $function:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name(Staff);

        impl Deref for $name {
            type Target = Staff;
            fn deref(&self) -> &Staff {
                &self.0
            }
        }

        $(#[$doc])*
        pub async fn $function(env: &impl Env, request: &Request) -> Result<$name, Problem> {
            grant(env, request, Role::$name).await.map($name)
        }
    };
}

grant!(
    /// Somebody who may read figures and configuration.
    Viewer,
    viewer
);
grant!(
    /// Somebody who may work on cases and customers.
    Agent,
    agent
);
grant!(
    /// Somebody who may run surveys, touchpoints and people.
    Manager,
    manager
);
grant!(
    /// Somebody who may run the site and its keys.
    Admin,
    admin
);

async fn grant(env: &impl Env, request: &Request, role: Role) -> Result<Staff, Problem> {
    let holder = allowed(holder(env, request).await?, role)?;
    enter(env, request, holder).await
}

/// Somebody who may work on cases and customers, and what else they may.
pub async fn agent_as(env: &impl Env, request: &Request) -> Result<(Agent, Role), Problem> {
    let holder = allowed(holder(env, request).await?, Role::Agent)?;
    let role = holder.role;
    Ok((Agent(enter(env, request, holder).await?), role))
}

/// Lets in a holder who was recognised already as somebody who may read figures.
pub async fn viewer_as(
    env: &impl Env,
    request: &Request,
    holder: Holder,
) -> Result<Viewer, Problem> {
    enter(env, request, allowed(holder, Role::Viewer)?).await.map(Viewer)
}

/// Whoever holds the admin key, which spans sites.
#[derive(Clone, Debug)]
pub struct Owner(Staff);

impl Deref for Owner {
    type Target = Staff;
    fn deref(&self) -> &Staff {
        &self.0
    }
}

/// Lets in whoever holds the admin key. The grant is for no site yet.
pub async fn owner(env: &impl Env, request: &Request) -> Result<Owner, Problem> {
    let holder = holder(env, request).await?;
    if !holder.site_id.is_empty() {
        return Err(Problem::new(Kind::Forbidden)
            .with(said("only the admin key may do this", "只有管理员密钥可以执行此操作")));
    }
    Ok(Owner(Staff::new("", &holder.actor)))
}

impl Owner {
    /// The owner as staff of a site.
    pub fn of(&self, site_id: &str) -> Staff {
        Staff::new(site_id, &self.actor)
    }
}

/// Recognises whoever holds a live secret key or session, whatever its role.
pub async fn holder(env: &impl Env, request: &Request) -> Result<Holder, Problem> {
    match credential(request) {
        Some(Credential::Bearer(token)) => match Pass::of(env, request).await {
            Some(pass) => Some(passing(pass)),
            None => by_token(env, token).await?,
        },
        Some(Credential::Session(token)) => {
            same_site(request)?;
            let found = env.sql().fetch(keys::by_session(token_hash(token), env.now())).await?;
            match found {
                None => None,
                Some(None) => Some(spanning()),
                Some(Some(key)) => by_key(env, key),
            }
        }
        None => None,
    }
    .ok_or_else(|| {
        Problem::new(Kind::Unauthorized).with(said(
            "send Authorization: Bearer sk_…, with a key that is neither revoked nor expired",
            "请发送 Authorization: Bearer sk_…，密钥须未被吊销且未过期",
        ))
    })
}

/// Recognises a secret key or the admin key.
pub async fn by_token(env: &impl Env, token: &str) -> Result<Option<Holder>, Problem> {
    if let Some(admin_key) = env.setting("admin_key").await
        && !admin_key.is_empty()
        && is_same(&admin_key, token)
    {
        return Ok(Some(spanning()));
    }
    Ok(env.sql().fetch(keys::by_hash(token_hash(token))).await?.and_then(|key| by_key(env, key)))
}

/// The bearer token of a request, or its session's.
enum Credential<'a> {
    Bearer(&'a str),
    Session(&'a str),
}

fn credential(request: &Request) -> Option<Credential<'_>> {
    if let Some(token) = bearer(request) {
        return Some(Credential::Bearer(token));
    }
    session(request).map(Credential::Session)
}

/// The token of the session cookie.
pub fn session(request: &Request) -> Option<&str> {
    let cookies = request.header("cookie")?;
    let prefix = if request.is_tls() { HOST } else { "" };
    cookies
        .split(';')
        .find_map(|it| it.trim().strip_prefix(prefix)?.strip_prefix(COOKIE)?.strip_prefix('='))
}

/// The token of `Authorization: Bearer …`.
pub fn bearer(request: &Request) -> Option<&str> {
    let header = request.header("authorization")?;
    let (scheme, token) = header.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") { Some(token.trim()) } else { None }
}

/// A cookie travels with requests that other pages cause: writes must come from our own.
pub fn same_site(request: &Request) -> Result<(), Problem> {
    if *request.method() == Method::GET {
        return Ok(());
    }
    let is_ours = |(scheme, host): (&str, &str)| {
        host == request.authority && (scheme == "https" || !request.is_tls())
    };
    let ours = match request.header("origin") {
        Some(origin) => origin.split_once("://").is_some_and(is_ours),
        None => matches!(request.header("sec-fetch-site"), Some("same-origin" | "none")),
    };
    if ours {
        return Ok(());
    }
    Err(Problem::new(Kind::Forbidden).with(said(
        "a session may write only from pages of this host; other callers use a key",
        "会话只能从本站页面写入；其他调用方请使用密钥",
    )))
}

fn spanning() -> Holder {
    Holder {
        actor: "admin".to_owned(),
        key_id: String::new(),
        site_id: String::new(),
        role: Role::Admin,
        agent_id: String::new(),
    }
}

/// Whoever a pass lets in. It opens no session: that would outlive it.
fn passing(pass: Pass) -> Holder {
    Holder {
        actor: pass.actor,
        key_id: String::new(),
        site_id: pass.site_id,
        role: Role::Viewer,
        agent_id: String::new(),
    }
}

fn by_key(env: &impl Env, key: Key) -> Option<Holder> {
    let is_live = key.kind == "secret"
        && key.revoked_at.is_none()
        && key.expires_at.is_none_or(|it| env.now() < it);
    let role = Role::parse(&key.role).filter(|_| is_live)?;
    let Key { id, site_id, agent_id, .. } = key;
    Some(Holder { actor: format!("key:{id}"), key_id: id, site_id, role, agent_id })
}

fn allowed(holder: Holder, role: Role) -> Result<Holder, Problem> {
    if role <= holder.role {
        return Ok(holder);
    }
    Err(Problem::new(Kind::Forbidden).with(said_now(
        format!("this needs a key with the role {}", role.name()),
        format!("需要角色为 {} 的密钥", role.name()),
    )))
}

/// Lets a holder in to the site that they belong to or, spanning sites, that they name.
async fn enter(env: &impl Env, request: &Request, holder: Holder) -> Result<Staff, Problem> {
    let named = request.param("site");
    if request.has_twice("site") {
        let place = Place::Parameter("site".to_owned());
        return Err(Problem::invalid(place, said("must be given once", "只能给出一次")));
    }
    let Holder { actor, site_id, agent_id, .. } = holder;
    if !site_id.is_empty() {
        // Another site's data does not exist for this key.
        return match named {
            Some(named) if named != site_id => Err(Problem::not_found()),
            _ => Ok(Staff { site_id, actor, agent_id }),
        };
    }
    let Some(named) = named else {
        return Err(Problem::invalid(
            Place::Parameter("site".to_owned()),
            said(
                "the admin key spans sites: name one, ?site=sit_…",
                "管理员密钥跨站点使用：请指明站点 ?site=sit_…",
            ),
        ));
    };
    let site = crate::site(env, named).await?;
    Ok(Staff { site_id: site.id, actor, agent_id })
}
