//! What we did to messages until the server tells it: after a lost link it is done once more.
//! It must never be done a third time. What could not be done again is said; what was sent and stays untold for so long,
//! or among so many, that the server seems to tell no such things counts as done.

use protocol::Capability;

use crate::session::event::{Event, Millis, Severity};
use crate::session::state::State;
use crate::session::untold::{Deed, Gesture};

/// What may be untold at a time; of more, the oldest count as done.
const UNTOLD_MAX: usize = 32;
/// What the server has not told after so long it does not tell at all.
pub(crate) const UNTOLD_MS: Millis = 10 * 60_000;

/// Does something to a message.
pub(crate) fn run(state: &mut State, target: String, msgid: String, deed: Deed, now: Millis) {
    let is_told = match deed {
        Deed::React { .. } if !state.has(Capability::MessageTags) => return,
        Deed::Redact if !state.has(Capability::MessageRedaction) => {
            let text = "This server takes no message back.";
            return state.notice(Severity::Error, None, text.to_owned(), now);
        }
        Deed::React { .. } => state.has(Capability::EchoMessage),
        Deed::Redact => true,
    };
    let gesture = Gesture {
        target,
        msgid,
        deed,
        since: now,
        is_held: false,
        is_again: false,
    };
    send(state, &gesture);
    if !is_told {
        return;
    }
    if state.gestures.len() >= UNTOLD_MAX
        && let Some(first) = state.gestures.pop_front()
        && first.is_held
    {
        give_up(state, &first, "Too much waited for its room to learn", now);
    }
    state.gestures.push_back(gesture);
}

fn send(state: &mut State, gesture: &Gesture) {
    let Gesture { target, msgid, .. } = gesture;
    match &gesture.deed {
        Deed::React { reaction, is_given } => {
            let key = if *is_given {
                "+draft/react"
            } else {
                "+draft/unreact"
            };
            state.send(|line| {
                line.tag("+draft/reply", msgid).tag(key, reaction);
                line.command("TAGMSG").param(target);
            });
        }
        Deed::Redact => state.send(|line| {
            line.command("REDACT").param(target).param(msgid);
        }),
    }
}

/// The server told, or refused, something of this sort that was done to this message.
pub(crate) fn told(state: &mut State, msgid: &str, is_it: impl Fn(&Deed) -> bool) {
    let is_untold = |gesture: &Gesture| gesture.msgid != msgid || !is_it(&gesture.deed);
    state.gestures.retain(is_untold);
}

/// `FAIL REDACT <code> <target> <msgid> :…`: it will not be done. Whether that is no news, because the first time did it.
pub(crate) fn refused(state: &mut State, msgids: &[&str]) -> bool {
    let is_it = |gesture: &Gesture| {
        gesture.deed == Deed::Redact && msgids.contains(&gesture.msgid.as_str())
    };
    let was_again = state.gestures.iter().any(|it| it.is_again && is_it(it));
    state.gestures.retain(|gesture| !is_it(gesture));
    was_again
}

/// The link broke: what the server has not told is done again on the next one; what was done again already is given up.
pub(crate) fn interrupt(state: &mut State, now: Millis) {
    for mut gesture in std::mem::take(&mut state.gestures) {
        if now.saturating_sub(gesture.since) > UNTOLD_MS {
            if gesture.is_held {
                give_up(state, &gesture, "The link was away too long to learn", now);
            }
            continue;
        }
        if gesture.is_again && !gesture.is_held {
            give_up(
                state,
                &gesture,
                "The link broke twice before the server told",
                now,
            );
            continue;
        }
        gesture.is_held = true;
        state.gestures.push_back(gesture);
    }
}

fn give_up(state: &mut State, gesture: &Gesture, why: &str, now: Millis) {
    let what = match gesture.deed {
        Deed::React { .. } => "a reaction was heard",
        Deed::Redact => "a message was taken back",
    };
    let text = format!("{why} whether {what}; look, and do it again.");
    let window = state.room_window(&gesture.target);
    state.notice(Severity::Error, window, text, now);
}

/// Does again what was held, where its room is entered.
pub(crate) fn resume(state: &mut State) {
    if !state.is_ready() {
        return;
    }
    for mut gesture in std::mem::take(&mut state.gestures) {
        let folded = state.rules.fold(&gesture.target);
        let room = state.rooms.find(&folded);
        let is_outside =
            state.rules.is_room(&gesture.target) && !room.is_some_and(|it| it.is_entered);
        if gesture.is_held && !is_outside {
            gesture.is_held = false;
            gesture.is_again = true;
            send(state, &gesture);
        }
        state.gestures.push_back(gesture);
    }
}

/// What an event of ours tells of what we did.
pub(crate) fn heard(state: &mut State, event: &Event) {
    match event {
        Event::Reacted {
            msgid,
            nick,
            reaction,
            is_given,
            ..
        } if state.is_self(nick) => {
            let (reaction, is_given) = (reaction.clone(), *is_given);
            let deed = Deed::React { reaction, is_given };
            told(state, msgid, |done| *done == deed);
        }
        Event::Redacted { msgid, .. } => told(state, msgid, |done| *done == Deed::Redact),
        _ => {}
    }
}
