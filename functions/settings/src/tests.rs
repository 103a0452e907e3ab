//! Its pages, over the real configuration and what canned other neighbours tell.

#[path = "tests/configured.rs"]
mod configured;
#[path = "tests/start.rs"]
mod start;
#[path = "tests/systems.rs"]
mod systems;
#[path = "tests/things.rs"]
mod things;

use std::cell::RefCell;
use std::rc::Rc;

use ports::{Answer, Outgoing, Verb};
use serde_json::{Value, json};
use testkit::World;
use web::Response;

use crate::handle;

const HOSTILE: &str = "<script>alert(1)</script>\"'&";
const ESCAPED: &str = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;";

/// What was asked of neighbours that changes something.
type Calls = Rc<RefCell<Vec<Outgoing>>>;

/// A world whose `admin` is the real one; `told` is what the others tell.
fn world(told: impl Fn(&str, &Outgoing) -> (u16, Value) + 'static) -> (World, Calls) {
    let world = World::with_site();
    let calls = Calls::default();
    let noted = Rc::clone(&calls);
    world.receive(move |world, call| {
        if call.verb != Verb::Get {
            noted.borrow_mut().push(call.clone());
        }
        let (host, target) = call.url.split_once(".spin.internal").unwrap();
        if host == "http://admin" {
            return Ok(world.asked(configured::handle, call));
        }
        let (status, told) = told(target, call);
        let body = if told.is_null() { Vec::new() } else { told.to_string().into_bytes() };
        Ok(Answer { status, headers: Vec::new(), body })
    });
    (world, calls)
}

/// A world where the others have nothing.
fn plain() -> (World, Calls) {
    world(|_, _| (200, json!({ "items": [], "next": null })))
}

fn text(answer: &Response) -> String {
    String::from_utf8(answer.body().clone()).unwrap()
}

fn get(world: &World, role: &str, path: &str) -> Response {
    world.send(handle, &format!("GET {path}\nauthorization: Bearer {{{role}}}"))
}

/// The page at a path, as somebody of a role sees it in English.
#[track_caller]
fn page(world: &World, role: &str, path: &str) -> String {
    let mark = if path.contains('?') { '&' } else { '?' };
    let answer = get(world, role, &format!("{path}{mark}lang=en"));
    assert_eq!(answer.status(), 200, "{}", text(&answer));
    text(&answer)
}

/// Sends a form as the page at `form` has it, to where `path` says.
fn send(world: &World, role: &str, (form, path): (&str, &str), pairs: &[(&str, &str)]) -> Response {
    let mark = |path: &str| if path.contains('?') { '&' } else { '?' };
    let shown = text(&get(world, role, &format!("{form}{}lang=en", mark(form))));
    let hidden = |name: &str| {
        let after = shown.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
        after.split('"').next().unwrap().to_owned()
    };
    let own = pairs.iter().find(|it| it.0 == "key").map(|it| it.1.to_owned());
    let key = own.unwrap_or_else(|| hidden("key"));
    let mut body = form_urlencoded(&[("csrf", &hidden("csrf")), ("key", &key)]);
    for pair in pairs {
        body.push('&');
        body.push_str(&form_urlencoded(&[*pair]));
    }
    let head = format!(
        "POST {path}{}lang=en\nauthorization: Bearer {{{role}}}\nsec-fetch-site: same-origin\n\
         content-type: application/x-www-form-urlencoded",
        mark(path)
    );
    world.send(handle, &format!("{head}\n\n{body}"))
}

fn form_urlencoded(pairs: &[(&str, &str)]) -> String {
    let pairs = pairs.iter().map(|it| format!("{}={}", staff::word(it.0), staff::word(it.1)));
    pairs.collect::<Vec<_>>().join("&")
}

fn location(answer: &Response) -> String {
    assert_eq!(answer.status(), 303, "{}", text(answer));
    answer.headers()["location"].to_str().unwrap().to_owned()
}

fn body(call: &Outgoing) -> Value {
    serde_json::from_slice(&call.body).unwrap_or_default()
}

fn header<'a>(call: &'a Outgoing, name: &str) -> &'a str {
    call.headers.iter().find(|it| it.0 == name).map_or("", |it| &it.1)
}

#[track_caller]
fn has(page: &str, texts: &[&str]) {
    for it in texts {
        assert!(page.contains(it), "{it:?} is missing in {page}");
    }
}

#[track_caller]
fn has_none(page: &str, texts: &[&str]) {
    for it in texts {
        assert!(!page.contains(it), "{it:?} is there in {page}");
    }
}

#[test]
fn whoever_is_not_signed_in_is_asked_for_a_key() {
    let (world, _) = plain();
    for path in ["/desk/settings", "/desk/settings/agents", "/desk/start"] {
        let answer = world.send(handle, &format!("GET {path}?lang=en"));
        assert_eq!(answer.status(), 401);
        has(&text(&answer), &["Sign in to the desk", "action=\"/desk/session\""]);
    }
}

#[test]
fn everybody_sees_the_parts_that_they_may_use() {
    let (world, _) = plain();
    let viewer = page(&world, "viewer", "/desk/settings");
    has(&viewer, &["/desk/settings/touchpoints?lang=en", "/desk/rules?lang=en", "#languages"]);
    has_none(&viewer, &["settings/keys", "settings/webhooks", "/desk/start", "settings/templates"]);
    let manager = page(&world, "manager", "/desk/settings");
    has(&manager, &["settings/webhooks", "settings/sources", "/dashboard/shares", "/desk/supply"]);
    has_none(&manager, &["settings/keys", "/desk/start"]);
    let admin = page(&world, "admin", "/desk/settings");
    has(&admin, &["settings/keys", "/desk/start?lang=en", "Retention"]);
    let zh = text(&get(&world, "admin", "/desk/settings?lang=zh"));
    has(&zh, &["数据保留", "回复模板", "设置向导", "触点"]);
}

#[test]
fn there_are_no_other_pages() {
    let (world, _) = plain();
    for path in [
        "/desk/settings/nothing",
        "/desk/settings/keys/key_pk/explode",
        "/desk/settings/site/new",
        "/desk/settings/agents/agt_lan/revoke",
        "/desk/settings/agents/a/b/c",
    ] {
        let status = get(&world, "admin", &format!("{path}?lang=en")).status().as_u16();
        assert!([404, 405].contains(&status), "{path} {status}");
    }
    let answer = world.send(handle, "DELETE /desk/settings/agents\nauthorization: Bearer {admin}");
    assert_eq!(answer.status(), 405);
}
