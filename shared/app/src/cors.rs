//! Which pages may talk to us from a browser (WHATWG Fetch, CORS).

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use ports::{Env, Sql};
use web::{Kind, Problem, Request, Response};

use crate::intake::{check_origin, published};

/// Answers a preflight. It carries no key, so the survey alone says whose origins count.
pub async fn preflight(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let public = env.sql().fetch(store::studies::public(id, 0)).await?;
    let public = public.ok_or_else(Problem::not_found)?;
    preflight_of(request, &public.origins)
}

/// Answers a preflight to what is handed in at a site with these origins.
pub fn preflight_of(request: &Request, origins: &str) -> Result<Response, Problem> {
    check_origin(request, &published::origins(origins))?;
    let mut response = web::no_content();
    let mut put = |name: HeaderName, value: &'static str| {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    };
    put(ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, OPTIONS");
    put(
        ACCESS_CONTROL_ALLOW_HEADERS,
        "authorization, content-type, idempotency-key, accept-language, traceparent",
    );
    put(ACCESS_CONTROL_MAX_AGE, "7200");
    Ok(response)
}

/// Lets the page read the answer, a problem as well, unless the page itself is the problem.
pub fn allow(request: &Request, result: Result<Response, Problem>) -> Result<Response, Problem> {
    match result {
        Ok(mut response) => {
            put_headers(request, response.headers_mut(), true);
            Ok(response)
        }
        Err(mut problem) => {
            let may_read = problem.kind != Kind::OriginNotAllowed;
            put_headers(request, &mut problem.headers, may_read);
            Err(problem)
        }
    }
}

fn put_headers(request: &Request, headers: &mut HeaderMap, may_read: bool) {
    headers.insert(VARY, HeaderValue::from_static("origin, accept-language"));
    let Some(origin) = request.header("origin").filter(|it| may_read && *it != "null") else {
        return;
    };
    if let Ok(origin) = HeaderValue::from_str(origin) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    let exposed = "etag, request-id, retry-after, ratelimit, ratelimit-policy, idempotent-replayed";
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(exposed));
}
