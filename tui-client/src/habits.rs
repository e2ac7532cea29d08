//! How parlor behaves where people differ: what it tells of its user, what may call, what is not shown.
//! It must never decide whether something happened; only what is made of it.

use crate::alias::Alias;
use crate::times::TimeFormat;

/// What is told and shown of who is typing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Typing {
    /// Others see that we write, and we see it of them.
    #[default]
    On,
    /// We see it of others, and tell nobody.
    Shown,
    /// Neither.
    Off,
}

/// How we are called when somebody wants us.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Notify {
    /// The bell, and a notification of the terminal's while it is behind others.
    #[default]
    Auto,
    /// The bell alone.
    Bell,
    /// The terminal's notification alone, without a sound of ours.
    Terminal,
    /// Not at all.
    Off,
}

impl Notify {
    /// Whether the bell may ring.
    pub fn rings(self) -> bool {
        matches!(self, Self::Auto | Self::Bell)
    }

    /// Whether the terminal may show a notification.
    pub fn is_shown(self) -> bool {
        matches!(self, Self::Auto | Self::Terminal)
    }
}

/// What is shown of who comes and goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Comings {
    /// Many of them in one line.
    #[default]
    Folded,
    /// Nothing; the list of members tells it.
    Hidden,
}

/// The most words that count as a mention.
pub const MENTION_WORDS_MAX: usize = 64;

/// What the user likes; it counts at once when the config file changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Habits {
    /// Whether the terminal keeps the mouse, to select with.
    pub leaves_mouse: bool,
    /// Who is typing.
    pub typing: Typing,
    /// The bell and notifications.
    pub notify: Notify,
    /// Words that count as a mention of us, besides our nick; at most [`MENTION_WORDS_MAX`].
    pub mention_words: Vec<String>,
    /// Who comes and goes.
    pub comings: Comings,
    /// How the time beside a message is written.
    pub time: TimeFormat,
    /// Commands of the user's own; at most [`crate::alias::ALIASES_MAX`].
    pub aliases: Vec<Alias>,
    /// Whether answers begin without the nick of whom they answer, where the server tells that otherwise.
    pub omits_reply_names: bool,
}

impl Habits {
    /// The alias with this name, written without its slash.
    pub fn alias(&self, name: &str) -> Option<&Alias> {
        let name = name.to_lowercase();
        self.aliases.iter().find(|alias| alias.name == name)
    }
}
