//! A request taken apart.

use std::cell::Cell;

use http::Method;
use serde_json::Value;

use crate::field::{Fields, Query};
use crate::lang::{Lang, said, said_now};
use crate::page::Page;
use crate::problem::{Kind, Place, Problem};

/// The largest JSON body; far more than any form of ours needs.
pub const JSON_BYTES_MAX: usize = 64 * 1024;
/// Most parameters of a query, and segments of a path, that are looked at. No route of ours has a
/// tenth of it; one that is cut off leaves a request that matches nothing.
const PAIRS_MAX: usize = 100;
const SEGMENTS_MAX: usize = 32;
/// What the host says of whoever calls from another component; it adds this itself, behind what a
/// client claims.
const CHAINED_PEER: &str = "0.0.0.0:0";

/// Why the body of a request is not there.
#[derive(Clone, Copy, Debug)]
pub enum Unread {
    /// It has more than so many bytes.
    TooLarge(usize),
    /// The client went away in the middle of it.
    BrokenOff,
}

/// A request with its whole body.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method; `HEAD` arrives as `GET`.
    method: Method,
    /// The segments of the path, percent-decoded.
    segments: Vec<String>,
    /// The query's pairs, decoded.
    query: Vec<(String, String)>,
    /// Whether the handler looked at the query.
    is_query_read: Cell<bool>,
    /// The headers as the client and the host sent them. A list, because we look up a handful
    /// of them once: a map would first parse each name, with a table of 12 kB.
    headers: Vec<(String, Vec<u8>)>,
    /// The body, or why there is none.
    body: Result<Vec<u8>, Unread>,
    /// The host and port that the client asked for.
    pub authority: String,
    /// Path and query as they came, for hashing.
    pub target: String,
}

impl Request {
    /// Takes a request apart. `target` is its path and query.
    pub fn new(
        method: Method,
        target: &str,
        authority: &str,
        headers: Vec<(String, Vec<u8>)>,
        body: Result<Vec<u8>, Unread>,
    ) -> Request {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let decoded = |segment: &str| {
            percent_encoding::percent_decode_str(segment).decode_utf8_lossy().into_owned()
        };
        let path = path.strip_prefix('/').unwrap_or(path);
        let path = path.strip_suffix('/').unwrap_or(path);
        Request {
            method: if method == Method::HEAD { Method::GET } else { method },
            segments: path.split('/').take(SEGMENTS_MAX).map(decoded).collect(),
            query: form_urlencoded::parse(query.as_bytes()).into_owned().take(PAIRS_MAX).collect(),
            is_query_read: Cell::new(false),
            headers,
            body,
            authority: authority.to_owned(),
            target: target.to_owned(),
        }
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path as segments, to be matched as a slice. It comes from the URL alone: the
    /// `spin-path-match-*` headers can be forged.
    pub fn path(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    /// The one value of a header; nothing when it is absent, not text or given twice.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.values(name);
        let value = std::str::from_utf8(values.next()?).ok().filter(|it| it.is_ascii())?;
        if values.next().is_some() { None } else { Some(value) }
    }

    /// Whether a header is there, whatever it says.
    pub fn has_header(&self, name: &str) -> bool {
        self.values(name).next().is_some()
    }

    /// The last value of a header: those before it may be a client's own.
    pub fn last_header(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.values(name).last()?).ok()
    }

    /// All values of a header that is a list, as one list.
    pub fn joined_header(&self, name: &str) -> String {
        let mut joined = String::new();
        for value in self.values(name) {
            if !joined.is_empty() {
                joined.push(',');
            }
            joined.push_str(&String::from_utf8_lossy(value));
        }
        joined
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        let named = self.headers.iter().filter(move |(it, _)| it.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_slice())
    }

    /// Whether a proxy in front of us says that the outside is TLS.
    pub fn is_tls(&self) -> bool {
        self.header("x-forwarded-proto") == Some("https")
    }

    /// Whether another component of ours asks. A client can claim any host, but not to be no peer.
    pub fn is_neighbour(&self) -> bool {
        self.authority.ends_with(".spin.internal")
            && self.last_header("spin-client-addr") == Some(CHAINED_PEER)
    }

