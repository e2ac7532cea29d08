//! What is done to messages and around them: typing, reactions, redactions, read marks.
//! It must never treat a gesture as a message: who does not understand one loses nothing.

use crate::session::event::{Event, Typing};
use crate::session::gestured;
use crate::session::message::{reply_to, window_of};
use crate::session::state::{Line, State};

/// `@+typing=… :nick TAGMSG <target>`, and reactions.
pub(crate) fn tagmsg(state: &mut State, line: &Line<'_>) {
    let target = window_of(state, line);
    let nick = line.nick().to_owned();
    if let Some(typing) = line.tag("+typing").or_else(|| line.tag("+draft/typing")) {
        let state_of = match typing.as_str() {
            "active" => Typing::Active,
            "paused" => Typing::Paused,
            _ => Typing::Done,
        };
        if !state.is_self(&nick) {
            state.emit(Event::Typing {
                target: target.clone(),
                nick: nick.clone(),
                state: state_of,
                at: line.at,
            });
        }
    }
    let Some(msgid) = reply_to(line) else {
        return;
    };
    for (key, is_given) in [
        ("+draft/react", true),
        ("+react", true),
        ("+draft/unreact", false),
        ("+unreact", false),
    ] {
        if let Some(reaction) = line.tag(key).filter(|text| !text.is_empty()) {
            let event = Event::Reacted {
                target: target.clone(),
                msgid: msgid.clone(),
                nick: nick.clone(),
                reaction,
                is_given,
            };
            gestured::heard(state, &event);
            state.emit(event);
        }
    }
}

/// `:by REDACT <target> <msgid> [:reason]`
pub(crate) fn redact(state: &mut State, line: &Line<'_>) {
    let event = Event::Redacted {
        target: window_of(state, line),
        msgid: line.param(1).to_owned(),
        by: line.nick().to_owned(),
        reason: line.param(2).to_owned(),
    };
    gestured::heard(state, &event);
    state.emit(event);
}

/// `MARKREAD <target> timestamp=…`
pub(crate) fn markread(state: &mut State, line: &Line<'_>) {
    let time = line.param(1).strip_prefix("timestamp=");
    if let Some(stamp) = time.and_then(protocol::Stamp::parse) {
        state.emit(Event::ReadElsewhere {
            target: state.room_name(line.param(0)),
            at: stamp.0,
        });
    }
}
