//! What another component of ours tells whoever asks now, and does for them.
//!
//! Pages are made of what the API answers and do what the API does, so that no page says or decides
//! anything that the API does not.

use std::pin::Pin;
use std::task::Poll;

use ports::{Env, Outgoing, Unanswered, Verb};
use serde_json::{Map, Value};
use web::lang::Lang;
use web::{Request, view};

/// How long one answer may take.
const TIMEOUT_MS: u64 = 20_000;
/// How much of an answer is read.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;
/// What the neighbour must know of whoever asks.
const HEADERS: [&str; 5] =
    ["authorization", "cookie", "cache-control", "traceparent", "x-forwarded-proto"];

/// Why there is nothing to show.
#[derive(Clone, Debug, Default)]
pub struct Refused {
    /// The status of the answer; 503 if there was none.
    pub status: u16,
    /// What the problem document says; empty without one.
    pub told: Map<String, Value>,
}

impl Refused {
    /// What people can be told: the first mistake, or else the detail, or else the title.
    pub fn text(&self) -> &str {
        let mistake = self.told.get("errors").and_then(|it| it.get(0)?.get("detail")?.as_str());
        let text = |name: &str| self.told.get(name).and_then(Value::as_str);
        mistake.or_else(|| text("detail")).or_else(|| text("title")).unwrap_or("")
    }
}

/// Something that a component is to do for whoever sent a form.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The component. The manifest entry of whoever asks must allow
    /// `http://{component}.spin.internal`.
    pub component: &'a str,
    /// What is asked for.
    pub verb: Verb,
    /// Its path and query.
    pub target: &'a str,
    /// The body; null for none.
    pub body: &'a Value,
    /// The `Idempotency-Key`; empty for none.
    pub key: &'a str,
    /// The version that was seen, for `If-Match`; 0 for whatever is there.
    pub version: i64,
    /// The media type of a body that is no JSON, and is sent as the text that it is; empty for
    /// JSON.
    pub media_type: &'a str,
}

impl Default for Call<'_> {
    fn default() -> Self {
        let (body, verb) = (&Value::Null, Verb::Post);
        Call { component: "", verb, target: "", body, key: "", version: 0, media_type: "" }
    }
}

/// What was done.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// The status.
    pub status: u16,
    /// The answer; a text if it is of a kind of text, null if there is none.
    pub told: Value,
    /// Its headers, with names in small letters.
    pub headers: Vec<(String, String)>,
}

impl Done {
    /// A header of the answer; empty for none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str())
    }
}

/// A key as a header can have it: what came in a form may be anything.
fn as_header(key: &str) -> String {
    let is_visible = key.bytes().all(|it| it.is_ascii_graphic());
    if is_visible { key.to_owned() } else { domain::id::hex(key.as_bytes()) }
}

/// Has a component do something as whoever sent a form, once for each key.
///
/// The form must have been checked by [`crate::csrf::check`]: to the component it comes from a page
/// of ours.
pub async fn send(
    env: &impl Env,
    request: &Request,
    lang: Lang,
    call: Call<'_>,
) -> Result<Done, Refused> {
    let mut headers = passed_on(request);
    headers.push(("accept-language".to_owned(), lang.tag().to_owned()));
    headers.push(("sec-fetch-site".to_owned(), "same-origin".to_owned()));
    // Whoever signs in by a page is told later what they did it with.
    if let Some(value) = request.header("user-agent") {
        headers.push(("user-agent".to_owned(), value.to_owned()));
    }
    let body = match (call.body, call.media_type) {
        (Value::Null, _) => Vec::new(),
        (Value::String(text), media_type) if !media_type.is_empty() => text.clone().into_bytes(),
        (body, _) => view::text(body).into_bytes(),
    };
    if !body.is_empty() {
        let json = "application/json";
        let media_type = if call.media_type.is_empty() { json } else { call.media_type };
        headers.push(("content-type".to_owned(), media_type.to_owned()));
    }
    if !call.key.is_empty() {
        headers.push(("idempotency-key".to_owned(), as_header(call.key)));
    }
    if call.version != 0 {
        headers.push(("if-match".to_owned(), format!("\"v{}\"", call.version)));
    }
    let outgoing = Outgoing {
        verb: call.verb,
        url: format!("http://{}.spin.internal{}", call.component, call.target),
        headers,
        body,
        timeout_ms: TIMEOUT_MS,
        answer_bytes_max: ANSWER_BYTES_MAX,
    };
    let answer = env.call(outgoing).await.map_err(|_: Unanswered| gone())?;
    let is_text = answer.header("content-type").is_some_and(|it| it.starts_with("text/"));
    let read = |text: &str| if is_text { Value::from(text) } else { view::json(text) };
    let told = std::str::from_utf8(&answer.body).map(read).unwrap_or_default();
    match (answer.status, told) {
        (200..300, told) => {
            let text = |it: Vec<u8>| String::from_utf8(it).unwrap_or_default();
            let headers = answer.headers.into_iter();
            let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), text(value)));
            Ok(Done { status: answer.status, told, headers: headers.collect() })
        }
        (400.., Value::Object(told)) => Err(Refused { status: answer.status, told }),
        _ => Err(gone()),
    }
}

