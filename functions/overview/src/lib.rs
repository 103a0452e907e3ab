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
use board::{Filters, Opened, Signed};
use domain::rollup::GRAINS;
use http::Method;
use ports::Env;
use web::lang::said_now;
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

/// Leaves out the filters that a page has no figures by, and those beyond the first one that are
/// not kept together with it and with what the page is cut by. What is left out is said.
fn heed(opened: &mut Opened, grains: &[&str], cut: &[&str]) {
    let filters = &mut opened.filters;
    filters.heed(grains);
    if filters.by.len() < 2 || is_kept(filters, cut) {
        return;
    }
    let first = filters.by.first().map_or("", |it| it.0);
    for it in filters.by.split_off(1) {
        let (name, other) = (words::grain(it.0), words::grain(first));
        filters.wrong.push(said_now(
            format!("{} is not kept together with {}: all are shown", name.en, other.en),
            format!("“{}”与“{}”未一并统计，现显示全部{}", name.zh, other.zh, name.zh),
        ));
        filters.unheeded.push(it);
    }
}

/// Whether figures are kept by all of these together.
fn is_kept(filters: &Filters, cut: &[&str]) -> bool {
    let wanted = || filters.by.iter().map(|it| it.0).chain(cut.iter().copied());
    GRAINS.iter().any(|grain| {
        grain.dimensions.len() == wanted().count()
            && wanted().all(|it| grain.dimensions.iter().any(|own| own.name() == it))
    })
}

/// The days and the filters of a page for what is not compared.
fn alone(filters: &Filters) -> String {
    let mut query = filters.days();
    for (grain, key) in &filters.by {
        query.push_str(&format!("&{grain}={key}"));
    }
    query
}

#[cfg(test)]
mod tests;
