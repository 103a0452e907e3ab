//! Takes responses as people first write it: a connection and a transaction for every request.
//!
//! Everything else is the very source of `survey`: the same validation, statement, indexes and
//! triggers on the same file. The difference to ours is what kept connections and single
//! statements are worth.
#![cfg(target_family = "wasm")]

use app::cors;
use http::Method;
use ports::{
    Answer, Committed, Env, Outgoing, Row, Sql, Statement, StoreError, Unanswered, Value, Write,
};
use spin_sdk::sqlite::{Connection, Error};
use store::migrations::{BEGIN, COMMIT, ROLLBACK};
use web::{Problem, Request, Response};

#[path = "../../../functions/survey/src/batch.rs"]
mod batch;
#[path = "../../../functions/survey/src/submit.rs"]
mod submit;

edge::service!(web::request::JSON_BYTES_MAX, handle);

async fn handle(env: &impl Env, request: Request) -> Result<Response, Problem> {
    let env = &Naive(env);
    let result = match (request.method(), request.path().as_slice()) {
        (&Method::POST, ["v1", "surveys", id, "responses"]) => {
            submit::submit(env, &request, id).await
        }
        (&Method::OPTIONS, ["v1", "surveys", id, ..]) => cors::preflight(env, &request, id).await,
        _ => Err(Problem::not_found()),
    };
    cors::allow(&request, result)
}

/// The true environment but for its database.
struct Naive<'a, E>(&'a E);

impl<E: Env> Env for Naive<'_, E> {
    fn now(&self) -> i64 {
        self.0.now()
    }

    fn random(&self) -> [u8; 16] {
        self.0.random()
    }

    fn sql(&self) -> &impl Sql {
        &PerRequest
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

/// A new connection, with SQLite's own defaults, for every use.
struct PerRequest;

impl Sql for PerRequest {
    async fn rows(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        let connection = open().await?;
        run(&connection, BEGIN, Vec::new()).await?;
        let rows = run(&connection, statement.text, statement.params).await?;
        run(&connection, COMMIT, Vec::new()).await?;
        Ok(rows)
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<Committed, StoreError> {
        let connection = open().await?;
        run(&connection, BEGIN, Vec::new()).await?;
        for (at, Write { statement, guarded, .. }) in writes.into_iter().enumerate() {
            let rows = run(&connection, statement.text, statement.params).await?;
            if guarded && rows.is_empty() {
                run(&connection, ROLLBACK, Vec::new()).await?;
                return Ok(Committed::Refused(at));
            }
        }
        run(&connection, COMMIT, Vec::new()).await?;
        Ok(Committed::Done)
    }
}

async fn open() -> Result<Connection, StoreError> {
    Connection::open_default().await.map_err(unavailable)
}

async fn run(
    connection: &Connection,
    text: &'static str,
    params: Vec<Value>,
) -> Result<Vec<Row>, StoreError> {
    edge::once(connection, text, &params).await.map_err(unavailable)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn unavailable(error: Error) -> StoreError {
    StoreError::Unavailable(error.to_string())
}
