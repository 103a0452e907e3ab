//! What never changes while it runs: the survey widget and the complaint dialog for any page, an
//! invented shop that uses it, the style of our pages, and the catalogue of events.
//!
//! | path | method | does |
//! |---|---|---|
//! | `/widget.js` | GET | the widget as it is now, kept for minutes |
//! | `/widget/{hash}.js` | GET | the same, for ever; `more-{hash}.js` is its second module |
//! | `/widget.json` | GET | the names and the hashes of these two |
//! | `/complaint.js` | GET | the dialog to complain in, for any page |
//! | `/style/{hash}.css` | GET | the style of our own pages, and that of pages of figures |
//! | `/script/{hash}.js` | GET | the script of pages of figures |
//! | `/demo` | GET | a page that embeds a survey |
//! | `/v1/events/types` | GET | the catalogue of events, for whoever is to receive them |
//!
//! `build.rs` makes the scripts. Entity tags, lengths and 304 are made by `web`.

use http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY,
    REFERRER_POLICY, VARY,
};
use http::{HeaderName, Method};
use ports::Env;
use serde_json::{Value, json};
use web::catalogue;
use web::lang::said;
use web::response::{bytes, set};
use web::{Problem, Request, Response};

/// No request of ours has a body; more than this is not even read.
#[cfg(target_family = "wasm")]
const BODY_BYTES_MAX: usize = 1024;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "application/javascript; charset=utf-8";

/// A script that the build made.
struct Script {
    /// Its name under `/widget/`, with a hash of what is in it.
    file: &'static str,
    /// Where the way back to its source is told.
    map: &'static str,
    /// For the attribute `integrity` of a tag.
    integrity: &'static str,
    text: &'static str,
    gzipped: &'static [u8],
    source_map: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/scripts.rs"));

/// Five minutes: a mended widget reaches every page at once, and a page with an old copy finds the
/// module that belongs to it.
const SHORT: &str = "public, max-age=300";
const FOREVER: &str = "public, max-age=31536000, immutable";

/// What the demo page may do: as strict as the strictest customer's page, to prove that the
/// widget works there.
const DEMO_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; \
    style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const SOURCE_MAP: HeaderName = HeaderName::from_static("sourcemap");

/// Answers one request; nothing but the path decides.
pub async fn handle(_env: &impl Env, request: Request) -> Result<Response, Problem> {
    let path = request.path();
    let answer = match path.as_slice() {
        ["widget.js"] => Ok(script(&request, &CORE, SHORT)),
        ["widget", "more.js"] => Ok(script(&request, &MORE, SHORT)),
        ["complaint.js"] => Ok(script(&request, &COMPLAINT, SHORT)),
        // Its name holds its hash.
        ["style" | "script", _] => hashed(&request.target),
        ["widget.json"] => names(),
        ["widget", file] => versioned(&request, file),
        ["demo"] => Ok(demo()),
        // Of the pages of `page`, which has enough to carry.
        ["s", "page.css"] => Ok(page_file(CSS, include_str!("page.css"))),
        // Nothing of any site is in it, and `webhook` has enough to carry.
        ["v1", "events", "types"] => Ok(bytes("application/json", catalogue::DOCUMENT.into())),
        ["demo", "page.js"] => Ok(page_file(JAVASCRIPT, include_str!("demo.js"))),
        ["demo", "page.css"] => Ok(page_file(CSS, include_str!("demo.css"))),
        _ => return Err(Problem::not_found()),
    };
    // HEAD arrives as GET.
    match *request.method() {
        Method::GET => answer,
        _ => Err(Problem::method_not_allowed("GET, HEAD")),
    }
}

/// A script, compressed for whoever takes that.
fn script(request: &Request, script: &Script, kept: &str) -> Response {
    let mut response = if request.takes_gzip() {
        let mut response = bytes(JAVASCRIPT, script.gzipped.to_vec());
        set(&mut response, CONTENT_ENCODING, "gzip");
        response
    } else {
        bytes(JAVASCRIPT, script.text.as_bytes().to_vec())
    };
    set(&mut response, VARY, "accept-encoding");
    set(&mut response, CACHE_CONTROL, kept);
    // Browsers read it when somebody looks at an error: it leads back to lines of our sources.
    if !script.source_map.is_empty() {
        set(&mut response, SOURCE_MAP, &format!("/widget/{}", script.map));
    }
    anywhere(&mut response);
    response
}

/// A file whose name holds its hash: it never changes, and only the newest is here.
fn versioned(request: &Request, file: &str) -> Result<Response, Problem> {
    for it in [&CORE, &MORE, &COMPLAINT] {
        if file == it.file {
            return Ok(script(request, it, FOREVER));
        }
        if file == it.map && !it.source_map.is_empty() {
            let mut response = bytes("application/json", it.source_map.to_vec());
            set(&mut response, CONTENT_ENCODING, "gzip");
            set(&mut response, CACHE_CONTROL, FOREVER);
            anywhere(&mut response);
            return Ok(response);
        }
    }
    Err(Problem::not_found().with(said(
        "this version is not here any more; /widget.json names the one that is",
        "此版本已不在；当前版本见 /widget.json",
    )))
}

/// A file of our own pages.
fn hashed(target: &str) -> Result<Response, Problem> {
    let path = target.split('?').next().unwrap_or(target);
    let files = [
        (pages::STYLE_PATH, CSS, pages::STYLE),
        (pages::BOARD_STYLE_PATH, CSS, pages::BOARD_STYLE),
        (pages::BOARD_SCRIPT_PATH, JAVASCRIPT, pages::BOARD_SCRIPT),
        (pages::DESK_STYLE_PATH, CSS, pages::DESK_STYLE),
        (pages::DESK_SCRIPT_PATH, JAVASCRIPT, pages::DESK_SCRIPT),
    ];
    let found = files.into_iter().find(|it| it.0 == path);
    let (_, media_type, text) = found.ok_or_else(Problem::not_found)?;
    let mut response = bytes(media_type, text.as_bytes().to_vec());
    set(&mut response, CACHE_CONTROL, FOREVER);
    Ok(response)
}

/// Where the newest version is, for a tag with `integrity`.
fn names() -> Result<Response, Problem> {
    let name = |it: &Script| -> Value {
        json!({ "url": format!("/widget/{}", it.file), "integrity": it.integrity })
    };
    let mut names = name(&CORE);
    if let Some(names) = names.as_object_mut() {
        names.insert("more".to_owned(), name(&MORE));
    }
    let mut response = web::ok(&names)?;
    set(&mut response, CACHE_CONTROL, SHORT);
    anywhere(&mut response);
    Ok(response)
}

/// Lets every page load it, also one that isolates itself (COEP).
fn anywhere(response: &mut Response) {
    set(response, ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    set(response, RESOURCE_POLICY, "cross-origin");
}

fn demo() -> Response {
    let mut response = page_file(HTML, include_str!("demo.html"));
    set(&mut response, CONTENT_SECURITY_POLICY, DEMO_POLICY);
    // The address carries a key; it is a public one, but nobody else's business.
    set(&mut response, REFERRER_POLICY, "same-origin");
    response
}

fn page_file(media_type: &'static str, text: &str) -> Response {
    let mut response = bytes(media_type, text.as_bytes().to_vec());
    set(&mut response, CACHE_CONTROL, "public, no-cache");
    response
}

#[cfg(test)]
mod tests;
