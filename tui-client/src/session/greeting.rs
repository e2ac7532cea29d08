//! How far the greeting of a link has come.
//! It must never say what follows from that.

use protocol::Caps;

/// What the greeting waits for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Greeting {
    /// What the server offers, as far as we know the names.
    pub(crate) offered: Caps,
    /// Longest multiline message in bytes and lines, where offered.
    pub(crate) multiline: Option<(usize, usize)>,
    /// Requests without an answer.
    pub(crate) requests: usize,
    /// Whether CAP END is sent.
    pub(crate) is_ended: bool,
    /// Whether each capability was asked for alone, because a whole list was refused.
    pub(crate) is_single: bool,
    /// Whether it was said what a server that says nothing may wait for.
    pub(crate) is_hinted: bool,
    /// How many nicks were refused.
    pub(crate) nicks_refused: u32,
    /// Why the invite that we showed opens nothing.
    pub(crate) invite_refused: Option<String>,
}
