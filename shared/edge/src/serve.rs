//! One request, from the host and back: read with a limit, handle, finish, log.

use std::time::Instant;

use http::Method;
use ports::Env;
use serde_json::json;
use spin_sdk::wasip3::http::types;
use spin_sdk::wasip3::wit_bindgen::StreamResult;
use spin_sdk::wasip3::{spawn, wit_future, wit_stream};
use web::request::Unread;
use web::{Exchange, Problem, Request, Response, view};

use crate::Spin;
use crate::sql::Pool;

/// The most that is read of a body beyond its limit before the client is cut off.
const DROPPED_BYTES_MAX: usize = 64 * 1024 * 1024;
/// How much of a body is read at once.
const READ_BYTES: usize = 16 * 1024;

/// Answers one request with `handle`, reading at most `body_bytes_max` of its body.
///
/// It never fails: a handler that returned an error to the host would be an empty 500.
pub async fn serve<H>(incoming: types::Request, body_bytes_max: usize, handle: H) -> types::Response
where
    H: AsyncFnOnce(&Spin, Request) -> Result<Response, Problem>,
{
    let started = Instant::now();
    let env = Spin { sql: Pool };
    let request_id = web::request::id(env.random());
    let method = method(incoming.get_method());
    let target = incoming.get_path_with_query().unwrap_or_default();
    let authority = incoming.get_authority().unwrap_or_default();
    let headers = incoming.get_headers().copy_all();
    let body = match length(&method, &headers) {
        Some(0) => Ok(Vec::new()),
        length => read(incoming, length, body_bytes_max).await,
    };
    let request = Request::new(method, &target, &authority, headers, body);
    let exchange = Exchange::of(&request, request_id);
    let line = Line::of(&request);
    let (response, cause) = exchange.finish(handle(&env, request).await);
    if response.status().is_server_error() {
        line.log(&exchange, response.status().as_u16(), started, cause);
    }
    send(response)
}

/// The method; one that no handler knows is refused by all of them.
fn method(method: types::Method) -> Method {
    match method {
        types::Method::Get => Method::GET,
        types::Method::Head => Method::HEAD,
        types::Method::Post => Method::POST,
        types::Method::Put => Method::PUT,
        types::Method::Delete => Method::DELETE,
        types::Method::Connect => Method::CONNECT,
        types::Method::Options => Method::OPTIONS,
        types::Method::Trace => Method::TRACE,
        types::Method::Patch => Method::PATCH,
        types::Method::Other(name) => Method::from_bytes(name.as_bytes()).unwrap_or(Method::TRACE),
    }
}

/// The length of the body as far as it is known before it is read.
fn length(method: &Method, headers: &[(String, Vec<u8>)]) -> Option<usize> {
    let told = headers.iter().find(|(it, _)| it.eq_ignore_ascii_case("content-length"));
    match told {
        Some((_, value)) => std::str::from_utf8(value).ok()?.trim().parse().ok(),
        // HTTP/2 needs to say neither, even of a body; but reads have none of any meaning.
        None if matches!(*method, Method::GET | Method::HEAD) => Some(0),
        None => None,
    }
}

/// Reads the body and keeps no more than the limit: the host has none.
///
/// What is over the limit is read on and dropped, as far as [`DROPPED_BYTES_MAX`]: a client that
/// is cut off while it writes never reads why.
async fn read(
    request: types::Request,
    length: Option<usize>,
    bytes_max: usize,
) -> Result<Vec<u8>, Unread> {
    let (_taken, taken) = wit_future::new(|| Ok(()));
    let (mut stream, trailers) = types::Request::consume_body(request, taken);
    let mut body = Vec::new();
    let mut dropped = 0;
    loop {
        let (result, chunk) = stream.read(Vec::with_capacity(READ_BYTES)).await;
        if 0 < dropped || bytes_max < body.len() + chunk.len() {
            dropped += chunk.len();
        } else {
            body.extend(chunk);
        }
        // Asking for the end of what is known to have ended costs two calls of the host.
        if dropped == 0 && length == Some(body.len()) {
            return Ok(body);
        }
        if result == StreamResult::Dropped || DROPPED_BYTES_MAX < dropped {
            break;
        }
    }
    if 0 < dropped {
        return Err(Unread::TooLarge(bytes_max));
    }
    match trailers.await {
        Ok(_) => Ok(body),
        Err(_) => Err(Unread::BrokenOff),
    }
}

/// Hands the answer to the host, which takes its body at its own pace.
fn send(response: Response) -> types::Response {
    let (parts, body) = response.into_parts();
    let headers: Vec<(String, Vec<u8>)> = parts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
        .collect();
    // The host refuses no header of ours.
    let headers = types::Fields::from_list(&headers).unwrap_or_else(|_| types::Fields::new());
    let (_no_trailers, trailers) = wit_future::new(|| Ok(None));
    let (writer, stream) = if body.is_empty() {
        (None, None)
    } else {
        let (writer, stream) = wit_stream::new();
        (Some(writer), Some(stream))
    };
    let (response, _sent) = types::Response::new(headers, stream, trailers);
    let _set = response.set_status_code(parts.status.as_u16());
    if let Some(mut writer) = writer {
        spawn(async move {
            writer.write_all(body).await;
        });
    }
    response
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
    fn log(self, exchange: &Exchange, status: u16, started: Instant, cause: Option<String>) {
        let line = json!({
            "level": "error",
            "request_id": exchange.request_id,
            "traceparent": exchange.traceparent,
            "method": self.method.as_str(),
            "route": self.route,
            "status": status,
            "duration_ms": u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            "cause": cause,
        });
        eprintln!("{}", view::text(&line));
    }
}
