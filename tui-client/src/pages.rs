//! The part of a window's rows that fills its pane, and where it is after scrolling.
//! It must never lay rows out otherwise than they are drawn, nor pass a gap that can still be filled in one step.

use crate::entry::Entry;
use crate::model::scrollback::Anchor;
use crate::rows::{Plain, Row, Rows, Wrap};
use crate::session::event::Millis;
use crate::window::Window;

/// A part of a window that fills a pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The rows, each with the index of its entry.
    pub rows: Vec<(usize, Row)>,
    /// The row at the top.
    pub top: (usize, usize),
    /// How many entries lie below.
    pub below: usize,
}

impl Page {
    /// Whether there is more below than is loaded.
    pub fn is_more_below(&self, window: &Window) -> bool {
        let scrollback = &window.scrollback;
        if !scrollback.has_gaps() {
            return false;
        }
        let last = self.rows.last().map_or(0, |(index, _)| *index);
        let mut below = scrollback.iter().skip(last + 1);
        let mut newest = scrollback.iter().rev();
        let newest = newest.find(|entry| entry.is_gap() || entry.as_logged().is_some());
        below.any(is_pending) || newest.is_some_and(is_pending)
    }
}

/// Whether this is a gap that somebody may be able to fill.
fn is_pending(entry: &Entry) -> bool {
    let gap = entry.as_gap();
    gap.is_some_and(|gap| !gap.is_lost && gap.until != Millis::MAX)
}