    /// Whether a parameter of the query is given more than once.
    pub fn has_twice(&self, name: &str) -> bool {
        1 < self.query.iter().filter(|(it, _)| it == name).count()
    }

    /// Whether the client takes a compressed body; `gzip;q=0` refuses it.
    pub fn takes_gzip(&self) -> bool {
        let taken = self.header("accept-encoding").unwrap_or("");
        taken.split(',').map(str::trim).any(|it| it == "gzip" || it.starts_with("gzip;q=1"))
    }

    /// The language to answer in.
    pub fn lang(&self) -> Lang {
        Lang::accepted(self.header("accept-language").unwrap_or(""))
    }

    /// The body. Asking for it is what tells that it could not be read, so that such a request
    /// meets the same handler, with the same headers in its answer, as every other.
    ///
    /// Nothing is unpacked: a few bytes can stand for gigabytes.
    pub fn body(&self) -> Result<&[u8], Problem> {
        let is_packed = !matches!(self.joined_header("content-encoding").trim(), "" | "identity");
        match &self.body {
            Ok(_) if is_packed => Err(Problem::new(Kind::UnsupportedMediaType).with(said(
                "send the body as it is, without content-encoding",
                "请直接发送请求体，不要使用 content-encoding 压缩",
            ))),
            Ok(body) => Ok(body),
            Err(Unread::TooLarge(bytes_max)) => Err(too_large(*bytes_max)),
            Err(Unread::BrokenOff) => Err(Problem::new(Kind::MalformedBody)
                .with(said("the body broke off; send it again", "请求体中断，请重新发送"))),
        }
    }

    /// The body as a JSON object, to be read field by field.
    pub fn fields(&self) -> Result<Fields, Problem> {
        self.fields_up_to(JSON_BYTES_MAX)
    }

    /// The body as a JSON object of at most so many bytes, where a list is longer than a form.
    pub fn fields_up_to(&self, bytes_max: usize) -> Result<Fields, Problem> {
        self.no_unread_query()?;
        if bytes_max < self.body()?.len() {
            return Err(too_large(bytes_max));
        }
        match self.value()? {
            Value::Object(map) => Ok(Fields::of_body(map)),
            _ => Err(Problem::new(Kind::MalformedBody)
                .with(said("the body must be a JSON object", "请求体必须是 JSON 对象"))),
        }
    }

    /// The body as a JSON object; an absent body is an empty one.
    pub fn fields_or_none(&self) -> Result<Fields, Problem> {
        self.no_unread_query()?;
        if self.body()?.is_empty() { Ok(Fields::default()) } else { self.fields() }
    }

    /// The body as JSON of any kind.
    pub fn value(&self) -> Result<Value, Problem> {
        self.json_only()?;
        serde_json::from_slice(self.body()?).map_err(|error| {
            Problem::new(Kind::MalformedBody).with(said_now(
                format!("not JSON at line {}, column {}", error.line(), error.column()),
                format!("第 {} 行第 {} 列不是有效的 JSON", error.line(), error.column()),
            ))
        })
    }

    /// Refuses what does not say that it is JSON. A page of another origin can send text/plain
    /// without asking first; JSON it cannot.
    pub fn json_only(&self) -> Result<(), Problem> {
        if self.media_type().is_some_and(|it| it == "application/json" || it.ends_with("+json")) {
            return Ok(());
        }
        Err(Problem::new(Kind::UnsupportedMediaType).with(said(
            "send content-type: application/json",
            "请使用 content-type: application/json",
        )))
    }

    /// The media type of the body, lower case and without parameters.
    pub fn media_type(&self) -> Option<String> {
        let header = self.header("content-type")?;
        Some(header.split(';').next().unwrap_or("").trim().to_ascii_lowercase())
    }

    /// The query, to be read parameter by parameter. `site` belongs to signing in.
    pub fn query(&self) -> Query {
        self.is_query_read.set(true);
        Query::new(self.query.iter().filter(|(name, _)| name != "site").cloned().collect())
    }

