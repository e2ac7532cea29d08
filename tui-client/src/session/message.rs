//! What people say: PRIVMSG and NOTICE with everything they can carry, and the answer to an own message.
//! It must never take the word of a text for who speaks: only the source of the line counts.

use crate::discreet;
use crate::session::bots;
use crate::session::ctcp;
use crate::session::event::{Event, Kind, Message, OwnId, Severity};
use crate::session::pending::Sent;
use crate::session::regain;
use crate::session::state::{Line, Phase, State};

/// The client tag that carries our own id of a message, also through history.
pub(crate) const ID_TAG: &str = "+parlor.chat/id";

/// `:nick PRIVMSG <target> :<text>`
pub(crate) fn privmsg(state: &mut State, line: &Line<'_>) {
    said(state, line, Kind::Say);
}

/// `:nick NOTICE <target> :<text>`
pub(crate) fn notice(state: &mut State, line: &Line<'_>) {
    let is_server = line.msg.source.is_none_or(|source| {
        let is_bare = source.user.is_none() && source.host.is_none();
        is_bare && (source.name == state.server || source.name.contains('.'))
    });
    if is_server || matches!(state.phase, Phase::Greeting | Phase::Welcomed) {
        let window = state.room_window(line.param(0));
        let text = line.last().to_owned();
        return state.notice(Severity::Info, window, text, line.at);
    }
    if !regain::answered(state, line) {
        said(state, line, Kind::Notice);
    }
}

fn said(state: &mut State, line: &Line<'_>, mut kind: Kind) {
    let mut text = line.param(1);
    if let Some(inner) = text.strip_prefix('\u{1}') {
        let inner = inner.strip_suffix('\u{1}').unwrap_or(inner);
        let (verb, rest) = inner.split_once(' ').unwrap_or((inner, ""));
        if kind != Kind::Say || !verb.eq_ignore_ascii_case("ACTION") {
            return ctcp::heard(state, line, kind, (verb, rest));
        }
        kind = Kind::Action;
        text = rest;
    }
    let Some(message) = read(state, line, kind, text) else {
        return;
    };
    let folded = state.rules.fold(&message.target);
    state.rooms.hear(&folded, message.at);
    if !state.rules.is_room(&message.target) {
        state.watchlist.meet(folded);
    }
    state.emit(Event::Message(message));
}

/// The line as a message; `None` if it is no message that a window could show.
fn read(state: &mut State, line: &Line<'_>, kind: Kind, text: &str) -> Option<Message> {
    let source = line.nick();
    if source.is_empty() || line.param(0).is_empty() {
        return None;
    }
    if !state.pending.is_in_batch {
        bots::hear(state, line);
    }
    let is_own = is_own(state, line, text);
    let target = window_for(state, line, is_own);
    let own_id = if is_own {
        settle(state, line, &target, kind, text)
    } else {
        None
    };
    // What is no longer secret here would be on the screen and in the store.
    let shown = discreet::masked(&target, text).filter(|_| is_own);
    if shown.is_some() && own_id.is_none() && state.login.is_awaited_until.is_some() {
        // Nobody wrote it: it is how we log in.
        return None;
    }
    if is_own && own_id.is_none() && regain::is_ours(state, &target, text) {
        return None;
    }
    let whole = line.param(0);
    let ranks = whole.len() - state.rules.without_status(whole).len();
    // Who answers must know that not everybody in the room heard it.
    let ranks = whole.get(..ranks).filter(|ranks| !ranks.is_empty());
    let shown = shown.or_else(|| ranks.map(|ranks| format!("[{ranks}] {text}")));
    Some(Message {
        target,
        source: source.to_owned(),
        kind,
        text: shown.unwrap_or_else(|| text.to_owned()),
        at: line.at,
        msgid: line.tag("msgid"),
        reply_to: reply_to(line),
        is_own,
        own_id,
    })
}

/// Whether we said it, perhaps under a nick that we had on an earlier link.
fn is_own(state: &State, line: &Line<'_>, text: &str) -> bool {
    let id = || line.tag(ID_TAG);
    state.is_self(line.nick()) || id().is_some_and(|id| was_ours(state, &id, line.nick(), text))
}

/// Whether we said something of this id under this nick, whatever we are called now.
pub(crate) fn was_ours(state: &State, id: &str, nick: &str, text: &str) -> bool {
    let is_it = |sent: &str| state.rules.same(sent, nick);
    state.pending.is_ours(id, is_it, text)
}

/// The window a line belongs in: the room, or the other person.
pub(crate) fn window_of(state: &State, line: &Line<'_>) -> String {
    window_for(state, line, state.is_self(line.nick()))
}

fn window_for(state: &State, line: &Line<'_>, is_own: bool) -> String {
    let target = state.rules.without_status(line.param(0));
    if state.rules.is_room(target) {
        state.room_name(target)
    } else if is_own {
        target.to_owned()
    } else {
        line.nick().to_owned()
    }
}

/// The message that a line answers.
pub(crate) fn reply_to(line: &Line<'_>) -> Option<String> {
    line.tag("+reply").or_else(|| line.tag("+draft/reply"))
}

/// Finds the message of ours that this is the echo of: by label, by our own id, by its words.
fn settle(
    state: &mut State,
    line: &Line<'_>,
    target: &str,
    kind: Kind,
    text: &str,
) -> Option<OwnId> {
    let by_label = line
        .label
        .as_deref()
        .and_then(|label| state.pending.settle(label));
    let by_id = || line.tag(ID_TAG).and_then(|id| state.pending.settle_id(&id));
    let sent = match by_label.or_else(by_id) {
        Some(sent) => Some(sent),
        // With labels or ids, an echo without ours is another device's.
        None if can_tell(state) => None,
        None => {
            let folded = state.rules.fold(target);
            state.pending.settle_like(&folded, kind, text)
        }
    };
    if let Some(at) = sent.as_ref().and_then(Sent::at) {
        let millis = line.now.saturating_sub(at);
        state.pulse.took(millis, line.now);
        state.emit(Event::LagMeasured(millis));
    }
    own_id(sent)
}

fn can_tell(state: &State) -> bool {
    state.has(protocol::Capability::LabeledResponse)
}

/// A long message is known by its first piece; the others stand for themselves.
fn own_id(sent: Option<Sent>) -> Option<OwnId> {
    sent.filter(|sent| sent.piece == 0).map(|sent| sent.own_id)
}
