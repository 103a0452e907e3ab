//! Requests and answers.

use testkit::World;

use crate::handle;

#[test]
fn what_is_not_there_is_not_found() {
    let world = World::new();
    let answer = world.send(handle, "GET /v1/nothing");
    assert_eq!(answer.status(), 404);
}
