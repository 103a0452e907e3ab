//! What a manager looks at, from live aggregates.
//!
//! | path | method | |
//! |---|---|---|
//! | `/v1/dashboard` | GET | what comes first, in one answer |
//! | `/v1/heatmap` | GET | one score of many things, step by step |
//! | `/v1/complaint-figures` | GET | what complaints come to, cut as you ask |
//! | `/v1/callback-figures` | GET | what call-backs come to, the same way |

mod callbacks;
mod complaints;
mod cut;
mod heatmap;
mod overview;
mod scope;

use app::cache;
use http::Method;
use ports::Env;
use serde_json::Value;
use web::{Problem, Request, Response};

#[cfg(target_family = "wasm")]
edge::service!(web::request::JSON_BYTES_MAX, handle);

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let path = request.path();
    let ["v1", what] = path.as_slice() else { return Err(Problem::not_found()) };
    if !["dashboard", "heatmap", "complaint-figures", "callback-figures"].contains(what) {
        return Err(Problem::not_found());
    }
    if *request.method() != Method::GET {
        return Err(Problem::method_not_allowed("GET, HEAD"));
    }
    let request = &request;
    match *what {
        "complaint-figures" => cut::show::<complaints::Complaints>(env, request).await,
        "callback-figures" => cut::show::<callbacks::Calls>(env, request).await,
        "heatmap" => heatmap::show(env, request).await,
        _ => {
            cache::recent_anywhere(env, request, async || overview::show(env, request).await).await
        }
    }
}

fn put(into: &mut Value, name: &str, value: Value) {
    if let Some(into) = into.as_object_mut() {
        into.insert(name.to_owned(), value);
    }
}

#[cfg(test)]
mod tests;
