//! A site with services and somebody who calls, and what stands where in an answer.

use domain::civil::parse_rfc3339;
use http::Method;
use ports::{Answer, Env, Outgoing, Unanswered};
use serde_json::Value;
use store::calendars::{self, Calendar};
use store::do_not_call;
use store::services::{self, Service};
use testkit::World;
use web::{Exchange, Problem, Request, Response};

use crate::handle;

#[path = "../../../callback/src/bookings.rs"]
mod bookings;
#[path = "../../../callback/src/chained.rs"]
mod chained;
#[path = "../../../callback/src/slots.rs"]
#[expect(dead_code, reason = "what others use of it is not used here")]
pub(crate) mod slots;

pub(crate) const HOSTILE: &str = "<script>alert(1)</script>'; drop table callback; --\"&";

/// A shop that calls back, on a Sunday morning in Shanghai: somebody is there from Monday on.
pub(crate) fn shop() -> World {
    let world = World::with_site();
    service(&world, "svc_call", "使用咨询 Advice", true);
    let calls = "update agent set calls_per_day = 40 where id = 'agt_lan'";
    world.database().execute(calls, []).unwrap();
    world.receive(callback);
    world
}

/// Adds a service of a quarter of an hour.
pub(crate) fn service(world: &World, id: &str, name: &str, is_public: bool) {
    let definition = format!("{{ \"is_public\": {is_public}, \"quiet\": null }}");
    world.run(services::insert(&Service {
        id: id.into(),
        site_id: "sit_shop".into(),
        version: 1,
        name: name.into(),
        is_active: true,
        definition,
        created_at: world.now(),
        updated_at: world.now(),
    }));
}

pub(crate) fn told(response: &Response) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

pub(crate) fn text(response: &Response) -> String {
    String::from_utf8(response.body().clone()).unwrap()
}

pub(crate) fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |it| it.to_str().unwrap())
}

/// A page that is there.
#[track_caller]
pub(crate) fn get(world: &World, target: &str) -> String {
    let answer = world.send(handle, &format!("GET {target}"));
    assert_eq!(answer.status().as_u16(), 200, "{target}: {}", text(&answer));
    text(&answer)
}

/// Sends a form from our own page.
pub(crate) fn send(world: &World, path: &str, body: &str) -> Response {
    let head = format!("POST {path}\ncontent-type: application/x-www-form-urlencoded");
    world.send(handle, &format!("{head}\norigin: http://huiyin.test\n\n{body}"))
}

/// The hidden fields of the last form on a page, once somebody has read it.
pub(crate) fn carried(world: &World, page: &str) -> String {
    let form = page.rsplit("method=\"post\"").next().unwrap();
    let mut body = String::new();
    for part in form.split("<input type=\"hidden\" name=\"").skip(1) {
        let (name, rest) = part.split_once("\" value=\"").unwrap();
        body.push_str(&format!("{name}={}&", encoded(rest.split_once('"').unwrap().0)));
    }
    world.wait_ms(20_000);
    body
}

pub(crate) fn encoded(text: &str) -> String {
    let plain = |it: u8| it.is_ascii_alphanumeric();
    text.bytes()
        .map(|it| if plain(it) { (it as char).to_string() } else { format!("%{it:02x}") })
        .collect()
}

/// Where the link with this text leads, as a browser reads it.
#[track_caller]
pub(crate) fn link(page: &str, text: &str) -> String {
    let at = page.find(text).unwrap_or_else(|| panic!("{text} is not in\n{page}"));
    let (_, rest) = page[..at].rsplit_once("href=\"").expect("a link before it");
    rest.split_once('"').unwrap().0.replace("&amp;", "&")
}

#[track_caller]
pub(crate) fn has(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
}

#[track_caller]
pub(crate) fn lacks(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(!page.contains(part), "{part} is in\n{page}");
    }
}

/// Nothing of a page is inline, or from elsewhere.
#[track_caller]
pub(crate) fn is_strict(response: &Response) {
    lacks(&text(response), &["<style", " style=", "<script", " onclick=", "http-equiv"]);
    assert_eq!(header(response, "cache-control"), "no-store");
    assert_eq!(header(response, "x-robots-tag"), "noindex");
    assert!(header(response, "content-security-policy").starts_with("default-src 'none'"));
}

/// Moves the clock to an instant.
pub(crate) fn at(world: &World, instant: &str) {
    world.wait_ms(parse_rfc3339(instant).unwrap() - world.now());
}

/// What the component `callback` answers, by its own handlers.
fn callback(world: &World, call: &Outgoing) -> Result<Answer, Unanswered> {
    let path = call.url.strip_prefix("http://callback.spin.internal").ok_or(Unanswered::Denied)?;
    let headers = call.headers.iter().map(|(name, it)| (name.clone(), it.clone().into_bytes()));
    let body = Ok(call.body.clone());
    let request = Request::new(Method::POST, path, "callback", headers.collect(), body);
    let served = pollster::block_on(serve(world, &request));
    let (response, cause) = Exchange::of(&request, "req_callback".to_owned()).finish(served);
    assert!(cause.is_none() || response.status().as_u16() == 503, "{cause:?}");
    let status = response.status().as_u16();
    let headers = response.headers().iter();
    let headers = headers.map(|it| (it.0.to_string(), it.1.as_bytes().to_vec())).collect();
    Ok(Answer { status, headers, body: response.into_body() })
}

async fn serve(world: &World, request: &Request) -> Result<Response, Problem> {
    match request.path().as_slice() {
        ["callback", name] => chained::handle(world, request, name).await,
        ["v1", "bookings", token, act @ ..] => bookings::handle(world, request, token, act).await,
        other => panic!("nobody is asked {other:?}"),
    }
}

/// A calendar of somebody who calls.
pub(crate) fn calendar(world: &World, id: &str, definition: &str) {
    world.run(calendars::insert(&Calendar {
        id: id.into(),
        site_id: "sit_shop".into(),
        version: 1,
        name: id.into(),
        definition: definition.into(),
        created_at: world.now(),
        updated_at: world.now(),
    }));
}

/// Puts a number on the list of those that are never called.
pub(crate) fn never_call(world: &World, hash: [u8; 32]) {
    world.run(do_not_call::insert("dnc_1", "sit_shop", hash, "admin", world.now()));
}
