//! Lists of members as they arrive (353, 366), and the survey of who is away (352, 315).
//! It must never ask for a survey of a room so large that the answer would be a flood.

use protocol::{Capability, Source};

use crate::session::event::{Event, Member, Subject};
use crate::session::state::{Line, State};

/// Rooms with more members are not asked who is away: it shows as they come and go.
const SURVEYED_MAX: usize = 500;

/// `353 <me> <symbol> <room> :[prefixes]nick[!user@host] …`
pub(crate) fn names(state: &mut State, line: &Line<'_>) {
    let params = line.msg.params();
    // Some servers leave the symbol out.
    let Some(room) = params.len().checked_sub(2).and_then(|i| params.get(i)) else {
        return;
    };
    let folded = state.rules.fold(room);
    let prefixes = state.rules.facts.member_prefixes.clone();
    let members = line
        .last()
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(|word| member(word, &prefixes));
    state.rooms.list(folded, members);
}

fn member(word: &str, known: &str) -> Member {
    let bare = word.trim_start_matches(|c| known.contains(c));
    let prefixes = word.strip_suffix(bare).unwrap_or("");
    Member {
        nick: Source::parse(bare).name.to_owned(),
        prefixes: prefixes.to_owned(),
        ..Member::default()
    }
}

/// `366 <me> <room> :End of /NAMES list`
pub(crate) fn names_ended(state: &mut State, line: &Line<'_>) {
    let folded = state.rules.fold(line.param(1));
    let members = state.rooms.take_list(&folded);
    let count = members.len();
    let room = state.room_name(line.param(1));
    state.emit(Event::Names {
        room: room.clone(),
        members,
    });
    let is_worth = state.has(Capability::AwayNotify) && count <= SURVEYED_MAX;
    let Some(known) = state.rooms.find_mut(&folded) else {
        return;
    };
    if is_worth && known.is_entered && !known.is_surveyed {
        known.is_surveyed = true;
        known.is_surveying = true;
        state.send(|line| {
            line.command("WHO").param(&room);
        });
    }
}

/// `352 <me> <room> <user> <host> <server> <nick> <H|G>… :<hops> <realname>`
pub(crate) fn who(state: &mut State, line: &Line<'_>) {
    let nick = line.param(5).to_owned();
    let is_away = line.param(6).starts_with('G');
    if is_surveying(state, line.param(1)) {
        if is_away {
            let message = Some(String::new());
            state.emit(Event::AwayChanged { nick, message });
        }
        return;
    }
    let (user, host, room) = (line.param(2), line.param(3), line.param(1));
    let realname = line.last().split_once(' ').map_or("", |(_, name)| name);
    let place = if room == "*" { "" } else { room };
    let away = if is_away { ", away" } else { "" };
    state.emit(Event::Listed {
        subject: Subject::Who,
        window: None,
        text: format!("{nick}  {user}@{host}  {realname}  {place}{away}"),
    });
}

/// `315 <me> <mask> :End of /WHO list`
pub(crate) fn who_ended(state: &mut State, line: &Line<'_>) {
    let folded = state.rules.fold(line.param(1));
    if is_surveying(state, line.param(1)) {
        if let Some(room) = state.rooms.find_mut(&folded) {
            room.is_surveying = false;
        }
    } else {
        state.emit(Event::Listed {
            subject: Subject::Who,
            window: None,
            text: format!("That is everybody for {}.", line.param(1)),
        });
    }
}

fn is_surveying(state: &State, room: &str) -> bool {
    let folded = state.rules.fold(room);
    state
        .rooms
        .find(&folded)
        .is_some_and(|room| room.is_surveying)
}
