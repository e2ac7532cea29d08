//! What we said and the server has not yet confirmed, and how an answer finds its message.
//! It must never forget a message without saying which: each leaves by an answer or by being given up.

use std::collections::VecDeque;

use crate::session::command::Outgoing;
use crate::session::event::{Kind, Millis, OwnId};

/// More than a person can have on the way; a paste of more lines is refused as a whole.
const PENDING_MAX: usize = 512;
/// Lines that open and close a batch.
const BATCH_LINES: usize = 2;
/// Messages that may wait for a link.
const LATER_MAX: usize = 256;
/// And bytes of them.
const LATER_BYTES_MAX: usize = 256 * 1024;
/// Pieces of given-up messages that are sent under their old ids when they are tried again.
const DOUBTED_MAX: usize = 128;

/// Where a piece stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stand {
    /// It waits for a link, or for the room.
    Held,
    /// The pacer has it.
    Paced,
    /// It went onto the wire then.
    Wired(Millis),
}

/// One message on the way, or one piece of a long one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) own_id: OwnId,
    /// Which piece, from 0.
    pub(crate) piece: usize,
    /// By what the server knows it again; the same whenever it is sent.
    pub(crate) id: String,
    /// As it was written.
    pub(crate) target: String,
    /// The room or the person, folded, whoever of the room hears it.
    pub(crate) folded: String,
    pub(crate) kind: Kind,
    pub(crate) text: String,
    pub(crate) reply_to: Option<String>,
    /// Whether it goes as one message of several lines.
    pub(crate) is_batch: bool,
    /// Whether the message is complete with it.
    pub(crate) is_last: bool,
    /// When it was written.
    pub(crate) since: Millis,
    /// The nick under which it was sent.
    pub(crate) nick: String,
    /// Whether an earlier link broke when it was on the wire: perhaps the server has it.
    pub(crate) is_doubtful: bool,
    /// Whether it waits, or has waited, for somebody who was there on the link before.
    pub(crate) is_awaiting: bool,
    pub(crate) stand: Stand,
}

impl Sent {
    /// How many lines it goes in.
    fn lines(&self) -> usize {
        if self.is_batch {
            self.text.lines().count() + BATCH_LINES
        } else {
            1
        }
    }

    /// When it went onto the wire of this link.
    pub(crate) fn at(&self) -> Option<Millis> {
        match self.stand {
            Stand::Wired(at) => Some(at),
            Stand::Held | Stand::Paced => None,
        }
    }
}

/// All messages whose fate is open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pending {
    waiting: VecDeque<Sent>,
    /// Written without a link, and not yet cut to the wire; and when.
    later: VecDeque<(Outgoing, Millis)>,
    later_bytes: usize,
    doubted: VecDeque<Sent>,
    /// Whether lines are being taken into a batch, which counts only as a whole.
    pub(crate) is_in_batch: bool,
    /// What was settled by lines of batches that are still open.
    half_settled: Vec<Sent>,
    /// Whether what must outlive us is another than when it was asked for last.
    pub(crate) is_changed: bool,
}

/// The label of a piece, which `settle` reads.
pub(crate) fn label(own_id: OwnId, piece: usize) -> String {
    format!("{}.{piece}", own_id.0)
}

