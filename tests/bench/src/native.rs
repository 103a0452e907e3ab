//! The limit: our handlers compiled natively, in one hyper server, on the same SQLite settings.
//!
//! It shares nothing with the runner but the file's schema. Each processor has a thread with a
//! runtime of its own, since handlers are written for single-threaded guests; statements run on
//! the blocking pool over kept connections, one commit per request. All writers of the process
//! queue for the one connection that writes, whose page cache so stays warm.

use std::cell::RefCell;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::service::service_fn;
use ports::{Answer, Committed, Env, Outgoing, Row, Sql, Statement, StoreError, Unanswered, Write};
use runner::TokioIo;
use store::migrations::{BEGIN, COMMIT, CONNECT, ROLLBACK};
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use web::{Exchange, Request};

#[path = "../../../functions/dashboard/src/lib.rs"]
#[expect(unreachable_pub, reason = "a component seen as a module")]
mod dashboard;
#[path = "../../../functions/form/src/lib.rs"]
#[expect(unreachable_pub, reason = "a component seen as a module")]
mod form;
#[path = "../../../functions/survey/src/lib.rs"]
#[expect(unreachable_pub, reason = "a component seen as a module")]
mod survey;

/// Serves until the process ends, and tells `ready` where.
pub(crate) fn serve(database: &Path, admin_key: &str, ready: impl FnOnce(String)) -> Result<()> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let writing = Writer::default();
    let mut threads = Vec::new();
    for _ in 0..std::thread::available_parallelism()?.get() {
        let listener = listener.try_clone()?;
        let database = database.to_path_buf();
        let admin_key = admin_key.to_owned();
        let writing = Arc::clone(&writing);
        threads.push(std::thread::spawn(move || -> Result<()> {
            let native = Native {
                pool: Pool { database, idle: RefCell::new(Vec::new()), writing },
                admin_key,
            };
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let local = tokio::task::LocalSet::new();
            let listener = {
                let _entered = runtime.enter();
                TcpListener::from_std(listener)?
            };
            local.block_on(&runtime, accept(listener, Rc::new(native)))
        }));
    }
    ready(format!("http://{address}"));
    for thread in threads {
        thread.join().ok().context("a server thread panicked")??;
    }
    Ok(())
}

async fn accept(listener: TcpListener, native: Rc<Native>) -> Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let native = Rc::clone(&native);
        tokio::task::spawn_local(async move {
            let service = service_fn(move |request| {
                let native = Rc::clone(&native);
                async move { Ok::<_, Infallible>(answer(&native, request).await) }
            });
            // An error only says that the client went away.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(
    native: &Native,
    request: http::Request<hyper::body::Incoming>,
) -> http::Response<Full<Bytes>> {
    let (parts, body) = request.into_parts();
    let body = match body.collect().await {
        Ok(body) => Ok(body.to_bytes().to_vec()),
        Err(_) => Err(web::request::Unread::BrokenOff),
    };
    let headers =
        parts.headers.iter().map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()));
    let authority = parts.headers.get("host").and_then(|it| it.to_str().ok()).unwrap_or("");
    let target = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let request = Request::new(parts.method, target, authority, headers.collect(), body);
    let exchange = Exchange::of(&request, web::request::id(native.random()));
    let result = match request.path().as_slice() {
        ["v1", "surveys", _] => form::handle(native, request).await,
        ["v1", "surveys", ..] => survey::handle(native, request).await,
        _ => dashboard::handle(native, request).await,
    };
    exchange.finish(result).0.map(|body| Full::new(body.into()))
}

/// The environment of a native process.
struct Native {
    pool: Pool,
    admin_key: String,
}

impl Env for Native {
    fn now(&self) -> i64 {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
    }

    fn random(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        // Measured, not secret.
        let _ = getrandom::fill(&mut bytes);
        bytes
    }

    fn sql(&self) -> &impl Sql {
        &self.pool
    }

    async fn recall(&self, _: &str) -> Option<Vec<u8>> {
        // Its two threads keep everything themselves.
        None
    }

    async fn keep(&self, _: &str, _: &[u8]) {}

    async fn setting(&self, name: &'static str) -> Option<String> {
        match name {
            "admin_key" => Some(self.admin_key.clone()),
            // As of the side that it is compared with.
            "rate_limit" | "spam" => Some("off".to_owned()),
            _ => None,
        }
    }

    async fn call(&self, _: Outgoing) -> Result<Answer, Unanswered> {
        Err(Unanswered::Denied)
    }

    fn hurry(&self, _: &'static str) {}
}

/// The connection that writes, once it is open.
type Writer = Arc<Mutex<Option<rusqlite::Connection>>>;

struct Pool {
    database: PathBuf,
    idle: RefCell<Vec<rusqlite::Connection>>,
    writing: Writer,
}

impl Pool {
    async fn work<T: Send + 'static>(
        &self,
        is_write: bool,
        work: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let database = self.database.clone();
        let mut writing = None;
        let kept = if is_write {
            writing = Some(self.writing.lock().await);
            writing.as_mut().and_then(|it| it.take())
        } else {
            self.idle.borrow_mut().pop()
        };
        let (connection, result) = tokio::task::spawn_blocking(move || {
            let connection = match kept {
                Some(connection) => connection,
                None => open(&database)?,
            };
            let result = work(&connection);
            Ok::<_, rusqlite::Error>((connection, result))
        })
        .await
        .map_err(|it| StoreError::Unavailable(it.to_string()))?
        .map_err(|it| StoreError::Unavailable(it.to_string()))?;
        match writing {
            Some(mut writing) => *writing = Some(connection),
            None => self.idle.borrow_mut().push(connection),
        }
        result.map_err(|it| StoreError::Unavailable(it.to_string()))
    }
}

impl Sql for Pool {
    async fn rows(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        let is_write = statement.text.trim_start().starts_with("insert");
        self.work(is_write, move |connection| testkit::rows(connection, statement)).await
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<Committed, StoreError> {
        let work = move |connection: &rusqlite::Connection| {
            connection.execute(BEGIN, [])?;
            for (at, write) in writes.into_iter().enumerate() {
                if testkit::rows(connection, write.statement)?.is_empty() && write.guarded {
                    connection.execute(ROLLBACK, [])?;
                    return Ok(Committed::Refused(at));
                }
            }
            connection.execute(COMMIT, [])?;
            Ok(Committed::Done)
        };
        self.work(true, work).await
    }
}

fn open(database: &Path) -> rusqlite::Result<rusqlite::Connection> {
    let connection = rusqlite::Connection::open(database)?;
    for text in CONNECT {
        connection.prepare(text)?.query([])?.next()?;
    }
    // Other threads checkpoint: the process's lock keeps writers apart, not SQLite's.
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    Ok(connection)
}
