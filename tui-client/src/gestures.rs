//! What is done to messages that stand there: a reaction put or taken back, a message taken back.
//! It must never change what is shown by itself where the server tells what came of it.

use crate::deeds;
use crate::effect::Effect;
use crate::entry::{Entry, Said};
use crate::ids::LineId;
use crate::model::Model;
use crate::name;
use crate::session::command::Command;

/// The chosen message, if it is still there.
pub fn chosen(model: &Model) -> Option<&Entry> {
    let scrollback = &model.here()?.scrollback;
    scrollback.get(scrollback.index_of(model.chosen?)?)
}

/// Whether we put this reaction to the message.
fn has_given(model: &Model, said: &Said, reaction: &str) -> bool {
    let nick = &model.network().nick;
    said.reactions
        .is_from(reaction, |giver| name::is_same(giver, nick))
}

/// Why nobody would see a reaction to this message.
pub fn why_no_reaction(model: &Model, said: &Said) -> Option<&'static str> {
    match said.msgid {
        None => Some("The server gave this message no id to react to"),
        Some(_) if !model.network().facts.has_tags => Some("Reactions reach nobody on this server"),
        Some(_) => None,
    }
}

/// Puts a reaction to a message of the open window; takes it back if it is there from us.
pub fn react(model: &mut Model, effects: &mut Vec<Effect>, line: LineId, reaction: &str) {
    let Some(window) = model.here() else { return };
    let index = window.scrollback.index_of(line);
    let said = index.and_then(|index| window.scrollback.get(index)?.as_said());
    let Some(said) = said else { return };
    if let Some(why) = why_no_reaction(model, said) {
        return deeds::toast(model, why);
    }
    let msgid = said.msgid.clone().unwrap_or_default();
    let is_given = !has_given(model, said, reaction);
    let command = Command::React {
        target: window.name.clone(),
        msgid,
        reaction: reaction.to_owned(),
        is_given,
    };
    effects.push(Effect::Send(window.network, command));
}

/// Whether a message may be taken back by us: our own, and in rooms where we are operator, any.
pub fn may_take_back(model: &Model, said: &Said) -> bool {
    let is_operator = model.here().is_some_and(|window| {
        let own = window.roster.get(&model.network().nick);
        own.is_some_and(|member| member.prefixes.contains(['~', '&', '@']))
    });
    said.msgid.is_some() && (said.is_own || is_operator)
}

/// Forgets a message of the open window that failed.
pub fn let_go(model: &mut Model, effects: &mut Vec<Effect>, line: LineId) {
    model.chosen = None;
    let Some(window) = model.here_mut() else {
        return;
    };
    let index = window.scrollback.index_of(line);
    let said = index.and_then(|index| window.scrollback.get(index)?.as_said());
    if let Some(own_id) = said.and_then(|said| said.own_id) {
        // It was never said, so nothing of it stays.
        drop(window.scrollback.take_waiting(own_id));
        effects.push(Effect::Send(window.network, Command::LetGo { own_id }));
    }
}

/// Takes a message of the open window back; the server tells everybody, us too.
pub fn take_back(model: &mut Model, effects: &mut Vec<Effect>, line: LineId) {
    let Some(window) = model.here() else { return };
    let index = window.scrollback.index_of(line);
    let said = index.and_then(|index| window.scrollback.get(index)?.as_said());
    if let Some(msgid) = said.and_then(|said| said.msgid.clone()) {
        let target = window.name.clone();
        let command = Command::Redact { target, msgid };
        effects.push(Effect::Send(window.network, command));
    }
    model.chosen = None;
}
