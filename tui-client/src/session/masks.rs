//! Lists of masks, as `/mode +b` and its like ask for them: bans, exceptions, invitations, quiets.
//! It must never leave a question without an answer: an empty list is told, too.

use protocol::Stamp;

use crate::session::event::{Event, Subject};
use crate::session::pace::Whose;
use crate::session::state::{Line, State};

/// What the lists are called, by the numbers of their rows and ends.
const LISTS: &[(u16, u16, &str)] = &[
    (346, 347, "people who may enter uninvited"),
    (348, 349, "exceptions from bans"),
    (367, 368, "bans"),
    (728, 729, "people who may not speak"),
];

/// Puts whoever has this nick onto the list, by where they come from if that is known: another nick takes nobody off.
/// Taken off is all that the nick may have been put on by.
pub(crate) fn ask(state: &mut State, (room, change): (&str, &str), before: &str, nick: &str) {
    let masks = state.hosts.masks(&state.rules.fold(nick), nick);
    let most = if change.starts_with('-') { 2 } else { 1 };
    for mask in masks.iter().take(most) {
        state.queue(Whose::Person, |line| {
            line.command("MODE").param(room).param(change);
            line.param(&format!("{before}{mask}"));
        });
    }
}

fn name(line: &Line<'_>) -> &'static str {
    let numeric = line.msg.numeric().unwrap_or_default();
    let found = LISTS
        .iter()
        .find(|(row, end, _)| [*row, *end].contains(&numeric));
    found.map_or("masks", |(_, _, name)| name)
}

fn told(state: &mut State, room: &str, text: String) {
    let window = state.room_window(room);
    state.emit(Event::Listed {
        subject: Subject::Text,
        window,
        text,
    });
}

/// `367 <me> <room> [<letter>] <mask> [<by> <when>]`: a row.
pub(crate) fn row(state: &mut State, line: &Line<'_>) {
    state.masks += 1;
    // Quiets name their letter.
    let at = if line.msg.numeric() == Some(728) {
        3
    } else {
        2
    };
    let room = line.param(1);
    let mut text = format!(
        "{}, {}: {}",
        state.room_name(room),
        name(line),
        line.param(at)
    );
    if let Some(by) = line.msg.param(at + 1) {
        text.push_str(", set by ");
        text.push_str(by);
    }
    let when = line.param(at + 2).parse::<u64>().ok();
    if let Some(when) = when.and_then(|seconds| seconds.checked_mul(1000)) {
        let day = Stamp(when).to_string();
        text.push_str(" on ");
        text.push_str(protocol::write::clip(&day, "2026-01-01".len()));
    }
    told(state, room, text);
}

/// `368 <me> <room> [<letter>] :End of …`
pub(crate) fn end(state: &mut State, line: &Line<'_>) {
    if std::mem::take(&mut state.masks) == 0 {
        let room = line.param(1);
        let text = format!(
            "{}: the list of {} is empty.",
            state.room_name(room),
            name(line)
        );
        told(state, room, text);
    }
}
