//! Whom a ban or a quiet is meant for: a nick, or a mask.
//! It must never widen what somebody wrote as a mask.

use crate::session::command::Command;

/// What puts them onto a list of a room by this change, as `+b`, or takes them from it; a mask stays as it is.
pub fn change(room: String, change: String, before: &str, whom: &str) -> Command {
    if whom.contains(['!', '@', '*', ':', '$']) {
        let changes = vec![change, format!("{before}{whom}")];
        let target = room;
        return Command::Mode { target, changes };
    }
    Command::Mask {
        room,
        change,
        before: before.to_owned(),
        nick: whom.to_owned(),
    }
}
