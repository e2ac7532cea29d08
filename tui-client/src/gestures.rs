//! What is done to messages that stand there: a reaction put or taken back, a message taken back.
//! It must never change what is shown by itself where the server tells what came of it.

use crate::deeds;
use crate::effect::Effect;
use crate::entry::{Entry, Said};
use crate::ids::LineId;
use crate::model::Model;
use crate::name;
use crate::session::command::Command;
use crate::window::{Kind, Window};

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

/// Whether a reaction to this message reaches anybody; else why not.
pub fn may_react(model: &Model, said: &Said) -> Result<(), &'static str> {
    match said.msgid {
        _ if !model.network().facts.has_tags => Err("Reactions reach nobody on this server"),
        None => Err("The server gave this message no id to react to"),
        Some(_) => Ok(()),
    }
}

/// Answers a message of the open window: by its id, where the server carries that, and by its nick in the words, which
/// every program understands.
pub fn answer(model: &mut Model, line: LineId) {
    let has_tags = model.network().facts.has_tags;
    let wants_name = !model.habits.omits_reply_names;
    model.chosen = None;
    let Some(window) = model.here_mut() else {
        return;
    };
    let index = window.scrollback.index_of(line);
    let said = index.and_then(|index| window.scrollback.get(index)?.as_said());
    let Some(said) = said else { return };
    let has_id = has_tags && said.msgid.is_some();
    let is_other = window.kind == Kind::Room && !said.is_own;
    let name = (is_other && (wants_name || !has_id)).then(|| reply_name(&said.nick));
    if !has_id && name.is_none() {
        return deeds::toast(model, "This server cannot tell which message is answered");
    }
    window.reply_to = has_id.then_some(line);
    window.anchor = None;
    if let Some(name) = name.filter(|name| !window.input.text().starts_with(name)) {
        let text = format!("{name}{}", window.input.text());
        window.input.replace(&text);
    }
    if !has_id {
        let text = "Messages have no ids here: an answer names whom it is for";
        deeds::toast(model, text);
    }
}

/// Whether a message can be answered: by its id, or by its nick in the words.
pub fn may_answer(model: &Model, said: &Said) -> bool {
    let has_id = model.network().facts.has_tags && said.msgid.is_some();
    let is_room = model.here().is_some_and(|window| window.kind == Kind::Room);
    has_id || (is_room && !said.is_own)
}

/// What stands before an answer for those who see no replies.
pub fn reply_name(nick: &str) -> String {
    format!("{nick}: ")
}

/// Answers nothing any more; the name that was put before the answer goes if nothing was written behind it.
pub fn answer_nothing(window: &mut Window) {
    let answered = window.reply_to.take().and_then(|line| {
        let index = window.scrollback.index_of(line)?;
        Some(reply_name(&window.scrollback.get(index)?.as_said()?.nick))
    });
    if answered.is_some_and(|name| window.input.text() == name) {
        window.input.replace("");
    }
}

/// Opens a link.
pub fn open(model: &mut Model, effects: &mut Vec<Effect>, address: &str) {
    deeds::toast(model, format!("Opening {address}"));
    effects.push(Effect::Open(address.to_owned()));
    model.chosen = None;
}

/// Puts a reaction to a message of the open window; takes it back if it is there from us.
pub fn react(model: &mut Model, effects: &mut Vec<Effect>, line: LineId, reaction: &str) {
    let Some(window) = model.here() else { return };
    let index = window.scrollback.index_of(line);
    let said = index.and_then(|index| window.scrollback.get(index)?.as_said());
    let Some(said) = said else { return };
    if let Err(why) = may_react(model, said) {
        return deeds::toast(model, why);
    }
    let Some(msgid) = said.msgid.clone() else {
        return;
    };
    let is_given = !has_given(model, said, reaction);
    let command = Command::React {
        target: window.name.clone(),
        msgid,
        reaction: reaction.to_owned(),
        is_given,
    };
    effects.push(Effect::Send(window.network, command));
}

/// Whether a message may be taken back by us, our own, and in rooms where we are operator, any; else why not.
pub fn may_take_back(model: &Model, said: &Said) -> Result<(), &'static str> {
    let is_operator = model.here().is_some_and(|window| {
        let own = window.roster.get(&model.network().nick);
        own.is_some_and(|member| member.prefixes.contains(['~', '&', '@']))
    });
    match said.msgid {
        _ if !model.network().facts.has_redaction => Err("This server takes no message back"),
        _ if !said.is_own && !is_operator => Err("Only your own messages can be taken back"),
        None => Err("The server gave this message no id to take it back by"),
        Some(_) => Ok(()),
    }
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
