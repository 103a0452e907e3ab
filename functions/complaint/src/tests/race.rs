//! Two at once: each waits for the other between any two statements.

use http::Method;
use testkit::turns::{self, InTurn};
use web::Request;

use super::*;

fn both(world: &World, requests: [(&str, &str, &str); 2]) -> [u16; 2] {
    turns::both(world, crate::handle, requests)
}

#[test]
fn the_same_customer_twice_at_once_has_one_name_and_loses_nothing() {
    let world = World::with_site();
    let body =
        |text: &str| format!(r#"{{ "text": "{text}", "customer": {{ "external_id": "M7" }} }}"#);
    let (a, b) = (body(TEXT), body("门店的空调坏了，热得没法购物"));
    let path = "/v1/complaints";
    assert_eq!(both(&world, [(path, &a, ""), (path, &b, "")]), [201, 201]);
    assert_eq!(world.number("select count(*) from customer"), 1);
    assert_eq!(world.number("select count(distinct customer_id) from complaint"), 1);
    assert_eq!(world.number("select sum(open) from agent_load"), 2);
}

/// Takes in a complaint of a customer who is erased before this turn. Gives how many turns it took,
/// and the problem if there was one.
fn erased_at(turn: usize) -> (usize, Option<web::Kind>) {
    let world = World::with_site();
    let id = world.customer("M1", "core", true);
    let body = format!(r#"{{ "text": "{TEXT}", "customer_id": "{id}" }}"#);
    let handle = InTurn(&world);
    let headers = vec![
        ("authorization".to_owned(), b"Bearer sk_agent".to_vec()),
        ("content-type".to_owned(), b"application/json".to_vec()),
    ];
    let body = Ok(body.into_bytes());
    let request = Request::new(Method::POST, "/v1/complaints", "huiyin.test", headers, body);
    let mut future = Box::pin(crate::handle(&handle, request));
    let mut turns = 0;
    let answer = pollster::block_on(std::future::poll_fn(|context| {
        turns += 1;
        if turns == turn {
            let sql = "update customer set erased_at_ms = 1, external_id = 'erased'";
            world.database().execute(sql, []).unwrap();
        }
        future.as_mut().poll(context)
    }));
    let made = world.number("select count(*) from complaint");
    assert_eq!(made == 1, answer.is_ok());
    (turns, answer.err().map(|it| it.kind))
}

#[test]
fn nobody_who_is_erased_meanwhile_has_a_new_complaint() {
    let (turns, problem) = erased_at(usize::MAX);
    assert_eq!(problem, None);
    for turn in 1..=turns {
        assert_eq!(erased_at(turn).1, Some(web::Kind::InvalidFields), "turn {turn} of {turns}");
    }
}
