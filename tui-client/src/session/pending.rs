//! What we said and the server has not yet confirmed, and how an answer finds its message.
//! It must never forget a message without saying which: each leaves by an answer or by `give_up`.

use std::collections::VecDeque;

use crate::session::event::{Kind, Millis, OwnId};

/// More than a person can have on the way; a paste of more lines is refused as a whole.
const PENDING_MAX: usize = 512;
/// Messages to a server without echo of which a late refusal may still tell.
const RECENT_MAX: usize = 64;
/// How late such a refusal may come.
const RECENT_MS: Millis = 30_000;

/// One message on the way, or one piece of a long one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) own_id: OwnId,
    /// Which piece, from 0.
    pub(crate) piece: usize,
    /// Folded.
    pub(crate) target: String,
    pub(crate) kind: Kind,
    pub(crate) text: String,
    /// When it went onto the wire; `None`: the pacer holds it.
    pub(crate) at: Option<Millis>,
}

/// All messages whose fate is open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pending {
    waiting: VecDeque<Sent>,
    recent: VecDeque<(OwnId, String, Millis)>,
}

/// The label of a piece, which `settle` reads.
pub(crate) fn label(own_id: OwnId, piece: usize) -> String {
    format!("{}.{piece}", own_id.0)
}

fn parse_label(label: &str) -> Option<(OwnId, usize)> {
    let (own_id, piece) = label.split_once('.')?;
    Some((OwnId(own_id.parse().ok()?), piece.parse().ok()?))
}

impl Pending {
    /// Whether so many more pieces fit.
    pub(crate) fn has_space(&self, pieces: usize) -> bool {
        self.waiting.len() + pieces <= PENDING_MAX
    }

    /// A piece was handed to the pacer, for a server that echoes.
    pub(crate) fn push(&mut self, sent: Sent) {
        self.waiting.push_back(sent);
    }

    /// A piece went onto the wire.
    pub(crate) fn mark_sent(&mut self, own_id: OwnId, piece: usize, now: Millis) {
        if let Some(sent) = self
            .waiting
            .iter_mut()
            .find(|sent| sent.own_id == own_id && sent.piece == piece)
        {
            sent.at = Some(now);
        }
    }

    /// A message went to a server that does not echo.
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
        let there = |sent: &Sent| sent.at.is_some() && sent.target == target && sent.kind == kind;
        let place = self
            .waiting
            .iter()
            .position(|sent| there(sent) && sent.text == text)
            .or_else(|| self.waiting.iter().position(there))?;
        self.waiting.remove(place)
    }

    /// A refusal without a label came: the oldest that waits there, else the newest that counted as sent.
    pub(crate) fn refuse(&mut self, target: &str) -> Option<(OwnId, usize)> {
        let waits = |sent: &Sent| sent.at.is_some() && sent.target == target;
        if let Some(place) = self.waiting.iter().position(waits) {
            let sent = self.waiting.remove(place)?;
            return Some((sent.own_id, sent.piece));
        }
        let place = self.recent.iter().rposition(|(_, to, _)| to == target)?;
        self.recent.remove(place).map(|(own_id, _, _)| (own_id, 0))
    }

    /// When the oldest that is on the wire was sent.
    pub(crate) fn oldest(&self) -> Option<Millis> {
        self.waiting.iter().filter_map(|sent| sent.at).min()
    }

    /// Takes out those that were sent at `until` or before; with `None` all, sent or not.
    pub(crate) fn give_up(&mut self, until: Option<Millis>) -> Vec<Sent> {
        let is_old = |sent: &Sent| match (sent.at, until) {
            (_, None) => true,
            (Some(at), Some(until)) => at <= until,
            (None, Some(_)) => false,
        };
        let (old, young) = self.waiting.drain(..).partition(is_old);
        self.waiting = young;
        Vec::from(old)
    }
}
