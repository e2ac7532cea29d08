//! What we said as it was written, while its fate is open; and what failed, until it is tried again or let go.
//! It must never send anything, nor forget a failure by itself but for its bounds.

use std::collections::VecDeque;

use crate::session::command::Outgoing;
use crate::session::event::{Event, Millis, OwnId};

/// Messages whose fate is open, of which a failure could tell: more than `pending` takes.
const OPEN_MAX: usize = 1_024;
/// Failures that are kept; the oldest go first.
const FAILED_MAX: usize = 64;

/// A message that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failed {
    pub(crate) message: Outgoing,
    /// When it was written.
    pub(crate) since: Millis,
    /// Why it failed.
    pub(crate) reason: String,
}

/// Both lists.
#[derive(Clone, Debug, Default)]
pub(crate) struct Failures {
    open: VecDeque<(Outgoing, Millis)>,
    failed: VecDeque<Failed>,
}

impl Failures {
    /// A message is on its way, perhaps again; whether it had failed before.
    pub(crate) fn begin(&mut self, message: &Outgoing, since: Millis) -> bool {
        let had_failed = self.forget(message.own_id);
        if self.open.len() >= OPEN_MAX {
            self.open.pop_front();
        }
        self.open.push_back((message.clone(), since));
        had_failed
    }

    /// A message failed; whether it is one that was said here.
    pub(crate) fn fail(&mut self, own_id: OwnId, reason: &str) -> bool {
        let place = self.open.iter().position(|(one, _)| one.own_id == own_id);
        let Some((message, since)) = place.and_then(|place| self.open.remove(place)) else {
            return false;
        };
        if self.failed.len() >= FAILED_MAX {
            self.failed.pop_front();
        }
        let reason = reason.to_owned();
        self.failed.push_back(Failed {
            message,
            since,
            reason,
        });
        true
    }

    /// It arrived after all, or is let go; whether it had failed.
    pub(crate) fn forget(&mut self, own_id: OwnId) -> bool {
        self.open.retain(|(one, _)| one.own_id != own_id);
        let before = self.failed.len();
        self.failed.retain(|one| one.message.own_id != own_id);
        self.failed.len() < before
    }

    /// An event is told that may say that messages arrived; whether one of them had failed.
    pub(crate) fn heard(&mut self, event: &Event) -> bool {
        match event {
            Event::Confirmed { own_id, .. } => self.forget(*own_id),
            Event::Message(message) => message.own_id.is_some_and(|id| self.forget(id)),
            Event::History { messages, .. } => {
                let own = messages.iter().filter_map(|message| message.own_id);
                own.fold(false, |any, own_id| self.forget(own_id) | any)
            }
            _ => false,
        }
    }

    /// A message whose fate is open, as it was written, and when.
    pub(crate) fn as_written(&self, own_id: OwnId) -> Option<&(Outgoing, Millis)> {
        self.open
            .iter()
            .find(|(message, _)| message.own_id == own_id)
    }

    /// Those that failed, the oldest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Failed> {
        self.failed.iter()
    }
}
