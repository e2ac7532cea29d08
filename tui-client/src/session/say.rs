//! Sends what we say: cut to the wire, marked with our own id, handed to the pacer, its fate watched.
//! It must never let a message vanish: each is confirmed or refused, whatever happens to the link.

use protocol::{Capability, LineWriter};

use crate::session::command::Outgoing;
use crate::session::event::{Event, Kind, Millis, OwnId};
use crate::session::message::ID_TAG;
use crate::session::pace::{Due, Held};
use crate::session::pending::{self, Sent, Stand};
use crate::session::split::split;
use crate::session::state::{Line, State};

/// Why a message is refused that would have to wait too long.
pub(crate) const TOO_MUCH: &str = "too much is on its way already; wait a little and try again";

/// How the token begins of what is asked behind a message, where nothing is echoed.
const BEHIND: &str = "behind-";

/// What CTCP puts around an action.
const ACTION_BYTES: usize = "\u{1}ACTION \u{1}".len();

/// A message as pieces that fit into a line each.
fn pieces_of<'m>(state: &State, message: &'m Outgoing) -> Vec<&'m str> {
    let space = room_for_text(state, &message.target, message.kind);
    let lines = message.text.lines().filter(|line| !line.is_empty());
    lines.flat_map(|line| split(line, space)).collect()
}

/// Whether there is space for a message among those on the way.
pub(crate) fn has_space(state: &State, message: &Outgoing) -> bool {
    let pieces = pieces_of(state, message).len();
    let bytes = message.text.len() + pieces * protocol::LINE_BYTES_MAX;
    state.pace.has_space(bytes) && state.pending.has_space(pieces)
}

/// Cuts a message to the wire, and hands it to the pacer.
pub(crate) fn start(state: &mut State, message: &Outgoing, now: Millis) {
    let own_id = message.own_id;
    let pieces = pieces_of(state, message);
    if pieces.is_empty() {
        return state.refused(own_id, 0, "there was nothing in it", now);
    }
    if !has_space(state, message) {
        return state.refused(own_id, 0, TOO_MUCH, now);
    }
    state.emit(Event::Sending { own_id });
    let is_batch = is_one_batch(state, message, pieces.len());
    let texts = if is_batch {
        // Blank lines between others are part of what is said.
        vec![message.text.trim_matches('\n')]
    } else {
        pieces
    };
    let count = texts.len();
    for (piece, text) in texts.into_iter().enumerate() {
        let label = pending::label(own_id, piece);
        let sent = Sent {
            own_id,
            piece,
            // The time first: what is looked up together lies together.
            id: format!("{now:011x}{}-{label}", state.settings.nonce),
            target: message.target.clone(),
            folded: state
                .rules
                .fold(state.rules.without_status(&message.target)),
            kind: message.kind,
            text: text.to_owned(),
            reply_to: message.reply_to.clone(),
            is_batch,
            is_last: piece + 1 == count,
            since: now,
            nick: state.nick.clone(),
            is_doubtful: false,
            is_awaiting: false,
            stand: Stand::Paced,
        };
        again(state, sent);
    }
}

/// Hands a piece to the pacer, under the id that it has.
pub(crate) fn again(state: &mut State, sent: Sent) {
    let mut bytes = Vec::new();
    if sent.is_batch {
        batch(state, &mut bytes, &sent);
    } else {
        let mut line = LineWriter::new(&mut bytes);
        tag(state, &mut line, &sent);
        put(&mut line, &sent, &sent.text);
    }
    state.pace.push(Held {
        bytes,
        own_id: sent.own_id,
        piece: sent.piece,
        is_last: sent.is_last,
    });
    // Without echo the message counts as a whole: its first piece stands for it.
    if state.has(Capability::EchoMessage) || sent.piece == 0 {
        let nick = if sent.is_doubtful {
            sent.nick
        } else {
            state.nick.clone()
        };
        let stand = Stand::Paced;
        state.pending.push(Sent {
            nick,
            stand,
            ..sent
        });
    }
}

