//! What people tell of themselves beside their nick: the keys of metadata that we know.
//! It must never hold what somebody told: that is the screen's, fed by events.

/// A key of metadata with a meaning, as IRCv3 names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A name that may have spaces.
    DisplayName,
    /// What they do just now.
    Status,
    /// How they want to be spoken of.
    Pronouns,
    /// The program that it is.
    Bot,
    /// Their page.
    Homepage,
    /// Their picture.
    Avatar,
    /// The colour that they want their name to have.
    Color,
}

impl Key {
    /// All, those that matter most first: a server may take a few only.
    pub const ALL: [Self; 7] = [
        Self::DisplayName,
        Self::Status,
        Self::Pronouns,
        Self::Bot,
        Self::Homepage,
        Self::Avatar,
        Self::Color,
    ];

    /// On the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::DisplayName => "display-name",
            Self::Status => "status",
            Self::Pronouns => "pronouns",
            Self::Bot => "bot",
            Self::Homepage => "homepage",
            Self::Avatar => "avatar",
            Self::Color => "color",
        }
    }

    /// The key of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|key| key.name().eq_ignore_ascii_case(name))
    }
}

/// Somebody told something of themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// Who.
    pub nick: String,
    /// What it is.
    pub key: Key,
    /// And what it says; `None`: no longer anything.
    pub value: Option<String>,
}
