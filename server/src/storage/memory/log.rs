//! One log in memory. It never holds more than its owner lets it: the owner counts.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use protocol::Stamp;
use server_core::storage::{Entry, EntryKind, Keep, Mark, Span};

use crate::storage::is_same_sender;

/// Entries in their order, and where their ids are.
#[derive(Debug, Default)]
pub(super) struct Log {
    entries: VecDeque<Held>,
    /// The number of the first entry held; numbers go up by one.
    first: u64,
    by_id: HashMap<Box<str>, u64>,
    by_own_id: HashMap<Box<str>, Vec<u64>>,
    touched: u64,
}

#[derive(Debug)]
struct Held {
    entry: Arc<Entry>,
    /// Its words were taken out: it is a place to count from, and no more.
    removed: bool,
    /// When it was appended, counted over all logs.
    touched: u64,
    /// Bytes of the log up to and with it, counted from its beginning.
    upto: u64,
}

impl Log {
    /// How many entries it holds.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// When it was appended to last, counted over all logs.
    pub(super) fn touched(&self) -> u64 {
        self.touched
    }

    /// The entry that this one repeats: same id, or same own id from the same person.
    pub(super) fn repeated(&self, entry: &Entry) -> Option<Arc<Entry>> {
        if let Some(number) = self.by_id.get(&entry.id) {
            return self.held(*number).map(|held| Arc::clone(&held.entry));
        }
        let numbers = self.by_own_id.get(entry.own_id.as_ref()?)?;
        let mut same = numbers.iter().filter_map(|number| self.held(*number));
        same.find(|held| is_same_sender(&held.entry, entry))
            .map(|held| Arc::clone(&held.entry))
    }

    /// The entry that was sent again with this one, perhaps by another guest.
    pub(super) fn sent_again(&self, entry: &Entry) -> Option<Arc<Entry>> {
        let numbers = self.by_own_id.get(entry.own_id.as_ref()?)?;
        let mut same = numbers.iter().filter_map(|number| self.held(*number));
        same.find(|held| held.entry.is_sent_again_as(entry, held.removed))
            .map(|held| Arc::clone(&held.entry))
    }

    /// Appends; the time does not go back. Answers with the time it has.
    pub(super) fn append(&mut self, entry: &Arc<Entry>, touched: u64) -> Stamp {
        let last = self.entries.back().map_or(Stamp(0), |held| held.entry.time);
        let mut entry = Arc::clone(entry);
        if entry.time < last {
            Arc::make_mut(&mut entry).time = last;
        }
        let time = entry.time;
        let number = self.first + self.entries.len() as u64;
        self.by_id.insert(entry.id.clone(), number);
        if let Some(own) = &entry.own_id {
            self.by_own_id.entry(own.clone()).or_default().push(number);
        }
        self.touched = touched;
        let upto = self.entries.back().map_or(0, |held| held.upto) + entry.bytes();
        self.entries.push_back(Held {
            upto,
            entry,
            removed: false,
            touched,
        });
        time
    }

    /// Forgets the first entry, its ids as well.
    pub(super) fn forget_oldest(&mut self) {
        let Some(held) = self.entries.pop_front() else {
            return;
        };
        self.by_id.remove(&held.entry.id);
        if let Some(own) = &held.entry.own_id
            && let Some(numbers) = self.by_own_id.get_mut(own)
        {
            numbers.retain(|number| *number != self.first);
            if numbers.is_empty() {
                self.by_own_id.remove(own);
            }
        }
        self.first += 1;
    }

    /// Forgets what is more than is kept. Answers with how many are gone.
    pub(super) fn trim(&mut self, keep: Keep, now: Stamp) -> usize {
        let before = keep.age_ms.map_or(0, |age| now.0.saturating_sub(age));
        let old = self
            .entries
            .partition_point(|held| held.entry.time < Stamp(before));
        let most = keep.entries.map_or(usize::MAX, |most| {
            usize::try_from(most).unwrap_or(usize::MAX)
        });
        let many = self.entries.len().saturating_sub(most);
        let all = self.entries.back().map_or(0, |held| held.upto);
        let big = keep.bytes.map_or(0, |bytes| {
            self.entries
                .partition_point(|held| held.upto.saturating_add(bytes) <= all)
        });
        let gone = old.max(many).max(big);
        for _ in 0..gone {
            self.forget_oldest();
        }
        gone
    }

