//! Lists of members as they arrive (353, 366), and the rows of WHO (352, 354, 315).
//! It must never show the rows of a survey: nobody asked for them by hand.

use protocol::Source;

use crate::session::event::{Event, Subject};
use crate::session::state::{Line, State};
use crate::session::whereabouts::Member;
use crate::session::{answers, survey};

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
    state.emit(Event::Names { room, members });
    survey::entered(state, &folded, count, line.now);
}

/// `352 <me> <room> <user> <host> <server> <nick> <H|G>… :<hops> <realname>`
pub(crate) fn who(state: &mut State, line: &Line<'_>) {
    let nick = line.param(5).to_owned();
    let flags = line.param(6);
    if survey::take(state, line.param(1), &nick, flags, None) {
        return;
    }
    let is_away = flags.starts_with('G');
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

/// `354 <me> …`: of a question of ours, or of one that somebody wrote by hand.
pub(crate) fn whox(state: &mut State, line: &Line<'_>) {
    if !survey::row(state, line) {
        answers::other(state, line);
    }
}

/// `263 <me> WHO :Server load is temporarily too heavy. Please wait a while and try again.`
pub(crate) fn busy(state: &mut State, line: &Line<'_>) {
    if !survey::busy(state, line.now) {
        answers::other(state, line);
    }
}

/// `315 <me> <mask> :End of /WHO list`
pub(crate) fn who_ended(state: &mut State, line: &Line<'_>) {
    if !survey::ended(state, line.param(1), line.now) {
        state.emit(Event::Listed {
            subject: Subject::Who,
            window: None,
            text: format!("That is everybody for {}.", line.param(1)),
        });
    }
}
