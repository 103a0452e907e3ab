//! Two requests at once over one world: each waits for the other between any two statements.

use std::pin::Pin;
use std::task::Poll;

use http::Method;
use ports::{Answer, Committed, Env, Outgoing, Row, Sql, Statement, StoreError, Unanswered, Write};
use web::{Exchange, Problem, Request, Response};

use crate::World;

/// A handle on a world whose every statement lets the other one go first.
pub struct InTurn<'a>(pub &'a World);

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

impl Sql for InTurn<'_> {
    async fn rows(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        others_first().await;
        self.0.sql().rows(statement).await
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<Committed, StoreError> {
        others_first().await;
        self.0.sql().commit(writes).await
    }
}

impl Env for InTurn<'_> {
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

    async fn call(&self, call: Outgoing) -> Result<Answer, Unanswered> {
        self.0.call(call).await
    }

    fn hurry(&self, component: &'static str) {
        self.0.hurry(component);
    }
}

/// Sends two POSTs at once as an agent, each a target, a body and an idempotency key if it is not
/// empty, and gives their statuses.
pub fn both<'w, F>(world: &'w World, handle: F, requests: [(&str, &str, &str); 2]) -> [u16; 2]
where
    F: AsyncFn(&InTurn<'w>, Request) -> Result<Response, Problem>,
{
    let handles = [InTurn(world), InTurn(world)];
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
        let (env, handle) = (&handles[at], &handle);
        async move {
            let (answer, _): (Response, _) = exchange.finish(handle(env, request).await);
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
