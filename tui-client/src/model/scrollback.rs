//! What was said in a window, oldest first, bounded, with our messages that are being sent at its end.
//! It must never reorder what the log ordered: an echo takes its place where it arrives.

mod both;
mod gaps;

use std::collections::VecDeque;

use crate::entry::presence::Coming;
use crate::entry::{Delivery, Entry, Said};
use crate::ids::LineId;
use crate::model::scrollback::both::Both;
use crate::name;
use crate::session::event::{Message, Millis, OwnId};

/// How many entries a window keeps in memory; older ones are the store's and the server's.
pub const ENTRIES_MAX: usize = 3_000;
/// And how many while somebody reads older ones: what comes meanwhile pushes none of those out that are read.
const ENTRIES_HELD_MAX: usize = 2 * ENTRIES_MAX;

/// Among so many of the newest entries a message is looked for that was refused after it was sent.
const SENT_MAX: usize = 200;
/// How many entries are looked through for the coming of whoever speaks.
const UNFOLD_MAX: usize = 8;

/// How many messages of ours may wait in one window.
pub const WAITING_MAX: usize = 500;

/// The row that stays where it is in the pane while scrolled up.
///
/// An entry and a row in it, never an offset: so nothing jumps when older messages are put in
/// front, a gap above is filled, entries fold, or the width changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// The entry.
    pub id: LineId,
    /// The row in it.
    pub row: usize,
    /// How many rows below the top of the pane it stands.
    pub below: usize,
}

/// A message that is looked for: when it was said, and the server's id of it, if it has one.
pub type Sought = (Millis, Option<String>);

/// Where a message that is not the newest belongs among those of the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seat {
    /// After them.
    Last,
    /// Before them.
    First,
    /// Right after this one.
    After(LineId),
    /// Right before this one.
    Before(LineId),
}

/// The entries of a window.
///
/// Invariant: `waiting` holds only our own messages that are being sent. One that failed stands among the others at
/// its time, so that it hides nothing that is said after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scrollback {
    entries: VecDeque<Entry>,
    waiting: VecDeque<Entry>,
    /// How many of the entries are gaps.
    gaps: usize,
    /// How many of the entries are messages of ours that failed.
    failed: usize,
    /// Whether the oldest had to go since somebody last asked.
    has_lost: bool,
    /// Whether somebody reads what is not the newest.
    is_held: bool,
}

impl Scrollback {
    /// How many entries there are, waiting ones included.
    pub fn len(&self) -> usize {
        self.entries.len() + self.waiting.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry at this place.
    pub fn get(&self, index: usize) -> Option<&Entry> {
        self.entries
            .get(index)
            .or_else(|| self.waiting.get(index.checked_sub(self.entries.len())?))
    }

    /// Where the entry stands.
    pub fn index_of(&self, id: LineId) -> Option<usize> {
        self.iter().rposition(|entry| entry.id == id)
    }

    /// All entries, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        Both::of(&self.entries, &self.waiting)
    }

    /// The newest entry that does not wait.
    pub fn last_mut(&mut self) -> Option<&mut Entry> {
        self.entries.back_mut()
    }

    /// Takes somebody's coming since then out of the line that folds it, if that is among the last few.
    pub fn unfold(&mut self, nick: &str, since: Millis) -> Option<Coming> {
        let last = self.entries.iter_mut().rev().take(UNFOLD_MAX);
        let mut recent = last.take_while(|entry| entry.at >= since);
        recent.find_map(|entry| entry.unfold(nick))
    }

    /// The oldest entry.
    pub fn first(&self) -> Option<&Entry> {
        self.entries.front()
    }

    /// Whether messages may be missing anywhere.
    pub fn has_gaps(&self) -> bool {
        self.gaps > 0
    }

    /// How many messages of ours failed, and how many wait, or are on their way.
    pub fn unsent(&self) -> (usize, usize) {
        (self.failed, self.waiting.len())
    }

    /// Adds an entry after all that do not wait.
    pub fn push(&mut self, entry: Entry) {
        self.make_space();
        self.gaps += usize::from(entry.is_gap());
        self.failed += usize::from(entry.has_failed());
        self.entries.push_back(entry);
    }