/// What goes onto the wire of a text: empty lines do not.
fn said(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.is_empty())
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

    /// Takes a piece in.
    pub(crate) fn push(&mut self, sent: Sent) {
        self.is_changed = true;
        self.waiting.push_back(sent);
    }

    /// Takes a message in that must wait as it is; false if too much waits.
    pub(crate) fn push_later(&mut self, message: Outgoing, since: Millis) -> bool {
        let bytes = self.later_bytes + message.text.len();
        let has_space = self.later.len() < LATER_MAX && bytes <= LATER_BYTES_MAX;
        if has_space {
            self.is_changed = true;
            self.later_bytes = bytes;
            self.later.push_back((message, since));
        }
        has_space
    }

    /// Takes out the messages that waited as they are.
    pub(crate) fn take_later(&mut self) -> VecDeque<(Outgoing, Millis)> {
        self.later_bytes = 0;
        std::mem::take(&mut self.later)
    }

    /// Takes out the pieces that wait for a link or a room.
    pub(crate) fn take_held(&mut self) -> Vec<Sent> {
        let is_held = |sent: &Sent| sent.stand == Stand::Held;
        let (held, others) = self.waiting.drain(..).partition(is_held);
        self.waiting = others;
        Vec::from(held)
    }

    /// Whether something waits for a link or a room; `None`: for any.
    pub(crate) fn has_held(&self, target: Option<&str>) -> bool {
        let is_it = |name: &str| target.is_none_or(|target| target == name);
        let is_held = |sent: &Sent| sent.stand == Stand::Held && is_it(&sent.target);
        self.waiting.iter().any(is_held) || self.later.iter().any(|(out, _)| is_it(&out.target))
    }

    /// Whether something waits for somebody, and for nothing else.
    pub(crate) fn has_awaiting(&self) -> bool {
        let is_it = |sent: &Sent| sent.stand == Stand::Held && sent.is_awaiting;
        self.waiting
            .iter()
            .any(|sent| is_it(sent) && !sent.is_doubtful)
    }

    /// The link broke: what was on the wire is doubtful, and everything waits.
    pub(crate) fn interrupt(&mut self) {
        // Half an echo is none.
        for sent in self.half_settled.drain(..).rev() {
            self.waiting.push_front(sent);
        }
        for sent in &mut self.waiting {
            sent.is_doubtful |= sent.at().is_some();
            sent.is_awaiting = false;
            sent.stand = Stand::Held;
        }
    }

    /// All batches are closed.
    pub(crate) fn settle_batches(&mut self) {
        self.is_changed |= !self.half_settled.is_empty();
        self.half_settled.clear();
    }

    /// A piece went onto the wire.
    pub(crate) fn mark_sent(&mut self, own_id: OwnId, piece: usize, now: Millis) {
        if let Some(sent) = self
            .waiting
            .iter_mut()
            .find(|sent| sent.own_id == own_id && sent.piece == piece)
        {
            sent.stand = Stand::Wired(now);
        }
    }

    fn take(&mut self, is_it: impl Fn(&Sent) -> bool) -> Option<Sent> {
        let place = self.waiting.iter().position(is_it)?;
        let taken = self.waiting.remove(place)?;
        if self.is_in_batch && self.half_settled.len() < PENDING_MAX {
            self.half_settled.push(taken.clone());
        } else {
            self.is_changed = true;
        }
        Some(taken)
    }

    /// The answer to a label came.
    pub(crate) fn settle(&mut self, label: &str) -> Option<Sent> {
        let (own_id, piece) = parse_label(label)?;
        self.take(|sent| sent.own_id == own_id && sent.piece == piece)
    }

    /// The server says our own id.
    pub(crate) fn settle_id(&mut self, id: &str) -> Option<Sent> {
        self.take(|sent| sent.id == id)
    }

    /// Whether a piece of this id, under this nick and in these words, has an open fate: then it is ours, whatever we
    /// are called by now. The id alone proves nothing, because all who heard the message know it.
    pub(crate) fn is_ours(&self, id: &str, nick: impl Fn(&str) -> bool, text: &str) -> bool {
        let is_same = |sent: &Sent| said(&sent.text).eq(said(text));
        let is_it = |sent: &Sent| sent.id == id && nick(&sent.nick) && is_same(sent);
        self.pieces().any(is_it)
    }

    /// An echo without a label came: the oldest of the same words, else the oldest there.
    pub(crate) fn settle_like(&mut self, target: &str, kind: Kind, text: &str) -> Option<Sent> {
        let there = |sent: &Sent| sent.at().is_some() && sent.folded == target && sent.kind == kind;
        self.take(|sent| there(sent) && sent.text == text)
            .or_else(|| self.take(there))
    }

    /// A refusal without a label came: of the oldest that waits there, because answers come in the order of the lines;
    /// `None`: the server did not say where. Those whose text has fewer bytes are passed over.
    pub(crate) fn refuse(&mut self, target: Option<&str>, bytes_min: usize) -> Option<Sent> {
        let is_there = |sent: &Sent| {
            let is_target = target.is_none_or(|target| sent.folded == target);
            is_target && sent.text.len() >= bytes_min
        };
        self.take(|sent| sent.at().is_some() && is_there(sent))
    }

    /// How many lines are on the wire.
    pub(crate) fn wired(&self) -> usize {
        let wired = self.waiting.iter().filter(|sent| sent.at().is_some());
        wired.map(Sent::lines).sum()
    }

    /// When the oldest that is on the wire was sent.
    pub(crate) fn oldest(&self) -> Option<Millis> {
        self.waiting.iter().filter_map(Sent::at).min()
    }

    /// Takes out those that were sent at `until` or before; with `None` all, sent or not.
    pub(crate) fn give_up(&mut self, until: Option<Millis>) -> Vec<Sent> {
        let is_old = |sent: &Sent| match (sent.at(), until) {
            (_, None) => true,
            (Some(at), Some(until)) => at <= until,
            (None, Some(_)) => false,
        };
        let (old, young) = self.waiting.drain(..).partition(is_old);
        self.waiting = young;
        self.is_changed = true;
        Vec::from(old)
    }

    /// A piece is given up, and perhaps the server has it: it keeps its id, should the user try again.
    pub(crate) fn doubt(&mut self, sent: Sent) {
        self.is_changed = true;
        if self.doubted.len() >= DOUBTED_MAX {
            self.doubted.pop_front();
        }
        self.doubted.push_back(sent);
    }

    /// The user tries a message again: its pieces wait once more; whether there were any.
    pub(crate) fn revive(&mut self, own_id: OwnId) -> bool {
        let is_it = |sent: &Sent| sent.own_id == own_id;
        let (again, others): (VecDeque<Sent>, VecDeque<Sent>) =
            self.doubted.drain(..).partition(is_it);
        self.doubted = others;
        let has_any = !again.is_empty();
        for sent in again {
            // The user has looked, and wants it.
            self.push(Sent {
                is_doubtful: false,
                is_awaiting: false,
                stand: Stand::Held,
                ..sent
            });
        }
        has_any
    }

    /// The user does not try a message again: its pieces are forgotten.
    pub(crate) fn undoubt(&mut self, own_id: OwnId) {
        self.doubted.retain(|sent| sent.own_id != own_id);
    }

    /// The pieces of a message that was given up.
    pub(crate) fn doubted(&self, own_id: OwnId) -> impl Iterator<Item = &Sent> {
        self.doubted
            .iter()
            .filter(move |sent| sent.own_id == own_id)
    }

    /// Every piece whose fate is open.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = &Sent> {
        self.half_settled.iter().chain(&self.waiting)
    }

    /// Every message that waits as it is, and since when.
    pub(crate) fn later(&self) -> impl Iterator<Item = &(Outgoing, Millis)> {
        self.later.iter()
    }
}