/// Sends what the pacer lets go.
pub(crate) fn release(state: &mut State, now: Millis) {
    if state.pace.is_at_rest() {
        return;
    }
    while let Some(due) = state.pace.pop(state.pending.wired(), now) {
        let held = match due {
            Due::Piece(held) => held,
            Due::Line(line) => {
                state.out.extend_from_slice(&line);
                continue;
            }
        };
        state.out.extend_from_slice(&held.bytes);
        if state.has(Capability::EchoMessage) {
            state.pending.mark_sent(held.own_id, held.piece, now);
            continue;
        }
        state.pending.mark_sent(held.own_id, 0, now);
        if held.is_last {
            // A server that does not echo says no, or answers what comes behind.
            let token = format!("{BEHIND}{}", held.own_id.0);
            state.send(|line| {
                line.command("PING").param(&token);
            });
            state.pace.charge(now);
        }
    }
}

/// The server answers what was asked behind a message: it has not refused it. Whether this was such an answer.
pub(crate) fn answered(state: &mut State, line: &Line<'_>) -> bool {
    let own_id = line.last().strip_prefix(BEHIND);
    let Some(own_id) = own_id.and_then(|own_id| own_id.parse().ok()) else {
        return false;
    };
    let own_id = OwnId(own_id);
    let Some(sent) = state.pending.settle(&pending::label(own_id, 0)) else {
        return true;
    };
    if let Some(at) = sent.at() {
        let millis = line.now.saturating_sub(at);
        state.pulse.took(millis, line.now);
        state.emit(Event::LagMeasured(millis));
    }
    if let Some(written) = state.failures.as_written(own_id) {
        state.late.settle(written.clone(), sent.folded, line.now);
    }
    state.emit(Event::Confirmed {
        own_id,
        msgid: None,
        at: line.at,
    });
    true
}

/// Asks whether the server is there.
pub(crate) fn ping(state: &mut State, now: Millis) {
    let token = state.pulse.ask(now);
    state.send(|line| {
        line.command("PING").param(&token);
    });
}

/// The bytes of text that one line has space for.
fn room_for_text(state: &State, target: &str, kind: Kind) -> usize {
    let frame = match kind {
        Kind::Action => ACTION_BYTES,
        Kind::Say | Kind::Notice => 0,
    };
    let free = state.rules.facts.target_and_text_bytes_max;
    free.saturating_sub(target.len() + frame).max(32)
}

/// Whether the message goes as one message of several lines.
fn is_one_batch(state: &State, message: &Outgoing, pieces: usize) -> bool {
    let Some((bytes_max, lines_max)) = state.greeting.multiline else {
        return false;
    };
    let blank = message.text.lines().filter(|line| line.is_empty()).count();
    pieces > 1
        && state.has(Capability::Multiline)
        && message.kind != Kind::Action
        && message.text.len() <= bytes_max
        && pieces + blank <= lines_max
}

/// The tags by which the echo is known again, and the reply.
fn tag(state: &State, line: &mut LineWriter<'_>, sent: &Sent) {
    if state.has(Capability::LabeledResponse) {
        line.tag("label", &pending::label(sent.own_id, sent.piece));
    }
    if state.has(Capability::MessageTags) {
        line.tag(ID_TAG, &sent.id);
        if let Some(msgid) = &sent.reply_to {
            line.tag("+draft/reply", msgid);
        }
    }
}

fn put(line: &mut LineWriter<'_>, sent: &Sent, text: &str) {
    let verb = match sent.kind {
        Kind::Say | Kind::Action => "PRIVMSG",
        Kind::Notice => "NOTICE",
    };
    line.command(verb).param(&sent.target);
    if sent.kind == Kind::Action {
        line.trailing(&format!("\u{1}ACTION {text}\u{1}"));
    } else {
        line.trailing(text);
    }
    line.end();
}

/// The lines of a message as a batch (IRCv3 draft/multiline); long ones go on with the concat tag.
fn batch(state: &State, bytes: &mut Vec<u8>, sent: &Sent) {
    let space = room_for_text(state, &sent.target, sent.kind);
    let reference = format!("m{}", sent.own_id.0);
    let mut line = LineWriter::new(bytes);
    tag(state, &mut line, sent);
    line.command("BATCH").param(&format!("+{reference}"));
    line.param("draft/multiline").param(&sent.target).end();
    for text in sent.text.lines() {
        let pieces = match text {
            "" => vec![String::new()],
            text => split_keeping_spaces(text, space),
        };
        for (index, piece) in pieces.into_iter().enumerate() {
            let mut line = LineWriter::new(bytes);
            line.tag("batch", &reference);
            if index > 0 {
                line.tag("draft/multiline-concat", "");
            }
            put(&mut line, sent, &piece);
        }
    }
    let mut line = LineWriter::new(bytes);
    line.command("BATCH").param(&format!("-{reference}")).end();
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