    /// Somebody reads what is not the newest, or no longer.
    pub fn hold(&mut self, is_held: bool) {
        self.is_held = is_held;
    }

    /// How many of the oldest have to go for one more.
    fn surplus(&self) -> usize {
        let most = if self.is_held {
            ENTRIES_HELD_MAX
        } else {
            ENTRIES_MAX
        };
        (self.entries.len() + 1).saturating_sub(most)
    }

    fn make_space(&mut self) {
        for gone in self.entries.drain(..self.surplus()) {
            self.gaps -= usize::from(gone.is_gap());
            self.failed -= usize::from(gone.has_failed());
            self.has_lost = true;
        }
    }

    /// Whether the oldest had to go since this was asked last: then what was known of those before is so no longer.
    pub fn take_lost(&mut self) -> bool {
        std::mem::take(&mut self.has_lost)
    }

    /// Adds a message of ours that waits; false if too many wait already.
    pub fn push_waiting(&mut self, entry: Entry) -> bool {
        if self.waiting.len() >= WAITING_MAX {
            return false;
        }
        self.waiting.push_back(entry);
        true
    }

    /// Takes out a message of ours that waits, or has failed.
    pub fn take_waiting(&mut self, own_id: OwnId) -> Option<Entry> {
        let is_it = |entry: &Entry| entry.as_said().and_then(|said| said.own_id) == Some(own_id);
        if let Some(index) = self.waiting.iter().position(is_it) {
            return self.waiting.remove(index);
        }
        let has_failed = |entry: &Entry| is_it(entry) && entry.has_failed();
        let index = self.entries.iter().rposition(has_failed)?;
        self.failed -= 1;
        self.entries.remove(index)
    }

    /// A message of ours that counted as sent waits again: a server without echo says no only afterwards. False if
    /// there is none, or too many wait.
    pub fn take_back_sent(&mut self, own_id: OwnId) -> bool {
        let is_it = |entry: &Entry| {
            let said = entry.as_said().filter(|said| said.own_id == Some(own_id));
            said.is_some_and(|said| said.delivery == Some(Delivery::Sent))
        };
        let last = self.entries.iter().rev().take(SENT_MAX).position(is_it);
        let place = last.map(|back| self.entries.len() - 1 - back);
        let has_space = self.waiting.len() < WAITING_MAX;
        let entry = place
            .filter(|_| has_space)
            .and_then(|place| self.entries.remove(place));
        entry.is_some_and(|entry| self.push_waiting(entry))
    }

    /// A message of ours that waits or has failed is on its way, again if it had failed; false if there is none, or too
    /// many wait.
    pub fn set_sending(&mut self, own_id: OwnId) -> bool {
        let is_it = |entry: &Entry| entry.as_said().and_then(|said| said.own_id) == Some(own_id);
        if self.waiting.iter().any(is_it) {
            return true;
        }
        let has_space = self.waiting.len() < WAITING_MAX;
        let entry = has_space.then(|| self.take_waiting(own_id)).flatten();
        entry.is_some_and(|entry| self.push_waiting(entry.delivered(Delivery::Sending)))
    }

    /// A message of ours that waited has failed: it stands at its time from now on. False if there is none.
    pub fn set_failed(&mut self, own_id: OwnId, reason: &str) -> bool {
        let entry = self.take_waiting(own_id);
        let failed = Delivery::Failed(reason.to_owned());
        let entry = entry.map(|entry| entry.delivered(failed));
        entry.map(|entry| self.insert_by_time(entry)).is_some()
    }

    /// The entry of the message with this id of the server's.
    pub fn by_msgid_mut(&mut self, msgid: &str) -> Option<&mut Entry> {
        let has_it = |entry: &&mut Entry| {
            entry.as_said().and_then(|said| said.msgid.as_deref()) == Some(msgid)
        };
        self.entries.iter_mut().rev().find(has_it)
    }

    /// The entry of the message with this id of the server's.
    pub fn by_msgid(&self, msgid: &str) -> Option<&Entry> {
        let has_it =
            |entry: &&Entry| entry.as_said().and_then(|said| said.msgid.as_deref()) == Some(msgid);
        self.entries.iter().rev().find(has_it)
    }

