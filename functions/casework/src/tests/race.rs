//! Two at once: each waits for the other between any two statements.

use testkit::turns;

use super::*;

fn both(world: &World, requests: [(&str, &str, &str); 2]) -> [u16; 2] {
    turns::both(world, crate::handle, requests)
}

#[test]
fn of_two_agents_who_change_a_case_at_once_one_wins() {
    let world = World::with_site();
    let id = plain(&world, TEXT);
    let (solve, note) = (format!("/v1/complaints/{id}/solve"), format!("/v1/complaints/{id}/note"));
    let text = r#"{ "text": "x" }"#;
    let mut status = both(&world, [(&solve, text, ""), (&note, text, "")]);
    status.sort_unstable();
    assert_eq!(status, [200, 409]);
    let case = get(&world, &format!("/{id}"));
    assert_eq!(case["version"], 4);
    assert_eq!(case["texts"].as_array().unwrap().len(), 2, "nothing of the loser stays");
    let verdict = done(&world, "viewer", &format!("GET /v1/complaints/{id}/audit/verify"), "");
    assert_eq!(verdict["is_intact"], true);
}

#[test]
fn the_same_compensation_twice_at_once_is_given_once() {
    let world = World::with_site();
    let id = plain(&world, TEXT);
    let path = format!("/v1/complaints/{id}/compensate");
    let body = r#"{ "kind": "coupon", "amount": 9000, "currency": "CNY" }"#;
    assert_eq!(both(&world, [(&path, body, "k"), (&path, body, "k")]), [200, 200]);
    assert_eq!(world.number("select count(*) from compensation"), 1);
    let mut status = both(&world, [(&path, body, "a"), (&path, body, "b")]);
    status.sort_unstable();
    assert_eq!(status, [200, 409]);
    assert_eq!(both(&world, [(&path, body, "c"), (&path, body, "d")]), [403, 403]);
    assert_eq!(world.number("select sum(amount) from compensation"), 18_000);
}

#[test]
fn two_bulk_requests_at_once_are_both_done() {
    let world = World::with_site();
    let [one, two] = ["一件事", "另外的第二件"].map(|it| plain(&world, it));
    let body =
        |text: &str| format!(r#"{{ "ids": ["{one}", "{two}"], "act": "note", "text": "{text}" }}"#);
    let bulk = "/v1/complaints/bulk";
    assert_eq!(both(&world, [(bulk, &body("a"), ""), (bulk, &body("b"), "")]), [200, 200]);
    assert_eq!(world.number("select count(*) from case_text where kind = 'note'"), 4);
}
