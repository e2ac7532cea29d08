//! How many writes are done, so that a question sees all that were asked for before it. It never counts one twice.

use std::sync::{Condvar, Mutex, PoisonError};

/// A count that others can wait for.
#[derive(Debug, Default)]
pub(super) struct Progress {
    done: Mutex<u64>,
    changed: Condvar,
}

impl Progress {
    /// So many more are done.
    pub(super) fn advance(&self, by: u64) {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        *done = done.saturating_add(by);
        self.changed.notify_all();
    }

    /// Waits until so many are done in all.
    pub(super) fn wait_for(&self, count: u64) {
        let done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = self.changed.wait_while(done, |done| *done < count);
        drop(wait.unwrap_or_else(PoisonError::into_inner));
    }
}

/// Lets everybody go who waits for a writer that is gone, however it ended.
#[derive(Debug)]
pub(super) struct LetGo<'a>(pub(super) &'a Progress);

impl Drop for LetGo<'_> {
    fn drop(&mut self) {
        self.0.advance(u64::MAX);
    }
}
