//! `/mcp`: what assistants ask and do, by the Model Context Protocol.
//!
//! | path | method | |
//! |---|---|---|
//! | `/mcp` | POST | one JSON-RPC message, or a batch where the revision has them |
//!
//! The transport is "streamable HTTP" without its streams: each answer is one JSON document, there
//! is no session, and nothing is kept. There is no database either: each tool is one call of the
//! API with the caller's own key, so that nobody sees or does here what they may not elsewhere.

mod call;
mod outline;
mod rpc;
mod schema;
mod tool;
mod tools;

use app::auth;
use app::neighbour;
use domain::role::Role;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, StatusCode};
use ports::Env;
use serde_json::Value;
use web::lang::{Lang, said};
use web::{Kind, Problem, Request, Response, view};

use rpc::Revision;

/// The largest message: a complaint of the longest text, and what goes with it.
const BODY_BYTES_MAX: usize = web::request::JSON_BYTES_MAX;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

/// Of the headers of whoever asks, those that the API must know. A cookie is none of them: it is
/// the key that counts.
const HEADERS: [&str; 3] = ["authorization", "traceparent", "x-forwarded-proto"];

/// Whoever asks, and what they may.
struct Caller {
    /// Their key, and nothing else of what they sent.
    request: Request,
    lang: Lang,
    role: Role,
    /// Whether their key spans sites.
    is_spanning: bool,
    /// The site that the address names for every call; empty for none.
    site: String,
    /// Whether tools that write are there.
    writes: bool,
}

/// Answers one request; `env` is everything it may touch.
pub async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let request = &request;
    if request.path() != ["mcp"] {
        return Err(Problem::not_found());
    }
    if *request.method() != Method::POST {
        return Err(Problem::method_not_allowed("POST"));
    }
    check_origin(request)?;
    request.no_query()?;
    let caller = Caller::of(env, request).await?;
    let Some(revision) = Revision::of(request) else {
        let told = format!("unsupported MCP-Protocol-Version: send {}", Revision::names());
        return Ok(refused(rpc::error(Value::Null, rpc::INVALID_REQUEST, &told)));
    };
    let message = match read(request)? {
        Some(it) => it,
        None => return Ok(refused(rpc::error(Value::Null, rpc::PARSE_ERROR, "not JSON"))),
    };
    match rpc::answer(env, &caller, revision, message).await? {
        rpc::Answer::Nothing => Ok(accepted()),
        rpc::Answer::Told(told) => web::ok(&told),
        rpc::Answer::Refused(told) => Ok(refused(told)),
    }
}

/// Refuses what a browser sends for a page.
///
/// A page that has its own name lead to this host looks like a page of ours, `Host` and `Origin`
/// alike (DNS rebinding). No page of ours asks here, so none may; programs send no `Origin`.
fn check_origin(request: &Request) -> Result<(), Problem> {
    if !request.has_header("origin") {
        return Ok(());
    }
    Err(Problem::new(Kind::Forbidden).with(said(
        "no web page may ask here: connect from a program, which sends no Origin",
        "此处不接受网页请求：请用不发送 Origin 的程序连接",
    )))
}

/// The message; nothing for what is no JSON.
fn read(request: &Request) -> Result<Option<Value>, Problem> {
    let body = request.body()?;
    if BODY_BYTES_MAX < body.len() {
        return Err(Problem::new(Kind::BodyTooLarge));
    }
    if request.media_type().as_deref() != Some("application/json") {
        return Err(Problem::new(Kind::UnsupportedMediaType).with(said(
            "send content-type: application/json",
            "请使用 content-type: application/json",
        )));
    }
    let read = std::str::from_utf8(body).map(view::json).unwrap_or_default();
    Ok(if read.is_null() { None } else { Some(read) })
}

impl Caller {
    /// Has the API say who it is.
    async fn of(env: &impl Env, request: &Request) -> Result<Caller, Problem> {
        if auth::bearer(request).is_none() {
            return Err(no_key());
        }
        let lang = request.lang();
        let mut headers = Vec::with_capacity(HEADERS.len());
        for name in HEADERS {
            if let Some(value) = request.header(name) {
                headers.push((name.to_owned(), value.as_bytes().to_vec()));
            }
        }
        let site = request.param("site").unwrap_or("").to_owned();
        let authority = request.authority.as_str();
        let request = Request::new(Method::POST, "/mcp", authority, headers, Ok(Vec::new()));
        let asked = neighbour::ask(env, &request, lang, ("admin", "/v1/session")).await;
        let who = asked.map_err(|refused| match refused.status {
            401 => no_key(),
            _ => Problem::new(Kind::Unavailable),
        })?;
        let role = who.get("role").and_then(Value::as_str).and_then(Role::parse);
        Ok(Caller {
            request,
            lang,
            role: role.unwrap_or(Role::Viewer),
            is_spanning: who.get("site_id").is_none_or(Value::is_null),
            site,
            writes: env.setting("mcp_writes").await.as_deref() == Some("on"),
        })
    }
}

/// The problem of a key that is not there, or no good.
fn no_key() -> Problem {
    Problem::new(Kind::Unauthorized).with(said(
        "send Authorization: Bearer sk_…, with a key that is neither revoked nor expired",
        "请发送 Authorization: Bearer sk_…，密钥须未被吊销且未过期",
    ))
}

/// What to say to a message that wants no answer.
fn accepted() -> Response {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = StatusCode::ACCEPTED;
    response
}

/// What to say to what is no message.
fn refused(told: Value) -> Response {
    let mut response = Response::new(view::text(&told).into_bytes());
    *response.status_mut() = StatusCode::BAD_REQUEST;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

#[cfg(test)]
mod tests;
