//! The candidates for the word at the cursor, one of them chosen.
//! It must never know what the words mean.

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
