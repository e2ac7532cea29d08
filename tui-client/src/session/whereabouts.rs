//! Where people are and how they stand, as the session tells of it: the larger of its events.
//! It must never hold anything that can act.

/// How the reason begins of those who leave because servers lost each other; the names of the servers follow.
pub const NETSPLIT: &str = "netsplit ";

/// How one member's standing changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whose.
    pub nick: String,
    /// The prefix character, as in `@`.
    pub prefix: char,
    /// Given or taken.
    pub is_given: bool,
}

/// Somebody whom we asked the server to watch is there, or is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// Who.
    pub nick: String,
    /// Whether they are there.
    pub is_here: bool,
    /// When that was told, in milliseconds since 1970.
    pub at: u64,
}

/// A room that we are in has another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomRenamed {
    /// The old name.
    pub from: String,
    /// The new name.
    pub to: String,
    /// Who did it.
    pub by: String,
    /// Why; often empty.
    pub reason: String,
    /// When, in milliseconds since 1970.
    pub at: u64,
}
