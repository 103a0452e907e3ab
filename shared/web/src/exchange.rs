//! What goes out: problems rendered, entity tags compared, ids and lengths set.

use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    ETAG, REFERRER_POLICY, RETRY_AFTER, STRICT_TRANSPORT_SECURITY, WWW_AUTHENTICATE,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use sha2::{Digest, Sha256};

use crate::lang::Lang;
use crate::problem::Problem;
use crate::request::Request;
use crate::response::{Response, set};
use crate::view;

const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
const HTML: &[u8] = b"text/html";
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// What every answer says to browsers, unless it says something else itself.
const GUARDS: [(HeaderName, &str); 5] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // What is no page of ours does nothing and is framed by nobody, whatever it is taken for.
    (CONTENT_SECURITY_POLICY, "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    // Reads that may be kept are tagged and say so.
    (CACHE_CONTROL, "no-store"),
];
/// The same of pages.
const PAGE_GUARDS: [(HeaderName, &str); 2] = [
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];
/// Half a year of TLS and nothing else, for whoever came by it.
const HSTS: &str = "max-age=15552000";

/// What of a request its answer depends on.
#[derive(Debug)]
pub struct Exchange {
    /// Names this exchange in the answer and in the log.
    pub request_id: String,
    /// The caller's trace (W3C Trace Context), if it is valid.
    pub traceparent: Option<String>,
    lang: Lang,
    is_read: bool,
    is_tls: bool,
    if_none_match: Option<String>,
}

impl Exchange {
    /// Of a request, under a new id.
    pub fn of(request: &Request, request_id: String) -> Exchange {
        Exchange {
            request_id,
            traceparent: request.header("traceparent").filter(|it| is_trace(it)).map(str::to_owned),
            lang: request.lang(),
            is_read: *request.method() == Method::GET,
            is_tls: request.is_tls(),
            if_none_match: request.header("if-none-match").map(str::to_owned),
        }
    }

    /// Makes the answer, and the cause of a failure for the log.
    pub fn finish(&self, result: Result<Response, Problem>) -> (Response, Option<String>) {
        let (mut response, cause) = match result {
            Ok(response) => (response, None),
            Err(problem) => self.explain(problem),
        };
        if self.is_read && response.status() == StatusCode::OK {
            self.tag(&mut response);
        }
        self.name(&mut response);
        if response.status() != StatusCode::NO_CONTENT
            && response.status() != StatusCode::NOT_MODIFIED
        {
            measure(&mut response);
        }
        (response, cause)
    }

    /// Makes what goes out at once of an answer that streams. Only a whole body has a length; a
    /// tag it never has, because nobody keeps it.
    pub fn begin(&self, first: &mut Response, is_whole: bool) {
        self.name(first);
        if is_whole {
            measure(first);
        }
    }

    fn name(&self, response: &mut Response) {
        set(response, REQUEST_ID, &self.request_id);
        if let Some(traceparent) = &self.traceparent {
            set(response, TRACEPARENT, traceparent);
        }
        let headers = response.headers_mut();
        let is_page = headers.get(CONTENT_TYPE).is_some_and(|it| it.as_bytes().starts_with(HTML));
        let of_page = if is_page { &PAGE_GUARDS[..] } else { &[] };
        for (name, value) in GUARDS.iter().chain(of_page) {
            if !headers.contains_key(name) {
                headers.insert(name, HeaderValue::from_static(value));
            }
        }
        if self.is_tls {
            headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
        }
    }

    fn explain(&self, problem: Problem) -> (Response, Option<String>) {
        let own = problem.body(self.lang, &self.request_id);
        let mut problem = problem.into_parts();
        let media_type = match problem.foreign {
            Some(_) => "application/json",
            None => "application/problem+json",
        };
        let (status, body) = problem.foreign.take().unwrap_or((problem.kind.status(), own));
        let mut response = Response::new(view::text(&body).into_bytes());
        *response.status_mut() = status;
        *response.headers_mut() = problem.headers;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(self.lang.tag()));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(allow) = problem.allow {
            headers.insert(ALLOW, HeaderValue::from_static(allow));
        }
        if let Some(seconds) = problem.retry_after_s {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        if response.status() == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer realm=\"huiyin\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, scheme);
        }
        (response, problem.cause)
    }

    /// Tags what was read and answers 304 if the client has it.
    fn tag(&self, response: &mut Response) {
        if !response.headers().contains_key(ETAG) {
            let hash = domain::id::hex(&Sha256::digest(response.body()));
            set(response, ETAG, &format!("\"{}\"", hash.get(..32).unwrap_or(&hash)));
        }
        if !response.headers().contains_key(CACHE_CONTROL) {
            let ours = HeaderValue::from_static("private, no-cache");
            response.headers_mut().insert(CACHE_CONTROL, ours);
        }
        let tag = response.headers().get(ETAG).and_then(|it| it.to_str().ok()).unwrap_or("");
        if self.if_none_match.as_deref().is_some_and(|wanted| has(wanted, tag)) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response.headers_mut().remove(CONTENT_TYPE);
            response.body_mut().clear();
        }
    }
}

