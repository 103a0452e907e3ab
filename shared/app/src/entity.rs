//! Reading what a site has: found, shown and listed the same way everywhere.

use ports::{Env, Sql};
use serde::Serialize;
use store::Entity;
use web::{Problem, Request, Response};

use crate::auth::Staff;

/// The one of this id at the site of `staff`. Another site's does not exist.
pub async fn find<E: Entity>(env: &impl Env, staff: &Staff, id: &str) -> Result<E, Problem> {
    env.sql().fetch(E::by_id(&staff.site_id, id)).await?.ok_or_else(Problem::not_found)
}

/// Answers with the one of this id, tagged with its version.
pub async fn show<E: Entity, V: Serialize>(
    env: &impl Env,
    request: &Request,
    staff: &Staff,
    id: &str,
    view: fn(&E) -> V,
) -> Result<Response, Problem> {
    request.no_query()?;
    let it = find::<E>(env, staff, id).await?;
    web::response::ok_version(it.version(), &view(&it))
}

/// Answers with a page of them.
pub async fn list<E: Entity, V: Serialize>(
    env: &impl Env,
    request: &Request,
    staff: &Staff,
    view: fn(&E) -> V,
) -> Result<Response, Problem> {
    let page = request.page()?;
    let found = env.sql().fetch(E::list(&staff.site_id, &crate::rows(&page))).await?;
    page.show(found, |it| it.id().to_owned(), view)
}
