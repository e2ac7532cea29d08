//! Messages that were passed on and are in no log, so that one sent again is not said twice. It never outlives the
//! process.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::storage::Entry;

/// Messages remembered; the oldest is forgotten first. At the usual rates of a client that is some minutes of a busy
/// room, and a lost link is made again in seconds.
const PASSED_MAX: usize = 1000;

/// The newest of them, those with an own id that nobody can guess.
#[derive(Debug, Default)]
pub struct Passed(VecDeque<Arc<Entry>>);

impl Passed {
    /// The message that this one repeats.
    pub fn repeated(&self, entry: &Entry) -> Option<Arc<Entry>> {
        if !entry.is_sure() {
            return None;
        }
        let first = self
            .0
            .iter()
            .find(|passed| passed.is_sent_again_as(entry, false));
        first.map(Arc::clone)
    }

    /// Remembers a message that was passed on.
    pub fn note(&mut self, entry: Arc<Entry>) {
        if entry.is_sure() {
            if self.0.len() >= PASSED_MAX {
                self.0.pop_front();
            }
            self.0.push_back(entry);
        }
    }
}
