//! What is searched for, in a window and in all of them, and what was found.
//! It must never grow without end: a search brings one page from each.

use crate::editor::Editor;
use crate::ids::{LineId, NetworkId};
use crate::session::event::Message;

/// The search in a window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Find {
    /// What is sought.
    pub query: Editor,
    /// Where it was found.
    pub hit: Option<LineId>,
    /// Whether it is nowhere.
    pub is_missing: bool,
}

/// A search over all rooms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// What is sought.
    pub text: String,
    /// What the servers found, the rest being in the windows.
    pub found: Vec<(NetworkId, Message)>,
    /// What the local store found.
    pub kept: Vec<(NetworkId, Message)>,
}
