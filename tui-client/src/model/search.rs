//! What is searched for, in a window and in all of them, and what was found.
//! It must never grow without end: a search brings so many pages from each, and no more.

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

/// Pages after the first that one search asks for, each of every server that may have more.
pub const PAGES_MAX: u8 = 20;
/// Whoever finds so many at once may have more; no server gives smaller pages.
pub const PAGE_MIN: usize = 50;

/// A search over all rooms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// What is sought.
    pub text: String,
    /// What the servers found, the rest being in the windows.
    pub found: Vec<(NetworkId, Message)>,
    /// What the local store found.
    pub kept: Vec<(NetworkId, Message)>,
    /// Whose servers may have more.
    pub more: Vec<NetworkId>,
    /// Whether the local store may have more.
    pub is_more_kept: bool,
    /// Whether there may be more that nobody can be asked for.
    pub is_cut: bool,
    /// Pages that were asked for after the first.
    pub pages: u8,
    /// Whether one is on its way.
    pub is_waiting: bool,
}

impl Search {
    /// Whether somebody may find more.
    pub fn has_more(&self) -> bool {
        self.is_more_kept || !self.more.is_empty()
    }

    /// What stands over the list of so many rows.
    pub fn heading(&self, rows: usize) -> String {
        let is_end = self.pages >= PAGES_MAX;
        match rows {
            0 => "Found".to_owned(),
            rows if self.is_waiting => format!("Found {rows}, more is coming"),
            rows if !self.has_more() && !self.is_cut => format!("Found {rows}"),
            rows if is_end || !self.has_more() => format!("Found {rows} and more: add a word"),
            rows => format!("Found {rows}, ↓ at the end: more"),
        }
    }
}
