//! Goes through two lists of entries as through one, from either end.
//! It must never change anything.

use std::collections::VecDeque;

use crate::entry::Entry;

/// The entries of both.
pub(super) struct Both<'a> {
    first: &'a VecDeque<Entry>,
    second: &'a VecDeque<Entry>,
    next: usize,
    end: usize,
}

impl<'a> Both<'a> {
    /// All of them.
    pub(super) fn of(first: &'a VecDeque<Entry>, second: &'a VecDeque<Entry>) -> Self {
        Self {
            first,
            second,
            next: 0,
            end: first.len() + second.len(),
        }
    }

    fn get(&self, index: usize) -> Option<&'a Entry> {
        let first = self.first.get(index);
        first.or_else(|| self.second.get(index.checked_sub(self.first.len())?))
    }
}

impl<'a> Iterator for Both<'a> {
    type Item = &'a Entry;

    fn next(&mut self) -> Option<&'a Entry> {
        if self.next >= self.end {
            return None;
        }
        self.next += 1;
        self.get(self.next - 1)
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
        self.get(self.end)
    }
}

impl ExactSizeIterator for Both<'_> {}