impl Rows<'_> {
    /// What the pane shows now.
    pub fn page(&self, wrap: &mut dyn Wrap) -> Page {
        let anchored = self.window.anchor.and_then(|anchor| {
            let index = self.window.scrollback.index_of(anchor.id).unwrap_or(0);
            let (index, row) = self.above((index, anchor.row), anchor.below, wrap);
            self.page_from(index, row, wrap)
        });
        anchored.unwrap_or_else(|| self.newest(wrap))
    }

    /// The row so many above this one, or the first.
    fn above(
        &self,
        (mut index, mut row): (usize, usize),
        count: usize,
        wrap: &mut dyn Wrap,
    ) -> (usize, usize) {
        let mut left = count;
        while left > row && index > 0 {
            left -= row;
            index -= 1;
            row = self.of(index, wrap).len();
        }
        (index, row.saturating_sub(left))
    }

    /// The page whose first row is this one, if the entries fill it.
    fn page_from(&self, start: usize, skip: usize, wrap: &mut dyn Wrap) -> Option<Page> {
        let height = usize::from(self.height);
        let mut rows = Vec::new();
        let mut index = start;
        while rows.len() < height {
            if index >= self.window.scrollback.len() {
                return None;
            }
            let skipped = if index == start { skip } else { 0 };
            let entry = self.of(index, wrap).into_iter().skip(skipped);
            rows.extend(entry.map(|row| (index, row)));
            index += 1;
        }
        let is_cut = rows.len() > height;
        rows.truncate(height);
        let below = self.window.scrollback.len() - index + usize::from(is_cut);
        if below == 0 {
            return None;
        }
        Some(Page {
            rows,
            top: (start, skip),
            below,
        })
    }

    /// The page that ends with the newest entry.
    fn newest(&self, wrap: &mut dyn Wrap) -> Page {
        let height = usize::from(self.height);
        let mut rows: Vec<(usize, Row)> = Vec::new();
        let mut index = self.window.scrollback.len();
        let mut top = (0, 0);
        while rows.len() < height && index > 0 {
            index -= 1;
            let entry = self.of(index, wrap);
            let hidden = (rows.len() + entry.len()).saturating_sub(height);
            top = (index, hidden);
            // Gathered from the end, so each entry's rows go in backwards too.
            rows.extend(entry.into_iter().skip(hidden).rev().map(|row| (index, row)));
        }
        rows.reverse();
        Page {
            rows,
            top,
            below: 0,
        }
    }

    /// The anchor after scrolling up so many rows. Below a gap one stays where one came from: what fills it comes above.
    pub fn up(&self, count: usize) -> Option<Anchor> {
        let top = self.page(&mut Plain).top;
        let (index, row) = self.above(top, count, &mut Plain);
        let page = self.page_from(index, row, &mut Plain)?;
        let entry = |index: usize| self.window.scrollback.get(index);
        let is_gap = |(index, _): &(usize, Row)| entry(*index).is_some_and(is_pending);
        // Whoever went further came from none of these lines.
        let is_near = page.rows.last().is_some_and(|(last, _)| *last >= top.0);
        let gap = page.rows.iter().rposition(is_gap).filter(|_| is_near);
        let gap = gap.and_then(|row| Some((row, page.rows.get(row)?.0)));
        match gap.and_then(|(row, gap)| self.below_gap(gap, row + 1)) {
            Some(anchor) => Some(anchor),
            None => self.anchored(index, row),
        }
    }

    /// Stays at the message below a gap, where what follows that begins so many rows below the top, and keeps it in
    /// sight: the notes between may come to stand above what fills the gap.
    fn below_gap(&self, gap: usize, mut below: usize) -> Option<Anchor> {
        for index in gap + 1..self.window.scrollback.len() {
            let entry = self.window.scrollback.get(index)?;
            if entry.as_said().is_some() {
                return Some(Anchor {
                    id: entry.id,
                    row: 0,
                    below: below.min(usize::from(self.height).saturating_sub(1)),
                });
            }
            below += self.of(index, &mut Plain).len();
        }
        None
    }

    /// The anchor after scrolling down so many rows. A gap below is not passed before it was seen, and what fills it
    /// comes below what was read.
    pub fn down(&self, count: usize) -> Option<Anchor> {
        let top = self.page(&mut Plain).top;
        let newest = self.newest(&mut Plain);
        let mut to = self.after(top, count).min(newest.top);
        let scrollback = &self.window.scrollback;
        let is_gap = |index: &usize| scrollback.get(*index).is_some_and(is_pending);
        if scrollback.has_gaps() {
            let gap = (top.0 + 1..=to.0).find(is_gap);
            let before = gap.map(|gap| (gap - 1, self.of(gap - 1, &mut Plain).len()));
            let before = before.map(|(index, rows)| (index, rows.saturating_sub(1)));
            to = before.filter(|before| *before > top).unwrap_or(to);
        }
        let is_passed = top == newest.top || !newest.rows.iter().any(|(index, _)| is_gap(index));
        if to == newest.top && !is_passed {
            return self.top_at(to);
        }
        self.anchored(to.0, to.1)
    }

    /// The row so many below this one; no further than the end.
    fn after(&self, (mut index, mut row): (usize, usize), count: usize) -> (usize, usize) {
        let mut left = count;
        while index < self.window.scrollback.len() {
            let rows = self.of(index, &mut Plain).len();
            if row.saturating_add(left) < rows {
                return (index, row + left);
            }
            left -= rows.saturating_sub(row).min(left);
            index += 1;
            row = 0;
        }
        (index, 0)
    }

    /// The anchor that shows this entry with something above it; it stays where it is.
    pub fn around(&self, index: usize) -> Option<Anchor> {
        let height = usize::from(self.height);
        let mut left = height / 3;
        let mut top = index;
        while top > 0 && left > 0 {
            top -= 1;
            left = left.saturating_sub(self.of(top, &mut Plain).len());
        }
        let page = self.page_from(top, 0, &mut Plain)?;
        let below = page.rows.iter().position(|(at, _)| *at == index);
        let entry = self.window.scrollback.get(index)?;
        // What is tall begins higher, so that as much of it is seen as can be.
        let lowest = height.saturating_sub(self.of(index, &mut Plain).len());
        Some(Anchor {
            id: entry.id,
            row: 0,
            below: below.unwrap_or(height).min(lowest),
        })
    }

    /// Whether every row of this entry is in the pane now.
    pub fn is_shown(&self, index: usize) -> bool {
        let page = self.page(&mut Plain);
        let shown = page.rows.iter().filter(|(at, _)| *at == index).count();
        shown > 0 && shown == self.of(index, &mut Plain).len()
    }

    /// An anchor, or none where the newest entries would be shown anyway.
    fn anchored(&self, index: usize, row: usize) -> Option<Anchor> {
        self.page_from(index, row, &mut Plain)?;
        self.top_at((index, row))
    }

    /// The anchor with this row at the top.
    fn top_at(&self, (index, row): (usize, usize)) -> Option<Anchor> {
        let entry = self.window.scrollback.get(index)?;
        Some(Anchor {
            id: entry.id,
            row,
            below: 0,
        })
    }
}
