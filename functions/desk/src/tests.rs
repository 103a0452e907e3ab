//! Its pages, made of what canned neighbours tell, and the calls that its forms become.

mod case;
mod queue;
mod session;
mod told;

use ports::{Answer, Verb};
use serde_json::{Value, json};
use testkit::World;
use web::Response;

use crate::handle;
use told::{Calls, Heard, world};

fn text(answer: &Response) -> String {
    String::from_utf8(answer.body().clone()).unwrap()
}

/// The page at a path.
#[track_caller]
fn page(world: &World, path: &str) -> String {
    let answer = world.send(handle, &format!("GET {path}"));
    let page = text(&answer);
    assert_eq!(answer.status(), 200, "{page}");
    page
}

#[track_caller]
fn has(page: &str, texts: &[&str]) {
    for it in texts {
        assert!(page.contains(it), "{it:?} is missing in {page}");
    }
}

#[track_caller]
fn lacks(page: &str, texts: &[&str]) {
    for it in texts {
        assert!(!page.contains(it), "{it:?} stands in {page}");
    }
}

/// Sends a form of a page of ours, with its token.
fn post(world: &World, path: &str, body: &str) -> Response {
    let form = text(&world.send(handle, "GET /desk/complaints/new?lang=en"));
    let csrf = form.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    posted(world, path, &format!("csrf={csrf}&{body}"))
}

fn posted(world: &World, path: &str, body: &str) -> Response {
    let head = "sec-fetch-site: same-origin\ncontent-type: application/x-www-form-urlencoded";
    world.send(handle, &format!("POST {path}\n{head}\n\n{body}"))
}

/// What was done, and not only read.
fn acts(calls: &Calls) -> Vec<Heard> {
    calls.borrow().iter().filter(|it| it.verb != Verb::Get).cloned().collect()
}

/// Ids are unique, headings in order, and nothing is inline.
#[track_caller]
fn is_sound(page: &str) {
    let mut ids: Vec<&str> =
        page.split(" id=\"").skip(1).map(|it| it.split('"').next().unwrap()).collect();
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count, "an id twice: {ids:?}");
    let mut level = 0;
    for it in page.split("<h").skip(1) {
        let Some(next) = it.chars().next().and_then(|it| it.to_digit(10)) else { continue };
        assert!(next <= level + 1, "h{next} after h{level}: {page}");
        level = next;
    }
    assert_eq!(page.matches("<h1").count(), 1);
    lacks(page, &["style=", "onclick", "<script>", "javascript:"]);
    for it in page.split(" for=\"").skip(1) {
        let id = it.split('"').next().unwrap();
        assert!(page.contains(&format!(" id=\"{id}\"")), "a label of nothing: {id}");
    }
}

#[test]
fn whoever_is_not_signed_in_is_asked_for_a_key() {
    let world = World::with_site();
    world.receive(|_, _| {
        let body = json!({ "title": "We need a valid key" }).to_string().into_bytes();
        Ok(Answer { status: 401, headers: Vec::new(), body })
    });
    let answer = world.send(handle, "GET /desk?lang=en");
    assert_eq!(answer.status(), 401);
    has(&text(&answer), &["Sign in to the desk", "action=\"/desk/session\""]);
}

#[test]
fn what_is_not_there_is_not_found_and_viewers_see_no_case() {
    let (world, calls) = world("viewer", |_, _| None);
    for path in ["/desk/complaints", "/desk/complaints/cmp_01", "/desk/complaints/new"] {
        let answer = world.send(handle, &format!("GET {path}?lang=en"));
        assert_eq!(answer.status(), 403, "{path}");
        has(&text(&answer), &["needs a key with the role agent"]);
    }
    assert!(calls.borrow().iter().all(|it| it.target.starts_with("admin/v1/session")));
    assert_eq!(world.send(handle, "GET /desk/other").status(), 404);
    assert_eq!(world.send(handle, "DELETE /desk/complaints").status(), 405);
    let answer = posted(&world, "/desk/complaints/cmp_01/note", "text=x");
    assert_eq!(answer.status(), 403);
}

#[test]
fn no_form_of_another_page_is_taken() {
    let (world, calls) = world("agent", |_, _| None);
    for path in [
        "/desk/session",
        "/desk/session/end",
        "/desk/sessions/end",
        "/desk/sessions/ses_1/end",
        "/desk/complaints/new",
        "/desk/complaints/bulk",
        "/desk/complaints/cmp_01/note",
        "/desk/complaints/cmp_01/links",
        "/desk/complaints/cmp_01/links/1/revoke",
    ] {
        let answer = posted(&world, &format!("{path}?lang=en"), "csrf=forged&key=k&text=x");
        assert_eq!(answer.status(), 403, "{path}");
    }
    assert!(acts(&calls).is_empty());
}

/// A problem as the API tells it.
fn problem(status: u16, kind: &str, detail: &str) -> Option<(u16, Value)> {
    Some((status, json!({ "type": format!("/problems/{kind}"), "title": kind, "detail": detail })))
}
