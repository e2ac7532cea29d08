//! How much of a room or a conversation calls for us.
//! It must never hide a message: it says only what counts and what rings.

/// What calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// Every message counts, mentions ring.
    #[default]
    All,
    /// Only mentions count, and nothing rings.
    Mentions,
    /// Nothing counts.
    Nothing,
}

impl Level {
    /// Every level with the word for it.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("all", Self::All),
        ("mentions", Self::Mentions),
        ("none", Self::Nothing),
    ];

    /// The level of that word.
    pub fn named(word: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(name, _)| *name == word);
        found.map(|(_, level)| *level)
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        let found = Self::ALL.iter().find(|(_, level)| *level == self);
        found.map_or("all", |(word, _)| word)
    }
}
