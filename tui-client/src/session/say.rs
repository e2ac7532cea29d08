//! Sends what we say: cut to the wire, marked with our own id, handed to the pacer, its fate watched.
//! It must never let a message vanish: each is confirmed or refused, whatever happens to the link.

use protocol::{Capability, LineWriter};

use crate::session::command::Outgoing;
use crate::session::event::{Event, Kind, Millis};
use crate::session::message::ID_TAG;
use crate::session::pace::Held;
use crate::session::pending::{self, Sent};
use crate::session::split::split;
use crate::session::state::State;

/// What CTCP puts around an action.
const ACTION_BYTES: usize = "\u{1}ACTION \u{1}".len();

/// Takes a message over.
pub(crate) fn run(state: &mut State, message: &Outgoing, now: Millis) {
    let own_id = message.own_id;
    if !state.is_ready() {
        return state.refused(own_id, 0, "there is no link to the server", now);
    }
    let space = room_for_text(state, message);
    let lines: Vec<&str> = message
        .text
        .lines()
        .filter(|line| !line.is_empty())
        .collect();
    let pieces: Vec<&str> = lines.iter().flat_map(|line| split(line, space)).collect();
    if pieces.is_empty() {
        return state.refused(own_id, 0, "there was nothing in it", now);
    }
    let bytes = message.text.len() + pieces.len() * protocol::LINE_BYTES_MAX;
    if !state.pace.has_space(bytes) || !state.pending.has_space(pieces.len()) {
        let reason = "too much is on its way already; wait a little and try again";
        return state.refused(own_id, 0, reason, now);
    }
    let has_echo = state.has(Capability::EchoMessage);
    if has_echo {
        state.emit(Event::Sending { own_id });
    }
    if is_one_batch(state, message, pieces.len()) {
        let bytes = batch(state, message, &lines, space);
        hold(state, message, bytes, 0, true, message.text.clone());
    } else {
        let count = pieces.len();
        for (piece, text) in pieces.into_iter().enumerate() {
            let mut bytes = Vec::new();
            let mut line = LineWriter::new(&mut bytes);
            tag(state, &mut line, message, piece);
            put(&mut line, message, text);
            hold(
                state,
                message,
                bytes,
                piece,
                piece + 1 == count,
                text.to_owned(),
            );
        }
    }
    if !has_echo && state.pulse.is_stale(now) {
        ping(state, now);
    }
    release(state, now);
}

/// Sends what the pacer lets go.
pub(crate) fn release(state: &mut State, now: Millis) {
    while let Some(held) = state.pace.pop(now) {
        state.out.extend_from_slice(&held.bytes);
        if state.has(Capability::EchoMessage) {
            state.pending.mark_sent(held.own_id, held.piece, now);
        } else if held.is_last {
            if let Some(sent) = state.pending.settle(&pending::label(held.own_id, 0)) {
                state.pending.push_recent(held.own_id, sent.target, now);
            }
            state.emit(Event::Confirmed {
                own_id: held.own_id,
                msgid: None,
                at: now,
            });
        }
    }
}

/// Asks whether the server is there.
pub(crate) fn ping(state: &mut State, now: Millis) {
    let token = state.pulse.ask(now);
    state.send(|line| {
        line.command("PING").param(&token);
    });
}

/// The bytes of text that one line has space for.
fn room_for_text(state: &State, message: &Outgoing) -> usize {
    let frame = match message.kind {
        Kind::Action => ACTION_BYTES,
        Kind::Say | Kind::Notice => 0,
    };
    let free = state.rules.facts.target_and_text_bytes_max;
    free.saturating_sub(message.target.len() + frame).max(32)
}

/// Whether the message goes as one message of several lines.
fn is_one_batch(state: &State, message: &Outgoing, pieces: usize) -> bool {
    let Some((bytes_max, lines_max)) = state.greeting.multiline else {
        return false;
    };
    pieces > 1
        && state.has(Capability::Multiline)
        && message.kind != Kind::Action
        && message.text.len() <= bytes_max
        && pieces <= lines_max
}

fn hold(
    state: &mut State,
    message: &Outgoing,
    bytes: Vec<u8>,
    piece: usize,
    is_last: bool,
    text: String,
) {
    let own_id = message.own_id;
    // Without echo the message counts as a whole: its first piece stands for it.
    if state.has(Capability::EchoMessage) || piece == 0 {
        state.pending.push(Sent {
            own_id,
            piece,
            target: state.rules.fold(&message.target),
            kind: message.kind,
            text,
            at: None,
        });
    }
    state.pace.push(Held {
        bytes,
        own_id,
        piece,
        is_last,
    });
}

/// The tags by which the echo is known again, and the reply.
fn tag(state: &State, line: &mut LineWriter<'_>, message: &Outgoing, piece: usize) {
    let label = pending::label(message.own_id, piece);
    if state.has(Capability::LabeledResponse) {
        line.tag("label", &label);
    }
    if state.has(Capability::MessageTags) {
        line.tag(ID_TAG, &format!("{}-{label}", state.settings.nonce));
        if let Some(msgid) = &message.reply_to {
            line.tag("+draft/reply", msgid);
        }
    }
}

fn put(line: &mut LineWriter<'_>, message: &Outgoing, text: &str) {
    let verb = match message.kind {
        Kind::Say | Kind::Action => "PRIVMSG",
        Kind::Notice => "NOTICE",
    };
    line.command(verb).param(&message.target);
    if message.kind == Kind::Action {
        line.trailing(&format!("\u{1}ACTION {text}\u{1}"));
    } else {
        line.trailing(text);
    }
    line.end();
}

/// The lines of a message as a batch (IRCv3 draft/multiline); long ones go on with the concat tag.
fn batch(state: &State, message: &Outgoing, lines: &[&str], space: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let reference = format!("m{}", message.own_id.0);
    let mut line = LineWriter::new(&mut bytes);
    tag(state, &mut line, message, 0);
    line.command("BATCH").param(&format!("+{reference}"));
    line.param("draft/multiline").param(&message.target).end();
    for text in lines {
        for (index, piece) in split_keeping_spaces(text, space).into_iter().enumerate() {
            let mut line = LineWriter::new(&mut bytes);
            line.tag("batch", &reference);
            if index > 0 {
                line.tag("draft/multiline-concat", "");
            }
            put(&mut line, message, &piece);
        }
    }
    let mut line = LineWriter::new(&mut bytes);
    line.command("BATCH").param(&format!("-{reference}")).end();
    bytes
}

/// Pieces that give the text again when they are put together without anything between.
fn split_keeping_spaces(text: &str, space: usize) -> Vec<String> {
    let mut rest = text;
    let mut pieces: Vec<String> = Vec::new();
    for piece in split(text, space.saturating_sub(1)) {
        let (gap, after) = match rest.strip_prefix(piece) {
            Some(after) => ("", after),
            None => (" ", rest.get(1 + piece.len()..).unwrap_or("")),
        };
        pieces.push(format!("{gap}{piece}"));
        rest = after;
    }
    pieces
}
