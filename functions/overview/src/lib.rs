//! The pages `/dashboard` and `/dashboard/touchpoints`: how it is, and where on the journey.
//!
//! | path | method | |
//! |---|---|---|
//! | `/dashboard` | GET | what comes first |
//! | `/dashboard/touchpoints` | GET | the journey, stage by stage |
//! | `/dashboard/touchpoints/{id}` | GET | one touchpoint |
//! | `/dashboard/session` | POST | signs in |
//! | `/dashboard/session/end` | POST | signs out |

mod behind;
mod charts;
mod front;
mod journey;
mod place;
mod session;
mod tiles;
mod words;

use app::cache;
use board::{Opened, Signed};
use http::Method;
use ports::Env;
use web::lang::{Said, said_now};
use web::{Problem, Request, Response};

/// The longest form: a key and an address.
#[cfg(target_family = "wasm")]
const BODY_BYTES_MAX: usize = 16 * 1024;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let path = request.path();
    let page = match path.as_slice() {
        ["dashboard", "session"] => Page::SignIn,
        ["dashboard", "session", "end"] => Page::SignOut,
        ["dashboard"] => Page::Front,
        ["dashboard", "touchpoints"] => Page::Journey,
        ["dashboard", "touchpoints", id] => Page::Place(id),
        _ => return Err(Problem::not_found()),
    };
    let (wanted, allow) = match page {
        Page::SignIn | Page::SignOut => (Method::POST, "POST"),
        _ => (Method::GET, "GET, HEAD"),
    };
    if *request.method() != wanted {
        return Err(Problem::method_not_allowed(allow));
    }
    match page {
        Page::SignIn => session::begin(env, &request).await,
        Page::SignOut => session::end(env, &request).await,
        page => cache::recent(env, &request, async || show(env, &request, &page).await).await,
    }
}

/// What there is.
enum Page<'a> {
    SignIn,
    SignOut,
    Front,
    Journey,
    Place(&'a str),
}

async fn show(env: &impl Env, request: &Request, page: &Page<'_>) -> Result<Response, Problem> {
    let opened = match board::open(env, request).await? {
        Signed::In(opened) => opened,
        Signed::Out(answer) => return Ok(answer),
    };
    match page {
        Page::Journey => journey::show(env, request, opened).await,
        Page::Place(id) => place::show(env, request, opened, id).await,
        _ => front::show(env, request, opened).await,
    }
}

/// Leaves out the filters that a page cannot heed, and those beyond the first one that it can:
/// hardly any figures are kept by two of them together. What is left out is said.
fn heed(opened: &mut Opened, grains: &[&str]) {
    let mut left_out: Vec<(&'static str, String)> = Vec::new();
    let mut heeded = Vec::new();
    for it in std::mem::take(&mut opened.filters.by) {
        if grains.contains(&it.0) && heeded.is_empty() {
            heeded.push(it);
        } else {
            left_out.push(it);
        }
    }
    for (grain, _) in left_out {
        opened.filters.wrong.push(not_heeded(grain, heeded.first().map(|it| it.0)));
    }
    opened.filters.by = heeded;
}

fn not_heeded(grain: &str, beside: Option<&str>) -> Said {
    let name = words::grain(grain);
    match beside.map(words::grain) {
        Some(other) => said_now(
            format!("{} and {}: not kept together here, only the latter holds", name.en, other.en),
            format!("“{}”与“{}”未一并统计，现只按后者筛选", name.zh, other.zh),
        ),
        None => said_now(
            format!("{}: not kept for this page, all are shown", name.en),
            format!("本页不按“{}”统计，现显示全部", name.zh),
        ),
    }
}

#[cfg(test)]
mod tests;
