//! What was cut from the input, newest first, to be put back.
//! It must never grow without end.

/// How many cuts are kept.
const KILLS_MAX: usize = 30;

/// The cuts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kills {
    cuts: Vec<String>,
    /// How far back the last yank reached, and where in the input it stands.
    pub yanked: Option<Yanked>,
}

/// A yank that may still be exchanged for an older one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Yanked {
    /// Which cut, 0 the newest.
    pub index: usize,
    /// Where it begins in the input.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

impl Kills {
    /// Keeps a cut.
    pub fn push(&mut self, cut: String) {
        if cut.is_empty() {
            return;
        }
        self.cuts.insert(0, cut);
        self.cuts.truncate(KILLS_MAX);
    }

    /// The cut so far back, counting around.
    pub fn nth(&self, index: usize) -> Option<&str> {
        let wrapped = index.checked_rem(self.cuts.len())?;
        self.cuts.get(wrapped).map(String::as_str)
    }
}
