//! One request, from the host and back: read with a limit, handle, finish, log.

use std::time::Instant;

use http::Method;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use ports::Env;
use serde_json::json;
use web::lang::said;
use web::request::too_large;
use web::{Exchange, Kind, Problem, Request, Response};

use crate::Spin;
use crate::sql::Pool;

/// Answers one request with `handle`, reading at most `body_bytes_max` of its body.
///
/// It never fails: a handler that returned an error to the host would be an empty 500.
pub async fn serve<H>(
    incoming: spin_sdk::http::Request,
    body_bytes_max: usize,
    handle: H,
) -> http::Response<spin_sdk::http::FullBody<bytes::Bytes>>
where
    H: AsyncFnOnce(&Spin, Request) -> Result<Response, Problem>,
{
    let started = Instant::now();
    let env = Spin { sql: Pool };
    let request_id = web::request::id(env.random());
    let (parts, body) = incoming.into_parts();
    let target = parts.uri.path_and_query().map_or("/", |it| it.as_str());
    let authority = parts.uri.authority().map_or("", |it| it.as_str());
    let body = read(body, body_bytes_max).await;
    let (body, problem) = match body {
        Ok(body) => (body, None),
        Err(problem) => (Vec::new(), Some(problem)),
    };
    let request = Request::new(parts.method, target, authority, parts.headers, body);
    let exchange = Exchange::of(&request, request_id);
    let line = Line::of(&request);
    let result = match problem {
        Some(problem) => Err(problem),
        None => handle(&env, request).await,
    };
    let (response, cause) = exchange.finish(result);
    if response.status().is_server_error() {
        line.log(&exchange, response.status().as_u16(), started, cause);
    }
    response.map(|body| spin_sdk::http::FullBody::new(bytes::Bytes::from(body)))
}

/// Reads the body and stops at the limit: the host has none.
async fn read(
    body: spin_sdk::wasip3::http_compat::IncomingRequestBody,
    bytes_max: usize,
) -> Result<Vec<u8>, Problem> {
    match Limited::new(body, bytes_max).collect().await {
        Ok(body) => Ok(body.to_bytes().into()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large(bytes_max)),
        Err(_) => Err(Problem::new(Kind::MalformedBody)
            .with(said("the body broke off; send it again", "请求体中断，请重新发送"))),
    }
}

/// What the log tells of a request: never its body, its query or an id of the public.
struct Line {
    method: Method,
    route: String,
}

impl Line {
    fn of(request: &Request) -> Line {
        let route: Vec<&str> = request.path().into_iter().take(2).collect();
        Line { method: request.method().clone(), route: format!("/{}", route.join("/")) }
    }

    #[expect(clippy::print_stderr, reason = "the host keeps a component's stderr as its log")]
    fn log(self, exchange: &Exchange, status: u16, started: Instant, cause: Option<anyhow::Error>) {
        let line = json!({
            "level": "error",
            "request_id": exchange.request_id,
            "traceparent": exchange.traceparent,
            "method": self.method.as_str(),
            "route": self.route,
            "status": status,
            "duration_ms": u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            "cause": cause.map(|it| format!("{it:#}")),
        });
        eprintln!("{line}");
    }
}
