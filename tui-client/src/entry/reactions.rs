//! The reactions to a message, and who gave them.
//! They must never grow without end: whoever reacts most is a machine.

use std::cmp::Reverse;
use std::ops::Range;

use crate::width;

/// How many different reactions one message has.
const REACTIONS_MAX: usize = 20;
/// Whose names are known of each of them.
const GIVERS_MAX: usize = 500;
/// Cells between two reactions.
const GAP: u16 = 2;
/// Cells of the sign that there are more, with what stands before it.
const MORE: u16 = 3;

/// A reaction, and who gave it, the first one first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// What was given.
    pub what: String,
    /// By whom.
    pub givers: Vec<String>,
}

impl Reaction {
    /// How often it was given, as in "👍 2".
    pub fn counted(&self) -> String {
        format!("{} {}", self.what, self.givers.len())
    }

    /// Who gave it, as in "👍 ada, grace and ken".
    pub fn told(&self) -> String {
        match self.givers.as_slice() {
            [most @ .., last] if !most.is_empty() => {
                format!("{} {} and {last}", self.what, most.join(", "))
            }
            all => format!("{} {}", self.what, all.concat()),
        }
    }
}

/// All reactions to a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reactions {
    /// The one that was given first comes first.
    given: Vec<Reaction>,
}

impl Reactions {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.given.is_empty()
    }

    /// Whether this one is there from somebody whom that holds of.
    pub fn is_from(&self, what: &str, is_it: impl Fn(&str) -> bool) -> bool {
        let found = self.given.iter().find(|reaction| reaction.what == what);
        found.is_some_and(|found| found.givers.iter().any(|giver| is_it(giver)))
    }

    /// Somebody gives one.
    pub fn give(&mut self, what: String, nick: String) {
        let has_space = self.given.len() < REACTIONS_MAX;
        let known = self.given.iter_mut().find(|known| known.what == what);
        match known {
            Some(known) if known.givers.len() < GIVERS_MAX && !known.givers.contains(&nick) => {
                known.givers.push(nick);
            }
            None if has_space => self.given.push(Reaction {
                what,
                givers: vec![nick],
            }),
            _ => {}
        }
    }

    /// Somebody takes one back.
    pub fn take(&mut self, what: &str, nick: &str) {
        for known in self.given.iter_mut().filter(|known| known.what == what) {
            known.givers.retain(|giver| giver != nick);
        }
        self.given.retain(|known| !known.givers.is_empty());
    }

    /// The most frequent first; equals in the order of their characters, which is the same in the next run, too.
    pub fn by_count(&self) -> Vec<&Reaction> {
        let mut all: Vec<&Reaction> = self.given.iter().collect();
        all.sort_by_key(|reaction| (Reverse(reaction.givers.len()), &reaction.what));
        all
    }

    /// Which of them, by count, stand in each of at most so many rows; and whether that is not all.
    pub fn counted_rows(&self, room: u16, rows_max: usize) -> (Vec<Range<usize>>, bool) {
        let wide: Vec<u16> = self
            .by_count()
            .into_iter()
            .map(|reaction| width::of(&reaction.counted()))
            .collect();
        let mut rows: Vec<Range<usize>> = Vec::new();
        let mut used = 0;
        for (index, wide) in wide.iter().enumerate() {
            match rows.last_mut() {
                Some(row) if used + GAP + wide <= room => {
                    row.end = index + 1;
                    used += GAP + wide;
                }
                _ => {
                    rows.push(index..index + 1);
                    used = *wide;
                }
            }
        }
        let is_cut = rows.len() > rows_max;
        rows.truncate(rows_max);
        if let Some(last) = rows.last_mut().filter(|_| is_cut) {
            let taken = |row: &Range<usize>| {
                let wide = wide.get(row.clone()).unwrap_or_default();
                let gaps = u16::try_from(wide.len().saturating_sub(1)).unwrap_or(0) * GAP;
                wide.iter().sum::<u16>() + gaps
            };
            while last.len() > 1 && taken(last) + MORE > room {
                last.end -= 1;
            }
        }
        (rows, is_cut)
    }

    /// The reaction at so many cells from the left in a row of counts.
    pub fn at(&self, row: Range<usize>, x: u16) -> Option<&Reaction> {
        let mut start = 0;
        for reaction in self.by_count().get(row)? {
            let end = start + width::of(&reaction.counted());
            if (start..end).contains(&x) {
                return Some(reaction);
            }
            start = end + GAP;
        }
        None
    }
}
