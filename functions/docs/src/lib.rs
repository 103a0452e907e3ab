//! What callers are promised, for programs and for people: the OpenAPI document, and pages that
//! need neither scripts nor another host.
//!
//! | path | method | does |
//! |---|---|---|
//! | `/openapi.json` | GET | the document |
//! | `/docs` | GET | what there is to know, and every operation |
//! | `/docs/{page}` | GET | a part of the API, `events` or `problems` |
//! | `/docs/style.css`, `/docs/script.js` | GET | the files of these pages |
//!
//! `build/` draws and compresses all of it; nothing here depends on more than the request.

use http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY,
};
use http::{HeaderValue, Method, StatusCode};
use ports::Env;
use web::lang::{Lang, said};
use web::response::{bytes, set};
use web::{Kind, Problem, Request, Response};

/// No request of ours has a body; more than this is not even read.
#[cfg(target_family = "wasm")]
const BODY_BYTES_MAX: usize = 1024;

#[cfg(target_family = "wasm")]
edge::service!(BODY_BYTES_MAX, handle);

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

const DOCUMENT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/openapi.json.gz"));
const STYLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/style.css.gz"));
const SCRIPT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/script.js.gz"));

/// What stands before the compressed bytes: `build/` writes no name and no time.
const GZIP_HEAD_BYTES: usize = 10;
/// The most that a file may inflate to; the largest is the document.
const INFLATED_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Five minutes: a new version of ours is told of soon.
const SHORT: &str = "public, max-age=300";

/// Answers one request; nothing but the path and what the client takes decides.
pub async fn handle(_env: &impl Env, request: Request) -> Result<Response, Problem> {
    let path = request.path();
    let answer = match path.as_slice() {
        ["openapi.json"] => {
            let mut answer = file(&request, "application/json", DOCUMENT)?;
            set(&mut answer, ACCESS_CONTROL_ALLOW_ORIGIN, "*");
            answer
        }
        ["docs", "style.css"] => file(&request, "text/css; charset=utf-8", STYLE)?,
        ["docs", "script.js"] => file(&request, "application/javascript; charset=utf-8", SCRIPT)?,
        ["docs"] => page(&request, "index")?,
        ["docs", name] => page(&request, name)?,
        _ => return Err(Problem::not_found()),
    };
    // HEAD arrives as GET.
    match *request.method() {
        Method::GET => Ok(answer),
        _ => Err(Problem::method_not_allowed("GET, HEAD")),
    }
}

/// A file, as it is kept for whoever takes that.
fn file(
    request: &Request,
    media_type: &'static str,
    compressed: &[u8],
) -> Result<Response, Problem> {
    let mut answer = if request.takes_gzip() {
        let mut answer = bytes(media_type, compressed.to_vec());
        set(&mut answer, CONTENT_ENCODING, "gzip");
        answer
    } else {
        bytes(media_type, inflated(compressed)?)
    };
    set(&mut answer, VARY, "accept-encoding");
    set(&mut answer, CACHE_CONTROL, SHORT);
    Ok(answer)
}

fn inflated(compressed: &[u8]) -> Result<Vec<u8>, Problem> {
    let body = compressed.get(GZIP_HEAD_BYTES..).unwrap_or_default();
    miniz_oxide::inflate::decompress_to_vec_with_limit(body, INFLATED_BYTES_MAX)
        .map_err(|error| Problem::new(Kind::Internal).caused_by(error.status as i32))
}

fn page(request: &Request, name: &str) -> Result<Response, Problem> {
    let lang = pages::lang(request);
    let Some((_, en, zh)) = PAGES.iter().find(|it| it.0 == name) else {
        return pages::told(
            lang,
            Problem::not_found().with(said(
                "this part of the API does not exist; /docs lists all of them",
                "API 没有这个部分；全部内容见 /docs",
            )),
        );
    };
    let compressed = match lang {
        Lang::En => *en,
        Lang::Zh => *zh,
    };
    let inner = file(request, "text/html; charset=utf-8", compressed)?;
    let encoding = inner.headers().get(CONTENT_ENCODING).cloned();
    let mut answer = pages::answer(StatusCode::OK, lang.tag(), pages::SCRIPTED, inner.into_body());
    if let Some(encoding) = encoding {
        answer.headers_mut().insert(CONTENT_ENCODING, encoding);
    }
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(SHORT));
    headers.insert(VARY, HeaderValue::from_static("accept-language, accept-encoding"));
    Ok(answer)
}

#[cfg(test)]
mod tests;
