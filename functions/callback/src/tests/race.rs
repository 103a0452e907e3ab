//! Many at once: each waits for the others between any two statements.

use std::pin::Pin;
use std::task::Poll;

use http::Method;
use testkit::turns::{self, InTurn};
use web::{Exchange, Request};

use super::*;

fn both(world: &World, requests: [(&str, &str, &str); 2]) -> [u16; 2] {
    let mut found = turns::both(world, crate::handle, requests);
    found.sort_unstable();
    check(world);
    found
}

/// Sends so many bookings at once and gives how many had which status, and what lost.
fn crowd(world: &World, bodies: Vec<Value>) -> (usize, usize, Vec<Value>) {
    let handles: Vec<InTurn> = bodies.iter().map(|_| InTurn(world)).collect();
    let send = |(body, env): (Value, _)| async move {
        let headers = vec![
            ("authorization".to_owned(), b"Bearer sk_agent".to_vec()),
            ("content-type".to_owned(), b"application/json".to_vec()),
        ];
        let body = Ok(body.to_string().into_bytes());
        let request = Request::new(Method::POST, "/v1/callbacks", "huiyin.test", headers, body);
        let exchange = Exchange::of(&request, "req_test".to_owned());
        exchange.finish(crate::handle(env, request).await).0
    };
    let mut futures: Vec<Pin<Box<dyn Future<Output = _>>>> = Vec::new();
    for it in bodies.into_iter().zip(&handles) {
        futures.push(Box::pin(send(it)));
    }
    let mut found: Vec<Option<http::Response<Vec<u8>>>> = futures.iter().map(|_| None).collect();
    pollster::block_on(std::future::poll_fn(|context| {
        for (future, found) in futures.iter_mut().zip(&mut found) {
            if found.is_none()
                && let Poll::Ready(answer) = future.as_mut().poll(context)
            {
                *found = Some(answer);
            }
        }
        if found.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    }));
    let answers: Vec<_> = found.into_iter().flatten().collect();
    let of = |status: u16| answers.iter().filter(move |it| it.status().as_u16() == status);
    let lost = of(409).map(|it| serde_json::from_slice(it.body()).unwrap()).collect();
    (of(201).count(), of(409).count(), lost)
}

#[test]
fn ten_slots_are_sold_ten_times_however_many_want_them() {
    let world = World::with_site();
    service(&world, "svc_talk", &json!({ "is_public": true }));
    for at in 0..10 {
        agent(&world, &format!("{at}"), &json!({}));
    }
    let (sold, lost, problems) = crowd(&world, vec![with(&json!({})); 200]);
    assert_eq!((sold, lost), (10, 190));
    for problem in problems {
        assert_eq!(problem["type"], "/problems/slot-taken", "{problem}");
        assert!(!problem["slots"].as_array().unwrap().is_empty());
    }
    assert_eq!(world.number("select count(*) from callback"), 10);
    check(&world);
}

#[test]
fn ten_times_of_one_agent_are_sold_ten_times() {
    let times =
        ["09:00", "09:15", "09:30", "10:00", "10:15", "11:00", "13:00", "14:00", "16:00", "17:45"];
    // Whether the day has room for more of them or not.
    for cap in [10, 50] {
        let world = World::with_site();
        service(&world, "svc_talk", &json!({ "is_public": true, "after_min": 0 }));
        agent(&world, "ann", &json!({ "calls_per_day": cap }));
        let body = |at: usize| with(&json!({ "start": format!("2026-11-23T{}", times[at % 10]) }));
        let (sold, lost, _) = crowd(&world, (0..150).map(body).collect());
        assert_eq!((sold, lost), (10, 140));
        check(&world);
        let later = with(&json!({ "start": "2026-11-23T15:00" }));
        let status = send(&world, "agent", "POST /v1/callbacks", &later).status().as_u16();
        assert_eq!(status, if cap == 10 { 409 } else { 201 });
    }
}

#[test]
fn one_case_is_called_once_and_one_key_books_once() {
    let world = world();
    let id = world.customer("M1", "core", true);
    book::case(&world, "cmp_1", "solved", &id);
    let body = with(&json!({ "case_id": "cmp_1" })).to_string();
    let path = "/v1/callbacks";
    assert_eq!(both(&world, [(path, &body, ""), (path, &body, "")]), [201, 409]);
    let body = with(&json!({})).to_string();
    assert_eq!(both(&world, [(path, &body, "k"), (path, &body, "k")]), [201, 201]);
    assert_eq!(world.number("select count(*) from callback"), 2);
}

#[test]
fn of_two_who_change_one_call_each_sees_what_the_other_did() {
    let start = |at: &str| json!({ "start": format!("2026-11-23T{at}") }).to_string();
    for (a, b, wanted) in [
        // Both are done, one after the other.
        (("move", start("11:00")), ("move", start("11:15")), [200, 200]),
        (("cancel", String::new()), ("cancel", String::new()), [200, 200]),
        (("confirm", String::new()), ("confirm", String::new()), [200, 200]),
        (("confirm", String::new()), ("move", start("14:00")), [200, 200]),
    ] {
        let world = world();
        let held = booked(&world, &json!({ "hold": true }));
        let path = |name: &str| format!("/v1/callbacks/{}/{name}", held["id"].as_str().unwrap());
        let (x, y) = (path(a.0), path(b.0));
        assert_eq!(both(&world, [(&x, &a.1, ""), (&y, &b.1, "")]), wanted, "{a:?} {b:?}");
    }
    // Two calls that want the same time of the only one who is left.
    let world = world();
    for _ in 0..2 {
        booked(&world, &json!({}));
    }
    let ids = [0, 1].map(|_| booked(&world, &json!({ "start": "2026-11-23T14:00" }))["id"].clone());
    let paths = ids.map(|it| format!("/v1/callbacks/{}/move", it.as_str().unwrap()));
    let ten = start("10:00");
    assert_eq!(both(&world, [(&paths[0], &ten, ""), (&paths[1], &ten, "")]), [200, 409]);
}

#[test]
fn nobody_who_is_erased_meanwhile_is_booked() {
    for turn in 1.. {
        let world = world();
        let id = world.customer("M1", "core", true);
        let body = with(&json!({ "customer": id })).to_string().into_bytes();
        let headers = vec![
            ("authorization".to_owned(), b"Bearer sk_agent".to_vec()),
            ("content-type".to_owned(), b"application/json".to_vec()),
        ];
        let env = InTurn(&world);
        let request = Request::new(Method::POST, "/v1/callbacks", "huiyin.test", headers, Ok(body));
        let mut future = Box::pin(crate::handle(&env, request));
        let mut turns = 0;
        let answer = pollster::block_on(std::future::poll_fn(|context| {
            turns += 1;
            if turns == turn {
                let sql = "update customer set erased_at_ms = 1, external_id = 'erased'";
                world.database().execute(sql, []).unwrap();
            }
            future.as_mut().poll(context)
        }));
        let kind = answer.err().map(|it| it.kind);
        let wanted = (turn <= turns).then_some(web::Kind::InvalidFields);
        assert_eq!(kind, wanted, "turn {turn} of {turns}");
        assert_eq!(world.number("select count(*) from callback"), i64::from(turns < turn));
        check(&world);
        if turns < turn {
            return;
        }
    }
}
