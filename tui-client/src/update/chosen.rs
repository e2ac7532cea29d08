//! Plain keys while a message is chosen: answer, react, try again, copy, open, go to its parent, take back.
//! It must never take a key that it does not know: that one goes on writing.

use crate::effect::Effect;
use crate::entry::Delivery;
use crate::ids::LineId;
use crate::model::Model;
use crate::model::overlay::{Overlay, Purpose, Question};
use crate::window::Kind;
use crate::{choices, deeds, gestures, reading, sanitise, width};

/// Does what the key says; false if it says nothing here.
pub fn run(model: &mut Model, effects: &mut Vec<Effect>, key: char) -> bool {
    let Some(line) = model.chosen else {
        return false;
    };
    let id = model.current;
    let Some(window) = model.here_mut() else {
        return false;
    };
    let index = window.scrollback.index_of(line);
    let Some(entry) = index.and_then(|index| window.scrollback.get(index)) else {
        model.chosen = None;
        return false;
    };
    let Some(said) = entry.as_said() else {
        return false;
    };
    match key {
        'r' if matches!(said.delivery, Some(Delivery::Failed(_))) => {
            deeds::retry(model, effects, id, line);
            model.chosen = None;
        }
        'r' if said.msgid.is_some() => {
            window.reply_to = Some(line);
            window.anchor = None;
            model.chosen = None;
        }
        'r' => {
            let nick = said.nick.clone();
            call(model, &nick);
        }
        'y' => {
            effects.push(Effect::Copy(entry.rich.text.clone()));
            deeds::toast(model, "Copied");
            model.chosen = None;
        }
        'o' => {
            let address = entry.rich.link().map(str::to_owned);
            match address {
                Some(address) => {
                    deeds::toast(model, format!("Opening {address}"));
                    effects.push(Effect::Open(address));
                    model.chosen = None;
                }
                None => deeds::toast(model, "There is no link in it"),
            }
        }
        '+' => {
            let chosen = gestures::chosen(model).and_then(|entry| entry.as_said());
            match chosen.and_then(|said| gestures::why_no_reaction(model, said)) {
                Some(why) => deeds::toast(model, why),
                None => {
                    model.overlay = Some(Overlay::Picker(choices::open(model, Purpose::React)));
                }
            }
        }
        'p' => parent(model),
        'd' if matches!(said.delivery, Some(Delivery::Failed(_))) => {
            gestures::let_go(model, effects, line);
        }
        'd' => take_back(model, line),
        _ => return false,
    }
    true
}

/// Answers somebody by name, where the server gives messages no ids that an answer could carry.
fn call(model: &mut Model, nick: &str) {
    model.chosen = None;
    if let Some(window) = model.here_mut() {
        if window.input.is_empty() && window.kind == Kind::Room {
            window.input.insert(&format!("{nick}: "));
        }
        window.anchor = None;
    }
    deeds::toast(
        model,
        "Messages have no ids here: an answer names whom it is for",
    );
}

/// Goes to the message that the chosen one answers.
fn parent(model: &mut Model) {
    let Some(window) = model.here() else { return };
    let said = gestures::chosen(model).and_then(|entry| entry.as_said());
    let msgid = said.and_then(|said| said.reply_to.as_deref());
    let Some(msgid) = msgid else {
        return deeds::toast(model, "This message answers none");
    };
    match window.scrollback.by_msgid(msgid).map(|entry| entry.id) {
        Some(line) => {
            model.chosen = Some(line);
            reading::show(model, line);
        }
        None => deeds::toast(
            model,
            "What it answers is further up; scroll there to load it",
        ),
    }
}

/// Asks before a message is taken back.
fn take_back(model: &mut Model, line: LineId) {
    let Some(entry) = gestures::chosen(model) else {
        return;
    };
    if !model.network().facts.has_redaction {
        return deeds::toast(model, "This server takes no message back");
    }
    let is_allowed = entry
        .as_said()
        .is_some_and(|said| gestures::may_take_back(model, said));
    if !is_allowed {
        let is_nameless = entry.as_said().is_some_and(|said| said.msgid.is_none());
        let why = if is_nameless {
            "The server gave this message no id, so nobody can be told to take it back"
        } else {
            "Only your own messages can be taken back"
        };
        return deeds::toast(model, why);
    }
    let text = sanitise::line(&entry.rich.text);
    let text = width::truncated(&text, 24).into_owned();
    model.overlay = Some(Overlay::Question(Question::TakeBack { line, text }));
}
