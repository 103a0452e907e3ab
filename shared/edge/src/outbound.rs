//! Calls that leave the component: to other systems, and to neighbours that are told to hurry.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use ports::{Answer, Outgoing, Unanswered, Verb};
use spin_sdk::wasip3::http::client;
use spin_sdk::wasip3::http::types::{self, ErrorCode, Scheme};
use spin_sdk::wasip3::wit_bindgen::StreamResult;
use spin_sdk::wasip3::{spawn, wit_future, wit_stream};

/// How much of an answer is read at once.
const READ_BYTES: usize = 4 * 1024;
/// A neighbour is told to hurry at most once in this time by one instance: under load, what
/// happens meanwhile goes with the next.
const HURRY_EVERY: Duration = Duration::from_millis(250);

/// Calls, and reads the beginning of the answer.
pub(crate) async fn send(call: Outgoing) -> Result<Answer, Unanswered> {
    let mut exchange = pin!(exchange(&call));
    let mut over = pin!(spin_sdk::time::sleep(Duration::from_millis(call.timeout_ms)));
    poll_fn(|context| match exchange.as_mut().poll(context) {
        Poll::Ready(answer) => Poll::Ready(answer),
        Poll::Pending => over.as_mut().poll(context).map(|()| Err(Unanswered::Timeout)),
    })
    .await
}

async fn exchange(call: &Outgoing) -> Result<Answer, Unanswered> {
    let request = request(call).ok_or(Unanswered::Broken)?;
    let response = client::send(request).await.map_err(|it| unanswered(&it))?;
    let status = response.get_status_code();
    let headers = response.get_headers().copy_all();
    let (_taken, taken) = wit_future::new(|| Ok(()));
    let (mut stream, trailers) = types::Response::consume_body(response, taken);
    let mut body = Vec::new();
    loop {
        let (result, chunk) = stream.read(Vec::with_capacity(READ_BYTES)).await;
        body.extend(chunk);
        if call.answer_bytes_max <= body.len() {
            // What is left unread closes the connection with it.
            body.truncate(call.answer_bytes_max);
            return Ok(Answer { status, headers, body });
        }
        if result == StreamResult::Dropped {
            break;
        }
    }
    match trailers.await {
        Ok(_) => Ok(Answer { status, headers, body }),
        Err(error) => Err(unanswered(&error)),
    }
}

fn request(call: &Outgoing) -> Option<types::Request> {
    let (scheme, rest) = call.url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let path = rest.get(authority.len()..).unwrap_or_default();
    let path = path.split('#').next().unwrap_or_default();
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    let mut headers: Vec<(String, Vec<u8>)> = Vec::with_capacity(call.headers.len() + 1);
    for (name, value) in &call.headers {
        headers.push((name.clone(), value.as_bytes().to_vec()));
    }
    if call.verb != Verb::Get {
        headers.push(("content-length".to_owned(), call.body.len().to_string().into_bytes()));
    }
    let options = types::RequestOptions::new();
    let nanoseconds = Some(call.timeout_ms.saturating_mul(1_000_000));
    let _set = options.set_connect_timeout(nanoseconds);
    let _set = options.set_first_byte_timeout(nanoseconds);
    let _set = options.set_between_bytes_timeout(nanoseconds);
    let (_no_trailers, trailers) = wit_future::new(|| Ok(None));
    let fields = types::Fields::from_list(&headers).ok()?;
    // A read has no body, which is not the same as an empty one.
    let (writer, stream) = match call.verb {
        Verb::Get => (None, None),
        _ => Some(wit_stream::new()).unzip(),
    };
    let (request, _sent) = types::Request::new(fields, stream, trailers, Some(options));
    let method = match call.verb {
        Verb::Get => types::Method::Get,
        Verb::Post => types::Method::Post,
        Verb::Patch => types::Method::Patch,
        Verb::Put => types::Method::Put,
        Verb::Delete => types::Method::Delete,
    };
    request.set_method(&method).ok()?;
    let scheme = if scheme == "https" { Scheme::Https } else { Scheme::Http };
    request.set_scheme(Some(&scheme)).ok()?;
    request.set_authority(Some(authority)).ok()?;
    request.set_path_with_query(Some(&path)).ok()?;
    if let Some(mut writer) = writer {
        let body = call.body.clone();
        spawn(async move {
            // What is left was not taken: the other side went away.
            let _left = writer.write_all(body).await;
        });
    }
    Some(request)
}

