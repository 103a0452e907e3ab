//! A site with services and somebody who calls, and what stands where in an answer.

use domain::civil::parse_rfc3339;
use ports::Env;
use serde_json::Value;
use store::services::{self, Service};
use testkit::World;
use web::Response;

use crate::handle;

pub(crate) const HOSTILE: &str = "<script>alert(1)</script>'; drop table callback; --\"&";

/// A shop that calls back, on a Sunday morning in Shanghai: somebody is there from Monday on.
pub(crate) fn shop() -> World {
    let world = World::with_site();
    service(&world, "svc_call", "使用咨询 Advice", true);
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

pub(crate) fn json(response: &Response) -> Value {
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
    text.bytes().map(|it| if plain(it) { (it as char).to_string() } else { format!("%{it:02x}") })
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
