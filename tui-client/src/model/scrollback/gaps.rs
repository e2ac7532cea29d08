//! The gaps among the entries of a window: what fills them, and what leaves one.
//! It must never take out a gap of which something may be missing still.

use crate::entry::{Body, Entry};
use crate::model::scrollback::{Anchor, Scrollback};
use crate::session::event::Millis;
use crate::session::gap::Gap;

impl Scrollback {
    /// All of this time is here, both ends included: takes out the gaps in it; what remains of each before and after is
    /// for the caller to put back.
    pub fn fill(
        &mut self,
        here: (Millis, Millis),
        anchor: &mut Option<Anchor>,
    ) -> Vec<(Gap, bool)> {
        // What came since the last run is not known by a page alone.
        let is_met = |gap: &Gap| gap.is_met(here) && gap.until != Millis::MAX;
        let mut rest = Vec::new();
        for entry in self.entries.iter().filter(|_| self.has_gaps()) {
            if let Body::Gap { gap, is_kept } = &entry.body
                && is_met(gap)
            {
                rest.extend(gap.without(here).map(|gap| (gap, *is_kept)));
            }
        }
        self.drop_gaps(anchor, is_met);
        rest
    }

    /// Takes out the gaps for which this holds; whoever stands at one stands at what follows.
    pub fn drop_gaps(&mut self, anchor: &mut Option<Anchor>, is_it: impl Fn(&Gap) -> bool) {
        if !self.has_gaps() {
            return;
        }
        let is_gone = |entry: &Entry| entry.as_gap().is_some_and(&is_it);
        if let Some(held) = anchor
            && let Some(index) = self.index_of(held.id)
            && self.get(index).is_some_and(is_gone)
        {
            let next = (index + 1..self.len()).filter_map(|index| self.get(index));
            let mut rest = next.filter(|entry| !is_gone(entry));
            // Notes may come to stand above what fills it.
            let next = rest.clone().find(|entry| entry.as_said().is_some());
            let next = next.or_else(|| rest.next());
            let held = *held;
            *anchor = next.map(|entry| Anchor {
                id: entry.id,
                row: 0,
                below: held.below,
            });
        }
        self.entries.retain(|entry| !is_gone(entry));
        self.gaps = self.entries.iter().filter(|entry| entry.is_gap()).count();
    }

    /// Takes out the newest that do not wait, where older ones need the space and somebody looks at those; the gap
    /// that they leave, up to the end of what was missing among them already.
    pub fn drop_newest(&mut self, count: usize) -> Option<Gap> {
        let mut rest = self.entries.len().saturating_sub(count);
        // One gap at the end, not two.
        while rest > 0 && self.entries.get(rest - 1).is_some_and(Entry::is_gap) {
            rest -= 1;
        }
        let gone = self.entries.split_off(rest);
        // Nobody else has what failed, and that nobody knows what came since the last run stays true.
        let is_kept = |entry: &Entry| {
            entry.has_failed() || entry.as_gap().is_some_and(|gap| gap.until == Millis::MAX)
        };
        let (kept, gone): (Vec<Entry>, Vec<Entry>) = gone.into_iter().partition(is_kept);
        let end = |entry: &Entry| match entry.as_gap() {
            Some(gap) => Some(gap.until),
            None => entry.as_logged().map(|_| entry.at),
        };
        let until = gone.iter().filter_map(end).max();
        let mut said = self.entries.iter().rev();
        let since = said.find(|entry| entry.as_logged().is_some());
        let since = since.map(|entry| entry.at);
        self.entries.extend(kept);
        self.gaps = self.entries.iter().filter(|entry| entry.is_gap()).count();
        Some(Gap::between(since?, until?))
    }
}
