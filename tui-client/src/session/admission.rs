//! Invites that we follow: shown at the door and at their rooms, and put away once they open nothing.
//! It must never show one where others could listen.

use protocol::invite::Token;

use crate::admissions::Admission;
use crate::session::again;
use crate::session::event::{Event, Severity};
use crate::session::state::{Line, State};

/// What PASS carries, where no password is known.
pub(crate) fn at_the_door(state: &State) -> Option<String> {
    let newest = state.settings.login.admissions.last();
    newest
        .filter(|_| state.wire.is_private())
        .map(Admission::text)
}

/// What stands in place of a room's key.
pub(crate) fn of_room(state: &State, room: &str) -> Option<String> {
    let folded = state.rules.fold(room);
    let all = state.settings.login.admissions.iter().rev();
    let found = all
        .into_iter()
        .find(|admission| state.rules.fold(&admission.room) == folded);
    found
        .filter(|_| state.wire.is_private())
        .map(Admission::text)
}

/// `FAIL PASS INVITE_… :…` and `FAIL JOIN INVITE_… <room> :…`; whether it was one of these.
pub(crate) fn refused(state: &mut State, line: &Line<'_>) -> bool {
    let code = line.param(1);
    if !code.starts_with("INVITE_") {
        return false;
    }
    // Then nothing is known against it.
    let is_spent = code != "INVITE_UNCHECKED";
    let text = line.last().to_owned();
    match line.param(0) {
        "PASS" => {
            if is_spent && let Some(spent) = state.settings.login.admissions.pop() {
                state.spent.push(spent.token);
            }
            // What that means is known once we are in, or not.
            state.greeting.invite_refused = Some(text);
        }
        "JOIN" => {
            let name = line.param(2);
            let folded = state.rules.fold(name);
            if is_spent {
                put_away(state, &folded);
            }
            let Some(room) = state.rooms.find_mut(&folded) else {
                return false;
            };
            room.is_wanted = false;
            let room = room.name.clone();
            state.emit(Event::JoinRefused { room, reason: text });
            again::shut_out(state, &folded, line.now);
        }
        _ => return false,
    }
    true
}

/// We are in though our invite opens nothing: no password was wanted.
pub(crate) fn let_in_anyway(state: &mut State, line: &Line<'_>) {
    if let Some(text) = state.greeting.invite_refused.take() {
        state.notice(Severity::Error, None, text, line.at);
    }
}

/// The newest invite into a room opens nothing.
fn put_away(state: &mut State, folded: &str) {
    let all = &state.settings.login.admissions;
    let is_it = |admission: &Admission| state.rules.fold(&admission.room) == folded;
    if let Some(place) = all.iter().rposition(is_it) {
        let spent = state.settings.login.admissions.remove(place);
        state.spent.push(spent.token);
    }
}

/// The tokens that were found to open nothing, to be forgotten.
pub(crate) fn take_spent(state: &mut State) -> Vec<Token> {
    std::mem::take(&mut state.spent)
}
