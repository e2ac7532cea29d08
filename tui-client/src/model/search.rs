//! What was searched for on the server, and what it found.
//! It must never grow without end: a search brings one page.

use crate::ids::NetworkId;
use crate::session::event::Message;

/// A search over all rooms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// What is sought.
    pub text: String,
    /// What the servers found, the rest being in the windows.
    pub found: Vec<(NetworkId, Message)>,
}
