//! Every "no" of the server, in plain words, at the place where it is about something: a message, a room.
//! It must never show a number or a code where words are known.

use crate::session::account;
use crate::session::event::{Event, Millis, Severity};
use crate::session::gestured;
use crate::session::parents;
use crate::session::pending::Sent;
use crate::session::regain;
use crate::session::search;
use crate::session::state::{Line, State};
use crate::session::{admission, again, bouncer, metadata, page};

/// A refusal that comes so soon after we told that we write is of that.
const TYPING_MS: Millis = 10_000;

/// What is shorter is too long for no server.
const LONG_BYTES_MIN: usize = protocol::LINE_BYTES_MAX / 2;

/// What the usual refusals mean to a person; the server's own words stand for the others.
const WORDS: &[(u16, &str)] = &[
    (401, "nobody of that name is here"),
    (403, "there is no such room"),
    (404, "you may not write there"),
    (405, "you are in too many rooms"),
    (407, "it went to too many at once"),
    (408, "that room takes no colours"),
    (411, "it was addressed to nobody"),
    (412, "there was nothing in it"),
    (415, "one must be logged in to an account to write there"),
    (417, "it was too long"),
    (437, "it cannot be had right now; try again later"),
    (441, "they are not in that room"),
    (442, "you are not in that room"),
    (471, "the room is full"),
    (
        473,
        "the room is by invitation only; ask somebody inside to /invite you",
    ),
    (474, "you are banned from it"),
    (475, "it needs another key: /join ROOM KEY"),
    (476, "that is no name for a room"),
    (
        477,
        "one must be logged in to an account to enter; once you are, parlor goes in",
    ),
    (479, "that is no name for a room"),
    (480, "too many are entering at once; try again in a minute"),
    (482, "only an operator of the room may do that"),
    (
        486,
        "they take messages only from who is logged in to an account",
    ),
    (489, "it is for encrypted links only"),
    (492, "they take no such questions"),
    (
        494,
        "they could not answer you: a mode of yours keeps them out",
    ),
    (495, "you left it too shortly ago; try again in a minute"),
    (520, "it is for the server's operators only"),
    (531, "they take no messages from you"),
    (707, "you write to too many people at once; wait a minute"),
    (716, "they take no messages from strangers"),
];

fn words(line: &Line<'_>) -> String {
    let known = line
        .msg
        .numeric()
        .and_then(|numeric| WORDS.iter().find(|(code, _)| *code == numeric));
    known.map_or_else(|| line.last().to_owned(), |(_, words)| (*words).to_owned())
}

/// `<numeric> <me> <room> :…` after JOIN.
pub(crate) fn room(state: &mut State, line: &Line<'_>) {
    let name = line.param(1);
    let folded = state.rules.fold(name);
    let Some(room) = state
        .rooms
        .find_mut(&folded)
        .filter(|room| !room.is_entered)
    else {
        return message(state, line);
    };
    room.is_wanted = false;
    room.needs_account = line.msg.numeric() == Some(477);
    let room = room.name.clone();
    let reason = words(line);
    state.emit(Event::JoinRefused { room, reason });
    again::shut_out(state, &folded, line.now);
}

/// `470 <me> <room> <other> :Forwarding to another channel`: the server leads us elsewhere by itself.
pub(crate) fn forwarded(state: &mut State, line: &Line<'_>) {
    let (name, other) = (line.param(1), line.param(2));
    let folded = state.rules.fold(name);
    if let Some(room) = state.rooms.find_mut(&folded) {
        room.is_wanted = false;
    }
    let room = state.room_name(name);
    let reason = format!("the server leads to {other} instead");
    state.emit(Event::JoinRefused { room, reason });
    again::shut_out(state, &folded, line.now);
}

/// `<numeric> <me> <target> :…` after a message, or after something else about that target.
pub(crate) fn message(state: &mut State, line: &Line<'_>) {
    about(state, line, true);
}

/// A number that says no and of which we know nothing more: of no message, unless it has the label of one.
pub(crate) fn other(state: &mut State, line: &Line<'_>) {
    about(state, line, false);
}

