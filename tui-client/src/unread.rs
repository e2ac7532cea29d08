//! What nobody has read yet in a window: how much it is, from where on, and whether more of it is not here.
//! It must never count as read what nobody looked at, nor call a count exact that is not.

use crate::entry::{Body, Entry};
use crate::session::event::{Message, Millis};
use crate::session::gap::Gap;
use crate::window::{Kind, Window};

impl Window {
    /// Counts this window as looked at; up to when, if our other devices do not know it yet.
    pub fn look(&mut self) -> Option<Millis> {
        if self.unread > 0 {
            self.new_since = self.read_to;
        }
        self.unread = 0;
        self.mentions = 0;
        self.read_to = self.read_to.max(self.newest_said());
        let news = self.read_to.filter(|at| Some(*at) > self.read_told);
        self.read_told = self.read_told.max(news);
        news
    }

    /// What is new from now on stands below a line of its own.
    pub fn forget_new(&mut self) {
        self.unread_from = None;
        self.new_since = None;
    }

    /// When the newest message of the log was said.
    fn newest_said(&self) -> Option<Millis> {
        let mut said = self.scrollback.iter().rev();
        let newest = said.find(|entry| entry.as_logged().is_some());
        newest.map(|entry| entry.at)
    }

    /// Counts anew what nobody has read, after read marks or older messages came.
    pub fn recount(&mut self, is_seen: bool) {
        let Some(read_to) = self.read_to else {
            return;
        };
        let is_private = self.kind == Kind::Person;
        // While somebody looks, the line stays above what was new when they came.
        let line_at = self.new_since.filter(|_| is_seen).unwrap_or(read_to);
        let (mut unread, mut mentions, mut first) = (0, 0, None);
        for entry in self.scrollback.iter().rev() {
            let Some(said) = entry.as_said().filter(|said| !said.is_own) else {
                continue;
            };
            if entry.at <= line_at {
                break;
            }
            unread += 1;
            mentions += u32::from(said.is_mention || is_private);
            first = Some(entry.id);
        }
        if first.is_some() || !is_seen {
            self.unread_from = first;
        }
        if first.is_some() && is_seen {
            self.new_since = Some(line_at);
        }
        if !is_seen {
            let beyond = self.named_beyond().filter(|one| one.at > read_to).count();
            mentions += u32::try_from(beyond).unwrap_or(u32::MAX);
        }
        (self.unread, self.mentions) = if is_seen { (0, 0) } else { (unread, mentions) };
    }

    /// What names us, was missed, and is not here.
    pub fn named_beyond(&self) -> impl Iterator<Item = &Message> {
        let named = self.named.iter();
        named.filter(|message| !self.scrollback.holds(message))
    }

    /// Up to when it was read before what is new.
    pub fn read_before_new(&self) -> Option<Millis> {
        self.new_since
            .or_else(|| self.read_to.filter(|_| self.unread > 0))
    }

    /// Whether more is unread than is counted: not all of it is here.
    pub fn is_more_unread(&self) -> bool {
        let Some(read_to) = self.read_to else {
            return false;
        };
        let is_missing = |gap: &Gap| gap.until > read_to && gap.until != Millis::MAX;
        self.begins_after(read_to) || self.gaps().any(is_missing)
    }

    /// The gap that comes first in what was said after this time, before any message of it; and whether the local store
    /// can fill it.
    pub fn missing_first(&self, read_to: Millis) -> Option<(Gap, bool)> {
        let is_new = |entry: &&Entry| match entry.as_gap() {
            Some(gap) => gap.until > read_to && gap.until != Millis::MAX && !gap.is_lost,
            None => entry.at > read_to && entry.as_logged().is_some_and(|said| !said.is_own),
        };
        let Body::Gap { gap, is_kept } = &self.scrollback.iter().find(is_new)?.body else {
            return None;
        };
        let gap = Gap {
            since: gap.since.max(read_to),
            ..gap.clone()
        };
        Some((gap, *is_kept))
    }

    /// Whether the local store has more of what was said after this time, before the oldest message here.
    pub fn begins_after(&self, read_to: Millis) -> bool {
        let is_more = self.has_past && !self.is_bottom;
        let mut said = self.scrollback.iter().filter(|_| is_more);
        let oldest = said.find(|entry| entry.as_logged().is_some());
        oldest.is_some_and(|oldest| oldest.at > read_to)
    }

    fn gaps(&self) -> impl Iterator<Item = &Gap> {
        let entries = self
            .scrollback
            .iter()
            .filter(|_| self.scrollback.has_gaps());
        entries.filter_map(Entry::as_gap)
    }
}
