//! What is done to messages: reactions, and taking them back; also to those that are not loaded yet.
//! It must never lose what history tells of a message before the message itself comes.

use crate::deeds;
use crate::entry::{Entry, Quote, Tone};
use crate::ids::NetworkId;
use crate::model::Model;
use crate::sanitise;
use crate::session::event::Message;
use crate::update::network::searched;
use crate::window::{Deed, Early, Window};

/// Characters of a reaction that are shown.
const REACTION_CHARS_MAX: usize = 16;

/// Somebody put a reaction to a message, or took it back.
pub fn reacted(
    model: &mut Model,
    on: NetworkId,
    (target, msgid): (&str, &str),
    nick: &str,
    reaction: &str,
    is_given: bool,
) {
    let reaction = sanitise::line(reaction);
    let reaction = reaction.chars().take(REACTION_CHARS_MAX).collect();
    let deed = if is_given {
        Deed::Reacted(reaction)
    } else {
        Deed::Unreacted(reaction)
    };
    take(model, on, target, (msgid, nick, deed));
}

/// A message was taken back.
pub fn redacted(model: &mut Model, on: NetworkId, target: &str, msgid: &str, why: (&str, &str)) {
    let (by, reason) = why;
    let reason = reason.to_owned();
    forget(model, on, target, msgid);
    take(model, on, target, (msgid, by, Deed::TakenBack(reason)));
    if let Some(search) = &mut model.search {
        let is_other = |(from, message): &(NetworkId, Message)| {
            *from != on || message.msgid.as_deref() != Some(msgid)
        };
        search.found.retain(is_other);
        search.kept.retain(is_other);
    }
    searched::refill(model);
}

fn take(model: &mut Model, on: NetworkId, target: &str, done: (&str, &str, Deed)) {
    let (msgid, nick, deed) = done;
    let early = Early {
        msgid: msgid.to_owned(),
        nick: nick.to_owned(),
        deed,
    };
    let Some(window) = model.named_mut(on, target) else {
        return;
    };
    // A page before told already that it was taken back later.
    if let Deed::Reacted(reaction) = &early.deed {
        let later = Early {
            deed: Deed::Unreacted(reaction.clone()),
            ..early.clone()
        };
        if let Some(place) = window.early.iter().position(|known| *known == later) {
            window.early.remove(place);
            return;
        }
    }
    if let Some(early) = apply(window, early) {
        window.remember_early(early);
    }
}

/// Older messages came: what was heard of them before is done to them now.
pub fn catch_up(model: &mut Model, on: NetworkId, target: &str) {
    if let Some(window) = model.named_mut(on, target) {
        for early in std::mem::take(&mut window.early) {
            // What was put before it was taken back comes only after the message.
            let is_waiting = matches!(early.deed, Deed::Unreacted(_));
            let left = if is_waiting {
                Some(early)
            } else {
                apply(window, early)
            };
            window.early.extend(left);
        }
    }
}

/// The answers to a message that was taken back no longer say what it said.
pub fn unquote(window: &mut Window, msgid: &str) {
    for answer in window.scrollback.answers_to(msgid) {
        answer.reply = Some(Quote::taken_back());
    }
}

/// Forgets the words of a message that was taken back wherever they stand beside it: what we wrote, what was found,
/// what is being done to it.
fn forget(model: &mut Model, on: NetworkId, target: &str, msgid: &str) {
    let Some(window) = model.named_mut(on, target) else {
        return;
    };
    unquote(window, msgid);
    let entry = window.scrollback.by_msgid(msgid);
    let found = entry.and_then(|entry| Some((entry.id, entry.as_said()?)));
    let Some((line, said)) = found else { return };
    let own = said.is_own.then(|| said.raw.clone());
    window.reply_to = window.reply_to.filter(|answered| *answered != line);
    if model.chosen == Some(line) {
        model.chosen = None;
        model.overlay = None;
    }
    if let Some(own) = own {
        // A command may have said it from another window.
        for window in model.windows_of(on) {
            window.recall.forget(&own);
        }
    }
}

/// Does it; gives it back if the message is not here.
fn apply(window: &mut Window, early: Early) -> Option<Early> {
    let Some(entry) = window.scrollback.by_msgid_mut(&early.msgid) else {
        return Some(early);
    };
    let nick = early.nick;
    match early.deed {
        Deed::Reacted(reaction) => {
            entry.as_said_mut()?.reactions.give(reaction, nick);
        }
        Deed::Unreacted(reaction) => {
            entry.as_said_mut()?.reactions.take(&reaction, &nick);
        }
        Deed::TakenBack(reason) => {
            let text = deeds::taken_back(&nick, &reason);
            let version = entry.version + 1;
            *entry = Entry {
                version,
                ..Entry::note(entry.id, entry.at, Tone::Aside, &text)
            };
            unquote(window, &early.msgid);
        }
    }
    None
}
