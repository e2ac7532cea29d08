//! When to dial again after a lost link: at once, then in growing pauses with some chance in them.
//! It must never make a thousand clients of a restarted server come back in the same second.

use crate::session::event::Millis;

/// The first pause.
const PAUSE_FIRST_MS: Millis = 1_000;
/// The longest pause: a person who repairs the network does not wait longer than this.
const PAUSE_MAX_MS: Millis = 60_000;

/// A link that broke sooner than this was none: who is put out each time does not hammer at the door.
const STEADY_MS: Millis = 30_000;
/// A server that says that we were too fast is left alone for so long.
const TOO_FAST_MS: Millis = 60_000;

/// Counts attempts since the last good link.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Redial {
    failed: u32,
}

impl Redial {
    /// A link that was good for so long broke.
    pub(crate) fn ended(&mut self, lasted: Millis) {
        if lasted >= STEADY_MS {
            self.failed = 0;
        }
    }

    /// The pause when the server said that we were too fast.
    pub(crate) fn slow(&mut self, chance: u64) -> Millis {
        self.failed(chance).max(TOO_FAST_MS + chance % TOO_FAST_MS)
    }

    /// The number of the attempt that is made or comes next, from 1.
    pub(crate) fn attempt(self) -> u32 {
        self.failed + 1
    }

    /// The link broke or could not be made; how long to wait. `chance` is any random number.
    pub(crate) fn failed(&mut self, chance: u64) -> Millis {
        let doubled = PAUSE_FIRST_MS << self.failed.min(6);
        self.failed = self.failed.saturating_add(1);
        let pause = doubled.min(PAUSE_MAX_MS);
        pause + chance % (pause / 4).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_limit() {
        let mut redial = Redial::default();
        let pauses: Vec<_> = (0..9).map(|_| redial.failed(0)).collect();
        assert_eq!(
            pauses,
            [
                1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000
            ]
        );
        assert_eq!(redial.attempt(), 10);
        redial.ended(STEADY_MS - 1);
        assert_eq!(redial.attempt(), 10);
        redial.ended(STEADY_MS);
        assert_eq!(redial.attempt(), 1);
        assert!(redial.failed(u64::MAX) < 1_250);
    }
}
