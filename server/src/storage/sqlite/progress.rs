//! How many writes are done, and how many of these are where they are read, so that a question sees all that were asked
//! for before it. It never counts one twice.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Counts that others can wait for.
#[derive(Debug, Default)]
pub(super) struct Progress {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Writes that are stored.
    done: u64,
    /// Writes whose entries are settled.
    settled: u64,
    /// Writes that must settle, because somebody waits for it.
    wanted: u64,
    /// How often they could not be settled, and why the last time.
    failures: u64,
    reason: String,
}

impl Progress {
    /// So many are stored, and so many settled.
    pub(super) fn reach(&self, done: u64, settled: u64) {
        let mut state = self.state();
        (state.done, state.settled) = (done, settled);
        self.changed.notify_all();
    }

    /// What is wanted could not be settled: whoever waits for it is let go.
    pub(super) fn fail(&self, reason: String) {
        let mut state = self.state();
        state.failures += 1;
        state.wanted = state.settled;
        state.reason = reason;
        self.changed.notify_all();
    }

    /// Whether somebody waits for more to settle.
    pub(super) fn is_wanted(&self) -> bool {
        let state = self.state();
        state.wanted > state.settled
    }

    /// Waits until so many are stored.
    pub(super) fn wait_for(&self, count: u64) {
        let state = self.state();
        let wait = self.changed.wait_while(state, |state| state.done < count);
        drop(wait.unwrap_or_else(PoisonError::into_inner));
    }

    /// Waits until so many are settled; `wake` wakes the writer. It fails where they cannot be, with the reason.
    pub(super) fn wait_settled(&self, count: u64, wake: &dyn Fn()) -> Result<(), String> {
        let mut state = self.state();
        if state.settled >= count {
            return Ok(());
        }
        let failures = state.failures;
        state.wanted = state.wanted.max(count);
        drop(state);
        wake();
        let waits = |state: &mut State| state.settled < count && state.failures == failures;
        let wait = self.changed.wait_while(self.state(), waits);
        let state = wait.unwrap_or_else(PoisonError::into_inner);
        if state.settled >= count {
            return Ok(());
        }
        Err(state.reason.clone())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets everybody go who waits for a writer that is gone, however it ended.
#[derive(Debug)]
pub(super) struct LetGo<'a>(pub(super) &'a Progress);

impl Drop for LetGo<'_> {
    fn drop(&mut self) {
        self.0.reach(u64::MAX, u64::MAX);
    }
}