fn about(state: &mut State, line: &Line<'_>, is_of_message: bool) {
    let reason = words(line);
    let target = line.param(1);
    if line.msg.numeric() == Some(401) && target.eq_ignore_ascii_case("NickServ") {
        // The rooms wait for nobody who is not here.
        state.login.is_awaited_until = state.login.is_awaited_until.map(|_| 0);
    }
    let by_label = line
        .label
        .as_deref()
        .and_then(|label| state.pending.settle(label));
    // Of a message without a target or a text there is nothing to name.
    let is_nameless = matches!(line.msg.numeric(), Some(411 | 412));
    let folded = state.rules.fold(target);
    // These are of KICK, TOPIC, MODE and the like.
    let is_absent = line.msg.numeric() == Some(401);
    let is_asked_for = matches!(line.msg.numeric(), Some(441 | 442 | 482))
        || is_absent && by_label.is_none() && state.late.is_answer(&folded, line.now);
    let may_be = is_of_message && !is_asked_for;
    let refused = by_label.or_else(|| {
        let folded = Some(&*folded).filter(|_| !is_nameless);
        may_be.then(|| unlabelled(state, folded, 0))?
    });
    if let Some(sent) = refused {
        if let Some(sent) = again::await_person(state, sent, is_absent, line.now) {
            state.refused(sent.own_id, sent.piece, &reason, line.at);
        }
        return;
    }
    if !is_asked_for && is_of_typing(state, target, line.at) {
        return;
    }
    let late = state.late.refuse(line.msg.numeric(), &folded, line.now);
    if let Some((message, since)) = late.filter(|_| may_be) {
        state.failures.begin(&message, since);
        return state.refused(message.own_id, 0, &reason, line.at);
    }
    let window = state.room_window(target);
    let text = format!("{target}: {reason}");
    state.notice(Severity::Error, window, text, line.at);
}

/// The message that a refusal without a label is of, where labels are not the rule: of those of so many bytes.
fn unlabelled(state: &mut State, folded: Option<&str>, bytes_min: usize) -> Option<Sent> {
    if state.has(protocol::Capability::LabeledResponse) {
        return None;
    }
    state.pending.refuse(folded, bytes_min)
}

/// Whether it was only not told that we write, which nobody asked for.
fn is_of_typing(state: &State, target: &str, at: Millis) -> bool {
    let folded = state.rules.fold(target);
    let typed = state.typed.as_ref();
    typed.is_some_and(|(there, since)| *there == folded && at.abs_diff(*since) < TYPING_MS)
}

/// `443 <me> <nick> <room> :is already on channel`
pub(crate) fn already_in(state: &mut State, line: &Line<'_>) {
    let text = format!("{} is in {} already.", line.param(1), line.param(2));
    let window = state.room_window(line.param(2));
    state.notice(Severity::Error, window, text, line.at);
}

/// `417 <me> :Input line was too long`: of a message, if a long one waits.
pub(crate) fn too_long(state: &mut State, line: &Line<'_>) {
    let label = line.label.as_deref().unwrap_or("");
    let labelled = state.pending.settle(label);
    if let Some(sent) = labelled.or_else(|| unlabelled(state, None, LONG_BYTES_MIN)) {
        let reason = words(line);
        return state.refused(sent.own_id, sent.piece, &reason, line.at);
    }
    let text = "The last line was too long for the server and was not sent.".to_owned();
    state.notice(Severity::Error, None, text, line.at);
}

/// `FAIL CHATHISTORY <code> <subcommand> <target> :…`: what was asked for will not come, and nothing waits for it.
fn no_history(state: &mut State, line: &Line<'_>) {
    let words = line.rest(2);
    let asked = words.iter().find_map(|word| {
        let folded = state.rules.fold(word);
        state.rooms.take_ask(&folded).map(|ask| (*word, ask))
    });
    let Some((word, ask)) = asked else {
        return state.notice(Severity::Error, None, line.last().to_owned(), line.at);
    };
    page::refused(state, word, ask, line.now);
    parents::next(state);
}

/// `FAIL <command> <code> [<context>…] :<description>`, and `WARN`, `NOTE` alike.
pub(crate) fn standard(state: &mut State, line: &Line<'_>) {
    let is_fail = line.msg.is("FAIL");
    let text = line.last().to_owned();
    if is_fail {
        if let Some(sent) = line
            .label
            .as_deref()
            .and_then(|label| state.pending.settle(label))
        {
            return state.refused(sent.own_id, sent.piece, &text, line.at);
        }
        if line.param(0) == "DEVICE" && account::device_refused(state, line) {
            return;
        }
        // What was done again may have been done the first time.
        if line.param(0) == "REDACT" && gestured::refused(state, line.rest(2)) {
            return;
        }
        if line.param(0) == "SEARCH" && search::refused(state) {
            return;
        }
        if regain::refused(state, line) {
            return;
        }
        if line.param(0) == "CHATHISTORY" {
            return no_history(state, line);
        }
        let is_taken = admission::refused(state, line) || bouncer::refused(state, line);
        if is_taken || metadata::refused(state, line) {
            return;
        }
        let named = line.rest(2).iter().find(|word| state.rules.is_room(word));
        if let (true, Some(name)) = (line.param(0) == "JOIN", named) {
            let room = state.room_name(name);
            return state.emit(Event::JoinRefused { room, reason: text });
        }
    }
    let severity = if line.msg.is("NOTE") {
        Severity::Info
    } else {
        Severity::Error
    };
    let window = line.rest(2).iter().find_map(|word| state.room_window(word));
    state.notice(severity, window, text, line.at);
}
