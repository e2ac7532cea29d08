//! Writes on their way to the thread that writes, which takes all that wait at once. It never holds more than so many,
//! and whoever asks never waits for room.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use server_core::Ticket;
use server_core::storage::StorageRequest;

/// Writes that may wait. At 30 000 a second it is a quarter of a second; an entry is some 500 bytes, 10 KB at most.
const WRITES_WAITING_MAX: usize = 8192;
/// Writes that are gathered before they are handed over, whether more comes at once or not.
const GATHERED_MAX: usize = 1024;

/// How long whoever may wait for room waits before it looks again.
const ROOM: Duration = Duration::from_millis(1);

/// A write.
pub(super) type Write = (Ticket, StorageRequest);

/// Why a write was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// Too many wait.
    Full,
    /// Nobody writes any more.
    Stopped,
}

/// What was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Took {
    /// Writes.
    Writes,
    /// A call to look what else there is to do.
    Call,
    /// Nothing in that time.
    Nothing,
    /// The end: nothing will come any more.
    End,
}

/// The queue.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    waiting: Vec<Write>,
    /// Whether the writer sleeps until something comes. Waking it costs more than all the rest, and is done once.
    sleeps: bool,
    is_called: bool,
    /// Whether nobody will ask any more, and whether nobody takes any more.
    is_over: bool,
    is_left: bool,
}

impl Queue {
    /// Takes over what somebody has gathered: all of it, or nothing.
    fn put(&self, gathered: &mut Vec<Write>) -> Result<(), Refused> {
        let mut state = self.state();
        if state.is_left {
            return Err(Refused::Stopped);
        }
        if state.waiting.len() + gathered.len() > WRITES_WAITING_MAX {
            return Err(Refused::Full);
        }
        state.waiting.append(gathered);
        self.wake(state);
        Ok(())
    }

    /// Calls the writer to look what else there is to do.
    pub(super) fn call(&self) {
        let mut state = self.state();
        state.is_called = true;
        self.wake(state);
    }

    /// Takes all that wait, up to so many in all, and waits so long if there are none.
    pub(super) fn take(&self, into: &mut Vec<Write>, most: usize, patience: Duration) -> Took {
        let mut state = self.state();
        let is_idle =
            |state: &State| state.waiting.is_empty() && !state.is_called && !state.is_over;
        if is_idle(&state) && !patience.is_zero() {
            state.sleeps = true;
            let wait = self
                .changed
                .wait_timeout_while(state, patience, |state| is_idle(state));
            state = wait.unwrap_or_else(PoisonError::into_inner).0;
            state.sleeps = false;
        }
        if !state.waiting.is_empty() {
            let count = most.saturating_sub(into.len()).min(state.waiting.len());
            into.extend(state.waiting.drain(..count));
            Took::Writes
        } else if std::mem::take(&mut state.is_called) {
            Took::Call
        } else if state.is_over {
            Took::End
        } else {
            Took::Nothing
        }
    }

    fn wake(&self, mut state: MutexGuard<'_, State>) {
        let sleeps = std::mem::take(&mut state.sleeps);
        drop(state);
        if sleeps {
            self.changed.notify_one();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who asks or calls: when it is gone, nothing comes any more.
#[derive(Debug)]
pub(super) struct Asker(pub(super) Arc<Queue>);

impl Drop for Asker {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.is_over = true;
        self.0.wake(state);
    }
}

/// Gathers writes for a queue, so that those of one batch of the hub are handed over, and committed, together.
#[derive(Debug)]
pub(super) struct Gatherer {
    asker: Arc<Asker>,
    gathered: Vec<Write>,
    is_stopped: bool,
}

impl Gatherer {
    /// For a queue.
    pub(super) fn new(asker: Arc<Asker>) -> Self {
        Self {
            asker,
            gathered: Vec::new(),
            is_stopped: false,
        }
    }

    /// One more.
    pub(super) fn push(&mut self, write: Write) -> Result<(), Refused> {
        if self.is_stopped {
            return Err(Refused::Stopped);
        }
        if self.gathered.len() >= GATHERED_MAX {
            self.hand_over()?;
        }
        self.gathered.push(write);
        Ok(())
    }

    /// Hands over what is gathered. What there is no room for stays: it goes with the next, which comes at the latest
    /// when the writes before it are answered.
    pub(super) fn hand_over(&mut self) -> Result<(), Refused> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let taken = self.asker.0.put(&mut self.gathered);
        self.is_stopped = taken == Err(Refused::Stopped);
        taken
    }

    /// What is gathered and will never be written, if nobody writes any more.
    pub(super) fn left_over(&mut self) -> Vec<Write> {
        if self.is_stopped {
            std::mem::take(&mut self.gathered)
        } else {
            Vec::new()
        }
    }

    /// Hands it over, where there is time to wait until there is room.
    pub(super) fn hand_over_at_last(&mut self) {
        while self.hand_over() == Err(Refused::Full) {
            std::thread::sleep(ROOM);
        }
    }
}

/// Who takes: when it is gone, nothing is taken any more.
#[derive(Debug)]
pub(super) struct Taker(pub(super) Arc<Queue>);

impl Taker {
    /// Nothing is taken any more; what waits in vain.
    pub(super) fn leave(&self) -> Vec<Write> {
        let mut state = self.0.state();
        state.is_left = true;
        std::mem::take(&mut state.waiting)
    }
}

impl Drop for Taker {
    fn drop(&mut self) {
        drop(self.leave());
    }
}

#[cfg(test)]
mod tests;
