//! The wall clock that components see, movable by tests; timers and the monotonic clock stay real.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Real time and what tests added to it; clones are the same clock.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead_ms: Arc<AtomicU64>,
}

impl Clock {
    /// Moves the clock on; every component sees it at once.
    pub fn advance_ms(&self, by: u64) {
        self.ahead_ms.fetch_add(by, Ordering::SeqCst);
    }

    /// The time it shows, since 1970.
    pub fn now(&self) -> Duration {
        let real = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        real + Duration::from_millis(self.ahead_ms.load(Ordering::SeqCst))
    }
}
