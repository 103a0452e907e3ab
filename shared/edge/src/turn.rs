//! Commits of an instance, one after the other.
//!
//! Only one can have the write lock, and whoever is refused it asks again and again: that alone can
//! keep a machine busy when hundreds come at once. So the requests of an instance take turns, and
//! only instances contend. See `gather` for why it is a stream that wakes the next.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use spin_sdk::wasip3::wit_bindgen::StreamWriter;
use spin_sdk::wasip3::wit_stream;

thread_local! {
    // None while nobody commits; else those who wait for their turn.
    static QUEUE: RefCell<Option<VecDeque<Waiting>>> = const { RefCell::new(None) };
}

/// A request that waits for its turn.
struct Waiting {
    is_up: Rc<Cell<bool>>,
    /// Dropped to wake it.
    _wake: StreamWriter<u8>,
}

/// The right to commit, until it is dropped.
pub(crate) struct Turn {
    is_up: Rc<Cell<bool>>,
}

/// Waits until nobody else of the instance commits.
pub(crate) async fn turn() -> Turn {
    let waited = QUEUE.with_borrow_mut(|queue| {
        let Some(waiting) = queue else {
            *queue = Some(VecDeque::new());
            return None;
        };
        let (writer, reader) = wit_stream::new();
        let is_up = Rc::new(Cell::new(false));
        waiting.push_back(Waiting { is_up: Rc::clone(&is_up), _wake: writer });
        Some((is_up, reader))
    });
    let Some((is_up, mut reader)) = waited else {
        return Turn { is_up: Rc::new(Cell::new(true)) };
    };
    // Made before it waits: a request that goes away when its turn has come passes it on.
    let turn = Turn { is_up };
    let _dropped = reader.read(Vec::with_capacity(1)).await;
    turn
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.is_up.get() {
            return;
        }
        QUEUE.with_borrow_mut(|queue| {
            while let Some(next) = queue.as_mut().and_then(VecDeque::pop_front) {
                // Whoever gave up has let go of theirs.
                if 1 < Rc::strong_count(&next.is_up) {
                    next.is_up.set(true);
                    return;
                }
            }
            *queue = None;
        });
    }
}
