//! `/desk/customers`: who a customer is, and all that happened with them.
//!
//! | path | methods |
//! |---|---|
//! | `/desk/customers` | GET |
//! | `/desk/customers/new`, `…/{id}/edit`, `…/{id}/erase` | GET, POST |
//! | `/desk/customers/{id}`, `…/{id}/history` | GET |

mod erase;
mod list;
mod profile;
mod save;
mod timeline;
mod words;

use http::Method;
use ports::Env;
use serde_json::Value;
use staff::tell::text;
use web::lang::Lang;
use web::{Problem, Request, Response};

/// The longest form.
#[cfg(target_family = "wasm")]
const BODY_BYTES_MAX: usize = 512 * 1024;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    let path = request.path();
    let ["desk", "customers", rest @ ..] = path.as_slice() else {
        return Err(Problem::not_found());
    };
    let is_post = *request.method() == Method::POST;
    match rest {
        [] if !is_post => list::show(env, request).await,
        ["new"] => save::create(env, request).await,
        [id] if !is_post => profile::show(env, request, id).await,
        [id, "history"] if !is_post => profile::history(env, request, id).await,
        [id, "edit"] => save::change(env, request, id).await,
        [id, "erase"] => erase::page(env, request, id).await,
        [] | [_] | [_, "history"] => Err(Problem::method_not_allowed("GET, HEAD")),
        _ => Err(Problem::not_found()),
    }
}

/// The address of a customer's page.
fn page_of(id: &str) -> String {
    format!("/desk/customers/{}", staff::word(id))
}

/// Where a customer stands in the API.
fn api_of(id: &str) -> String {
    format!("/v1/customers/{}", staff::word(id))
}

/// What a customer is called on pages: by name, or else by the company's own id.
fn called(lang: Lang, told: &Value) -> String {
    if !text(told, "/erased_at").is_empty() {
        return lang.of("Erased customer", "已抹除的客户").to_owned();
    }
    for pointer in ["/contacts/name", "/external_id", "/id"] {
        let name = text(told, pointer);
        if !name.is_empty() {
            return name.to_owned();
        }
    }
    String::new()
}

#[cfg(test)]
mod tests;
