//! Which pages ask for a survey: noted once an hour, and nothing is lost if it is not.

use app::intake::published::Published;
use domain::UtcMs;
use ports::{Env, Sql};
use store::sightings;
use web::{Kind, Problem, Request};

/// How long a note of an origin stands before it is written anew.
const NOTED_MS: i64 = 3_600_000;
/// The longest origin that is noted: a scheme, a name of 253 characters and a port.
const ORIGIN_CHARS_MAX: usize = 270;

/// Notes a page of the site. What stands there was read with the survey.
pub(crate) async fn listed(env: &impl Env, request: &Request, id: &str, published: &Published) {
    let Some(origin) = request.header("origin") else { return };
    if published.origins.iter().any(|it| it == origin) && !is_fresh(published.seen_at, env.now()) {
        note(env, id, origin, true).await;
    }
}

/// Notes a page that was refused because its site does not list it, and says so all the same.
pub(crate) async fn refused<T>(
    env: &impl Env,
    request: &Request,
    id: &str,
    result: Result<T, Problem>,
) -> Result<T, Problem> {
    let is_refused = |it: &Problem| it.kind == Kind::OriginNotAllowed;
    let origin = request.header("origin").filter(|it| is_origin(it));
    if let (true, Some(origin)) = (result.as_ref().err().is_some_and(is_refused), origin) {
        let seen = env.sql().fetch(sightings::seen(id, origin)).await.ok().flatten();
        let at = seen.filter(|(_, was_listed)| !was_listed).map(|it| it.0);
        if !is_fresh(at, env.now()) {
            note(env, id, origin, false).await;
        }
    }
    result
}

fn is_fresh(seen_at: Option<UtcMs>, now: UtcMs) -> bool {
    seen_at.is_some_and(|it| now < it + NOTED_MS)
}

/// Whether this may be the origin of a page.
fn is_origin(origin: &str) -> bool {
    origin.len() <= ORIGIN_CHARS_MAX
        && ["https://", "http://"].iter().any(|it| origin.starts_with(it))
        && origin.bytes().all(|it| it.is_ascii_graphic())
}

/// Nobody waits for it to be written, and nobody hears if it was not.
async fn note(env: &impl Env, id: &str, origin: &str, is_listed: bool) {
    let now = env.now();
    let writes = [sightings::forget(id, now), sightings::note(id, origin, is_listed, now)];
    let _lost = env.sql().jot(writes.map(ports::Statement::write).into()).await;
}
