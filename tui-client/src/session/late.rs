//! What counts as sent where nothing is echoed: for a while the server, or one behind a bouncer, may still refuse it.
//! It must never take the answer to a question for the refusal of a message.

use std::collections::VecDeque;

use crate::session::command::Outgoing;
use crate::session::event::Millis;

/// A refusal that comes later than this is of something else.
const LATE_MS: Millis = 30_000;
/// Messages that are remembered for it; the oldest go first.
const LATE_MAX: usize = 32;
/// Refusals that are only ever of a message, or of a question about somebody.
const OF_MESSAGES: [u16; 9] = [401, 404, 408, 415, 477, 486, 531, 707, 716];
/// So long after a question about somebody a number that knows nobody of that name is its answer.
const QUESTION_MS: Millis = 10_000;

/// A message that counts as sent.
#[derive(Clone, Debug)]
struct Settled {
    message: Outgoing,
    /// When it was written.
    since: Millis,
    /// Whither, folded.
    folded: String,
    /// When it came to count as sent.
    at: Millis,
}

/// The last of them, and about whom we asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Late {
    settled: VecDeque<Settled>,
    question: Option<(String, Millis)>,
}

impl Late {
    /// A new link knows nothing of what was said on the one before.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Something was asked about somebody (WHOIS, INVITE): they may be nobody.
    pub(crate) fn asked(&mut self, folded: String, now: Millis) {
        self.question = Some((folded, now));
    }

    /// Whether this 401 answers such a question, which only one does.
    pub(crate) fn is_answer(&mut self, folded: &str, now: Millis) -> bool {
        let is_it = |(about, since): &(String, Millis)| {
            about == folded && now.saturating_sub(*since) < QUESTION_MS
        };
        self.question.take_if(|question| is_it(question)).is_some()
    }

    /// A message, written then, counts as sent from now on, though nothing has echoed it.
    pub(crate) fn settle(
        &mut self,
        (message, since): (Outgoing, Millis),
        folded: String,
        now: Millis,
    ) {
        if self.settled.len() >= LATE_MAX {
            self.settled.pop_front();
        }
        self.settled.push_back(Settled {
            message,
            since,
            folded,
            at: now,
        });
    }

    /// The server refuses something that went there: the newest of it, because what was refused before it is known; and
    /// when it was written.
    pub(crate) fn refuse(
        &mut self,
        numeric: Option<u16>,
        folded: &str,
        now: Millis,
    ) -> Option<(Outgoing, Millis)> {
        let is_of_message = numeric.is_some_and(|numeric| OF_MESSAGES.contains(&numeric));
        let is_it = |one: &Settled| one.folded == folded && now < one.at + LATE_MS;
        let mut settled = self.settled.iter();
        let place = settled.rposition(is_it).filter(|_| is_of_message)?;
        let settled = self.settled.remove(place)?;
        Some((settled.message, settled.since))
    }
}
