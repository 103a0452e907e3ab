//! Two at once: each waits for the other between any two statements.

use std::pin::Pin;
use std::task::Poll;

use http::Method;
use ports::{Answer, Committed, Env, Outgoing, Row, Sql, Statement, StoreError, Unanswered, Write};
use web::{Exchange, Request, Response};

use super::*;

/// A handle on a world whose every statement lets the other one go first.
struct Slow<'a>(&'a World);

async fn others_first() {
    let mut waited = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut waited, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl Sql for Slow<'_> {
    async fn rows(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        others_first().await;
        self.0.sql().rows(statement).await
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<Committed, StoreError> {
        others_first().await;
        self.0.sql().commit(writes).await
    }
}

impl Env for Slow<'_> {
    fn now(&self) -> i64 {
        self.0.now()
    }

    fn random(&self) -> [u8; 16] {
        self.0.random()
    }

    fn sql(&self) -> &impl Sql {
        self
    }

    async fn recall(&self, name: &str) -> Option<Vec<u8>> {
        self.0.recall(name).await
    }

    async fn keep(&self, name: &str, value: &[u8]) {
        self.0.keep(name, value).await;
    }

    async fn setting(&self, name: &'static str) -> Option<String> {
        self.0.setting(name).await
    }

    async fn post(&self, call: Outgoing) -> Result<Answer, Unanswered> {
        self.0.post(call).await
    }

    fn hurry(&self, component: &'static str) {
        self.0.hurry(component);
    }
}

/// Sends two requests at once and gives their statuses.
fn both(world: &World, requests: [(&str, &str, &str); 2]) -> [u16; 2] {
    let handles = [Slow(world), Slow(world)];
    let send = |at: usize| {
        let (target, body, key) = requests[at];
        let mut headers = vec![
            ("authorization".to_owned(), b"Bearer sk_agent".to_vec()),
            ("content-type".to_owned(), b"application/json".to_vec()),
        ];
        if !key.is_empty() {
            headers.push(("idempotency-key".to_owned(), key.as_bytes().to_vec()));
        }
        let body = Ok(body.as_bytes().to_vec());
        let request = Request::new(Method::POST, target, "huiyin.test", headers, body);
        let exchange = Exchange::of(&request, "req_test".to_owned());
        let handle = &handles[at];
        async move {
            let (answer, _): (Response, _) = exchange.finish(crate::handle(handle, request).await);
            answer.status().as_u16()
        }
    };
    let mut futures: [Pin<Box<dyn Future<Output = u16>>>; 2] =
        [Box::pin(send(0)), Box::pin(send(1))];
    let mut found = [None; 2];
    pollster::block_on(std::future::poll_fn(|context| {
        for (future, found) in futures.iter_mut().zip(&mut found) {
            if found.is_none()
                && let Poll::Ready(status) = future.as_mut().poll(context)
            {
                *found = Some(status);
            }
        }
        if found.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    }));
    found.map(Option::unwrap)
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
