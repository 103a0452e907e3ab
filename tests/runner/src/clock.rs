//! The wall clock that components see, movable by tests and by the demonstration; timers and the
//! monotonic clock stay real.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Real time and by how much it was moved; clones are the same clock.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead_ms: Arc<AtomicI64>,
    is_story: Arc<AtomicBool>,
}

impl Clock {
    /// Moves the clock on; every component sees it at once.
    pub fn advance_ms(&self, by: u64) {
        self.ahead_ms.fetch_add(i64::try_from(by).unwrap_or(i64::MAX), Ordering::SeqCst);
    }

    /// Sets it to an instant, from which it goes on.
    pub fn set_ms(&self, at: i64) {
        let real = i64::try_from(real().as_millis()).unwrap_or(i64::MAX);
        self.ahead_ms.store(at.saturating_sub(real), Ordering::SeqCst);
    }

    /// Sets it to the real time.
    pub fn set_real(&self) {
        self.ahead_ms.store(0, Ordering::SeqCst);
    }

    /// Says whether a past is being told: what is made of it once must wait until it is whole.
    pub fn set_story(&self, is_story: bool) {
        self.is_story.store(is_story, Ordering::SeqCst);
    }

    /// Whether a past is being told.
    pub(crate) fn is_story(&self) -> bool {
        self.is_story.load(Ordering::SeqCst)
    }

    /// The time it shows, since 1970.
    pub fn now(&self) -> Duration {
        let ahead = self.ahead_ms.load(Ordering::SeqCst);
        let by = Duration::from_millis(ahead.unsigned_abs());
        if ahead < 0 { real().saturating_sub(by) } else { real() + by }
    }
}

fn real() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
