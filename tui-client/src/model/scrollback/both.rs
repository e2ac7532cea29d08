//! Goes through a scrollback from either end, those that wait last.
//! It must never change anything.

use crate::entry::Entry;
use crate::model::scrollback::Scrollback;

/// The entries from both sides.
pub(super) struct Both<'a> {
    entries: &'a Scrollback,
    next: usize,
    end: usize,
}

impl<'a> Both<'a> {
    /// All of them.
    pub(super) fn of(entries: &'a Scrollback) -> Self {
        Self {
            entries,
            next: 0,
            end: entries.len(),
        }
    }
}

impl<'a> Iterator for Both<'a> {
    type Item = &'a Entry;

    fn next(&mut self) -> Option<&'a Entry> {
        if self.next >= self.end {
            return None;
        }
        self.next += 1;
        self.entries.get(self.next - 1)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.end - self.next;
        (left, Some(left))
    }
}

impl DoubleEndedIterator for Both<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        if self.next >= self.end {
            return None;
        }
        self.end -= 1;
        self.entries.get(self.end)
    }
}

impl ExactSizeIterator for Both<'_> {}