    /// The value of one parameter of the query.
    pub fn param(&self, name: &str) -> Option<&str> {
        if name != "site" {
            self.is_query_read.set(true);
        }
        self.query.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// Refuses every parameter of the query.
    pub fn no_query(&self) -> Result<(), Problem> {
        self.query().done()
    }

    /// Refuses every parameter of a query that no handler looked at. Most writes have none, and
    /// come by here before they do anything.
    fn no_unread_query(&self) -> Result<(), Problem> {
        if self.is_query_read.get() { Ok(()) } else { self.no_query() }
    }

    /// The page of a list that is asked for; refuses every other parameter.
    pub fn page(&self) -> Result<Page, Problem> {
        let mut query = self.query();
        let page = Page::read(&mut query);
        query.done()?;
        Ok(page)
    }

    /// The version that `If-Match` names, if any. `*` matches every version.
    pub fn if_match(&self) -> Result<Option<i64>, Problem> {
        let Some(header) = self.header("if-match") else { return Ok(None) };
        if header.trim() == "*" {
            return Ok(None);
        }
        let version = header.trim().strip_prefix("\"v").and_then(|it| it.strip_suffix('"'));
        match version.and_then(|it| it.parse().ok()) {
            Some(version) => Ok(Some(version)),
            // A tag that we never gave out matches nothing (RFC 9110 §13.1.1).
            None => Err(Problem::new(Kind::PreconditionFailed)),
        }
    }

    /// The `Idempotency-Key`, quoted as in the IETF draft or bare as most clients send it.
    pub fn idempotency_key(&self) -> Result<Option<&str>, Problem> {
        self.no_unread_query()?;
        if !self.has_header("idempotency-key") {
            return Ok(None);
        }
        let key = self.header("idempotency-key").unwrap_or("").trim();
        let key = key.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(key);
        let fits = (1..=IDEMPOTENCY_KEY_CHARS_MAX).contains(&key.len())
            && key.bytes().all(|it| it.is_ascii_graphic() && it != b'"' && it != b'\\');
        if fits {
            return Ok(Some(key));
        }
        Err(Problem::invalid(
            Place::Header("idempotency-key"),
            said(
                "must be 1 to 255 visible ASCII characters, given once, such as a UUID",
                "须为 1 到 255 个可见 ASCII 字符，且只给一次，例如 UUID",
            ),
        ))
    }
}

/// The longest idempotency key.
pub const IDEMPOTENCY_KEY_CHARS_MAX: usize = 255;

/// A fresh name for an exchange.
pub fn id(random: [u8; 16]) -> String {
    domain::id::token("req_", random)
}

/// A body over its limit.
fn too_large(bytes_max: usize) -> Problem {
    Problem::new(Kind::BodyTooLarge).with(said_now(
        format!("the body may have at most {bytes_max} bytes"),
        format!("请求体不得超过 {bytes_max} 字节"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(headers: &[(&'static str, &str)]) -> Request {
        let headers =
            headers.iter().map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()));
        let target = "/v1/a%2Fb/%E5%9B%9E/?q=%E5%9B%9E+x&site=1";
        let request = Request::new(Method::HEAD, target, "h", headers.collect(), Ok(vec![]));
        request.is_query_read.set(true);
        request
    }

    #[test]
    fn the_path_is_decoded_by_segment() {
        let request = request(&[]);
        assert_eq!(request.path(), ["v1", "a/b", "回"]);
        assert_eq!(request.param("q"), Some("回 x"));
        assert_eq!(request.method, Method::GET);
    }

    #[test]
    fn only_the_host_can_say_that_a_neighbour_asks() {
        let asked = |authority: &str, peers: &[&str]| {
            let headers = peers.iter();
            let headers = headers.map(|it| ("spin-client-addr".to_owned(), it.as_bytes().to_vec()));
            let none = Ok(Vec::new());
            Request::new(Method::GET, "/", authority, headers.collect(), none).is_neighbour()
        };
        assert!(asked("form.spin.internal", &["0.0.0.0:0"]));
        assert!(asked("form.spin.internal", &["6.6.6.6:6", "0.0.0.0:0"]));
        assert!(!asked("form.spin.internal", &["0.0.0.0:0", "6.6.6.6:6"]), "a client claims it");
        assert!(!asked("form.spin.internal", &[]));
        assert!(!asked("evil.example", &["0.0.0.0:0"]));
    }

    #[test]
    fn a_packed_body_is_refused_and_not_unpacked() {
        for (encoding, is_fine) in
            [("identity", true), ("gzip", false), ("deflate, gzip", false), ("x", false)]
        {
            let read = request(&[("content-encoding", encoding)]).body().map(<[u8]>::len);
            match read {
                Ok(length) => assert!(is_fine && length == 0, "{encoding}"),
                Err(problem) => {
                    assert!(!is_fine && problem.kind == Kind::UnsupportedMediaType, "{encoding}");
                }
            }
        }
        let twice = request(&[("content-encoding", "identity"), ("content-encoding", "br")]);
        assert!(twice.body().is_err());
    }

    #[test]
    fn endless_paths_and_queries_are_cut_off() {
        let none = || Ok(Vec::new());
        let long = format!("/{}?{}", "a/".repeat(100_000), "a=1&".repeat(100_000));
        let request = Request::new(Method::GET, &long, "h", Vec::new(), none());
        assert_eq!((request.path().len(), request.query.len()), (SEGMENTS_MAX, PAIRS_MAX));
        assert!(request.has_twice("a") && !request.has_twice("b"));
        for target in ["//v1/nps", "/v1//nps", "/v1/../admin", "/v1%2Fnps", "/%2e%2e/v1/nps"] {
            let request = Request::new(Method::GET, target, "h", Vec::new(), none());
            assert_ne!(request.path(), ["v1", "nps"], "{target}");
            assert_ne!(request.path(), ["admin"], "{target}");
        }
        let odd = Request::new(Method::GET, "/v1/%00%0d%0a%ff", "h", Vec::new(), none());
        assert_eq!(odd.path(), ["v1", "\0\r\n\u{fffd}"]);
    }

    #[test]
    fn idempotency_keys_are_quoted_or_bare() {
        let key = |value: &str| {
            request(&[("idempotency-key", value)]).idempotency_key().map(|it| it.map(str::to_owned))
        };
        assert_eq!(key("\"8e03\"").unwrap().as_deref(), Some("8e03"));
        assert_eq!(key("8e03").unwrap().as_deref(), Some("8e03"));
        for bad in ["", "\"\"", "a b", "a\"b", &"x".repeat(256)] {
            assert!(key(bad).is_err(), "{bad:?}");
        }
        let twice = request(&[("idempotency-key", "a"), ("idempotency-key", "b")]);
        assert!(twice.idempotency_key().is_err());
        assert_eq!(request(&[]).idempotency_key().unwrap(), None);
    }

    #[test]
    fn a_query_that_a_write_does_not_look_at_is_refused() {
        let write = |target: &str| {
            let json = vec![("content-type".to_owned(), b"application/json".to_vec())];
            Request::new(Method::POST, target, "h", json, Ok(b"{}".to_vec()))
        };
        assert!(write("/v1/x?site=sit_a").fields().is_ok());
        assert!(write("/v1/x?dry_run=1").fields().is_err());
        assert!(write("/v1/x?dry_run=1").fields_or_none().is_err());
        assert!(write("/v1/x?dry_run=1").idempotency_key().is_err());
        let read = write("/v1/x?dry_run=1");
        assert_eq!(read.param("dry_run"), Some("1"));
        assert!(read.fields().is_ok() && read.idempotency_key().is_ok());
    }

    #[test]
    fn if_match_names_a_version() {
        let version = |value| request(&[("if-match", value)]).if_match();
        assert_eq!(version("\"v3\"").unwrap(), Some(3));
        assert_eq!(version("*").unwrap(), None);
        assert!(version("W/\"v3\"").is_err());
        assert!(version("\"other\"").is_err());
        assert_eq!(request(&[]).if_match().unwrap(), None);
    }
}
