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
    let handle = Slow(&world);
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
