//! One request, from the host and back: read with a limit, handle, finish, log.

use std::time::Instant;

use http::Method;
use ports::Env;
use serde_json::json;
use spin_sdk::wasip3::http::types;
use spin_sdk::wasip3::wit_bindgen::StreamResult;
use spin_sdk::wasip3::{spawn, wit_future, wit_stream};
use web::request::Unread;
use web::{Exchange, Problem, Request, Response, Rest, Streamed, view};

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
    let env = Spin { sql: Pool };
    let head = Head::of(&incoming);
    let body = read(incoming, head.length(), body_bytes_max).await;
    let (request, exchange, line) = head.with(body, &env);
    let (response, cause) = exchange.finish(handle(&env, request).await);
    if response.status().is_server_error() {
        line.log(&exchange, response.status().as_u16(), cause);
    }
    send(response)
}

/// Answers one request with `handle`, whose answer may stream. It never fails, as [`serve`].
pub async fn serve_stream<H, R>(
    incoming: types::Request,
    body_bytes_max: usize,
    handle: H,
) -> types::Response
where
    H: AsyncFnOnce(&Spin, Request) -> Result<Streamed<R>, Problem>,
    R: Rest + 'static,
{
    let env = Spin { sql: Pool };
    let head = Head::of(&incoming);
    let is_head = head.method == Method::HEAD;
    let body = read(incoming, head.length(), body_bytes_max).await;
    let (request, exchange, line) = head.with(body, &env);
    match handle(&env, request).await {
        Ok(Streamed { mut first, rest }) => {
            exchange.begin(&mut first, rest.is_none());
            match rest {
                Some(rest) if !is_head => send_parts(first, rest, env, exchange, line),
                // Nobody would take the rest, so it is not made.
                Some(_) => send(first.map(|_| Vec::new())),
                None => send(first),
            }
        }
        Err(problem) => {
            let (response, cause) = exchange.finish(Err(problem));
            if response.status().is_server_error() {
                line.log(&exchange, response.status().as_u16(), cause);
            }
            send(response)
        }
    }
}

/// What is known of a request before its body is read.
struct Head {
    started: Instant,
    method: Method,
    target: String,
    authority: String,
    headers: Vec<(String, Vec<u8>)>,
}

impl Head {
    fn of(incoming: &types::Request) -> Head {
        Head {
            started: Instant::now(),
            method: method(incoming.get_method()),
            target: incoming.get_path_with_query().unwrap_or_default(),
            authority: incoming.get_authority().unwrap_or_default(),
            headers: incoming.get_headers().copy_all(),
        }
    }

    /// The length of the body as far as it is known before it is read.
    fn length(&self) -> Option<usize> {
        let told = self.headers.iter().find(|(it, _)| it.eq_ignore_ascii_case("content-length"));
        match told {
            Some((_, value)) => std::str::from_utf8(value).ok()?.trim().parse().ok(),
            // HTTP/2 needs to say neither, even of a body; but reads have none of any meaning.
            None if matches!(self.method, Method::GET | Method::HEAD) => Some(0),
            None => None,
        }
    }

    fn with(self, body: Result<Vec<u8>, Unread>, env: &Spin) -> (Request, Exchange, Line) {
        let Head { started, method, target, authority, headers } = self;
        let request = Request::new(method, &target, &authority, headers, body);
        let exchange = Exchange::of(&request, web::request::id(env.random()));
        let line = Line::of(&request, started);
        (request, exchange, line)
    }
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

/// Reads the body and keeps no more than the limit: the host has none.
///
/// What is over the limit is read on and dropped, as far as [`DROPPED_BYTES_MAX`]: a client that
/// is cut off while it writes never reads why.
async fn read(
    request: types::Request,
    length: Option<usize>,
    bytes_max: usize,
) -> Result<Vec<u8>, Unread> {
    if length == Some(0) {
        return Ok(Vec::new());
    }
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
    let (_no_trailers, trailers) = wit_future::new(|| Ok(None));
    let (writer, stream) = if body.is_empty() {
        (None, None)
    } else {
        let (writer, stream) = wit_stream::new();
        (Some(writer), Some(stream))
    };
    let (response, _sent) = types::Response::new(fields(&parts), stream, trailers);
    let _set = response.set_status_code(parts.status.as_u16());
    if let Some(mut writer) = writer {
        spawn(async move {
            writer.write_all(body).await;
        });
    }
    response
}

/// Hands the first part to the host, and each further one when the one before was taken.
///
/// A body ends well only when its trailers say so. What they say of themselves, when a part
/// fails or this task is dropped, is an error, and the host then breaks the connection: without
/// that, half an export would look like a whole one.
fn send_parts<R: Rest + 'static>(
    first: Response,
    mut rest: R,
    env: Spin,
    exchange: Exchange,
    line: Line,
) -> types::Response {
    let (parts, mut part) = first.into_parts();
    let (ended, trailers) = wit_future::new(|| Err(types::ErrorCode::InternalError(None)));
    let (mut writer, stream) = wit_stream::new();
    let (response, _sent) = types::Response::new(fields(&parts), Some(stream), trailers);
    let _set = response.set_status_code(parts.status.as_u16());
    spawn(async move {
        // What is left was not taken: the client went away.
        while writer.write_all(part).await.is_empty() {
            match rest.next(&env).await {
                Ok(Some(next)) => part = next,
                Ok(None) => {
                    drop(writer);
                    // A client that went away at the very end does not mind.
                    let _ended = ended.write(Ok(None)).await;
                    return;
                }
                Err(problem) => {
                    line.log(&exchange, parts.status.as_u16(), problem.into_parts().cause);
                    return;
                }
            }
        }
    });
    response
}

fn fields(parts: &http::response::Parts) -> types::Fields {
    let headers: Vec<(String, Vec<u8>)> = parts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
        .collect();
    // The host refuses no header of ours.
    types::Fields::from_list(&headers).unwrap_or_else(|_| types::Fields::new())
}

/// What the log tells of a request: never its body, its query or an id of the public.
struct Line {
    method: Method,
    route: String,
    started: Instant,
}

impl Line {
    fn of(request: &Request, started: Instant) -> Line {
        let path = request.path();
        // Elsewhere the second part may be a token that opens something: /share, /embed, /t, /b.
        let told = match path.first() {
            Some(&("v1" | "internal" | "dashboard")) => 2,
            _ => 1,
        };
        let route: Vec<&str> = path.into_iter().take(told).collect();
        Line { method: request.method().clone(), route: format!("/{}", route.join("/")), started }
    }

    #[expect(clippy::print_stderr, reason = "the host keeps a component's stderr as its log")]
    fn log(self, exchange: &Exchange, status: u16, cause: Option<String>) {
        let line = json!({
            "level": "error",
            "request_id": exchange.request_id,
            "traceparent": exchange.traceparent,
            "method": self.method.as_str(),
            "route": self.route,
            "status": status,
            "duration_ms": u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            "cause": cause,
        });
        eprintln!("{}", view::text(&line));
    }
}