    /// The entry of that id, unless its words were taken out.
    pub(super) fn find(&self, id: &str) -> Option<Arc<Entry>> {
        let held = self.held(*self.by_id.get(id)?)?;
        (!held.removed).then(|| Arc::clone(&held.entry))
    }

    /// Takes the words out. Its ids stay: it can still be counted from, and is recognised when sent again.
    pub(super) fn remove(&mut self, id: &str) -> bool {
        let place = self.by_id.get(id).and_then(|number| self.place(*number));
        let Some(held) = place.and_then(|place| self.entries.get_mut(place)) else {
            return false;
        };
        let bare = Arc::make_mut(&mut held.entry);
        bare.lines.clear();
        bare.client_tags = Box::default();
        bare.event = Box::default();
        held.removed = true;
        true
    }

    /// The time of the newest PRIVMSG or NOTICE.
    pub(super) fn newest_message(&self) -> Option<Stamp> {
        let mut newest_first = self.entries.iter().rev();
        newest_first
            .find(|held| held.counts(false))
            .map(|held| held.entry.time)
    }

    /// All that is there to be searched, with when it was appended, counted over all logs.
    pub(super) fn touched_entries(&self) -> impl Iterator<Item = (u64, &Arc<Entry>)> {
        let there = self.entries.iter().filter(|held| !held.removed);
        there.map(|held| (held.touched, &held.entry))
    }

    /// A part of the log, oldest first.
    pub(super) fn read(
        &self,
        span: &Span,
        limit: usize,
        events: bool,
        not_before: Stamp,
    ) -> Vec<Arc<Entry>> {
        let all = self.entries.len();
        let oldest = |from, to| self.part(from, to, (events, not_before), limit, false);
        let newest = |from, to| self.part(from, to, (events, not_before), limit, true);
        let part = match span {
            Span::Latest => Some(newest(0, all)),
            Span::LatestAfter(mark) => Some(newest(self.behind(mark).unwrap_or(0), all)),
            Span::Before(mark) => self.up_to(mark).map(|end| newest(0, end)),
            Span::After(mark) => self.behind(mark).map(|start| oldest(start, all)),
            Span::Around(mark) => self.up_to(mark).map(|middle| {
                let counts = (events, not_before);
                let mut part = self.part(0, middle, counts, limit / 2, true);
                part.extend(self.part(middle, all, counts, limit - limit / 2, false));
                part
            }),
            Span::Between(a, b) => self.up_to(a).zip(self.up_to(b)).and_then(|(from, to)| {
                if from <= to {
                    Some(oldest(self.behind(a)?, to))
                } else {
                    Some(newest(self.behind(b)?, from))
                }
            }),
        };
        part.unwrap_or_default()
    }

    /// What counts of a range of places: its first or its last, oldest first.
    fn part(
        &self,
        from: usize,
        to: usize,
        (events, not_before): (bool, Stamp),
        limit: usize,
        last: bool,
    ) -> Vec<Arc<Entry>> {
        let count = to.saturating_sub(from);
        let range = self.entries.iter().skip(from).take(count);
        let counting = range.filter(|held| held.counts(events) && held.entry.time >= not_before);
        let entries = counting.map(|held| Arc::clone(&held.entry));
        if last {
            let mut entries: Vec<_> = entries.rev().take(limit).collect();
            entries.reverse();
            entries
        } else {
            entries.take(limit).collect()
        }
    }

    /// The first place behind a mark.
    fn behind(&self, mark: &Mark) -> Option<usize> {
        match mark {
            Mark::Id(id) => Some(self.place(*self.by_id.get(id)?)? + 1),
            Mark::Time(time) => Some(self.entries.partition_point(|h| h.entry.time <= *time)),
        }
    }

    /// How many places are before a mark.
    fn up_to(&self, mark: &Mark) -> Option<usize> {
        match mark {
            Mark::Id(id) => self.place(*self.by_id.get(id)?),
            Mark::Time(time) => Some(self.entries.partition_point(|h| h.entry.time < *time)),
        }
    }

    fn place(&self, number: u64) -> Option<usize> {
        usize::try_from(number.checked_sub(self.first)?).ok()
    }

    fn held(&self, number: u64) -> Option<&Held> {
        self.entries.get(self.place(number)?)
    }
}

impl Held {
    fn counts(&self, events: bool) -> bool {
        let is_message = matches!(self.entry.kind, EntryKind::Privmsg | EntryKind::Notice);
        !self.removed && (events || is_message)
    }
}
