//! Connections that are kept for the next request to the same place.
//!
//! One is kept only after its answer was read to the end; an answer that a component leaves
//! unread, or a request it gives up, closes the connection with it.

use std::{
    collections::BTreeMap,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use bytes::Bytes;
use hyper::{
    body::{Body as HttpBody, Frame, Incoming, SizeHint},
    client::conn::http1::SendRequest,
};
use tokio::{
    task::JoinHandle,
    time::{Sleep, sleep, timeout},
};

use super::failed;
use crate::guest::{HttpError, WasiBody};

/// Whom is trusted, host and port.
pub(super) type Key = (Option<usize>, String, u16);

/// How long a connection without work is kept; servers close theirs after five seconds or more.
const IDLE: Duration = Duration::from_secs(4);
/// Connections kept for one place.
const IDLE_PER_KEY_MAX: usize = 16;
/// Connections kept in all.
const IDLE_MAX: usize = 128;
/// How long a request's body may go on after its answer, if the connection is to be kept.
const SETTLE: Duration = Duration::from_secs(1);

/// A connection; dropping it closes it.
pub(super) struct Connection {
    pub(super) sender: SendRequest<WasiBody>,
    task: JoinHandle<()>,
}

impl Connection {
    /// Of its two halves as hyper makes them.
    pub(super) fn new(sender: SendRequest<WasiBody>, task: JoinHandle<()>) -> Connection {
        Connection { sender, task }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The kept connections.
#[derive(Default)]
pub(super) struct Pool {
    idle: Mutex<BTreeMap<Key, Vec<(Instant, Connection)>>>,
}

impl Pool {
    /// A connection that was still good when last heard of.
    pub(super) fn take(&self, key: &Key) -> Option<Connection> {
        let mut idle = self.lock();
        let kept = idle.get_mut(key)?;
        while let Some((since, connection)) = kept.pop() {
            if connection.sender.is_ready() && since.elapsed() < IDLE {
                return Some(connection);
            }
        }
        idle.remove(key);
        None
    }

    fn put(&self, key: Key, connection: Connection) {
        let mut idle = self.lock();
        if IDLE_MAX <= idle.values().map(Vec::len).sum() {
            return;
        }
        let kept = idle.entry(key).or_default();
        if kept.len() < IDLE_PER_KEY_MAX {
            kept.push((Instant::now(), connection));
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Key, Vec<(Instant, Connection)>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes what was kept too long, until the pool is gone.
pub(super) async fn sweep(pool: Weak<Pool>) {
    loop {
        sleep(IDLE / 4).await;
        let Some(pool) = pool.upgrade() else { return };
        pool.lock().retain(|_, kept| {
            kept.retain(|(since, it)| since.elapsed() < IDLE && !it.sender.is_closed());
            !kept.is_empty()
        });
    }
}

/// The body of an answer; read to its end, it gives the connection back.
pub(super) struct Body {
    inner: Incoming,
    held: Option<(Connection, Arc<Pool>, Key)>,
    between: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
}

impl Body {
    /// The answer that came over `connection`.
    pub(super) fn new(
        inner: Incoming,
        connection: Connection,
        pool: Arc<Pool>,
        key: Key,
        between: Duration,
    ) -> Body {
        let held = Some((connection, pool, key));
        let mut body = Body { inner, held, between, waiting: None };
        body.give_back_at_end();
        body
    }

    // Whoever knows that nothing follows need not ask again.
    fn give_back_at_end(&mut self) {
        if self.inner.is_end_stream() {
            self.give_back();
        }
    }

    fn give_back(&mut self) {
        let Some((mut connection, pool, key)) = self.held.take() else { return };
        if connection.sender.is_ready() {
            return pool.put(key, connection);
        }
        tokio::spawn(async move {
            if let Ok(Ok(())) = timeout(SETTLE, connection.sender.ready()).await {
                pool.put(key, connection);
            }
        });
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = HttpError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, HttpError>>> {
        match Pin::new(&mut self.inner).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                self.waiting = None;
                self.give_back_at_end();
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => {
                self.held = None;
                let error = match failed(error) {
                    // The head was there.
                    HttpError::ConnectionTerminated => HttpError::HttpResponseIncomplete,
                    other => other,
                };
                Poll::Ready(Some(Err(error)))
            }
            Poll::Ready(None) => {
                self.give_back();
                Poll::Ready(None)
            }
            Poll::Pending => {
                let between = self.between;
                let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(between)));
                match waiting.as_mut().poll(context) {
                    Poll::Pending => Poll::Pending,
                    Poll::Ready(()) => {
                        self.held = None;
                        Poll::Ready(Some(Err(HttpError::ConnectionReadTimeout)))
                    }
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