    /// The messages that answer the one with this id, ours that wait among them.
    pub fn answers_to(&mut self, msgid: &str) -> impl Iterator<Item = &mut Said> {
        let all = self.entries.iter_mut().chain(&mut self.waiting);
        all.filter_map(Entry::as_said_mut)
            .filter(move |said| said.reply_to.as_deref() == Some(msgid))
    }

    /// The entry of this name.
    pub fn by_id_mut(&mut self, id: LineId) -> Option<&mut Entry> {
        self.entries.iter_mut().rev().find(|entry| entry.id == id)
    }

    /// The entry of a message that is looked for.
    pub fn find(&self, (at, msgid): &Sought) -> Option<&Entry> {
        match msgid {
            Some(msgid) => self.by_msgid(msgid),
            None => self
                .entries
                .iter()
                .find(|entry| entry.at == *at && entry.as_logged().is_some()),
        }
    }

    /// Whether a message is here.
    pub fn holds(&self, message: &Message) -> bool {
        match &message.msgid {
            Some(msgid) => self.by_msgid(msgid).is_some(),
            None => self.like(message).is_some(),
        }
    }

    /// A message without an id of the server's, if it is here.
    pub fn like(&self, message: &Message) -> Option<LineId> {
        let said = self.entries.iter().rev().filter_map(|entry| {
            let said = entry.as_logged()?;
            Some((entry, said))
        });
        let mut late = said.take_while(|(entry, _)| entry.at >= message.at);
        let found = late.find(|(entry, said)| {
            entry.at == message.at
                && said.kind == message.kind
                && said.raw == message.text
                && name::is_same(&said.nick, &message.source)
        });
        found.map(|(entry, _)| entry.id)
    }

    /// Puts a message among the others by its time, after all of the same time.
    pub fn insert_by_time(&mut self, entry: Entry) {
        self.insert(entry, Seat::Last);
    }

    /// Puts a message among the others by its time, and by its seat among those of the same time.
    pub fn insert(&mut self, entry: Entry, seat: Seat) {
        let index = match seat {
            Seat::After(id) => self.index_of(id).map(|index| index + 1),
            Seat::Before(id) => self.index_of(id),
            Seat::First => self
                .entries
                .iter()
                .position(|other| has_server_time(other) && other.at >= entry.at),
            Seat::Last => None,
        };
        let by_time = || self.place_at(|at| at <= entry.at);
        let index = index.unwrap_or_else(by_time).min(self.entries.len());
        let index = self.beside_failed(index, entry.at);
        let surplus = self.surplus();
        if surplus > index || (surplus > 0 && index == 0) {
            return;
        }
        self.make_space();
        self.gaps += usize::from(entry.is_gap());
        self.failed += usize::from(entry.has_failed());
        self.entries.insert(index - surplus, entry);
    }

    /// The place of what was said then, where what failed at this place stands at its time, too.
    fn beside_failed(&self, index: usize, at: Millis) -> usize {
        let before = self.entries.iter().take(index).rev();
        let later = before.take_while(|entry| entry.has_failed() && entry.at > at);
        let after = self.entries.iter().skip(index);
        let earlier = after.take_while(|entry| entry.has_failed() && entry.at <= at);
        match later.count() {
            0 => index + earlier.count(),
            later => index - later,
        }
    }

    /// The place after everything of which this holds, by its time.
    fn place_at(&self, is_before: impl Fn(Millis) -> bool) -> usize {
        let is_last = |entry: &Entry| has_server_time(entry) && is_before(entry.at);
        let after = self.entries.iter().rposition(is_last);
        let start = after.map_or(0, |index| index + 1);
        let rest = self.entries.iter().skip(start);
        start
            + rest
                .take_while(|entry| !has_server_time(entry) && is_before(entry.at))
                .count()
    }

    /// Forgets everything but what waits or has failed.
    pub fn clear(&mut self) {
        self.entries.retain(Entry::has_failed);
        self.gaps = 0;
    }
}

/// Notes, and what failed, have the time of this machine, which may be another than the server's: messages and gaps
/// decide.
fn has_server_time(entry: &Entry) -> bool {
    entry.as_logged().is_some() || entry.is_gap()
}
