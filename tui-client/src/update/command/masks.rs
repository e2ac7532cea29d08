//! Lists of masks of a room: who is banned, and who may not speak.
//! It must never quiet by a mode that means something else on this server.

use crate::deeds;
use crate::entry::Tone;
use crate::mask;
use crate::session::command::Command;
use crate::session::link::Quiets;
use crate::update::call::{Call, split};

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Who may not enter.
    Bans,
    /// Who may not speak.
    Quiets,
}

/// Puts somebody on the list, or takes them from it; without anybody it is asked for.
pub fn change(mut call: Call<'_>, list: List, sign: char) {
    let whom = split(call.rest).0.to_owned();
    if whom.is_empty() && sign == '-' {
        return call.usage();
    }
    let quiets = call.model.network().facts.quiets.clone();
    let (letter, before) = match (list, quiets) {
        (List::Bans, _) => ('b', String::new()),
        (List::Quiets, Quiets::Listed) => ('q', String::new()),
        (List::Quiets, Quiets::Banned(before)) => ('b', before),
        (List::Quiets, Quiets::Never) => {
            let text = "This server has no quiet; /mode +m lets only those with voice speak.";
            return deeds::note_here(call.model, Tone::Trouble, text);
        }
    };
    let Some(target) = call.room() else { return };
    let change = format!("{sign}{letter}");
    if !whom.is_empty() {
        return call.send(mask::change(target, change, &before, &whom));
    }
    let changes = vec![change];
    call.send(Command::Mode { target, changes });
}
