//! Its pages, made of what canned neighbours tell.

use ports::Answer;
use serde_json::json;
use testkit::World;

use crate::handle;

#[test]
fn whoever_is_not_signed_in_is_asked_for_a_key() {
    let world = World::with_site();
    world.receive(|_, _| {
        let body = json!({ "title": "We need a valid key" }).to_string().into_bytes();
        Ok(Answer { status: 401, headers: Vec::new(), body })
    });
    let answer = world.send(handle, "GET /desk/settings?lang=en");
    assert_eq!(answer.status(), 401);
    let page = String::from_utf8_lossy(answer.body()).into_owned();
    assert!(page.contains("Sign in to the desk") && page.contains("action=\"/desk/session\""));
}
