//! Who is a program and says so, as tags and answers tell: each is told of once.
//! It must never take the word of a text for it.

use crate::session::event::Event;
use crate::session::state::{Line, State};

/// So many are remembered; more than any network has in the rooms of one person.
const BOTS_MAX: usize = 1000;
/// The tags by which servers mark what a program says.
const TAGS: [&str; 3] = ["bot", "draft/bot", "inspircd.org/bot"];

/// A message came; its tags may say that a program wrote it.
pub(crate) fn hear(state: &mut State, line: &Line<'_>) {
    let mut tags = TAGS.iter();
    if tags.any(|tag| line.msg.tags.value_of(tag).is_some()) {
        seen(state, line.nick());
    }
}

/// This is a program.
pub(crate) fn seen(state: &mut State, nick: &str) {
    let folded = state.rules.fold(nick);
    if state.bots.len() < BOTS_MAX && state.bots.insert(folded) {
        state.emit(Event::BotSeen(nick.to_owned()));
    }
}

/// `335 <me> <nick> :is a bot`
pub(crate) fn whois(state: &mut State, line: &Line<'_>) {
    seen(state, line.param(1));
    crate::session::answers::whois_bot(state, line);
}

/// Somebody has another nick.
pub(crate) fn renamed(state: &mut State, from: &str, to: &str) {
    let from = state.rules.fold(from);
    if state.bots.remove(&from) {
        let to = state.rules.fold(to);
        state.bots.insert(to);
    }
}

/// Who has this nick next may be somebody else.
pub(crate) fn gone(state: &mut State, nick: &str) {
    let folded = state.rules.fold(nick);
    state.bots.remove(&folded);
}