fn unanswered(error: &ErrorCode) -> Unanswered {
    match error {
        ErrorCode::HttpRequestDenied | ErrorCode::DestinationIpProhibited => Unanswered::Denied,
        ErrorCode::DnsTimeout | ErrorCode::DnsError(_) | ErrorCode::DestinationNotFound => {
            Unanswered::Dns
        }
        ErrorCode::DestinationUnavailable
        | ErrorCode::DestinationIpUnroutable
        | ErrorCode::ConnectionRefused
        | ErrorCode::ConnectionLimitReached => Unanswered::Unreachable,
        ErrorCode::TlsProtocolError
        | ErrorCode::TlsCertificateError
        | ErrorCode::TlsAlertReceived(_) => Unanswered::Tls,
        ErrorCode::ConnectionTimeout
        | ErrorCode::ConnectionReadTimeout
        | ErrorCode::ConnectionWriteTimeout
        | ErrorCode::HttpResponseTimeout => Unanswered::Timeout,
        _ => Unanswered::Broken,
    }
}

thread_local! {
    // Which neighbours were told when, and whether one waits to be told again.
    static HURRIED: RefCell<Vec<Hurried>> = const { RefCell::new(Vec::new()) };
}

struct Hurried {
    component: &'static str,
    at: Option<Instant>,
    is_waiting: bool,
}

/// Tells a neighbour to hurry, after the answer to the request at hand.
///
/// Its path has no route, so nobody else can call it. A neighbour that may not be called, or is
/// too busy, leaves its work to the tick.
pub(crate) fn hurry(component: &'static str) {
    let pause = HURRIED.with_borrow_mut(|all| {
        let known = all.iter().position(|it| it.component == component);
        let at = known.unwrap_or(all.len());
        if known.is_none() {
            all.push(Hurried { component, at: None, is_waiting: false });
        }
        let it = all.get_mut(at)?;
        if it.is_waiting {
            return None;
        }
        it.is_waiting = true;
        let since = it.at.map_or(HURRY_EVERY, |it| it.elapsed());
        Some(HURRY_EVERY.saturating_sub(since))
    });
    let Some(pause) = pause else { return };
    spawn(async move {
        if !pause.is_zero() {
            spin_sdk::time::sleep(pause).await;
        }
        HURRIED.with_borrow_mut(|all| {
            if let Some(it) = all.iter_mut().find(|it| it.component == component) {
                it.is_waiting = false;
                it.at = Some(Instant::now());
            }
        });
        tell(component, "/hurry").await;
    });
}

/// Calls a neighbour, whatever it answers.
pub(crate) async fn tell(component: &str, path: &str) {
    // Without it the neighbour would wait for the end of a body that never begins.
    let none = [("content-length".to_owned(), b"0".to_vec())];
    let fields = types::Fields::from_list(&none).unwrap_or_else(|_| types::Fields::new());
    let (_no_trailers, trailers) = wit_future::new(|| Ok(None));
    let (call, _sent) = types::Request::new(fields, None, trailers, None);
    let _set = call.set_method(&types::Method::Post);
    let _set = call.set_scheme(Some(&Scheme::Http));
    let _set = call.set_authority(Some(&[component, ".spin.internal"].concat()));
    let _set = call.set_path_with_query(Some(path));
    let _answer = client::send(call).await;
}
