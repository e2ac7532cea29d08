//! Where people are and how they stand, as the session tells of it: the larger of its events.
//! It must never hold anything that can act.

use std::fmt;

/// Two servers that lost each other, and with each other the people on the far side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// One of them.
    pub one: String,
    /// The other.
    pub other: String,
}

impl fmt::Display for Split {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.one.starts_with('*') {
            // Networks that hide how they are built name none.
            return to.write_str("netsplit");
        }
        write!(to, "{} ⇹ {}", self.one, self.other)
    }
}

/// One member as a list of names tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// The nick as shown.
    pub nick: String,
    /// All prefixes the member has here, highest first; often empty.
    pub prefixes: String,
    /// Whether the member is away.
    pub is_away: bool,
    /// The account, if there is one and it is known.
    pub account: Option<String>,
    /// Whether it is a program and says so.
    pub is_bot: bool,
}

/// What the server says of the members of a room that we entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surveyed {
    /// The room.
    pub room: String,
    /// Who: nick, away, account, bot; nothing is said of their standing.
    pub members: Vec<Member>,
    /// Whether it tells accounts, too.
    pub has_accounts: bool,
}

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
