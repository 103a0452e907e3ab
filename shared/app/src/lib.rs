//! What every function does the same way: sign in, write once, show the audit trail, take
//! responses. It joins `web` and `store` over the ports and knows nothing of Spin.

pub mod answered;
pub mod asking;
pub mod audit;
pub mod auth;
pub mod cache;
pub mod callback;
pub mod case;
pub mod cors;
pub mod csrf;
pub mod desk;
pub mod entity;
pub mod event_view;
pub mod filters;
pub mod grading;
pub mod hosted;
pub mod index;
pub mod ingest;
pub mod intake;
pub mod link;
pub mod mapping;
pub mod measure;
pub mod neighbour;
pub mod pass;
pub mod period;
pub mod programme;
pub mod response;
pub mod score;
pub mod sealed;
pub mod session;
pub mod sheet;
pub mod signature;
mod sums;
pub mod tick;
pub mod vault;
pub mod write;

use ports::Env;
use web::Problem;

/// The site of this id, which the caller was granted.
pub async fn site(env: &impl Env, id: &str) -> Result<store::sites::Site, Problem> {
    use ports::Sql;
    env.sql().fetch(store::sites::by_id(id)).await?.ok_or_else(Problem::not_found)
}

/// Whom something is told that somebody is to know, as the store takes it: themselves, their
/// department, their role and those below it, and nobody in particular.
pub async fn whom(
    env: &impl Env,
    agent_id: &str,
    role: domain::role::Role,
) -> Result<String, Problem> {
    use domain::role::Role;
    use ports::Sql;
    let roles: Vec<&str> = Role::ALL.into_iter().filter(|it| *it <= role).map(Role::name).collect();
    let found = store::notices::whom(agent_id, &web::view::text(&roles));
    Ok(env.sql().fetch(found).await?.unwrap_or_default())
}

/// The zone of a site. Only zones that exist are ever stored.
pub fn zone(name: &str) -> Result<domain::zone::Zone, Problem> {
    domain::zone::Zone::parse(name)
        .ok_or_else(|| ports::Corrupt("a site has a zone that does not exist".to_owned()).into())
}

/// The rows of a page, as the store takes them.
pub fn rows(page: &web::page::Page) -> store::Page {
    store::Page { after: page.after.clone(), rows: page.rows() }
}
