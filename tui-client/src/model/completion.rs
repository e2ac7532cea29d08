//! The candidates for the word at the cursor, one of them chosen.
//! It must never know what the words mean.

use ratatui::layout::Rect;

use crate::width;

/// How many candidates are shown at once.
const SHOWN_MAX: u16 = 8;

/// A candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What is put in place of the word.
    pub insert: String,
    /// What the list shows.
    pub label: String,
    /// A few words about it; may be empty.
    pub help: String,
}

/// The open list of candidates.
///
/// Invariant: `start..end` is the part of the input that the chosen candidate fills, and
/// `chosen < candidates.len()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// Where the word begins in the input.
    pub start: usize,
    /// Where what is filled in ends.
    pub end: usize,
    /// The candidates, best first.
    pub candidates: Vec<Candidate>,
    /// Which one is filled in.
    pub chosen: usize,
    /// The word as it was typed, for taking the completion back.
    pub typed: String,
}

impl Completion {
    /// How wide the words are.
    fn labels(&self) -> u16 {
        let labels = self.candidates.iter().map(|row| width::of(&row.label));
        labels.max().unwrap_or(0)
    }

    /// How many cells the words get of a list so wide. What is said about them has its share: of the longest words an
    /// end is cut.
    pub fn label_width(&self, wide: u16) -> u16 {
        let help = self.help();
        if help == 0 {
            return self.labels().min(wide.saturating_sub(4));
        }
        let both = wide.saturating_sub(6);
        self.labels().min((both / 2).max(both.saturating_sub(help)))
    }

    /// How wide the longest of what is said about them is.
    fn help(&self) -> u16 {
        let help = self.candidates.iter().map(|row| width::of(&row.help));
        help.max().unwrap_or(0)
    }

    /// Where they stand in what lies above the input, below whose prompt they begin; empty where there is no choice.
    pub fn area(&self, above: Rect, prompt_width: u16) -> Rect {
        let count = u16::try_from(self.candidates.len()).unwrap_or(u16::MAX);
        let height = count.min(SHOWN_MAX).min(above.height.saturating_sub(1));
        if count < 2 {
            return Rect::default();
        }
        let help = match self.help() {
            0 => 0,
            help => help + 2,
        };
        let wide = (self.labels() + help + 4).min(above.width);
        let x = prompt_width.saturating_sub(2).min(above.width - wide);
        Rect::new(x, above.bottom().saturating_sub(height), wide, height)
    }

    /// The first one that is shown in so many rows.
    pub fn top(&self, height: u16) -> usize {
        (self.chosen + 1).saturating_sub(usize::from(height))
    }
}
