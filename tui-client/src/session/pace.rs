//! Holds back what is said too fast, so that no server throws us out for flooding.
//! It must never hold back answers to the server, nor grow without end.

use std::collections::VecDeque;

use crate::session::event::Millis;

/// Lines that go out at once after a rest.
const BURST: u64 = 8;
/// After the burst, one line in this time: what the usual servers allow for ever.
const STEP_MS: Millis = 1_000;
/// Bytes that may wait: a long paste.
const HELD_BYTES_MAX: usize = 256 * 1024;

/// A bucket that a line takes one of `BURST` drops from, and that fills by one in `STEP_MS`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pace {
    held: VecDeque<Vec<u8>>,
    held_bytes: usize,
    /// When the bucket will be full again.
    full_at: Millis,
}

impl Pace {
    /// Whether this many more bytes may wait.
    pub(crate) fn has_space(&self, bytes: usize) -> bool {
        self.held_bytes + bytes <= HELD_BYTES_MAX
    }

    /// Whether a line would go out at once.
    pub(crate) fn is_free(&self, now: Millis) -> bool {
        self.held.is_empty() && self.may_send(now)
    }

    /// Takes a line (or lines that belong together) in.
    pub(crate) fn push(&mut self, line: Vec<u8>) {
        self.held_bytes += line.len();
        self.held.push_back(line);
    }

    /// The next line whose time has come.
    pub(crate) fn pop(&mut self, now: Millis) -> Option<Vec<u8>> {
        if !self.may_send(now) {
            return None;
        }
        let line = self.held.pop_front()?;
        self.held_bytes -= line.len();
        self.full_at = self.full_at.max(now) + STEP_MS;
        Some(line)
    }

    /// When the next line may go, if one waits.
    pub(crate) fn deadline(&self) -> Option<Millis> {
        let when = self.full_at.saturating_sub((BURST - 1) * STEP_MS);
        (!self.held.is_empty()).then_some(when)
    }

    fn may_send(&self, now: Millis) -> bool {
        self.full_at <= now + (BURST - 1) * STEP_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_goes_at_once_and_the_rest_in_steps() {
        let mut pace = Pace::default();
        for n in 0..10 {
            pace.push(vec![n]);
        }
        let burst = std::iter::from_fn(|| pace.pop(50_000)).count();
        assert_eq!(burst, 8);
        assert_eq!(pace.deadline(), Some(51_000));
        assert_eq!(pace.pop(50_999), None);
        assert_eq!(pace.pop(51_000), Some(vec![8]));
        assert_eq!(pace.pop(51_000), None);
        assert_eq!(pace.pop(52_000), Some(vec![9]));
        assert_eq!(pace.deadline(), None);
    }
}
