//! The key-value store, without which everything works: whoever cannot have it soon goes on.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

/// How long a call may take; it takes less than a millisecond.
const WAIT: Duration = Duration::from_millis(250);
/// How long nobody of the instance asks again after a call that failed or took longer.
const REST: Duration = Duration::from_secs(5);

thread_local! {
    static FAILED: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// What the store answers, unless it fails, is slow, or did so a moment ago.
pub(crate) async fn soon<T>(call: impl Future<Output = Option<T>>) -> Option<T> {
    if FAILED.get().is_some_and(|it| it.elapsed() < REST) {
        return None;
    }
    let mut call = pin!(call);
    let mut over = pin!(spin_sdk::time::sleep(WAIT));
    let answer = poll_fn(|context| match call.as_mut().poll(context) {
        Poll::Ready(answer) => Poll::Ready(answer),
        Poll::Pending => over.as_mut().poll(context).map(|()| None),
    })
    .await;
    FAILED.set(answer.is_none().then(Instant::now));
    answer
}
