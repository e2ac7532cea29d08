//! What was cut from the input, newest first, to be put back.
//! It must never grow without end.

/// How many cuts are kept.
const KILLS_MAX: usize = 30;

/// The cuts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kills {
    cuts: Vec<String>,
    last: Last,
}

/// What was done last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Last {
    /// Nothing of this.
    #[default]
    Else,
    /// Something was cut; what is cut next joins it.
    Cut,
    /// Something was put back.
    Yanked(Yanked),
}

/// On which side of the cursor something stood that was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Before the cursor.
    Before,
    /// After it.
    After,
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
    /// Keeps a cut. Cuts one right after the other are one, in the order of the text.
    pub fn push(&mut self, cut: String, side: Side) {
        if cut.is_empty() {
            return;
        }
        let last = std::mem::replace(&mut self.last, Last::Cut);
        if let Some(newest) = self.cuts.first_mut().filter(|_| last == Last::Cut) {
            match side {
                Side::Before => newest.insert_str(0, &cut),
                Side::After => newest.push_str(&cut),
            }
            return;
        }
        self.cuts.insert(0, cut);
        self.cuts.truncate(KILLS_MAX);
    }

    /// Something else is done: the next cut is one of its own, and what was put back stays as it is.
    pub fn settle(&mut self) {
        self.last = Last::Else;
    }

    /// Remembers how far back a yank reached, and where in the input it stands.
    pub fn put_back(&mut self, yanked: Yanked) {
        self.last = Last::Yanked(yanked);
    }

    /// The yank that was the last thing done.
    pub fn yanked(&self) -> Option<Yanked> {
        match &self.last {
            Last::Yanked(yanked) => Some(yanked.clone()),
            Last::Else | Last::Cut => None,
        }
    }

    /// The cut so far back, counting around.
    pub fn nth(&self, index: usize) -> Option<&str> {
        let wrapped = index.checked_rem(self.cuts.len())?;
        self.cuts.get(wrapped).map(String::as_str)
    }
}
