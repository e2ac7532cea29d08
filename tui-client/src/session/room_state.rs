//! What a room is set to: its topic and its modes, as told on entering and when they change.
//! It must never apply a mode: it says what changed and what that means for whose standing.

use protocol::mode;

use crate::session::event::{Event, Severity, Subject};
use crate::session::state::{Line, State};
use crate::session::whereabouts::{RoomRenamed, Standing};

/// `:by TOPIC <room> :<topic>`
pub(crate) fn topic(state: &mut State, line: &Line<'_>) {
    state.emit(Event::TopicChanged {
        room: state.room_name(line.param(0)),
        by: line.nick().to_owned(),
        topic: line.param(1).to_owned(),
        at: line.at,
    });
}

/// `:by RENAME <old> <new> :<reason>`: it is the room that it was.
pub(crate) fn renamed(state: &mut State, line: &Line<'_>) {
    let to = line.param(1);
    if !state.rules.is_room(to) {
        return;
    }
    let from = state.room_name(line.param(0));
    let (old, new) = (state.rules.fold(&from), state.rules.fold(to));
    if state.rooms.rename(&old, new, to) {
        state.emit(Event::RoomRenamed(RoomRenamed {
            from,
            to: to.to_owned(),
            by: line.nick().to_owned(),
            reason: line.param(2).to_owned(),
            at: line.at,
        }));
    }
}

/// `332 <me> <room> :<topic>` and `331 <me> <room> :No topic is set`
pub(crate) fn topic_is(state: &mut State, line: &Line<'_>) {
    let topic = match line.msg.numeric() {
        Some(331) => "",
        _ => line.param(2),
    };
    state.emit(Event::TopicIs {
        room: state.room_name(line.param(1)),
        topic: topic.to_owned(),
    });
}

/// `328 <me> <room> :<url>`: the room's page, as services tell it on entering.
pub(crate) fn page(state: &mut State, line: &Line<'_>) {
    let room = state.room_name(line.param(1));
    let text = format!("{room} has a page: {}", line.last());
    let window = Some(room);
    state.emit(Event::Listed {
        subject: Subject::Text,
        window,
        text,
    });
}

/// `:by MODE <room|nick> <modes> [<params>…]`
pub(crate) fn mode(state: &mut State, line: &Line<'_>) {
    let target = state.room_name(line.param(0));
    let params = line.rest(2);
    let mut standings = Vec::new();
    if state.rules.is_room(&target) {
        learn_key(state, &target, line.param(1), params);
        for change in mode::parse(line.param(1), params, |letter| state.rules.kind_of(letter)) {
            if let (Some(prefix), Some(nick)) = (state.rules.prefix_of(change.letter), change.param)
            {
                standings.push(Standing {
                    nick: nick.to_owned(),
                    prefix,
                    is_given: change.set,
                });
            }
        }
    }
    let letters = line.param(1);
    if state.is_self(&target) && letters.starts_with('+') && letters.contains('r') {
        // So services mark who is logged in.
        state.login.is_awaited_until = state.login.is_awaited_until.map(|_| 0);
    }
    state.emit(Event::ModeChanged {
        target,
        by: line.nick().to_owned(),
        text: line.rest(1).join(" "),
        standings,
        at: line.at,
    });
}

/// The key by which a room lets in is remembered for coming back, however it was set.
fn learn_key(state: &mut State, room: &str, letters: &str, params: &[&str]) {
    let changes = mode::parse(letters, params, |letter| state.rules.kind_of(letter));
    let keys = changes.into_iter().filter(|change| change.letter == 'k');
    let Some(change) = keys.last() else { return };
    let key = change.param.filter(|_| change.set);
    // Who may not know the key is told a star.
    if key.is_some_and(|key| key.trim_matches('*').is_empty()) {
        return;
    }
    let (key, folded) = (key.map(str::to_owned), state.rules.fold(room));
    if let Some(room) = state.rooms.find_mut(&folded) {
        room.key = key;
    }
}

/// `472 <me> <letter> :is unknown mode char to me`
pub(crate) fn unknown_mode(state: &mut State, line: &Line<'_>) {
    let letter = line.param(1);
    if state.once.is_new_mode(letter, line.now) {
        let text = format!("The server knows no mode {letter} of rooms.");
        state.notice(Severity::Error, None, text, line.at);
    }
}

/// `324 <me> <room> <modes> …` and `221 <me> <modes>`: the modes as they stand, because somebody asked.
pub(crate) fn mode_is(state: &mut State, line: &Line<'_>) {
    let is_own = line.msg.numeric() == Some(221);
    if !is_own {
        learn_key(state, line.param(1), line.param(2), line.rest(3));
    }
    let (whose, modes) = if is_own {
        (state.nick.clone(), line.rest(1).join(" "))
    } else {
        (state.room_name(line.param(1)), line.rest(2).join(" "))
    };
    let window = state.room_window(&whose);
    let text = match modes.trim_matches('+') {
        "" => format!("{whose} has no modes."),
        _ => format!("{whose} has the modes {modes}"),
    };
    state.emit(Event::Listed {
        subject: Subject::Text,
        window,
        text,
    });
}
