//! What waits to be sent, as text that outlives the program: a line for each piece, in the grammar of IRC.
//! It must never give a piece another id than it had, nor send by itself what was written long ago.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{LineWriter, Message};

use crate::discreet;
use crate::session::again;
use crate::session::command::Outgoing;
use crate::session::event::{self, Event, Kind, Millis, OwnId};
use crate::session::failed::Failures;
use crate::session::pending::{Pending, Sent, Stand};
use crate::session::state::State;

/// Our numbers for what an earlier run wrote begin here; those of this run begin at zero.
const EARLIER: u64 = 1 << 63;
/// What is older is shown as failed: nobody expects it to be said now.
const AGE_MS_MAX: Millis = 24 * 60 * 60 * 1000;

/// Why a message failed that was sent where nothing is echoed when parlor ended: nobody knows it again.
const UNKNOWN: &str = "parlor ended before it was known whether it was sent; look whether it is there before you try again";

const TOO_OLD: &str = "it has waited for more than a day; try again if it is still to be said";

const VERBS: &[(Kind, &str)] = &[
    (Kind::Say, "SAY"),
    (Kind::Action, "ACTION"),
    (Kind::Notice, "NOTICE"),
];

/// Everything that waits, and what failed, as text. `has_pieces`: the server confirms each piece, so that pieces are to
/// be kept; elsewhere the first one stands for the message, which nobody sends again by itself.
pub(crate) fn written(pending: &Pending, failures: &Failures, has_pieces: bool) -> String {
    let mut bytes = Vec::new();
    let may_be = |target: &str, text: &str| discreet::masked(target, text).is_none();
    let mut shown = BTreeSet::new();
    let pieces = pending.pieces();
    for sent in pieces.filter(|sent| may_be(&sent.target, &sent.text)) {
        let message = failures.as_written(sent.own_id).map(|(message, _)| message);
        if !has_pieces {
            if let Some(message) = message {
                whole(&mut bytes, message, sent.since, (false, Some(UNKNOWN)));
            }
            continue;
        }
        if let Some(message) = message.filter(|message| message.text != sent.text)
            && shown.insert(sent.own_id)
        {
            whole(&mut bytes, message, sent.since, (true, None));
        }
        piece(&mut bytes, sent, None);
    }
    let later = pending.later();
    for (message, since) in later.filter(|(one, _)| may_be(&one.target, &one.text)) {
        whole(&mut bytes, message, *since, (false, None));
    }
    let failures = failures.all();
    for failed in failures.filter(|one| may_be(&one.message.target, &one.message.text)) {
        let reason = Some(failed.reason.as_str());
        let mut pieces = pending.doubted(failed.message.own_id).peekable();
        let first = pieces.peek().map(|first| first.text.as_str());
        if first != Some(&failed.message.text) {
            let is_cut = first.is_some();
            whole(&mut bytes, &failed.message, failed.since, (is_cut, reason));
        }
        for sent in pieces {
            piece(&mut bytes, sent, reason);
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A message as it was written; `is_cut`: only to be shown, because it goes in pieces, which follow.
fn whole(
    bytes: &mut Vec<u8>,
    message: &Outgoing,
    since: Millis,
    (is_cut, failed): (bool, Option<&str>),
) {
    let mut line = LineWriter::new(bytes);
    if is_cut {
        line.tag("cut", "");
    }
    if let Some(reason) = failed {
        line.tag("failed", reason);
    }
    let about = (message.own_id, since, message.kind);
    let reply_to = message.reply_to.as_deref();
    put(&mut line, about, &message.target, &message.text, reply_to);
}

/// A piece as it was cut.
fn piece(bytes: &mut Vec<u8>, sent: &Sent, failed: Option<&str>) {
    let mut line = LineWriter::new(bytes);
    line.tag("id", &sent.id)
        .tag("piece", &sent.piece.to_string())
        .tag("nick", &sent.nick);
    let is_doubtful = sent.is_doubtful || (failed.is_none() && sent.stand != Stand::Held);
    for (is_so, word) in [
        (is_doubtful, "doubtful"),
        (sent.is_batch, "batch"),
        (sent.is_last, "last"),
    ] {
        if is_so {
            line.tag(word, "");
        }
    }
    if let Some(reason) = failed {
        line.tag("failed", reason);
    }
    let about = (sent.own_id, sent.since, sent.kind);
    let reply_to = sent.reply_to.as_deref();
    put(&mut line, about, &sent.target, &sent.text, reply_to);
}

fn put(
    line: &mut LineWriter<'_>,
    (own_id, since, kind): (OwnId, Millis, Kind),
    target: &str,
    text: &str,
    reply_to: Option<&str>,
) {
    line.tag("own", &own_id.0.to_string())
        .tag("since", &since.to_string())
        .tag("text", text);
    if let Some(reply_to) = reply_to {
        line.tag("reply", reply_to);
    }
    let verb = VERBS.iter().find(|(known, _)| *known == kind);
    line.command(verb.map_or("SAY", |(_, verb)| verb));
    line.param(target).end();
}

/// Takes over what an earlier run wrote. What cannot be read is passed over.
pub(crate) fn restore(state: &mut State, text: &str, now: Millis) {
    let mut numbers: BTreeMap<u64, u64> = BTreeMap::new();
    for line in text.lines() {
        let Ok(line) = Message::parse(line) else {
            continue;
        };
        take(state, &line, &mut numbers, now);
    }
    state.pending.is_changed = true;
}

fn take(
    state: &mut State,
    line: &Message<'_>,
    numbers: &mut BTreeMap<u64, u64>,
    now: Millis,
) -> Option<()> {
    let tag = |key: &str| line.tags.value_of(key).map(String::from);
    let (_, verb) = *VERBS.iter().find(|(_, verb)| line.is(verb))?;
    let kind = VERBS.iter().find(|(_, known)| *known == verb)?.0;
    let old: u64 = tag("own")?.parse().ok()?;
    let since: Millis = tag("since")?.parse().ok()?;
    let next = EARLIER + numbers.len() as u64;
    let is_shown = numbers.contains_key(&old);
    let message = Outgoing {
        own_id: OwnId(*numbers.entry(old).or_insert(next)),
        target: line.param(0)?.to_owned(),
        kind,
        text: tag("text")?,
        reply_to: tag("reply"),
    };
    let piece = match tag("piece") {
        Some(piece) => Some(piece.parse::<usize>().ok()?),
        None => None,
    };
    if piece.unwrap_or(0) == 0 && !is_shown {
        wait(state, &message, since);
    }
    let is_old = since + AGE_MS_MAX < now;
    let failed = tag("failed");
    let why = failed.as_deref().or(is_old.then_some(TOO_OLD));
    let Some(piece) = piece else {
        let own_id = message.own_id;
        let is_cut = tag("cut").is_some();
        if let Some(why) = why {
            state.refused(own_id, 0, why, now);
        } else if !is_cut && !state.pending.push_later(message, since) {
            state.refused(own_id, 0, TOO_OLD, now);
        }
        return Some(());
    };
    let Outgoing {
        own_id,
        target,
        text,
        reply_to,
        ..
    } = message;
    let sent = Sent {
        own_id,
        piece,
        id: tag("id")?,
        folded: state.rules.fold(state.rules.without_status(&target)),
        target,
        kind,
        text,
        reply_to,
        is_batch: tag("batch").is_some(),
        is_last: tag("last").is_some(),
        since,
        nick: tag("nick").unwrap_or_default(),
        is_doubtful: tag("doubtful").is_some(),
        is_awaiting: false,
        stand: Stand::Held,
    };
    if why.is_some() && (is_shown || sent.piece > 0) {
        // Of the message as a whole it was told.
        state.pending.doubt(sent);
    } else if let Some(why) = why {
        again::refuse(state, sent, why, now);
    } else if !state.pending.has_space(1) {
        again::refuse(state, sent, TOO_OLD, now);
    } else {
        state.pending.push(sent);
    }
    Some(())
}

/// The screen hears of it, and a failure will know it.
fn wait(state: &mut State, message: &Outgoing, since: Millis) {
    state.failures.begin(message, since);
    state.emit(Event::Waiting(event::Message {
        target: message.target.clone(),
        source: state.nick.clone(),
        kind: message.kind,
        text: message.text.clone(),
        at: since,
        msgid: None,
        reply_to: message.reply_to.clone(),
        is_own: true,
        own_id: Some(message.own_id),
    }));
}
