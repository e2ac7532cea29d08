//! Whether the other end is alive, and how far it is. It asks only while something is awaited:
//! it must never want to be woken on a link at rest (the kernel's keep-alive watches that one).

use crate::session::event::Millis;

/// A message that waits this long makes us ask whether anybody is there.
const DOUBT_MS: Millis = 10_000;
/// An answer to PING that takes longer means a dead link.
const ANSWER_MS: Millis = 20_000;
/// A greeting that takes longer means a server that will never be ready.
pub(crate) const GREETING_MS: Millis = 30_000;
/// The lag is measured again at the next message after this time.
const MEASURED_MS: Millis = 60_000;

/// The pulse of one link.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pulse {
    /// When the PING that waits for its PONG was sent.
    asked: Option<Millis>,
    heard: Millis,
    measured: Option<Millis>,
}

impl Pulse {
    /// Something came over the wire.
    pub(crate) fn heard(&mut self, now: Millis) {
        self.heard = now;
    }

    /// Whether a PING makes sense now, because the lag is not known or old.
    pub(crate) fn is_stale(&self, now: Millis) -> bool {
        self.asked.is_none() && self.measured.is_none_or(|at| at + MEASURED_MS < now)
    }

    /// When to ask, because a message sent at `sent` has no answer and nothing was measured since.
    pub(crate) fn doubt_at(&self, sent: Millis) -> Option<Millis> {
        let is_known =
            self.asked.is_some() || self.measured.is_some_and(|at| at >= sent + DOUBT_MS);
        (!is_known).then_some(sent + DOUBT_MS)
    }

    /// Whether it is time to ask.
    pub(crate) fn is_doubtful(&self, sent: Millis, now: Millis) -> bool {
        self.doubt_at(sent).is_some_and(|at| now >= at)
    }

    /// A PING is sent; the token to send with it.
    pub(crate) fn ask(&mut self, now: Millis) -> String {
        self.asked = Some(now);
        format!("parlor-{now}")
    }

    /// A PONG came; the round trip in milliseconds, if it answers our question.
    pub(crate) fn answered(&mut self, token: &str, now: Millis) -> Option<u64> {
        let asked = self.asked?;
        if token != format!("parlor-{asked}") {
            return None;
        }
        self.asked = None;
        self.measured = Some(now);
        Some(now.saturating_sub(asked))
    }

    /// When to look again.
    pub(crate) fn deadline(&self) -> Option<Millis> {
        self.asked.map(|asked| asked.max(self.heard) + ANSWER_MS)
    }

    /// Whether nothing at all was heard for too long after a PING.
    pub(crate) fn is_dead(&self, now: Millis) -> bool {
        self.deadline().is_some_and(|deadline| now >= deadline)
    }
}
