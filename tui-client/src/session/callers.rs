//! Who stands at a door: at a room's (KNOCK), or at ours, where only those we accept may write (ACCEPT, caller id).
//! It must never let anybody in by itself.

use crate::session::event::Event;
use crate::session::event::{Severity, Subject};
use crate::session::state::{Line, State};

/// `710 <me> <room> <nick!user@host> :has asked for an invite.`
pub(crate) fn knocked(state: &mut State, line: &Line<'_>) {
    let room = line.param(1);
    let nick = line.param(2).split('!').next().unwrap_or_default();
    let text = format!("{nick} asks to be let in; /invite {nick} does it");
    let window = state.room_window(room);
    state.notice(Severity::Info, window, text, line.at);
}

/// `711 <me> <room> :Your KNOCK has been delivered.`
pub(crate) fn heard(state: &mut State, line: &Line<'_>) {
    let text = format!("Those in {} heard you knock.", line.param(1));
    listed(state, text);
}

/// `717 <me> <nick> :has been informed that you messaged them.`
pub(crate) fn informed(state: &mut State, line: &Line<'_>) {
    let nick = line.param(1).to_owned();
    let text = format!("{nick} was told that you want to write to them");
    state.notice(Severity::Info, Some(nick), text, line.at);
}

/// `718 <me> <nick> <user@host> :is messaging you, and you have umode +g.`
pub(crate) fn calling(state: &mut State, line: &Line<'_>) {
    let nick = line.param(1).split('!').next().unwrap_or_default();
    let text = format!("{nick} wants to write to you; /accept {nick} lets them");
    state.notice(Severity::Error, None, text, line.at);
}

/// `281 <me> <nick>…`: whom we accept.
pub(crate) fn accepted(state: &mut State, line: &Line<'_>) {
    let text = format!("They may write to you: {}", line.rest(1).join(" "));
    listed(state, text);
}

fn listed(state: &mut State, text: String) {
    state.emit(Event::Listed {
        subject: Subject::Who,
        window: None,
        text,
    });
}
