//! `/desk/settings` and `/desk/start`: how a site is set up.
//!
//! | path | methods |
//! |---|---|
//! | `/desk/settings` | GET |
//! | `/desk/settings/site` | GET, POST |
//! | `/desk/settings/{things}` | GET |
//! | `/desk/settings/{things}/new`, `/desk/settings/{things}/{id}` | GET, POST |
//! | `/desk/settings/{things}/{id}/history` | GET |
//! | `/desk/settings/{things}/{id}/{act}` | GET where it is asked again, POST |
//! | `/desk/settings/webhooks/{id}/log`, `…/log/{sequence}` | GET · GET, POST |
//! | `/desk/settings/webhooks/{id}/replay` | GET, POST |
//! | `/desk/settings/sources/{id}/try` | GET, POST |
//! | `/desk/settings/sources/{id}/messages`, `…/messages/{id}` | GET · GET, POST |
//! | `/desk/start` | GET, POST |
//!
//! Things are touchpoints, departments, agents, keys, templates, webhooks and sources. A
//! [`thing::Thing`] says what each of them is to the API and how it looks; one set of functions
//! does the rest.

mod act;
mod index;
mod inflow;
mod log;
mod past;
mod people;
mod replay;
mod start;
mod systems;
mod thing;
mod words;

use http::Method;
use ports::Env;
use web::{Problem, Request, Response};

use crate::thing::Thing;

/// The longest form: the rules of a source, or a message to try them with.
#[cfg(target_family = "wasm")]
const BODY_BYTES_MAX: usize = 1024 * 1024;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

/// Everything that is set up with the functions of [`thing`].
static THINGS: [&Thing; 8] = [
    &people::SITE,
    &people::TOUCHPOINTS,
    &people::DEPARTMENTS,
    &people::AGENTS,
    &people::TEMPLATES,
    &systems::KEYS,
    &systems::WEBHOOKS,
    &systems::SOURCES,
];

const ASK: &str = "GET, HEAD";
const ASK_AND_SEND: &str = "GET, HEAD, POST";

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    match request.path().as_slice() {
        ["desk", "settings"] => match *request.method() {
            Method::GET => index::show(env, request).await,
            _ => Err(Problem::method_not_allowed(ASK)),
        },
        ["desk", "start"] => match *request.method() {
            Method::GET => start::show(env, request).await,
            Method::POST => start::take(env, request).await,
            _ => Err(Problem::method_not_allowed(ASK_AND_SEND)),
        },
        ["desk", "settings", family, rest @ ..] => {
            let found = THINGS.into_iter().find(|it| it.word() == *family);
            let thing = found.ok_or_else(Problem::not_found)?;
            // There is one site, so that what follows its name is said of it.
            let one = [&[""], rest].concat();
            let rest = if thing.is_single { &one } else { rest };
            below(env, request, thing, rest).await
        }
        _ => Err(Problem::not_found()),
    }
}

async fn below(
    env: &impl Env,
    request: &Request,
    thing: &'static Thing,
    rest: &[&str],
) -> Result<Response, Problem> {
    let is_sent = *request.method() == Method::POST;
    if !is_sent && *request.method() != Method::GET {
        return Err(Problem::method_not_allowed(ASK_AND_SEND));
    }
    match (thing.name, rest) {
        (_, []) if !is_sent => thing::list(env, request, thing).await,
        (_, ["new"]) => thing::fresh(env, request, thing).await,
        (_, [id]) => thing::one(env, request, thing, id).await,
        (_, [id, "history"]) if !is_sent => past::show(env, request, thing, id).await,
        ("webhooks", [id, "log"]) if !is_sent => log::list(env, request, id).await,
        ("webhooks", [id, "log", sequence]) => log::one(env, request, id, sequence).await,
        ("webhooks", [id, "replay"]) => replay::ask(env, request, id).await,
        ("sources", [id, "try"]) => inflow::attempt(env, request, id).await,
        ("sources", [id, "messages"]) if !is_sent => inflow::list(env, request, id).await,
        ("sources", [id, "messages", one]) => inflow::one(env, request, id, one).await,
        (_, [id, word]) => match thing.acts.iter().find(|it| it.word == *word) {
            Some(found) => act::ask(env, request, (thing, id), found).await,
            None => Err(Problem::not_found()),
        },
        _ => Err(Problem::method_not_allowed(ASK)),
    }
}

#[cfg(test)]
mod tests;
