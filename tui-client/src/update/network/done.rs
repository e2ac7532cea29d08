//! What is done to messages: reactions, and taking them back; also to those that are not loaded yet.
//! It must never lose what history tells of a message before the message itself comes.

use crate::deeds;
use crate::entry::{Entry, Tone};
use crate::ids::NetworkId;
use crate::model::Model;
use crate::sanitise;
use crate::window::{Deed, Early, Window};

/// How many different reactions one message shows.
const REACTIONS_MAX: usize = 20;
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
    take(model, on, target, (msgid, by, Deed::TakenBack(reason)));
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

/// Does it; gives it back if the message is not here.
fn apply(window: &mut Window, early: Early) -> Option<Early> {
    let Some(entry) = window.scrollback.by_msgid_mut(&early.msgid) else {
        return Some(early);
    };
    let nick = early.nick;
    match early.deed {
        Deed::Reacted(reaction) => {
            let said = entry.as_said_mut()?;
            let is_known = said.reactions.contains_key(&reaction);
            if is_known || said.reactions.len() < REACTIONS_MAX {
                let givers = said.reactions.entry(reaction).or_default();
                if !givers.contains(&nick) {
                    givers.push(nick);
                }
            }
        }
        Deed::Unreacted(reaction) => {
            let said = entry.as_said_mut()?;
            if let Some(givers) = said.reactions.get_mut(&reaction) {
                givers.retain(|giver| *giver != nick);
                if givers.is_empty() {
                    said.reactions.remove(&reaction);
                }
            }
        }
        Deed::TakenBack(reason) => {
            let text = deeds::taken_back(&nick, &reason);
            let version = entry.version + 1;
            *entry = Entry {
                version,
                ..Entry::note(entry.id, entry.at, Tone::Aside, &text)
            };
        }
    }
    None
}
