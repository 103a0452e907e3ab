//! `/metrics`, `/health` and `/ready`: what operators and their machines watch.
//!
//! | path | method |
//! |---|---|
//! | `/metrics` | GET, with the metrics key; 404 while there is none |
//! | `/health` | GET: we run. It touches nothing else |
//! | `/ready` | GET: the database answers and has our schema; otherwise 503 |
//!
//! How many requests there are and how long they take the host tells, over OpenTelemetry; what is
//! here stands in the database, so it is the same whichever instance is asked. `docs/operate.md`
//! says what each gauge means and what to do when it rises.

mod figures;
mod text;

use app::auth::bearer;
use domain::id::is_same;
use http::Method;
use http::header::{CACHE_CONTROL, VARY};
use ports::{Env, Sql};
use store::{gauges, migrations};
use web::lang::said;
use web::response::{bytes, set};
use web::{Kind, Problem, Request, Response};

use crate::text::Format;

#[cfg(target_family = "wasm")]
edge::service!(0, handle);

/// When to come back while the database cannot be read.
const RETRY_S: u32 = 5;

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    match request.path().as_slice() {
        ["health"] => {
            check(&request)?;
            Ok(plain(r#"{"status":"ok"}"#))
        }
        ["ready"] => {
            check(&request)?;
            ready(env).await
        }
        ["metrics"] => metrics(env, &request).await,
        _ => Err(Problem::not_found()),
    }
}

fn check(request: &Request) -> Result<(), Problem> {
    match *request.method() {
        Method::GET => request.no_query(),
        _ => Err(Problem::method_not_allowed("GET, HEAD")),
    }
}

/// An answer for a machine that asks again and again.
fn plain(body: &str) -> Response {
    unkept(bytes("application/json", body.as_bytes().to_vec()))
}

fn unkept(mut response: Response) -> Response {
    set(&mut response, CACHE_CONTROL, "no-store");
    response
}

/// Whether requests that need the database would be answered. Whoever asks learns no more.
async fn ready(env: &impl Env) -> Result<Response, Problem> {
    let version = match env.sql().fetch(gauges::schema_version()).await {
        Ok(version) => version.unwrap_or(0),
        Err(error) => return Err(not_ready(&error.to_string())),
    };
    if usize::try_from(version).unwrap_or(0) < migrations::NUMBER {
        return Err(not_ready("migrations are not applied"));
    }
    Ok(plain(r#"{"status":"ready"}"#))
}

fn not_ready(cause: &str) -> Problem {
    let mut problem = Problem::new(Kind::Unavailable).caused_by(cause);
    problem.retry_after_s = Some(RETRY_S);
    problem
}

async fn metrics(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let Some(ours) = env.setting("metrics_key").await.filter(|it| !it.is_empty()) else {
        // Who set no key wants no such page, so there is none.
        return Err(Problem::not_found());
    };
    check(request)?;
    if !bearer(request).is_some_and(|it| is_same(&ours, it)) {
        return Err(Problem::new(Kind::Unauthorized).with(said(
            "send Authorization: Bearer and the metrics key",
            "请发送 Authorization: Bearer 与 metrics 密钥",
        )));
    }
    let format = Format::wanted(request.header("accept").unwrap_or(""));
    let body = figures::all(env, format).await?;
    let mut response = unkept(bytes(format.media_type(), body.into_bytes()));
    set(&mut response, VARY, "accept");
    Ok(response)
}

#[cfg(test)]
mod tests;