/// Asks a component for what stands at `target`, its path and query.
///
/// Its manifest entry must allow `http://{component}.spin.internal`.
pub async fn ask(
    env: &impl Env,
    request: &Request,
    lang: Lang,
    (component, target): (&str, &str),
) -> Result<Value, Refused> {
    ask_with(env, passed_on(request), lang, (component, target)).await
}

/// Of the headers of whoever asks, those that the neighbour must know.
fn passed_on(request: &Request) -> Vec<(String, String)> {
    let mut headers = Vec::with_capacity(HEADERS.len() + 2);
    for name in HEADERS {
        if let Some(value) = request.header(name) {
            headers.push((name.to_owned(), value.to_owned()));
        }
    }
    // Links in the answer are to lead to where we were asked.
    headers.push(("x-forwarded-host".to_owned(), request.authority.clone()));
    headers
}

/// The same with headers of one's own.
async fn ask_with(
    env: &impl Env,
    mut headers: Vec<(String, String)>,
    lang: Lang,
    (component, target): (&str, &str),
) -> Result<Value, Refused> {
    headers.push(("accept-language".to_owned(), lang.tag().to_owned()));
    let call = Outgoing {
        verb: Verb::Get,
        url: format!("http://{component}.spin.internal{target}"),
        headers,
        body: Vec::new(),
        timeout_ms: TIMEOUT_MS,
        answer_bytes_max: ANSWER_BYTES_MAX,
    };
    let answer = env.call(call).await.map_err(|_: Unanswered| gone())?;
    let told = std::str::from_utf8(&answer.body).map(view::json).unwrap_or_default();
    if answer.status == 200 && !told.is_null() {
        return Ok(told);
    }
    match told {
        Value::Object(told) if 400 <= answer.status => Err(Refused { status: answer.status, told }),
        _ => Err(gone()),
    }
}

/// Asks several at once; the answers come in the order of what was asked.
pub async fn ask_all(
    env: &impl Env,
    request: &Request,
    lang: Lang,
    asked: &[(&str, String)],
) -> Vec<Result<Value, Refused>> {
    all(env, &passed_on(request), lang, asked).await
}

/// The same where nobody asks: with a pass, the value of the header `authorization`.
pub async fn ask_all_with(
    env: &impl Env,
    pass: &str,
    lang: Lang,
    asked: &[(&str, String)],
) -> Vec<Result<Value, Refused>> {
    all(env, &[("authorization".to_owned(), pass.to_owned())], lang, asked).await
}

/// An answer that is waited for.
type Asking<'a> = Pin<Box<dyn Future<Output = Result<Value, Refused>> + 'a>>;

async fn all(
    env: &impl Env,
    headers: &[(String, String)],
    lang: Lang,
    asked: &[(&str, String)],
) -> Vec<Result<Value, Refused>> {
    let mut asking: Vec<Asking<'_>> = Vec::with_capacity(asked.len());
    for it in asked {
        asking.push(Box::pin(ask_with(env, headers.to_vec(), lang, (it.0, &it.1))));
    }
    together(asking).await
}

/// Waits for all of them. There are a handful, so that whoever wakes one may look at all;
/// `join_all` knows which, with 10 kB of code.
async fn together(mut asking: Vec<Asking<'_>>) -> Vec<Result<Value, Refused>> {
    let mut answers: Vec<Option<Result<Value, Refused>>> = Vec::with_capacity(asking.len());
    answers.resize_with(asking.len(), || None);
    std::future::poll_fn(|context| {
        let mut is_done = true;
        for (asking, answer) in asking.iter_mut().zip(&mut answers) {
            if answer.is_none() {
                match asking.as_mut().poll(context) {
                    Poll::Ready(told) => *answer = Some(told),
                    Poll::Pending => is_done = false,
                }
            }
        }
        if is_done { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    answers.into_iter().flatten().collect()
}

fn gone() -> Refused {
    Refused { status: 503, told: Map::new() }
}

#[cfg(test)]
mod tests {
    use super::as_header;

    #[test]
    fn a_key_that_no_header_can_have_is_another_one() {
        assert_eq!(as_header("k-1.rsp_1"), "k-1.rsp_1");
        for key in ["k.\0", "k.\r\nx: y", "k é", "k. "] {
            let header = as_header(key);
            assert!(header.bytes().all(|it| it.is_ascii_alphanumeric()), "{key:?} {header}");
        }
        assert_ne!(as_header("k.\0"), as_header("k.\u{1}"));
    }
}