/// Without a length the body leaves in a second packet and waits 40 ms for an ACK.
fn measure(response: &mut Response) {
    let length = response.body().len().into();
    response.headers_mut().insert(CONTENT_LENGTH, length);
}

/// Whether a list of entity tags holds this one; the comparison is weak (RFC 9110 §13.1.2).
fn has(list: &str, tag: &str) -> bool {
    let strong = |it: &str| it.trim().strip_prefix("W/").unwrap_or(it.trim()).to_owned();
    list.trim() == "*" || list.split(',').any(|it| strong(it) == strong(tag))
}

/// Whether this is a `traceparent` of version 00 or of a later one that starts alike.
fn is_trace(header: &str) -> bool {
    let fields: Vec<&str> = header.split('-').collect();
    let [version, trace, span, flags, rest @ ..] = fields.as_slice() else { return false };
    let hex = |field: &str, length: usize| {
        field.len() == length && field.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
    };
    let some = |field: &str| field.bytes().any(|it| it != b'0');
    hex(version, 2)
        && *version != "ff"
        && (*version != "00" || rest.is_empty())
        && hex(trace, 32)
        && some(trace)
        && hex(span, 16)
        && some(span)
        && hex(flags, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entity_tags_compare_weakly_and_in_lists() {
        assert!(has("\"a\"", "\"a\""));
        assert!(has("W/\"a\"", "\"a\""));
        assert!(has("\"x\", \"a\"", "W/\"a\""));
        assert!(has("*", "\"a\""));
        assert!(!has("\"b\"", "\"a\""));
    }

    #[test]
    fn every_answer_says_what_browsers_may_do_with_it() {
        let finished = |headers: &[(&str, &str)], result| {
            let headers = headers.iter();
            let headers = headers.map(|(name, it)| ((*name).to_owned(), it.as_bytes().to_vec()));
            let request = Request::new(Method::GET, "/", "h", headers.collect(), Ok(Vec::new()));
            Exchange::of(&request, "req_1".to_owned()).finish(result).0
        };
        let page = || crate::response::bytes("text/html; charset=utf-8", b"<p>".to_vec());
        let problem = || Err(Problem::not_found());
        for answer in [finished(&[], Ok(crate::no_content())), finished(&[], problem())] {
            for (name, value) in GUARDS {
                assert_eq!(answer.headers()[&name], value);
            }
            assert!(!answer.headers().contains_key("permissions-policy"));
            assert!(!answer.headers().contains_key("strict-transport-security"));
        }
        let mut own = page();
        set(&mut own, CONTENT_SECURITY_POLICY, "frame-ancestors *");
        let answer = finished(&[], Ok(own));
        assert_eq!(answer.headers()[CONTENT_SECURITY_POLICY], "frame-ancestors *");
        assert_eq!(answer.headers()[CACHE_CONTROL], "private, no-cache", "a read is tagged");
        for (name, value) in PAGE_GUARDS {
            assert_eq!(answer.headers()[&name], value);
        }
        let tls = finished(&[("x-forwarded-proto", "https")], problem());
        assert_eq!(tls.headers()[STRICT_TRANSPORT_SECURITY], HSTS);
        // Who says it twice is no proxy of ours.
        let two = [("x-forwarded-proto", "https"), ("x-forwarded-proto", "http")];
        assert!(!finished(&two, problem()).headers().contains_key(STRICT_TRANSPORT_SECURITY));
    }

    #[test]
    fn only_a_valid_trace_is_passed_on() {
        let trace = "0af7651916cd43dd8448eb211c80319c";
        let span = "b7ad6b7169203331";
        assert!(is_trace(&format!("00-{trace}-{span}-01")));
        assert!(is_trace(&format!("cc-{trace}-{span}-01-what-the-future-holds")));
        assert!(!is_trace(&format!("00-{trace}-{span}-01-more")));
        assert!(!is_trace(&format!("ff-{trace}-{span}-01")));
        assert!(!is_trace(&format!("00-{}-{span}-01", "0".repeat(32))));
        assert!(!is_trace(&format!("00-{trace}-{}-01", "0".repeat(16))));
        assert!(!is_trace(&format!("00-{}-{span}-01", trace.to_uppercase())));
        assert!(!is_trace("nonsense"));
    }
}
