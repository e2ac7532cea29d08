//! What we said and the server has not yet confirmed, and how an answer finds its message.
//! It must never forget a message without saying which: each leaves by `settle` or `give_up`.

use std::collections::VecDeque;

use crate::session::event::{Kind, Millis, OwnId};

/// More than a person can have on the way; a paste of more lines waits in the pacer anyhow.
pub(crate) const PENDING_MAX: usize = 512;
/// Messages to a server without echo of which a late refusal may still tell.
const RECENT_MAX: usize = 64;
/// How late such a refusal may come.
const RECENT_MS: Millis = 30_000;

/// One message on the wire, or one piece of a long one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) own_id: OwnId,
    /// Which piece, from 0.
    pub(crate) piece: usize,
    /// Folded.
    pub(crate) target: String,
    pub(crate) kind: Kind,
    pub(crate) text: String,
    pub(crate) at: Millis,
}

/// All messages whose fate is open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pending {
    waiting: VecDeque<Sent>,
    recent: VecDeque<(OwnId, String, Millis)>,
}

/// The label of a piece: what `parse_label` reads.
pub(crate) fn label(own_id: OwnId, piece: usize) -> String {
    format!("{}.{piece}", own_id.0)
}

fn parse_label(label: &str) -> Option<(OwnId, usize)> {
    let (own_id, piece) = label.split_once('.')?;
    Some((OwnId(own_id.parse().ok()?), piece.parse().ok()?))
}

impl Pending {
    /// Whether another message fits.
    pub(crate) fn has_space(&self) -> bool {
        self.waiting.len() < PENDING_MAX
    }

    /// A message went onto the wire, to a server that echoes.
    pub(crate) fn push(&mut self, sent: Sent) {
        self.waiting.push_back(sent);
    }

    /// A message went onto the wire, to a server that does not echo.
    pub(crate) fn push_recent(&mut self, own_id: OwnId, target: String, now: Millis) {
        self.recent.retain(|(_, _, at)| at + RECENT_MS > now);
        if self.recent.len() >= RECENT_MAX {
            self.recent.pop_front();
        }
        self.recent.push_back((own_id, target, now));
    }

    /// The answer to a label came.
    pub(crate) fn settle(&mut self, label: &str) -> Option<Sent> {
        let (own_id, piece) = parse_label(label)?;
        let place = self
            .waiting
            .iter()
            .position(|sent| sent.own_id == own_id && sent.piece == piece)?;
        self.waiting.remove(place)
    }

    /// An echo without a label came: the oldest of the same words, else the oldest there.
    pub(crate) fn settle_like(&mut self, target: &str, kind: Kind, text: &str) -> Option<Sent> {
        let there = |sent: &Sent| sent.target == target && sent.kind == kind;
        let place = self
            .waiting
            .iter()
            .position(|sent| there(sent) && sent.text == text)
            .or_else(|| self.waiting.iter().position(there))?;
        self.waiting.remove(place)
    }

    /// A refusal without a label came: the oldest that waits there, else the newest that counted as sent.
    pub(crate) fn refuse(&mut self, target: &str) -> Option<OwnId> {
        if let Some(place) = self.waiting.iter().position(|sent| sent.target == target) {
            return self.waiting.remove(place).map(|sent| sent.own_id);
        }
        let place = self.recent.iter().rposition(|(_, to, _)| to == target)?;
        self.recent.remove(place).map(|(own_id, _, _)| own_id)
    }

    /// When the oldest was sent.
    pub(crate) fn oldest(&self) -> Option<Millis> {
        self.waiting.front().map(|sent| sent.at)
    }

    /// Those sent at `since` or before.
    pub(crate) fn give_up(&mut self, since: Millis) -> Vec<Sent> {
        let (old, young) = self.waiting.drain(..).partition(|sent| sent.at <= since);
        self.waiting = young;
        Vec::from(old)
    }
}
