//! Whether the other end is alive, and how far it is. It asks only while something is awaited:
//! it must never want to be woken on a link at rest (the kernel's keep-alive watches that one).

use crate::session::event::{Event, Millis};
use crate::session::link::SLOW_MS;

/// A message that waits this long makes us ask whether anybody is there.
const DOUBT_MS: Millis = 10_000;
/// An answer to PING that takes longer means a dead link.
const ANSWER_MS: Millis = 20_000;
/// A greeting that takes longer means a server that will never be ready.
pub(crate) const GREETING_MS: Millis = 30_000;
/// The lag is measured again at the next message after this time.
const MEASURED_MS: Millis = 60_000;

/// Nothing heard for so long while an answer is due is worth telling.
const SILENT_MS: Millis = 5_000;
/// A slow way is measured again so long after the last time; while it stays slow, after ever twice that, up to
/// `MEASURED_MS`: it is slow by nature then, and is measured at the next message only.
const AGAIN_MS: Millis = 1_000;
/// Who does something on a link that was silent for so long wants to know whether it holds.
const QUIET_MS: Millis = 10_000;

/// The pulse of one link.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pulse {
    /// When the PING that waits for its PONG was sent.
    asked: Option<Millis>,
    heard: Millis,
    measured: Option<Millis>,
    /// While the way is slow: after which pause it is measured again.
    pause: Option<Millis>,
    /// The silence that was told of.
    told: Option<Millis>,
}

impl Pulse {
    /// Whether anything came over the wire.
    pub(crate) fn has_heard(&self) -> bool {
        self.heard > 0
    }

    /// Something came over the wire.
    pub(crate) fn heard(&mut self, now: Millis) {
        self.heard = now;
    }

    /// Whether a PING makes sense now, because the user does something and nobody knows whether the link holds.
    pub(crate) fn is_quiet(&self, now: Millis) -> bool {
        self.asked.is_none() && self.heard + QUIET_MS <= now
    }

    /// Since when an answer is due, with nothing heard meanwhile; `sent`: the oldest message that has none. Where
    /// anything was answered since, that message is lost, and the server is well.
    fn silent_since(&self, sent: Option<Millis>) -> Option<Millis> {
        let sent = sent.filter(|sent| self.measured.is_none_or(|at| at <= *sent));
        let due = self.asked.into_iter().chain(sent).min()?;
        Some(due.max(self.heard))
    }

    /// What there is to tell of the server's silence, if that is news.
    pub(crate) fn news(&mut self, sent: Option<Millis>, now: Millis) -> Option<Event> {
        let since = self.silent_since(sent);
        let since = since.filter(|since| since + SILENT_MS <= now);
        let is_news = since.is_some() != self.told.is_some();
        self.told = since;
        is_news.then_some(Event::Silent(since))
    }

    /// Whether a silence was told of, of whose end nothing was.
    pub(crate) fn is_silent(&self) -> bool {
        self.told.is_some()
    }

    /// When to ask, because a message sent at `sent` has no answer and nothing was measured since.
    fn doubt_at(&self, sent: Millis) -> Option<Millis> {
        let is_known =
            self.asked.is_some() || self.measured.is_some_and(|at| at >= sent + DOUBT_MS);
        (!is_known).then_some(sent + DOUBT_MS)
    }

    /// Whether it is time to ask, for the sake of the oldest message without an answer or of a slow link.
    pub(crate) fn is_doubtful(&self, sent: Option<Millis>, now: Millis) -> bool {
        let doubt = sent.and_then(|sent| self.doubt_at(sent));
        doubt.into_iter().chain(self.again_at()).any(|at| now >= at)
    }

    /// When a slow way is measured again by itself.
    fn again_at(&self) -> Option<Millis> {
        let measured = self.measured.filter(|_| self.asked.is_none())?;
        let pause = self.pause.filter(|pause| *pause < MEASURED_MS)?;
        Some(measured + pause)
    }

    /// The way there and back took so long.
    pub(crate) fn took(&mut self, millis: Millis, now: Millis) {
        self.measured = Some(now);
        let is_slow = millis >= SLOW_MS;
        let next = self.pause.map_or(AGAIN_MS, |pause| pause * 2);
        self.pause = is_slow.then_some(next.min(MEASURED_MS));
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
        let millis = now.saturating_sub(asked);
        self.took(millis, now);
        Some(millis)
    }

    /// When to look again; `sent`: the oldest message without an answer.
    pub(crate) fn deadline(&self, sent: Option<Millis>) -> Option<Millis> {
        let silent = self.silent_since(sent).filter(|_| !self.is_silent());
        let times = [
            self.dead_at(),
            silent.map(|since| since + SILENT_MS),
            sent.and_then(|sent| self.doubt_at(sent)),
            self.again_at(),
        ];
        times.into_iter().flatten().min()
    }

    fn dead_at(&self) -> Option<Millis> {
        self.asked.map(|asked| asked.max(self.heard) + ANSWER_MS)
    }

    /// Whether nothing at all was heard for too long after a PING.
    pub(crate) fn is_dead(&self, now: Millis) -> bool {
        self.dead_at().is_some_and(|deadline| now >= deadline)
    }
}
